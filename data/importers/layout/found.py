"""What walking down a published list finds: projects, stated totals, what is left out."""

from dataclasses import dataclass, field

from data.importers.grid import Grid, GridRow
from data.importers.layout.caption import Caption
from data.importers.layout.head import ListHeader, cell_text
from data.importers.layout.sections import Heading
from data.importers.report import Skipped

_LARGEST_MERGE = 20_000  # cells


@dataclass(slots=True)
class Sheet:
    """A grid with quick look-ups: rows by number, and where vertically merged cells begin."""

    grid: Grid
    by_number: dict[int, GridRow] = field(default_factory=dict)
    origin: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.by_number = {row.number: row for row in self.grid.rows}
        for merge in self.grid.merges:
            size = (merge.bottom - merge.top + 1) * (merge.right - merge.left + 1)
            if merge.bottom == merge.top or size > _LARGEST_MERGE:
                continue
            for number in range(merge.top + 1, merge.bottom + 1):
                for column in range(merge.left, merge.right + 1):
                    self.origin[number, column] = (merge.top, merge.left)

    def source(self, row: GridRow, column: int) -> tuple[GridRow, int]:
        """Return the cell that holds the text of a cell: its own, or its merge's first."""
        if cell_text(row, column):
            return row, column
        top = self.origin.get((row.number, column))
        above = self.by_number.get(top[0]) if top else None
        return (above, top[1]) if above is not None and top else (row, column)


@dataclass(slots=True)
class Entry:
    """A project's row with all that holds for it; `extra` are rows that go on with its cells."""

    sheet: Sheet
    row: GridRow
    header: ListHeader
    caption: Caption
    headings: tuple[Heading, ...]
    extra: list[tuple[Sheet, GridRow]] = field(default_factory=list)


@dataclass(slots=True)
class Stated:
    """A row that states totals; `scopes` bound the entries it may sum, likeliest first."""

    sheet: Sheet
    row: GridRow
    header: ListHeader
    caption: Caption
    label: str
    scopes: list[tuple[int, int | None]]


@dataclass(slots=True)
class Walk:
    """What a file's tables hold, in order."""

    entries: list[Entry] = field(default_factory=list)
    totals: list[Stated] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    tables: int = 0
