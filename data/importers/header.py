"""Find the header of a table and which column holds what."""

import difflib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from data.importers.grid import Grid, GridRow
from data.importers.problems import Problem, shown
from data.reference.spelling import nfc


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns a kind of file may have, in the order of the documentation.

    `other_names` are those under which other files hold the same columns.
    """

    required: tuple[str, ...]
    optional: tuple[str, ...]
    other_names: Mapping[str, str] = field(default_factory=dict)

    @property
    def all(self) -> tuple[str, ...]:
        return self.required + self.optional

    def key(self, title: str) -> str:
        """Return the column that a title names, or the title written as columns are."""
        key = column_key(title)
        return self.other_names.get(key, key)


@dataclass(frozen=True, slots=True)
class Header:
    """Where each known column is (from 0), the titles of the others, and the row's number."""

    number: int
    known: Mapping[str, int]
    others: Mapping[str, int]


def column_key(title: str) -> str:
    """Return a title as column names are written: "Call ID *" becomes "call_id"."""
    return "_".join(nfc(title).strip().rstrip("*").lower().replace("-", " ").split())


def fits(grid: Grid, columns: Columns) -> bool:
    """Tell whether the table's first row holds every required column."""
    if not grid.rows:
        return False
    keys = {columns.key(cell.text) for cell in grid.rows[0].cells}
    return keys.issuperset(columns.required)


def intended(grid: Grid, columns: Columns) -> bool:
    """Tell whether the first row is meant as a header of ours, though something is wrong in it."""
    keys = [key for cell in grid.rows[0].cells if (key := columns.key(cell.text))]
    return sum(key in columns.all for key in keys) * 2 >= len(keys)


def read_header(grid: Grid, columns: Columns, kinds: Mapping[str, Columns]) -> Header:
    """Return the header of a table.

    `kinds` are all kinds' columns, to say when a file is of another kind. Raises HeaderProblem
    with everything that is wrong with the header.
    """
    first = grid.rows[0]
    titles = [nfc(cell.text).strip() for cell in first.cells]
    keys = [columns.key(title) for title in titles]
    problems = _repeated(grid, first, titles, keys) + _missing(grid, titles, keys, columns, kinds)
    problems += _nameless(grid, keys)
    if problems:
        raise HeaderProblem(problems)
    known = {key: place for place, key in enumerate(keys) if key in columns.all}
    others = {
        titles[place]: place for place, key in enumerate(keys) if key and key not in columns.all
    }
    return Header(first.number, known, others)


class HeaderProblem(Exception):
    """A header that cannot be used."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = tuple(problems)


def _repeated(
    grid: Grid, first: GridRow, titles: Sequence[str], keys: Sequence[str]
) -> list[Problem]:
    problems = []
    for key, count in Counter(key for key in keys if key).items():
        if count > 1:
            places = [place for place, other in enumerate(keys) if other == key]
            before = grid.place(first.number, places[0])
            problems.append(
                Problem(
                    grid.place(first.number, places[1]),
                    titles[places[1]],
                    f"The column {shown(titles[places[1]])} is there already, at {before}.",
                    "Remove or rename one of them.",
                )
            )
    return problems


def _missing(
    grid: Grid,
    titles: Sequence[str],
    keys: Sequence[str],
    columns: Columns,
    kinds: Mapping[str, Columns],
) -> list[Problem]:
    missing = [name for name in columns.required if name not in keys]
    if not missing:
        return []
    present = ", ".join(shown(title) for title in titles[:30] if title) or "none"
    remedy = f"The columns there are {present}."
    unused = [key for key in keys if key and key not in columns.all]
    guesses = [
        f"rename {titles[keys.index(close[0])]!r} to {name}"
        for name in missing
        if (close := difflib.get_close_matches(name, unused, n=1))
    ]
    other = next((kind for kind, its in kinds.items() if set(its.required) <= set(keys)), "")
    if other:
        remedy += f" They are those of {other}: use `ketnoi import {other} FILE`."
    elif guesses:
        remedy += f" Perhaps {', '.join(guesses)}."
    else:
        remedy += " Put the column names in the first row, as docs/import.md lists them."
    listed = ", ".join(missing)
    noun = "columns are" if len(missing) > 1 else "column is"
    where = grid.row_place(grid.rows[0].number)
    return [Problem(where, "", f"The required {noun} missing: {listed}.", remedy)]


def _nameless(grid: Grid, keys: Sequence[str]) -> list[Problem]:
    """Point at the first value that stands under no title."""
    for row in grid.rows[1:]:
        for place, cell in enumerate(row.cells):
            if cell.text.strip() and (place >= len(keys) or not keys[place]):
                return [
                    Problem(
                        grid.place(row.number, place),
                        cell.text,
                        f"The value {shown(cell.text)} stands in a column without a name.",
                        "Name the column in the first row, or empty it.",
                    )
                ]
    return []
