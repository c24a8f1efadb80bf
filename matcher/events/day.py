"""The state of the day: what has taken place, what is lost, and the event that is left.

Held meetings are facts: they stay whatever the event now says of their people and tables.
Slots that have begun are closed. What remains is an event like any other, whose answer is
joined with the facts again.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from matcher.events.clock import build_clock, exact_time
from matcher.events.event import Event, Fixed, Interpreter, Participant, Table
from matcher.events.fields import EventError, Problem
from matcher.events.schedule import Meeting, Objective, Schedule

Couple = tuple[str, str]


@dataclass(frozen=True)
class Day:
    """How far the event has got.

    past: slots that have begun. settled: meetings held, or under way. lost: couples who will
    not meet any more (no-show, replaced). standing: meetings still to come. waived: fixed
    meetings, by position, that the day has overtaken.
    """

    past: frozenset[str]
    settled: tuple[Meeting, ...]
    lost: frozenset[Couple]
    standing: tuple[Meeting, ...]
    waived: frozenset[int]


def read_day(event: Event, meetings: Iterable[Meeting], now: datetime | None) -> Day:
    """Sort the meetings of the earlier schedule by what has become of them.

    A booked meeting whose slot has begun counts as held unless the event now says that a
    side is not there. Raises EventError when a held meeting is of a pair, slot or table that
    the event no longer has.
    """
    past = frozenset(
        slot.id for slot in event.slots if now and exact_time(slot.start) <= exact_time(now)
    )
    settled: list[Meeting] = []
    standing: list[Meeting] = []
    lost: set[Couple] = set()
    for meeting in meetings:
        status = _status(event, meeting, past)
        if status == "held":
            settled.append(replace(meeting, status="held"))
        elif status == "booked":
            standing.append(meeting)
        else:
            lost.add((meeting.a, meeting.b))
    _check_settled(event, settled)
    held = {(m.a, m.b) for m in settled}
    waived = frozenset(n for n, f in enumerate(event.fixed) if f.slot in past or (f.a, f.b) in held)
    again = {(f.a, f.b) for n, f in enumerate(event.fixed) if n not in waived}
    return Day(past, tuple(settled), frozenset(lost - again), tuple(standing), waived)


def _status(event: Event, meeting: Meeting, past: frozenset[str]) -> str:
    if meeting.status != "booked" or meeting.slot not in past:
        return meeting.status
    there = [
        person.max_meetings != 0 and meeting.slot not in person.unavailable
        for person in event.participants
        if person.id in (meeting.a, meeting.b)
    ]
    return "held" if len(there) == 2 and all(there) else "no_show"


def _check_settled(event: Event, settled: list[Meeting]) -> None:
    pairs = {(pair.a, pair.b) for pair in event.pairs}
    slots, tables = {s.id for s in event.slots}, {t.id for t in event.tables}
    problems = [
        Problem(
            f"meeting of {m.a} and {m.b} in {m.slot}",
            f"is held, but {what}",
            f"đã diễn ra, nhưng {what_vi}",
        )
        for m in settled
        for what, what_vi, known in (
            (
                "the event no longer lists the pair",
                "sự kiện không còn cặp này",
                (m.a, m.b) in pairs,
            ),
            (
                f"slot {m.slot} is no longer in the event",
                f"sự kiện không còn khung giờ {m.slot}",
                m.slot in slots,
            ),
            (
                f"table {m.table} is no longer in the event",
                f"sự kiện không còn bàn {m.table}",
                m.table in tables,
            ),
        )
        if not known
    ]
    if problems:
        raise EventError(problems)


def remaining(event: Event, day: Day) -> Event:
    """The event that is left to schedule: later slots, standby called in, facts taken off."""
    slots = tuple(slot for slot in event.slots if slot.id not in day.past)
    busy = _busy(event, day)
    held = Counter(person for m in day.settled for person in (m.a, m.b))
    gone = {(m.a, m.b) for m in day.settled} | day.lost

    def away(record: Participant | Table | Interpreter) -> frozenset[str]:
        return (record.unavailable - day.past) | busy.get((type(record), record.id), frozenset())

    return replace(
        event,
        slots=slots,
        tables=tuple(replace(t, unavailable=away(t)) for t in event.tables),
        participants=tuple(
            replace(
                p,
                unavailable=away(p),
                min_meetings=max(0, p.min_meetings - held[p.id]),
                max_meetings=_less(p.max_meetings, held[p.id]),
                standby=False,
            )
            for p in event.participants
        ),
        interpreters=tuple(replace(k, unavailable=away(k)) for k in event.interpreters),
        pairs=tuple(pair for pair in event.pairs if (pair.a, pair.b) not in gone),
        fixed=_fixed(event, day),
    )


def _less(limit: int | None, held: int) -> int | None:
    return None if limit is None else max(0, limit - held)


def _fixed(event: Event, day: Day) -> tuple[Fixed, ...]:
    return tuple(f for n, f in enumerate(event.fixed) if n not in day.waived)


def _busy(event: Event, day: Day) -> dict[tuple[type, str | None], frozenset[str]]:
    """Later slots that overlap a settled meeting, for all that it uses."""
    conflicts = build_clock(event.slots).conflicts
    number = {slot.id: n for n, slot in enumerate(event.slots)}
    found: dict[tuple[type, str | None], frozenset[str]] = {}
    for m in day.settled:
        row = conflicts[number[m.slot]]
        later = frozenset(s.id for s in event.slots if s.id not in day.past and row[number[s.id]])
        users = (Participant, m.a), (Participant, m.b), (Table, m.table)
        for user in (*users, (Interpreter, m.interpreter)) if later else ():
            found[user] = found.get(user, frozenset()) | later
    return found


def as_of(event: Event, day: Day) -> Event:
    """The event with the past closed to whoever was idle in it: for reasons in words."""
    busy: dict[str, set[str]] = {}
    for m in day.settled:
        busy.setdefault(m.a, set()).add(m.slot)
        busy.setdefault(m.b, set()).add(m.slot)
    return replace(
        event,
        participants=tuple(
            replace(p, unavailable=p.unavailable | (day.past - busy.get(p.id, set())))
            for p in event.participants
        ),
    )


def join(event: Event, day: Day, found: Schedule) -> Schedule:
    """Facts and plan as one schedule of the whole event, with its figures."""
    if found.status == "infeasible":
        return replace(found, unmet=_renumbered(event, day, found))
    order = {slot.id: n for n, slot in enumerate(event.slots)}
    meetings = sorted((*day.settled, *found.meetings), key=lambda m: order[m.slot])
    score_of = {(pair.a, pair.b): pair.score for pair in event.pairs}
    held = math.fsum(score_of[m.a, m.b] for m in day.settled)
    goal = count(event, meetings)
    bound = max(goal.score, found.bound + held) if found.gap else goal.score
    return replace(found, meetings=tuple(meetings), objective=goal, bound=bound)


def count(event: Event, meetings: Iterable[Meeting]) -> Objective:
    """Musts missed, total shortfall and score of these meetings."""
    couples = {(m.a, m.b) for m in meetings}
    times = Counter(person for couple in couples for person in couple)
    return Objective(
        sum(pair.must and (pair.a, pair.b) not in couples for pair in event.pairs),
        sum(max(0, p.min_meetings - times[p.id]) for p in event.participants),
        math.fsum(pair.score for pair in event.pairs if (pair.a, pair.b) in couples),
    )


def _renumbered(event: Event, day: Day, found: Schedule) -> tuple[dict[str, str], ...]:
    """Places such as fixed[1] by their position in the event's own list."""
    kept = [n for n in range(len(event.fixed)) if n not in day.waived]

    def original(match: re.Match[str]) -> str:
        position = int(match[1])
        return f"fixed[{kept[position] if position < len(kept) else position}]"

    return tuple(
        {
            key: re.sub(r"fixed\[(\d+)\]", original, value) if isinstance(value, str) else value
            for key, value in fault.items()
        }
        for fault in found.unmet
    )
