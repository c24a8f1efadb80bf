"""Read .xlsx workbooks: stored values with their places, guarded against hostile files."""

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from data.importers.documents.archives import check_size, declares_type, problem
from data.importers.grid import (
    LONGEST_CELL,
    MOST_COLUMNS,
    Grid,
    GridRow,
    Merge,
    RawCell,
    column_index,
)
from data.importers.problems import shown
from data.importers.signatures import kind_of
from data.importers.textfile import TextProblem

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook

_MOST_ROWS = 200_000
_RESAVE = "Open it in Excel, save it as .xlsx again, and import that."
_MOST_MERGES = 100_000
_MERGE = re.compile(
    rb'<mergeCell\s[^>]*?ref="\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})"'
)
_HIDDEN = re.compile(rb'<row\s(?=[^<>]*\bhidden="(?:1|true)")[^<>]*?\br="(\d{1,7})"')
_LONGEST_TAG = 300  # bytes
_FORMULA = re.compile(rb"<f[ >/]")


def read_workbook(data: bytes) -> list[Grid]:
    """Return the sheets of a workbook in order, visible ones first.

    Numbers become text with a decimal point, dates ISO text. Formulas give their stored result; an
    error value (#REF!) or a formula without a result becomes a cell with a fault. Raises
    TextProblem when the bytes are no workbook, are damaged or unpack to an unreasonable size.
    """
    formulas = _check_archive(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about drawings and styles, which are not read
            return _read(data, formulas)
    except TextProblem:
        raise
    except MemoryError:
        raise
    except Exception as error:  # whatever the parser trips over in a file that is not sound
        raise problem(f"The workbook is damaged ({type(error).__name__}).", _RESAVE) from None


def _check_archive(data: bytes) -> bool:
    """Refuse what is no workbook or unpacks to too much; tell whether it has formulas."""
    if not data.startswith(b"PK\x03\x04"):
        found = kind_of(data) or ("a text file" if b"\0" not in data[:2000] else "something else")
        remedy = _RESAVE
        if "password" in found:
            remedy = "Open it in Excel, remove the password, save it, and import that."
        elif found == "a text file":
            remedy = "If it is a CSV file, name it .csv; otherwise save it as .xlsx in Excel."
        raise problem(
            "The file is empty." if not data else f"This is {found}, not an .xlsx workbook.", remedy
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            check_size(archive, len(data), "workbook")
            return _check_parts(archive)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, OSError):
        raise problem("The workbook is cut short or damaged.", _RESAVE) from None
    except RuntimeError:
        raise problem("The workbook is encrypted.", "Save it without a password.") from None


def _check_parts(archive: zipfile.ZipFile) -> bool:
    names = set(archive.namelist())
    if "xl/workbook.xml" not in names or "[Content_Types].xml" not in names:
        what = "a Word document" if "word/document.xml" in names else "a zip archive"
        raise problem(f"This is {what}, not an .xlsx workbook.", _RESAVE)
    formulas = False
    for name in sorted(names):
        if not name.endswith((".xml", ".rels")):
            continue
        if declares_type(archive, name):
            raise problem("The workbook holds a document type, as attacks do.", _RESAVE)
        if name.startswith("xl/worksheets/sheet"):
            formulas = _has_formula(archive, name) or formulas
    return formulas


def _has_formula(archive: zipfile.ZipFile, name: str) -> bool:
    """Tell whether a sheet has formulas; refuse one with too many rows, empty ones among them."""
    found, rows, tail = False, 0, b""
    with archive.open(name) as part:
        while chunk := part.read(1 << 20):
            text = tail + chunk
            found = found or bool(_FORMULA.search(text))
            rows += text.count(b"<row")
            tail = chunk[-3:]
            if rows > _MOST_ROWS:
                why = f"A sheet has more than {_MOST_ROWS:,} rows, empty ones counted."
                raise problem(why, "Delete the empty rows, or split the list over several files.")
    return found


def _read(data: bytes, formulas: bool) -> list[Grid]:
    import openpyxl  # noqa: PLC0415 -- slow import

    values = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    sources = (
        openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False)
        if formulas
        else None
    )
    sheets = sorted(values.worksheets, key=lambda sheet: sheet.sheet_state != "visible")
    grids = [_grid(data, sheet, list(_rows(values, sheet.title, sources))) for sheet in sheets]
    values.close()
    if sources is not None:
        sources.close()
    return grids


