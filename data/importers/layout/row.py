"""One project of a published list, read into a call; what is unclear becomes a doubt."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from data.importers.amounts import ask_plausibility
from data.importers.fields import FieldValue, FileContext, RowReader, interval_value
from data.importers.grid import Grid, GridRow, RawCell
from data.importers.header import Header
from data.importers.layout.caption import mentions
from data.importers.layout.found import Entry, Sheet
from data.importers.layout.head import cell_text
from data.importers.layout.parks import park_province
from data.importers.layout.sections import innermost
from data.importers.layout.sums import (
    UNSETTLED,
    Reading,
    Style,
    Unit,
    disagreement,
    inside_text,
    read_land,
    read_money,
)
from data.importers.places import place_of, place_value, read_place, read_sectors
from data.importers.problems import shown
from data.quantities import Interval, MoneyParse
from data.records import Land, Money, Place, ProjectCall
from data.reference.doubts import Doubt
from data.reference.provinces import resolve_province
from data.reference.spelling import nfc

_PARTS = ("location", "scale", "objective")
_NO_HEADER = Header(0, {}, {})


@dataclass(frozen=True, slots=True)
class Styles:
    """How a file writes numbers in its columns of capital and of land."""

    capital: Style = UNSETTLED
    land: Style = UNSETTLED


@dataclass(frozen=True, slots=True)
class Cell:
    """A value of a list: its cell, its place, and how sure it is that it belongs to the row."""

    raw: RawCell
    where: str
    confidence: float = 1.0


_NO_CELL = Cell(RawCell(""), "")


@dataclass(slots=True)
class ListRow(RowReader):
    """A row reader whose fields may stand anywhere: in cells, headings, or lines above a list."""

    values: dict[str, Cell] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        return name in self.values

    def cell(self, name: str) -> RawCell:
        return self.values.get(name, _NO_CELL).raw

    def where(self, name: str) -> str:
        found = self.values.get(name)
        return found.where if found else self.grid.row_place(self.row.number)

    def problem(self, name: str, value: str, why: str, remedy: str) -> None:
        """Ask about a cell that is wrong: a list is not refused for it."""
        doubt = Doubt(f"{name}.unreadable", f"Không hiểu {shown(value)}.", f"{why} {remedy}")
        self.ask(name, name, (doubt,))


def list_row(grid: Grid, row: GridRow, context: FileContext) -> ListRow:
    """Return an empty reader of a row."""
    return ListRow(grid, _NO_HEADER, row, context)


def cells_of(entry: Entry, role: str) -> list[Cell]:
    """Return the filled cells of a role, those of vertically merged cells among them."""
    found = []
    for column in entry.header.columns.get(role, ()):
        cell = cell_at(entry.sheet, entry.row, column, entry.header.titles[column])
        if cell is not None:
            found.append(cell)
    for sheet, row in entry.extra:
        for column in entry.header.columns.get(role, ()):
            text = cell_text(row, column)
            if text:
                where = sheet.grid.place(row.number, column, entry.header.titles[column])
                found.append(Cell(row.cells[column], where))
    return found


def cell_at(sheet: Sheet, row: GridRow, column: int, title: str) -> Cell | None:
    """Return a cell, its merge's first if it is merged; None when it is empty."""
    source, place = sheet.source(row, column)
    if not cell_text(source, place) and not (
        place < len(source.cells) and source.cells[place].fault
    ):
        return None
    return Cell(source.cells[place], sheet.grid.place(source.number, place, title))


def joined(cells: Sequence[Cell], sign: str) -> Cell:
    """Return cells as one, each on one line, their texts joined."""
    texts = [" ".join(nfc(cell.raw.text).split()) for cell in cells]
    return Cell(RawCell(sign.join(texts)), cells[0].where, cells[0].confidence)


def build_call(entry: Entry, reader: ListRow, styles: Styles) -> ProjectCall:
    """Return the call of an entry; its id is left empty."""
    _place_cells(entry, reader)
    codes, sector = read_sectors(reader, "sector")
    place = _province(entry, reader)
    notes = _notes(entry)
    capital = _capital(entry, reader, styles, notes)
    land = _land(entry, reader, styles)
    call = ProjectCall(
        call_id="",
        title=reader.text("title"),
        title_en=reader.text("title_en"),
        sectors=codes,
        sector_as_written=sector,
        place=place,
        location=reader.text("location"),
        description=reader.text("description"),
        land=land,
        capital=capital,
        form=reader.text("form"),
        published_on=reader.date("published_on"),
        source_url=reader.text("source_url"),
        notes=notes,
    )
    _ask_plausibility(reader, capital, land)
    _weigh(reader)
    return call


