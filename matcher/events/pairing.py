"""Choosing meetings as a min-cost flow: exact when time can be settled afterwards.

Source → participants a → participants b → sink, with one unit per pair. The part of a
participant's arc that fills the minimum earns a prize. The weights put musts before minima
before score: an improving cycle of the flow visits source and sink once, so it fills at
most two shortfalls and uses at most 2·min(|A|, |B|) + 2 pairs; each prize outweighs all it
can cost. All numbers are whole, so the order is exact.
"""

from dataclasses import dataclass

import numpy as np

from matcher.events.solving.problem import Bools, Ints, Problem

INT_LIMIT = 2**61


@dataclass(frozen=True)
class Bound:
    """Proven: no schedule misses fewer musts, and so on; `value` is in whole units.

    must_missed ≥ and min_short ≥ (given that many musts) and score ≤ (given both).
    `chosen` (M,) holds each pair's share of the relaxed solution, 0 to 1.
    """

    must_missed: int
    min_short: int
    value: int
    chosen: np.ndarray[tuple[int], np.dtype[np.float64]]


@dataclass(frozen=True)
class _Weights:
    short: int
    must: int


def _weights(problem: Problem, side_a: int, side_b: int) -> _Weights:
    longest = 2 * min(side_a, side_b) + 2
    largest = int(np.abs(problem.value).max(initial=1)) + 1
    short = longest * largest + 1
    return _Weights(short, 4 * short + longest * largest + 1)


def flow_bound(problem: Problem) -> Bound | None:
    """Best set of meetings by degrees and table total alone; None when numbers overflow.

    A relaxation of every event (tables are not counted when some are owned); exact when
    `problem.splits`.
    """
    from ortools.graph.python import min_cost_flow  # noqa: PLC0415 -- slow import

    is_a = np.array([p.side == "a" for p in problem.event.participants], dtype=np.bool_)
    weights = _weights(problem, int(is_a.sum()), int((~is_a).sum()))
    nodes = problem.people + 3
    if weights.must * (nodes + 1) > INT_LIMIT:
        return None
    total = int(problem.cap[is_a].sum())
    if not problem.own.any():
        total = min(total, problem.table_total())
    solver = min_cost_flow.SimpleMinCostFlow()
    source, gate, sink = problem.people, problem.people + 1, problem.people + 2
    cost = -(problem.value + weights.must * problem.must)
    ones = np.ones(problem.size, dtype=np.int64)
    arcs = solver.add_arcs_with_capacity_and_unit_cost(problem.a, problem.b, ones, cost)
    least = np.minimum(problem.minimum, problem.cap)
    person = np.arange(problem.people)
    tail = np.where(is_a, gate, person)
    head = np.where(is_a, person, sink)
    solver.add_arcs_with_capacity_and_unit_cost(
        tail, head, least, np.full(problem.people, -weights.short)
    )
    solver.add_arcs_with_capacity_and_unit_cost(
        tail, head, problem.cap - least, np.zeros(problem.people, dtype=np.int64)
    )
    solver.add_arc_with_capacity_and_unit_cost(source, gate, total, 0)
    solver.add_arc_with_capacity_and_unit_cost(source, sink, total, 0)
    solver.set_node_supply(source, total)
    solver.set_node_supply(sink, -total)
    if solver.solve() != solver.OPTIMAL:
        return None
    chosen = solver.flows(arcs).astype(np.bool_)
    return summarise(problem, chosen)


def summarise(problem: Problem, chosen: Bools) -> Bound:
    """The three levels of the objective for a set of meetings."""
    return Bound(
        must_missed=problem.lost_musts + int((problem.must & ~chosen).sum()),
        min_short=int(shortfall(problem, chosen).sum()),
        value=int(problem.value[chosen].sum()),
        chosen=chosen.astype(np.float64),
    )


def shortfall(problem: Problem, chosen: Bools) -> Ints:
    """(P,) meetings each participant lacks to the minimum."""
    held = np.bincount(problem.a[chosen], minlength=problem.people) + np.bincount(
        problem.b[chosen], minlength=problem.people
    )
    return np.maximum(problem.minimum - held, 0)
