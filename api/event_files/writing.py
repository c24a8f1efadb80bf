"""All files of an event into a folder: whole or not at all, calendars following the last ones."""

import io
import json
import re
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from api.event_files.calendars import (
    CalendarState,
    calendars,
    next_state,
    replay,
    state_from_json,
    state_to_json,
)
from api.event_files.printed import PRINTS
from api.event_files.view import EventView
from api.event_files.workbook import make_workbook
from data.errors import KetnoiError

STATE = "calendar.json"
CALENDARS = "calendar"
MAKERS: dict[str, Callable[[EventView], bytes]] = {
    "schedule.xlsx": make_workbook,
    "schedule.json": lambda view: _as_text(agenda(view)),
    **PRINTS,
}
"""File name → what makes it; each can be made alone."""
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_RESERVED = re.compile(r"(?i)^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$")

Report = Callable[[str], None]


def write_files(
    view: EventView, folder: Path, *, now: datetime, report: Report = lambda _: None
) -> list[Path]:
    """Write every file of the schedule into `folder`; those of the same name are replaced.

    Calendars follow the ones given out from this folder before (`calendar.json` there).

    Raises:
        KetnoiError: ``event.calendar_state`` when the folder belongs to another event.
    """
    before = _read_state(view, folder)
    folder.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(dir=folder, prefix=".part-"))
    try:
        state = next_state(view, before, now)
        names = [*_make(view, state, work, report)]
        (work / STATE).write_bytes(_as_text(state_to_json(view.event.id, state)))
        (folder / CALENDARS).mkdir(exist_ok=True)
        for name in (*names, STATE):  # the state last: a crash before it repeats the update
            (work / name).replace(folder / name)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return [folder / name for name in (*names, STATE)]


def _read_state(view: EventView, folder: Path) -> CalendarState:
    path = folder / STATE
    if not path.exists():
        return {}
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise KetnoiError(
            "event.calendar_state",
            f"{path} is damaged ({error}). Restore it, or remove it (then calendars start anew).",
            f"{path} bị hỏng ({error}). Hãy khôi phục, hoặc xóa tệp (khi đó lịch được phát lại "
            "từ đầu).",
        ) from error
    return state_from_json(view.event.id, document)


def _make(view: EventView, state: CalendarState, work: Path, report: Report) -> Iterator[str]:
    for name, make in MAKERS.items():
        report(name)
        (work / name).write_bytes(make(view))
        yield name
    report(CALENDARS)
    (work / CALENDARS).mkdir()
    taken: set[str] = set()
    for user, text in calendars(view, state):
        name = f"{CALENDARS}/{safe_name(user, taken)}.ics"
        (work / name).write_bytes(text)
        yield name


def archive(versions: Sequence[tuple[EventView, datetime]]) -> bytes:
    """The calendars of everyone after these versions, given out at these times, as one .zip."""
    view, state = versions[-1][0], replay(versions)
    taken: set[str] = set()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as bundle:
        for user, text in calendars(view, state):
            bundle.writestr(f"{safe_name(user, taken)}.ics", text)
    return buffer.getvalue()


def safe_name(identity: str, taken: set[str]) -> str:
    """A file name for the id that every system takes, none twice (upper and lower alike)."""
    name = _UNSAFE.sub("_", identity).strip(".")[:80] or "_"
    if _RESERVED.match(name):
        name = f"_{name}"
    number, unique = 1, name
    while unique.lower() in taken:
        number += 1
        unique = f"{name}-{number}"
    taken.add(unique.lower())
    return unique


def agenda(view: EventView) -> dict[str, Any]:
    """The schedule with names and times, by meeting and by person."""
    return {
        "event": {
            "id": view.event.id,
            "name": view.title,
            "place": view.event.place,
            "timezone": view.event.timezone,
            "version": view.version,
        },
        "meetings": [
            {
                **row.meeting.to_json(),
                "start": row.start.isoformat(),
                "end": row.end.isoformat(),
                "a_name": row.a,
                "b_name": row.b,
                "table_name": row.table,
                "interpreter_name": row.interpreter or None,
            }
            for row in view.rows
        ],
        "people": [
            {
                "id": person.id,
                "name": person.name,
                "meetings": [
                    {"with": row.other_id(person.id), "slot": row.meeting.slot}
                    for row in person.rows
                ],
            }
            for person in view.people
        ],
    }


def _as_text(document: dict[str, Any]) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()
