"""Event file → `Event`, with all problems of the file named at once."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from matcher.events.event import (
    Event,
    Fixed,
    Interpreter,
    Pair,
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
        raise EventError([Problem("file", f"is larger than {MAX_BYTES >> 20} MB")])
    try:
        return parse_event(json.loads(path.read_text(encoding="utf-8-sig")))
    except UnicodeDecodeError as error:
        where = f"byte {error.start}"
        raise EventError([Problem(where, "is not UTF-8; save the file as UTF-8")]) from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno} column {error.colno}"
        raise EventError([Problem(where, f"not JSON: {error.msg}")]) from None
    except RecursionError:
        raise EventError([Problem("file", "is nested too deeply to be an event")]) from None
    except ValueError as error:  # such as a whole number of thousands of digits
        raise EventError([Problem("file", f"cannot be read as JSON: {error}")]) from None


def parse_event(document: object) -> ParsedEvent:
    """Check a parsed JSON document. Raises EventError naming every problem."""
    if not is_object(document):
        raise EventError([Problem("file", f"must hold an object, not {shorten(document)}")])
    reader = Reader()
    reader.extras(document, "", TOP)
    head = _head(reader, document)
    slots = _slots(reader, document, head["timezone"])
    slot_ids = {slot.id for slot in slots}
    participants = _participants(reader, document, slot_ids)
    sides = {participant.id: participant.side for participant in participants}
    tables = _tables(reader, document, slot_ids, sides)
    interpreters = _interpreters(reader, document, slot_ids)
    pairs = _pairs(reader, document, sides)
    _musts_of_standby(reader, document, {p.id for p in participants if p.standby})
    vetoes = _vetoes(reader, document, sides)
    known = {
        "slot": slot_ids,
        "table": {table.id for table in tables},
        "interpreter": {interpreter.id for interpreter in interpreters},
    }
    fixed = _fixed(reader, document, sides, known)
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
        reader.fail("event", "is missing; give an object with id, name, kind and timezone")
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
            reader.fail("event.timezone", f"{shorten(name)} is not a time zone's name")
        return HANOI


def _moment(
    reader: Reader, source: Mapping[str, Any], key: str, where: tuple[str, tzinfo]
) -> datetime | None:
    place, zone = where
    text = source.get(key)
    if text is None:
        reader.fail(f"{place}.{key}", "is missing; give a time such as 2026-12-05T08:30:00+07:00")
        return None
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        reader.fail(f"{place}.{key}", f"{shorten(text)} is not an ISO 8601 time")
        return None
    if moment.tzinfo is None:
        reader.note(f"{place}.{key}", "has no time zone; taken in the event's")
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
            reader.fail(f"{place}.end", f"{source['end']} is not after its start {source['start']}")
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
            )


def _identity(reader: Reader, source: Mapping[str, Any], place: str, seen: dict[str, str]) -> str:
    identity = reader.text(source, "id", place)
    if identity and identity in seen:
        reader.fail(f"{place}.id", f"{shorten(identity)} is already the id of {seen[identity]}")
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
            reader.fail(f"{place}.side", f"must be 'a' or 'b', not {shorten(source.get('side'))}")
        low = reader.count(source, "min_meetings", place) or 0
        high = reader.count(source, "max_meetings", place)
        if high is not None and low > high:
            reader.fail(f"{place}.min_meetings", f"{shorten(low)} is more than the maximum, {high}")
        away = reader.known(source, "unavailable", place, slot_ids)
        languages = reader.texts(source, "languages", place)
        standby = reader.flag(source, "standby", place)
        if standby and low:
            reader.fail(f"{place}.min_meetings", f"is {low}, but who is on standby has no minimum")
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
            reader.fail(f"{place}.owner", f"{shorten(owner)} is not a participant's id")
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


def _couple(
    reader: Reader, source: Mapping[str, Any], place: str, sides: Mapping[str, Side]
) -> tuple[str, str] | None:
    """The ids under `a` and `b`, each known and on its side; None when something is wrong."""
    good = True
    for key in ("a", "b"):
        identity = reader.text(source, key, place)
        if not identity:
            good = False
        elif identity not in sides:
            reader.fail(f"{place}.{key}", f"{shorten(identity)} is not a participant's id")
            good = False
        elif sides[identity] != key:
            other = sides[identity]
            reader.fail(f"{place}.{key}", f"{shorten(identity)} is on side {other}, not {key}")
            good = False
    return (source["a"], source["b"]) if good else None


def _pairs(
    reader: Reader, document: Mapping[str, Any], sides: Mapping[str, Side]
) -> tuple[Pair, ...]:
    pairs: list[Pair] = []
    seen: dict[tuple[str, str], str] = {}
    for place, source in reader.records(document, "pairs", required=True):
        reader.extras(source, place, ("a", "b", "score", "must"))
        couple = _couple(reader, source, place, sides)
        score = reader.score(source, "score", place)
        must = reader.flag(source, "must", place)
        if couple is None:
            continue
        if couple in seen:
            reader.fail(place, f"{couple[0]!r} with {couple[1]!r} is already {seen[couple]}")
            continue
        seen[couple] = place
        pairs.append(Pair(*couple, score, must))
    return tuple(pairs)


def _musts_of_standby(reader: Reader, document: Mapping[str, Any], standby: set[str]) -> None:
    """A must needs someone who is there from the start."""
    for place, source in reader.items(document, "pairs", required=False) if standby else ():
        for key in ("a", "b") if is_object(source) and source.get("must") is True else ():
            if isinstance(source.get(key), str) and source[key] in standby:
                reader.fail(f"{place}.must", f"{shorten(source[key])} is on standby only")


def _vetoes(
    reader: Reader, document: Mapping[str, Any], sides: Mapping[str, Side]
) -> frozenset[tuple[str, str]]:
    """Vetoes as (a, b), whichever order they are written in."""
    vetoes: set[tuple[str, str]] = set()
    for place, value in reader.items(document, "vetoes", required=False):
        if not isinstance(value, list) or len(value) != 2:
            reader.fail(place, f"must be a list of two participants' ids, not {shorten(value)}")
            continue
        if _all_known(reader, value, place, sides):
            first, second = value
            if sides[first] == sides[second]:
                reader.note(place, "joins two of one side, who never meet; ignored")
            vetoes.add((first, second) if sides[first] == "a" else (second, first))
    return frozenset(vetoes)


def _all_known(
    reader: Reader, values: Iterable[object], place: str, sides: Mapping[str, Side]
) -> bool:
    wrong = [
        (number, value)
        for number, value in enumerate(values)
        if not isinstance(value, str) or value not in sides
    ]
    for number, value in wrong:
        reader.fail(f"{place}[{number}]", f"{shorten(value)} is not a participant's id")
    return not wrong


def _fixed(
    reader: Reader,
    document: Mapping[str, Any],
    sides: Mapping[str, Side],
    known: Mapping[str, set[str]],
) -> tuple[Fixed, ...]:
    fixed: list[Fixed] = []
    for place, source in reader.records(document, "fixed", required=False):
        reader.extras(source, place, ("a", "b", "slot", "table", "interpreter"))
        couple = _couple(reader, source, place, sides)
        slot = reader.text(source, "slot", place)
        chosen = {
            "slot": slot or None,
            "table": reader.optional_text(source, "table", place),
            "interpreter": reader.optional_text(source, "interpreter", place),
        }
        for key, value in chosen.items():
            if value and value not in known[key]:
                article = "an interpreter" if key == "interpreter" else f"a {key}"
                reader.fail(f"{place}.{key}", f"{shorten(value)} is not {article}'s id")
        if couple is not None:
            fixed.append(Fixed(*couple, slot, chosen["table"], chosen["interpreter"]))
    return tuple(fixed)
