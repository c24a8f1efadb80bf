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


@dataclass(frozen=True, slots=True)
class RawCell:
    """A cell's text; `numeric` when the file holds a number, whose text is then 1234.5."""

    text: str
    numeric: bool = False
    fault: str = ""  # why the cell has no value: a formula's error, no stored result


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row with the number that Excel shows beside it."""

    number: int
    cells: Sequence[RawCell]

    @property
    def blank(self) -> bool:
        return not any(cell.text.strip() or cell.fault for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet; `sheet` is its name, empty for a text file. Blank rows are left out."""

    sheet: str
    rows: Sequence[GridRow] = field(default=())

    def row_place(self, number: int) -> str:
        """Return "sheet 'Danh mục', row 5", or "row 5" for a text file."""
        return f"sheet {self.sheet!r}, row {number}" if self.sheet else f"row {number}"

    def place(self, number: int, index: int, name: str = "") -> str:
        """Return where a cell is: "row 5, column C (capital_min)"."""
        title = f" ({name})" if name else ""
        return f"{self.row_place(number)}, column {column_letter(index)}{title}"
