"""Files made to hurt: refused or cut with a clear word, in time, in little memory, leaving nothing.

They are imported one by one, ten seconds each, in a process that may use one gigabyte.
"""

import io
import json
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
from PIL import Image

SECONDS = 10.0
MEMORY = 1_000_000_000  # bytes of the process' own data
_RUN = """
import contextlib, io, json, resource, sys, time
from api.cli.main import main
outcomes = []
for name, *arguments in json.loads(sys.argv[1]):
    said, started = io.StringIO(), time.monotonic()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = main(arguments)
    outcomes.append([name, time.monotonic() - started, code, said.getvalue()])
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({"outcomes": outcomes, "peak": peak}))
"""


def book(*rows: Sequence[object]) -> bytes:
    made = openpyxl.Workbook(write_only=True)
    sheet = made.create_sheet("Danh mục")
    for row in rows:
        sheet.append(row)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def rezipped(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return an archive with one of its parts changed (or added)."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", 8) as new:
        for each in old.namelist():
            content = old.read(each)
            new.writestr(each, change(content) if each == name else content)
        if name not in old.namelist():
            new.writestr(name, change(b""))
    return stream.getvalue()


HEADER = ["TT", "Tên dự án", "Địa điểm", "Vốn (tỷ đồng)"]
SMALL = book(["DANH MỤC DỰ ÁN TỈNH THANH HÓA"], HEADER, [1, "Kho bịa", "xã X", 5])
SHEET = "xl/worksheets/sheet1.xml"


def sheet_of(content: bytes) -> bytes:
    return rezipped(SMALL, SHEET, lambda _: content)


def bomb() -> bytes:
    """Ten gigabytes by what the directory says, in less than a megabyte."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", 8) as archive:
        for number in range(50):
            archive.writestr(f"{number}.csv", bytes(1_000_000))
    size, told = (1_000_000).to_bytes(4, "little"), (200_000_000).to_bytes(4, "little")
    return stream.getvalue().replace(size, told)


def liar() -> bytes:
    """An archive whose directory says that a member of 50 MB has 100 bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", 8) as archive:
        archive.writestr("a.csv", bytes(50_000_000))
    data = bytearray(stream.getvalue())
    size = (50_000_000).to_bytes(4, "little")
    while (at := data.find(size)) >= 0:
        data[at : at + 4] = (100).to_bytes(4, "little")
    return bytes(data)


def nested() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", 8) as archive:
        archive.writestr("inner.zip", SMALL)
    return stream.getvalue()


def many() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", 8) as archive:
        for number in range(5_000):
            archive.writestr(f"{number}.csv", "a")
    return stream.getvalue()


ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(12))
    + b"]><l>&m;</l>"
)


def entities_late() -> bytes:
    """An entity bomb behind a long comment."""
    return rezipped(
        SMALL, SHEET, lambda _: b'<?xml version="1.0"?><!--' + b" " * 9_000 + b"-->" + ENTITIES[21:]
    )


def word_with(part: bytes) -> bytes:
    import docx

    stream = io.BytesIO()
    docx.Document().save(stream)
    return rezipped(stream.getvalue(), "word/document.xml", lambda _: part)


def empty_rows() -> bytes:
    rows = b"".join(b'<row r="%d"/>' % number for number in range(10, 1_000_010))
    return rezipped(SMALL, SHEET, lambda old: old.replace(b"</sheetData>", rows + b"</sheetData>"))


def far_row() -> bytes:
    """One cell in the last row that a sheet can have."""
    row = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return rezipped(SMALL, SHEET, lambda old: old.replace(b"</sheetData>", row + b"</sheetData>"))


