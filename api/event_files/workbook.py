"""The whole schedule as one Excel workbook: grid, list, people, tables, interpreters, desk."""

import io
import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from api.event_files.view import EventView, Row, Sheet
from api.lists.files import safe_cell

if TYPE_CHECKING:
    from openpyxl import Workbook

TABLES_ON_PAGE = 8
FACE = "Arial"  # on every office machine, with all Vietnamese letters
INK, PALE, LINE = "1F4E79", "DDE6EE", "999999"
SHEETS = {
    "grid": "Lưới - Grid",
    "list": "Cuộc gặp - Meetings",
    "people": "Người - People",
    "tables": "Bàn - Tables",
    "interpreters": "Phiên dịch - Interpreters",
    "desk": "Bàn đón - Desk",
}
TIME, TABLE, WITH = "Giờ\nTime", "Bàn\nTable", "Gặp\nWith"
HELPER, NOTES = "Phiên dịch\nInterpreter", "Ghi chú\nNotes"
BLOCK_WIDTHS = {
    "people": (15.0, 14.0, 42.0, 22.0, 18.0),
    "tables": (15.0, 34.0, 34.0, 18.0, 12.0),
    "interpreters": (15.0, 14.0, 48.0, 16.0, 18.0),
}
NONE = "Chưa có cuộc gặp / No meeting yet"


def make_workbook(view: EventView) -> bytes:
    """The workbook as bytes, ready to print on A4."""
    from openpyxl import Workbook  # noqa: PLC0415 -- slow import

    book = Workbook()
    book.remove(book.worksheets[0])
    paper = _Paper(book, view)
    _grid(paper)
    _list(paper)
    blocks = (("people", view.people), ("tables", view.tables))
    for key, sheets in (*blocks, ("interpreters", view.interpreters)):
        if sheets:
            _blocks(paper, key, sheets)
    _desk(paper)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


class _Paper:
    """A workbook being filled, with the few styles it uses."""

    def __init__(self, book: "Workbook", view: EventView) -> None:
        from openpyxl.styles import Alignment, Border, Font, PatternFill, Side  # noqa: PLC0415

        self.book, self.view = book, view
        line = Side(style="thin", color=LINE)
        self.box = Border(left=line, right=line, top=line, bottom=line)
        self.wrap = Alignment(wrap_text=True, vertical="top", horizontal="left", indent=1)
        self.middle = Alignment(wrap_text=True, vertical="center", horizontal="center")
        self.plain, self.bold = Font(name=FACE, size=10), Font(name=FACE, size=10, bold=True)
        self.title = Font(name=FACE, size=14, bold=True, color=INK)
        self.small = Font(name=FACE, size=9, color="555555")
        self.fill = PatternFill("solid", fgColor=PALE)

    def sheet(self, key: str, widths: Sequence[float], *, landscape: bool = False) -> Any:
        """A new sheet with the event's name on top; the first free row is 4."""
        sheet: Any = self.book.create_sheet(SHEETS[key])
        for number, width in enumerate(widths, start=1):
            sheet.column_dimensions[_letter(number)].width = width
        self.put(sheet, (1, 1), self.view.title, self.title, wrap=False)
        heading = " · ".join(part for part in (SHEETS[key], self.view.subtitle) if part)
        self.put(sheet, (2, 1), heading, self.small, wrap=False)
        setup = sheet.page_setup
        setup.paperSize, setup.orientation = 9, "landscape" if landscape else "portrait"
        sheet.page_margins.left = sheet.page_margins.right = 0.4
        sheet.page_margins.top = sheet.page_margins.bottom = 0.6
        sheet.oddFooter.center.text = "&P / &N"
        return sheet

    def put(
        self, sheet: Any, place: tuple[int, int], value: str | int, font: Any, *, wrap: bool = True
    ) -> Any:
        cell = sheet.cell(*place, safe_cell(value) if isinstance(value, str) else value)
        if isinstance(value, str):
            cell.data_type = "s"
        cell.font = font
        if wrap:
            cell.alignment = self.wrap
        return cell

    def header(self, sheet: Any, row: int, names: Iterable[str]) -> None:
        for column, name in enumerate(names, start=1):
            cell = self.put(sheet, (row, column), name, self.bold)
            cell.fill, cell.border, cell.alignment = self.fill, self.box, self.middle
        sheet.row_dimensions[row].height = 30

    def line(
        self, sheet: Any, row: int, values: Sequence[str | int], wide: Sequence[float]
    ) -> None:
        """A row of boxes, high enough for its longest text (widths in characters)."""
        lines = 1
        for column, value in enumerate(values, start=1):
            self.put(sheet, (row, column), value, self.plain).border = self.box
            lines = max(lines, _lines(str(value), wide[column - 1]))
        sheet.row_dimensions[row].height = 14 * lines + 3


def _letter(column: int) -> str:
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 -- slow import

    return str(get_column_letter(column))


def _lines(text: str, width: float) -> int:
    """Lines that the text takes; wide letters (Han, kana, hangul) count twice."""
    room = max(1.0, width - 2)  # less the indent
    lengths = [
        sum(2 if ord(letter) > 0x2E80 else 1 for letter in line) for line in text.split("\n")
    ]
    return sum(max(1, math.ceil(length / room)) for length in lengths)


