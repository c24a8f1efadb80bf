"""From an event to a schedule with its proof: the stages in order.

1. Fixed meetings that break a hard rule: infeasible, and nothing else is.
2. A relaxation bounds every level. Without windows, interpreters, owned tables and fixed
   meetings it is exact, and colouring places what it chose.
3. Small events are solved exactly. Others are placed by the relaxation's advice and
   improved by search; whenever the result meets the bound it is optimal.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from matcher.events.clock import build_clock
from matcher.events.control import Control
from matcher.events.event import Event
from matcher.events.faults.contradictions import Fault, find_contradictions
from matcher.events.pairing import flow_bound, shortfall, summarise
from matcher.events.schedule import Meeting, Objective, Schedule
from matcher.events.solving.colouring import colour_meetings
from matcher.events.solving.exact import Effort, Targets, solve_levels
from matcher.events.solving.greedy import first_fit
from matcher.events.solving.model import Model, all_columns, build_model, build_timeless
from matcher.events.solving.placing import place_all
from matcher.events.solving.problem import Floats, Ints, Problem, compile_event
from matcher.events.solving.relaxation import (
    Levels,
    Relaxed,
    bound_given,
    relax_levels,
    whole_answer,
)
from matcher.events.solving.rooms import Rooms
from matcher.events.solving.search import Rank, Search, SearchConfig, improve, rank
from matcher.events.solving.tidy import Tidy

MAX_FILL = 200_000  # pairs tried one by one after placing, best first


@dataclass(frozen=True)
class SolveConfig:
    """Sizes at which the method changes, in columns (a pair in a slot), and the seed."""

    seed: int = 0
    exact_columns: int = 4000
    timed_columns: int = 250_000
    core_columns: int = 9000
    linear_pairs: int = 300_000
    search: SearchConfig = field(default_factory=SearchConfig)


@dataclass(frozen=True)
class Placed:
    """Slots of the pairs (M,), the targets proven so far, and the way it was found."""

    slot_of: Ints
    targets: Targets
    proven: bool
    method: str
    model: Model | None = None


class Solver:
    """Schedules one event; `control` limits and reports."""

    def __init__(self, event: Event, control: Control, config: SolveConfig | None = None) -> None:
        self.config = config or SolveConfig()
        self.control = control
        self.problem = compile_event(event)

    def __call__(self) -> Schedule:
        """The best schedule found, with what is proven of it."""
        faults = find_contradictions(self.problem)
        if faults:
            return impossible(self.problem, faults)
        return self.finish(self.place())

    def reach(self) -> tuple[int, int] | None:
        """Musts missed and shortfall of a schedule; None when infeasible."""
        if find_contradictions(self.problem):
            return None
        return rank(self.problem, self.place().slot_of)[:2]

    def place(self) -> Placed:
        """Choose meetings and slots by the first method that settles the event."""
        if self.problem.size == 0:
            nothing = Targets(0, int(self.problem.minimum.sum()), 0)
            return Placed(np.zeros(0, np.int64), nothing, True, "nothing to place")
        if self.problem.splits and (placed := self._split()) is not None:
            return placed
        columns = int(self.problem.allowed.sum())
        if columns <= self.config.exact_columns:
            return self._exact()
        if columns <= self.config.timed_columns:
            return self._timed()
        return self._large()

    def _targets(self, missed: int, short: int, value: int) -> Targets:
        musts = int(self.problem.must.sum()) + self.problem.lost_musts - missed
        return Targets(musts, short, value)

    def _split(self) -> Placed | None:
        """Flow, then colouring; each exact."""
        problem = self.problem
        bound = flow_bound(problem)
        if bound is None:
            return None
        chosen = np.flatnonzero(bound.chosen > 0.5)
        slots = colour_meetings(
            a=problem.a[chosen], b=problem.b[chosen], capacity=problem.table_capacity()
        )
        if slots is None:
            return None
        slot_of = np.full(problem.size, -1, dtype=np.int64)
        slot_of[chosen] = slots
        targets = self._targets(bound.must_missed, bound.min_short, bound.value)
        return Placed(slot_of, targets, True, "flow and colouring")

    def _exact(self) -> Placed:
        """Constraint model of the whole event, with a relaxation's bounds as targets."""
        model = build_model(self.problem, *all_columns(self.problem))
        levels = self._relax(model)
        start = self._advised(levels.best if levels else None, model)
        current = start[model.meeting] == model.slot
        targets = (
            Targets(levels.musts_held, levels.min_short, levels.best.value)
            if levels
            else self._hopes()
        )
        effort = Effort(self.control, work=self.control.seconds, seed=self.config.seed)
        answer = solve_levels(model, targets, effort, current)
        slot_of = start if answer.slot_of is None else answer.slot_of
        if rank(self.problem, start) < rank(self.problem, slot_of):
            slot_of = start
        return Placed(slot_of, answer.bounds, answer.proven, "constraint model", model)

    def _timed(self) -> Placed:
        """Relaxation over pairs and slots, its advice placed, then search."""
        if (placed := self._at_once()) is not None:
            return placed
        model = build_model(self.problem, *all_columns(self.problem))
        levels = self._relax(model)
        if levels is None:
            return self._large(model)
        targets = Targets(levels.musts_held, levels.min_short, levels.best.value)
        self.control.report(f"bound {targets.value / self.problem.scale:.3f}")
        whole = whole_answer(model, levels.best)
        if whole is not None and self._meets(whole, targets):
            return Placed(whole, targets, True, "relaxation", model)
        start = self._advised(levels.best, model)
        start = self._core(model, levels.best, start, targets)
        regret = np.full(self.problem.allowed.shape, -np.inf)
        regret[model.meeting, model.slot] = levels.best.regret[: model.columns]
        slot_of = self._search(targets, regret)(start)
        return Placed(slot_of, targets, False, "relaxation and search", model)

    def _meets(self, slot_of: Ints, targets: Targets) -> bool:
        """Does the schedule reach every level's bound?"""
        lost = int(self.problem.must.sum()) + self.problem.lost_musts - targets.musts
        return rank(self.problem, slot_of) <= (lost, targets.short, -targets.value)

    def _at_once(self) -> Placed | None:
        """The flow's choice placed by paths, if that already meets the flow's bound."""
        bound = flow_bound(self.problem)
        if bound is None:
            return None
        order = np.argsort(-self._worth(), kind="stable")
        slot_of = self._placed(order[bound.chosen[order] > 0.5], order)
        if rank(self.problem, slot_of) > (bound.must_missed, bound.min_short, -bound.value):
            return None
        targets = self._targets(bound.must_missed, bound.min_short, bound.value)
        return Placed(slot_of, targets, True, "flow and paths")

    def _large(self, model: Model | None = None) -> Placed:
        """Relaxation without time, placing by alternating paths, then search."""
        order = np.argsort(-self._worth(), kind="stable")
        timeless, regret = None, None
        small = self.problem.size <= self.config.linear_pairs
        levels = self._relax(timeless := build_timeless(self.problem)) if small else None
        if levels is not None:
            targets = Targets(levels.musts_held, levels.min_short, levels.best.value)
            regret = levels.best.regret[: self.problem.size]
            chosen = order[levels.best.shares[: self.problem.size][order] > 0.5]
        elif (bound := flow_bound(self.problem)) is not None:
            targets = self._targets(bound.must_missed, bound.min_short, bound.value)
            chosen = order[bound.chosen[order] > 0.5]
        else:
            targets, chosen = self._hopes(), order
        start = self._placed(chosen, order)
        self.control.report(f"score {-rank(self.problem, start)[2] / self.problem.scale:.3f}")
        slot_of = self._search(targets, regret)(start)
        return Placed(slot_of, targets, False, "flow and search", model or timeless)

    def _relax(self, model: Model) -> Levels | None:
        """Level bounds; the flow's figures, when it applies, say what to hope for."""
        hopes = self._hopes()
        bound = flow_bound(self.problem)
        if bound is not None:
            hopes = self._targets(bound.must_missed, bound.min_short, bound.value)
        seconds = self.control.left() * 0.5
        return relax_levels(model, musts=hopes.musts, short=hopes.short, seconds=seconds)

    def _hopes(self) -> Targets:
        """Bounds that hold without any solving."""
        problem = self.problem
        reachable = problem.minimum - np.minimum(problem.minimum, problem.cap)
        sides = [_best_by_degree(problem, ends) for ends in (problem.a, problem.b)]
        return Targets(int(problem.must.sum()), int(reachable.sum()), min(sides))

    def _worth(self) -> Ints:
        """(M,) order of importance: musts, then pairs that fill minima, then score."""
        problem = self.problem
        top = int(np.abs(problem.value).max(initial=0)) + 1
        wanting = (problem.minimum[problem.a] > 0).astype(np.int64)
        wanting += problem.minimum[problem.b] > 0
        return np.asarray(problem.value + 4 * top * problem.must + top * wanting, dtype=np.int64)

    def _advised(self, best: Relaxed | None, model: Model) -> Ints:
        """Meetings by their share in the relaxation, and in the slot it gives them."""
        worth = self._worth()
        order = np.argsort(-worth, kind="stable")
        if best is None:
            return self._placed(order, order)
        shares = best.shares[: model.columns]
        total = np.bincount(model.meeting, weights=shares, minlength=self.problem.size)
        firm = np.flatnonzero(shares > 0.9)
        seats = dict(zip(model.meeting[firm].tolist(), model.slot[firm].tolist(), strict=True))
        chosen = order[np.argsort(-np.round(total[order], 3), kind="stable")]
        return self._placed(chosen[total[chosen] > 0.3], order, seats)

    def _placed(self, order: Ints, fill: Ints, seats: dict[int, int] | None = None) -> Ints:
        problem = self.problem
        if problem.clock.overlapping:
            return first_fit(problem, [*order.tolist(), *fill.tolist()], seats or {})
        helpful = fill[(problem.value[fill] > 0) | problem.must[fill]][:MAX_FILL].tolist()
        return place_all(problem, order.tolist(), worth=self._worth(), fill=helpful, seats=seats)

    def _core(self, model: Model, best: Relaxed, start: Ints, targets: Targets) -> Ints:
        """One solve over the columns that the relaxation finds most useful."""
        keep = np.zeros(model.columns, dtype=np.bool_)
        near = np.argsort(-best.regret[: model.columns], kind="stable")
        keep[near[: self.config.core_columns]] = True
        keep |= best.shares[: model.columns] > 1e-6
        keep |= start[model.meeting] == model.slot
        part = build_model(self.problem, model.meeting[keep], model.slot[keep])
        current = start[part.meeting] == part.slot
        effort = Effort(self.control, work=5.0, seed=self.config.seed, seconds=10.0)
        found, _ = improve(part, current, effort, targets)
        self.control.report(f"score {-rank(self.problem, found)[2] / self.problem.scale:.3f}")
        return found

    def _search(self, targets: Targets, regret: Floats | None) -> Callable[[Ints], Ints]:
        return Search(self.problem, targets, self.control, self.config.search, regret)

    def finish(self, placed: Placed) -> Schedule:
        """Tidy among equals, give tables and interpreters, and state what is proven."""
        problem = self.problem
        slot_of = Tidy(problem)(placed.slot_of)
        found = summarise(problem, slot_of >= 0)
        reached: Rank = rank(problem, slot_of)
        bound, first_two = self._bound(placed, reached)
        meetings = Rooms(problem)(slot_of)
        scores = (problem.event.pairs[int(p)].score for p in problem.pair[slot_of >= 0])
        score = math.fsum(scores)
        ceiling = score if bound <= found.value else max(score, self._score(bound))
        return Schedule(
            status="optimal" if first_two and bound <= found.value else "feasible",
            objective=Objective(found.must_missed, found.min_short, score),
            bound=ceiling,
            meetings=tuple(meetings),
            quality=comfort(problem.event, meetings),
            work={"method": placed.method, "seconds": round(self.control.spent(), 3)},
        )

    def _bound(self, placed: Placed, reached: Rank) -> tuple[int, bool]:
        """Bound of the value under the musts and minima reached; are those two proven?"""
        problem, targets = self.problem, placed.targets
        missed = int(problem.must.sum()) + problem.lost_musts - targets.musts
        if reached[:2] == (missed, targets.short):
            return targets.value, True
        musts = int(problem.must.sum()) + problem.lost_musts - reached[0]
        if problem.size > self.config.linear_pairs:
            return self._hopes().value, False
        model = placed.model or build_timeless(problem)
        seconds = max(1.0, self.control.left())
        again = bound_given(model, musts=musts, short=reached[1], seconds=seconds)
        return (again.value if again else self._hopes().value), False

    def _score(self, value: int) -> float:
        """A whole value as a score; rounding of long decimals is allowed for upward."""
        slack = 0.0 if self.problem.exact else 0.5 * float(self.problem.cap.sum()) / 2
        return (value + slack) / self.problem.scale


