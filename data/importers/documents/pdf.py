"""Read the tables of a PDF page by page: from its text, or from its pictures if it is scanned."""

import io
import re
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from data.importers.documents.archives import problem
from data.importers.documents.unruled import Column, TextTable, Word, find_text_table
from data.importers.grid import LONGEST_CELL, MOST_COLUMNS, Grid, GridRow, Merge, RawCell
from data.importers.layout.columns import read_title
from data.importers.scans.pages import without_table
from data.importers.scans.pdf_pages import SECONDS_A_PAGE, ScannedPages, is_picture
from data.importers.scans.photos import not_installed
from data.importers.scans.tesseract import HOW_TO_INSTALL
from data.importers.signatures import kind_of
from data.importers.textfile import TextProblem

_MOST_PAGES = 1_000
_SECONDS = 10.0  # for pages without a table; each page with one adds a second
_SCAN_LOOKED_AT = 5  # pages
_FEWEST_SIGNS = 30  # fewer on all pages looked at: a picture of text
_SPACE = 1.5  # points between letters, at which a word ends
_UNSURE = 0.5  # confidence of a cell whose lines may belong to another row
_SLACK = 2.0  # points by which lines of a table may miss each other
_PAGE_NUMBER = re.compile(r"[\s\-–|/]*(?:trang|page)?[\s\d\-–|/]*")
_SCANNED = "The PDF is scanned: its pages are pictures of text"
_AS_XLSX = "Ask for the list as Excel or Word, or copy its table there, and import that."


def read_pdf(data: bytes) -> list[Grid]:
    """Return the tables of a PDF's pages, as `Grid`s labelled "page 3".

    Raises TextProblem when the bytes are no sound PDF, or it is protected, scanned, too long, or
    without a table.
    """
    if b"%PDF" not in data[:1024]:
        text = "a text file" if b"\0" not in data[:2000] else "something else"
        found = kind_of(data) or ("empty" if not data else text)
        raise problem(f"This is {found}, not a PDF document.", "Give it the right ending.")
    import pdfplumber  # noqa: PLC0415 -- slow import

    _check_pages(data)
    try:
        with pdfplumber.open(io.BytesIO(data)) as document, ScannedPages(data) as scans:
            return _read(document, scans)
    except TextProblem:
        raise
    except MemoryError:
        raise
    except Exception as error:  # whatever the parser trips over in a file that is not sound
        why = f"The PDF is damaged ({type(error).__name__})."
        raise problem(why, "Fetch or save the file again.") from None


def _check_pages(data: bytes) -> None:
    """Refuse protected, damaged and very long files before any page is read."""
    import pypdfium2  # noqa: PLC0415 -- slow import

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise problem("The PDF is protected by a password.", "Save it without one.") from None
        raise problem("The PDF is cut short or damaged.", "Fetch or save the file again.") from None
    pages = len(document)
    document.close()
    if pages > _MOST_PAGES:
        why = f"The PDF has {pages:,} pages; {_MOST_PAGES:,} are the most."
        raise problem(why, "Save the pages with the list as a file of their own.")
    if not pages:
        raise problem("The PDF has no pages.", "Fetch or save the file again.")


class _Reader:
    """Reads the pages of one document; `scans` gives a page's picture."""

    def __init__(self, scans: ScannedPages) -> None:
        self.scans = scans
        self.grids: list[Grid] = []
        self.carried: list[str] = []
        self.columns: Sequence[Column] = ()  # of the table without lines on the page before
        self.pictures = 0
        self.unread: list[int] = []  # pages that are pictures, where no program reads them
        self.signs = 0  # of text so far
        self.tableless: list[int] = []  # pictures with text, but no table
        self.started, self.allowed = time.monotonic(), _SECONDS

    def page(self, page: Any, number: int) -> None:
        """Read one page, numbered from 1."""
        self.signs += len(page.chars)
        if is_picture(page):
            found, below = self._picture(number)
        else:
            found, below = _page(page, number, self.carried, bool(self.grids))
            if not found and len(page.chars) >= _FEWEST_SIGNS:
                found, below = self._text_table(page, number, below)
            self.allowed += len(found)
        self.carried = below if found else (self.carried + below)[-12:]
        self.grids += found
        page.close()
        if time.monotonic() - self.started > self.allowed:
            raise problem(
                f"Reading the PDF takes too long; page {number} was reached.",
                "Save the pages with the list as a file of their own.",
            )

    def _text_table(self, page: Any, number: int, text: list[str]) -> tuple[list[Grid], list[str]]:
        """Return the table that a page's words are set as, without lines."""
        words = [
            Word(each["text"], each["x0"], each["x1"], each["top"], each["bottom"])
            for each in page.extract_words(x_tolerance=_SPACE)
        ]
        table = find_text_table(words, self.columns, titled=_are_titles)
        if table is None:
            return [], text
        above = [*self.carried, *_lines(page, 0.0, table.top - _SLACK)]
        grid = _text_grid(table, number, above, bool(self.columns) and not above)
        if not self.columns:
            grid = replace(grid, remarks=[_unruled(number)])
        self.columns = table.columns
        return [grid], _lines(page, table.bottom + _SLACK, page.height)

    def _picture(self, number: int) -> tuple[list[Grid], list[str]]:
        self.pictures += 1
        if not self.scans.readable:
            self.unread.append(number)
            if number >= _SCAN_LOOKED_AT and not self.grids and self.signs < _FEWEST_SIGNS:
                raise not_installed(_SCANNED)
            return [], []
        self.allowed += SECONDS_A_PAGE
        found, below = self.scans.read(number, self.carried, bool(self.grids))
        if below and not found:
            self.tableless.append(number)
        return found, below


