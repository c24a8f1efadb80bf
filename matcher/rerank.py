"""From scores to an order: the goals of the list as a whole, and of many lists together."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matcher.market import FloatArray, IntArray

_LOOKED_AT = 400  # best of each list that can move up when others are capped


def top(scores: FloatArray, ids: Sequence[str], *, n: int) -> IntArray:
    """Positions of the ``n`` best scores, best first; equal scores in the order of the ids."""
    order = np.lexsort((np.array(ids), -scores.astype(np.float64)))
    return order[: max(n, 0)]


def capped(worth: FloatArray, *, n: int, cap: int) -> list[IntArray]:
    """``n`` columns for each row, no column in more than ``cap`` rows; the best pairs go first.

    Pairs are handed out from the best of all to the worst, so a popular column goes where it is
    worth most. Rows get fewer than ``n`` only when everybody they may have is used up.

    Args:
        worth: (n_rows, n_columns), comparable between rows; minus infinity for who must not be.

    Returns:
        for each row its columns, best first; equal worth in the order of the columns.
    """
    rows, columns = worth.shape
    looked = min(columns, max(_LOOKED_AT, 4 * n))
    best = np.argsort(-worth, axis=1, kind="stable")[:, :looked]
    value = np.take_along_axis(worth, best, axis=1)
    order = np.argsort(-value, axis=None, kind="stable")
    chosen: list[list[int]] = [[] for _ in range(rows)]
    used = np.zeros(columns, dtype=np.int64)
    open_rows = rows if n > 0 else 0
    for place in order.tolist():
        if not open_rows or not np.isfinite(value.flat[place]):
            break
        row, column = place // looked, int(best.flat[place])
        if len(chosen[row]) < n and used[column] < cap:
            chosen[row].append(column)
            used[column] += 1
            open_rows -= len(chosen[row]) == n
    return [np.array(found, dtype=np.int64) for found in chosen]


@dataclass(frozen=True, slots=True)
class Concentration:
    """How unevenly many lists put parties forward.

    ``gini`` of the number of lists each party is in (0: all alike); ``five`` most shown parties
    hold this share of all places; ``all_five`` is the share of lists with each of them in it,
    ``three_of_five`` with at least three; ``most`` is the largest number of lists of one party.
    """

    lists: int
    shown: int
    gini: float
    five: float
    three_of_five: float
    all_five: float
    most: int


def concentration(lists: Sequence[IntArray], columns: int) -> Concentration:
    """Measure lists of columns out of ``columns``."""
    places = np.concatenate([np.zeros(0, dtype=np.int64), *lists])
    count = np.bincount(places, minlength=columns)
    five = np.argsort(-count, kind="stable")[:5]
    held = np.array([int(np.isin(five, each).sum()) for each in lists], dtype=np.int64)
    return Concentration(
        lists=len(lists),
        shown=int((count > 0).sum()),
        gini=round(gini(count), 4),
        five=round(float(count[five].sum() / max(len(places), 1)), 4),
        three_of_five=_at_least(held, 3),
        all_five=_at_least(held, 5),
        most=int(count.max(initial=0)),
    )


def _at_least(held: IntArray, least: int) -> float:
    return round(float((held >= least).mean()), 4) if len(held) else 0.0


def gini(counts: IntArray) -> float:
    """Inequality: 0 when all are shown alike, near 1 when one is shown for all."""
    ordered = np.sort(counts.astype(np.float64))
    total, n = float(ordered.sum()), len(ordered)
    if total <= 0:
        return 0.0
    return float((2 * np.arange(1, n + 1) - n - 1) @ ordered / (n * total))
