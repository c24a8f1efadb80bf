"""Check the totals that a list states against its rows; settle by them how numbers are written."""

from collections.abc import Sequence
from dataclasses import dataclass

from data.importers.layout.found import Entry, Stated, Walk
from data.importers.layout.head import cell_text
from data.importers.layout.sums import (
    Reading,
    Style,
    Unit,
    open_tokens,
    read_land,
    read_money,
    style_of_texts,
)
from data.importers.report import Total
from data.quantities import NumberStyle
from data.quantities.numbers import TOKEN, read_number
from data.records import Land, Money

_FIELDS = {"capital": "capital", "land": "land_ha"}
_STYLES = (NumberStyle.VIETNAMESE, NumberStyle.ENGLISH)
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    numeric: bool
    unit: str
    year: int | None


def settle(found: Walk, role: str, others: Sequence[str]) -> Style:
    """Return how a file writes the numbers of a role's columns.

    What the cells show counts; where both readings of "5.000" are possible, the one under which
    the stated totals are right is proven.
    """
    texts = texts_of(found, role)
    style = style_of_texts(texts, others)
    if not found.totals or not open_tokens(texts):
        return style
    right = {way: _right(found, role, Style(way, proven=True)) for way in _STYLES}
    best = [way for way in _STYLES if right[way] > right[_other(way)]]
    if best:
        return Style(best[0], proven=True)
    return style


def texts_of(found: Walk, role: str) -> list[str]:
    """Return the texts of a role's cells, those typed as numbers left out."""
    items: list[Entry | Stated] = [*found.entries, *found.totals]
    cells = [_cell_of(item, role) for item in items]
    return [cell.text for cell in cells if cell is not None and not cell.numeric]


def check(found: Walk, role: str, style: Style, values: Sequence[Money | Land]) -> list[Total]:
    """Return every total of a role with the sum of its rows."""
    totals = []
    sums = [
        _ends(value) if _in_column(entry, role) else (0.0, 0.0)
        for entry, value in zip(found.entries, values, strict=True)
    ]
    for stated in found.totals:
        cell = _cell_of(stated, role)
        reading = _read(cell, role, style) if cell is not None else Reading()
        value = reading.interval.low if reading.interval.low is not None else reading.interval.high
        if cell is None or value is None or not stated.scopes:
            continue
        allowed = _rounding(cell, style, value)
        computed, agrees = _best_scope(stated, sums, value, allowed)
        where = stated.sheet.grid.row_place(stated.row.number)
        totals.append(Total(where, _FIELDS[role], value, computed, agrees))
    return totals


def _in_column(entry: Entry, role: str) -> bool:
    """Tell whether a value stands in the column that totals are stated in, if there are several."""
    several = len(entry.header.columns.get(role, ())) > 1
    return not several or _cell_of(entry, role) is not None


def _best_scope(
    stated: Stated, sums: Sequence[tuple[float, float]], value: float, allowed: float
) -> tuple[float, bool]:
    first: float | None = None
    for start, past in stated.scopes:
        part = sums[start:past]
        if not part:
            continue
        low, high = sum(each[0] for each in part), sum(each[1] for each in part)
        if low - allowed <= value <= high + allowed:
            return low, True
        first = low if first is None else first
    return first or 0.0, False


def _ends(value: Money | Land) -> tuple[float, float]:
    interval = value.vnd if isinstance(value, Money) else value.ha
    low = interval.low if interval.low is not None else interval.high
    high = interval.high if interval.high is not None else interval.low
    return low or 0.0, high or 0.0


def _rounding(cell: _Cell, style: Style, value: float) -> float:
    """Return half a unit of the last digit that a total is written with."""
    tokens = TOKEN.findall(cell.text)
    way = NumberStyle.ENGLISH if cell.numeric else style.style
    if not tokens:
        return abs(value) * _ROUNDING
    written, _ = read_number(tokens[0], NumberStyle.VIETNAMESE if way is NumberStyle.GUESS else way)
    text = f"{written:.10f}".rstrip("0")
    digits = len(text.split(".")[1]) if "." in text else 0
    unit = value / written if written else 0.0
    return 0.5 * 10.0**-digits * unit * 0.999 + abs(value) * _ROUNDING


def _cell_of(item: Entry | Stated, role: str) -> _Cell | None:
    column = item.header.first(role)
    if column is None:
        return None
    row = item.row
    text = cell_text(row, column)
    if not text:
        return None
    published = item.caption.published
    units = item.header.money if role == "capital" else item.header.land
    default = item.caption.money if role == "capital" else item.caption.land
    unit = units.get(column) or default
    return _Cell(text, row.cells[column].numeric, unit, published.year if published else None)


def _read(cell: _Cell, role: str, style: Style) -> Reading:
    if role == "capital":
        return read_money(cell.text, cell.numeric, Unit(cell.unit, cell.year), style)
    return read_land(cell.text, cell.numeric, cell.unit, style)


def _other(way: NumberStyle) -> NumberStyle:
    return _STYLES[1] if way is _STYLES[0] else _STYLES[0]


def _right(found: Walk, role: str, style: Style) -> int:
    values = []
    for entry in found.entries:
        cell = _cell_of(entry, role)
        interval = _read(cell, role, style).interval if cell is not None else Reading().interval
        values.append(Money(interval) if role == "capital" else Land(interval))
    return sum(total.agrees for total in check(found, role, style, values))
