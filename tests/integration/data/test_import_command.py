"""`ketnoi import` from end to end: what it says, its exit codes, and an unchanged database."""

import io
import json
import os
import random
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import select

from api.cli.main import main
from data.session import connect, read
from data.store import table_of
from tests.integration.data.made_up import CALLS, DEALS, FILES, INVESTORS

Output = pytest.CaptureFixture[str]


@pytest.fixture
def home(
    backend: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Path:
    """An empty home for what commands keep, its database in a file or on a server."""
    monkeypatch.setenv("KETNOI_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("KETNOI_DATABASE_URL", raising=False)
    if backend != "sqlite":
        monkeypatch.setenv("KETNOI_DATABASE_URL", request.getfixturevalue("filled_url"))
    return tmp_path / "home"


@pytest.fixture
def filled(home: Path, tmp_path: Path) -> Path:
    """A home with the made-up investors, calls and deals imported."""
    for kind, text in FILES.items():
        assert main(["import", kind, str(write(tmp_path, f"{kind}.csv", text))]) == 0
    return home


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


TABLES = (
    "investor", "investor_alias", "project_call", "deal", "import_run", "content_version",
    "draft", "activity_correction",
)  # fmt: skip


def dump(home: Path) -> list[str]:
    """Return everything that an import may write."""
    engine = connect(os.environ.get("KETNOI_DATABASE_URL", f"sqlite:///{home / 'ketnoi.sqlite'}"))
    with read(engine) as connection:
        found = [
            f"{name}: {tuple(row)}"
            for name in TABLES
            for row in connection.execute(select(table_of(name)))
        ]
    engine.dispose()
    return sorted(found)


def test_import_twice_changes_nothing(filled: Path, tmp_path: Path, capsys: Output) -> None:
    before = dump(filled)
    capsys.readouterr()

    assert main(["import", "calls", str(tmp_path / "calls.csv")]) == 0
    assert capsys.readouterr().out == "calls.csv: 3 calls: 0 new, 0 changed, 3 the same.\n"
    assert dump(filled) == before


def test_changed_row_is_told(filled: Path, tmp_path: Path, capsys: Output) -> None:
    path = write(tmp_path, "calls.csv", CALLS.replace("500-700", "500-800"))
    capsys.readouterr()

    assert main(["import", "calls", str(path)]) == 0
    assert capsys.readouterr().out == "calls.csv: 3 calls: 0 new, 1 changed, 2 the same.\n"
    assert any("800000000000" in line for line in dump(filled))


def test_dry_run_makes_no_database(home: Path, tmp_path: Path, capsys: Output) -> None:
    path = write(tmp_path, "calls.csv", CALLS)

    assert main(["import", "calls", str(path), "--dry-run"]) == 0
    assert "3 new" in capsys.readouterr().out
    assert not home.exists()


def test_dry_run_json_has_the_documented_shape(
    filled: Path, tmp_path: Path, capsys: Output
) -> None:
    before = dump(filled)
    path = write(tmp_path, "calls.csv", CALLS.replace("500-700 tỷ", "900"))
    capsys.readouterr()

    assert main(["import", "calls", str(path), "--dry-run", "--json"]) == 0
    captured = capsys.readouterr()
    document = json.loads(captured.out)
    row = document["rows"][0]
    assert captured.err == ""
    assert {"file", "kind", "rows", "skipped", "totals"} <= set(document)
    assert [each["status"] for each in document["rows"]] == ["changed", "same", "same"]
    assert row["fields"]["capital"] == {
        "value": {"min": None, "max": None},
        "text": "900",
        "where": "row 2, column F (capital_min)",
        "confidence": 0.0,
    }
    assert row["fields"]["province"]["value"] == {
        "code": "38",
        "name": "Thanh Hóa",
        "as_written": "Thanh Hóa",
    }
    assert {"field", "question", "candidates"} <= set(row["doubts"][0])
    assert dump(filled) == before


@pytest.mark.usefixtures("home")
def test_province_fills_empty_cells(tmp_path: Path, capsys: Output) -> None:
    path = write(tmp_path, "calls.csv", CALLS)

    assert main(["import", "calls", str(path), "--province", "nghe an", "--dry-run", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    names = [row["fields"]["province"]["value"]["name"] for row in rows]
    assert names == ["Thanh Hóa", "Huế", "Nghệ An"]


def test_deals_of_unknown_parties_are_refused(home: Path, tmp_path: Path, capsys: Output) -> None:
    assert main(["import", "investors", str(write(tmp_path, "investors.csv", INVESTORS))]) == 0
    assert main(["import", "calls", str(write(tmp_path, "calls.csv", CALLS))]) == 0
    before = dump(home)
    path = write(tmp_path, "deals.csv", DEALS.replace("v2,c2", "v22,c9"))

    assert main(["import", "deals", str(path)]) == 1
    message = capsys.readouterr().err
    assert "There is no investor 'v22' in the database. The nearest are v2" in message
    assert "row 4, column B (call_id): There is no call 'c9'" in message
    assert dump(home) == before


def refused(home: Path, path: Path, capsys: Output, kind: str = "calls") -> str:
    """Import a file that must be refused, the database staying as it is; return the message."""
    before = dump(home)
    capsys.readouterr()
    assert main(["import", kind, str(path)]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(f"{path.name} was not imported, the database is as before; ")
    assert dump(home) == before
    return captured.err


def as_workbook(text: str) -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    for line in text.splitlines():
        book.active.append(line.split(","))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv", CALLS.replace("call_id", "id"), "column is missing: call_id"),
        ("a.csv", CALLS.replace("TT. Huế", "Hoế"), "row 3, column D (province): 'Hoế' is not a pr"),
        ("a.csv", CALLS.replace("500-700", "-500"), "row 2, column F (capital_min): '-500 tỷ': is"),
        ("a.csv", CALLS.replace("c3,", "c1,"), "row 4, column A (call_id): The call_id 'c1' is"),
        ("a.csv", CALLS.replace("Kho bịa", "x" * 50_000_000), "row 4: A cell is longer than"),
        ("a.csv", CALLS.encode("utf-16")[:-1], "The file is in UTF-16 and damaged or cut short"),
        ("a.csv", "call_id,title\nc1,Th\u00e0nh ph\u00f4\u0301\n".encode("cp1258"), "Windows-1258"),
        ("a.xlsx", CALLS, "This is a text file, not an .xlsx workbook."),
        ("a.csv", as_workbook(CALLS), "This is an Excel workbook (.xlsx), not a text file."),
        ("a.xlsx", as_workbook(CALLS.replace("TT. Huế", "Hoế")), "sheet 'Sheet', row 3, column D"),
        ("a.pdf", CALLS, "This is a text file, not a PDF document."),
        ("a.odt", CALLS, "Files ending in .odt cannot be read."),
    ],
    ids=["header", "province", "negative", "repeated", "50MB", "utf-16", "windows-1258",
         "fake-xlsx", "fake-csv", "xlsx", "pdf", "odt"],
)  # fmt: skip
def test_bad_file_is_refused(
    filled: Path, tmp_path: Path, capsys: Output, name: str, content: str | bytes, words: str
) -> None:
    assert words in refused(filled, write(tmp_path, name, content), capsys)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)  # refused before it is opened
@pytest.mark.parametrize("kind", ["investors", "calls", "deals"])
def test_file_cut_anywhere_is_refused(
    filled: Path, tmp_path: Path, capsys: Output, kind: str
) -> None:
    data = FILES[kind].encode()
    # After a whole row a cut leaves no trace; everywhere else it does.
    places = [place for place in range(len(data)) if not data[:place].endswith(b"\n")]
    for place in random.Random(2).sample(places, 50):
        refused(filled, write(tmp_path, "cut.csv", data[:place]), capsys, kind)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)  # refused before it is opened
def test_workbook_cut_anywhere_is_refused(filled: Path, tmp_path: Path, capsys: Output) -> None:
    data = as_workbook(CALLS)
    for place in random.Random(3).sample(range(len(data)), 25):
        refused(filled, write(tmp_path, "cut.xlsx", data[:place]), capsys)


@pytest.mark.usefixtures("home")
def test_all_problems_are_in_json(tmp_path: Path, capsys: Output) -> None:
    rows = "".join(f"x{number},bịa,Nowhere\n" for number in range(60))
    path = write(tmp_path, "a.csv", f"call_id,title,province\n{rows}")
    capsys.readouterr()

    assert main(["import", "calls", str(path), "--json"]) == 1
    captured = capsys.readouterr()
    assert len(json.loads(captured.out)["problems"]) == 60
    assert "60 problems" in captured.err
    assert "… and 10 more; --json lists them all." in captured.err


@pytest.mark.parametrize(
    "arguments",
    [["plants", "calls.csv"], ["calls", "nowhere.csv"], ["calls", "."], ["calls"]],
    ids=["kind", "no-file", "folder", "nothing"],
)
def test_wrong_call_gives_2(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    write(tmp_path, "calls.csv", CALLS)
    monkeypatch.chdir(tmp_path)

    assert main(["import", *arguments]) == 2
    assert not home.exists()


def test_wrong_province_option_gives_2(home: Path, tmp_path: Path, capsys: Output) -> None:
    path = write(tmp_path, "calls.csv", CALLS)

    assert main(["import", "calls", str(path), "--province", "Thanh Hoas"]) == 2
    assert "Thanh Hóa" in capsys.readouterr().err
    assert not home.exists()
