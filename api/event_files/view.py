"""The schedule as people read it: names and local times, by person, table and interpreter.

Every file is drawn from this one view, so they never disagree.
"""

import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo
from functools import cached_property
from zoneinfo import ZoneInfo

from matcher.events.event import Event, Interpreter, Participant, Side, Slot, Table
from matcher.events.fields import EventError, Problem, shorten
from matcher.events.schedule import Meeting

HANOI = timezone(timedelta(hours=7), "+07")
DASH = "–"
GONE = ("no_show", "replaced")
SIDES: dict[str, dict[Side, str]] = {
    "investment": {"a": "Nhà đầu tư / Investor", "b": "Dự án, địa phương / Project"},
    "supply_demand": {"a": "Bên bán / Seller", "b": "Bên mua / Buyer"},
    "": {"a": "Bên A / Side A", "b": "Bên B / Side B"},
}


@dataclass(frozen=True, slots=True)
class Row:
    """One meeting to come or held; start and end in the event's own time."""

    meeting: Meeting
    start: datetime
    end: datetime
    when: str
    table: str
    a: str
    b: str
    interpreter: str

    def other(self, person: str) -> str:
        """Name of the one whom `person` (an id) meets."""
        return self.b if person == self.meeting.a else self.a

    def other_id(self, person: str) -> str:
        """Id of the one whom `person` meets."""
        return self.meeting.b if person == self.meeting.a else self.meeting.a


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one person, table or interpreter has on, in order of time."""

    id: str
    name: str
    note: str
    rows: tuple[Row, ...]

    @property
    def title(self) -> str:
        """The name, and the id where it says more."""
        return self.name if self.name == self.id else f"{self.name} ({self.id})"


@dataclass(frozen=True)
class EventView:
    """An event and its meetings, ready to be shown."""

    event: Event
    rows: tuple[Row, ...]
    zone: tzinfo
    version: str = ""

    @property
    def title(self) -> str:
        return self.event.name or self.event.id

    @property
    def named_zone(self) -> ZoneInfo | None:
        """The zone by name, None on a machine without zone data."""
        return self.zone if isinstance(self.zone, ZoneInfo) else None

    @cached_property
    def subtitle(self) -> str:
        """Place and days."""
        days = sorted({slot.start.astimezone(self.zone).date() for slot in self.event.slots})
        shown = [f"{day:%d/%m/%Y}" for day in (days[:1] + days[-1:] if len(days) > 1 else days)]
        parts = [self.event.place, DASH.join(shown), self.version]
        return " · ".join(part for part in parts if part)

    @cached_property
    def slots(self) -> tuple[tuple[Slot, str], ...]:
        """Slots in order of time, each with its times in words."""
        ordered = sorted(self.event.slots, key=lambda slot: (slot.start, slot.end, slot.id))
        return tuple((slot, _when(slot, self)) for slot in ordered)

    @cached_property
    def several_days(self) -> bool:
        return len({slot.start.astimezone(self.zone).date() for slot in self.event.slots}) > 1

    @cached_property
    def people(self) -> tuple[Sheet, ...]:
        """A sheet each, by side and name; of those on standby only who was called in."""
        rows = self._by(lambda m: m.a, lambda m: m.b)
        people = sorted(self.event.participants, key=lambda p: (p.side, _plain(_name(p)), p.id))
        return tuple(
            Sheet(p.id, _name(p), self._person(p), tuple(rows.get(p.id, ())))
            for p in people
            if p.id in rows or not p.standby
        )

    @cached_property
    def tables(self) -> tuple[Sheet, ...]:
        """A sheet each, in the event's order."""
        rows = self._by(lambda m: m.table)
        names = {p.id: _name(p) for p in self.event.participants}
        return tuple(
            Sheet(
                t.id,
                _name(t),
                f"Bàn riêng của / Table of: {names[t.owner]}" if t.owner else "",
                tuple(rows.get(t.id, ())),
            )
            for t in self.event.tables
        )

    @cached_property
    def interpreters(self) -> tuple[Sheet, ...]:
        """A sheet each, in the event's order."""
        rows = self._by(lambda m: m.interpreter)
        return tuple(
            Sheet(k.id, _name(k), ", ".join(sorted(k.languages)), tuple(rows.get(k.id, ())))
            for k in self.event.interpreters
        )

    def side(self, side: Side) -> str:
        """What the side is called at this kind of event, in both languages."""
        return SIDES.get(self.event.kind.replace("-", "_"), SIDES[""])[side]

    def _person(self, person: Participant) -> str:
        spoken = ", ".join(sorted(person.languages))
        return " · ".join(part for part in (self.side(person.side), spoken) if part)

    def _by(self, *keys: Callable[[Meeting], str | None]) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for row in self.rows:
            for key in keys:
                identity = key(row.meeting)
                if identity is not None:
                    found.setdefault(identity, []).append(row)
        return found


def build_view(event: Event, meetings: Sequence[Meeting], *, version: str = "") -> EventView:
    """The view of these meetings; no-shows and replaced ones are left out.

    Raises EventError naming every meeting that is not of this event.
    """
    people = {p.id: _name(p) for p in event.participants}
    tables = {t.id: _name(t) for t in event.tables}
    helpers = {k.id: _name(k) for k in event.interpreters}
    slots = {slot.id: slot for slot in event.slots}
    _check(meetings, {"a": people, "b": people, "slot": slots, "table": tables}, helpers)
    view = EventView(event, (), find_zone(event.timezone), version)
    words = {slot.id: when for slot, when in view.slots}
    rows = [
        Row(
            meeting=m,
            start=slots[m.slot].start.astimezone(view.zone),
            end=slots[m.slot].end.astimezone(view.zone),
            when=words[m.slot],
            table=tables[m.table],
            a=people[m.a],
            b=people[m.b],
            interpreter=helpers[m.interpreter] if m.interpreter is not None else "",
        )
        for m in meetings
        if m.status not in GONE
    ]
    rows.sort(key=lambda row: (row.start, row.end, row.table, row.meeting.a))
    return EventView(event, tuple(rows), view.zone, version)


def _check(
    meetings: Sequence[Meeting],
    known: Mapping[str, Collection[str]],
    helpers: Collection[str],
) -> None:
    problems = [
        Problem(
            f"meetings[{n}].{key}",
            f"{shorten(getattr(m, key))} is not in the event file",
            f"{shorten(getattr(m, key))} không có trong tệp sự kiện",
        )
        for n, m in enumerate(meetings)
        for key, ids in (*known.items(), ("interpreter", helpers))
        if getattr(m, key) not in ids and (key, getattr(m, key)) != ("interpreter", None)
    ]
    if problems:
        raise EventError(problems)


def _name(record: Participant | Table | Interpreter) -> str:
    return record.name or record.id


def _plain(name: str) -> str:
    """The name without tone marks, for sorting as people look names up."""
    letters = unicodedata.normalize("NFD", name.casefold().replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def find_zone(name: str) -> tzinfo:
    """The zone of that name; Vietnam's on a machine without zone data."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # a machine without zone data
        return HANOI


def _when(slot: Slot, view: EventView) -> str:
    """Such as 08:30–08:50, with the day when there are several."""
    start, end = slot.start.astimezone(view.zone), slot.end.astimezone(view.zone)
    day = f"{start:%d/%m} " if view.several_days else ""
    return f"{day}{start:%H:%M}{DASH}{end:%H:%M}"
