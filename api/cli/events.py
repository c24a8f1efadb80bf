"""`ketnoi schedule`: an event's meetings, placed as well as can be proven."""

import json
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from matcher.events.control import Control, Report
from matcher.events.fields import EventError
from matcher.events.schedule import Schedule

WHERE_SHOWN = 5

EventFile = Annotated[Path, typer.Argument(metavar="EVENT.json", help="The event to schedule.")]
Out = Annotated[Path | None, typer.Option("--out", help="Where the schedule is written.")]
Previous = Annotated[
    Path | None,
    typer.Option(help="A schedule to keep to as far as can be: re-solve on the day."),
]
Seconds = Annotated[float, typer.Option("--time-limit", min=0.1, help="Seconds to search.")]
Seed = Annotated[int, typer.Option(min=0, max=2**31 - 1, help="Seed of the search.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the schedule as JSON.")]


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("schedule")(schedule)


def schedule(
    event: EventFile,
    out: Out = None,
    previous: Previous = None,
    time_limit: Seconds = 30.0,
    seed: Seed = 0,
    as_json: AsJson = False,
) -> None:
    """Choose meetings, slots, tables and interpreters; Ctrl-C keeps the best so far."""
    if out is None and not as_json:
        raise typer.BadParameter("give --out SCHEDULE.json or --json", param_hint="--out")
    if out is not None:
        _check_writable(out)
    try:
        document = _solve(event, previous, time_limit, seed)
    except EventError as error:
        for line in str(error).splitlines():
            typer.echo(f"{event}: {line}", err=True)
        raise typer.Exit(1) from None
    text = json.dumps(document.to_json(), ensure_ascii=False, indent=1)
    if out is not None:
        _write(out, text)
    if as_json:
        typer.echo(text)
    else:
        typer.echo(_summary(document, out))
    for fault in document.unmet if document.status == "infeasible" else ():
        typer.echo(f"{event}: {fault['place']}: {fault['en']}", err=True)


def _solve(event: Path, previous: Path | None, seconds: float, seed: int) -> Schedule:
    from matcher.events.parsing import read_event  # noqa: PLC0415 -- slow import
    from matcher.events.repair import read_previous  # noqa: PLC0415 -- slow import
    from matcher.events.schedule_event import schedule_event  # noqa: PLC0415 -- slow import

    if not event.is_file():
        raise typer.BadParameter(f"{event} is not a file", param_hint="EVENT.json")
    parsed = read_event(event)
    for notice in parsed.notices[:WHERE_SHOWN]:
        typer.echo(f"{event}: {notice}", err=True)
    if len(parsed.notices) > WHERE_SHOWN:
        typer.echo(f"{event}: … and {len(parsed.notices) - WHERE_SHOWN} more notes", err=True)
    before = None if previous is None else read_previous(previous)
    with _reports() as report:
        control = Control(seconds, report)
        return _stoppable(
            control, lambda: schedule_event(parsed.event, control, seed=seed, previous=before)
        )


@contextmanager
def _reports() -> Iterator[Report]:
    """A function that shows one line of progress on a terminal, and nothing in a pipe."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return

    def show(text: str) -> None:
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()

    yield show
    show("")


def _stoppable(control: Control, work: Callable[[], Schedule]) -> Schedule:
    """Work in a thread, so that the first Ctrl-C ends it with the best found so far."""
    done: list[Schedule] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            done.append(work())
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=run, daemon=True)
    before = signal.getsignal(signal.SIGINT)

    def stop(_number: int, _frame: FrameType | None) -> None:
        control.stop()
        signal.signal(signal.SIGINT, before)  # a second Ctrl-C ends the program

    listening = threading.current_thread() is threading.main_thread()
    if listening:
        signal.signal(signal.SIGINT, stop)
    try:
        thread.start()
        while thread.is_alive():
            thread.join(0.1)
    finally:
        if listening:
            signal.signal(signal.SIGINT, before)
    if failed:
        raise failed[0]
    return done[0]


def _check_writable(out: Path) -> None:
    """Refuse a place that cannot be written before any work is done."""
    if out.is_dir():
        raise typer.BadParameter(f"{out} is a folder; name a file", param_hint="--out")
    if not out.absolute().parent.is_dir():
        raise typer.BadParameter(f"the folder of {out} does not exist", param_hint="--out")


def _write(out: Path, text: str) -> None:
    """Write all or nothing: into a new file beside, then renamed."""
    if out.exists() and not out.is_file():  # a pipe or a device
        out.write_text(text + "\n", encoding="utf-8")
        return
    handle, name = tempfile.mkstemp(dir=out.absolute().parent, prefix=f".{out.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text + "\n")
        mask = os.umask(0)
        os.umask(mask)
        Path(name).chmod(0o666 & ~mask)
        Path(name).replace(out)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _summary(result: Schedule, out: Path | None) -> str:
    """What a person wants to know at once."""
    if result.status == "infeasible":
        return "No schedule keeps the fixed meetings and the hard rules."
    goal = result.objective
    lines = [
        f"{len(result.meetings)} meetings, score {goal.score:.6g}: {result.status}"
        + (f", at most {result.gap:.3%} below the best" if result.gap else "")
    ]
    if goal.must_missed or goal.min_short:
        lines.append(f"{goal.must_missed} musts missed, {goal.min_short} meetings short of minima:")
        lines += [f"  {reason['en']}" for reason in result.unmet[:WHERE_SHOWN]]
        lines += [f"  would help: {remedy['en']}" for remedy in result.relaxations[:WHERE_SHOWN]]
    if "moved" in result.quality:
        lines.append(f"{result.quality['moved']} meetings moved, {result.quality['kept']} kept")
    if out is not None:
        lines.append(f"Written to {out}.")
    return "\n".join(lines)
