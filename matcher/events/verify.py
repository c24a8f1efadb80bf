"""The last look at a schedule before anyone sees it: every hard rule and every figure again.

Written from the event and the meetings alone, so a slip in the solvers cannot hide here.
"""

import math
from collections.abc import Collection, Iterator
from itertools import pairwise

from matcher.errors import MatcherError
from matcher.events.clock import exact_time
from matcher.events.day import Day, count
from matcher.events.event import Event, can_interpret, needs_interpreter
from matcher.events.schedule import Meeting, Schedule

SHOWN = 5
TOLERANCE = 1e-9
NOTHING = Day(frozenset(), (), frozenset(), (), frozenset())


class BrokenScheduleError(MatcherError):
    """The program made a schedule that breaks a rule: its own fault, never the event's."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = tuple(faults)
        shown = "; ".join(faults[:SHOWN])
        super().__init__(
            "event.internal",
            f"Internal error: the schedule found breaks a rule ({shown}). Nothing was written; "
            "please report this together with the event file.",
            f"Lỗi nội bộ: lịch tìm được vi phạm quy tắc ({shown}). Chưa ghi gì; xin báo lại kèm "
            "tệp sự kiện.",
        )


def verify(event: Event, schedule: Schedule, day: Day = NOTHING) -> None:
    """Raise BrokenScheduleError unless the schedule keeps every rule and states true figures.

    What `day` has settled are facts, which later news of the event (somebody left, a table is
    lost) cannot break.
    """
    faults = find_faults(event, schedule, day)
    if faults:
        raise BrokenScheduleError(faults)


def find_faults(event: Event, schedule: Schedule, day: Day = NOTHING) -> list[str]:
    """Every broken rule and false figure in words; empty when there is none."""
    if schedule.status == "infeasible":
        return ["an infeasible event has meetings"] if schedule.meetings else []
    faults = list(_unknown(event, schedule.meetings))
    if faults:
        return faults
    settled = {(m.a, m.b) for m in day.settled}
    free = [m for m in schedule.meetings if (m.a, m.b) not in settled]
    return [
        *_alone(event, free),
        *_spoken(event, free),
        *_twice(event, schedule.meetings),
        *_too_many(event, schedule.meetings, day),
        *_fixed(event, schedule.meetings, day),
        *(f"{m.a} and {m.b} are in slot {m.slot}, which has begun" for m in _begun(free, day)),
        *(f"{m} did not stay" for m in day.settled if m not in schedule.meetings),
        *_figures(event, schedule),
    ]


def _unknown(event: Event, meetings: Collection[Meeting]) -> Iterator[str]:
    pairs = {(pair.a, pair.b) for pair in event.pairs}
    slots, tables = {s.id for s in event.slots}, {t.id for t in event.tables}
    helpers = {None, *(k.id for k in event.interpreters)}
    seen: set[tuple[str, str]] = set()
    for m in meetings:
        if (m.a, m.b) not in pairs:
            yield f"{m.a} and {m.b} are not a pair"
        if (m.a, m.b) in seen:
            yield f"{m.a} and {m.b} meet twice"
        if m.slot not in slots or m.table not in tables or m.interpreter not in helpers:
            yield f"{m} names what the event does not have"
        seen.add((m.a, m.b))


def _alone(event: Event, meetings: Collection[Meeting]) -> Iterator[str]:
    """Vetoes, absence, owners."""
    people = {p.id: p for p in event.participants}
    tables = {t.id: t for t in event.tables}
    for m in meetings:
        if (m.a, m.b) in event.vetoes:
            yield f"{m.a} and {m.b} are vetoed"
        if tables[m.table].owner not in (None, m.a, m.b):
            yield f"{m.a} and {m.b} sit at the table of {tables[m.table].owner}"
        for record in (people[m.a], people[m.b], tables[m.table]):
            if m.slot in record.unavailable:
                yield f"{record.id} is unavailable in {m.slot}"


def _spoken(event: Event, meetings: Collection[Meeting]) -> Iterator[str]:
    people = {p.id: p.languages for p in event.participants}
    helpers = {k.id: k for k in event.interpreters}
    for m in meetings:
        spoken = people[m.a], people[m.b]
        helper = helpers[m.interpreter] if m.interpreter is not None else None
        if helper is not None and m.slot in helper.unavailable:
            yield f"interpreter {helper.id} is unavailable in {m.slot}"
        if needs_interpreter(*spoken) and not (helper and can_interpret(helper.languages, *spoken)):
            yield f"nobody interprets for {m.a} and {m.b}"


def _twice(event: Event, meetings: Collection[Meeting]) -> Iterator[str]:
    """Nobody and nothing in two places at once."""
    spans = {s.id: (exact_time(s.start), exact_time(s.end)) for s in event.slots}
    uses: dict[tuple[str, str], list[str]] = {}
    for m in meetings:
        users = [("participant", m.a), ("participant", m.b), ("table", m.table)]
        if m.interpreter is not None:
            users.append(("interpreter", m.interpreter))
        for user in users:
            uses.setdefault(user, []).append(m.slot)
    for (kind, identity), slots in uses.items():
        slots.sort(key=lambda slot: spans[slot])
        for one, other in pairwise(slots):
            if spans[other][0] < spans[one][1]:
                yield f"{kind} {identity} is in two meetings at once ({one}, {other})"


def _too_many(event: Event, meetings: Collection[Meeting], day: Day) -> Iterator[str]:
    held: dict[str, int] = {}
    settled: dict[str, int] = {}
    for counts, counted in ((held, meetings), (settled, day.settled)):
        for m in counted:
            for identity in (m.a, m.b):
                counts[identity] = counts.get(identity, 0) + 1
    for p in event.participants:
        if p.max_meetings is None:
            continue
        if held.get(p.id, 0) > max(p.max_meetings, settled.get(p.id, 0)):
            yield f"{p.id} has {held[p.id]} meetings, above the maximum of {p.max_meetings}"


def _fixed(event: Event, meetings: Collection[Meeting], day: Day) -> Iterator[str]:
    held = {(m.a, m.b): m for m in meetings}
    for number, f in enumerate(event.fixed):
        m = held.get((f.a, f.b))
        if number in day.waived:
            continue
        if (
            m is None
            or m.slot != f.slot
            or f.table not in (None, m.table)
            or f.interpreter not in (None, m.interpreter)
        ):
            yield f"fixed[{number}] did not stay"


def _begun(meetings: Collection[Meeting], day: Day) -> Iterator[Meeting]:
    return (m for m in meetings if m.slot in day.past)


def _figures(event: Event, schedule: Schedule) -> Iterator[str]:
    true, stated = count(event, schedule.meetings), schedule.objective
    slack = TOLERANCE * max(1.0, abs(true.score))
    if (true.must_missed, true.min_short) != (stated.must_missed, stated.min_short):
        yield f"the figures are {true}, not {stated}"
    if not math.isclose(true.score, stated.score, rel_tol=TOLERANCE, abs_tol=TOLERANCE):
        yield f"the score is {true.score}, not {stated.score}"
    if schedule.bound < true.score - slack:
        yield f"the bound {schedule.bound} is below the score {true.score}"
