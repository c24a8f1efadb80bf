from dataclasses import replace

import pytest

from data.records import Place, ProjectCall
from matcher.named_places import Gazetteer, without_places
from tests.support.markets import NGHE_AN, call

CALLS: tuple[ProjectCall, ...] = (
    replace(call("c1", "Nhà máy"), location="KCN Lam Sơn - Sao Vàng, Khu kinh tế Nghi Sơn"),
    replace(call("c2", "Factory", place=NGHE_AN), location="Dien Chau district"),
    replace(call("c3", "Khu đô thị", place=NGHE_AN), location="xã An Bình"),
    replace(call("c4", "Nhà máy", place=Place("42", "Hà Tĩnh")), location=""),
)


def held(text: str) -> dict[str, list[float]]:
    gazetteer = Gazetteer(CALLS)
    return {
        text[place.start : place.end]: [gazetteer.holds(place, row) for row in range(len(CALLS))]
        for place in gazetteer.find(text)
    }


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("nhà máy ở KCN Lam Sơn – Sao Vàng", "Lam Sơn – Sao Vàng"),
        ("nha may trong kkt nghi son", "nghi son"),
        ("plant in Nghi Son economic zone", "Nghi Son"),
    ],
)
def test_parks_of_the_calls_are_found_however_written(text: str, name: str) -> None:
    assert held(text) == {name: [1.0, 0.0, 0.0, 0.0]}


def test_district_of_a_call_is_found() -> None:
    assert held("đất ở huyện Diễn Châu") == {"Diễn Châu": [0.0, 1.0, 0.0, 0.0]}


def test_park_without_a_call_tells_its_province() -> None:
    assert held("KKT Vũng Áng") == {"Vũng Áng": [0.0, 0.0, 0.0, 0.5]}


def test_plain_words_are_no_places() -> None:
    assert held("cuộc sống an bình") == {}
    assert held("ở xã An Bình") == {"An Bình": [0.0, 0.0, 1.0, 0.0]}


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("nhà máy ở KKT Nghi Sơn, Thanh Hóa", "nhà máy ở , Thanh Hóa"),
        ("plant in Nghi Son economic zone", "plant in"),
    ],
)
def test_places_are_blanked_with_the_words_that_say_what_they_are(text: str, left: str) -> None:
    blanked = without_places(text, Gazetteer(CALLS).find(text))
    assert len(blanked) == len(text)
    assert " ".join(blanked.split()) == left
