"""Read old Excel workbooks (.xls)."""

import io
from typing import Any

from data.importers.documents.archives import problem
from data.importers.grid import LONGEST_CELL, MOST_COLUMNS, Grid, GridRow, Merge, RawCell
from data.importers.signatures import kind_of
from data.importers.workbook import typed_cell

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_RESAVE = "Open it in Excel, save it as .xlsx, and import that."


def read_old_workbook(data: bytes) -> list[Grid]:
    """Return the sheets of an .xls workbook in order. Raises TextProblem for anything else."""
    if not data.startswith(_OLE) or "password" in kind_of(data):
        found = kind_of(data) or ("empty" if not data else "something else")
        raise problem(f"This is {found}, not an .xls workbook.", _RESAVE)
    import python_calamine  # noqa: PLC0415 -- slow import

    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
        return [_grid(book.get_sheet_by_name(name)) for name in book.sheet_names]
    except python_calamine.CalamineError as error:
        if "password" in str(error).lower():
            raise problem("The workbook is protected by a password.", _RESAVE) from None
        raise problem("The workbook is cut short or damaged.", _RESAVE) from None


def _grid(sheet: Any) -> Grid:
    rows = []
    for number, values in enumerate(sheet.to_python(skip_empty_area=False), start=1):
        if len(values) > MOST_COLUMNS:
            raise problem(f"The sheet has more than {MOST_COLUMNS} columns.", "Split it.")
        row = GridRow(number, [_cell(value) for value in values])
        if not row.blank:
            rows.append(row)
    merges = [
        Merge(top + 1, left, bottom + 1, right)
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
    ]
    return Grid(sheet.name, rows, merges)


def _cell(value: Any) -> RawCell:
    cell = typed_cell(value)
    if len(cell.text) > LONGEST_CELL:
        raise problem(f"A cell is longer than {LONGEST_CELL:,} characters.", "Shorten it.")
    return cell
