"""Learn the ranker of a release from a market's own deals, and from what people decided.

What was learned is put to use only where it beats the rule that ships, on calls of the past that
it had not seen.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np

from data.feedback import Signal
from embeddings.encoder import Encoder
from matcher.calibration import Calibration, house_calibration
from matcher.features import DEFAULT_FEATURES, FEATURES, FeatureConfig
from matcher.market import Market
from matcher.ranker import FIRST_RANKER, LinearRanker
from training.calibrate import CalibrationConfig, learn_calibration, look_back
from training.feedback import ORIGIN, learn_from_feedback, moved
from training.fit import LogitConfig, fit_head
from training.metrics import Estimate, Floats, outcome, paired
from training.newcomers import NewcomerConfig, place_newcomers
from training.rolling import Fold
from training.samples import Groups, Progress, SampleConfig, draw_samples, known_rows
from training.undated import dated_market

__all__ = [
    "Duel",
    "PublishConfig",
    "Trained",
    "calibrate",
    "duel",
    "learned_ranker",
    "train_ranker",
]

_UNDATED = ("province_wanted",)
"""Stated on an unknown day, so that the past teaches nothing of it; it keeps its usual weight."""


@dataclass(frozen=True, slots=True)
class PublishConfig:
    """A ranker is learned from ``least_groups`` past calls at least; ``head`` best candidates of
    each decide the weights. Newcomers are put in their place among the known afterwards.
    ``force`` puts it to use even where the house rule is better."""

    least_groups: int = 40
    head: int = 150
    logit: LogitConfig = field(default_factory=lambda: LogitConfig(l2=40.0))
    samples: SampleConfig = field(default_factory=lambda: SampleConfig(newcomers=True))
    newcomers: NewcomerConfig = field(default_factory=lambda: NewcomerConfig(caution=1.5))
    calibration: CalibrationConfig = field(default_factory=lambda: CalibrationConfig(folds=5))
    force: bool = False


@dataclass(frozen=True, slots=True)
class Duel:
    """Mean nDCG@10 of what was learned and of the house rule over the same ``calls`` of the past,
    every investor a candidate; each fold's ranker had learned from the deals before its day."""

    learned: float
    house: float
    gain: Estimate
    calls: int

    @property
    def won(self) -> bool:
        """Whether what was learned ranked better."""
        return self.gain.mean > 0


@dataclass(frozen=True)
class Trained:
    """The ranker to be put to use, ``None`` where the one in use stays; and of how many past calls.

    ``calibration`` is of the ranker, ``None`` where the past is too short to judge it. ``duel`` is
    ``None`` where there was nothing to learn from or no past calls to judge by. Where it is lost,
    ``learned`` is false and the ranker is the house rule, moved by feedback if there is any.
    """

    ranker: LinearRanker | None
    groups: int
    calibration: Calibration | None = None
    duel: Duel | None = None
    learned: bool = False


Fit = Callable[[Market], LinearRanker | None]


def train_ranker(
    market: Market,
    *,
    config: PublishConfig | None = None,
    features: FeatureConfig = DEFAULT_FEATURES,
    progress: Progress | None = None,
    feedback: Sequence[Signal] = (),
    in_use: LinearRanker = FIRST_RANKER,
) -> Trained:
    """Learn a linear ranker, whose contributions are exact, from deals as they looked when made.

    Args:
        market: with its vectors and without stated interests (:func:`dated_market`); its deals are
            looked at again from several days of the past.
        feedback: decisions and outcomes, which move what was learned (or the ranker ``in_use``).
    """
    chosen = config or PublishConfig()
    found = _learned(market, chosen, features, progress)
    fit = _once(lambda past: _learned(past, chosen, features, None).ranker)
    judged = duel(market, fit, chosen.calibration) if found.ranker else None
    found = replace(found, duel=judged)
    if found.ranker is None or not (chosen.force or (judged is not None and judged.won)):
        base = _unmoved(in_use) if judged is None else FIRST_RANKER
        return _not_learned(market, found, base, feedback, features)
    base = found.ranker
    ranker = _moved_by(market, base, feedback, features)

    def refit(past: Market) -> LinearRanker | None:
        then = fit(past)
        return then and moved(then, base, ranker)

    sure = learn_calibration(market, ranker, fit=refit, config=chosen.calibration)
    return replace(found, ranker=ranker, calibration=sure, learned=True)


