"""Linear relaxations, whose bounds are checked in whole numbers after solving.

Any non-negative prices of the rows prove a bound: score ≤ limit · price + what the columns
are worth above their prices. The linear solver only proposes the prices; they are rounded
to whole numbers and the bound is computed from them exactly, so its tolerances don't matter.
"""

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from matcher.events.solving.model import Model, as_floats
from matcher.events.solving.problem import Floats, Ints

PRICE_RANGE = 1000.0  # largest worth handed to the solver; it is 10 times slower at 1
MAX_STEPS = 60_000
WHOLE = 1e-6
FINE = 256  # prices are whole multiples of 1 / FINE of a score unit


IMPOSSIBLE = 2


class NoSolutionError(Exception):
    """The relaxation itself has no solution."""


@dataclass(frozen=True)
class Relaxed:
    """`value`: proven bound; `shares`: (v,) the solution; `regret`: (v,) what using (or, when
    positive, leaving) each variable costs against the bound, in score units."""

    value: int
    shares: Floats
    regret: Floats


@dataclass(frozen=True)
class Levels:
    """Bounds of the three levels: musts held at most, shortfall at least, and the score's."""

    musts_held: int
    min_short: int
    best: Relaxed


def _with_rows(model: Model, extra: list[tuple[Ints, int]]) -> tuple[sparse.csr_array, Ints]:
    if not extra:
        return model.rows, model.limit
    added = sparse.csr_array(np.array([row for row, _ in extra], dtype=np.float64))
    limits = np.array([limit for _, limit in extra], dtype=np.int64)
    return (
        sparse.csr_array(sparse.vstack([model.rows, added])),
        np.concatenate([model.limit, limits]),
    )


def relax(
    model: Model, worth: Ints, extra: list[tuple[Ints, int]], seconds: float
) -> Relaxed | None:
    """Maximise worth · x over the relaxation; None when out of time or steps.

    Raises NoSolutionError when the rows contradict each other.
    """
    rows, limit = _with_rows(model, extra)
    if not model.variables:
        return Relaxed(0, np.zeros(0), np.zeros(0))
    unit = max(1, int(np.abs(worth).max(initial=1))) / PRICE_RANGE
    options: Any = {"time_limit": max(0.1, seconds), "maxiter": MAX_STEPS}
    left: Any = rows if rows.shape[0] else None
    bounds: Any = np.column_stack([model.lower, model.upper])
    result = linprog(
        -as_floats(worth) / unit,
        A_ub=left,
        b_ub=as_floats(limit) if rows.shape[0] else None,
        bounds=bounds,
        method="highs-ds",
        options=options,
    )
    if result.status == IMPOSSIBLE:
        raise NoSolutionError
    if result.status != 0 or result.x is None:
        return None
    prices = -result.ineqlin.marginals * unit if rows.shape[0] else np.zeros(0)
    bound, rest = proven(model, worth, (rows, limit), prices)
    return Relaxed(bound, result.x, rest)


def proven(
    model: Model, worth: Ints, system: tuple[sparse.csr_array, Ints], prices: Floats
) -> tuple[int, Floats]:
    """The bound that the prices prove, in exact whole numbers, and each variable's regret."""
    rows, limit = system
    whole = np.rint(np.maximum(prices, 0) * FINE).astype(np.int64)
    exact_rows = rows.astype(np.int64)
    rest = worth * FINE - exact_rows.T @ whole
    best = np.where(rest > 0, rest * model.upper, rest * model.lower)
    total = sum(best.tolist()) + sum(
        x * y for x, y in zip(whole.tolist(), limit.tolist(), strict=True) if x
    )
    return total // FINE, rest / FINE


def whole_answer(model: Model, answer: Relaxed) -> Ints | None:
    """(M,) slots of a relaxation's answer whose shares are whole, -1 for not held; else None.

    Checked against every row of the model in whole numbers.
    """
    near = np.rint(answer.shares).astype(np.int64)
    if (np.abs(answer.shares - near) > WHOLE).any():
        return None
    if (model.rows.astype(np.int64) @ near > model.limit).any():
        return None
    taken = near[: model.columns] > 0
    slot_of = np.full(model.problem.size, -1, dtype=np.int64)
    slot_of[model.meeting[taken]] = model.slot[taken]
    return slot_of


def relax_levels(model: Model, *, musts: int, short: int, seconds: float) -> Levels | None:
    """Bounds level by level; `musts` and `short` are optimistic figures known already.

    First tried with the known figures as they stand; when these cannot be met together the
    levels are found one after the other. None when time runs out.
    """
    held, lacking = model.must_costs(), model.short_costs()
    deadline = time.monotonic() + seconds
    try:
        hoped = relax(model, model.value_costs(), _rows(model, musts, short), seconds)
        return Levels(musts, short, hoped) if hoped else None
    except NoSolutionError:
        pass
    held, lacking = model.must_costs(), model.short_costs()
    first = relax(model, held, [], deadline - time.monotonic())
    if first is None:
        return None
    musts = min(musts, first.value)
    second = relax(model, -lacking, _rows(model, musts, None), deadline - time.monotonic())
    if second is None:
        return None
    short = max(short, -second.value)
    rows = _rows(model, musts, short)
    last = relax(model, model.value_costs(), rows, deadline - time.monotonic())
    return Levels(musts, short, last) if last else None


def _rows(model: Model, musts: int, short: int | None) -> list[tuple[Ints, int]]:
    rows = [(-model.must_costs(), -musts)] if musts else []
    if short is not None and len(model.short):
        rows.append((model.short_costs(), short))
    return rows


def bound_given(model: Model, *, musts: int, short: int, seconds: float) -> Relaxed | None:
    """Bound of the score when `musts` musts are held and no more than `short` lacking."""
    try:
        return relax(model, model.value_costs(), _rows(model, musts, short), seconds)
    except NoSolutionError:  # only by the linear solver's tolerances: a schedule exists
        return None
