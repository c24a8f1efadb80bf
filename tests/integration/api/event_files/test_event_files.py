"""The files as programs read them back: Excel, PDF text, and the command line."""

import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pdfplumber
import pytest
import typer
from typer.testing import CliRunner

from api.cli import events
from api.event_files import writing
from api.event_files.printed import PRINTS
from api.event_files.view import EventView, build_view
from api.event_files.workbook import make_workbook
from matcher.events.control import Control
from matcher.events.parsing import parse_event
from matcher.events.schedule_event import schedule_event
from tests.support.named_events import NAMES, named_event

APP = typer.Typer()
events.register(APP)


@pytest.fixture(scope="module")
def view() -> EventView:
    event = parse_event(named_event()).event
    return build_view(event, schedule_event(event, Control(10)).meetings, version="Bản 1")


def texts(path: bytes) -> list[str]:
    """Text of each page, on one line without spaces: they depend on layout."""
    with pdfplumber.open(io.BytesIO(path)) as document:
        return ["".join((page.extract_text() or "").split()) for page in document.pages]


def joined(text: str) -> str:
    return "".join(text.split())


def test_workbook_holds_every_meeting_in_every_sheet(view: EventView) -> None:
    book = openpyxl.load_workbook(io.BytesIO(make_workbook(view)))
    assert len(book.sheetnames) == 6
    flat = book["Cuộc gặp - Meetings"]
    rows = [[cell.value for cell in row] for row in flat.iter_rows(min_row=5)]
    assert len(rows) == len(view.rows)
    assert rows[0][:2] == [view.rows[0].when, view.rows[0].table]
    grid = book["Lưới - Grid"]
    filled = [c for row in grid.iter_rows(min_row=5, min_col=2) for c in row if c.value]
    assert len(filled) == len(view.rows)
    desk = book["Bàn đón - Desk"]
    counts: list[Any] = [row[6].value for row in desk.iter_rows(min_row=5)]
    assert sum(counts) == 2 * len(view.rows)


def test_workbook_has_no_formulas_and_prints_on_a4(view: EventView) -> None:
    book = openpyxl.load_workbook(io.BytesIO(make_workbook(view)))
    for sheet in book.worksheets:
        assert sheet.page_setup.paperSize == 9
        cells = [cell for row in sheet.iter_rows() for cell in row]
        assert all(cell.data_type != "f" for cell in cells)
        assert not any(str(cell.value).startswith("=") for cell in cells)
    people = book["Người - People"]
    assert len(people.row_breaks.brk) == len(view.people) - 1


def test_printed_people_have_a_page_each_with_every_letter(view: EventView) -> None:
    pages = texts(PRINTS["people.pdf"](view))
    assert len(pages) == len(view.people)
    for page, person in zip(pages, view.people, strict=True):
        assert joined(person.name) in page
        assert all(row.when in page for row in person.rows)
    everything = "".join(pages)
    assert all(joined(name) in everything for name in NAMES)


@pytest.mark.parametrize("name", list(PRINTS))
def test_printed_files_embed_their_fonts_and_are_the_same_twice(view: EventView, name: str) -> None:
    first = PRINTS[name](view)
    assert first == PRINTS[name](view)
    with pdfplumber.open(io.BytesIO(first)) as document:
        fonts = {letter["fontname"].split("+")[-1] for p in document.pages for letter in p.chars}
    assert fonts <= {"Roboto-Regular", "Roboto-Bold", "DroidSansFallback"}


def test_grid_has_every_couple_beside_its_time(view: EventView) -> None:
    page = "".join(texts(PRINTS["grid.pdf"](view)))
    assert all(when in page for _, when in view.slots)
    assert page.count("–") >= len(view.rows)


