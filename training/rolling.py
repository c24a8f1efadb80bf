"""Look back from several days of the past: what a ranker would have said, and what then happened.

Model selection and calibration use these folds; a release's own deals are never judged by a
ranker that learned from them.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from matcher.features import DEFAULT_FEATURES, FEATURES, FeatureConfig, feature_parts
from matcher.market import BoolArray, FloatArray, IntArray, Market
from matcher.ranker import Ranker
from training.dataset import without_deals_from
from training.samples import Block, first_days

__all__ = ["Fold", "RollingConfig", "out_of_time_scores", "rolling_cutoffs"]

Fit = Callable[[Market], Ranker | None]
"""From the records and the deals before a day to a ranker; ``None``: too little to learn from."""

_DAYS = 365.25


@dataclass(frozen=True, slots=True)
class RollingConfig:
    """``folds`` days, the first after ``first_share`` of the deals; the calls of ``years`` from
    each day on are judged. ``keep`` names features to be returned beside the scores."""

    folds: int = 5
    first_share: float = 0.4
    years: float = 2.0
    keep: tuple[str, ...] = ()
    features: FeatureConfig = field(default_factory=lambda: DEFAULT_FEATURES)


@dataclass(frozen=True)
class Fold:
    """Scores as of a day and the outcomes of the time after it.

    The columns are all investors of the market, in its order. Those with ``known`` had a deal
    before the day; the others can be judged by their profile alone, if they have one.
    """

    day: int  # ordinal
    until: int  # outcomes are those of deals before this day
    calls: IntArray  # (n_calls,) rows of the calls whose first deal falls in day ≤ … < until
    scores: FloatArray  # (n_calls, n_investors) as of the day
    taken: BoolArray  # (n_calls, n_investors) whether the investor took the call in that time
    known: BoolArray  # (n_investors,)
    columns: dict[str, FloatArray]  # the kept features, each (n_calls, n_investors)


def rolling_cutoffs(market: Market, config: RollingConfig = RollingConfig()) -> list[date]:
    """Days with about equally many new calls between them, oldest first; none without deals.

    Where all dates are years, the days are the first days of years.
    """
    first = np.sort(first_days(market))
    first = first[first < np.iinfo(np.int64).max]
    if not len(first):
        return []
    places = np.linspace(config.first_share, 1.0, config.folds, endpoint=False)
    days = {int(first[int(place * len(first))]) for place in places}
    return [date.fromordinal(day) for day in sorted(days) if day > int(first[0])]


def out_of_time_scores(
    market: Market,
    fit: Fit,
    *,
    cutoffs: Sequence[date] | None = None,
    config: RollingConfig = RollingConfig(),
) -> Iterator[Fold]:
    """Score the calls that came after each of several days by what was known before it.

    For a rule that learns nothing pass ``lambda past: FIRST_RANKER``; for a learned ranker
    ``lambda past: train_ranker(past).ranker``. Folds overlap where the cutoffs lie closer than
    ``config.years``: give a shorter time, or count a call once, before treating pairs as
    independent.

    Args:
        market: with its vectors and all deals.
        fit: makes the ranker of a fold from the deals before its day.
        cutoffs: the days; by default :func:`rolling_cutoffs`.

    Yields:
        one fold a day that has a ranker and at least one call to judge, oldest first.
    """
    first = first_days(market)
    for cutoff in rolling_cutoffs(market, config) if cutoffs is None else cutoffs:
        day = cutoff.toordinal()
        until = day + round(config.years * _DAYS)
        calls = np.flatnonzero((first >= day) & (first < until))
        past = without_deals_from(market, day)
        ranker = fit(past) if len(calls) else None
        if ranker is not None:
            window = Block(day, until, calls)
            yield _fold(market, past, ranker=ranker, window=window, config=config)


def _fold(
    market: Market, past: Market, *, ranker: Ranker, window: Block, config: RollingConfig
) -> Fold:
    day, until, calls = window.since, window.until, window.calls
    shape = (len(calls), len(market.investors))
    scores = np.zeros(shape, dtype=np.float32)
    columns = {name: np.full(shape, np.nan, dtype=np.float32) for name in config.keep}
    wanted = ranker.needs | set(config.keep)
    parts = feature_parts(past, calls=calls, before=day, config=config.features, wanted=wanted)
    for places, part in parts:
        scores[places] = ranker.score(part)
        for name, values in columns.items():
            values[places] = part[..., FEATURES.index(name)]
    now = (market.deal_day >= day) & (market.deal_day < until)
    truth = np.zeros((len(market.calls), len(market.investors)), dtype=np.bool_)
    truth[market.deal_call[now], market.deal_investor[now]] = True
    known = np.bincount(past.deal_investor, minlength=len(market.investors)) > 0
    return Fold(day, until, calls, scores, truth[calls], known, columns)
