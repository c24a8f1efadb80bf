"""Calendars (.ics, RFC 5545) of people and interpreters that follow changes of the schedule.

A meeting keeps its UID for ever, since a couple meets at most once in an event. When its
time, table or interpreter changes, SEQUENCE rises; when it is dropped, it stays in the
calendar as CANCELLED, so whoever imports the new file sees it go. What was last given out is
kept as a `CalendarState` between versions.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from api.event_files.view import EventView, Row
from data.errors import KetnoiError

PRODUCT = "-//Ketnoi//Event schedule//VI"
STATE_VERSION = 1
REMINDER = timedelta(minutes=-10)


@dataclass(frozen=True, slots=True)
class Entry:
    """A meeting as it was last given out; times are ISO 8601 with their offset.

    former: interpreters who had it before, for whom it is cancelled.
    """

    a: str
    b: str
    names: tuple[str, str]
    start: str
    end: str
    table: str
    interpreter: str | None
    interpreter_name: str
    place: str = ""
    sequence: int = 0
    stamp: str = ""
    cancelled: bool = False
    former: tuple[str, ...] = ()

    def content(self) -> tuple[object, ...]:
        """What makes people look at their calendar again when it changes."""
        return (
            *(self.names, self.start, self.end, self.table, self.place),
            *(self.interpreter, self.interpreter_name, self.cancelled),
        )


CalendarState = Mapping[str, Entry]
"""UID → what was last given out."""


def next_state(view: EventView, before: CalendarState, now: datetime) -> dict[str, Entry]:
    """The calendar entries of this version, given those of the last (empty for the first).

    now: with a time zone; stamps only what changed, so unchanged entries stay byte for byte.
    """
    stamp = now.astimezone(UTC).isoformat(timespec="seconds")
    found: dict[str, Entry] = {}
    for row in view.rows:
        uid, entry = meeting_uid(view.event.id, row.meeting.a, row.meeting.b), _entry(view, row)
        found[uid] = _following(before.get(uid), entry, stamp)
    for uid, entry in before.items():
        if uid not in found:
            found[uid] = _following(entry, replace(entry, cancelled=True), stamp)
    return found


def replay(versions: Iterable[tuple[EventView, datetime]]) -> dict[str, Entry]:
    """The state after versions published one after the other, each with its time.

    For whoever keeps the versions themselves, such as a database, and so needs no state.
    """
    state: dict[str, Entry] = {}
    for view, published in versions:
        state = next_state(view, state, published)
    return state


def meeting_uid(event: str, a: str, b: str) -> str:
    """The identity of a meeting in all calendars: the same for both sides and all versions."""
    parts = "".join(f"{len(part)}:{part}" for part in (event, a, b))
    return f"{hashlib.sha256(parts.encode()).hexdigest()[:32]}@ketnoi"


def _entry(view: EventView, row: Row) -> Entry:
    return Entry(
        a=row.meeting.a,
        b=row.meeting.b,
        names=(row.a, row.b),
        start=row.start.isoformat(),
        end=row.end.isoformat(),
        table=row.table if row.table != row.meeting.table else f"Bàn / Table {row.table}",
        interpreter=row.meeting.interpreter,
        interpreter_name=row.interpreter,
        place=view.event.place,
    )


def _following(before: Entry | None, now: Entry, stamp: str) -> Entry:
    if before is None:
        return replace(now, sequence=0, stamp=stamp)
    if before.content() == now.content():
        return before
    former = {*before.former, before.interpreter} - {now.interpreter, None}
    return replace(
        now,
        sequence=before.sequence + 1,
        stamp=stamp,
        former=tuple(sorted(user for user in former if user is not None)),
    )


def calendars(view: EventView, state: CalendarState) -> Iterator[tuple[str, bytes]]:
    """(id, file) of everyone and every interpreter who has or had a meeting."""
    by_user: dict[str, dict[str, Entry]] = {}
    for uid, entry in state.items():
        for user in (entry.a, entry.b, entry.interpreter):
            if user is not None:
                by_user.setdefault(user, {})[uid] = entry
        for user in entry.former:
            by_user.setdefault(user, {})[uid] = replace(entry, cancelled=True)
    names = {sheet.id: sheet.name for sheet in (*view.people, *view.interpreters)}
    writer = _Writer(view)
    for user in sorted(by_user):
        yield user, writer(by_user[user], names.get(user, user))


class _Writer:
    """Writes calendars; the zone and each meeting are put into words once for all of them."""

    def __init__(self, view: EventView) -> None:
        self.view = view
        self.zone: bytes | None = None
        self.known: dict[tuple[str, bool], bytes] = {}

    def __call__(self, entries: CalendarState, owner: str) -> bytes:
        """One person's calendar: the meetings of `entries`, cancelled ones marked so."""
        if self.zone is None:
            self.zone = _zone(self.view, entries)
        shell = _shell(self.view, owner)
        end = shell.rindex(b"END:VCALENDAR")
        ordered = sorted(entries.items(), key=lambda item: (item[1].start, item[0]))
        parts = [self._component(uid, entry) for uid, entry in ordered]
        return b"".join([shell[:end], self.zone, *parts, shell[end:]])

    def _component(self, uid: str, entry: Entry) -> bytes:
        key = uid, entry.cancelled
        if key not in self.known:
            self.known[key] = bytes(_component(self.view, uid, entry).to_ical())
        return self.known[key]


