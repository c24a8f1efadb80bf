"""Read areas of land in hectares, square metres and square kilometres."""

from dataclasses import replace

from data.quantities import compose
from data.quantities.compose import Expectation, refuse
from data.quantities.lexicon import HECTARES, NOTHING
from data.quantities.scan import Amount, Reading, Token, prepare, read, scan, style_in
from data.quantities.types import (
    Hedge,
    Interval,
    LandParse,
    NumberParse,
    NumberStyle,
    QuantityError,
)
from data.quantities.wording import plain_amount
from data.reference.doubts import Doubt

EXPECTED = Expectation(
    "land",
    'diện tích như "20 ha", "250-300 ha", "1.200 m2"',
    'an area such as "20 ha", "250-300 ha", "1,200 m2"',
)
NUMBER = Expectation("number", 'số như "77,5" hoặc "250-300"', 'a number such as "77.5", "250-300"')
LARGEST_LIKELY = 50_000.0
"""Hectares; above it a lone "165.655 ha" is more likely written with decimals."""


def parse_land(text: str, *, unit: str = "ha", style: NumberStyle = NumberStyle.GUESS) -> LandParse:
    """Read one cell of land as an interval in hectares.

    `unit` is the column's ("ha", "m2", "km2", "nghìn ha"), used where the cell gives none. Hedges,
    styles and empty cells as in `parse_money`. Raises QuantityError (land.garbage, land.negative,
    land.range, land.unit) naming the text.
    """
    if len(text) > compose.LONGEST:
        raise refuse("garbage", text, EXPECTED, "quá dài", "is too long")
    folded = prepare(text).strip(" ,;\"'")
    size, area = _read_unit(unit)
    if folded in NOTHING or folded.strip(" .") in NOTHING:
        return LandParse(Interval(), area, text)
    outside, inside = compose.unbracket(folded)
    notes = tuple(f"bracketed:{content}" for content in inside if content not in HECTARES)
    outside += "".join(f" {content}" for content in inside if content in HECTARES)
    tokens = scan(outside)
    reading, interval, doubts = _settle(text, tokens, style, (size, area))
    found = next((amount.unit for amount in reading.amounts if amount.unit), area)
    hedge = Hedge.NONE if reading.joined and reading.hedge is Hedge.OVER else reading.hedge
    if len(reading.amounts) > (2 if reading.joined else 1):
        doubts += (_several(text),)
    if not all(amount.regular for amount in reading.amounts):
        doubts += (compose.grouping_doubt("land", text, plain_amount(interval, "ha")),)
    return LandParse(interval, found, text, hedge=hedge, notes=notes, doubts=doubts)


def _read_unit(unit: str) -> tuple[float, str]:
    tokens = scan(prepare(unit).strip(" ().:"))
    size, area = 1.0, "ha"
    for token in tokens:
        if token.kind == "size":
            size *= float(str(token.value))
        elif token.kind == "area":
            area = str(token.value)
        elif token.kind != "ignored":
            why_vi, why_en = "không phải đơn vị diện tích", "is not a unit of area"
            raise refuse("unit", unit, EXPECTED, why_vi, why_en)
    return size, area


def _read(
    text: str, tokens: list[Token], style: NumberStyle, unit: tuple[float, str]
) -> tuple[Reading, Interval]:
    reading = read(tokens, style=style, units="area")
    compose.check(reading, text, EXPECTED)
    if any(token.kind == "size" and float(str(token.value)) > 1e6 for token in tokens):
        raise refuse("garbage", text, EXPECTED, "không phải diện tích", "is not an area")
    size, area = unit

    def factor(amount: Amount) -> float:
        return HECTARES[amount.unit or area]

    default = 1.0 if reading.amounts[-1].unit else size
    found = compose.bounds(
        reading, text=text, expected=EXPECTED, factor=factor, default_size=default
    )
    return reading, found.interval


