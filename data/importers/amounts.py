"""Read the pairs of columns that hold an interval: capital with its unit, land."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from data.importers.fields import FieldValue, RowReader, interval_value
from data.quantities import (
    Hedge,
    Interval,
    LandParse,
    MoneyParse,
    NumberStyle,
    QuantityError,
    capital_doubts,
    infer_style,
    parse_land,
    parse_money,
)
from data.records import Land, Money

CAPITAL = ("capital_min", "capital_max")
LAND = ("land_ha_min", "land_ha_max")
_EXPONENT = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d{1,2}")
_money = lru_cache(maxsize=4096)(parse_money)
_land = lru_cache(maxsize=4096)(parse_land)

Parse = MoneyParse | LandParse
Parser = Callable[[str, NumberStyle], Parse]


def styles(rows: Iterable[RowReader]) -> tuple[NumberStyle, NumberStyle]:
    """Return how a file writes numbers in its capital and in its land columns.

    Columns that do not show it themselves take what all of them show together.
    """
    capital, land = [], []
    for row in rows:
        capital += [row.raw(name) for name in CAPITAL if not row.cell(name).numeric]
        land += [row.raw(name) for name in LAND if not row.cell(name).numeric]
    whole = infer_style(capital + land)
    guess = NumberStyle.GUESS
    of_capital, of_land = infer_style(capital), infer_style(land)
    return (
        whole if of_capital is guess else of_capital,
        whole if of_land is guess else of_land,
    )


def read_capital(row: RowReader, year: int | None, notes: dict[str, str]) -> Money:
    """Return the row's capital in VND at the year's rate (None: the latest known).

    Remarks found in the cells ("per_year", "excludes_clearance") go to `notes`.
    """
    unit = row.raw("capital_unit")
    if unit:
        try:
            _money("1", unit=unit)
        except QuantityError as error:
            row.problem("capital_unit", unit, error.en, "Write such as tỷ đồng or triệu USD.")
            unit = ""
    row.keep("capital_unit", unit)

    def parse(text: str, style: NumberStyle) -> Parse:
        return _money(text, unit=unit, style=style, on=year)

    interval, text, parses = _read_pair(row, "capital", CAPITAL, parse, row.context.capital_style)
    if text and unit and not any(sign.isalpha() or sign in "$€¥₩₫" for sign in text):
        text = f"{text} {unit}"
    remarks = dict.fromkeys(note for found in parses for note in found.notes)
    if remarks:
        notes["capital_remarks"] = "|".join(remarks)
    return Money(interval, text)


def read_land(row: RowReader) -> Land:
    """Return the row's land in hectares."""

    def parse(text: str, style: NumberStyle) -> Parse:
        return _land(text, style=style)

    interval, text, _ = _read_pair(row, "land_ha", LAND, parse, row.context.land_style)
    return Land(interval, text)


def ask_plausibility(row: RowReader, capital: Money, land: Land) -> None:
    """Ask where capital and land do not go together."""
    doubts = capital_doubts(capital.vnd, land.ha)
    source = next((name for name in CAPITAL if row.raw(name)), CAPITAL[0])
    row.ask("capital", source, doubts)
    if doubts and "capital" in row.fields:
        _doubt_it(row, "capital")


def _read_pair(
    row: RowReader, name: str, columns: tuple[str, str], parse: Parser, style: NumberStyle
) -> tuple[Interval, str, list[Parse]]:
    """Read a pair of columns as one interval; keep it as the field `name`."""
    found = {column: _parse(row, column, parse, style) for column in columns if row.raw(column)}
    parses = {column: read for column, read in found.items() if read is not None}
    low, high = (row.raw(column) for column in columns)
    text = low if not high or low == high else high if not low else f"{low} – {high}"
    interval = Interval()
    if len(parses) == len(found):
        parses = _share_unit(row, columns, parses, parse, style)
        interval = _join(row, columns, parses)
    doubts = list(dict.fromkeys(doubt for read in parses.values() for doubt in read.doubts))
    source = next(iter(found), columns[0])
    row.ask(name, source, doubts)
    if any(row.has(column) for column in columns):
        source = source if row.has(source) else columns[1]
        value = interval_value(interval)
        row.fields[name] = FieldValue(value, text, row.where(source), 1.0)
        if doubts:
            _doubt_it(row, name)
    return interval, text, list(parses.values())


def _doubt_it(row: RowReader, name: str) -> None:
    kept = row.fields[name]
    known = any(end is not None for end in kept.value.values())
    row.fields[name] = replace(kept, confidence=0.5 if known else 0.0)


def _parse(row: RowReader, column: str, parse: Parser, style: NumberStyle) -> Parse | None:
    text = row.raw(column)
    if _EXPONENT.fullmatch(text):
        text = f"{Decimal(text.replace(',', '.')):f}"
        style = NumberStyle.ENGLISH
    elif row.cell(column).numeric:
        style = NumberStyle.ENGLISH
    try:
        return parse(text, style)
    except QuantityError as error:
        remedy = "Write it without the minus sign." if "negative" in error.code else ""
        row.problem(column, text, error.en, remedy or "Correct it, or leave it empty if unknown.")
        return None


def _share_unit(
    row: RowReader,
    columns: tuple[str, str],
    parses: dict[str, Parse],
    parse: Parser,
    style: NumberStyle,
) -> dict[str, Parse]:
    """Read "500" beside "700 tỷ" as one text: the lower end takes the unit of the upper."""
    reads = list(parses.values())
    if len(reads) < 2 or not all(isinstance(read, MoneyParse) for read in reads):
        return parses
    low, high = reads
    bare = isinstance(low, MoneyParse) and not low.currency and low.original.known
    if not bare or not high.interval.known:
        return parses
    try:
        joined = parse(f"{row.raw(columns[0])} - {row.raw(columns[1])}", style)
    except QuantityError:
        return parses
    return {columns[0]: joined, columns[1]: high}


def _join(row: RowReader, columns: tuple[str, str], parses: dict[str, Parse]) -> Interval:
    """Return the interval from the lower column's low end to the upper one's high end."""
    if not parses:
        return Interval()
    if len(parses) == 1 or row.raw(columns[0]) == row.raw(columns[1]):
        column, read = next(iter(parses.items()))
        both = len(parses) == 2 or read.hedge is not Hedge.NONE
        if both or read.interval.low != read.interval.high:
            return read.interval  # the cell says both ends itself: "500-700 tỷ", "khoảng 29.000 tỉ"
        ends = (read.interval.low, None) if column == columns[0] else (None, read.interval.high)
        return Interval(*ends)
    low, high = parses[columns[0]].interval.low, parses[columns[1]].interval.high
    if low is not None and high is not None and low > high:
        row.problem(
            columns[0],
            row.raw(columns[0]),
            f"{row.raw(columns[0])!r} is more than {columns[1]}, {row.raw(columns[1])!r}.",
            "Exchange them, or correct one.",
        )
        return Interval()
    return Interval(low, high)