def _grid(paper: _Paper) -> None:
    """Slots down, tables across; eight tables to a printed page."""
    view = paper.view
    widths = [15.0, *(22.0 for _ in view.tables)]
    sheet = paper.sheet("grid", widths, landscape=True)
    paper.header(sheet, 4, (TIME, *(table.name for table in view.tables)))
    at = {(row.meeting.slot, row.meeting.table): row for row in view.rows}
    for number, (slot, when) in enumerate(view.slots, start=5):
        label = f"{when}\n{slot.name}" if slot.name else when
        cells = [_couple(at.get((slot.id, table.id))) for table in view.tables]
        paper.line(sheet, number, (label, *cells), widths)
        sheet.cell(number, 1).font = paper.bold
    sheet.freeze_panes = "B5"
    sheet.print_title_rows, sheet.print_title_cols = "4:4", "A:A"
    _break_columns(sheet, len(view.tables))


def _break_columns(sheet: Any, tables: int) -> None:
    from openpyxl.worksheet.pagebreak import Break, ColBreak  # noqa: PLC0415 -- slow import

    sheet.page_setup.scale = 70
    sheet.col_breaks = ColBreak()
    for column in range(1 + TABLES_ON_PAGE, 1 + tables, TABLES_ON_PAGE):
        sheet.col_breaks.append(Break(id=column))


def _couple(row: Row | None) -> str:
    if row is None:
        return ""
    helper = f"\n[{row.interpreter}]" if row.interpreter else ""
    return f"{row.a}\n– {row.b}{helper}"


def _list(paper: _Paper) -> None:
    """Every meeting on a line, with a filter."""
    view, widths = paper.view, [15.0, 14.0, 34.0, 34.0, 20.0]
    sheet = paper.sheet("list", widths, landscape=True)
    sides = [view.side(side).replace(" / ", "\n") for side in ("a", "b")]
    paper.header(sheet, 4, (TIME, TABLE, *sides, HELPER))
    for number, row in enumerate(view.rows, start=5):
        values = (row.when, row.table, row.a, row.b, row.interpreter)
        paper.line(sheet, number, values, widths)
    sheet.freeze_panes = "A5"
    sheet.auto_filter.ref = f"A4:E{max(5, 4 + len(view.rows))}"
    _fit_width(sheet)


def _fit_width(sheet: Any) -> None:
    sheet.print_title_rows = "4:4"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _blocks(paper: _Paper, key: str, sheets: Sequence[Sheet]) -> None:
    """One block each, one printed page each."""
    from openpyxl.worksheet.pagebreak import Break  # noqa: PLC0415 -- slow import

    widths = BLOCK_WIDTHS[key]
    sheet = paper.sheet(key, widths)
    top = 4
    for number, block in enumerate(sheets):
        if number:
            sheet.row_breaks.append(Break(id=top - 1))
        paper.put(sheet, (top, 1), block.title, paper.title, wrap=False)
        paper.put(sheet, (top + 1, 1), block.note, paper.small, wrap=False)
        paper.header(sheet, top + 2, _columns(key))
        lines = [_values(key, block, row) for row in block.rows] or [("", "", NONE, "", "")]
        for offset, values in enumerate(lines, start=top + 3):
            paper.line(sheet, offset, values, widths)
        top += 4 + len(lines)
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:3"


def _columns(key: str) -> tuple[str, ...]:
    if key == "people":
        return TIME, TABLE, WITH, HELPER, NOTES
    if key == "tables":
        return TIME, "Bên A\nSide A", "Bên B\nSide B", HELPER, NOTES
    return TIME, TABLE, "Hai bên\nBetween", "Ngôn ngữ\nLanguages", NOTES


def _values(key: str, block: Sheet, row: Row) -> tuple[str, ...]:
    if key == "people":
        return row.when, row.table, row.other(block.id), row.interpreter, ""
    if key == "tables":
        return row.when, row.a, row.b, row.interpreter, ""
    return row.when, row.table, f"{row.a}\n– {row.b}", block.note, ""


def _desk(paper: _Paper) -> None:
    """Who is expected, when and where first: for the people at the entrance."""
    widths = [6.0, 38.0, 12.0, 24.0, 16.0, 14.0, 9.0, 12.0, 18.0]
    sheet = paper.sheet("desk", widths, landscape=True)
    names = ("Họ tên, đơn vị\nName", "Mã\nId", "Vai trò, ngôn ngữ\nRole, languages")
    first = ("Cuộc đầu\nFirst", TABLE, "Số cuộc\nMeetings", "Có mặt\nPresent", NOTES)
    paper.header(sheet, 4, ("TT\nNo.", *names, *first))
    for number, person in enumerate(paper.view.people, start=1):
        start = person.rows[0] if person.rows else None
        when, table = (start.when, start.table) if start else ("–", "–")
        values = (number, person.name, person.id, person.note, when, table, len(person.rows))
        paper.line(sheet, 4 + number, (*values, "☐", ""), widths)
        sheet.cell(4 + number, 8).alignment = paper.middle
    sheet.freeze_panes = "C5"
    sheet.auto_filter.ref = f"A4:I{4 + max(1, len(paper.view.people))}"
    _fit_width(sheet)
