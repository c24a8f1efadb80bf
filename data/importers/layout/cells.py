"""A project's cells: its own, those merged with it from above, those of rows that go on."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from data.importers.fields import FileContext, RowReader
from data.importers.grid import Grid, GridRow, RawCell
from data.importers.header import Header
from data.importers.layout.found import Entry, Sheet
from data.importers.layout.head import cell_text
from data.importers.problems import shown
from data.reference.doubts import Doubt
from data.reference.spelling import nfc

_NO_HEADER = Header(0, {}, {})


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
    sure = min(cell.raw.confidence for cell in cells)
    readings = cells[0].raw.readings if len(cells) == 1 else ()
    unruled = any(cell.raw.unruled for cell in cells)
    raw = RawCell(sign.join(texts), confidence=sure, readings=readings, unruled=unruled)
    return Cell(raw, cells[0].where, cells[0].confidence)


def reader_text(cell: Cell) -> str:
    """Return a cell's text, composed, on one line; "-" and the like are empty."""
    text = " ".join(nfc(cell.raw.text.replace("\u00a0", " ")).split())
    return "" if text in ("-", "--", "–", "...", "…", "/") else text


def shared(entry: Entry, column: int) -> bool:
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


def shared_doubt(cell: Cell) -> Doubt:
    """Ask for the share of a sum that is stated for several projects together."""
    text = reader_text(cell)
    return Doubt(
        "cell.shared",
        f"{shown(text)} ghi chung cho nhiều dự án; dự án này là bao nhiêu?",
        f"{shown(text)} is stated for several projects together; how much is this one's?",
    )


def fault_doubt(cell: Cell) -> Doubt:
    """Ask for the value of a cell whose formula failed, or whose picture cannot be read."""
    if cell.raw.confidence < 1:
        return Doubt(
            "cell.unread",
            "Ô này có chữ nhưng không đọc được từ ảnh; giá trị là gì?",
            "The cell holds something that cannot be read from the picture; what is it?",
        )
    return Doubt(
        "cell.fault",
        f"Ô không có giá trị ({cell.raw.text or 'công thức'}); giá trị là bao nhiêu?",
        f"The value cannot be read: {cell.raw.fault}; what is it?",
    )


_SURE = {"title": 0.75, "capital": 0.85, "land_ha": 0.85}
_SURE_OTHERS = 0.3
_ASKED = (*_SURE, "title_en", "province", "location", "sector", "form")


def ask_unclear(reader: ListRow) -> None:
    """Ask about cells that were read from a picture and may say something else, and about those
    whose text may be the next row's.
    """
    for name in _ASKED:
        cell = reader.values.get(name)
        if cell is None or cell.raw.fault:
            continue
        if cell.raw.unruled:
            reader.ask(name, name, (_of_which_row(cell),))
        elif cell.raw.readings or cell.raw.confidence < _SURE.get(name, _SURE_OTHERS):
            reader.ask(name, name, (_unclear(cell),))


def _of_which_row(cell: Cell) -> Doubt:
    text = shown(reader_text(cell))
    return Doubt(
        "cell.row",
        f"Bảng không kẻ dòng: {text} có thuộc hết về dự án này không?",
        f"No lines part the rows: does all of {text} belong to this project?",
        (),
    )


def _unclear(cell: Cell) -> Doubt:
    seen = tuple(dict.fromkeys(each for each in cell.raw.readings if each))
    text = shown(reader_text(cell))
    others = " / ".join(shown(each) for each in seen[1:])
    also_vi, also_en = (f", cũng có thể là {others}", f", or {others}") if others else ("", "")
    return Doubt(
        "cell.unclear",
        f"Ảnh mờ: đọc được {text}{also_vi}; có đúng không?",
        f"Unclear in the picture: read as {text}{also_en}; is that right?",
        seen,
    )
