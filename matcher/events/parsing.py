"""Event file → `Event`, with all problems of the file named at once."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from matcher.events.couples import (
    nobody,
    read_fixed,
    read_musts_of_standby,
    read_pairs,
    read_vetoes,
)
from matcher.events.event import (
    Event,
    Interpreter,
    Participant,
    Side,
    Slot,
    Table,
)
from matcher.events.fields import EventError, Problem, Reader, is_object, shorten

DEFAULT_ZONE = "Asia/Ho_Chi_Minh"
HANOI = timezone(timedelta(hours=7))
MAX_BYTES = 1 << 30
TOP = ("event", "slots", "tables", "participants", "interpreters", "pairs", "vetoes", "fixed")


@dataclass(frozen=True, slots=True)
class ParsedEvent:
    """A usable event, and what was let pass but deserves a word."""

    event: Event
    notices: tuple[Problem, ...]


def read_event(path: Path) -> ParsedEvent:
    """Read an event file. Raises EventError (all problems) or OSError (unreadable)."""
    if path.stat().st_size > MAX_BYTES:
        raise _unreadable(
            "file", f"is larger than {MAX_BYTES >> 20} MB", f"lớn hơn {MAX_BYTES >> 20} MB"
        )
    try:
        return parse_event(json.loads(path.read_text(encoding="utf-8-sig")))
    except UnicodeDecodeError as error:
        where = f"byte {error.start}"
        raise _unreadable(
            where,
            "is not UTF-8; save the file as UTF-8",
            "không phải mã UTF-8; hãy lưu tệp dạng UTF-8",
        ) from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno} column {error.colno}"
        raise _unreadable(
            where, f"not JSON: {error.msg}", f"không đúng dạng JSON ({error.msg})"
        ) from None
    except RecursionError:
        raise _unreadable(
            "file",
            "is nested too deeply to be an event",
            "lồng nhau quá sâu, không thể là tệp sự kiện",
        ) from None
    except ValueError as error:  # such as a whole number of thousands of digits
        raise _unreadable(
            "file", f"cannot be read as JSON: {error}", f"không đọc được dạng JSON ({error})"
        ) from None


def _unreadable(place: str, message: str, message_vi: str) -> EventError:
    return EventError([Problem(place, message, message_vi)])


def parse_event(document: object) -> ParsedEvent:
    """Check a parsed JSON document. Raises EventError naming every problem."""
    if not is_object(document):
        got = shorten(document)
        raise _unreadable(
            "file", f"must hold an object, not {got}", f"phải là một đối tượng, không phải {got}"
        )
    reader = Reader()
    reader.extras(document, "", TOP)
    head = _head(reader, document)
    slots = _slots(reader, document, head["timezone"])
    slot_ids = {slot.id for slot in slots}
    participants = _participants(reader, document, slot_ids)
    sides = {participant.id: participant.side for participant in participants}
    tables = _tables(reader, document, slot_ids, sides)
    interpreters = _interpreters(reader, document, slot_ids)
    pairs = read_pairs(reader, document, sides)
    read_musts_of_standby(reader, document, {p.id for p in participants if p.standby})
    vetoes = read_vetoes(reader, document, sides)
    known = {
        "slot": slot_ids,
        "table": {table.id for table in tables},
        "interpreter": {interpreter.id for interpreter in interpreters},
    }
    fixed = read_fixed(reader, document, sides, known)
    if reader.problems:
        raise EventError(reader.problems)
    event = Event(
        **head,
        place=reader.label(document["event"], "place", "event"),
        slots=slots,
        tables=tables,
        participants=participants,
        interpreters=interpreters,
        pairs=pairs,
        vetoes=vetoes,
        fixed=fixed,
    )
    return ParsedEvent(event, tuple(reader.notices))


def _head(reader: Reader, document: Mapping[str, Any]) -> dict[str, str]:
    head = document.get("event")
    if not is_object(head):
        reader.fail(
            "event",
            "is missing; give an object with id, name, kind and timezone",
            "còn thiếu; hãy ghi một đối tượng có id, name, kind và timezone",
        )
        return {"id": "", "name": "", "kind": "", "timezone": DEFAULT_ZONE}
    identity = reader.text(head, "id", "event")
    values = {
        key: reader.optional_text(head, key, "event") or default
        for key, default in (
            ("name", identity),
            ("kind", "investment"),
            ("timezone", DEFAULT_ZONE),
        )
    }
    return {"id": identity, **values}


def _zone(reader: Reader, name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        if name != DEFAULT_ZONE:  # a machine without zone data still knows Vietnam's
            reader.fail(
                "event.timezone",
                f"{shorten(name)} is not a time zone's name",
                f"{shorten(name)} không phải tên múi giờ",
            )
        return HANOI


def _moment(
    reader: Reader, source: Mapping[str, Any], key: str, where: tuple[str, tzinfo]
) -> datetime | None:
    place, zone = where
    text = source.get(key)
    if text is None:
        reader.fail(
            f"{place}.{key}",
            "is missing; give a time such as 2026-12-05T08:30:00+07:00",
            "còn thiếu; hãy ghi thời điểm dạng 2026-12-05T08:30:00+07:00",
        )
        return None
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        reader.fail(
            f"{place}.{key}",
            f"{shorten(text)} is not an ISO 8601 time",
            f"{shorten(text)} không phải thời điểm theo ISO 8601",
        )
        return None
    if moment.tzinfo is None:
        reader.note(
            f"{place}.{key}",
            "has no time zone; taken in the event's",
            "không ghi múi giờ; lấy theo múi giờ của sự kiện",
        )
        moment = moment.replace(tzinfo=zone)
    return moment


def _slots(reader: Reader, document: Mapping[str, Any], zone_name: str) -> tuple[Slot, ...]:
    zone = _zone(reader, zone_name)
    slots: list[Slot] = []
    seen: dict[str, str] = {}
    for place, source in reader.records(document, "slots", required=True):
        reader.extras(source, place, ("id", "start", "end", "name"))
        identity = _identity(reader, source, place, seen)
        start = _moment(reader, source, "start", (place, zone))
        end = _moment(reader, source, "end", (place, zone))
        if start is None or end is None:
            continue
        if _seconds(end) <= _seconds(start):
            start_text, end_text = source["start"], source["end"]
            reader.fail(
                f"{place}.end",
                f"{end_text} is not after its start {start_text}",
                f"{end_text} không sau giờ bắt đầu {start_text}",
            )
        slots.append(Slot(identity, start, end, reader.label(source, "name", place)))
    _note_overlaps(reader, slots)
    return tuple(slots)


def _seconds(moment: datetime) -> timedelta:
    """Exact time since year 1 in UTC, safe at both ends of the calendar."""
    naive = moment.replace(tzinfo=None)
    return (naive - datetime.min) - (moment.utcoffset() or timedelta(0))


def _note_overlaps(reader: Reader, slots: list[Slot]) -> None:
    ordered = sorted(slots, key=lambda slot: _seconds(slot.start))
    for before, after in pairwise(ordered):
        if _seconds(after.start) < _seconds(before.end):
            reader.note(
                f"slots {before.id!r} and {after.id!r}",
                "overlap in time; nobody and nothing is booked in both",
                "trùng thời gian; không ai và không bàn nào được xếp vào cả hai",
            )


def _identity(reader: Reader, source: Mapping[str, Any], place: str, seen: dict[str, str]) -> str:
    identity = reader.text(source, "id", place)
    if identity and identity in seen:
        reader.fail(
            f"{place}.id",
            f"{shorten(identity)} is already the id of {seen[identity]}",
            f"{shorten(identity)} đã là mã của {seen[identity]}",
        )
    seen.setdefault(identity, place)
    return identity


def _participants(
    reader: Reader, document: Mapping[str, Any], slot_ids: set[str]
) -> tuple[Participant, ...]:
    names = (
        *("id", "side", "min_meetings", "max_meetings", "unavailable", "languages"),
        *("name", "standby"),
    )
    found: list[Participant] = []
    seen: dict[str, str] = {}
    for place, source in reader.records(document, "participants", required=True):
        reader.extras(source, place, names)
        identity = _identity(reader, source, place, seen)
        side: Side = "b" if source.get("side") == "b" else "a"
        if source.get("side") not in ("a", "b"):
            reader.unfit(f"{place}.side", ("'a' or 'b'", "'a' hoặc 'b'"), source.get("side"))
        low = reader.count(source, "min_meetings", place) or 0
        high = reader.count(source, "max_meetings", place)
        if high is not None and low > high:
            reader.fail(
                f"{place}.min_meetings",
                f"{shorten(low)} is more than the maximum, {high}",
                f"{shorten(low)} lớn hơn mức tối đa {high}",
            )
        away = reader.known(source, "unavailable", place, slot_ids)
        languages = reader.texts(source, "languages", place)
        standby = reader.flag(source, "standby", place)
        if standby and low:
            reader.fail(
                f"{place}.min_meetings",
                f"is {low}, but who is on standby has no minimum",
                f"là {low}, nhưng người dự bị không có mức tối thiểu",
            )
        name = reader.label(source, "name", place)
        found.append(Participant(identity, side, low, high, away, languages, name, standby))
    return tuple(found)


def _tables(
    reader: Reader, document: Mapping[str, Any], slot_ids: set[str], sides: Mapping[str, Side]
) -> tuple[Table, ...]:
    tables: list[Table] = []
    seen: dict[str, str] = {}
    for place, source in reader.records(document, "tables", required=True):
        reader.extras(source, place, ("id", "owner", "unavailable", "name"))
        identity = _identity(reader, source, place, seen)
        owner = reader.optional_text(source, "owner", place)
        if owner and owner not in sides:
            reader.fail(f"{place}.owner", *nobody(owner))
        away = reader.known(source, "unavailable", place, slot_ids)
        tables.append(Table(identity, owner, away, reader.label(source, "name", place)))
    return tuple(tables)


def _interpreters(
    reader: Reader, document: Mapping[str, Any], slot_ids: set[str]
) -> tuple[Interpreter, ...]:
    found: list[Interpreter] = []
    seen: dict[str, str] = {}
    for place, source in reader.records(document, "interpreters", required=False):
        reader.extras(source, place, ("id", "languages", "unavailable", "name"))
        identity = _identity(reader, source, place, seen)
        away = reader.known(source, "unavailable", place, slot_ids)
        languages = reader.texts(source, "languages", place)
        found.append(Interpreter(identity, languages, away, reader.label(source, "name", place)))
    return tuple(found)
