"""Read a project's capital and land from its cells; what is unclear becomes a doubt."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache, reduce

from data.importers.fields import FieldValue, interval_value
from data.importers.layout.cells import (
    Cell,
    ListRow,
    cell_at,
    cells_of,
    fault_doubt,
    reader_text,
    shared,
    shared_doubt,
)
from data.importers.layout.found import Entry
from data.importers.layout.head import cell_text
from data.importers.layout.sums import (
    UNSETTLED,
    Reading,
    Style,
    Unit,
    inside_text,
    read_land,
    read_money,
)
from data.importers.layout.two_currencies import weigh
from data.quantities import Interval, MoneyParse
from data.records import Land, Money
from data.reference.doubts import Doubt

_NOT_REMARKS = ("open",)


@dataclass(frozen=True, slots=True)
class Styles:
    """How a file writes numbers in its columns of capital and of land."""

    capital: Style = UNSETTLED
    land: Style = UNSETTLED


Found = tuple[int, Cell, Reading]
"""A column, the cell of the row in it, and what it says."""


def read_capital(entry: Entry, reader: ListRow, styles: Styles, notes: dict[str, str]) -> Money:
    """Return a project's capital in VND; remarks found in its cells go to `notes`."""
    published = entry.caption.published
    year = published.year if published else None
    units = entry.header.columns.get("unit", ())
    own = cell_text(entry.row, units[0]) if units else ""

    def read(column: int, cell: Cell) -> Reading:
        name = entry.header.money.get(column) or entry.caption.money or own
        unit = Unit(_sound_unit(name), year)
        return read_money(reader_text(cell), cell.raw.numeric, unit, styles.capital)

    found = _readings(entry, "capital", read)
    if not found:
        if entry.header.columns.get("capital"):
            return Money(Interval())
        return _from_text(entry, reader, "capital", styles.capital)
    known = [each for each in found if each[2].interval.known] or found[:1]
    column, cell, reading = reduce(
        lambda first, second: _one_sum(first, second, year, styles), known
    )
    _keep(reader, "capital", cell, reading)
    remarks = [note for note in reading.notes if note not in _NOT_REMARKS]
    if remarks:
        notes["capital_remarks"] = "|".join(dict.fromkeys(remarks))
    unit = entry.header.money.get(column, "") or entry.caption.money or own
    return Money(reading.interval, _with_unit(reader_text(cell), unit))


def read_area(entry: Entry, reader: ListRow, styles: Styles) -> Land:
    """Return a project's land in hectares."""

    def read(column: int, cell: Cell) -> Reading:
        unit = entry.header.land.get(column) or entry.caption.land
        reading = read_land(reader_text(cell), cell.raw.numeric, unit, styles.land)
        title = entry.header.titles[column]
        if not unit and cell.raw.confidence < 1 and "(" in title and _bare(reader_text(cell)):
            doubts = (*reading.doubts, _unit_doubt(title))
            reading = replace(reading, doubts=doubts, confidence=0.5)
        return reading

    found = _readings(entry, "land", read)
    if found and (found[0][0] == entry.header.first("land") or found[0][0] in entry.header.ends):
        _, cell, reading = found[0]
        _keep(reader, "land_ha", cell, reading)
        return Land(reading.interval, reader_text(cell))
    inside = _from_text(entry, reader, "land_ha", styles.land)
    return Land(inside.vnd, inside.text)


def _bare(text: str) -> bool:
    return not any(sign.isalpha() for sign in text)


def _unit_doubt(title: str) -> Doubt:
    return Doubt(
        "land.unit",
        f"Không đọc được đơn vị trong tên cột {title!r}; có phải là ha không?",
        f"The unit in the column's title {title!r} cannot be read; is it hectares?",
        ("ha", "m2"),
    )


