"""Jobs of events: a schedule made in the background, messages to webhooks."""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import Engine as Database

from api.work.webhooks import send
from data import event_schedules, jobs, webhooks
from data.errors import NotFound
from data.events import event, touch
from data.jobs import Job, NewJob
from data.session import read, write
from data.store import Conflict
from matcher.events.control import Control
from matcher.events.parsing import parse_event
from matcher.events.repair import Previous
from matcher.events.schedule import Meeting, Schedule

SOLVE = "solve"
FILE = "event.json"
LOOK = 1.0  # seconds between looks whether the job was cancelled


@dataclass(frozen=True, slots=True)
class SolveWish:
    """What to solve: the event file and, to keep to, the meetings of the version in force."""

    event_id: str
    document: Mapping[str, Any]
    previous: tuple[Mapping[str, Any], ...] | None
    now: str | None
    seconds: float
    seed: int


def enqueue_solve(connection: Connection, wish: SolveWish, new: NewJob) -> Job:
    """Queue the making of a schedule; the event is kept as it is now.

    Raises:
        EventError: the event cannot be solved, with the places that are wrong.
    """
    parse_event(dict(wish.document))
    content = json.dumps(
        {"event": wish.document, "previous": wish.previous}, ensure_ascii=False
    ).encode()
    return jobs.enqueue(connection, new, {FILE: content})


def solve(database: Database, job: Job) -> None:
    """Make the schedule and keep it as the event's next version, together with the job's end.

    Raises:
        Conflict: the job was cancelled meanwhile; nothing is kept.
    """
    with read(database) as connection:
        content = json.loads(jobs.file_of(connection, job.job_id, FILE))
    payload = job.payload
    control = Control(float(payload["seconds"]))
    done = _watched(database, job, control, content)
    document = done.to_json()
    event_id = str(payload["event_id"])
    with write(database) as connection:
        standing = event(connection, event_id)
        result: dict[str, Any] = {
            "status": done.status,
            "objective": document["objective"],
            "gap": document["gap"],
            "meetings": len(done.meetings),
            "number": None,
        }
        if done.status != "infeasible":
            made = event_schedules.add_version(
                connection, event_id, document, content["event"], job_id=job.job_id
            )
            result["number"] = made.number
            touch(connection, event_id)
        else:
            result |= {"unmet": document["unmet"], "relaxations": document["relaxations"]}
        jobs.finish(connection, job, result)
        facts = {"event_id": event_id, "number": result["number"], "status": done.status}
        webhooks.tell(connection, standing.organisation_id, "schedule.solved", facts)


def deliver(database: Database, job: Job, *, private: bool = False) -> None:
    """Send one message; an address that was deleted meanwhile gets none.

    Raises:
        KetnoiError: ``webhook.…``: it could not be delivered; to be tried again.
    """
    status: int | None = None
    try:
        with read(database) as connection:
            hook = webhooks.webhook(connection, str(job.payload["webhook_id"]))
        status = send(hook, job.payload["body"], private=private)
    except NotFound:
        pass
    with write(database, alone=False) as connection:
        jobs.finish(connection, job, {"status": status})


def _watched(
    database: Database, job: Job, control: Control, content: Mapping[str, Any]
) -> Schedule:
    """Solve in a thread; meanwhile hold the job, tell how far it is, stop when it is cancelled."""
    from matcher.events.schedule_event import schedule_event  # noqa: PLC0415 -- slow import

    parsed = parse_event(content["event"]).event
    previous = _previous(content["previous"], job.payload.get("now"))
    found: list[Schedule] = []
    failed: list[BaseException] = []

    def work() -> None:
        try:
            seed = int(job.payload["seed"])
            found.append(schedule_event(parsed, control, seed=seed, previous=previous))
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    total = round(control.seconds * 10)
    while thread.is_alive():
        thread.join(LOOK)
        try:
            with write(database, alone=False) as connection:
                spent = min(total, round(control.spent() * 10))
                jobs.extend(connection, job, progress=(spent, total))
        except Conflict:
            control.stop()
            thread.join()
            raise
    if failed:
        raise failed[0]
    return found[0]


def _previous(meetings: Any, now: str | None) -> Previous | None:
    if meetings is None:
        return None
    moment = None if now is None else datetime.fromisoformat(now)
    return Previous(tuple(Meeting(**one) for one in meetings), moment)