def pages(count: int) -> bytes:
    kids = b" ".join(b"%d 0 R" % (3 + n) for n in range(count))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count),
    ]
    objects += [b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"] * count
    made, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj%s endobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    tail = (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
    )
    return made + tail % (len(objects) + 1, table, len(objects) + 1, len(made))


def locked_pdf() -> bytes:
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    stream = io.BytesIO()
    canvas = Canvas(stream, encrypt=StandardEncryption("secret", ownerPassword="more"))
    canvas.drawString(10, 10, "x")
    canvas.save()
    return stream.getvalue()


def big_cell() -> bytes:
    return rezipped(
        SMALL,
        SHEET,
        lambda old: old.replace(
            b"</sheetData>",
            b'<row r="9"><c r="B9" t="inlineStr"><is><t>'
            + b"x" * 1_000_000
            + b"</t></is></c></row></sheetData>",
        ),
    )


def macros() -> bytes:
    made = openpyxl.Workbook()
    assert made.active is not None
    for row in (["DANH MỤC DỰ ÁN TỈNH THANH HÓA"], HEADER, [1, "Kho bịa", '=cmd|"/c x"!A0', 5]):
        made.active.append(row)
    stream = io.BytesIO()
    made.save(stream)
    return rezipped(stream.getvalue(), "xl/vbaProject.bin", lambda _: b"macro")


def large_picture(form: str) -> bytes:
    stream = io.BytesIO()
    Image.new("1", (12_000, 12_000)).save(stream, form)
    return stream.getvalue()


def very_many_pages(count: int = 50_000) -> bytes:
    """A small TIFF whose first page is listed again and again."""
    stream = io.BytesIO()
    Image.new("1", (400, 400)).save(stream, "TIFF")
    data = bytearray(stream.getvalue())
    (start,) = struct.unpack_from("<I", data, 4)
    (tags,) = struct.unpack_from("<H", data, start)
    size = 2 + 12 * tags
    listed = bytes(data[start : start + size])
    struct.pack_into("<I", data, start + size, len(data))
    for _ in range(count):
        data += listed
        data += struct.pack("<I", len(data) + 4)
    data[-4:] = bytes(4)
    return bytes(data)


READ = ("far-row", "macros")
"""Files that are read, in spite of what is in them."""
CASES: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "zip-bomb": ("a.zip", bomb, "unpacks from"),
    "zip-liar": ("a.zip", liar, "damaged"),
    "zip-in-zip": ("a.zip", nested, "holds another archive"),
    "zip-many": ("a.zip", many, "5,000 files"),
    "xlsx-bomb": ("a.xlsx", lambda: sheet_of(bytes(80_000_000)), "unpacks"),
    "xlsx-entities": ("a.xlsx", lambda: sheet_of(ENTITIES), "document type"),
    "xlsx-entities-late": ("a.xlsx", entities_late, "document type"),
    "docx-entities": ("a.docx", lambda: word_with(ENTITIES), "document type"),
    "xlsx-empty-rows": ("a.xlsx", empty_rows, "more than 200,000 rows"),
    "xlsx-3000-columns": ("a.xlsx", lambda: book(["x"] * 3_000), "columns"),
    "xlsx-cell": ("a.xlsx", big_cell, "longer than 100,000"),
    "csv-cell": ("a.csv", lambda: b"call_id,title\nc1," + b"x" * 1_000_000 + b"\n", "longer than"),
    "csv-3000-columns": ("a.csv", lambda: b",".join([b"x"] * 3_000) + b"\n", "3000 cells"),
    "xlsx-password": (
        "a.xlsx",
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") * 99,
        "protected by a password",
    ),
    "pdf-password": ("a.pdf", locked_pdf, "protected by a password"),
    "pdf-5000-pages": ("a.pdf", lambda: pages(5_000), "5,000 pages"),
    "pdf-large-picture": ("a.pdf", lambda: large_picture("PDF"), "picture"),
    "png-large": ("a.png", lambda: large_picture("PNG"), "too many"),
    "tif-50000-pages": ("a.tif", very_many_pages, "more than 60 pages"),
    "png-cut": ("a.png", lambda: large_picture("PNG")[:99], "picture"),
    "xlsx-cut": ("a.xlsx", lambda: SMALL[:-400], "cut short or damaged"),
    "pdf-cut": ("a.pdf", lambda: pages(3)[:60], "cut short or damaged"),
    "wrong-ending": ("a.pdf", lambda: SMALL, "not a PDF document"),
    "no-ending": ("a", lambda: SMALL, "cannot be read"),
    "far-row": ("a.xlsx", far_row, ""),
    "macros": ("a.xlsm", macros, ""),
}  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """What one import did: seconds, exit code, everything it said."""

    seconds: float
    code: int
    said: str


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Outcome], int]:
    """Import all files, one after the other, in a process of its own; with its peak memory."""
    folder = tmp_path_factory.mktemp("hostile")
    calls = []
    for name, (file_name, make, *_) in CASES.items():
        (folder / name).mkdir()
        path = folder / name / file_name
        path.write_bytes(make())
        calls.append([name, "import", "calls", str(path)])
    calls = [[*call, "--dry-run", "--json"] if call[0] in READ else call for call in calls]
    done = subprocess.run(
        [sys.executable, "-c", _RUN, json.dumps(calls)],
        env={"KETNOI_HOME": str(folder / "home"), "OMP_NUM_THREADS": "1", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    told = json.loads(done.stdout)
    found = {name: Outcome(*each) for name, *each in told["outcomes"]}
    return folder, found, told["peak"] * 1024


Outcomes = tuple[Path, dict[str, Outcome], int]


@pytest.mark.parametrize("name", [name for name in CASES if name not in READ])
def test_hostile_file_is_refused_in_time(name: str, outcomes: Outcomes) -> None:
    folder, found, _ = outcomes

    assert found[name].code == 1, found[name].said
    assert CASES[name][2] in found[name].said
    assert found[name].seconds < SECONDS
    assert [each.name for each in (folder / name).iterdir()] == [CASES[name][0]]


def test_all_of_them_take_little_memory_and_leave_no_rows(outcomes: Outcomes) -> None:
    folder, _, peak = outcomes

    assert peak < MEMORY
    assert leftovers(folder / "home") == 0


def test_cell_in_the_last_row_is_read_in_time(outcomes: Outcomes) -> None:
    found = outcomes[1]["far-row"]

    assert found.code in (0, 1), found.said
    assert found.seconds < SECONDS


def test_macros_and_formulas_are_never_run(outcomes: Outcomes) -> None:
    found = outcomes[1]["macros"]

    assert found.code == 0, found.said
    assert "Kho bịa" in found.said
    assert "has no stored result" in found.said  # asked, not run


def leftovers(home: Path) -> int:
    """Return the number of rows that an import left in the database, if there is one."""
    import sqlite3

    if not (home / "ketnoi.sqlite").is_file():
        return 0
    with sqlite3.connect(home / "ketnoi.sqlite") as connection:
        tables = ("project_call", "draft", "import_run", "call_history")
        found = sum(connection.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in tables)  # noqa: S608
    connection.close()
    return int(found)
