"""CP-SAT over a model: proven answers for small events, repairs of parts of large ones."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from matcher.events.control import Control
from matcher.events.solving.model import Model
from matcher.events.solving.problem import Bools, Ints


@dataclass(frozen=True)
class Effort:
    """What a solve may spend: `work` in the solver's deterministic units (about seconds).

    Work ends a solve at the same point on every machine; the clock is the last resort.
    """

    control: Control
    work: float = 20.0
    seed: int = 0
    seconds: float = 60.0


@dataclass(frozen=True)
class Solved:
    """taken: (columns,) those used, None when none was found; bound: proven of the worth."""

    taken: Bools | None
    worth: int
    bound: int
    proven: bool
    impossible: bool = False


class ConstraintModel:
    """A CP-SAT model; levels are added as rows, so each solve refines the last."""

    def __init__(self, model: Model) -> None:
        from ortools.sat.python import cp_model  # noqa: PLC0415 -- slow import

        self.cp = cp_model
        self.model = model
        self.sat = cp_model.CpModel()
        self.variables = self._add_variables()
        self._add_rows()

    def _add_variables(self) -> list[Any]:
        model = self.model
        lower, upper = model.lower.tolist(), model.upper.tolist()
        columns = [
            self.sat.new_int_var(1, 1, "") if low else self.sat.new_bool_var("")
            for low in lower[: model.columns]
        ]
        others = [self.sat.new_int_var(0, high, "") for high in upper[model.columns :]]
        return columns + others

    def _add_rows(self) -> None:
        rows, variables = self.model.rows, self.variables
        start, index, value = rows.indptr.tolist(), rows.indices.tolist(), rows.data
        whole = value.astype(np.int64).tolist()
        plain: Any = np.minimum.reduceat(value, rows.indptr[:-1]) > 0 if len(start) > 1 else []
        for row, limit in enumerate(self.model.limit.tolist()):
            span = slice(start[row], start[row + 1])
            terms = [variables[i] for i in index[span]]
            if limit == 1 and plain[row] and max(index[span]) < self.model.columns:
                self.sat.add_at_most_one(terms)
                continue
            weights = whole[span]
            self.sat.add_linear_constraint(
                self.cp.LinearExpr.weighted_sum(terms, weights), -(2**60), limit
            )

    def expression(self, worth: Ints) -> Any:
        """worth · x as an expression."""
        used = np.flatnonzero(worth)
        return self.cp.LinearExpr.weighted_sum(
            [self.variables[i] for i in used], [int(w) for w in worth[used]]
        )

    def at_least(self, worth: Ints, least: int) -> None:
        """Demand worth · x ≥ least from now on."""
        self.sat.add(self.expression(worth) >= least)

    def hint(self, taken: Bools) -> None:
        """Start from these columns."""
        self.sat.clear_hints()  # type: ignore[no-untyped-call]
        for variable, value in zip(self.variables, taken.tolist(), strict=False):
            self.sat.add_hint(variable, int(value))

    def maximise(self, worth: Ints, effort: Effort, *, enough: int | None = None) -> Solved:
        """Largest worth · x; stops early at `enough`, which counts as proven."""
        self.sat.maximize(self.expression(worth))
        solver = self.cp.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = effort.seed
        solver.parameters.max_deterministic_time = max(0.01, effort.work)
        solver.parameters.max_time_in_seconds = max(
            0.05, min(effort.seconds, effort.control.left())
        )
        solver.parameters.catch_sigint_signal = False
        solver.parameters.linearization_level = 2
        stopper = _stop_at(self.cp, enough) if enough is not None else None
        status = effort.control.run(solver, lambda: solver.solve(self.sat, stopper))
        if status == self.cp.MODEL_INVALID:
            message = f"the constraint model is invalid: {self.sat.validate()}"
            raise RuntimeError(message)
        if status not in (self.cp.OPTIMAL, self.cp.FEASIBLE):
            return Solved(None, 0, 2**60, False, impossible=status == self.cp.INFEASIBLE)
        taken = np.array(
            [solver.boolean_value(v) for v in self.variables[: self.model.columns]], np.bool_
        )
        reached = round(solver.objective_value)
        bound = int(np.floor(solver.best_objective_bound + 1e-6))
        done = status == self.cp.OPTIMAL or (enough is not None and reached >= enough)
        return Solved(taken, reached, reached if done else bound, done)


def _stop_at(cp_model: Any, enough: int) -> Any:
    class Stop(cp_model.CpSolverSolutionCallback):  # type: ignore[misc]
        """Ends the search once the known bound is reached."""

        def on_solution_callback(self) -> None:
            if round(self.objective_value) >= enough:
                self.stop_search()

    return Stop()


@dataclass(frozen=True)
class Targets:
    """What cannot be beaten, from a relaxation: musts held, shortfall, value."""

    musts: int
    short: int
    value: int


@dataclass(frozen=True)
class Answer:
    """Slots found, (M,) with -1 for not held, and what is proven of each level."""

    slot_of: Ints | None
    bounds: Targets
    proven: bool


def solve_levels(
    model: Model, targets: Targets, effort: Effort, start: Bools | None = None
) -> Answer:
    """Musts, then minima, then score, each proven before the next when work suffices."""
    sat = ConstraintModel(model)
    best, musts_proven = start, True
    held, short, value = model.must_costs(), model.short_costs(), model.value_costs()
    reached: list[int] = []
    for worth, enough in ((held, targets.musts), (-short, -targets.short), (value, targets.value)):
        if worth is not value and not worth.any():
            reached.append(0)
            continue
        if best is not None:
            sat.hint(best)
        solved = sat.maximise(worth, effort, enough=enough)
        if solved.taken is None:
            return Answer(_slots(model, best), targets, False)
        best, reached = solved.taken, [*reached, solved.bound]
        musts_proven &= solved.proven
        if not solved.proven and worth is not value:
            break
        if worth is not value:
            sat.at_least(worth, solved.worth)
    bounds = Targets(
        reached[0],
        -reached[1] if len(reached) > 1 else targets.short,
        reached[2] if len(reached) > 2 else targets.value,
    )
    return Answer(_slots(model, best), bounds, musts_proven)


def _slots(model: Model, taken: Bools | None) -> Ints | None:
    if taken is None:
        return None
    slot_of = np.full(model.problem.size, -1, dtype=np.int64)
    slot_of[model.meeting[taken]] = model.slot[taken]
    return slot_of
