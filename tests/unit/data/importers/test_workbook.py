"""Workbooks: stored values with their places; what is no sound workbook is refused."""

import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime

import openpyxl
import pytest

from data.importers.textfile import TextProblem
from data.importers.workbook import number_text, read_workbook


def workbook(*rows: Sequence[object], title: str = "Danh mục") -> bytes:
    """Return a made-up workbook with one sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def refusal(data: bytes) -> str:
    with pytest.raises(TextProblem) as caught:
        read_workbook(data)
    return str(caught.value)


def test_typed_cells_become_text() -> None:
    row: list[object] = [
        "c1",
        12,
        36.523,
        1e15,
        date(2024, 3, 5),
        datetime(2024, 3, 5, 7, 30),
        True,
    ]
    grid = read_workbook(workbook(["a"] * 7, row))[0]

    assert [cell.text for cell in grid.rows[1].cells] == [
        "c1", "12", "36.523", "1000000000000000", "2024-03-05", "2024-03-05 07:30", "TRUE",
    ]  # fmt: skip
    assert [cell.numeric for cell in grid.rows[1].cells][:4] == [False, True, True, True]


def test_rows_keep_their_numbers_and_sheet() -> None:
    grid = read_workbook(workbook([], ["call_id"], [None], ["c1"]))[0]

    assert [row.number for row in grid.rows] == [2, 4]
    assert grid.place(4, 0, "call_id") == "sheet 'Danh mục', row 4, column A (call_id)"


def test_error_values_and_formulas_without_result_are_faults() -> None:
    grid = read_workbook(workbook(["a", "b", "c"], ["#REF!", "=1+1", "fine"]))[0]

    assert [cell.fault for cell in grid.rows[1].cells] == [
        "the cell shows the error #REF!",
        "the formula '=1+1' has no stored result",
        "",
    ]


def archive(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return stream.getvalue()


SOUND = {"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "The file is empty."),
        (b"call_id,title\nc1,a\n", "This is a text file, not an .xlsx workbook. If it is a CSV"),
        (b"<html></html>", "This is a web page (HTML), not an .xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "This is an old Excel or Word file"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "protected by a password, not an .xlsx workbook. Open it in Excel, remove the password",
        ),
        (archive(**{"word/document.xml": b"<x/>"}), "This is a Word document"),
        (archive(**SOUND), "The workbook is damaged"),
        (archive(**SOUND | {"xl/a.xml": b"<!DOCTYPE x>"}), "holds a document type"),
        (archive(**SOUND | {"xl/a.bin": b"\0" * 20_000_000}), "unpacks from"),
    ],
    ids=["empty", "csv", "html", "xls", "password", "docx", "parts", "dtd", "bomb"],
)
def test_what_is_no_sound_workbook_is_refused(data: bytes, words: str) -> None:
    assert words in refusal(data)


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9, 0.99])
def test_workbook_cut_short_is_refused(kept: float) -> None:
    data = workbook(["call_id", "title"], *([n, "Dự án"] for n in range(50)))

    assert "The workbook is cut short or damaged." in refusal(data[: int(len(data) * kept)])


def test_long_cell_is_refused_with_its_place() -> None:
    # Excel's own limit is below ours; other programs may write longer texts.
    data = workbook(["call_id"], ["LONG"])
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"LONG", b"x" * 100_001))

    assert "sheet 'Danh mục', row 2, column A: The cell is longer" in refusal(stream.getvalue())


@pytest.mark.parametrize(
    ("number", "text"),
    [(12.0, "12"), (0.1 + 0.2, "0.3"), (1e-7, "0.0000001"), (-5, "-5"), (1e21, "1" + "0" * 21)],
)
def test_number_text(number: float, text: str) -> None:
    assert number_text(number) == text


def with_sheet(extra: bytes) -> bytes:
    """Return a made-up workbook with XML added to the end of its sheet."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(["call_id"], ["c1"]))) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"</sheetData>", extra + b"</sheetData>"))
    return stream.getvalue()


def test_a_million_empty_rows_are_refused() -> None:
    rows = b"".join(b'<row r="%d"/>' % number for number in range(3, 250_000))

    assert "more than 200,000 rows, empty ones counted" in refusal(with_sheet(rows))


def test_many_columns_are_refused() -> None:
    cells = b'<c t="inlineStr"><is><t>z</t></is></c>' * 3000

    assert "row 3: The sheet has more than" in refusal(
        with_sheet(b'<row r="3">' + cells + b"</row>")
    )
