"""Events of an organisation: their slots, tables, interpreters and fixed meetings.

Every change of what will be solved counts the event's version up, so that two people who change it
at once cannot overwrite each other.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from data import store
from data.errors import KetnoiError
from data.store import Page, Row

EventKind = Literal["investment", "supply_demand"]


@dataclass(frozen=True, slots=True)
class EventSlot:
    slot_id: str
    starts_at: str  # ISO 8601 with zone, kept in UTC
    ends_at: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class EventTable:
    table_id: str
    owner: str | None = None
    unavailable: Sequence[str] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class EventInterpreter:
    interpreter_id: str
    languages: Sequence[str]
    unavailable: Sequence[str] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class EventFixed:
    """A meeting that is set, if both agreed to meet; table and interpreter are chosen if None."""

    a: str
    b: str
    slot_id: str
    table_id: str | None = None
    interpreter_id: str | None = None


@dataclass(frozen=True, slots=True)
class NewEvent:
    """What an event is made from."""

    organisation_id: str
    name: str
    kind: EventKind = "investment"
    timezone: str = "Asia/Ho_Chi_Minh"
    place: str = ""
    slots: Sequence[EventSlot] = ()
    tables: Sequence[EventTable] = ()
    interpreters: Sequence[EventInterpreter] = ()
    fixed: Sequence[EventFixed] = ()


@dataclass(frozen=True, slots=True)
class Event(NewEvent):
    """An event as it stands; `published` is the number of the version that people hold."""

    event_id: str = ""
    published: int = 0
    created_at: str = ""
    updated_at: str = ""
    version: int = 1


HEAD = ("name", "kind", "timezone", "place")
_PARTS: Mapping[str, tuple[str, tuple[str, ...], type[Any]]] = {
    "slots": ("event_slot", ("slot_id",), EventSlot),
    "tables": ("event_table", ("table_id",), EventTable),
    "interpreters": ("event_interpreter", ("interpreter_id",), EventInterpreter),
    "fixed": ("event_fixed", ("a", "b"), EventFixed),
}


def create_event(connection: Connection, new: NewEvent) -> Event:
    """Add an event with its slots, tables and interpreters.

    Raises KetnoiError "event.name", "event.timezone", "event.slot", "event.repeated",
    "event.fixed".
    """
    _check(new)
    moment = store.now()
    event_id = store.new_id()
    row: Row = {name: getattr(new, name) for name in ("organisation_id", *HEAD)}
    row |= {"event_id": event_id, "published": 0, "version": 1}
    store.insert(connection, "event", row | {"created_at": moment, "updated_at": moment})
    _write_parts(connection, event_id, new)
    return event(connection, event_id)


def change_event(connection: Connection, changed: Event) -> Event:
    """Keep the head and the parts of an event read before; its version must be the current one.

    Raises StaleVersion "version.stale" and what `create_event` raises.
    """
    _check(changed)
    values: Row = {name: getattr(changed, name) for name in HEAD}
    touch(connection, changed.event_id, changed.version, values)
    for table, _, _ in _PARTS.values():
        store.delete(connection, table, {"event_id": changed.event_id})
    _write_parts(connection, changed.event_id, changed)
    return event(connection, changed.event_id)


def touch(
    connection: Connection,
    event_id: str,
    version: int | None = None,
    values: Mapping[str, Any] | None = None,
) -> None:
    """Count the event's version up and note the time; with `version` only if it still has it."""
    if version is None:
        version = int(store.rows(connection, "event", {"event_id": event_id})[0]["version"])
    values = {**(values or {}), "updated_at": store.now()}
    store.set_versioned(connection, "event", {"event_id": event_id}, values, version=version)


def event(connection: Connection, event_id: str, *, organisation_id: str | None = None) -> Event:
    """Return an event. Raises NotFound ("event.not_found"), also for another organisation's."""
    key = {"event_id": event_id}
    if organisation_id is not None:
        key["organisation_id"] = organisation_id
    missing = store.not_found("event", "event", "sự kiện", event_id)
    return store.one(connection, "event", key, lambda row: _event_of(connection, row), missing)


def events(
    connection: Connection,
    *,
    organisation_id: str | None = None,
    last_modified_from: str = "",
    page: Page = store.ALL,
) -> list[Event]:
    """Return events, oldest first; `last_modified_from` is a moment as `store.at` writes it."""
    target = store.table_of("event")
    conditions = []
    if organisation_id is not None:
        conditions.append(target.c.organisation_id == organisation_id)
    if last_modified_from:
        conditions.append(target.c.updated_at >= last_modified_from)
    found = store.listed(connection, "event", "event_id", page, *conditions)
    return [_event_of(connection, row) for row in found]


