"""The schedule on A4 paper (PDF): a page for each person and table, the grid, lists."""

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from api.event_files.lettering import BOLD, REGULAR, is_plain, marked, register_font
from api.event_files.view import EventView, Row, Sheet
from api.lists.files import printable

MARGIN = 36.0  # points
FRAME = 6.0  # what reportlab's frames add to every margin
A4 = (595.276, 841.89)
INK, PALE, LINE = "#1F4E79", "#DDE6EE", "#999999"
TABLES_ON_PAGE = 6
SIZE, PAD = 9.5, 4.0
TIME, TABLE, WITH = "Giờ\nTime", "Bàn\nTable", "Gặp\nWith"
HELPER, NOTES = "Phiên dịch\nInterpreter", "Ghi chú\nNotes"
NONE = "Chưa có cuộc gặp / No meeting yet"


@dataclass(frozen=True)
class _Block:
    """A heading with a table under it; shares of the width sum to 1."""

    title: str
    note: str
    headers: Sequence[str]
    rows: Sequence[Sequence[str]]
    shares: Sequence[float]
    big: bool = True


def print_people(view: EventView) -> bytes:
    """A page for each participant."""
    shares = (0.15, 0.13, 0.42, 0.18, 0.12)
    headers = (TIME, TABLE, WITH, HELPER, NOTES)
    return _document(
        view,
        (
            _Block(
                person.title,
                person.note,
                headers,
                [(r.when, r.table, r.other(person.id), r.interpreter, "") for r in person.rows],
                shares,
            )
            for person in view.people
        ),
    )


def print_tables(view: EventView) -> bytes:
    """A page for each table, to stand on it."""
    headers = (TIME, view.side("a").replace(" / ", "\n"), view.side("b").replace(" / ", "\n"))
    return _document(
        view,
        (
            _Block(
                table.name if table.name != table.id else f"Bàn / Table {table.id}",
                table.note,
                (*headers, HELPER),
                [(r.when, r.a, r.b, r.interpreter) for r in table.rows],
                (0.15, 0.34, 0.34, 0.17),
            )
            for table in view.tables
        ),
    )


def print_interpreters(view: EventView) -> bytes:
    """A page for each interpreter: when, at which table, between whom."""
    headers = (TIME, TABLE, "Hai bên\nBetween", NOTES)
    return _document(
        view,
        (
            _Block(
                helper.title,
                f"Ngôn ngữ / Languages: {helper.note}",
                headers,
                [(r.when, r.table, f"{r.a}\n– {r.b}", "") for r in helper.rows],
                (0.16, 0.16, 0.5, 0.18),
            )
            for helper in view.interpreters
        ),
    )


def print_desk(view: EventView) -> bytes:
    """One list for the entrance: who is expected, when and where first, a box to tick."""
    headers = ("TT\nNo.", "Họ tên, đơn vị\nName", "Mã\nId", "Vai trò\nRole")
    counts = ("Cuộc đầu\nFirst", TABLE, "Số cuộc\nMeetings", "Có mặt\nPresent")
    rows = [
        (str(number), person.name, person.id, person.note, *_first(person), "")
        for number, person in enumerate(view.people, start=1)
    ]
    shares = (0.05, 0.32, 0.09, 0.2, 0.11, 0.09, 0.07, 0.07)
    block = _Block(
        "Danh sách đón tiếp / Desk list", "", (*headers, *counts), rows, shares, big=False
    )
    return _document(view, [block], landscape=True)


def print_grid(view: EventView) -> bytes:
    """Slots down, tables across, six tables to a page."""
    at = {(row.meeting.slot, row.meeting.table): row for row in view.rows}

    def blocks() -> Iterator[_Block]:
        for first in range(0, len(view.tables), TABLES_ON_PAGE):
            tables = view.tables[first : first + TABLES_ON_PAGE]
            rows = [
                (when, *(_couple(at.get((slot.id, table.id))) for table in tables))
                for slot, when in view.slots
            ]
            share = 0.89 / len(tables)
            yield _Block(
                f"Lưới / Grid: {tables[0].name} – {tables[-1].name}",
                "",
                (TIME, *(table.name for table in tables)),
                rows,
                (0.11, *(share for _ in tables)),
                big=False,
            )

    return _document(view, blocks(), landscape=True)


PRINTS: dict[str, Callable[[EventView], bytes]] = {
    "people.pdf": print_people,
    "tables.pdf": print_tables,
    "grid.pdf": print_grid,
    "interpreters.pdf": print_interpreters,
    "desk.pdf": print_desk,
}


def _first(person: Sheet) -> tuple[str, str, str]:
    if not person.rows:
        return "–", "–", "0"
    return person.rows[0].when, person.rows[0].table, str(len(person.rows))


def _couple(row: Row | None) -> str:
    if row is None:
        return ""
    helper = f"\n[{row.interpreter}]" if row.interpreter else ""
    return f"{row.a}\n– {row.b}{helper}"


