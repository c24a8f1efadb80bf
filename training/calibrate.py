"""Learn what scores are worth: chances, bands and abstention, from calls scored before their day.

Every figure that is kept was measured forward in time: the calls after a day were judged by what
calls before that day had taught.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from matcher.calibration import BANDS, Abstention, Calibration, Chances, shares
from matcher.market import BoolArray, FloatArray, Market
from matcher.ranker import LinearRanker
from matcher.types import Band
from training.rolling import Fold, RollingConfig, out_of_time_scores, rolling_cutoffs
from training.samples import first_days

__all__ = [
    "CalibrationConfig",
    "Judged",
    "Questions",
    "calls_of",
    "fit_chances",
    "fit_sharpness",
    "investors_of",
    "judge_forward",
    "learn_calibration",
    "look_back",
    "measured_bands",
    "refusals",
    "reliability",
    "wilson",
]

Floats = NDArray[np.float64]
_EVER = 50.0  # years; a look back ends where the next begins
_HALF_LIFE = 1.0  # looks back
Fit = Callable[[Market], LinearRanker | None]


@dataclass(frozen=True, slots=True)
class CalibrationConfig:
    """``folds`` days to look from, ``most_calls`` after each; nothing is learned from fewer than
    ``least_calls`` calls or ``least_hits`` taken by a known investor. The first ``first_folds``
    are only learned from. ``limits`` are the probabilities from which "high" and "medium" are said;
    below ``nobody`` there is no suitable investor. They are fixed: to choose them by what was right
    on a few hundred calls proved unstable (docs/sureness.md)."""

    folds: int = 8
    first_share: float = 0.25
    first_folds: int = 2
    most_calls: int = 250
    least_calls: int = 80
    least_hits: int = 40
    top: int = 10
    limits: tuple[float, float] = (0.18, 0.06)
    nobody: float = 0.02
    bins: int = 10
    seed: int = 7


@dataclass(frozen=True)
class Judged:
    """The first suggestions for calls of the past, with the chances given before their day.

    (n_calls, top) each, best first: the ``chance`` and whether it was ``right``.
    """

    chance: FloatArray
    right: BoolArray

    def __len__(self) -> int:
        return len(self.chance)


def look_back(
    market: Market, fit: Fit, config: CalibrationConfig = CalibrationConfig()
) -> list[Fold]:
    """Each call once, as it was scored on the last of some days before it was taken."""
    rolling = RollingConfig(folds=config.folds, first_share=config.first_share, years=_EVER)
    cutoffs = rolling_cutoffs(market, rolling)
    ends = [*cutoffs[1:], date.max][: len(cutoffs)]
    found = []
    for cutoff, end in zip(cutoffs, ends, strict=True):
        part = _window(market, cutoff, end, config)
        found += list(out_of_time_scores(part, fit, cutoffs=[cutoff], config=rolling))
    return found


def _window(market: Market, since: date, until: date, config: CalibrationConfig) -> Market:
    """The market with only the deals before ``since`` and those on the calls taken from then to
    ``until``; at most so many of these calls."""
    first = first_days(market)
    calls = np.flatnonzero((first >= since.toordinal()) & (first < until.toordinal()))
    rng = np.random.default_rng([config.seed, since.toordinal()])
    if len(calls) > config.most_calls:
        calls = rng.choice(calls, config.most_calls, replace=False)
    kept = (market.deal_day < since.toordinal()) | np.isin(market.deal_call, calls)
    deals = tuple(deal for deal, keep in zip(market.deals, kept, strict=True) if keep)
    return replace(market, deals=deals, known_tags=market.tags)


def learn_calibration(
    market: Market,
    ranker: LinearRanker,
    *,
    fit: Fit | None = None,
    config: CalibrationConfig = CalibrationConfig(),
) -> Calibration | None:
    """Calibrate a ranker on the market's own past; ``None`` where that is too short.

    Args:
        market: with its vectors and all deals.
        ranker: the rule that is to be published.
        fit: makes the rule from the deals before a day, for a rule that is learned; without it
            the rule itself is judged, which is right only for one that was not learned here.
    """
    if int((first_days(market) < np.iinfo(np.int64).max).sum()) < config.least_calls:
        return None
    folds = look_back(market, fit or (lambda _past: ranker), config)
    hits = sum(int(fold.taken[:, fold.known].any(axis=1).sum()) for fold in folds)
    if hits < config.least_hits:
        return None
    judged = judge_forward(folds, config)
    if len(judged) < config.least_calls:
        return None
    bands = measured_bands(judged, config)
    rows, ece = reliability(judged.chance.ravel(), judged.right.ravel(), config.bins)
    return Calibration(
        ranker=ranker.id,
        for_calls=fit_chances([calls_of(fold) for fold in folds]),
        choosing=fit_sharpness([investors_of(fold) for fold in folds]),
        bands=bands,
        abstention=refusals(judged, config),
        reliability=rows,
        ece=round(ece, 4),
        first_ece=round(reliability(judged.chance[:, 0], judged.right[:, 0], config.bins)[1], 4),
        learned={
            "calls": sum(len(fold.calls) for fold in folds),
            "judged_calls": len(judged),
            "taken_by_a_known_investor": hits,
            "from": date.fromordinal(folds[0].day).isoformat(),
            "days": [date.fromordinal(fold.day).isoformat() for fold in folds],
        },
    )


@dataclass(frozen=True)
class Questions:
    """(n_questions, n_candidates) scores, and which candidate it was; none of them at times."""

    scores: FloatArray
    taken: BoolArray


def calls_of(fold: Fold) -> Questions:
    """Candidates are the investors known then."""
    return Questions(fold.scores[:, fold.known], fold.taken[:, fold.known])


def investors_of(fold: Fold) -> Questions:
    """Investors known then that took any of the calls; candidates are the calls."""
    asked = fold.known & fold.taken.any(axis=0)
    return Questions(fold.scores[:, asked].T, fold.taken[:, asked].T)


def fit_chances(questions: Sequence[Questions]) -> Chances:
    """Maximum likelihood, first of the sharpness, then of whether it is anyone known.

    Folds stand in the order of time; the later ones count more, since the records grow.
    """
    from scipy.optimize import minimize  # noqa: PLC0415 -- slow import

    usable = [each for each in questions if each.scores.size]
    sharp = fit_sharpness(usable)
    age = np.repeat(np.arange(len(usable))[::-1], [len(each.scores) for each in usable])
    weight = 0.5 ** (age / _HALF_LIFE)
    weight /= weight.sum()
    total = np.concatenate([shares(sharp * q.scores.astype(np.float64))[1] for q in usable])
    taken = np.concatenate([q.taken.sum(axis=1) for q in usable])

    def loss(weights: Floats) -> float:
        signed = np.where(taken > 0, 1.0, -1.0) * (weights[0] * total - weights[1])
        return float(weight @ np.logaddexp(0.0, -signed) + 0.002 * weights[0] ** 2)

    start = np.array([0.5, 0.5 * float(total.mean())])
    bounds = [(0.0, None), (None, None)]  # more who fit never make somebody unknown likelier
    found = minimize(loss, start, method="L-BFGS-B", bounds=bounds).x
    takers = float(taken[taken > 0].mean()) if (taken > 0).any() else 1.0
    return Chances(
        sharpness=sharp,
        offset=round(float(found[1]), 4),
        trust=round(float(found[0]), 4),
        takers=round(takers, 4),
    )


def fit_sharpness(questions: Sequence[Questions]) -> float:
    """The factor of the scores that makes who took it most likely among all candidates."""
    from scipy.optimize import minimize_scalar  # noqa: PLC0415 -- slow import

    usable = [each for each in questions if each.scores.size]
    found = minimize_scalar(
        lambda log: _surprise(usable, float(np.exp(log))), bounds=(-4.0, 4.0), method="bounded"
    )
    return round(float(np.exp(found.x)), 4)


def _surprise(questions: Sequence[Questions], sharpness: float) -> float:
    """Mean negative log likelihood of who took it, of the questions where it was a candidate."""
    lost, n = 0.0, 0
    for each in questions:
        share, _ = shares(sharpness * each.scores.astype(np.float64))
        count = each.taken.sum(axis=1)
        logs = (np.log(np.maximum(share, 1e-12)) * each.taken).sum(axis=1)
        lost -= float((logs[count > 0] / count[count > 0]).sum())
        n += int((count > 0).sum())
    return lost / max(n, 1)


def judge_forward(folds: Sequence[Fold], config: CalibrationConfig) -> Judged:
    """The first suggestions of every fold after the first, by chances learned from those before."""
    chance, right = [], []
    for later in range(config.first_folds, len(folds)):
        fold = folds[later]
        known = np.flatnonzero(fold.known)
        if len(known) < config.top:
            continue
        chances = fit_chances([calls_of(each) for each in folds[:later]])
        given = chances(fold.scores[:, known])
        order = np.argsort(-fold.scores[:, known], axis=1, kind="stable")[:, : config.top]
        chance.append(np.take_along_axis(given, order, axis=1))
        right.append(np.take_along_axis(fold.taken[:, known], order, axis=1))
    if not chance:
        none = np.zeros((0, config.top), dtype=np.float32)
        return Judged(none, none > 0)
    return Judged(np.concatenate(chance), np.concatenate(right))


def reliability(
    chance: FloatArray, right: BoolArray, bins: int
) -> tuple[tuple[tuple[float, float, int], ...], float]:
    """Rows of (mean chance, share right, count) in bins of equal count; their mean gap (ECE)."""
    order = np.argsort(chance, kind="stable")
    rows = tuple(
        (round(float(chance[part].mean()), 4), round(float(right[part].mean()), 4), len(part))
        for part in np.array_split(order, bins)
        if len(part)
    )
    total = sum(count for _, _, count in rows)
    return rows, sum(abs(mean - share) * count for mean, share, count in rows) / max(total, 1)


def measured_bands(judged: Judged, config: CalibrationConfig) -> tuple[Band, ...]:
    """How often suggestions from each limit up to the one before it were right."""
    chance, right = judged.chance.ravel(), judged.right.ravel()
    out: list[Band] = []
    above = np.inf
    for name, least in zip(BANDS, (*config.limits, 0.0), strict=True):
        inside = (chance >= least) & (chance < above)
        count = int(inside.sum())
        share = float(right[inside].mean()) if count else float("nan")
        low, high = wilson(int(right[inside].sum()), count)
        out.append(Band(name, least, count, round(share, 4), low, high))
        above = least
    return tuple(out)


def wilson(hits: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927)."""
    if not n:
        return 0.0, 1.0
    share, spread = hits / n, z * z / n
    middle = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * float(np.sqrt(share * (1 - share) / n + spread / (4 * n)))
    return round(middle - half, 4), round(middle + half, 4)


def refusals(judged: Judged, config: CalibrationConfig) -> Abstention:
    """How often lists would have been refused, and who was on those and on the others."""
    least = config.nobody
    kept = np.asarray(judged.chance.max(axis=1) >= least)
    first: BoolArray = judged.right[:, 0]
    ten: BoolArray = np.asarray(judged.right.any(axis=1))

    def share(values: BoolArray) -> float:
        return round(float(values.mean()), 4) if len(values) else 0.0

    return Abstention(
        least=round(least, 4),
        share=share(~kept),
        refused_first=share(first[~kept]),
        refused_ten=share(ten[~kept]),
        kept_first=share(first[kept]),
        kept_ten=share(ten[kept]),
    )
