"""Word, PDF and old Excel files: their tables come through; what is no sound file is refused."""

import io
import zipfile
from pathlib import Path

import pytest

from data.importers.documents.pdf import read_pdf
from data.importers.documents.word import read_word
from data.importers.documents.xls import read_old_workbook
from data.importers.grid import Grid, Merge
from data.importers.kinds import KINDS
from data.importers.table import parse_table
from data.importers.textfile import TextProblem
from data.records import Interval, Place

ROWS = (
    ("TT", "Tên dự án", "Quy mô dự án", "", "Vốn (tỷ đồng)"),
    ("", "", "Diện tích (ha)", "Công suất", ""),
    ("1", "Nhà máy bịa", "20", "5 MW", "500"),
    ("2", "Kho bịa", "", "", "70,5"),
)


def word(*paragraphs: str) -> bytes:
    """Return a document with a table whose header has merged cells."""
    import docx

    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    table = document.add_table(len(ROWS), len(ROWS[0]))
    for place, row in enumerate(ROWS):
        for cell, text in zip(table.rows[place].cells, row, strict=True):
            cell.text = text
    table.cell(0, 2).merge(table.cell(0, 3))
    for column in (0, 1, 4):
        table.cell(0, column).merge(table.cell(1, column))
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def pdf(content: bytes, *, resources: bytes = b"") -> bytes:
    """Return a PDF of one page with the drawing commands given."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 400]/Contents 4 0 R/Resources<<"
        b"/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>" + resources + b">>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
    ]
    made, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj%s endobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(made)
    return made + b"xref\n0 5\n0000000000 65535 f \n%strailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (table, start)  # fmt: skip  # noqa: E501


def table_commands(rows: list[list[str]]) -> bytes:
    """Return commands that draw lines around cells with a text in each."""
    width, height = 90, 20
    right, bottom = 10 + width * len(rows[0]), 380 - height * len(rows)
    heights = (380 - number * height for number in range(len(rows) + 1))
    parts = [f"10 {y} m {right} {y} l S" for y in heights]
    lefts = (10 + column * width for column in range(len(rows[0]) + 1))
    parts += [f"{x} 380 m {x} {bottom} l S" for x in lefts]
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            parts.append(f"BT /F 8 Tf {14 + column * width} {367 - number * height} Td ({text}) Tj ET")  # fmt: skip  # noqa: E501
    return "\n".join(parts).encode()


def refusal(read: object, data: bytes) -> str:
    assert callable(read)
    with pytest.raises(TextProblem) as caught:
        read(data)
    return str(caught.value)


def texts(grid: Grid) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in grid.rows]


def test_word_table_comes_with_its_merges_and_paragraphs() -> None:
    grid = read_word(word("DANH MỤC DỰ ÁN", "Đơn vị: tỷ đồng"))[0]

    assert grid.captions == ["DANH MỤC DỰ ÁN", "Đơn vị: tỷ đồng"]
    assert [text.strip() for text in texts(grid)[2]] == ["1", "Nhà máy bịa", "20", "5 MW", "500"]
    assert Merge(1, 2, 1, 3) in grid.merges
    assert Merge(1, 1, 2, 1) in grid.merges
    assert grid.row_place(3) == "table 1, row 3"


def test_word_list_is_imported() -> None:
    parsed = parse_table(
        KINDS["calls"],
        Path("bịa.docx"),
        word("DANH MỤC DỰ ÁN TỈNH THANH HÓA"),
        default_place=Place(),
    )
    assert [call.title for call in parsed.records] == ["Nhà máy bịa", "Kho bịa"]
    assert parsed.records[0].land.ha == Interval(20, 20)
    assert parsed.records[1].capital.vnd == Interval(70.5e9, 70.5e9)
    assert parsed.records[1].place.name == "Thanh Hóa"


def test_pdf_table_is_imported_with_its_page() -> None:
    rows = [["No.", "Project name", "Area", "Capital"], ["1", "Made-up port", "20 ha", "5 million USD"]]  # fmt: skip  # noqa: E501
    data = pdf(table_commands(rows))
    parsed = parse_table(KINDS["calls"], Path("bịa.pdf"), data, default_place=Place())

    assert texts(read_pdf(data)[0]) == rows
    assert (parsed.records[0].title, parsed.records[0].land.ha) == (
        "Made-up port",
        Interval(20, 20),
    )
    assert parsed.rows[0].where == "page 1, row 2"


def archive(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return stream.getvalue()


ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><w>&a;</w>'


@pytest.mark.parametrize(
    ("read", "data", "words"),
    [
        (read_word, b"", "This is empty, not a .docx"),
        (read_word, b"call_id,title\n", "not a .docx document"),
        (read_word, archive(x=b"y"), "This is an archive, not a .docx document"),
        (read_word, archive(**{"word/document.xml": ENTITIES}), "holds a document type"),
        (read_word, archive(**{"word/document.xml": b"<x/>"}), "damaged|cannot be read"),
        (read_word, archive(**{"word/document.xml": b"\0" * 20_000_000}), "unpacks from"),
        (read_word, word()[:-400], "cut short or damaged"),
        (read_pdf, b"call_id,title\n", "This is a text file, not a PDF document."),
        (read_pdf, b"%PDF-1.4\nnothing", "cut short or damaged"),
        (read_pdf, pdf(b""), "holds no text"),
        (read_pdf, pdf(b"q 99 0 0 99 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q"), "scanned"),
        (read_pdf, pdf(b"BT /F 8 Tf 9 9 Td (A text long enough to be one, but no table) Tj ET"),
         "no table with lines"),
        (read_old_workbook, b"x", "not an .xls workbook"),
        (read_old_workbook, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "damaged"),
    ],
)  # fmt: skip
def test_what_is_no_sound_document_is_refused(read: object, data: bytes, words: str) -> None:
    message = refusal(read, data)

    assert any(part in message for part in words.split("|"))
