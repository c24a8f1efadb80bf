"""Which meetings of an earlier schedule stay, and where: as many as can, moving the fewest.

When all that can stay fits where it was, nothing moves, which is proven least. Otherwise a
relaxation over the earlier pairs bounds what any schedule can keep and points to the moves
that help; a constraint model of those finds the moves, and meets the bound as a rule.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from matcher.events.control import Control
from matcher.events.event import Event, Fixed
from matcher.events.faults.contradictions import find_contradictions
from matcher.events.schedule import Meeting
from matcher.events.solving.exact import ConstraintModel, Effort
from matcher.events.solving.greedy import first_fit
from matcher.events.solving.model import Model, build_model
from matcher.events.solving.placing import Board
from matcher.events.solving.problem import Bools, Ints, Problem, compile_event
from matcher.events.solving.relaxation import NoSolutionError, Relaxed, relax, whole_answer

CORE = 6000  # columns of the constraint model, the most useful first
WORK = 4.0


@dataclass(frozen=True)
class Kept:
    """Meetings to hold, as fixed ones; `moved` changed slot; `proven`: no way keeps more or,
    keeping as many, moves fewer."""

    fixed: tuple[Fixed, ...]
    moved: int
    proven: bool


def keep_meetings(event: Event, meetings: Sequence[Meeting], control: Control) -> Kept:
    """The meetings that stay; their pairs must be open to meet, their slots may be gone."""
    return _in_place(event, meetings) or _least_moves(event, meetings, control)


def _names() -> Iterator[tuple[bool, bool]]:
    """What to keep beside the slot, most first: tables and interpreters, tables, neither."""
    yield True, True
    yield True, False
    yield False, False


def _in_place(event: Event, meetings: Sequence[Meeting]) -> Kept | None:
    """All in their slots, if the rules allow it: nothing moves, which is proven least."""
    absent = {p.id: p.unavailable for p in event.participants}
    limit = {p.id: p.max_meetings for p in event.participants}
    slots = {slot.id for slot in event.slots}
    stay: list[Meeting] = []
    for m in meetings:
        away = absent[m.a] | absent[m.b]
        if 0 in (limit[m.a], limit[m.b]) or slots <= away:
            continue  # cannot take place at all
        if m.slot not in slots or m.slot in away:
            return None
        stay.append(m)
    return _fitting(event, stay, Kept((), 0, True))


def _fitting(event: Event, stay: Sequence[Meeting], kept: Kept) -> Kept | None:
    """The meetings fixed in their slots with as much of table and interpreter as can stay."""
    tables = {table.id: table for table in event.tables}
    helpers = {helper.id: helper for helper in event.interpreters}

    def fix(m: Meeting, keep_table: bool, keep_helper: bool) -> Fixed:
        table, helper = tables.get(m.table), helpers.get(m.interpreter or "")
        seated = (
            keep_table
            and table is not None
            and m.slot not in table.unavailable
            and table.owner in (None, m.a, m.b)
        )
        served = keep_helper and helper is not None and m.slot not in helper.unavailable
        return Fixed(
            m.a, m.b, m.slot, m.table if seated else None, m.interpreter if served else None
        )

    for names in _names():
        fixed = (*event.fixed, *(fix(m, *names) for m in stay))
        if not find_contradictions(compile_event(replace(event, fixed=fixed))):
            return replace(kept, fixed=fixed)
    return None


def _least_moves(event: Event, meetings: Sequence[Meeting], control: Control) -> Kept:
    """As many meetings as possible, as many as possible of them unmoved."""
    problem = compile_event(event)
    place = {slot.id: n for n, slot in enumerate(event.slots)}
    old = {(m.a, m.b): m for m in meetings}
    before = {couple: place.get(m.slot, len(place)) for couple, m in old.items()}  # may be gone
    couples = [_couple(problem, n) for n in range(problem.size)]
    was = np.array([before.get(couple, -1) for couple in couples], dtype=np.int64)
    slot_of, proven = _Moves(problem, was)(control)
    stay = [
        _seated(old[couples[m]], event.slots[int(slot_of[m])].id)
        for m in np.flatnonzero((slot_of >= 0) & ~problem.forced & (was >= 0)).tolist()
    ]
    moved = sum(before[m.a, m.b] != place[m.slot] for m in stay)
    return _fitting(event, stay, Kept((), moved, proven)) or Kept(event.fixed, 0, False)


def _seated(old: Meeting, slot: str) -> Meeting:
    if slot == old.slot:
        return old
    return replace(old, slot=slot, table="", interpreter=None)


def _couple(problem: Problem, number: int) -> tuple[str, str]:
    pair = problem.event.pairs[int(problem.pair[number])]
    return pair.a, pair.b


class _Moves:
    """Slots for the earlier pairs; was: (M,) earlier slot, -1 for pairs that are new."""

    def __init__(self, problem: Problem, was: Ints) -> None:
        self.problem, self.was = problem, was
        self.heavy = int((was >= 0).sum()) + 1  # keeping one outweighs moving all

    def __call__(self, control: Control) -> tuple[Ints, bool]:
        """(M,) slots, -1 for not kept, and whether no schedule does better."""
        wanted = (self.was >= 0) | self.problem.forced
        meeting, slot = np.nonzero(self.problem.allowed & wanted[:, None])
        model = build_model(self.problem, meeting.astype(np.int64), slot.astype(np.int64))
        if not model.columns:
            return np.full(self.problem.size, -1, dtype=np.int64), True
        advice = self._relax(model, control)
        whole = None if advice is None else whole_answer(model, advice)
        if whole is not None and advice is not None:
            kept = self._worth(model)[whole[model.meeting] == model.slot].sum()
            if kept >= advice.value:
                return whole, True
        start = self._start(model, advice)
        reached = int(self._worth(model)[start[meeting] == slot].sum())
        if advice is not None and reached >= advice.value:
            return start, True
        keep = self._useful(model, advice, start)
        part = build_model(self.problem, model.meeting[keep], model.slot[keep])
        sat = ConstraintModel(part)
        sat.hint(start[part.meeting] == part.slot)
        effort = Effort(control, work=WORK, seconds=max(0.5, control.left() / 2))
        enough = advice.value if advice is not None else None
        solved = sat.maximise(self._padded(part), effort, enough=enough)
        if solved.taken is None or solved.worth < reached:
            return start, False
        found = np.full(self.problem.size, -1, dtype=np.int64)
        found[part.meeting[solved.taken]] = part.slot[solved.taken]
        full = solved.proven and bool(keep.all())
        return found, full or (advice is not None and solved.worth >= advice.value)

    def _worth(self, model: Model) -> Ints:
        """(columns,) what counts: kept, and unmoved."""
        return np.asarray(self.heavy + (self.was[model.meeting] == model.slot), dtype=np.int64)

    def _padded(self, model: Model) -> Ints:
        worth = np.zeros(model.variables, dtype=np.int64)
        worth[: model.columns] = self._worth(model)
        return worth

    def _relax(self, model: Model, control: Control) -> Relaxed | None:
        try:
            return relax(model, self._padded(model), [], control.left() / 3)
        except NoSolutionError:  # fixed meetings contradict each other: found elsewhere
            return None

    def _useful(self, model: Model, advice: Relaxed | None, start: Ints) -> Bools:
        """(columns,) those of the constraint model: near the bound, unmoved, or in `start`."""
        if advice is None or model.columns <= CORE:
            return np.ones(model.columns, dtype=np.bool_)
        keep = start[model.meeting] == model.slot
        keep |= self.was[model.meeting] == model.slot
        keep |= advice.shares[: model.columns] > 1e-6
        near = np.argsort(-advice.regret[: model.columns], kind="stable")
        keep[near[:CORE]] = True
        return np.asarray(keep, dtype=np.bool_)

    def _start(self, model: Model, advice: Relaxed | None) -> Ints:
        """Where the relaxation puts them, else where they were, else wherever there is room."""
        problem = self.problem
        earlier = np.flatnonzero(self.was >= 0).tolist()
        seats = {m: int(self.was[m]) for m in earlier if self.was[m] < problem.clock.size}
        if advice is not None:
            firm = np.flatnonzero(advice.shares[: model.columns] > 0.6)
            pairs = zip(model.meeting[firm].tolist(), model.slot[firm].tolist(), strict=True)
            seats |= {m: slot for m, slot in pairs if self.was[m] >= 0}
        if problem.clock.overlapping:
            return first_fit(problem, earlier, seats)
        board = Board(problem)
        for m in np.flatnonzero(problem.forced).tolist():
            slot = int(np.argmax(problem.allowed[m]))
            if board.at[board.a[m]][slot] < 0 and board.at[board.b[m]][slot] < 0:
                board.put(m, slot)
        for m, slot in seats.items():
            board.try_seat(m, slot)
        for m in earlier:
            if board.slot_of[m] < 0 and self.was[m] < problem.clock.size:
                board.try_seat(m, int(self.was[m]))
        for m in earlier:
            if board.slot_of[m] < 0:
                board.place(m, paths=False)
        return np.array(board.slot_of, dtype=np.int64)
