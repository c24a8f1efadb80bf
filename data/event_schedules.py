"""Versions of an event's schedule: frozen once made, one of them in force; meetings, check-in,
outcomes.

A meeting takes up its two people, its table and its interpreter in its slot by rows with a key, so
that no program, however it errs, can book one of them twice in a version.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import IntegrityError

from data import leads, queries, store
from data.errors import KetnoiError
from data.event_people import participant
from data.events import Event, event, touch
from data.leads import NewLead
from data.store import Actor, Conflict, Row, StaleVersion

MeetingStatus = Literal["booked", "held", "no_show", "replaced"]
Outcome = Literal["nothing", "talking", "site_visit", "mou", "contract", "certificate", "operating"]
_STAGE: Mapping[str, leads.Stage] = {
    "site_visit": "site_visit",
    "mou": "mou",
    "certificate": "certificate",
    "operating": "operating",
}


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the schedule; `document` is as `ketnoi schedule` writes it."""

    event_id: str
    number: int
    document: Mapping[str, Any]
    event_document: Mapping[str, Any]
    changes: Sequence[Mapping[str, Any]]
    job_id: str | None
    created_at: str
    published_at: str | None


@dataclass(frozen=True, slots=True)
class EventMeeting:
    """A meeting of a version and how it went."""

    event_id: str
    number: int
    a: str
    b: str
    slot_id: str
    table_id: str
    interpreter_id: str | None
    status: MeetingStatus
    updated_at: str


def add_version(
    connection: Connection,
    event_id: str,
    document: Mapping[str, Any],
    event_document: Mapping[str, Any],
    *,
    job_id: str | None = None,
) -> Version:
    """Keep a schedule as the event's next version, with what differs from the one in force.

    Raises Conflict "event.double_booking" if it books a person, table or interpreter twice.
    """
    target = store.table_of("event_schedule")
    statement = select(func.max(target.c.number)).where(target.c.event_id == event_id)
    number = int(connection.execute(statement).scalar_one() or 0) + 1
    in_force = event(connection, event_id).published
    before = meetings(connection, event_id, in_force) if in_force else []
    row: Row = {
        "event_id": event_id, "number": number, "document": dict(document),
        "event_document": dict(event_document),
        "changes": differences(before, document["meetings"]), "job_id": job_id,
        "created_at": store.now(), "published_at": None,
    }  # fmt: skip
    store.insert(connection, "event_schedule", row)
    for one in document["meetings"]:
        _book(connection, event_id, number, one)
    return version_of(connection, event_id, number)


def publish(connection: Connection, event_id: str, number: int, *, version: int) -> Event:
    """Put a version in force if the event still has `version` (412 for whoever comes second).

    Raises StaleVersion "version.stale", NotFound "schedule.not_found", Conflict
    "schedule.published" for one in force, "schedule.outdated" for one older than it.
    """
    found = version_of(connection, event_id, number)
    standing = event(connection, event_id)
    if standing.version != version:
        raise StaleVersion(
            "version.stale",
            "Somebody changed the event since it was read. Read it again, then publish.",
            "Có người đã sửa sự kiện sau lần đọc này. Hãy đọc lại rồi công bố.",
        )
    if found.published_at is not None or number <= standing.published:
        raise Conflict(
            "schedule.published",
            f"Version {standing.published} is in force; version {number} is not newer. Solve "
            "again and publish the new version.",
            f"Phiên bản {standing.published} đang có hiệu lực; phiên bản {number} không mới hơn. "
            "Hãy lập lịch lại rồi công bố phiên bản mới.",
        )
    touch(connection, event_id, version, {"published": number})
    key = {"event_id": event_id, "number": number}
    store.update(connection, "event_schedule", key, {"published_at": store.now()})
    return event(connection, event_id)


def version_of(connection: Connection, event_id: str, number: int) -> Version:
    """Return a version. Raises NotFound "schedule.not_found"."""
    missing = store.not_found("schedule", "version of the schedule", "phiên bản lịch", str(number))
    key = {"event_id": event_id, "number": number}
    return store.one(connection, "event_schedule", key, _version_of, missing)


def versions(connection: Connection, event_id: str) -> list[Version]:
    """Return all versions of an event, oldest first."""
    found = store.rows(connection, "event_schedule", {"event_id": event_id}, order=("number",))
    return [_version_of(row) for row in found]


def meetings(connection: Connection, event_id: str, number: int) -> list[EventMeeting]:
    """Return a version's meetings by slot and table."""
    key = {"event_id": event_id, "number": number}
    found = store.rows(connection, "event_meeting", key, order=("slot_id", "table_id", "a", "b"))
    return [EventMeeting(**row) for row in found]


def check_in(
    connection: Connection, event_id: str, couple: tuple[str, str], status: MeetingStatus
) -> EventMeeting:
    """Note how a meeting of the version in force went.

    Raises NotFound "meeting.not_found"; Conflict "meeting.over" for one that is held or was
    missed: a fact stays.
    """
    before = meeting_in_force(connection, event_id, couple)
    key = {"event_id": event_id, "number": before.number, "a": couple[0], "b": couple[1]}
    values = {"status": status, "updated_at": store.now()}
    if before.status != status and not store.update(
        connection, "event_meeting", key | {"status": "booked"}, values
    ):
        raise Conflict(
            "meeting.over",
            f"The meeting is noted as {before.status} already.",
            f"Cuộc gặp đã được ghi nhận là {before.status}.",
        )
    touch(connection, event_id)
    return meeting_in_force(connection, event_id, couple)


