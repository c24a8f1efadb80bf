"""`ketnoi event-files`: a schedule as workbook, printed sheets, calendars and JSON."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from api.cli.language import language, told
from matcher.events.control import Report
from matcher.events.event import Event
from matcher.events.fields import EventError
from matcher.events.schedule import Meeting

WHERE_SHOWN = 5

EventFile = Annotated[Path, typer.Argument(metavar="EVENT.json", help="The event.")]
ScheduleFile = Annotated[Path, typer.Argument(metavar="SCHEDULE.json", help="Its schedule.")]
Out = Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder for the files.")]
Version = Annotated[str, typer.Option(help="A version's name, printed on every page.")]


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("event-files")(make_event_files)


def make_event_files(
    event: EventFile, schedule: ScheduleFile, out: Out, version: Version = ""
) -> None:
    """Write a schedule's files; calendars follow those written to the same folder before."""
    from matcher.events.repair import read_previous  # noqa: PLC0415 -- slow import

    for path, hint in ((event, "EVENT.json"), (schedule, "SCHEDULE.json")):
        if not path.is_file():
            raise typer.BadParameter(f"{path} is not a file", param_hint=hint)
    try:
        place = event
        parsed = read_event_file(event)
        place = schedule
        meetings = read_previous(schedule).meetings
        count = write_event_files(parsed, meetings, out, version)
    except EventError as error:
        for line in told(error).splitlines():
            typer.echo(line if line.startswith(place.name) else f"{place}: {line}", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{count} files of {len(meetings)} meetings in {out}.")


def write_event_files(
    event: Event, meetings: Sequence[Meeting], folder: Path, version: str = ""
) -> int:
    """Write all files into the folder and return how many there are."""
    from api.event_files.view import build_view  # noqa: PLC0415 -- slow import
    from api.event_files.writing import write_files  # noqa: PLC0415 -- slow import

    check_folder(folder)
    view = build_view(event, meetings, version=version)
    with reports() as report:
        return len(write_files(view, folder, now=datetime.now(UTC), report=report))


def check_folder(folder: Path) -> None:
    """Refuse a file where a folder is wanted, before any work is done."""
    if folder.exists() and not folder.is_dir():
        raise typer.BadParameter(f"{folder} is a file; name a folder", param_hint="DIR")


def read_event_file(path: Path) -> Event:
    """The event of a file; notices go to stderr. Raises EventError."""
    from matcher.events.parsing import read_event  # noqa: PLC0415 -- slow import

    if not path.is_file():
        raise typer.BadParameter(f"{path} is not a file", param_hint="EVENT.json")
    parsed = read_event(path)
    for notice in parsed.notices[:WHERE_SHOWN]:
        shown = notice.in_vietnamese() if language() == "vi" else notice
        typer.echo(f"{path}: {shown}", err=True)
    if len(parsed.notices) > WHERE_SHOWN:
        more = len(parsed.notices) - WHERE_SHOWN
        said = f"… và {more} lưu ý khác" if language() == "vi" else f"… and {more} more notes"
        typer.echo(f"{path}: {said}", err=True)
    return parsed.event


def parse_time(text: str, zone: str) -> datetime:
    """An ISO 8601 time; without a zone it is the event's. Raises ValueError."""
    from api.event_files.view import find_zone  # noqa: PLC0415 -- slow import

    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=find_zone(zone))


@contextmanager
def reports() -> Iterator[Report]:
    """A function that shows one line of progress on a terminal, and nothing in a pipe."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return

    def show(text: str) -> None:
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()

    yield show
    show("")