def _best_by_degree(problem: Problem, ends: Ints) -> int:
    """Sum over one side of each participant's best values within the maximum."""
    order = np.lexsort((-problem.value, ends))
    first = np.searchsorted(ends[order], ends[order])
    counted = np.arange(len(ends)) - first < problem.cap[ends[order]]
    return int(np.maximum(problem.value[order], 0)[counted].sum())


def comfort(event: Event, meetings: list[Meeting]) -> dict[str, int]:
    """What is settled among equals: idle slots between meetings, changes of table."""
    order = {event.slots[n].id: place for place, n in enumerate(build_clock(event.slots).order)}
    seen: dict[str, list[tuple[int, str]]] = {}
    for meeting in meetings:
        for person in (meeting.a, meeting.b):
            seen.setdefault(person, []).append((order[meeting.slot], meeting.table))
    idle = changes = 0
    for visits in seen.values():
        visits.sort()
        idle += visits[-1][0] - visits[0][0] + 1 - len(visits)
        changes += sum(x[1] != y[1] for x, y in pairwise(visits))
    return {"idle_slots": idle, "table_changes": changes}


def impossible(problem: Problem, faults: list[Fault]) -> Schedule:
    """The answer when fixed meetings break hard rules."""
    nobody = np.zeros(problem.size, dtype=np.bool_)
    return Schedule(
        status="infeasible",
        objective=Objective(
            problem.lost_musts + int(problem.must.sum()),
            int(shortfall(problem, nobody).sum()),
            0.0,
        ),
        bound=0.0,
        meetings=(),
        unmet=tuple({"kind": "fixed", "place": f.place, "vi": f.vi, "en": f.en} for f in faults),
        work={"method": "contradiction"},
    )
