"""One linear model of an event, read by the linear and the constraint solver alike.

A column is a pair in a slot. Beside columns there are whole numbers: the shortfall of each
participant with a minimum, tables taken from each group (when slots overlap), and
interpreters of each group given to each kind. Every row reads `row · x ≤ limit`.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from matcher.events.solving.problem import Floats, Group, Ints, Problem


@dataclass(frozen=True)
class Model:
    """Rows over `columns` meetings in slots followed by other whole variables.

    meeting, slot: (n,) of the columns. rows: (r, v) with v ≥ n. lower, upper: (v,).
    short: variables that hold shortfalls. constant_short: what no variable can fill.
    """

    problem: Problem
    meeting: Ints
    slot: Ints
    rows: sparse.csr_array
    limit: Ints
    lower: Ints
    upper: Ints
    short: Ints

    @property
    def columns(self) -> int:
        return len(self.meeting)

    @property
    def variables(self) -> int:
        return len(self.upper)

    def value_costs(self) -> Ints:
        """(v,) worth of each variable in score."""
        return self._over_columns(self.problem.value[self.meeting])

    def must_costs(self) -> Ints:
        """(v,) 1 for each column of a must."""
        return self._over_columns(self.problem.must[self.meeting].astype(np.int64))

    def short_costs(self) -> Ints:
        """(v,) 1 for each shortfall."""
        costs = np.zeros(self.variables, dtype=np.int64)
        costs[self.short] = 1
        return costs

    def _over_columns(self, values: Ints) -> Ints:
        costs = np.zeros(self.variables, dtype=np.int64)
        costs[: self.columns] = values
        return costs


class _Builder:
    """Collects rows as triplets."""

    def __init__(self, problem: Problem, meeting: Ints, slot: Ints) -> None:
        self.problem, self.meeting, self.slot = problem, meeting, slot
        self.count = len(meeting)
        self.upper: list[Ints] = [np.ones(self.count, dtype=np.int64)]
        self.parts: list[tuple[Ints, Ints, Ints]] = []
        self.limits: list[Ints] = []
        self.height = 0
        self.width = self.count
        self.short = np.zeros(0, dtype=np.int64)

    def variables(self, upper: Ints) -> Ints:
        """New variables with these upper bounds; returns their positions."""
        first, self.width = self.width, self.width + len(upper)
        self.upper.append(np.asarray(upper, dtype=np.int64))
        return np.arange(first, self.width)

    def rows(self, limits: Ints) -> int:
        """New rows with these limits; returns the first's position."""
        first, self.height = self.height, self.height + len(limits)
        self.limits.append(np.asarray(limits, dtype=np.int64))
        return first

    def put(self, row: Ints, column: Ints, value: int = 1) -> None:
        """Entries of the matrix."""
        self.parts.append((row, column, np.full(len(column), value, dtype=np.int64)))

    def people(self) -> None:
        """Each pair once, each participant once at a time, maxima and minima."""
        problem, every = self.problem, np.arange(self.count)
        sides = (problem.a[self.meeting], problem.b[self.meeting])
        self.put(self.rows(np.ones(problem.size, dtype=np.int64)) + self.meeting, every)
        caps = self.rows(problem.cap)
        for side in sides:
            self.put(caps + side, every)
        for clique in problem.clock.cliques:
            inside = np.flatnonzero(np.isin(self.slot, clique))
            first = self.rows(np.ones(problem.people, dtype=np.int64))
            for side in sides:
                self.put(first + side[inside], inside)
        self._minima(sides)

    def _minima(self, sides: tuple[Ints, Ints]) -> None:
        problem, every = self.problem, np.arange(self.count)
        wanting = np.flatnonzero(problem.minimum)
        if not len(wanting):
            return
        self.short = self.variables(problem.minimum[wanting])
        place = np.full(problem.people, -1, dtype=np.int64)
        place[wanting] = self.rows(-problem.minimum[wanting]) + np.arange(len(wanting))
        self.put(place[wanting], self.short, -1)
        for side in sides:
            counted = place[side] >= 0
            self.put(place[side][counted], every[counted], -1)

    def tables(self) -> None:
        """General tables: counts per slot, or per group and instant when slots overlap."""
        problem = self.problem
        general = np.flatnonzero(~problem.own[self.meeting, self.slot])
        if not problem.clock.overlapping:
            first = self.rows(problem.table_capacity())
            self.put(first + self.slot[general], general)
            return
        first = self.rows(np.zeros(problem.clock.size, dtype=np.int64))
        self.put(first + self.slot[general], general)
        for group in problem.tables:
            slots = np.flatnonzero(group.mask)
            taken = self.variables(np.full(len(slots), len(group.members)))
            self.put(first + slots, taken, -1)
            self._cliques(group, slots, taken)

    def _cliques(self, group: Group, slots: Ints, taken: Ints) -> None:
        """No more of the group than it has at any instant."""
        cliques = self.problem.clock.cliques
        first = self.rows(np.full(len(cliques), len(group.members)))
        for number, clique in enumerate(cliques):
            inside = taken[np.isin(slots, clique)]
            self.put(np.full(len(inside), first + number), inside)

    def interpreters(self) -> None:
        """Each needy meeting takes one interpreter who serves its kind."""
        problem, size = self.problem, self.problem.clock.size
        if not problem.kinds:
            return
        kind = problem.kind[self.meeting]
        needy = np.flatnonzero(kind >= 0)
        first = self.rows(np.zeros(problem.kinds * size, dtype=np.int64))
        self.put(first + kind[needy] * size + self.slot[needy], needy)
        for group in problem.interpreters:
            slots = np.flatnonzero(group.mask)
            everywhere, given = [], []
            for served in sorted(group.kinds):
                taken = self.variables(np.full(len(slots), len(group.members)))
                self.put(first + served * size + slots, taken, -1)
                everywhere.append(slots)
                given.append(taken)
            self._cliques(group, np.concatenate(everywhere), np.concatenate(given))

    def finish(self) -> Model:
        row, column, value = (np.concatenate(part) for part in zip(*self.parts, strict=True))
        shape = (self.height, self.width)
        matrix = sparse.csr_array((value.astype(np.float64), (row, column)), shape=shape)
        limit, upper = np.concatenate(self.limits), np.concatenate(self.upper)
        lower = np.zeros(self.width, dtype=np.int64)
        lower[: self.count] = self.problem.forced[self.meeting]
        most = matrix.maximum(0) @ upper.astype(np.float64)
        useful = most > limit
        return Model(
            problem=self.problem,
            meeting=self.meeting,
            slot=self.slot,
            rows=sparse.csr_array(matrix[np.flatnonzero(useful)]),
            limit=limit[useful],
            lower=lower,
            upper=upper,
            short=self.short,
        )