def meeting_in_force(
    connection: Connection, event_id: str, couple: tuple[str, str]
) -> EventMeeting:
    """Return a couple's meeting of the version in force. Raises NotFound "meeting.not_found"."""
    number = event(connection, event_id).published
    key = {"event_id": event_id, "number": number, "a": couple[0], "b": couple[1]}
    missing = store.not_found("meeting", "meeting", "cuộc gặp", " – ".join(couple))
    return store.one(connection, "event_meeting", key, _meeting_of, missing)


def note_outcome(
    connection: Connection,
    meeting: EventMeeting,
    days: Literal[30, 90, 365],
    outcome: Outcome,
    *,
    note: str = "",
    by: Actor,
) -> None:
    """Note what came of a meeting that was held, and move the pair's lead there.

    Raises KetnoiError "outcome.not_held".
    """
    if meeting.status != "held":
        raise KetnoiError(
            "outcome.not_held",
            "Only a meeting that was held has an outcome. Check it in first.",
            "Chỉ cuộc gặp đã diễn ra mới có kết quả. Hãy ghi nhận cuộc gặp trước.",
        )
    key = {"event_id": meeting.event_id, "a": meeting.a, "b": meeting.b, "days": days}
    store.delete(connection, "event_outcome", key)
    values = {"outcome": outcome, "note": note, "noted_at": store.now()}
    store.insert(connection, "event_outcome", key | values)
    follow_up(connection, meeting, _STAGE.get(outcome, "met"), by=by)


def outcomes(connection: Connection, event_id: str) -> list[Row]:
    """Return the outcomes of an event's meetings."""
    return store.rows(connection, "event_outcome", {"event_id": event_id}, order=("a", "b", "days"))


def follow_up(
    connection: Connection, meeting: EventMeeting, stage: leads.Stage, *, by: Actor
) -> None:
    """Carry a meeting held at an investment event into the pipeline, from where training learns.

    A lead never moves back by this, and one that was dismissed stays so.
    """
    standing = event(connection, meeting.event_id)
    if standing.kind != "investment":
        return
    parties = [
        participant(connection, meeting.event_id, each).party_id for each in (meeting.a, meeting.b)
    ]
    known = {
        kind: next((p for p in parties if p in queries.known_ids(connection, kind)), None)
        for kind in ("investor", "project_call")
    }
    if None in known.values():
        return
    investor_id, call_id = str(known["investor"]), str(known["project_call"])
    found = leads.leads(
        connection,
        organisation_id=standing.organisation_id,
        wanted=leads.LeadFilter(investor_id=investor_id, call_id=call_id),
    )
    if not found:
        new = NewLead(standing.organisation_id, call_id, investor_id, stage)
        leads.create_lead(connection, new, by=by)
        return
    order = leads.STAGES.index
    lead = found[0]
    if lead.stage != "dismissed" and order(lead.stage) < order(stage):
        changed = {one.name: getattr(lead, one.name) for one in fields(lead)} | {"stage": stage}
        leads.change_lead(connection, leads.Lead(**changed), by=by)


def differences(
    before: Sequence[EventMeeting], after: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """What a later version changes: meetings new, moved, at another table, cancelled."""
    old = {(one.a, one.b): one for one in before if one.status in ("booked", "held")}
    new = {(one["a"], one["b"]): one for one in after}
    if not before:
        return []
    changes: list[dict[str, Any]] = []
    for couple in sorted(old.keys() | new.keys()):
        was, now = old.get(couple), new.get(couple)
        where = None if was is None else [was.slot_id, was.table_id, was.interpreter_id]
        to = None if now is None else [now["slot"], now["table"], now.get("interpreter")]
        if where == to:
            continue
        change = "new" if where is None else "cancelled" if to is None else "place"
        if where is not None and to is not None and where[0] != to[0]:
            change = "moved"
        changes.append({"change": change, "a": couple[0], "b": couple[1], "from": where, "to": to})
    return changes


def _book(connection: Connection, event_id: str, number: int, one: Mapping[str, Any]) -> None:
    row: Row = {
        "event_id": event_id, "number": number, "a": one["a"], "b": one["b"],
        "slot_id": one["slot"], "table_id": one["table"],
        "interpreter_id": one.get("interpreter"), "status": one.get("status", "booked"),
        "updated_at": store.now(),
    }  # fmt: skip
    seats = [("person", one["a"]), ("person", one["b"]), ("table", one["table"])]
    if one.get("interpreter") is not None:
        seats.append(("interpreter", one["interpreter"]))
    try:
        with connection.begin_nested():
            store.insert(connection, "event_meeting", row)
            if row["status"] in ("no_show", "replaced"):
                return  # it took place for nobody: what it had is free
            place = {name: row[name] for name in ("event_id", "number", "slot_id", "a", "b")}
            for kind, resource in seats:
                values = {"kind": kind, "resource_id": resource}
                store.insert(connection, "event_seat", place | values)
    except IntegrityError:
        raise Conflict(
            "event.double_booking",
            f"The meeting of {one['a']} with {one['b']} in {one['slot']} takes a person, table or "
            "interpreter that is taken, or the couple meets already. Solve again.",
            f"Cuộc gặp của {one['a']} với {one['b']} ở khung {one['slot']} trùng người, bàn hoặc "
            "phiên dịch đã có lịch, hoặc cặp này đã gặp. Hãy lập lịch lại.",
        ) from None


def _version_of(row: Row) -> Version:
    return Version(**row)


def _meeting_of(row: Row) -> EventMeeting:
    return EventMeeting(**row)