def _readings(entry: Entry, role: str, read: Callable[[int, Cell], Reading]) -> list[Found]:
    """Return what each filled column of a role says, ends in columns of their own joined."""
    found: list[Found] = []
    for column in entry.header.columns.get(role, ()):
        cell = cell_at(entry.sheet, entry.row, column, entry.header.titles[column])
        if cell is None or not reader_text(cell):
            continue
        if cell.raw.fault:
            reading = Reading(doubts=(fault_doubt(cell),), confidence=0.0)
        elif shared(entry, column):
            reading = Reading(doubts=(shared_doubt(cell),), confidence=0.0)
        else:
            reading = read(column, cell)
        end = entry.header.ends.get(column, "")
        before = found[-1] if found else None
        other = entry.header.ends.get(before[0], "") if before else ""
        if before and {end, other} == {"low", "high"} and before[2].currency == reading.currency:
            this = (column, cell, reading)
            found[-1] = _joined(this, before) if end == "low" else _joined(before, this)
            continue
        found.append((column, cell, _one_end(reading, end)))
    return found


def _one_end(reading: Reading, end: str) -> Reading:
    """Open the other end of a lone number in a column of least or of most."""
    low, high = reading.interval.low, reading.interval.high
    if not end or low != high:
        return reading
    return replace(reading, interval=Interval(low, None) if end == "low" else Interval(None, high))


def _joined(least_found: Found, most_found: Found) -> Found:
    """Join the least and the most of two columns, in one currency, to one interval.

    Each is read from its own end, however `_one_end` has opened the other meanwhile.
    """
    column, low_cell, low = least_found
    _, cell, high = most_found
    text = f"{reader_text(low_cell)} – {reader_text(cell)}"
    raw = replace(low_cell.raw, text=text, numeric=False)
    both = replace(low_cell, raw=raw)
    least, most = low.interval.low, high.interval.high
    doubts = low.doubts + high.doubts
    if least is not None and most is not None and least > most:
        return column, both, Reading(doubts=(*doubts, _crossed(text)), confidence=0.0)
    interval, confidence = Interval(least, most), min(low.confidence, high.confidence)
    return column, both, replace(low, interval=interval, doubts=doubts, confidence=confidence)


def _crossed(text: str) -> Doubt:
    return Doubt(
        "range.crossed",
        f"{text!r}: số nhỏ nhất lớn hơn số lớn nhất; giá trị đúng là bao nhiêu?",
        f"{text!r}: the least is more than the most; which is right?",
    )


def _one_sum(first: Found, second: Found, year: int | None, styles: Styles) -> Found:
    """Compare the sums of two columns; the one in dong counts."""
    parses = [
        MoneyParse(reading.interval, reading.currency, reader_text(cell), reading.original)
        for _, cell, reading in (first, second)
    ]
    weighed = weigh(parses[0], parses[1], year, style=styles.capital.style, beside=True)
    kept = second if parses[1].currency == "VND" != parses[0].currency else first
    column, cell, reading = kept
    return column, cell, replace(reading, doubts=reading.doubts + weighed.doubts)


def _with_unit(text: str, unit: str) -> str:
    if any(sign.isalpha() or sign in "$€¥₩₫" for sign in text):
        return text
    return f"{text} {unit}".strip()


def _from_text(entry: Entry, reader: ListRow, name: str, style: Style) -> Money:
    """Look for a quantity in the columns of scale, aim and content, as lists often put it there."""
    kind, unit = ("money", "VND") if name == "capital" else ("land", "ha")
    for role in ("scale", "objective", "title"):
        for cell in cells_of(entry, role):
            reading = inside_text(kind, reader_text(cell), unit, style)
            if reading.interval.known:
                _keep(reader, name, cell, reading)
                return Money(reading.interval, reader_text(cell))
    return Money(Interval())


@lru_cache(maxsize=256)
def _sound_unit(name: str) -> str:
    from_text = read_money("1", True, Unit(name), Style())
    return name if from_text.interval.known else ""


def _keep(reader: ListRow, name: str, cell: Cell, reading: Reading) -> None:
    value = interval_value(reading.interval)
    reader.values[name] = cell
    reader.fields[name] = FieldValue(value, cell.raw.text, cell.where, reading.confidence)
    reader.ask(name, name, tuple(dict.fromkeys(reading.doubts)))
