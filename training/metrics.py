"""How good an order is: nDCG@10, recall@k, MRR; bootstrap intervals and paired differences."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.market import BoolArray, FloatArray, IntArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one question's order got; each 0 to 1."""

    ndcg_10: float
    recall_10: float
    recall_50: float
    mrr: float


METRICS = ("ndcg_10", "recall_10", "recall_50", "mrr")


def outcome(scores: FloatArray, relevant: BoolArray) -> Outcome:
    """Judge one order of all candidates. Equal scores stand in the order of the ids (rows).

    Args:
        scores: (n,) higher is better.
        relevant: (n,) at least one is true.
    """
    order = np.argsort(-scores.astype(np.float64), kind="stable")
    hits = relevant[order]
    found = np.flatnonzero(hits)
    n = len(found)
    return Outcome(
        ndcg_10=_ndcg(hits, n),
        recall_10=float((found < 10).sum()) / n,
        recall_50=float((found < 50).sum()) / n,
        mrr=1.0 / float(found[0] + 1),
    )


def _ndcg(hits: BoolArray, n: int, k: int = 10) -> float:
    gains = 1.0 / np.log2(np.arange(2, k + 2))
    top = hits[:k]
    return float(gains[: len(top)][top].sum() / gains[: min(k, n)].sum())


def ndcg_of_groups(scores: FloatArray, relevant: BoolArray, starts: IntArray) -> Floats:
    """nDCG@10 of each group of rows that holds anything relevant."""
    ends = np.append(starts[1:], len(scores))
    out = []
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        truth = relevant[start:end]
        if truth.any():
            out.append(outcome(scores[start:end], truth).ndcg_10)
    return np.array(out, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean with its 95 % bootstrap interval."""

    mean: float
    low: float
    high: float


def estimate(values: Floats, *, seed: int = 7, draws: int = 2000) -> Estimate:
    """Bootstrap the mean over questions. NaN without any."""
    if not len(values):
        return Estimate(float("nan"), float("nan"), float("nan"))
    rng = np.random.default_rng(seed)
    means = np.empty(draws)
    for start in range(0, draws, 200):
        picks = rng.integers(0, len(values), size=(200, len(values)))
        means[start : start + 200] = values[picks].mean(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return Estimate(float(values.mean()), float(low), float(high))


def paired(one: Floats, other: Floats, *, seed: int = 7) -> Estimate:
    """The mean difference ``one`` − ``other`` over the same questions, with its interval."""
    return estimate(one - other, seed=seed)


def gini(counts: NDArray[np.generic]) -> float:
    """Inequality of exposure: 0 when all are shown alike, near 1 when one is shown for all."""
    ordered = np.sort(np.asarray(counts, dtype=np.float64))
    total = ordered.sum()
    if not len(ordered) or total <= 0:
        return 0.0
    n = len(ordered)
    return float((2 * np.arange(1, n + 1) - n - 1) @ ordered / (n * total))