def _place_cells(entry: Entry, reader: ListRow) -> None:
    """Lay out the cells, headings and captions that hold for the entry by the call's fields."""
    for role, sign in (
        ("title", " "), ("title_en", " "), ("location", ", "), ("sector", "; "), ("form", "; "),
        ("province", " "), ("source_url", " "),
    ):  # fmt: skip
        cells = cells_of(entry, role)
        if cells:
            reader.values[role] = joined(cells, sign)
        reader.ask(role, role, [_fault(cell) for cell in cells if cell.raw.fault])
    for role, kinds in (("sector", ("sector",)), ("form", ("form",)), ("location", ("site",))):
        heading = innermost(entry.headings, *kinds)
        if heading is None and role == "sector":
            heading = innermost(entry.headings, "other")
        if heading is not None and role not in reader.values:
            reader.values[role] = Cell(RawCell(heading.text), heading.where, 0.9)
    described = [
        f"{_short(entry.header.titles[column])}: {cell_text(*source)}"
        for role in ("objective", "scale")
        for column in entry.header.columns.get(role, ())
        if cell_text(*(source := entry.sheet.source(entry.row, column)))
    ]
    described += [cell_text(row, c) for _, row in entry.extra for role in ("objective", "scale")
                  for c in entry.header.columns.get(role, ()) if cell_text(row, c)]  # fmt: skip
    if described:
        where = entry.sheet.grid.row_place(entry.row.number)
        reader.values["description"] = Cell(RawCell("; ".join(described)), where)
    if entry.caption.published is not None:
        text = entry.caption.published.text
        reader.values["published_on"] = Cell(RawCell(text), entry.caption.where, 0.9)


def _short(title: str) -> str:
    return re.sub(r"\s*\([^()]*\)", "", title.split(" – ")[-1]).strip()


def _notes(entry: Entry) -> dict[str, str]:
    """Return the cells of columns that no field has, with the period and unknown headings."""
    kept = {"number", "title", "title_en", "location", "sector", "province", "form", "source_url"}
    used = {c for role in kept for c in entry.header.columns.get(role, ())}
    used |= {c for role in ("capital", "land") for c in entry.header.columns.get(role, ())[:1]}
    notes = {}
    for column, title in entry.header.titles.items():
        texts = [cell_text(*entry.sheet.source(entry.row, column))]
        texts += [cell_text(row, column) for _, row in entry.extra]
        text = " ".join(text for text in texts if text)
        if column not in used and text:
            notes[title] = text
    if entry.caption.period:
        notes.setdefault("period", entry.caption.period)
    others = [each.text for each in entry.headings if each.kind in ("other", "site")]
    if others:
        notes.setdefault("heading", " / ".join(others))
    return notes


def _province(entry: Entry, reader: ListRow) -> Place:
    """Return the province: the row's own, a heading's, the caller's, the title's, the place's."""
    if reader.raw("province"):
        return read_place(reader, "province", "")
    heading = innermost(entry.headings, "province", "site")
    location = reader.raw("location")
    titled = entry.caption.place
    if heading is not None and heading.place.code:
        place, where, confidence = heading.place, heading.where, 0.9
    elif reader.context.default_place.code:
        place, where, confidence = reader.context.default_place, reader.where("title"), 1.0
    elif titled.code:
        place, where, confidence = titled, entry.caption.where, 0.9
    else:
        place, where, confidence = _place_of_location(location), reader.where("location"), 0.7
    if place.code:
        value = place_value(place)
        reader.fields["province"] = FieldValue(value, place.as_written, where, confidence)
    else:
        question = Doubt(
            "province.missing",
            "Dự án này ở tỉnh nào?",
            "Which province is the project in? Neither the row nor the list's title says so.",
        )
        reader.ask("province", "title", (question,))
    return place


def _place_of_location(location: str) -> Place:
    match = resolve_province(location.rsplit(",", 1)[-1]) if location else None
    if match is not None:
        return place_of(match)
    named = mentions(location)
    if len({each.code for each in named}) == 1:
        return place_of(named[0])
    park = resolve_province(park_province(location)) if location and not named else None
    return replace(place_of(park), as_written=location) if park is not None else Place()


def _capital(entry: Entry, reader: ListRow, styles: Styles, notes: dict[str, str]) -> Money:
    published = entry.caption.published
    year = published.year if published else None
    columns = entry.header.columns.get("capital", ())
    units = [*entry.header.columns.get("unit", ())]
    own_unit = cell_text(entry.row, units[0]) if units else ""
    found: list[tuple[Cell, Reading]] = []
    for column in columns:
        cell = cell_at(entry.sheet, entry.row, column, entry.header.titles[column])
        if cell is None or not reader_text(cell):
            continue
        name = entry.header.money.get(column) or entry.caption.money or own_unit
        unit = Unit(_sound_unit(name), year)
        reading = read_money(reader_text(cell), cell.raw.numeric, unit, styles.capital)
        if cell.raw.fault:
            reading = Reading(doubts=(_fault(cell),), confidence=0.0)
        elif _shared(entry, column):
            reading = Reading(doubts=(_shared_doubt(cell),), confidence=0.0)
        found.append((cell, reading))
    if not found and not columns:
        return _from_text(entry, reader, "capital", styles.capital)
    if not found:
        return Money(Interval())
    cell, reading = next(((c, r) for c, r in found if r.interval.known), found[0])
    doubts = reading.doubts
    for other_cell, other in found:
        if other_cell is not cell and other.interval.known:
            doubts += disagreement(_as_parse(cell, reading), _as_parse(other_cell, other))
    _keep(reader, "capital", cell, replace(reading, doubts=doubts))
    remarks = [note for note in reading.notes if note != "open"]
    if remarks:
        notes["capital_remarks"] = "|".join(dict.fromkeys(remarks))
    return Money(reading.interval, _with_unit(entry, cell, columns, own_unit))