def _shell(view: EventView, owner: str) -> bytes:
    """A calendar without events."""
    from icalendar import Calendar  # noqa: PLC0415 -- slow import

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"{view.title} · {owner}")
    calendar.add("x-wr-timezone", view.event.timezone)
    return bytes(calendar.to_ical())


def _zone(view: EventView, entries: CalendarState) -> bytes:
    """The event's time zone, over the days of all its slots and of cancelled meetings."""
    from icalendar import Timezone  # noqa: PLC0415 -- slow import

    if view.named_zone is None:
        return b""
    moments = [datetime.fromisoformat(entry.start).date() for entry in entries.values()]
    moments += [slot.start.astimezone(view.zone).date() for slot in view.event.slots]
    zone = Timezone.from_tzinfo(
        view.named_zone,
        first_date=min(moments) - timedelta(days=366),
        last_date=max(moments) + timedelta(days=366),
    )
    return bytes(zone.to_ical())


def _component(view: EventView, uid: str, entry: Entry) -> Any:
    from icalendar import Event  # noqa: PLC0415 -- slow import

    component = Event()
    component.add("uid", uid)
    stamp = datetime.fromisoformat(entry.stamp)
    component.add("dtstamp", stamp)
    component.add("last-modified", stamp)
    component.add("sequence", entry.sequence)
    component.add("dtstart", datetime.fromisoformat(entry.start).astimezone(view.zone))
    component.add("dtend", datetime.fromisoformat(entry.end).astimezone(view.zone))
    summary = " – ".join(entry.names)
    component.add("summary", summary)
    where = [entry.table, entry.place]
    component.add("location", ", ".join(part for part in where if part))
    lines = [view.title]
    if entry.interpreter is not None:
        lines.append(f"Phiên dịch / Interpreter: {entry.interpreter_name}")
    if entry.cancelled:
        lines.append("Cuộc gặp đã hủy. / This meeting is cancelled.")
    component.add("description", "\n".join(lines))
    component.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    component.add("transp", "TRANSPARENT" if entry.cancelled else "OPAQUE")
    if not entry.cancelled:
        component.add_component(_reminder(summary))
    return component


def _reminder(text: str) -> Any:
    from icalendar import Alarm  # noqa: PLC0415 -- slow import

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", text)
    alarm.add("trigger", REMINDER)
    return alarm


def state_to_json(event: str, state: CalendarState) -> dict[str, Any]:
    """The state as a JSON document."""
    entries = {
        uid: {name: getattr(entry, name) for name in Entry.__slots__}
        for uid, entry in sorted(state.items())
    }
    return {"version": STATE_VERSION, "event": event, "entries": entries}


def state_from_json(event: str, document: Any) -> dict[str, Entry]:
    """The state of this event back. Raises KetnoiError ``event.calendar_state`` if it is not."""
    try:
        if document["version"] != STATE_VERSION or document["event"] != event:
            raise ValueError(document["event"])
        return {
            str(uid): Entry(
                **{**fields, "names": _two(fields["names"]), "former": tuple(fields["former"])}
            )
            for uid, fields in document["entries"].items()
        }
    except (TypeError, KeyError, ValueError, AttributeError) as error:
        raise KetnoiError(
            "event.calendar_state",
            f"calendar.json is not the record of calendars given out for event {event!r}. Choose "
            "another folder, or remove the file (then calendars start anew).",
            f"calendar.json không phải bản ghi lịch đã phát của sự kiện {event!r}. Hãy chọn thư "
            "mục khác, hoặc xóa tệp đó (khi đó lịch được phát lại từ đầu).",
        ) from error


def _two(names: Iterable[str]) -> tuple[str, str]:
    first, second = names
    return str(first), str(second)
