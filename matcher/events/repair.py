"""The day itself: solve again keeping to a schedule already given out.

First as many of its meetings as possible stay, then as many as possible of those stay in
their slot; both are proven when the solve ends in time. What stays is then fixed, and the
holes are filled like any event.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from matcher.events.contradictions import find_contradictions
from matcher.events.control import Control
from matcher.events.event import Event, Fixed
from matcher.events.exact import ConstraintModel, Effort
from matcher.events.fields import EventError, Problem, Reader, is_object, shorten
from matcher.events.model import build_model
from matcher.events.problem import Problem as Arrays
from matcher.events.problem import compile_event
from matcher.events.schedule import Meeting, Schedule
from matcher.events.search import SearchConfig
from matcher.events.solve import SolveConfig, Solver


@dataclass(frozen=True)
class Previous:
    """The schedule that people hold in their hands."""

    meetings: tuple[Meeting, ...]


@dataclass(frozen=True)
class _Kept:
    """Meetings to hold, as fixed ones; `moved` changed slot."""

    fixed: tuple[Fixed, ...]
    moved: int
    proven: bool


def read_previous(path: Path) -> Previous:
    """Read a schedule file. Raises EventError naming what is wrong in it."""
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise EventError([Problem(path.name, f"is not a schedule in JSON: {error}")]) from None
    if not is_object(document):
        raise EventError([Problem(path.name, f"must hold an object, not {shorten(document)}")])
    reader = Reader()
    meetings = tuple(
        Meeting(
            a=reader.text(source, "a", place),
            b=reader.text(source, "b", place),
            slot=reader.text(source, "slot", place),
            table=reader.text(source, "table", place),
            interpreter=reader.optional_text(source, "interpreter", place),
        )
        for place, source in reader.records(document, "meetings", required=True)
    )
    if reader.problems:
        raise EventError([Problem(f"{path.name}: {p.place}", p.message) for p in reader.problems])
    return Previous(meetings)


def repair(event: Event, previous: Previous, control: Control, config: SolveConfig) -> Schedule:
    """A schedule for the event as it is now, as near the previous one as can be.

    `quality` of the result counts kept (same slot), moved, cancelled and new meetings, and
    says whether cancelled and moved are proven the fewest.
    """
    possible = _possible(event, previous)
    kept = _in_place(event, possible) or _least_moves(event, possible, control)
    quick = SearchConfig(rounds=20, patience=6, work=0.3, seed=config.seed)
    # without interpreters and owners the flow's bound is tight: the relaxation is not needed
    tight = not event.interpreters and all(table.owner is None for table in event.tables)
    timed = 6_000 if tight else 30_000
    config = replace(config, search=quick, core_columns=4000, timed_columns=timed)
    found = Solver(replace(event, fixed=kept.fixed), control, config)()
    before = {(m.a, m.b): m.slot for m in previous.meetings}
    held = {(m.a, m.b): m.slot for m in found.meetings}
    same = sum(held.get(couple) == slot for couple, slot in before.items())
    both = sum(couple in held for couple in before)
    return replace(
        found,
        quality={
            **found.quality,
            "kept": same,
            "moved": both - same,
            "cancelled": len(before) - both,
            "new": len(held) - both,
            "moved_is_least": kept.proven and kept.moved == both - same,
        },
    )


def _possible(event: Event, previous: Previous) -> list[Meeting]:
    """Previous meetings whose pair and slot still exist and that are not fixed anew."""
    pairs = {(pair.a, pair.b) for pair in event.pairs}
    slots = {slot.id for slot in event.slots}
    fixed = {(f.a, f.b) for f in event.fixed}
    return [
        m
        for m in previous.meetings
        if (m.a, m.b) in pairs - fixed - event.vetoes and m.slot in slots
    ]


def _names() -> Iterator[tuple[bool, bool]]:
    """What to keep beside the slot, most first: tables and interpreters, tables, neither."""
    yield True, True
    yield True, False
    yield False, False


def _in_place(event: Event, meetings: list[Meeting]) -> _Kept | None:
    """All in their slots, if the rules allow it: nothing moves, which is proven least."""
    absent = {p.id: p.unavailable for p in event.participants}
    limit = {p.id: p.max_meetings for p in event.participants}
    stay = [
        m
        for m in meetings
        if m.slot not in absent[m.a] | absent[m.b] and 0 not in (limit[m.a], limit[m.b])
    ]
    alone = [m for m in meetings if m not in stay]
    if any(_has_slot(event, m) for m in alone):
        return None
    for tables, interpreters in _names():
        fixed = (*event.fixed, *(_fix(event, m, tables, interpreters) for m in stay))
        if not find_contradictions(compile_event(replace(event, fixed=fixed))):
            return _Kept(fixed, 0, True)
    return None


def _has_slot(event: Event, meeting: Meeting) -> bool:
    """Could the meeting take place in some other slot?"""
    people = [p for p in event.participants if p.id in (meeting.a, meeting.b)]
    if any(p.max_meetings == 0 for p in people):
        return False
    away = people[0].unavailable | people[1].unavailable
    return any(slot.id not in away for slot in event.slots)


def _fix(event: Event, meeting: Meeting, tables: bool, interpreters: bool) -> Fixed:
    """The meeting as a fixed one; names that no longer serve are left open."""
    table = next((t for t in event.tables if t.id == meeting.table), None)
    keep_table = (
        tables
        and table is not None
        and meeting.slot not in table.unavailable
        and table.owner in (None, meeting.a, meeting.b)
    )
    helper = next((k for k in event.interpreters if k.id == meeting.interpreter), None)
    keep_helper = interpreters and helper is not None and meeting.slot not in helper.unavailable
    return Fixed(
        meeting.a,
        meeting.b,
        meeting.slot,
        meeting.table if keep_table else None,
        meeting.interpreter if keep_helper else None,
    )


def _least_moves(event: Event, meetings: list[Meeting], control: Control) -> _Kept:
    """As many meetings as possible, as many as possible of them unmoved."""
    problem = compile_event(event)
    place = {slot.id: n for n, slot in enumerate(event.slots)}
    before = {(m.a, m.b): place[m.slot] for m in meetings}
    was = np.array([_was(problem, before, n) for n in range(problem.size)], dtype=np.int64)
    wanted = (was >= 0) | problem.forced
    meeting, slot = np.nonzero(problem.allowed & wanted[:, None])
    model = build_model(problem, meeting, slot)
    worth = np.zeros(model.variables, dtype=np.int64)
    worth[: model.columns] = len(meetings) + 1
    worth[: model.columns] += was[meeting] == slot
    effort = Effort(control, work=4.0, seconds=max(0.5, control.left() / 2))
    solved = ConstraintModel(model).maximise(worth, effort)
    taken = np.zeros(model.columns, np.bool_) if solved.taken is None else solved.taken
    seat = {int(m): int(s) for m, s in zip(meeting[taken], slot[taken], strict=True)}
    stay = [
        Meeting(*_couple(problem, m), event.slots[s].id, "", None)
        for m, s in seat.items()
        if not problem.forced[m]
    ]
    moved = sum(before[m.a, m.b] != place[m.slot] for m in stay)
    old = {(m.a, m.b): m for m in meetings}
    return _named(event, stay, old, _Kept((), moved, solved.proven))


def _was(problem: Arrays, before: dict[tuple[str, str], int], number: int) -> int:
    return before.get(_couple(problem, number), -1)


def _couple(problem: Arrays, number: int) -> tuple[str, str]:
    pair = problem.event.pairs[int(problem.pair[number])]
    return pair.a, pair.b


def _named(
    event: Event, stay: list[Meeting], old: dict[tuple[str, str], Meeting], kept: _Kept
) -> _Kept:
    """Keep tables and interpreters of those who stay, as far as nothing else breaks."""
    named = [
        replace(m, table=o.table, interpreter=o.interpreter) if o.slot == m.slot else m
        for m in stay
        for o in [old[m.a, m.b]]
    ]
    for tables, interpreters in _names():
        fixed = (*event.fixed, *(_fix(event, m, tables, interpreters) for m in named))
        if not find_contradictions(compile_event(replace(event, fixed=fixed))):
            return replace(kept, fixed=fixed)
    return replace(kept, fixed=event.fixed)
