"""Rank a market that was never seen: learn from its deals, score every open call and investor."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from matcher.features import FeatureConfig, feature_parts
from matcher.market import FloatArray, IntArray, Market
from matcher.ranker import FIRST_RANKER
from training.choosing import (
    Choice,
    ChoiceConfig,
    Member,
    Score,
    boosted,
    choose,
    head,
    logit,
    rule,
    toward,
    weighed,
)
from training.newcomers import NewcomerConfig, with_newcomers
from training.samples import Groups, SampleConfig, draw_samples, has_profile

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


_LEARNED = (
    *(logit(60.0), logit(150.0)),
    *(toward("near the house rule", FIRST_RANKER, 60.0), boosted()),
)


_STARTS = {
    "for calls, with profiles": ("house rule",),
    "for investors, with profiles": ("logit 60", "near the house rule", "house rule", "trees"),
    "without profiles": ("logit 60", "logit 150", "near the house rule"),
}
"""Where a blend starts from, by what the rolling cutoffs of all four markets bear out: the house
rule weighs profiles and wishes, and is a poor guess where investors have none."""

_ENOUGH_PROFILES = 0.1  # of the investors, for a market to count as one with profiles


@dataclass(frozen=True)
class RankingConfig:
    """The ways to rank that are tried for each side; ``beside`` are scored for comparison."""

    for_calls: tuple[Member, ...] = (*_LEARNED, head(150), *_RULES)
    for_investors: tuple[Member, ...] = (*_LEARNED, *_RULES)
    samples: SampleConfig = field(default_factory=lambda: SampleConfig(newcomers=True))
    features: FeatureConfig = field(default_factory=FeatureConfig)
    choice: ChoiceConfig = field(default_factory=ChoiceConfig)
    starts: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: dict(_STARTS))
    newcomers: NewcomerConfig = field(default_factory=NewcomerConfig)
    beside: Mapping[str, Score] = field(default_factory=dict)


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
    beside: dict[str, FloatArray] = field(default_factory=dict)


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
    one, other = _choices(market, config)
    return Learned(
        _chosen(samples.for_calls, config, one),
        choose(samples.for_investors, config.for_investors, other),
    )


def _choices(market: Market, config: RankingConfig) -> tuple[ChoiceConfig, ChoiceConfig]:
    """How to choose for calls, and for investors; a start of one's own is left alone."""
    if config.choice.start:
        return config.choice, config.choice
    if has_profile(market).mean() < _ENOUGH_PROFILES:
        bare = replace(config.choice, start=config.starts["without profiles"])
        return bare, bare
    return (
        replace(config.choice, start=config.starts["for calls, with profiles"]),
        replace(config.choice, start=config.starts["for investors, with profiles"]),
    )


def _chosen(groups: Groups, config: RankingConfig, choice: ChoiceConfig) -> Choice:
    """The blend that ranks the known best, with newcomers put in their place among them."""
    known = choose(groups.of_known, config.for_calls, choice)
    return replace(known, score=with_newcomers(groups, known.score, config.newcomers))


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
    out.beside.update({name: np.zeros(shape, np.float32) for name in config.beside})
    done = 0
    for places, part in feature_parts(market, calls=calls, before=day, config=config.features):
        out.for_calls[places] = learned.for_calls.score(part)
        out.for_investors[places] = learned.for_investors.score(part)
        for name, score in config.beside.items():
            out.beside[name][places] = score(part)
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
    """Best first. Scores are rounded before they are compared: the last bits of sums depend on
    where arrays lie in memory, and equal pairs shall stand in the order of their ids."""
    rounded = np.round(row.astype(np.float64), 5)
    order = np.argsort(-rounded, kind="stable")[:top]
    return [{key: ids[place], "score": float(rounded[place])} for place in order.tolist()]
