"""Fixed meetings against the hard rules: the one way an event has no schedule at all."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from matcher.events.event import Event, Fixed, can_interpret, needs_interpreter
from matcher.events.solving.grouping import share_groups
from matcher.events.solving.interpreting import Interpreters
from matcher.events.solving.problem import Problem


@dataclass(frozen=True, slots=True)
class Fault:
    """What speaks against a fixed meeting: where in the event file, and why."""

    place: str
    en: str
    vi: str


def find_contradictions(problem: Problem) -> list[Fault]:
    """Why the fixed meetings cannot all take place; empty when they can."""
    event = problem.event
    if not event.fixed:
        return []
    faults = [*_each(event), *_clashes(problem), *_too_many(event)]
    return faults or list(_resources(problem))


_VI = {"participant": "bên", "table": "bàn", "interpreter": "phiên dịch"}


def _away(place: str, what: str, slot: str, vi: str = "") -> Fault:
    return Fault(place, f"{what} is unavailable in {slot}", f"{vi or what} vắng trong lượt {slot}")


def _each(event: Event) -> Iterator[Fault]:
    """Each fixed meeting by itself."""
    people = {person.id: person for person in event.participants}
    tables = {table.id: table for table in event.tables}
    helpers = {helper.id: helper for helper in event.interpreters}
    listed = {(pair.a, pair.b) for pair in event.pairs}
    for number, fixed in enumerate(event.fixed):
        place = f"fixed[{number}]"
        if (fixed.a, fixed.b) not in listed:
            yield Fault(
                place,
                f"{fixed.a} and {fixed.b} are not among the pairs",
                f"{fixed.a} và {fixed.b} không có trong danh sách cặp",
            )
        if (fixed.a, fixed.b) in event.vetoes:
            yield Fault(
                place,
                f"{fixed.a} and {fixed.b} are vetoed",
                f"{fixed.a} và {fixed.b} đã từ chối gặp nhau",
            )
        for identity in (fixed.a, fixed.b):
            if fixed.slot in people[identity].unavailable:
                yield _away(place, identity, fixed.slot)
        if fixed.table is not None:
            table = tables[fixed.table]
            if fixed.slot in table.unavailable:
                yield _away(place, f"table {table.id}", fixed.slot, f"bàn {table.id}")
            if table.owner not in (None, fixed.a, fixed.b):
                yield Fault(
                    place,
                    f"table {table.id} belongs to {table.owner}",
                    f"bàn {table.id} là bàn riêng của {table.owner}",
                )
        if fixed.interpreter is None:
            continue
        helper = helpers[fixed.interpreter]
        if fixed.slot in helper.unavailable:
            yield _away(place, f"interpreter {helper.id}", fixed.slot, f"phiên dịch {helper.id}")
        spoken = people[fixed.a].languages, people[fixed.b].languages
        if needs_interpreter(*spoken) and not can_interpret(helper.languages, *spoken):
            yield Fault(
                place,
                f"interpreter {helper.id} does not speak both sides' languages",
                f"phiên dịch {helper.id} không nói được tiếng của cả hai bên",
            )


def _clashes(problem: Problem) -> Iterator[Fault]:
    """Two fixed meetings that need one person, table or interpreter at once."""
    event, conflicts = problem.event, problem.clock.conflicts
    slot = {s.id: n for n, s in enumerate(event.slots)}
    users: dict[tuple[str, str], list[int]] = {}
    pairs: dict[tuple[str, str], int] = {}
    for number, fixed in enumerate(event.fixed):
        first = pairs.setdefault((fixed.a, fixed.b), number)
        if first != number:
            yield Fault(
                f"fixed[{number}]",
                f"is the pair of fixed[{first}]; a pair meets once",
                f"trùng cặp với fixed[{first}]; mỗi cặp chỉ gặp một lần",
            )
            continue
        for key in _uses(fixed):
            for other in users.get(key, []):
                if conflicts[slot[fixed.slot], slot[event.fixed[other].slot]]:
                    yield Fault(
                        f"fixed[{number}]",
                        f"{key[0]} {key[1]} is in fixed[{other}] at that time ({fixed.slot})",
                        f"{_VI[key[0]]} {key[1]} bận ở fixed[{other}] vào lúc đó ({fixed.slot})",
                    )
            users.setdefault(key, []).append(number)


def _uses(fixed: Fixed) -> list[tuple[str, str]]:
    uses = [("participant", fixed.a), ("participant", fixed.b)]
    if fixed.table is not None:
        uses.append(("table", fixed.table))
    if fixed.interpreter is not None:
        uses.append(("interpreter", fixed.interpreter))
    return uses


def _too_many(event: Event) -> Iterator[Fault]:
    """Fixed meetings beyond a maximum."""
    held: dict[str, int] = {}
    most = {person.id: person.max_meetings for person in event.participants}
    for number, fixed in enumerate(event.fixed):
        for identity in (fixed.a, fixed.b):
            held[identity] = held.get(identity, 0) + 1
            limit = most[identity]
            if limit is not None and held[identity] == limit + 1:
                yield Fault(
                    f"fixed[{number}]",
                    f"{identity} may have {limit} meetings at most",
                    f"{identity} chỉ được gặp tối đa {limit} cuộc",
                )


def _resources(problem: Problem) -> Iterator[Fault]:
    """Slots in which tables or interpreters do not suffice for the fixed meetings."""
    slots = np.argmax(problem.allowed, axis=1)
    slot_of = np.where(problem.forced, slots, -1)
    mute = np.flatnonzero(problem.forced & (problem.kind == -2)).tolist()
    for meeting in mute:
        yield Fault(
            f"fixed[{problem.fixed_of[meeting]}]",
            "nobody can interpret between the two",
            "không có ai phiên dịch được giữa hai bên",
        )
    if mute:
        return
    if problem.clock.overlapping:
        try:
            share_groups(problem, slot_of)
        except ValueError as error:
            yield Fault("fixed", str(error), "bàn hoặc phiên dịch không đủ cho các lượt đã ấn định")
        return
    capacity, interpreters = problem.table_capacity(), Interpreters(problem)
    for slot, name in enumerate(s.id for s in problem.event.slots):
        here = np.flatnonzero(slot_of == slot)
        places = ", ".join(f"fixed[{problem.fixed_of[m]}]" for m in here.tolist())
        if int((~problem.own[here, slot]).sum()) > capacity[slot]:
            yield Fault(
                places, f"there are not enough tables in {name}", f"lượt {name} không đủ bàn"
            )
        kinds = problem.kind[here]
        if interpreters.assign(slot, kinds[kinds >= 0].tolist()) is None:
            yield Fault(
                places,
                f"there are not enough interpreters in {name}",
                f"lượt {name} không đủ phiên dịch",
            )