def test_tables_and_interpreters_show_their_meetings(view: EventView) -> None:
    for name, sheets in (("tables.pdf", view.tables), ("interpreters.pdf", view.interpreters)):
        pages = texts(PRINTS[name](view))
        assert len(pages) == len(sheets)
        for page, sheet in zip(pages, sheets, strict=True):
            assert all(row.when in page for row in sheet.rows)


def test_event_without_meetings_or_interpreters_prints() -> None:
    document = named_event()
    document["interpreters"] = []
    empty = build_view(parse_event(document).event, ())
    assert "Nothingtoprint" in texts(PRINTS["interpreters.pdf"](empty))[0]
    assert len(texts(PRINTS["people.pdf"](empty))) == 18
    assert make_workbook(empty)


def test_name_of_hundreds_of_letters_still_prints() -> None:
    document = named_event()
    document["participants"][0]["name"] = "Công ty " * 100 + "x" * 300
    event = parse_event(document).event
    found = build_view(event, schedule_event(event, Control(5)).meetings)
    assert all(make(found) for make in PRINTS.values())


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "event.json").write_text(json.dumps(named_event()), encoding="utf-8")
    return tmp_path


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KETNOI_LANG", "en")


def call(*arguments: str | Path) -> Any:
    return CliRunner().invoke(APP, [str(argument) for argument in arguments])


def test_schedule_writes_files_and_an_update_cancels(
    files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "MAKERS", {"schedule.json": writing.MAKERS["schedule.json"]})
    event, first, second = (files / name for name in ("event.json", "1.json", "2.json"))
    done = call("schedule", event, "--out", first, "--files", files / "out")
    assert done.exit_code == 0, done.output
    document = json.loads(event.read_text(encoding="utf-8"))
    gone = json.loads(first.read_text(encoding="utf-8"))["meetings"][0]["a"]
    for person in document["participants"]:
        if person["id"] == gone:
            person["max_meetings"] = 0
    event.write_text(json.dumps(document), encoding="utf-8")
    done = call("schedule", event, "--previous", first, "--out", second, "--files", files / "out")
    assert done.exit_code == 0, done.output
    assert "No schedule moves fewer" in done.output
    calendar = (files / "out" / "calendar" / f"{gone}.ics").read_text(encoding="utf-8")
    assert calendar.count("STATUS:CANCELLED") == calendar.count("BEGIN:VEVENT") > 0
    changes = json.loads(second.read_text(encoding="utf-8"))["changes"]
    assert {c["kind"] for c in changes if c["a"] == gone} == {"cancelled"}


def test_files_of_another_schedule_are_refused_and_nothing_is_written(files: Path) -> None:
    wrong = files / "wrong.json"
    meeting = {"a": "a0", "b": "b0", "slot": "s9", "table": "t0"}
    wrong.write_text(json.dumps({"meetings": [meeting]}), encoding="utf-8")
    done = call("event-files", files / "event.json", wrong, "--out", files / "out")
    assert done.exit_code == 1
    assert "meetings[0].slot: 's9' is not in the event file" in done.output
    assert not (files / "out").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("schedule", "EVENT", "--json", "--now", "2026-12-05T09:00"),
        ("schedule", "EVENT", "--json", "--previous", "nowhere.json"),
        ("event-files", "EVENT", "nowhere.json", "--out", "x"),
    ],
)
def test_wrong_call_is_exit_2(files: Path, arguments: tuple[str, ...]) -> None:
    done = call(*(files / "event.json" if a == "EVENT" else a for a in arguments))
    assert done.exit_code == 2


def test_all_files_are_written_and_leave_nothing_behind(files: Path, view: EventView) -> None:
    out = files / "out"
    from datetime import UTC, datetime

    paths = writing.write_files(view, out, now=datetime(2026, 12, 1, tzinfo=UTC))
    assert {p.name for p in paths} >= {"schedule.xlsx", "people.pdf", "desk.pdf", "calendar.json"}
    assert all(path.stat().st_size > 100 for path in paths)
    assert not list(out.glob(".part-*"))