def _grid(data: bytes, sheet: Any, rows: list[GridRow]) -> Grid:
    merges, hidden = _marks(data, sheet)
    if sheet.sheet_state != "visible":
        hidden = {row.number for row in rows}
    return Grid(sheet.title, rows, merges, hidden=frozenset(hidden))


def _marks(data: bytes, sheet: Any) -> tuple[list[Merge], set[int]]:
    """Return a sheet's merged cells and hidden rows, left out by openpyxl row by row."""
    path = str(getattr(sheet, "_worksheet_path", "")).lstrip("/")
    found: list[Merge] = []
    hidden: set[int] = set()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if path not in archive.namelist():
            return found, hidden
        tail = b""
        with archive.open(path) as part:
            while chunk := part.read(1 << 20):
                text = tail + chunk
                hidden.update(int(hit[1]) for hit in _HIDDEN.finditer(text))
                past = 0
                for hit in _MERGE.finditer(text):
                    left, top, right, bottom = (each.decode() for each in hit.groups())
                    columns = column_index(left), column_index(right)
                    found.append(Merge(int(top), columns[0], int(bottom), columns[1]))
                    past = hit.end()
                if len(found) > _MOST_MERGES:
                    return [], hidden
                tail = text[max(past, len(text) - _LONGEST_TAG) :]
    return found, hidden


def _rows(values: "Workbook", title: str, sources: "Workbook | None") -> Iterator[GridRow]:
    kept = 0
    originals = _cells(sources, title) if sources is not None else None
    for number, found in _cells(values, title):
        originals_row = next(originals)[1] if originals is not None else ()
        if not found and not originals_row:
            continue
        width = max(len(found), len(originals_row))
        cells = [
            _cell(
                found[place] if place < len(found) else None,
                originals_row[place] if place < len(originals_row) else None,
                Grid(title).place(number, place),
            )
            for place in range(width)
        ]
        row = GridRow(number, cells)
        if row.blank:
            continue
        kept += 1
        if kept > _MOST_ROWS or width > MOST_COLUMNS:
            raise problem(
                f"The sheet has more than {_MOST_ROWS:,} rows or {MOST_COLUMNS} columns.",
                "Split the list over several files.",
                where=Grid(title).row_place(number),
            )
        yield row


def _cells(book: "Workbook", title: str) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Give row numbers and values up to the last that is not empty."""
    sheet = book[title]
    sheet.reset_dimensions()  # the size that the file states may be wrong
    rows = sheet.iter_rows(values_only=True)  # a widest column would pad a million missing rows
    for number, row in enumerate(rows, start=1):
        width = len(row)
        while width and row[width - 1] in (None, ""):
            width -= 1
        yield number, row[:width]


def _cell(value: Any, source: Any, where: str) -> RawCell:
    if value is None:
        if isinstance(source, str) and source.startswith("="):
            return RawCell("", fault=f"the formula {shown(source)} has no stored result")
        return RawCell("")
    if isinstance(value, str):
        if len(value) > LONGEST_CELL:
            raise problem(
                f"The cell is longer than {LONGEST_CELL:,} characters; it begins {shown(value)}.",
                "Shorten it.",
                where=where,
                value=value[:LONGEST_CELL],
            )
        if value.startswith("#") and value in _ERROR_VALUES:
            return RawCell(value, fault=f"the cell shows the error {value}")
        return RawCell(value)
    return typed_cell(value)


def typed_cell(value: Any) -> RawCell:
    """A workbook's number, date or truth value as the text that a person would see."""
    if isinstance(value, bool):
        return RawCell(str(value).upper())
    if isinstance(value, int | float):
        return RawCell(number_text(value), numeric=True)
    if isinstance(value, datetime):
        midnight = value.time() == value.time().min
        return RawCell(value.date().isoformat() if midnight else value.isoformat(" ", "minutes"))
    if isinstance(value, date):
        return RawCell(value.isoformat())
    return RawCell(str(value))


_ERROR_VALUES = frozenset(
    ("#REF!", "#VALUE!", "#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#GETTING_DATA")
)


def number_text(value: float) -> str:
    """Return a number's text with a decimal point, no exponent, 15 digits as Excel shows."""
    text = f"{Decimal(f'{value:.15g}'):f}" if value == value else ""
    return text.rstrip("0").rstrip(".") if "." in text else text
