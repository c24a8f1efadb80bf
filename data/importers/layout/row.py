"""One project of a published list, read into a call; what is unclear becomes a doubt."""

import re
from dataclasses import replace

from data.importers.amounts import ask_plausibility
from data.importers.fields import FieldValue
from data.importers.grid import RawCell
from data.importers.layout.caption import mentions
from data.importers.layout.cells import Cell, ListRow, ask_unclear, cells_of, fault_doubt, joined
from data.importers.layout.found import Entry
from data.importers.layout.head import cell_text
from data.importers.layout.parks import park_province
from data.importers.layout.sections import innermost
from data.importers.layout.sizes import Styles, read_area, read_capital
from data.importers.places import place_of, place_value, read_place, read_sectors
from data.records import Land, Money, Place, ProjectCall
from data.reference.doubts import Doubt
from data.reference.provinces import resolve_province
from data.reference.spelling import has_marks

_HIDDEN = Doubt(
    "row.hidden",
    "Hàng này bị ẩn trong Excel: dự án có còn kêu gọi đầu tư không?",
    "The row is hidden in Excel: does the project still call for investment?",
)


def build_call(entry: Entry, reader: ListRow, styles: Styles) -> ProjectCall:
    """Return the call of an entry; its id is left empty."""
    _place_cells(entry, reader)
    codes, sector = read_sectors(reader, "sector")
    place = _province(entry, reader)
    notes = _notes(entry)
    capital = read_capital(entry, reader, styles, notes)
    land = read_area(entry, reader, styles)
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
    ask_unclear(reader)
    if entry.row.number in entry.sheet.grid.hidden:
        reader.ask("title", "title", (_HIDDEN,))
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
        reader.ask(role, role, [fault_doubt(cell) for cell in cells if cell.raw.fault])
    _part_languages(entry, reader)
    for role, kinds in (("sector", ("sector",)), ("form", ("form",)), ("location", ("site",))):
        heading = innermost(entry.headings, *kinds)
        if heading is None and role == "sector":
            heading = innermost(entry.headings, "other")
        if heading is not None and role not in reader.values:
            reader.values[role] = Cell(RawCell(heading.text), heading.where, 0.9)
    if entry.caption.sector and "sector" not in reader.values:
        reader.values["sector"] = Cell(RawCell(entry.caption.sector), entry.caption.where, 0.9)
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


def _part_languages(entry: Entry, reader: ListRow) -> None:
    """Part "Nhà máy bịa / Made-up plant" where the column's title has two languages as well."""
    column, cell = entry.header.first("title"), reader.values.get("title")
    if column is None or cell is None or "title_en" in reader.values:
        return
    if len(re.split(r"\s*/\s*", entry.header.titles[column])) != 2:
        return
    written = entry.row.cells[column].text if column < len(entry.row.cells) else ""
    parts = re.split(r"\s+/\s+|\s*\n\s*", written.strip())
    if len(parts) == 2 and has_marks(parts[0]) and not has_marks(parts[1]):
        for name, text in zip(("title", "title_en"), parts, strict=True):
            raw = replace(cell.raw, text=" ".join(text.split()))
            reader.values[name] = replace(cell, raw=raw)


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
    others = [each.text for each in entry.headings if each.kind in ("other", "site", "zone")]
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
        cell = reader.values.get(name)
        most = min(cell.confidence, cell.raw.confidence) if cell is not None else 1.0
        known = kept.value not in (None, "", [], {"min": None, "max": None})
        if name in doubted:
            most = min(most, 0.5 if known else 0.0)
        reader.fields[name] = replace(kept, confidence=min(kept.confidence, most))