def build_model(problem: Problem, meeting: Ints, slot: Ints) -> Model:
    """The model over the given columns (all must be allowed; each once)."""
    builder = _Builder(problem, meeting, slot)
    builder.people()
    builder.tables()
    builder.interpreters()
    return builder.finish()


def all_columns(problem: Problem) -> tuple[Ints, Ints]:
    """Every pair in every slot open to it."""
    meeting, slot = np.nonzero(problem.allowed)
    return meeting.astype(np.int64), slot.astype(np.int64)


def build_timeless(problem: Problem) -> Model:
    """A relaxation without time: one column a pair, totals of tables and interpreters."""
    builder = _Builder(problem, np.arange(problem.size), np.zeros(problem.size, dtype=np.int64))
    every, sides = np.arange(problem.size), (problem.a, problem.b)
    caps = builder.rows(problem.cap)
    for side in sides:
        builder.put(caps + side, every)
    builder._minima(sides)
    general = np.flatnonzero((~problem.own | ~problem.allowed).all(axis=1))
    first = builder.rows(np.array([problem.table_total()]))
    builder.put(np.full(len(general), first), general)
    _timeless_interpreters(builder)
    return builder.finish()


def _timeless_interpreters(builder: _Builder) -> None:
    problem = builder.problem
    if not problem.kinds:
        return
    needy = np.flatnonzero(problem.kind >= 0)
    first = builder.rows(np.zeros(problem.kinds, dtype=np.int64))
    builder.put(first + problem.kind[needy], needy)
    for group in problem.interpreters:
        served = np.array(sorted(group.kinds), dtype=np.int64)
        most = len(group.members) * problem.clock.disjoint(group.mask)
        given = builder.variables(np.full(len(served), most))
        builder.put(first + served, given, -1)
        total = builder.rows(np.array([most]))
        builder.put(np.full(len(given), total), given)


def as_floats(values: Ints) -> Floats:
    """Whole numbers as the linear solver wants them."""
    return values.astype(np.float64)
