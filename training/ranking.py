"""Rank a market that was never seen: learn from its deals, score every open call and investor."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from matcher.features import FeatureConfig, feature_parts
from matcher.market import FloatArray, IntArray, Market
from matcher.ranker import FIRST_RANKER
from training.choosing import (
    Choice,
    ChoiceConfig,
    Member,
    boosted,
    choose,
    head,
    logit,
    rule,
    weighed,
)
from training.samples import SampleConfig, draw_samples

Stage = Callable[[str, int, int], None]
"""Called with what is done, how much of it, and of how much."""


_RULES = (
    *map(
        rule,
        (
            *("breadth", "activity_medium", "activity_recent", "text_votes", "word_votes"),
            *("sector_votes", "taste_votes", "learned_text", "tag_votes", "word_sum", "text_sum"),
        ),
    ),
    weighed("nearest + popularity", best_project=1.0, breadth=0.08),
    weighed("house rule", **FIRST_RANKER.weights),
)


@dataclass(frozen=True)
class RankingConfig:
    """The ways to rank that are tried for each side."""

    for_calls: tuple[Member, ...] = (logit(20.0), logit(60.0), head(150), boosted(), *_RULES)
    for_investors: tuple[Member, ...] = (
        *(logit(20.0), logit(60.0), logit(20.0, signs=False), boosted()),
        *_RULES,
    )
    samples: SampleConfig = field(default_factory=SampleConfig)
    features: FeatureConfig = field(default_factory=FeatureConfig)
    choice: ChoiceConfig = field(
        default_factory=lambda: ChoiceConfig(
            start=("logit 20", "logit 60", "head 150", "house rule")
        )
    )


@dataclass(frozen=True)
class Learned:
    """A ranker for each side, learned from one market."""

    for_calls: Choice
    for_investors: Choice


@dataclass(frozen=True)
class Scores:
    """(n_open, n_investors) scores of both sides, comparable within a row and a column each."""

    calls: IntArray
    for_calls: FloatArray
    for_investors: FloatArray


def learn(
    market: Market, config: RankingConfig, *, horizon: int, stage: Stage | None = None
) -> Learned:
    """Choose and fit both rankers by the market's deals alone.

    Args:
        horizon: number of calls that are to be ranked.
    """

    def report(done: int, total: int) -> None:
        if stage:
            stage("learning", done, total)

    samples = draw_samples(
        market,
        config=config.samples,
        features=config.features,
        horizon=horizon or None,
        progress=report,
    )
    return Learned(
        choose(samples.for_calls, config.for_calls, config.choice),
        choose(samples.for_investors, config.for_investors, config.choice),
    )


def score_calls(
    market: Market,
    learned: Learned,
    *,
    calls: IntArray,
    day: int,
    config: RankingConfig,
    stage: Stage | None = None,
) -> Scores:
    """Score calls against all investors as of a day."""
    shape = (len(calls), len(market.investors))
    out = Scores(calls, np.zeros(shape, np.float32), np.zeros(shape, np.float32))
    done = 0
    for places, part in feature_parts(market, calls=calls, before=day, config=config.features):
        out.for_calls[places] = learned.for_calls.score(part)
        out.for_investors[places] = learned.for_investors.score(part)
        done += len(places)
        if stage:
            stage("ranking", done, len(calls))
    return out


def next_day(market: Market) -> int:
    """The ordinal day on which open calls are looked at: the last deal's day and one usual step.

    The step is the median gap between the latest days with deals: a day where dates are days, a
    year where they are years. So nothing depends on the day the command is run.
    """
    days = np.unique(market.deal_day)
    if not len(days):
        return 1
    gaps = np.diff(days[-20:])
    return int(days[-1] + max(1, int(np.median(gaps)) if len(gaps) else 1))


def lines(
    scores: Scores, market: Market, *, top: int
) -> tuple[Iterator[Mapping[str, object]], Iterator[Mapping[str, object]]]:
    """The ranked lists of both sides, as `ketnoi rank` writes them."""
    investors = [investor.investor_id for investor in market.investors]
    calls = [market.calls[int(row)].call_id for row in scores.calls]

    def of_calls() -> Iterator[Mapping[str, object]]:
        for call, row in zip(calls, scores.for_calls, strict=True):
            yield {"call_id": call, "items": _items("investor_id", investors, row, top)}

    def of_investors() -> Iterator[Mapping[str, object]]:
        for investor, row in zip(investors, scores.for_investors.T, strict=True):
            yield {"investor_id": investor, "items": _items("call_id", calls, row, top)}

    return of_calls(), of_investors()


def _items(key: str, ids: list[str], row: FloatArray, top: int) -> list[dict[str, object]]:
    order = np.argsort(-row.astype(np.float64), kind="stable")[:top]
    return [{key: ids[place], "score": round(float(row[place]), 6)} for place in order.tolist()]
