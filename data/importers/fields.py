"""Read one row's cells into values, keeping text, place and confidence, doubts and problems."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from data.importers.grid import Grid, GridRow, RawCell
from data.importers.header import Header
from data.importers.problems import Problem, shown
from data.quantities import Interval, NumberStyle
from data.records import PartialDate, Place
from data.reference.doubts import Doubt
from data.reference.spelling import fold, nfc

NO_PLACE = Place()
LONGEST_ID = 200
LONGEST_NAME = 500
_NOTHING = frozenset({"", "-", "--", "...", "…", "n/a", "na", "null", "none", "nan"})
_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?")
_OTHER_DATE = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_EMPTY = RawCell("")


@dataclass(frozen=True, slots=True)
class FieldValue:
    """What was read: a JSON value, the text it came from, its place, confidence from 0 to 1."""

    value: Any
    text: str
    where: str
    confidence: float


@dataclass(frozen=True, slots=True)
class FieldDoubt:
    """A question about one field of a row."""

    field: str
    where: str
    doubt: Doubt


@dataclass(frozen=True, slots=True)
class FileContext:
    """What holds for every row of a file: how it writes numbers, the province given outside."""

    capital_style: NumberStyle = NumberStyle.GUESS
    land_style: NumberStyle = NumberStyle.GUESS
    default_place: Place = NO_PLACE


@dataclass(slots=True)
class RowReader:
    """One row being read. Methods return a harmless value where they note a problem."""

    grid: Grid
    header: Header
    row: GridRow
    context: FileContext
    fields: dict[str, FieldValue] = field(default_factory=dict)
    doubts: list[FieldDoubt] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    left_out: str = ""  # why the row is not imported though nothing in it is wrong

    def has(self, name: str) -> bool:
        """Tell whether the file has the column."""
        return name in self.header.known

    def cell(self, name: str) -> RawCell:
        """Return the raw cell of a column, empty where the file lacks it."""
        place = self.header.known.get(name)
        cells = self.row.cells
        return cells[place] if place is not None and place < len(cells) else _EMPTY

    def raw(self, name: str) -> str:
        """Return the cell's text, composed and trimmed; "-" and the like are empty."""
        text = nfc(self.cell(name).text.replace("\u00a0", " ")).strip()
        return "" if len(text) < 8 and fold(text) in _NOTHING else text

    def where(self, name: str) -> str:
        """Return the place of a column's cell in this row."""
        place = self.header.known.get(name)
        if place is None:
            return self.grid.row_place(self.row.number)
        return self.grid.place(self.row.number, place, name)

    def problem(self, name: str, value: str, why: str, remedy: str) -> None:
        """Note what is wrong with a cell."""
        self.problems.append(Problem(self.where(name), value, why, remedy))

    def keep(self, name: str, value: Any, *, confidence: float = 1.0, text: str = "") -> None:
        """Keep a field's value with the text of its own column, if the file has it."""
        if self.has(name):
            written = text or self.cell(name).text
            self.fields[name] = FieldValue(value, written, self.where(name), confidence)

    def ask(self, name: str, source: str, doubts: Sequence[Doubt]) -> None:
        """Note doubts about a field; `source` is the column that the place is told by."""
        where = self.where(source)
        self.doubts.extend(FieldDoubt(name, where, doubt) for doubt in doubts)

    def check_faults(self) -> None:
        """Note every cell that has no value because a formula failed."""
        for place, cell in enumerate(self.row.cells):
            if cell.fault:
                title = next(
                    (name for name, at in self.header.known.items() if at == place),
                    next((name for name, at in self.header.others.items() if at == place), ""),
                )
                self.problems.append(
                    Problem(
                        self.grid.place(self.row.number, place, title),
                        cell.text,
                        f"The value cannot be read: {cell.fault}.",
                        "Replace the formula by its value.",
                    )
                )

    def text(self, name: str, *, longest: int = 0) -> str:
        """Return a text cell, empty when unknown."""
        found = self.raw(name)
        if longest and len(found) > longest:
            self.problem(
                name,
                found,
                f"{shown(found)} is {len(found):,} characters long.",
                f"Shorten it to {longest}.",
            )
        self.keep(name, found)
        return found

    def required(self, name: str, *, longest: int) -> str:
        """Return a text cell that may not be empty; a missing one is a problem."""
        found = self.text(name, longest=longest)
        if not found and not self.cell(name).fault:
            self.problem(name, "", f"{name} is empty.", "Fill it in, or delete the row.")
        return found

    def identifier(self, name: str) -> str:
        """Return a required id: one line, no control characters."""
        found = self.required(name, longest=LONGEST_ID)
        if any(not sign.isprintable() for sign in found):
            self.problem(name, found, f"The id {shown(found)} holds a line break or control sign.",
                         "Write the id on one line.")  # fmt: skip
        return found

    def listed(self, name: str) -> tuple[str, ...]:
        """Return the parts of a cell separated by "|", without repetitions."""
        parts = (part.strip() for part in self.raw(name).split("|"))
        found = tuple(dict.fromkeys(part for part in parts if part))
        self.keep(name, list(found))
        return found

    def date(self, name: str) -> PartialDate | None:
        """Return a date written YYYY, YYYY-MM or YYYY-MM-DD; None when unknown."""
        found = self.raw(name)
        timed = _TIME.fullmatch(found)
        written = timed[1] if timed else found
        made = None
        if written:
            try:
                made = PartialDate(written)
                if not 1900 <= made.year <= 2200:
                    raise ValueError(f"{written!r} is not in 1900 to 2200.")
            except ValueError as error:
                self.problem(name, found, str(error), _date_remedy(written))
        self.keep(name, made.text if made else None)
        return made

    def choice(self, name: str, words: dict[str, str], default: str) -> str:
        """Return the value that a folded word stands for; unknown words are a problem."""
        found = self.raw(name)
        value = words.get(fold(found)) if found else default
        if value is None:
            allowed = " or ".join(dict.fromkeys(words.values()))
            self.problem(name, found, f"{shown(found)} is not a known {name}.", f"Write {allowed}.")
        self.keep(name, value or default)
        return value or default

    def notes(self) -> dict[str, str]:
        """Return the filled cells of columns that the kind does not know."""
        found = {}
        for title, place in self.header.others.items():
            text = nfc(self.row.cells[place].text).strip() if place < len(self.row.cells) else ""
            if text:
                found[title] = text
        return found


def interval_value(interval: Interval) -> dict[str, float | None]:
    """Return an interval as JSON shows it, whole numbers without a fraction."""

    def end(value: float | None) -> float | None:
        return int(value) if value is not None and value == int(value) else value

    return {"min": end(interval.low), "max": end(interval.high)}


def _date_remedy(text: str) -> str:
    other = _OTHER_DATE.fullmatch(text)
    if other and 1 <= int(other[2]) <= 12 and 1 <= int(other[1]) <= 31:
        meant = f"{other[3]}-{int(other[2]):02}-{int(other[1]):02}"
        return f"If the day stands first, write {meant}."
    return "Write YYYY, YYYY-MM or YYYY-MM-DD, or leave it empty if it may be."