def _document(view: EventView, blocks: Any, *, landscape: bool = False) -> bytes:
    """A block to a page (more when it is long), with the event's name and page numbers."""
    from reportlab.platypus import PageBreak, SimpleDocTemplate  # noqa: PLC0415 -- slow import

    for name in (REGULAR, BOLD):
        register_font(name)
    page = (A4[1], A4[0]) if landscape else A4
    held = io.BytesIO()
    document = SimpleDocTemplate(
        held,
        pagesize=page,
        leftMargin=MARGIN - FRAME,
        rightMargin=MARGIN - FRAME,
        topMargin=MARGIN + 30,
        bottomMargin=MARGIN + 8,
        title=printable(view.title),
        author="Ketnoi",
        invariant=1,
        lang="vi",
    )
    drawer = _Drawer(page[0] - 2 * MARGIN, page[1] - 2 * MARGIN - 120)
    story: list[Any] = []
    for number, block in enumerate(blocks):
        story += [PageBreak(), *drawer(block)] if number else drawer(block)

    def frame(canvas: Any, _document: Any) -> None:
        _frame(canvas, view, page)

    document.build(story or drawer.empty(), onFirstPage=frame, onLaterPages=frame)
    return held.getvalue()


def _frame(canvas: Any, view: EventView, page: tuple[float, float]) -> None:
    """Event on top of every page, page number at the foot."""
    from reportlab.platypus import Paragraph  # noqa: PLC0415 -- slow import

    canvas.saveState()
    head = _style(10.5, INK, bold=True)
    width = page[0] - 2 * MARGIN
    lines = [Paragraph(marked(printable(_cut(view.title, 110))), head)]
    if view.subtitle:
        lines.append(Paragraph(marked(printable(_cut(view.subtitle, 140))), _style(8.5, "#555555")))
    top = page[1] - 26
    for line in lines:
        _, height = line.wrap(width, 40)
        top -= height
        line.drawOn(canvas, MARGIN, top)
    canvas.setStrokeColor(LINE)
    canvas.line(MARGIN, top - 5, page[0] - MARGIN, top - 5)
    canvas.setFont(REGULAR, 8)
    canvas.drawCentredString(page[0] / 2, MARGIN - 12, str(canvas.getPageNumber()))
    canvas.restoreState()


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _style(size: float, colour: str = "#000000", *, bold: bool = False) -> Any:
    from reportlab.lib.styles import ParagraphStyle  # noqa: PLC0415 -- slow import

    return ParagraphStyle(
        f"{size}{colour}{bold}",
        fontName=BOLD if bold else REGULAR,
        fontSize=size,
        leading=size * 1.25,
        textColor=colour,
        splitLongWords=True,
    )


class _Drawer:
    """Turns blocks into what reportlab lays out; styles are made once."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self.cell = _style(SIZE)
        self.small = _style(7.5)
        self.header = _style(SIZE - 1, bold=True)

    def __call__(self, block: _Block) -> list[Any]:
        from reportlab.platypus import Paragraph, Spacer, Table  # noqa: PLC0415 -- slow import

        size = 17 if block.big else 12
        found: list[Any] = [Paragraph(marked(printable(block.title)), _style(size, INK, bold=True))]
        if block.note:
            found.append(Paragraph(marked(printable(block.note)), _style(10, "#555555")))
        found.append(Spacer(1, 8))
        widths = [share * self.width for share in block.shares]
        heads = [Paragraph(marked(printable(text)), self.header) for text in block.headers]
        if not block.rows:
            return [*found, Paragraph(NONE, self.cell)]
        rows = [
            [self._cell(text, width) for text, width in zip(row, widths, strict=True)]
            for row in block.rows
        ]
        table = Table([heads, *rows], colWidths=widths, repeatRows=1, splitByRow=1)
        table.setStyle(_table_style())
        return [*found, table]

    def empty(self) -> list[Any]:
        """What stands on the only page when there is nothing to print."""
        from reportlab.platypus import Paragraph  # noqa: PLC0415 -- slow import

        return [Paragraph("Không có gì để in. / Nothing to print.", self.cell)]

    def _cell(self, text: str, width: float) -> Any:
        """A plain string where it fits on one line (quick), else a paragraph that wraps."""
        from reportlab.pdfbase.pdfmetrics import stringWidth  # noqa: PLC0415 -- slow import
        from reportlab.platypus import Paragraph  # noqa: PLC0415 -- slow import

        text = printable(text)
        room = width - 2 * PAD
        if is_plain(text) and "\n" not in text and stringWidth(text, REGULAR, SIZE) <= room:
            return text
        style = self.small if width < 0.16 * self.width and len(text) > 16 else self.cell
        return Paragraph(marked(_cut(text, 400)), style)


def _table_style() -> list[tuple[Any, ...]]:
    return [
        ("FONT", (0, 1), (-1, -1), REGULAR, SIZE),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("GRID", (0, 0), (-1, -1), 0.5, LINE),
        ("BACKGROUND", (0, 0), (-1, 0), PALE),
        ("LEFTPADDING", (0, 0), (-1, -1), PAD),
        ("RIGHTPADDING", (0, 0), (-1, -1), PAD),
        ("TOPPADDING", (0, 0), (-1, -1), 4),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 5),
    ]
