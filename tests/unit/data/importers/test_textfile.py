"""Text files: whole UTF-8 tables are read, anything else is refused with what to do."""

import pytest

from data.importers.grid import column_letter
from data.importers.textfile import TextProblem, read_text

KNOWN = frozenset({"call_id", "title", "sector"})


def rows(data: str | bytes, *, tabs: bool = False) -> list[tuple[int, list[str]]]:
    raw = data.encode() if isinstance(data, str) else data
    grid = read_text(raw, tabs=tabs, known=KNOWN)
    return [(row.number, [cell.text for cell in row.cells]) for row in grid.rows]


def refusal(data: str | bytes) -> str:
    with pytest.raises(TextProblem) as caught:
        rows(data)
    return str(caught.value)


@pytest.mark.parametrize(
    "data",
    [
        "call_id,title\nc1,Dự án\n",
        "\ufeffcall_id,title\r\nc1,Dự án\r\n",
        "call_id;title\nc1;Dự án\n",
        "call_id\ttitle\nc1\tDự án\n",
        '"call_id","title"\n"c1","Dự án"\n',
    ],
    ids=["plain", "bom-crlf", "semicolon", "tab", "quoted"],
)
def test_table_is_read(data: str) -> None:
    assert rows(data) == [(1, ["call_id", "title"]), (2, ["c1", "Dự án"])]


def test_row_numbers_are_those_of_excel() -> None:
    data = 'call_id,title\n\nc1,"two\nlines"\n,\nc2,x\n'

    assert [number for number, _ in rows(data)] == [1, 3, 5]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "The file is empty."),
        ("call_id,title\nc1,Dự án\n".encode("utf-16")[:-1], "UTF-16 and damaged or cut short"),
        (b"call_id,title\nc1,D\xf5\xf2 \xe1n Thanh H\xf3a\n", "line 2: The file is not in UTF-8"),
        (b"call_id,title\nc1,Th\xe0nh ph\xf4\xec\n", "it seems, in Windows-1258 (Vietnamese)"),
        (b"call_id,title\nc1,a\0b\n", "line 2: The file holds a NUL byte"),
        (b"PK\x03\x04....", "This is an Excel workbook (.xlsx), not a text file."),
        (b"<html><table>", "This is a web page (HTML), not a text file."),
        (b"%PDF-1.7", "This is a PDF document"),
    ],
)
def test_bytes_that_are_no_utf8_text_are_refused(data: bytes, words: str) -> None:
    assert words in refusal(data)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("call_id,title\nc1", "row 2: The row has 1 cells, the header has 2. The file may be cut"),
        ("call_id,title\nc1,Dự", "row 2: The file ends in the middle of this row, after 'Dự'"),
        ('call_id,title\nc1,"Dự án\n', "row 2: A quoted cell that begins here is never closed"),
        ("call_id,title\nc1,D\u1ef1".encode()[:-1], "ends in the middle of a letter"),
        ("call_id,ti", "The file ends in the middle of this row"),
    ],
    ids=["few-cells", "last-cell", "quote", "letter", "header"],
)
def test_file_cut_short_is_refused(data: str | bytes, words: str) -> None:
    assert words in refusal(data)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("call_id,title\nc1\nc2,x\n", "row 2: The row has 1 cells, the header has 2. Add the"),
        ("call_id,title\nc1,x,y\n", "row 2: The row has 3 cells, the header has 2. Put cells"),
        ('call_id,title\nc1,"a"b"\n', "row 2: A quote stands inside a quoted cell."),
        (f"call_id,title\nc1,{'x' * 100_001}\n", "row 2: A cell is longer than 100,000 characters"),
        (f"call_id,title\nc1,{'x' * 200_000}\n", "row 2: A cell is longer than 100,000 characters"),
    ],
    ids=["narrow", "wide", "quote", "long", "longer"],
)
def test_rows_that_do_not_fit_are_refused(data: str, words: str) -> None:
    assert words in refusal(data)


def test_empty_cells_beyond_header_are_ignored() -> None:
    assert rows("call_id,title\nc1,x,,\n")[1] == (2, ["c1", "x", "", ""])


@pytest.mark.parametrize(
    ("index", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")]
)
def test_column_letter(index: int, letters: str) -> None:
    assert column_letter(index) == letters
