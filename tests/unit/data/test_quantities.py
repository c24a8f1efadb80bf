"""Money, land and bare numbers as real cells write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.quantities import (
    Hedge,
    Interval,
    NumberStyle,
    QuantityError,
    capital_doubts,
    find_quantities,
    infer_style,
    parse_land,
    parse_money,
    parse_number_interval,
)

TY = 1e9
USD = parse_money("1 USD").interval.low or 0.0
EN, VI = NumberStyle.ENGLISH, NumberStyle.VIETNAMESE


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("45.500 tỷ đồng", 45_500, 45_500),
        ("500-700 tỷ", 500, 700),
        ("khoảng 29.000 tỉ", 29_000, 29_000),
        ("5 nghìn tỷ", 5_000, 5_000),
        ("trên 10.000 tỷ đồng", 10_000, None),
        ("dưới 50 tỷ", None, 50),
        ("từ 500 tỷ", 500, None),
        ("từ 500 đến 700 tỷ", 500, 700),
        ("1.500 tỷ VNĐ (chưa gồm GPMB)", 1_500, 1_500),
        ("VND 3,500 billion", 3_500, 3_500),
        ("1 tỷ 200 triệu đồng", 1.2, 1.2),
        ("45.500.000.000 đồng", 45.5, 45.5),
        ("800 triệu - 1,2 tỷ đồng", 0.8, 1.2),
        ("1.000 tỷ đồng trở lên", 1_000, None),
    ],
)
def test_parse_money_in_dong(text: str, low: float | None, high: float | None) -> None:
    parse = parse_money(text)
    ends = [None if end is None else end * TY for end in (low, high)]
    assert (parse.interval, parse.currency, parse.doubts) == (Interval(*ends), "VND", ())


@pytest.mark.parametrize(
    ("text", "unit", "millions", "currency"),
    [
        ("2 tỷ USD", "", 2_000, "USD"),
        ("36.523,5", "triệu USD", 36_523.5, "USD"),
        ("36,523.5", "million USD", 36_523.5, "USD"),
        ("100 triệu đô la", "", 100, "USD"),
        ("20,00,00,000", "USD", 200, "USD"),
        ("3.2 billion USD", "", 3_200, "USD"),
        ("€30m", "", 30, "EUR"),
        ("US$ 5 mn", "", 5, "USD"),
        ("15 tỷ yên", "", 15_000, "JPY"),
        ("3억 5000만 달러", "", 350, "USD"),
        ("3000万美元", "", 30, "USD"),
        ("100億円", "", 10_000, "JPY"),
        ("5", "million EUR", 5, "EUR"),
        ("12.345.678 USD", "", 12.345678, "USD"),
    ],
)
def test_parse_money_in_other_currencies(
    text: str, unit: str, millions: float, currency: str
) -> None:
    parse = parse_money(text, unit=unit)
    assert parse.original == Interval(millions * 1e6, millions * 1e6)
    assert (parse.currency, parse.doubts) == (currency, ())
    assert parse.interval.low is not None
    assert parse.interval.low > millions * 1e6


@pytest.mark.parametrize("text", ["", "-", "–", "N/A", " ", "undisclosed", "chưa xác định"])
def test_parse_money_empty_is_unknown(text: str) -> None:
    assert parse_money(text, unit="tỷ đồng").interval == Interval(None, None)


@pytest.mark.parametrize(
    ("text", "unit", "code"),
    [
        ("1,2 triệu tấn/năm", "", "money.garbage"),
        ("250-300 ha", "", "money.garbage"),
        ("nghìn tỷ", "", "money.garbage"),
        ("abc", "tỷ đồng", "money.garbage"),
        ("x" * 100_000, "", "money.garbage"),
        ("-500 tỷ", "", "money.negative"),
        ("(500)", "tỷ đồng", "money.negative"),
        ("50%", "", "money.percent"),
        ("700-500 tỷ", "", "money.range"),
        ("120 triệu đồng/ha", "", "money.rate"),
        ("5", "con gà", "money.unit"),
    ],
)
def test_parse_money_refuses_with_a_code(text: str, unit: str, code: str) -> None:
    with pytest.raises(QuantityError) as caught:
        parse_money(text, unit=unit)
    assert caught.value.code == code
    assert caught.value.text in (unit, text) or caught.value.text.endswith("…")
    assert len(caught.value.vi) < 300
    assert caught.value.text in caught.value.en


@pytest.mark.parametrize(
    ("text", "unit", "style", "billions", "doubted"),
    [
        ("5.000", "tỷ đồng", NumberStyle.GUESS, 5_000, True),
        ("5.000", "tỷ đồng", VI, 5_000, False),
        ("5.000", "tỷ đồng", EN, 5, False),
        ("686.358", "tỷ đồng", NumberStyle.GUESS, 686.358, True),
        ("1347.536", "tỷ đồng", NumberStyle.GUESS, 1_347.536, False),
        ("3,840 tỷ", "", NumberStyle.GUESS, 3_840, True),
        ("3,840 tỷ", "", EN, 3_840, False),
        ("77.5", "tỷ đồng", VI, 77.5, False),
    ],
)
def test_parse_money_ambiguous_style_is_asked(
    text: str, unit: str, style: NumberStyle, billions: float, doubted: bool
) -> None:
    parse = parse_money(text, unit=unit, style=style)
    assert parse.interval == Interval(billions * TY, billions * TY)
    assert ("money.style" in [doubt.code for doubt in parse.doubts]) is doubted


@pytest.mark.parametrize(
    ("text", "unit", "code"),
    [
        ("77.5", "", "money.unit"),
        ("150 tỷ", "triệu USD", "money.unit_conflict"),
        ("15,000,00", "USD", "money.grouping"),
        ("$1000000, $3000000", "USD", "money.several"),
    ],
)
def test_parse_money_asks_what_it_cannot_know(text: str, unit: str, code: str) -> None:
    assert [doubt.code for doubt in parse_money(text, unit=unit).doubts] == [code]


@pytest.mark.parametrize(
    ("text", "unit", "candidates"),
    [
        ("15 triệu USD", "tỷ đồng", ("15 triệu USD", "15 tỷ đồng")),
        ("150 tỷ", "triệu USD", ("150 tỷ đồng", "150 triệu USD")),
        ("trên 5 triệu USD", "tỷ đồng", ("≥ 5 triệu USD", "≥ 5 tỷ đồng")),
        ("2 - 3 triệu USD", "tỷ đồng", ("2 – 3 triệu USD", "2 – 3 tỷ đồng")),
    ],
)
def test_parse_money_conflict_offers_sums_that_can_be_read_again(
    text: str, unit: str, candidates: tuple[str, str]
) -> None:
    doubt = parse_money(text, unit=unit, on=2025).doubts[0]

    assert doubt.candidates == candidates
    for each in candidates:
        again = parse_money(each, on=2025)
        assert again.interval.known
        assert again.doubts == ()


def test_parse_money_hedges_and_notes() -> None:
    assert parse_money("gần 900 triệu USD").hedge is Hedge.NEAR
    assert parse_money("about 5.4 billion USD").hedge is Hedge.ABOUT
    assert parse_money("150 triệu USD/năm").notes == ("per_year",)
    assert parse_money("1.500 tỷ (chưa gồm GPMB)").notes == ("excludes_clearance",)
    partly = parse_money("$1200000, undisclosed amount", unit="USD")
    assert partly.original == Interval(1_200_000, None)
    assert partly.notes == ("undisclosed",)


def test_parse_money_takes_the_rate_of_the_year() -> None:
    old, new = parse_money("1 USD", on=2010).interval.low, parse_money("1 USD").interval.low
    assert old is not None
    assert new is not None
    assert old < new


@pytest.mark.parametrize(
    ("text", "unit", "low", "high"),
    [
        ("250-300 ha", "ha", 250, 300),
        ("khoảng 20 ha", "ha", 20, 20),
        ("1.200 m2", "ha", 0.12, 0.12),
        ("49.834", "m²", 4.9834, 4.9834),
        ("1,5 km2", "ha", 150, 150),
        ("2", "nghìn ha", 2_000, 2_000),
        ("100公顷", "ha", 100, 100),
        ("20 hécta", "ha", 20, 20),
        ("3,5", "ha", 3.5, 3.5),
        ("từ 50 ha", "ha", 50, None),
        ("dưới 5 ha", "ha", None, 5),
        ("–", "ha", None, None),
    ],
)
def test_parse_land_in_hectares(
    text: str, unit: str, low: float | None, high: float | None
) -> None:
    parse = parse_land(text, unit=unit)
    assert (parse.interval, parse.doubts) == (Interval(low, high), ())


def test_parse_land_ambiguous_style_is_asked() -> None:
    parse = parse_land("1.000")
    assert parse.interval == Interval(1_000, 1_000)
    assert [doubt.code for doubt in parse.doubts] == ["land.style"]


@pytest.mark.parametrize("text", ["50 tỷ", "-5", "2 KCN 560 ha", "20-"])
def test_parse_land_refuses(text: str) -> None:
    with pytest.raises(QuantityError, match="expected an area"):
        parse_land(text)


def test_parse_number_interval_reads_bare_numbers() -> None:
    assert parse_number_interval("77,5").interval == Interval(77.5, 77.5)
    assert parse_number_interval("hơn 10").interval == Interval(10, None)
    assert parse_number_interval("5.000").doubts[0].code == "number.style"


def test_infer_style_needs_proof() -> None:
    assert infer_style(["77.5", "686.358"]) is EN
    assert infer_style(["36.523,5", "5.000"]) is VI
    assert infer_style(["5.000", "120.808"]) is NumberStyle.GUESS
    assert infer_style(["77.5", "36,5"]) is NumberStyle.GUESS


def test_capital_doubts_flags_the_known_mistake() -> None:
    doubts = capital_doubts(Interval(1.52e9, 1.52e9), Interval(165, 165))
    assert [doubt.code for doubt in doubts] == ["capital.per_hectare"]
    assert capital_doubts(Interval(1.52e12, 1.52e12), Interval(165, 165)) == ()
    assert doubts[0].candidates == ("1.52 tỷ đồng", "1520 tỷ đồng")
    assert capital_doubts(Interval(), Interval(165, 165)) == ()


def test_capital_doubts_offers_less_where_it_is_too_much() -> None:
    for capital, land in ((5e13, 5), (4e15, None)):
        doubts = capital_doubts(Interval(capital, capital), Interval(land, land))
        assert len(doubts) == 1
        assert doubts[0].candidates[1] == f"{capital / 1e12:g} tỷ đồng"


@pytest.mark.parametrize("ends", [(-1, 2), (3, 2), (float("inf"), None), (float("nan"), None)])
def test_interval_refuses_bad_ends(ends: tuple[float, float | None]) -> None:
    with pytest.raises(ValueError, match="ends must be"):
        Interval(*ends)


@given(st.integers(0, 10**9), st.integers(0, 99))
def test_format_then_parse_is_the_same_in_both_styles(whole: int, cents: int) -> None:
    english = f"{whole:,}.{cents:02d}"
    vietnamese = english.translate(str.maketrans(",.", ".,"))
    expected = Interval(*[float(f"{whole}.{cents:02d}")] * 2)
    assert parse_number_interval(english, style=EN).interval == expected
    assert parse_number_interval(vietnamese, style=VI).interval == expected
    assert parse_number_interval(english).interval == expected


@given(st.text(max_size=40))
def test_parse_money_raises_nothing_but_quantity_errors(text: str) -> None:
    try:
        assert parse_money(text, unit="tỷ đồng").text == text
    except QuantityError as error:
        assert error.code.startswith("money.")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cần khoảng 20 ha, vốn 500 tỷ đồng", [("land", 20, 20), ("money", 5e11, 5e11)]),
        ("from 50 MW", [("power", 50, None)]),
        ("100公顷以上", [("land", 100, None)]),
        ("500억원 이하", [("money", None, 500e8 * 18)]),
        ("công suất 1,2 triệu tấn/năm", [("capacity", 1.2e6, 1.2e6)]),
        ("tu 5 den 10 ha", [("land", 5, 10)]),
        ("hơn 10 dự án, 2025-2030", []),
    ],
)
def test_find_quantities_in_text(
    text: str, expected: list[tuple[str, float | None, float | None]]
) -> None:
    found = find_quantities(text)
    assert [(q.kind, q.interval.low, q.interval.high) for q in found] == expected


@given(st.text(max_size=60))
def test_find_quantities_never_fails(text: str) -> None:
    for quantity in find_quantities(text):
        assert 0 <= quantity.start < quantity.end <= len(text)
