"""Move a ranker by what people decided: accepted pairs up, dismissed ones down, no further.

Each signal is a handful of preferences between pairs as they looked in the month of the decision.
The weights that make the preferences likely (Bradley and Terry 1952, on differences of features)
are sought near the ranker's own: few decisions move it little, many move it more.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from data.feedback import Pair, Signal
from matcher.features import DEFAULT_FEATURES, FEATURES, FeatureConfig, feature_block
from matcher.market import Market
from matcher.ranker import LinearRanker

__all__ = ["FeedbackConfig", "learn_from_feedback", "moved"]

Vector = NDArray[np.float64]
ORIGIN = "+feedback"


@dataclass(frozen=True, slots=True)
class FeedbackConfig:
    """``firmness`` is how many full signals weigh as much as the ranker's own weights; a signal's
    weight halves every ``half_life_days``; ``others`` investors stand for those that a pair
    accepted without a list was preferred to."""

    firmness: float = 8.0
    half_life_days: float = 730.0
    others: int = 20
    seed: int = 7


@dataclass(frozen=True, slots=True)
class _Preference:
    better: Pair
    worse: Pair
    weight: float
    month: date


def learn_from_feedback(
    market: Market,
    ranker: LinearRanker,
    signals: Sequence[Signal],
    *,
    today: date,
    config: FeedbackConfig = FeedbackConfig(),
    features: FeatureConfig = DEFAULT_FEATURES,
) -> LinearRanker:
    """Return the ranker moved by the signals; itself where they say nothing.

    Only weights that the ranker has are moved, and none changes its sign.
    Signals of pairs that the market does not hold, or dated after ``today``, are left out.

    Args:
        market: with its vectors. Features are taken as of the month of each decision, from deals
            before it.
    """
    known = [each for each in signals if each.day <= today and _is_known(market, each)]
    preferences = _preferences(market, known, today, config)
    if not preferences:
        return ranker
    names = [name for name in FEATURES if ranker.weights.get(name)]
    columns = np.array([FEATURES.index(name) for name in names], dtype=np.int64)
    apart, spread = _differences(market, preferences, ranker, columns, features)
    weight = np.array([each.weight for each in preferences])
    start = np.array([ranker.weights[name] for name in names])
    found = _fit(apart, weight, start, spread * config.firmness)
    if np.allclose(found, start, atol=1e-6):
        return ranker
    weights = {name: round(float(value), 6) for name, value in zip(names, found, strict=True)}
    return replace(ranker, weights=weights, origin=ranker.origin.removesuffix(ORIGIN) + ORIGIN)


def moved(ranker: LinearRanker, before: LinearRanker, after: LinearRanker) -> LinearRanker:
    """A ranker moved as another was: to judge how sure the moved one is on the past."""
    weights: dict[str, float] = {}
    for name, value in ranker.weights.items():
        shifted = value + after.weights.get(name, 0.0) - before.weights.get(name, 0.0)
        if shifted * value > 0:
            weights[name] = shifted
    return replace(ranker, weights=weights)


def _is_known(market: Market, signal: Signal) -> bool:
    return signal.call_id in market.call_row and signal.investor_id in market.investor_row


def _preferences(
    market: Market, signals: Sequence[Signal], today: date, config: FeedbackConfig
) -> list[_Preference]:
    of_call: Mapping[str, list[Signal]] = defaultdict(list)
    for each in signals:
        of_call[each.call_id].append(each)
    rng = np.random.default_rng(config.seed)
    found: list[_Preference] = []
    for each in signals:
        mine = (each.call_id, each.investor_id)
        against = _against(market, each, of_call[each.call_id], rng, config)
        age = (today - each.day).days
        share = abs(each.value) * 0.5 ** (age / config.half_life_days) / max(len(against), 1)
        month = each.day.replace(day=1)
        for other in against:
            pair = (mine, other) if each.value > 0 else (other, mine)
            found.append(_Preference(*pair, share, month))
    return found


def _against(
    market: Market,
    signal: Signal,
    same_call: Sequence[Signal],
    rng: np.random.Generator,
    config: FeedbackConfig,
) -> list[Pair]:
    """The pairs that a signal prefers its own to (or its own less than)."""
    found = [
        pair
        for pair in signal.beside
        if pair[0] in market.call_row and pair[1] in market.investor_row
    ]
    found += [
        (each.call_id, each.investor_id) for each in same_call if each.value * signal.value < 0
    ]
    if not found:
        taken = {each.investor_id for each in same_call}
        ids = [each.investor_id for each in market.investors if each.investor_id not in taken]
        drawn = rng.choice(len(ids), min(config.others, len(ids)), replace=False)
        found = [(signal.call_id, ids[place]) for place in np.sort(drawn).tolist()]
    return list(dict.fromkeys(found))


def _differences(
    market: Market,
    preferences: Sequence[_Preference],
    ranker: LinearRanker,
    columns: NDArray[np.int64],
    features: FeatureConfig,
) -> tuple[Vector, Vector]:
    """(n_preferences, n_columns) better less worse, and (n_columns,) the variance of features."""
    values: dict[tuple[date, Pair], Vector] = {}
    by_month: dict[date, set[Pair]] = defaultdict(set)
    for each in preferences:
        by_month[each.month] |= {each.better, each.worse}
    fallback = np.array([ranker.fallback.get(FEATURES[column], 0.0) for column in columns])
    for month, pairs in by_month.items():
        calls = sorted({market.call_row[call] for call, _ in pairs})
        investors = sorted({market.investor_row[investor] for _, investor in pairs})
        block = feature_block(
            market,
            calls=np.array(calls),
            investors=np.array(investors),
            before=month.toordinal(),
            config=features,
            wanted=ranker.needs,
        )[..., columns].astype(np.float64)
        block = np.where(np.isnan(block), fallback, block)
        row = {number: place for place, number in enumerate(calls)}
        column = {number: place for place, number in enumerate(investors)}
        for call, investor in pairs:
            place = row[market.call_row[call]], column[market.investor_row[investor]]
            values[month, (call, investor)] = block[place]
    apart = np.stack([values[p.month, p.better] - values[p.month, p.worse] for p in preferences])
    spread = np.var(np.stack(list(values.values())), axis=0)
    return apart, spread


def _fit(apart: Vector, weight: Vector, start: Vector, firmness: Vector) -> Vector:
    from scipy.optimize import minimize  # noqa: PLC0415 -- slow import

    def loss(weights: Vector) -> tuple[float, Vector]:
        margin = apart @ weights
        step = weights - start
        value = float(weight @ np.logaddexp(0.0, -margin) + 0.5 * firmness @ step**2)
        slope = -(weight / (1.0 + np.exp(np.clip(margin, -50, 50)))) @ apart + firmness * step
        return value, slope

    bounds = [
        _bounds(value, moves)
        for value, moves in zip(start.tolist(), (firmness > 1e-9).tolist(), strict=True)
    ]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds)
    return np.asarray(found.x, dtype=np.float64)


def _bounds(value: float, moves: bool) -> tuple[float | None, float | None]:
    """A weight keeps its sign; one whose feature is alike in all pairs stays as it is."""
    if not moves:
        return value, value
    return (0.0, None) if value > 0 else (None, 0.0)