def _with_unit(entry: Entry, cell: Cell, columns: Sequence[int], own: str) -> str:
    text = reader_text(cell)
    if any(sign.isalpha() or sign in "$€¥₩₫" for sign in text):
        return text
    titles = entry.header.titles
    column = next((c for c in columns if cell.where.endswith(f"({titles[c]})")), None)
    unit = (entry.header.money.get(column, "") if column is not None else "") or (
        entry.caption.money or own
    )
    return f"{text} {unit}".strip()


def _as_parse(cell: Cell, reading: Reading) -> MoneyParse:
    return MoneyParse(reading.interval, "", reader_text(cell))


def _land(entry: Entry, reader: ListRow, styles: Styles) -> Land:
    columns = entry.header.columns.get("land", ())
    for column in columns[:1]:
        cell = cell_at(entry.sheet, entry.row, column, entry.header.titles[column])
        if cell is None or not reader_text(cell):
            continue
        unit = entry.header.land.get(column) or entry.caption.land
        reading = read_land(reader_text(cell), cell.raw.numeric, unit, styles.land)
        if cell.raw.fault:
            reading = Reading(doubts=(_fault(cell),), confidence=0.0)
        elif _shared(entry, column):
            reading = Reading(doubts=(_shared_doubt(cell),), confidence=0.0)
        _keep(reader, "land_ha", cell, reading)
        return Land(reading.interval, reader_text(cell))
    found = _from_text(entry, reader, "land_ha", styles.land)
    return Land(found.vnd, found.text)


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


def reader_text(cell: Cell) -> str:
    """Return a cell's text, composed, on one line; "-" and the like are empty."""
    text = " ".join(nfc(cell.raw.text.replace("\u00a0", " ")).split())
    return "" if text in ("-", "--", "–", "...", "…", "/") else text


@lru_cache(maxsize=256)
def _sound_unit(name: str) -> str:
    from_text = read_money("1", True, Unit(name), Style())
    return name if from_text.interval.known else ""


def _shared(entry: Entry, column: int) -> bool:
    """Tell whether one cell is merged over several projects: its sum is theirs together."""
    own = (entry.row.number, column)
    title = entry.header.first("title")
    below = next(
        (m for m in entry.sheet.grid.merges
         if m.left <= column <= m.right and m.top <= own[0] <= m.bottom and m.bottom > m.top),
        None,
    )  # fmt: skip
    if below is None or title is None:
        return False
    titles = [
        row
        for number in range(below.top, below.bottom + 1)
        if (row := entry.sheet.by_number.get(number)) is not None and cell_text(row, title)
    ]
    return len(titles) > 1


def _shared_doubt(cell: Cell) -> Doubt:
    text = reader_text(cell)
    return Doubt(
        "cell.shared",
        f"{shown(text)} ghi chung cho nhiều dự án; dự án này là bao nhiêu?",
        f"{shown(text)} is stated for several projects together; how much is this one's?",
    )


def _fault(cell: Cell) -> Doubt:
    return Doubt(
        "cell.fault",
        f"Ô không có giá trị ({cell.raw.text or 'công thức'}); giá trị là bao nhiêu?",
        f"The value cannot be read: {cell.raw.fault}; what is it?",
    )


def _keep(reader: ListRow, name: str, cell: Cell, reading: Reading) -> None:
    value = interval_value(reading.interval)
    reader.values[name] = cell
    reader.fields[name] = FieldValue(value, cell.raw.text, cell.where, reading.confidence)
    reader.ask(name, name, tuple(dict.fromkeys(reading.doubts)))


def _ask_plausibility(reader: ListRow, capital: Money, land: Land) -> None:
    kept = reader.values.get("capital")
    if kept is not None:
        reader.values["capital_min"] = kept
    ask_plausibility(reader, capital, land)
    reader.values.pop("capital_min", None)


def _weigh(reader: ListRow) -> None:
    """Lower the confidence of values that came from outside the row or are in doubt."""
    doubted = {each.field for each in reader.doubts}
    for name, kept in reader.fields.items():
        most = reader.values[name].confidence if name in reader.values else 1.0
        known = kept.value not in (None, "", [], {"min": None, "max": None})
        if name in doubted:
            most = min(most, 0.5 if known else 0.0)
        reader.fields[name] = replace(kept, confidence=min(kept.confidence, most))