def _read(document: Any, scans: ScannedPages) -> list[Grid]:
    reader = _Reader(scans)
    last = min(_SCAN_LOOKED_AT, len(document.pages))
    for number, page in enumerate(document.pages, start=1):
        reader.page(page, number)
        if (
            number == last
            and reader.signs < _FEWEST_SIGNS
            and not (reader.pictures or reader.grids)
        ):
            raise problem("The PDF holds no text.", _AS_XLSX)
    if not reader.grids:
        if reader.unread:
            raise not_installed(_SCANNED)
        what = "The PDF is scanned, and its pictures show" if reader.pictures else "The PDF holds"
        raise problem(
            f"{what} no table with lines around its cells, nor words in columns.", _AS_XLSX
        )
    told = [_left_out(reader.unread)] if reader.unread else []
    told += [without_table(reader.tableless)] if reader.tableless else []
    reader.grids[0] = replace(reader.grids[0], remarks=[*reader.grids[0].remarks, *told])
    return reader.grids


def _left_out(pages: Sequence[int]) -> tuple[str, str]:
    """Tell of scanned pages among those with text that were not read."""
    told = ", ".join(map(str, pages[:20])) + (" …" if len(pages) > 20 else "")
    return (
        f"Trang {told} là ảnh quét, chưa được đọc. Cài đặt Tesseract ({HOW_TO_INSTALL}) để đọc.",
        f"Pages {told} are pictures and were not read. Install Tesseract ({HOW_TO_INSTALL}) "
        "to read them.",
    )


def _page(
    page: Any, number: int, carried: Sequence[str], later: bool
) -> tuple[list[Grid], list[str]]:
    """Return a page's ruled tables, and the lines of text below the last of them."""
    grids: list[Grid] = []
    top = 0.0
    tables = sorted(page.find_tables(), key=lambda table: table.bbox[1])
    for table in tables:
        lines = [*(() if grids else carried), *_lines(page, top, table.bbox[1])]
        grid = _grid(table, number, lines, later and not lines)
        if grid.rows:
            grids.append(grid)
            top = table.bbox[3]
            later = True
    return grids, _lines(page, top, page.height)


def _lines(page: Any, top: float, bottom: float) -> list[str]:
    """Return the lines of text between two heights, page numbers left out."""
    top, bottom = max(top, 0.0), min(bottom, float(page.height))
    if bottom - top < _SLACK:
        return []
    text = page.within_bbox((0, top, page.width, bottom), strict=False).extract_text() or ""
    return [line for line in text.splitlines() if not _PAGE_NUMBER.fullmatch(line.lower())]


def _grid(table: Any, page: int, captions: list[str], continues: bool) -> Grid:
    texts = table.extract()
    boxes = [row.cells for row in table.rows]
    rows = []
    for number, line in enumerate(texts, start=1):
        if len(line) > MOST_COLUMNS or any(len(text or "") > LONGEST_CELL for text in line):
            raise problem("A table is too wide, or one of its cells too long.", _AS_XLSX)
        rows.append(GridRow(number, [RawCell(text or "") for text in line]))
    kept = [row for row in rows if not row.blank]
    return Grid("", kept, _merges(boxes), f"page {page}", captions, continues)


def _are_titles(texts: Sequence[str]) -> bool:
    """Tell whether at least two of a line's parts, and a third of them, are known titles."""
    known = sum(bool(read_title(text).role) for text in texts)
    return known >= 2 and known * 3 >= len(texts)


def _text_grid(table: TextTable, page: int, captions: list[str], continues: bool) -> Grid:
    rows = [
        GridRow(at + 1, [
            RawCell(text, confidence=_UNSURE, unruled=True)
            if (at, place) in table.unsure
            else RawCell(text)
            for place, text in enumerate(texts)
        ])
        for at, texts in enumerate(table.rows)
    ]  # fmt: skip
    return Grid("", rows, (), f"page {page}", captions, continues)


def _unruled(page: int) -> tuple[str, str]:
    return (
        f"Trang {page}: bảng không kẻ đường; các cột được nhận ra theo khoảng trắng.",
        f"Page {page}: the table has no lines; its columns were told by the white between words.",
    )


def _merges(boxes: Sequence[Sequence[Any]]) -> list[Merge]:
    """Return the merged cells, by where cells end against where rows and columns begin."""
    width = max((len(row) for row in boxes), default=0)
    lefts = [
        min((row[column][0] for row in boxes if column < len(row) and row[column]), default=None)
        for column in range(width)
    ]
    tops = [min((cell[1] for cell in row if cell), default=None) for row in boxes]
    found = []
    for at, row in enumerate(boxes):
        for column, cell in enumerate(row):
            if cell is None:
                continue
            right = _last(lefts, column, cell[2])
            bottom = _last(tops, at, cell[3])
            if right > column or bottom > at:
                found.append(Merge(at + 1, column, bottom + 1, right))
    return found


def _last(starts: Sequence[float | None], first: int, end: float) -> int:
    """Return the last row or column that begins before the end of a cell."""
    last = first
    for place in range(first + 1, len(starts)):
        start = starts[place]
        if start is None or start < end - _SLACK:
            last = place
        else:
            break
    return last