def _settle(
    text: str, tokens: list[Token], style: NumberStyle, unit: tuple[float, str]
) -> tuple[Reading, Interval, tuple[Doubt, ...]]:
    if style is NumberStyle.GUESS:
        style = style_in(tokens)
    if style is not NumberStyle.GUESS:
        return *_read(text, tokens, style, unit), ()
    readings = []
    problem: QuantityError | None = None
    for each in (NumberStyle.VIETNAMESE, NumberStyle.ENGLISH):
        try:
            readings.append(_read(text, tokens, each, unit))
        except QuantityError as error:
            problem = error
    if not readings and problem:
        raise problem
    if len(readings) == 1 or readings[0][1] == readings[1][1]:
        return *readings[0], ()
    return _choose(text, tokens, readings, unit)


def _choose(
    text: str,
    tokens: list[Token],
    readings: list[tuple[Reading, Interval]],
    unit: tuple[float, str],
) -> tuple[Reading, Interval, tuple[Doubt, ...]]:
    separators = compose.open_separators(tokens)
    areas = {amount.unit or unit[1] for amount in readings[0][0].amounts}
    settled = compose.context_style(tokens, separators, areas == {"m2"})
    likely = settled
    if settled is NumberStyle.GUESS:
        likely = NumberStyle.VIETNAMESE if separators == {"."} else NumberStyle.ENGLISH
    first, second = readings if likely is NumberStyle.VIETNAMESE else reversed(readings)
    top = first[1].high if first[1].high is not None else first[1].low
    unlikely = top is not None and top > LARGEST_LIKELY
    sure = settled is NumberStyle.ENGLISH or compose.round_numbers(tokens)
    if settled is not NumberStyle.GUESS and (sure or not unlikely):
        return *first, ()
    if unlikely:
        first, second = second, first
    pair = (plain_amount(first[1], "ha"), plain_amount(second[1], "ha"))
    return *first, (compose.style_doubt("land", text, pair),)


def _several(text: str) -> Doubt:
    return Doubt(
        code="land.several",
        question_vi=f"{text!r} có nhiều diện tích; lấy số nào?",
        question_en=f"{text!r} has several areas; which one counts?",
    )


def parse_number_interval(text: str, *, style: NumberStyle = NumberStyle.GUESS) -> NumberParse:
    """Read a bare number or range ("77,5", "250-300", "hơn 10") without any unit.

    Empty cells give an unknown interval; GUESS raises a doubt for "5.000". Raises QuantityError
    (number.garbage, number.negative, number.range) naming the text.
    """
    if len(text) > compose.LONGEST:
        raise refuse("garbage", text, NUMBER, "quá dài", "is too long")
    folded = prepare(text).strip(" ,;\"'")
    if folded in NOTHING or folded.strip(" .") in NOTHING:
        return NumberParse(Interval())
    tokens = scan(folded)
    known = style if style is not NumberStyle.GUESS else style_in(tokens)
    both = [NumberStyle.VIETNAMESE, NumberStyle.ENGLISH]
    parses = [_number(text, tokens, each) for each in ([known] if known in both else both)]
    first = parses[0]
    if len(parses) == 1 or parses[1].interval == first.interval:
        return first
    if compose.open_separators(tokens) == {","}:
        parses.reverse()
    pair = (plain_amount(parses[0].interval, ""), plain_amount(parses[1].interval, ""))
    return replace(parses[0], doubts=(compose.style_doubt("number", text, pair),))


def _number(text: str, tokens: list[Token], style: NumberStyle) -> NumberParse:
    reading = read(tokens, style=style, units="none")
    compose.check(reading, text, NUMBER)
    found = compose.bounds(
        reading, text=text, expected=NUMBER, factor=lambda _: 1.0, default_size=1.0
    )
    hedge = Hedge.NONE if reading.joined and reading.hedge is Hedge.OVER else reading.hedge
    return NumberParse(found.interval, hedge)
