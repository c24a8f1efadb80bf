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