def _write_parts(connection: Connection, event_id: str, new: NewEvent) -> None:
    for name, (table, _, _) in _PARTS.items():
        for one in getattr(new, name):
            row = asdict(one) | {"event_id": event_id}
            row = {key: list(v) if isinstance(v, tuple | list) else v for key, v in row.items()}
            if name == "slots":
                row |= {key: _utc(row[key]) for key in ("starts_at", "ends_at")}
            store.insert(connection, table, row)


def _event_of(connection: Connection, row: Row) -> Event:
    parts = {}
    for name, (table, key, kind) in _PARTS.items():
        columns = ("starts_at", *key) if name == "slots" else key
        found = store.rows(connection, table, {"event_id": row["event_id"]}, order=columns)
        parts[name] = tuple(made_of(kind, each) for each in found)
    made: Event = replace(made_of(Event, row), **parts)
    return made


def made_of(kind: type[Any], row: Row) -> Any:
    """A record from a row: the fields it has, lists as tuples."""
    values = {one.name: row[one.name] for one in fields(kind) if one.name in row}
    return kind(**{key: tuple(v) if isinstance(v, list) else v for key, v in values.items()})


def _utc(text: str) -> str:
    return store.at(datetime.fromisoformat(text))


def _check(new: NewEvent) -> None:
    if not new.name.strip():
        raise KetnoiError(
            "event.name", "The event has no name. Give one.", "Sự kiện chưa có tên. Hãy đặt tên."
        )
    try:
        ZoneInfo(new.timezone)
    except (KeyError, ValueError, OSError):
        raise KetnoiError(
            "event.timezone",
            f"{new.timezone!r} is not a time zone's name, such as Asia/Ho_Chi_Minh.",
            f"{new.timezone!r} không phải tên múi giờ, chẳng hạn Asia/Ho_Chi_Minh.",
        ) from None
    for one in new.slots:
        _check_slot(one)
    slots = {one.slot_id for one in new.slots}
    for name, (_, key, _) in _PARTS.items():
        ids = Counter(" – ".join(getattr(one, part) for part in key) for one in getattr(new, name))
        twice = next((each for each, count in ids.items() if count > 1), None)
        if twice is not None:
            raise KetnoiError(
                "event.repeated",
                f"{name} holds {twice!r} twice. Give each its own id.",
                f"{name} có {twice!r} hai lần. Hãy đặt mỗi mục một mã riêng.",
            )
    _check_fixed(new, slots)
    away = [slot for table in new.tables for slot in table.unavailable]
    away += [slot for one in new.interpreters for slot in one.unavailable]
    unknown = next((slot for slot in away if slot not in slots), None)
    if unknown is not None:
        raise KetnoiError(
            "event.slot",
            f"`unavailable` names {unknown!r}, which is no slot of the event. Check the id.",
            f"`unavailable` có {unknown!r}, không phải khung giờ của sự kiện. Hãy kiểm tra mã.",
        )


def _check_fixed(new: NewEvent, slots: set[str]) -> None:
    """Fixed meetings name slots, tables and interpreters of the event; people may come later."""
    known = {
        "slot_id": slots,
        "table_id": {one.table_id for one in new.tables},
        "interpreter_id": {one.interpreter_id for one in new.interpreters},
    }
    for one in new.fixed:
        for name, ids in known.items():
            value = getattr(one, name)
            if value is not None and value not in ids:
                raise KetnoiError(
                    "event.fixed",
                    f"The fixed meeting of {one.a!r} and {one.b!r} names {value!r} as {name}, "
                    "which the event does not have. Check the id.",
                    f"Cuộc gặp cố định của {one.a!r} và {one.b!r} ghi {name} là {value!r}, sự kiện "
                    "không có mục này. Hãy kiểm tra mã.",
                )


def _check_slot(slot: EventSlot) -> None:
    try:
        start, end = (datetime.fromisoformat(t) for t in (slot.starts_at, slot.ends_at))
        right = start.tzinfo is not None and end.tzinfo is not None and start < end
    except (TypeError, ValueError):
        right = False
    if not right:
        raise KetnoiError(
            "event.slot",
            f"The slot {slot.slot_id!r} must end after it starts; write both times with their "
            "zone, such as 2026-12-05T08:30:00+07:00.",
            f"Khung giờ {slot.slot_id!r} phải kết thúc sau khi bắt đầu; hãy ghi cả hai thời điểm "
            "kèm múi giờ, chẳng hạn 2026-12-05T08:30:00+07:00.",
        )
