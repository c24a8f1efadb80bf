"""A table as read from a file, before anything is understood: cells with their places."""

from collections.abc import Sequence
from dataclasses import dataclass, field

LONGEST_CELL = 100_000  # characters; Excel itself allows 32,767
LARGEST_FILE = 200_000_000  # bytes
MOST_COLUMNS = 500


def column_letter(index: int) -> str:
    """Return the letters Excel gives to a column, counted from 0: A … Z, AA …"""
    letters = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """Return the column, counted from 0, of the letters that Excel gives it."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


@dataclass(frozen=True, slots=True)
class RawCell:
    """A cell's text; `numeric` when the file holds a number, whose text is then 1234.5.

    Of a cell read from a picture, `confidence` (0..1) says how sure the reading is, and `readings`
    what else it may say. `unruled` tells that no line parts the cell from the next row's, and that
    part of its text may be that row's.
    """

    text: str
    numeric: bool = False
    fault: str = ""  # why the cell has no value: a formula's error, no stored result
    confidence: float = 1.0
    readings: tuple[str, ...] = ()
    unruled: bool = False


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row with the number that Excel shows beside it."""

    number: int
    cells: Sequence[RawCell]

    @property
    def blank(self) -> bool:
        return not any(cell.text.strip() or cell.fault for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Merge:
    """Merged cells: row numbers as shown, columns from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet; `sheet` is its name, empty for a text file. Blank rows are left out.

    A table of a document has a `label` ("page 3", "table 2") in place of a name, `captions`, the
    lines above it, and `continues` when it may go on with the table before it. `remarks` tell (in
    Vietnamese, in English) how the file was read where that is not plain. `hidden` are the numbers
    of rows that Excel does not show.
    """

    sheet: str
    rows: Sequence[GridRow] = field(default=())
    merges: Sequence[Merge] = field(default=())
    label: str = ""
    captions: Sequence[str] = field(default=())
    continues: bool = False
    remarks: Sequence[tuple[str, str]] = field(default=())
    hidden: frozenset[int] = frozenset()

    def row_place(self, number: int) -> str:
        """Return "sheet 'Danh mục', row 5", "page 3, row 5", or "row 5" for a text file."""
        if self.label:
            return f"{self.label}, row {number}"
        return f"sheet {self.sheet!r}, row {number}" if self.sheet else f"row {number}"

    def place(self, number: int, index: int, name: str = "") -> str:
        """Return where a cell is: "row 5, column C (capital_min)"."""
        title = f" ({name})" if name else ""
        return f"{self.row_place(number)}, column {column_letter(index)}{title}"
