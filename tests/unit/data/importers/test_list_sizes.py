"""Sums in two currencies and ends in two columns of published lists; all projects are made up."""

import pytest

from data.quantities import Interval
from tests.unit.data.importers.listed import TITLE, codes, listed, parse_rows

TY = 1e9
DATED = "(Kèm theo Quyết định số 1/QĐ-UBND ngay 05/6/2021)"
HEADER = ("TT", "Tên dự án", "Địa điểm", "Vốn đầu tư")


@pytest.mark.parametrize(
    ("text", "low", "doubt"),
    [
        # 23,020 dong a dollar in 2021: the equivalent is the dollars rounded
        ("2 triệu USD (tương đương 46 tỷ đồng)", 46.04, ""),
        ("2 triệu USD (tương đương 46,04 tỷ đồng)", 46.04, ""),
        # another rate, and a figure written closely: the document's own
        ("20 triệu USD (tương đương 463,5 tỷ đồng)", 463.5, ""),
        # another rate, and a figure that may be a rounding
        ("2 triệu USD (tương đương 47 tỷ đồng)", 47, "money.currencies"),
        # no rate of those years
        ("20 triệu USD (tương đương 530 tỷ đồng)", 530, "money.currencies"),
        # dong come first: what follows is a rounding of them
        ("46 tỷ đồng (tương đương 2 triệu USD)", 46, ""),
        ("46 tỷ đồng (tương đương 3 triệu USD)", 46, "money.currencies"),
        ("460 tỷ đồng (tương đương 30 triệu USD)", 460, "money.currencies"),
        ("20 triệu EUR (24 triệu USD)", 20 * 27.2, ""),
    ],
)
def test_an_equivalent_in_another_currency(text: str, low: float, doubt: str) -> None:
    parsed = parse_rows((TITLE,), (DATED,), HEADER, ("1", "Kho bịa", "xã Bịa", text))

    found = parsed.records[0].capital.vnd.low
    assert found == pytest.approx(low * TY, rel=0.01 if "EUR" in text else 1e-9)
    assert codes(parsed) == ([doubt] if doubt else [])


def test_columns_of_two_currencies_the_sum_in_dong_counts() -> None:
    header = ("TT", "Tên dự án", "Vốn (triệu USD)", "Vốn (tỷ đồng)")
    rows = [
        ("1", "Kho bịa", "20", "460,4"),
        ("2", "Xưởng bịa", "2", "46"),
        ("3", "Bến bịa", "9", ""),
    ]
    parsed = parse_rows((TITLE,), (DATED,), header, *rows)

    assert [call.capital.vnd.low for call in parsed.records] == [460.4 * TY, 46 * TY, 207.18 * TY]
    assert codes(parsed, 0) == []
    assert codes(parsed, 1) == ["money.currencies"]  # 46 or 46.04
    assert codes(parsed, 2) == []


@pytest.mark.parametrize(
    "header",
    [
        [("TT", "Tên dự án", "Vốn tối thiểu (tỷ đồng)", "Vốn tối đa (tỷ đồng)")],
        [("TT", "Tên dự án", "Vốn đầu tư (tỷ đồng)", ""), ("", "", "Từ", "Đến")],
        [("No.", "Project name", "Investment capital (VND bn)", ""), ("", "", "Min", "Max")],
    ],
)
def test_least_and_most_in_two_columns(header: list[tuple[str, ...]]) -> None:
    rows = [
        ("1", "Kho bịa", "500", "700"),
        ("2", "Xưởng bịa", "500", ""),
        ("3", "Bến bịa", "", "700"),
        ("4", "Cầu bịa", "700", "500"),
    ]
    parsed = parse_rows((TITLE,), *header, *rows)

    assert [call.capital.vnd for call in parsed.records] == [
        Interval(500 * TY, 700 * TY),
        Interval(500 * TY, None),
        Interval(None, 700 * TY),
        Interval(),
    ]
    assert [codes(parsed, row) for row in range(4)] == [[], [], [], ["range.crossed"]]


