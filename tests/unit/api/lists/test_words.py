import pytest

from api.lists import words
from data.records import Interval, Place
from matcher.types import Band
from tests.support.markets import call, land, money


@pytest.mark.parametrize(
    ("value", "vi", "en"),
    [
        (36523.5, "36.523,5", "36,523.5"),
        (0.5, "0,5", "0.5"),
        (1_000_000, "1.000.000", "1,000,000"),
        (0, "0", "0"),
        (10.81, "10,81", "10.81"),
    ],
)
def test_numbers_in_both_styles(value: float, vi: str, en: str) -> None:
    assert words.number(value, "vi", 6) == vi
    assert words.number(value, "en", 6) == en


@pytest.mark.parametrize(
    ("low", "high", "vi"),
    [
        (None, None, ""),
        (5e11, 7e11, "500–700 tỷ đồng"),
        (2e12, None, "≥ 2 nghìn tỷ đồng"),
        (None, 5e10, "≤ 50 tỷ đồng"),
        (3e6, 3e6, "3 triệu đồng"),
    ],
)
def test_sums_in_dong(low: float | None, high: float | None, vi: str) -> None:
    assert words.dong(Interval(low, high), "vi") == vi


def test_the_sources_own_text_is_kept() -> None:
    one = call("c", "x", capital=money(1e12, 1e12, "khoảng 1.000 tỷ"), land=land(20, 30, "20-30"))
    assert words.capital(one, "en") == "khoảng 1.000 tỷ"
    assert words.land(one, "en") == "20–30 ha"


def test_a_former_province_is_named_with_todays() -> None:
    one = call("c", "x", place=Place("37", "Ninh Bình", "Hà Nam", "Hà Nam"), location="Kim Bảng")
    assert words.where(one) == "Kim Bảng, Hà Nam (nay Ninh Bình)"
    assert words.where(call("c", "x")) == "Thanh Hóa"


@pytest.mark.parametrize(
    ("low", "high", "vi", "en"),
    [
        (36523.5, 36523.5, "36.523,5 ha", "36,523.5 ha"),
        (1234567.89, None, "≥ 1.234.567,89 ha", "≥ 1,234,567.89 ha"),
        (None, 10.815, "≤ 10,81 ha", "≤ 10.81 ha"),
        (0.0125, 0.5, "0,0125–0,5 ha", "0.0125–0.5 ha"),
        (100, 100, "100 ha", "100 ha"),
    ],
)
def test_areas_keep_their_precision(
    low: float | None, high: float | None, vi: str, en: str
) -> None:
    one = call("c", "x", land=land(low, high, "như nguồn"))
    assert words.land(one, "vi") == vi
    assert words.land(one, "en") == en


def test_an_area_that_was_not_read_stays_as_written() -> None:
    assert words.land(call("c", "x", land=land(None, None, "3 sào")), "vi") == "3 sào"


def test_large_counts_are_not_rounded() -> None:
    assert words.number(1_234_567, "vi") == "1.234.567"
    assert words.number(36523.7, "en") == "36,524"
    assert words.dong(Interval(123.456e9, 123.456e9), "vi") == "123,5 tỷ đồng"


@pytest.mark.parametrize(("share", "vi"), [(0.0, "0 %"), (0.004, "dưới 1 %"), (0.314, "31 %")])
def test_shares_are_whole_percent(share: float, vi: str) -> None:
    assert words.percent(share, "vi") == vi


def test_bands_say_what_they_are_worth() -> None:
    bands = (Band("high", 0.18, 100, 0.314, 0.2, 0.4), Band("low", 0.0, 900, 0.023, 0.01, 0.03))
    told = words.bands_told(bands, "vi")
    assert told == "Khả năng: trong quá khứ, các gợi ý như vậy đúng: cao 31 %, thấp 2 %."
    assert words.bands_told(bands, "en").endswith("high 31 %, low 2 %.")
    assert (words.band("medium", "vi"), words.band(None, "en")) == ("trung bình", "")
