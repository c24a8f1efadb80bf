"""`ketnoi schedule`: an event's meetings, placed as well as can be proven."""

import json
import os
import signal
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import event_files
from api.cli.event_files import parse_time, read_event_file
from api.cli.language import language, told
from matcher.events.control import Control
from matcher.events.event import Event
from matcher.events.fields import EventError
from matcher.events.schedule import Schedule

if TYPE_CHECKING:
    from matcher.events.repair import Previous as Before

WHERE_SHOWN = 5

EventFile = Annotated[Path, typer.Argument(metavar="EVENT.json", help="The event to schedule.")]
Out = Annotated[Path | None, typer.Option("--out", help="Where the schedule is written.")]
Previous = Annotated[
    Path | None,
    typer.Option(
        metavar="SCHEDULE.json",
        help="A schedule to keep to as far as can be: re-solve on the day.",
    ),
]
Now = Annotated[
    str | None,
    typer.Option(
        metavar="TIME", help="With --previous: slots that began by this time stay as they were."
    ),
]
Files = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Also write workbook, printed sheets and calendars there."),
]
Seconds = Annotated[float, typer.Option("--time-limit", min=0.1, help="Seconds to search.")]
Seed = Annotated[int, typer.Option(min=0, max=2**31 - 1, help="Seed of the search.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the schedule as JSON.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command("schedule")(schedule)
    event_files.register(app)


def schedule(
    event: EventFile,
    out: Out = None,
    previous: Previous = None,
    now: Now = None,
    files: Files = None,
    time_limit: Seconds = 30.0,
    seed: Seed = 0,
    as_json: AsJson = False,
) -> None:
    """Choose meetings, slots, tables and interpreters; Ctrl-C keeps the best so far."""
    if out is None and not as_json:
        raise typer.BadParameter("give --out SCHEDULE.json or --json", param_hint="--out")
    if out is not None:
        _check_writable(out)
    if files is not None:
        event_files.check_folder(files)
    try:
        parsed = read_event_file(event)
        before = _before(parsed, previous, now)
        document = _solve(parsed, before, time_limit, seed)
    except EventError as error:
        for line in told(error).splitlines():
            typer.echo(f"{event}: {line}", err=True)
        raise typer.Exit(1) from None
    text = json.dumps(document.to_json(), ensure_ascii=False, indent=1)
    if out is not None:
        _write(out, text)
    if files is not None and document.status != "infeasible":
        event_files.write_event_files(parsed, document.meetings, files)
    typer.echo(text if as_json else _summary(document, out))
    for fault in document.unmet if document.status == "infeasible" else ():
        typer.echo(f"{event}: {fault['place']}: {fault[language()]}", err=True)


def _before(event: Event, previous: Path | None, now: str | None) -> "Before | None":
    """The schedule to keep to, and the time it is."""
    from matcher.events.repair import read_previous  # noqa: PLC0415 -- slow import

    if previous is None:
        if now is not None:
            raise typer.BadParameter("needs --previous SCHEDULE.json", param_hint="--now")
        return None
    if not previous.is_file():
        raise typer.BadParameter(f"{previous} is not a file", param_hint="--previous")
    try:
        return read_previous(previous, None if now is None else parse_time(now, event.timezone))
    except ValueError:
        message = f"{now} is not an ISO 8601 time such as 2026-12-05T10:00"
        raise typer.BadParameter(message, param_hint="--now") from None


def _solve(event: Event, before: "Before | None", seconds: float, seed: int) -> Schedule:
    from matcher.events.schedule_event import schedule_event  # noqa: PLC0415 -- slow import

    with event_files.reports() as report:
        control = Control(seconds, report)
        return _stoppable(
            control, lambda: schedule_event(event, control, seed=seed, previous=before)
        )


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
    tongue = language()
    say, goal = _SAY[tongue], result.objective
    helps = [say["helps"].format(remedy[tongue]) for remedy in result.relaxations[:WHERE_SHOWN]]
    if result.status == "infeasible":
        return "\n".join([say["impossible"], *helps])
    lines = [
        say["found"].format(len(result.meetings), f"{goal.score:.6g}", say[result.status])
        + (say["gap"].format(f"{result.gap:.3%}") if result.gap else "")
    ]
    if goal.must_missed or goal.min_short:
        lines.append(say["missing"].format(goal.must_missed, goal.min_short))
        lines += [f"  {reason[tongue]}" for reason in result.unmet[:WHERE_SHOWN]]
        lines += helps
    if "moved" in result.quality:
        lines.append(say["moves"].format(**result.quality))
        if result.quality["moved_is_least"]:
            lines.append(say["least"])
    if out is not None:
        lines.append(say["written"].format(out))
    return "\n".join(lines)


_SAY = {
    "en": {
        "optimal": "optimal",
        "feasible": "feasible",
        "impossible": "No schedule keeps the fixed meetings and the hard rules.",
        "found": "{} meetings, score {}: {}",
        "gap": ", at most {} below the best",
        "missing": "{} musts missed, {} meetings short of minima:",
        "helps": "  would help: {}",
        "moves": "{kept} meetings kept, {moved} moved, {cancelled} cancelled, {missed} missed, "
        "{new} new",
        "least": "No schedule moves fewer (proven).",
        "written": "Written to {}.",
    },
    "vi": {
        "optimal": "tối ưu, đã chứng minh",
        "feasible": "khả thi",
        "impossible": "Không lịch nào giữ được mọi cuộc đã ấn định và các quy tắc bắt buộc.",
        "found": "{} cuộc gặp, điểm {}: {}",
        "gap": ", kém mức tốt nhất không quá {}",
        "missing": "Lỡ {} cuộc bắt buộc, thiếu {} cuộc so với mức tối thiểu:",
        "helps": "  có thể khắc phục: {}",
        "moves": "Giữ {kept} cuộc, dời {moved}, hủy {cancelled}, lỡ {missed}, thêm mới {new}",
        "least": "Không lịch nào dời ít hơn (đã chứng minh).",
        "written": "Đã ghi vào {}.",
    },
}
