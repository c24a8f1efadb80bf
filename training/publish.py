"""Learn the ranker of a release from a market's own deals."""

from dataclasses import dataclass, field

from matcher.features import DEFAULT_FEATURES, FeatureConfig
from matcher.market import Market
from matcher.ranker import LinearRanker
from training.fit import LogitConfig, fit_head
from training.samples import Progress, SampleConfig, draw_samples

__all__ = ["PublishConfig", "Trained", "train_ranker"]


@dataclass(frozen=True, slots=True)
class PublishConfig:
    """A ranker is learned from ``least_groups`` past calls at least; ``head`` best candidates of
    each decide the weights. Investors without a deal take part, so that they are not lost."""

    least_groups: int = 40
    head: int = 150
    logit: LogitConfig = field(default_factory=lambda: LogitConfig(l2=40.0))
    samples: SampleConfig = field(default_factory=lambda: SampleConfig(newcomers=True))


@dataclass(frozen=True)
class Trained:
    """The ranker, ``None`` with too few past calls to learn from, and how many there were."""

    ranker: LinearRanker | None
    groups: int


def train_ranker(
    market: Market,
    *,
    config: PublishConfig | None = None,
    features: FeatureConfig = DEFAULT_FEATURES,
    progress: Progress | None = None,
) -> Trained:
    """Learn a linear ranker, whose contributions are exact, from deals as they looked when made.

    Args:
        market: with its vectors.
    """
    chosen = config or PublishConfig()
    groups = draw_samples(
        market, config=chosen.samples, features=features, progress=progress
    ).for_calls
    if len(groups) < chosen.least_groups:
        return Trained(None, len(groups))
    return Trained(fit_head(groups, chosen.head, chosen.logit), len(groups))
