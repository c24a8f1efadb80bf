"""Provinces: every spelling leads to one of the 34 units."""

import unicodedata

import pytest

from data.reference.provinces import (
    aliases,
    former_names,
    former_provinces,
    nearest,
    neighbours,
    provinces,
    resolve_province,
    resolve_provinces,
)
from data.reference.regions import regions, resolve_region
from data.reference.spelling import compact

SPELLINGS = {
    "46": "Thua Thien-Hue|Thừa Thiên Huế|TT. Huế|TT-Huế|Huế|TP Huế|THUA THIEN HUE",
    "79": "TP. Hồ Chí Minh|TPHCM|HCM City|Sài Gòn|Saigon|호치민|胡志明市|ホーチミン市|TP.HCM"
    "|Bà Rịa – Vũng Tàu|BR-VT|Ba Ria Vung Tau",
    "38": "Thanh Hóa|Thanh Hoá|tỉnh Thanh|THANH HOA|tinh thanh hoa|Thanh Hoa province|清化"
    "|Province of Thanh Hoa|Tỉnh Thanh Hóa.|タインホア",
    "66": "Đắk Lắk|Đăk Lăk|Dak Lak|Đắc Lắk|Daklak|Phú Yên",
    "01": "Ha Noi|Hanoi, Vietnam|하노이|河内|ハノイ|Thủ đô Hà Nội",
    "48": "다낭|Da Nang City|Quảng Nam|Quảng Nam - Đà Nẵng",
    "37": "Hà Nam (nay Ninh Bình)|Hà Nam|tỉnh Hà Nam cũ",
}


@pytest.mark.parametrize(
    ("text", "code"), [(text, code) for code, row in SPELLINGS.items() for text in row.split("|")]
)
def test_resolve_province_any_spelling(text: str, code: str) -> None:
    for form in ("NFC", "NFD"):
        match = resolve_province(unicodedata.normalize(form, text))
        assert match is not None
        assert match.code == code
        assert match.doubts == ()


def test_resolve_province_keeps_old_and_new() -> None:
    match = resolve_province("Hà Nam (nay Ninh Bình)")
    assert match is not None
    assert (match.name, match.old_name) == ("Ninh Bình", "Hà Nam")


@pytest.mark.parametrize("text", ["Bình Thuận (Lâm Đồng)", "Lâm Đồng (Bình Thuận cũ)"])
def test_resolve_province_reads_brackets_either_way(text: str) -> None:
    match = resolve_province(text)
    assert match is not None
    assert (match.name, match.old_name, match.doubts) == ("Lâm Đồng", "Bình Thuận", ())


def test_resolve_province_doubts_a_wrong_crosswalk() -> None:
    match = resolve_province("Hà Nam (nay Phú Thọ)")
    assert match is not None
    assert match.code == "37"
    assert [doubt.code for doubt in match.doubts] == ["province.crosswalk"]
    assert match.doubts[0].candidates == ("Ninh Bình", "Phú Thọ")


def test_resolve_province_enlarged_unit_is_ambiguous_but_resolved() -> None:
    match = resolve_province("Gia Lai")
    assert match is not None
    assert (match.code, match.old_name, match.ambiguous) == ("52", None, True)
    assert match.candidates == ("Gia Lai", "Bình Định")


@pytest.mark.parametrize("text", ["", "-", "Atlantis", "Việt Nam", "Hà Nội, Đồng Nai", "toàn quốc"])
def test_resolve_province_unknown_is_none(text: str) -> None:
    assert resolve_province(text) is None


def test_resolve_provinces_lists_all() -> None:
    found = resolve_provinces("Thanh Hoa; Nghe An và Quảng Nam")
    assert [match.code for match in found] == ["38", "40", "48"]
    assert resolve_provinces("Thanh Hóa, Atlantis") == ()


def test_nearest_suggests_the_name_meant() -> None:
    assert nearest("Tanh Hoa")[0] == "Thanh Hóa"
    assert nearest("Nghệ Am")[0] == "Nghệ An"
    assert nearest("xyzxyz") == ()


def test_tables_are_whole() -> None:
    assert len(provinces()) == 34
    assert len(former_provinces()) == 63
    assert {old.code for old in former_provinces().values()} == set(provinces())
    assert sorted(name for code in provinces() for name in former_names(code)) == sorted(
        old.old_name for old in former_provinces().values()
    )


def test_aliases_never_name_two_units_and_cover_five_languages() -> None:
    seen: dict[str, set[str]] = {}
    for alias in aliases():
        seen.setdefault(compact(alias.text), set()).add(alias.code)
    assert {key: codes for key, codes in seen.items() if len(codes) > 1} == {}
    for lang in ("vi", "ko", "ja", "zh"):
        assert {alias.old_code for alias in aliases() if alias.lang == lang} >= set(
            former_provinces()
        )


def test_neighbours_are_mutual_and_known() -> None:
    assert neighbours("38") == {"14", "25", "37", "40"}
    for code in provinces():
        assert neighbours(code)
        assert all(code in neighbours(other) for other in neighbours(code))


def test_regions_partition_the_units() -> None:
    current = [code for r in regions().values() if r.kind == "current" for code in r.provinces]
    assert sorted(current) == sorted(provinces())
    assert set(regions()["nationwide"].provinces) == set(provinces())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ĐBSCL", "mekong"),
        ("Mekong Delta", "mekong"),
        ("vùng Bắc Trung Bộ", "north-central"),
        ("Tây Nguyên", "central-highlands"),
        ("các tỉnh phía Bắc", "north"),
    ],
)
def test_resolve_region_any_name(text: str, code: str) -> None:
    region = resolve_region(text)
    assert region is not None
    assert region.code == code


def test_resolve_region_unknown_is_none() -> None:
    assert resolve_region("Thanh Hóa") is None
