import pytest

from data.identity.names import parse_name
from data.identity.sounds import romanise, skeleton, spelt_letters


@pytest.mark.parametrize(
    ("text", "core"),
    [
        ("Công ty CP Tập đoàn FLC", ("flc",)),
        ("FLC Group", ("flc",)),
        ("Công ty TNHH MTV Trường Tuấn", ("truong", "tuan")),
        ("Doosan Co., Ltd.", ("doosan",)),
        ("㈜두산", ("doosan",)),
        ("三星电子", ("samsung",)),
        ("J.W Co., Ltd", ("jw",)),
        ("CP Vietnam", ("cp",)),
        ("The Vissai", ("vissai",)),
    ],
)
def test_core_is_what_tells_a_company_apart(text: str, core: tuple[str, ...]) -> None:
    assert parse_name(text).core == core


def test_fields_places_and_numbers_are_apart_from_the_core() -> None:
    name = parse_name("Công ty CP Điện gió Trường Khanh 2 Bạc Liêu Việt Nam")
    assert name.core == ("truong", "khanh")
    assert name.fields == {"wind"}
    assert name.countries == {"vietnam"}
    assert name.places == {"95"}
    assert name.numbers == {"2"}
    assert name.forms == {"jsc"}
    assert parse_name("Samsung Display Vietnam").fields == {"display"}


def test_partners_of_a_venture_are_parties_of_their_own() -> None:
    name = parse_name("Liên danh T&T - Phương Trang")
    assert [partner.core for partner in name.partners] == [("t&t",), ("phuong", "trang")]
    assert parse_name("Công ty CP Hoa Lư - Huế").partners == ()
    assert len(parse_name("BRG Group / Sumitomo Corporation").partners) == 2


def test_brackets_hold_names_of_their_own() -> None:
    name = parse_name("Ingrasys (Foxconn)")
    assert name.core == ("ingrasys",)
    assert [inner.core for inner in name.inside] == [("foxconn",)]


@pytest.mark.parametrize(
    ("one", "other"),
    [("포스코", "posco"), ("빙그레", "binggrae"), ("テルモ", "terumo"), ("フジキン", "fujikin")],
)
def test_other_scripts_are_read_aloud(one: str, other: str) -> None:
    assert skeleton(romanise(one)) == skeleton(other)


def test_spelt_letters_are_read_as_letters() -> None:
    assert spelt_letters("엘지") == "lg"
    assert spelt_letters("삼성") == ""


def test_a_common_name_is_weak() -> None:
    assert parse_name("Minh Anh").weak
    assert parse_name("Central Company").weak
    assert not parse_name("Goertek").weak
    assert not parse_name("Hoàng Anh Long Phú").weak