def test_least_and_most_of_land() -> None:
    header = (
        "TT",
        "Tên dự án",
        "Diện tích tối thiểu (ha)",
        "Diện tích tối đa (ha)",
        "Vốn (tỷ đồng)",
    )
    parsed = parse_rows((TITLE,), header, ("1", "Kho bịa", "5", "7,5", "50"))

    assert parsed.records[0].land.ha == Interval(5, 7.5)


def test_a_lone_sum_stays_a_sum() -> None:
    assert listed(("1", "Kho bịa", "x", "", "", "500")).records[0].capital.vnd.high == 500 * TY


@pytest.mark.parametrize(
    "text",
    [
        "trên 20 triệu USD (tương đương 460 tỷ đồng)",
        "dưới 20 triệu USD (tương đương 460 tỷ đồng)",
        "20 - 30 triệu USD (tương đương 460 tỷ đồng)",
        "20 - 30 triệu USD (tương đương 460 - 6.900 tỷ đồng)",
        "20 - 300 triệu USD (tương đương 460 - 690 tỷ đồng)",
    ],
)
def test_a_bound_or_a_range_lost_in_the_equivalent_is_asked_about(text: str) -> None:
    parsed = parse_rows((TITLE,), (DATED,), HEADER, ("1", "Kho bịa", "xã Bịa", text))
    assert codes(parsed) == ["money.currencies"]


def test_a_range_in_both_currencies_agrees_at_both_ends() -> None:
    text = "20 - 30 triệu USD (tương đương 460,4 - 690,6 tỷ đồng)"
    parsed = parse_rows((TITLE,), (DATED,), HEADER, ("1", "Kho bịa", "xã Bịa", text))
    assert parsed.records[0].capital.vnd.low == pytest.approx(460.4 * TY)
    assert parsed.records[0].capital.vnd.high == pytest.approx(690.6 * TY)
    assert codes(parsed) == []


def test_ends_in_columns_of_two_currencies_are_not_joined() -> None:
    header = (
        *("TT", "Tên dự án", "Vốn tối thiểu (tỷ đồng)", "Vốn tối đa (tỷ đồng)"),
        *("Vốn tối thiểu (triệu USD)", "Vốn tối đa (triệu USD)"),
    )
    parsed = parse_rows((TITLE,), (DATED,), header, ("1", "Kho bịa", "500", "", "", "30"))
    assert parsed.records[0].capital.vnd == Interval(500 * TY, None)
    assert parsed.records[0].capital.text == "500 tỷ đồng"
    assert codes(parsed) == ["money.currencies"]


def test_most_may_stand_before_least() -> None:
    header = ("TT", "Tên dự án", "Vốn tối đa (tỷ đồng)", "Vốn tối thiểu (tỷ đồng)")
    parsed = parse_rows((TITLE,), header, ("1", "Kho bịa", "700", "500"))
    assert parsed.records[0].capital.vnd == Interval(500 * TY, 700 * TY)
    assert codes(parsed) == []


@pytest.mark.parametrize(
    ("column", "land"),
    [
        ("Tổng vốn đầu tư (tỷ đồng), vốn chủ sở hữu tối thiểu 20%", "Diện tích (ha)"),
        ("Tổng vốn đầu tư (tỷ đồng)", "Diện tích (ha), mật độ xây dựng tối đa 60%"),
    ],
)
def test_a_share_in_a_title_bounds_no_sum(column: str, land: str) -> None:
    parsed = parse_rows((TITLE,), ("TT", "Tên dự án", land, column), ("1", "Kho bịa", "30", "700"))
    (call,) = parsed.records
    assert call.capital.vnd == Interval(700 * TY, 700 * TY)
    assert call.land.ha == Interval(30, 30)


def test_most_of_land_alone_is_kept() -> None:
    header = ("TT", "Tên dự án", "Diện tích tối thiểu (ha)", "Diện tích tối đa (ha)")
    parsed = parse_rows((TITLE,), header, ("1", "Kho bịa", "–", "50"), ("2", "Bến bịa", "", "50"))
    assert [call.land.ha for call in parsed.records] == [Interval(None, 50), Interval(None, 50)]
