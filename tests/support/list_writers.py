"""Write a table of texts as a workbook, a text file, a Word document or a PDF."""

import csv
import io
import random
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path


@dataclass(slots=True)
class Table:
    """Rows of texts or numbers, merged cells (top, left, bottom, right from 0), header rows."""

    rows: list[list[object]] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    header: tuple[int, int] = (0, 0)
    title: int = 0  # the column of the names


def _text(value: object) -> str:
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _as_xlsx(lines: list[str], table: Table, draw: random.Random) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = draw.choice(["Sheet1", "Phụ lục", "Danh mục"])
    for line in lines:
        sheet.append([line])
    first = len(lines) + 1
    for row in table.rows:
        sheet.append([cell if cell != "" else None for cell in row])
    if table.rows and all(cell == "" for cell in table.rows[-1]):
        sheet.append([None])
    for top, left, bottom, right in table.merges:
        sheet.merge_cells(start_row=first + top, start_column=left + 1,
                          end_row=first + bottom, end_column=right + 1)  # fmt: skip
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _as_csv(lines: list[str], table: Table, draw: random.Random) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=draw.choice([",", ";"]))
    padding = [""] * (len(table.rows[0]) - 1)
    for line in lines:
        writer.writerow([line, *padding])
    for row in table.rows:
        writer.writerow([_text(cell) for cell in row])
    return stream.getvalue().encode("utf-8-sig" if draw.random() < 0.5 else "utf-8")


def _as_docx(lines: list[str], table: Table, draw: random.Random) -> bytes:
    import docx

    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    rows = table.rows
    made = document.add_table(len(rows), len(rows[0]))
    grid = [list(row.cells) for row in made.rows]
    for texts, cells in zip(rows, grid, strict=True):
        for text, cell in zip(texts, cells, strict=True):
            if text != "":
                cell.text = _text(text)
    for top, left, bottom, right in table.merges:
        grid[top][left].merge(grid[bottom][right])
    if draw.random() < 0.5:
        document.add_paragraph("Nơi nhận: Lưu VT.")
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _as_pdf(lines: list[str], table: Table, draw: random.Random, *, ruled: bool = True) -> bytes:
    from reportlab.lib.pagesizes import A4, landscape
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer
    from reportlab.platypus import Table as Drawn

    if "DejaVu" not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont("DejaVu", str(FONT)))
    style = ParagraphStyle("list", fontName="DejaVu", fontSize=7, leading=9)

    def flow(text: str) -> Paragraph:
        safe = unicodedata.normalize("NFC", text).replace("&", "&amp;").replace("<", "&lt;")
        return Paragraph(safe, style)

    grid = [("GRID", (0, 0), (-1, -1), 0.5, "black")] if ruled else []
    cells = [[flow(_text(cell)) for cell in row] for row in table.rows]
    spans = [("SPAN", (left, top), (right, bottom)) for top, left, bottom, right in table.merges]
    width = 780.0 / (len(cells[0]) + 1)
    wide = [1.0] * len(cells[0])
    wide[table.title] = 2.0
    drawn = Drawn(cells, colWidths=[width * each for each in wide],
                  repeatRows=table.header[1] if draw.random() < 0.5 else 0,
                  style=[*grid, *spans])  # fmt: skip
    stream = io.BytesIO()
    page = landscape(A4)
    SimpleDocTemplate(stream, pagesize=page, leftMargin=20, rightMargin=20).build(
        [*(flow(line) for line in lines), Spacer(1, 8), drawn]
    )
    return stream.getvalue()


FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")


@contextmanager
def without_lines() -> Iterator[None]:
    """Let PDF files be written without lines around cells, within the block."""
    WRITERS["pdf"] = partial(_as_pdf, ruled=False)
    try:
        yield
    finally:
        WRITERS["pdf"] = _as_pdf


WRITERS: dict[str, Callable[[list[str], Table, random.Random], bytes]] = {
    "xlsx": _as_xlsx,
    "csv": _as_csv,
    "docx": _as_docx,
    "pdf": _as_pdf,
}
