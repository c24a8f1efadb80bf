"""Columns whose titles no word list knows: a caller may tell their meaning, with a doubt.

The function that tells it is handed in (an encoder may stand behind it): reading files knows no
model. It is asked only about lists whose main columns are not all known.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from data.importers.grid import Grid, GridRow
from data.importers.layout.cells import ListRow
from data.importers.layout.columns import learnt_roles, title_key
from data.importers.layout.found import Entry
from data.importers.layout.head import cell_text, filled, find_header
from data.quantities import find_quantities
from data.reference.doubts import Doubt

NameColumns = Callable[[Sequence[str]], Sequence[str]]
"""Titles to roles ("title", "capital", "land", "location", "sector" …), "" where unsure."""

_MAIN = ("title", "capital", "land", "location", "sector")
_FIELDS = {"land": "land_ha"}
_CONFIDENCE = 0.5
_SEARCHED = 30
_LOOKED_AT = 200  # rows of a table
_SHARE = 0.6  # of a column's cells that must be such quantities
_HEDGE = 12  # characters before a quantity: "khoảng", "approx."
_FEWEST = 3
_LONGEST = 60


@contextmanager
def named_columns(grids: Sequence[Grid], name_columns: NameColumns | None) -> Iterator[None]:
    """Let titles that are unknown mean what `name_columns` says, within the block."""
    roles = roles_by_content(grids)
    titles = [each for each in unknown_titles(grids) if title_key(each) not in roles]
    if name_columns is not None and titles:
        told = zip(titles, name_columns(titles), strict=True)
        roles = {title_key(title): role for title, role in told if role} | roles
    if not roles:
        yield
        return
    token = learnt_roles.set(roles)
    try:
        yield
    finally:
        learnt_roles.reset(token)


def roles_by_content(grids: Sequence[Grid]) -> dict[str, str]:
    """Return the columns of unknown titles whose cells are sums or areas, where a list has none."""
    found: dict[str, str] = {}
    for grid in grids:
        header = find_header(grid)
        if header is None:
            continue
        known = {place for places in header.columns.values() for place in places}
        rows = grid.rows[header.rows[1] : header.rows[1] + _LOOKED_AT]
        for role, kind in (("capital", "money"), ("land", "land")):
            if header.columns.get(role):
                continue
            likely = [place for place in header.titles if place not in known and
                      _mostly(rows, place, kind)]  # fmt: skip
            if len(likely) == 1:
                found[title_key(header.titles[likely[0]].split(" – ")[-1])] = role
    return {key: role for key, role in found.items() if key}


def _mostly(rows: Sequence[GridRow], column: int, kind: str) -> bool:
    """Tell whether most cells of a column begin with a quantity of a kind, and are hardly more."""
    texts = [text for row in rows if (text := cell_text(row, column))]
    hits = 0
    for text in texts:
        quantities = find_quantities(text)
        if quantities and quantities[0].kind == kind and quantities[0].start <= _HEDGE:
            hits += quantities[0].end - quantities[0].start >= len(text) / 2
    return hits >= max(2, _SHARE * len(texts))


def unknown_titles(grids: Sequence[Grid]) -> list[str]:
    """Return the titles that no word list knows, of tables whose main columns are not all known."""
    found: dict[str, None] = {}
    for grid in grids:
        header = find_header(grid)
        if header is not None and all(header.columns.get(role) for role in _MAIN):
            continue
        if header is not None:
            known = {place for places in header.columns.values() for place in places}
            found |= {title: None for place, title in header.titles.items() if place not in known}
            continue
        row = next((row for row in grid.rows[:_SEARCHED] if _may_be_titles(row)), None)
        if row is not None:
            found |= {cell_text(row, place): None for place in filled(row)}
    return [title for title in found if title]


def _may_be_titles(row: GridRow) -> bool:
    texts = [cell_text(row, place) for place in filled(row)]
    return len(texts) >= _FEWEST and all(
        text[0].isalpha() and len(text) <= _LONGEST and not any(each.numeric for each in row.cells)
        for text in texts
    )


def ask_meaning(entry: Entry, reader: ListRow) -> None:
    """Ask about the columns of a row whose meaning was told by no word list."""
    learnt = learnt_roles.get()
    if not learnt:
        return
    for role in _MAIN:
        column = entry.header.first(role)
        title = entry.header.titles.get(column, "") if column is not None else ""
        field = _FIELDS.get(role, role)
        if title_key(title.split(" – ")[-1]) in learnt and field in reader.fields:
            reader.ask(field, field, (_doubt(title, role),))
            kept = reader.fields[field]
            reader.fields[field] = replace(kept, confidence=min(kept.confidence, _CONFIDENCE))


def _doubt(title: str, role: str) -> Doubt:
    vi = {"title": "tên dự án", "capital": "vốn", "land": "diện tích", "location": "địa điểm",
          "sector": "lĩnh vực"}[role]  # fmt: skip
    return Doubt(
        "column.meaning",
        f"Cột {title!r} được hiểu là {vi}: có đúng không?",
        f"The column {title!r} was taken for {role}: is that right?",
    )
