"""Programme ties of the sample: homes in Hanoi and Ho Chi Minh City, provinces of both orders."""

from pathlib import Path

import numpy as np
import pytest

from data.importers.programmes import parse_programmes
from data.records import Place, Programme
from data.reference.provinces import resolve_province
from matcher.market import build_market, tied_provinces
from matcher.programme_ties import OTHER_FIELD, covers, programme_ties
from matcher.reason_words import programme_tie
from tests.support.markets import CA_MAU, THANH_HOA, call, investor

HCMC = Place("79", "Hồ Chí Minh")
SAMPLE = Path(__file__).parents[3] / "data" / "sample" / "programmes.json"


@pytest.fixture(scope="module")
def programmes() -> list[Programme]:
    found = parse_programmes(SAMPLE, SAMPLE.read_bytes()).records
    assert len(found) == 5
    return [one for one in found if isinstance(one, Programme)]


def code(name: str) -> str:
    match = resolve_province(name)
    assert match is not None
    return match.code


def tied(programmes: list[Programme], home: str) -> set[str]:
    return {each for one in programmes for each in tied_provinces(one, code(home))}


def test_ho_chi_minh_city_is_tied_to_all_its_partners_of_today(programmes: list[Programme]) -> None:
    wanted = ("Thanh Hóa", "Bắc Kạn", "Thừa Thiên Huế", "Kon Tum", "Cần Thơ", "Bạc Liêu")
    ties = tied(programmes, "TP Hồ Chí Minh")
    assert {code(name) for name in wanted} <= ties
    assert code("Quảng Ninh") not in ties
    assert code("TP Hồ Chí Minh") not in ties


def test_hanoi_is_tied_to_thanh_hoa_alone(programmes: list[Programme]) -> None:
    assert tied(programmes, "Hà Nội") == {code("Thanh Hóa")}


def test_three_provinces_are_tied_among_themselves_and_to_the_cities(
    programmes: list[Programme],
) -> None:
    nghe_an = tied(programmes, "Nghệ An")
    assert {code("Thanh Hóa"), code("Hà Tĩnh"), code("TP Hồ Chí Minh")} == nghe_an


@pytest.mark.parametrize(
    ("home", "expected"), [("TP.HCM", True), ("Ha Noi", True), ("Bình Dương", True), ("Huế", False)]
)
def test_the_feature_reads_homes_as_they_are_written(
    programmes: list[Programme], home: str, expected: bool
) -> None:
    match = resolve_province(home)
    assert match is not None
    place = Place(match.code, match.name, match.old_name or "", home)
    market = build_market(
        investors=[investor("v1", "A", home_province=place), investor("v2", "B")],
        calls=[call("c1", "Cảng Nghi Sơn")],
        deals=[],
        programmes=programmes,
    )
    column = market.province_names.index(code("Thanh Hóa"))
    # Bình Dương is part of the city since July 2025 and has its programmes.
    assert market.programme_tie[:, column].tolist() == [expected, False]


def test_the_field_counts_beside_the_province() -> None:
    tourism = Programme("p", "P", (HCMC,), (THANH_HOA,), ("du lịch",), ("tourism",))
    market = build_market(
        investors=[investor("v1", "A", home_province=HCMC), investor("v2", "B")],
        calls=[
            call("c1", "Khu nghỉ dưỡng", "tourism"),
            call("c2", "Điện gió", "energy"),
            call("c3", "Nhà máy", sectors=()),
            call("c4", "Khu nghỉ dưỡng", "tourism", place=CA_MAU),
        ],
        deals=[],
        programmes=[tourism],
    )
    ties = programme_ties(market, np.arange(4))
    assert ties[:, 0].tolist() == [1.0, OTHER_FIELD, 1.0, 0.0]
    assert not ties[:, 1].any()


def test_investment_at_large_covers_every_field() -> None:
    at_large = Programme("p", "P", (HCMC,), (THANH_HOA,), ("xúc tiến đầu tư",), ("tourism",))
    assert covers(at_large, call("c", "Điện gió", "energy"))


def test_the_reason_names_the_field_in_common() -> None:
    tourism = Programme("p", "P", (HCMC,), (THANH_HOA,), ("du lịch",), ("tourism",))
    party = investor("v1", "A", home_province=HCMC)
    vi, en = programme_tie(call("c1", "Khu nghỉ dưỡng", "tourism"), party, tourism)
    assert vi == "Có chương trình hợp tác giữa Hồ Chí Minh và Thanh Hóa, gồm Du lịch"
    assert en == "Hồ Chí Minh and Thanh Hóa have a cooperation programme, Tourism too"
    vi, en = programme_tie(call("c2", "Điện gió", "energy"), party, tourism)
    assert en == "Hồ Chí Minh and Thanh Hóa have a cooperation programme"