def learned_ranker(groups: Groups, config: PublishConfig) -> LinearRanker:
    """The ranker of a market's past: the known by the head of their lists, then newcomers.

    Args:
        groups: past calls with newcomers among the candidates.
    """
    ranker = _with_wishes(fit_head(groups.of_known, config.head, config.logit), groups)
    placed = place_newcomers(groups, ranker, config.newcomers)
    if not placed.newcomers:
        return placed
    wishes = {name: placed.weights[name] for name in _UNDATED if name in placed.weights}
    return replace(placed, newcomers=wishes | dict(placed.newcomers))


def duel(market: Market, fit: Fit, config: CalibrationConfig) -> Duel | None:
    """Judge what ``fit`` learns against the house rule; ``None`` without calls to judge by."""
    ours = look_back(market, fit, config)
    days = {fold.day for fold in ours}
    theirs = look_back(market, lambda _past: FIRST_RANKER, config)
    house = _ndcg([fold for fold in theirs if fold.day in days])
    learned = _ndcg(ours)
    if not len(learned):
        return None
    mean = float(learned.mean()), float(house.mean())
    return Duel(*mean, gain=paired(learned, house), calls=len(learned))


def calibrate(market: Market, ranker: LinearRanker, encoder: Encoder) -> Calibration | None:
    """How sure a ranker is that was not learned from this market, such as the rule that ships.

    By the market's own past, in which stated interests would be hindsight; by the sample's where
    that is too short and it is the rule that ships.
    """
    found = learn_calibration(dated_market(market, encoder), ranker)
    if found is not None:
        return found
    shipped = house_calibration()
    return shipped if shipped.ranker == ranker.id else None


def _not_learned(
    market: Market,
    found: Trained,
    base: LinearRanker | None,
    feedback: Sequence[Signal],
    features: FeatureConfig,
) -> Trained:
    """Nothing to learn from, or nothing gained by it: the rule goes on, moved by feedback."""
    lost = found.duel is not None
    if base is None:
        return replace(found, ranker=None)
    ranker = _moved_by(market, base, feedback, features)
    return replace(found, ranker=ranker if lost or ranker != base else None)  # see `calibrate`


def _moved_by(
    market: Market, ranker: LinearRanker, feedback: Sequence[Signal], features: FeatureConfig
) -> LinearRanker:
    """The ranker moved by what people decided; the weights of newcomers move alike."""
    if not feedback:
        return ranker
    found = learn_from_feedback(market, ranker, feedback, today=date.today(), features=features)
    newcomers = {
        name: max(0.0, weight + found.weights.get(name, 0.0) - ranker.weights.get(name, 0.0))
        for name, weight in ranker.newcomers.items()
    }
    return ranker if found == ranker else replace(found, newcomers=newcomers)


def _unmoved(ranker: LinearRanker) -> LinearRanker | None:
    """The ranker before feedback moved it: moving it twice by the same word would be too much."""
    if not ranker.origin.endswith(ORIGIN):
        return ranker
    return FIRST_RANKER if ranker.origin == FIRST_RANKER.origin + ORIGIN else None


def _learned(
    market: Market,
    chosen: PublishConfig,
    features: FeatureConfig,
    progress: Progress | None,
) -> Trained:
    groups = draw_samples(
        market, config=chosen.samples, features=features, progress=progress
    ).for_calls
    if len(groups.of_known) < chosen.least_groups:
        return Trained(None, len(groups))
    return Trained(learned_ranker(groups, chosen), len(groups))


def _with_wishes(ranker: LinearRanker, groups: Groups) -> LinearRanker:
    """What investors wish for keeps the weight of the house rule, on the scale of this one."""
    silent = [
        name
        for name in _UNDATED
        if not np.nan_to_num(groups.features[:, FEATURES.index(name)]).any()
    ]
    rows = groups.features[known_rows(groups.features)]
    usual = float(FIRST_RANKER.score(rows).std()) if len(rows) else 0.0
    if not silent or usual <= 0:
        return ranker
    scale = float(ranker.score(rows).std()) / usual
    wishes = {name: round(FIRST_RANKER.weights[name] * scale, 6) for name in silent}
    return replace(ranker, weights={**ranker.weights, **wishes})


def _once(fit: Fit) -> Fit:
    """The same, learning from each past once: days of the past differ in their deals."""
    known: dict[int, LinearRanker | None] = {}

    def found(past: Market) -> LinearRanker | None:
        if len(past.deals) not in known:
            known[len(past.deals)] = fit(past)
        return known[len(past.deals)]

    return found


def _ndcg(folds: Sequence[Fold]) -> Floats:
    """(n_calls,) nDCG@10 of every call that somebody in the records took."""
    found = [
        outcome(scores, taken).ndcg_10
        for fold in folds
        for scores, taken in zip(fold.scores, fold.taken, strict=True)
        if taken.any()
    ]
    return np.array(found, dtype=np.float64)
