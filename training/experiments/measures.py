"""What the kinds of experiment measure, on days of the past one after the other."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from data.errors import KetnoiError
from matcher.features import FEATURES, feature_block
from matcher.market import BoolArray, FloatArray, Market
from matcher.ranker import FIRST_RANKER
from training.baselines import BASELINES, question_of
from training.choosing import Score
from training.dataset import TemporalSplit, cutoff_day, split_at, without_deals_from
from training.evaluate import benchmark
from training.experiments.spec import Experiment
from training.fit import LogitConfig, fit_logit
from training.metrics import Floats, estimate, outcome, paired
from training.newcomers import with_newcomers
from training.publish import PublishConfig, learned_ranker
from training.ranking import RankingConfig, learn
from training.samples import Groups, Samples, draw_samples
from training.slices import truth_of_newcomers

__all__ = ["MEASURES", "Measure"]

Step = Callable[[int, int], None]
Measure = Callable[[Market, Experiment, frozenset[str], Step], Mapping[str, object]]
"""From the market, the experiment, the calls not to be judged, and a report of progress."""

_DAYS = 365.25
_L2 = 60.0


@dataclass(frozen=True)
class Look:
    """One day of the past with the features of what came after it."""

    split: TemporalSplit
    block: FloatArray  # (n_calls, n_investors, n_features), all investors

    @property
    def truths(self) -> dict[str, BoolArray]:
        """(n_calls, n_columns) what is to be found, by kind of question."""
        return {"known": self.split.relevant} | truth_of_newcomers(self.split)

    def ndcg(self, scores: FloatArray, kind: str) -> Floats:
        return self._each(scores, kind, "ndcg_10")

    def recall(self, scores: FloatArray) -> Floats:
        return self._each(scores, "known", "recall_10")

    def _each(self, scores: FloatArray, kind: str, metric: str) -> Floats:
        seen = scores[:, self.split.known] if kind == "known" else scores
        pairs = zip(seen, self.truths[kind], strict=True)
        return np.array([getattr(outcome(s, t), metric) for s, t in pairs if t.any()])


def looks(
    market: Market, experiment: Experiment, leave_out: frozenset[str], step: Step
) -> Iterator[Look]:
    """One look a cutoff, with the calls of the years after it."""
    for number, cutoff in enumerate(experiment.cutoffs):
        step(number, len(experiment.cutoffs))
        split = _split(market, experiment, cutoff, leave_out)
        block = feature_block(
            split.past,
            calls=split.calls,
            investors=np.arange(len(market.investors)),
            before=split.day,
        )
        yield Look(split, block)
    step(len(experiment.cutoffs), len(experiment.cutoffs))


def _split(
    market: Market, experiment: Experiment, cutoff: str, leave_out: frozenset[str]
) -> TemporalSplit:
    day = cutoff_day(cutoff)
    if experiment.years:
        until = day.toordinal() + round(experiment.years * _DAYS)
        market = without_deals_from(market, until)
    split = split_at(market, day, leave_out=leave_out)
    if not len(split.asked_calls):
        raise KetnoiError(
            "experiment.empty",
            f"{experiment.name}: no investor known before {cutoff} has a deal on a call that came "
            "after. Choose a cutoff within the dates of the deals.",
            f"{experiment.name}: không có nhà đầu tư nào đã biết trước {cutoff} tham gia dự án "
            "công bố sau đó. Hãy chọn mốc thời gian nằm trong khoảng ngày của dữ liệu.",
        )
    return split


def _config(experiment: Experiment) -> RankingConfig:
    config = RankingConfig()
    return replace(config, samples=replace(config.samples, seed=experiment.seed))


def of_benchmark(
    market: Market, experiment: Experiment, leave_out: frozenset[str], step: Step
) -> Mapping[str, object]:
    """Model and baselines at one day, as `ketnoi benchmark` has them."""
    (cutoff,) = experiment.cutoffs
    split = _split(market, experiment, cutoff, leave_out)
    found = benchmark(split, _config(experiment), cutoff, lambda _, done, of: step(done, of))
    return found.as_json()


def of_ways(
    market: Market, experiment: Experiment, leave_out: frozenset[str], step: Step
) -> Mapping[str, object]:
    """Rankers that may ship, for investors with and without a past deal."""
    got: dict[str, dict[str, list[Floats]]] = {}
    names = ("ndcg", "recall", "newcomers", "newcomers with a profile", "everybody")
    for look in looks(market, experiment, leave_out, step):
        kinds = list(look.truths)
        for name, score in _ways(look.split, _config(experiment)).items():
            values = score(look.block)
            found = [look.ndcg(values, kinds[0]), look.recall(values)]
            found += [look.ndcg(values, kind) for kind in kinds[1:]]
            for metric, each in zip(names, found, strict=True):
                got.setdefault(name, {}).setdefault(metric, []).append(each)
    pooled = {
        name: {metric: np.concatenate(parts) for metric, parts in metrics.items()}
        for name, metrics in got.items()
    }
    house = next(iter(pooled.values()))
    rows = [
        {
            "name": name,
            "metrics": {metric: _triple(values) for metric, values in metrics.items()},
            "gain": {m: _triple_of(paired(v, house[m])) for m, v in metrics.items()},
        }
        for name, metrics in pooled.items()
    ]
    return {"questions": {m: len(v) for m, v in house.items()}, "rows": rows}


def _ways(split: TemporalSplit, config: RankingConfig) -> dict[str, Score]:
    """The house rule first; what the others gain is measured against it."""
    samples = draw_samples(
        split.past, config=config.samples, features=config.features, horizon=len(split.calls)
    )
    groups = samples.for_calls
    near = fit_logit(groups.of_known, LogitConfig(l2=_L2, prior=FIRST_RANKER.weights))
    far = fit_logit(groups.of_known, LogitConfig(l2=_L2))
    ways: dict[str, Score] = {
        "house rule": FIRST_RANKER.score,
        "house rule, newcomers like all": replace(FIRST_RANKER, newcomers={}, base=0.0).score,
        "house rule, newcomers learned": with_newcomers(groups, FIRST_RANKER.score),
        "logit": far.score,
        "logit near the house rule": near.score,
    }
    ways["`ketnoi train ranker`"] = learned_ranker(groups, PublishConfig()).score
    ways["`ketnoi rank`"] = learn(split.past, config, horizon=len(split.calls)).for_calls.score
    return ways


def of_ablation(
    market: Market, experiment: Experiment, leave_out: frozenset[str], step: Step
) -> Mapping[str, object]:
    """The logit without some groups of features, both sides, against the logit with all."""
    sides: dict[str, dict[str, list[Floats]]] = {"for_calls": {}, "for_investors": {}}
    groups = {"nothing": (), **experiment.leave_out}
    config = _config(experiment)
    for look in looks(market, experiment, leave_out, step):
        samples = draw_samples(
            look.split.past, config=config.samples, horizon=len(look.split.calls)
        )
        for name, starts in groups.items():
            for side, values in _without(samples, look, starts).items():
                sides[side].setdefault(name, []).append(values)
    return {side: _against_first(found) for side, found in sides.items()}


def _without(samples: Samples, look: Look, starts: tuple[str, ...]) -> dict[str, Floats]:
    out = frozenset(name for name in FEATURES if name.startswith(starts)) if starts else frozenset()
    config = LogitConfig(l2=_L2, leave_out=out)
    found: dict[str, Floats] = {
        "for_calls": look.ndcg(_fit(samples.for_calls.of_known, config)(look.block), "known")
    }
    asked = look.split.asked_investors
    scores = _fit(samples.for_investors, config)(look.block)[:, look.split.known[asked]].T
    truth = look.split.relevant[:, asked].T
    pairs = zip(scores, truth, strict=True)
    found["for_investors"] = np.array([outcome(s, t).ndcg_10 for s, t in pairs])
    return found


def _fit(groups: Groups, config: LogitConfig) -> Score:
    return fit_logit(groups, config).score if len(groups) else FIRST_RANKER.score


def _against_first(found: Mapping[str, list[Floats]]) -> list[dict[str, object]]:
    pooled = {name: np.concatenate(parts) for name, parts in found.items()}
    first = next(iter(pooled.values()))
    return [
        {
            "name": name,
            "questions": len(values),
            "ndcg": _triple(values),
            "change": _triple_of(paired(values, first)),
        }
        for name, values in pooled.items()
    ]


def of_curve(
    market: Market, experiment: Experiment, leave_out: frozenset[str], step: Step
) -> Mapping[str, object]:
    """Fewer and fewer past calls to learn from: which are left is drawn by the seed."""
    got: dict[str, dict[str, list[Floats]]] = {}
    deals: dict[str, list[int]] = {}
    for number, cutoff in enumerate(experiment.cutoffs):
        step(number, len(experiment.cutoffs))
        whole = _split(market, experiment, cutoff, leave_out)
        for share in experiment.shares:
            split = _thinned(whole, share, experiment.seed)
            deals.setdefault(f"{share:g}", []).append(len(split.past.deals))
            for name, values in _of_curve(split, whole, experiment).items():
                got.setdefault(name, {}).setdefault(f"{share:g}", []).append(values)
    step(len(experiment.cutoffs), len(experiment.cutoffs))
    return {
        "deals": {share: round(float(np.mean(counts))) for share, counts in deals.items()},
        "lines": {
            name: {share: _triple(np.concatenate(parts)) for share, parts in by_share.items()}
            for name, by_share in got.items()
        },
    }


def _of_curve(
    split: TemporalSplit, whole: TemporalSplit, experiment: Experiment
) -> dict[str, Floats]:
    """nDCG@10 over the same questions and candidates, whatever was left out."""
    config = _config(experiment)
    block = feature_block(
        split.past,
        calls=whole.calls,
        investors=np.arange(len(whole.past.investors)),
        before=whole.day,
    )
    look = Look(whole, block)
    learned = learn(split.past, config, horizon=len(whole.calls)).for_calls.score
    question = question_of(replace(whole, past=split.past))
    scores = {
        "model": learned(block),
        "house rule": FIRST_RANKER.score(block),
        "dense kNN": BASELINES["dense kNN"](question),
        "popularity": BASELINES["popularity"](question),
    }
    return {name: look.ndcg(values, "known") for name, values in scores.items()}


def _thinned(split: TemporalSplit, share: float, seed: int) -> TemporalSplit:
    """The same questions with the deals of some past calls forgotten."""
    past = split.past
    called = np.unique(past.deal_call)
    kept = np.random.default_rng(seed).permutation(called)[: round(share * len(called))]
    there = np.isin(past.deal_call, kept)
    deals = tuple(deal for deal, keep in zip(past.deals, there, strict=True) if keep)
    return replace(split, past=replace(past, deals=deals, known_tags=past.tags))


def _triple(values: Floats) -> tuple[float, float, float]:
    return _triple_of(estimate(values))


def _triple_of(found: object) -> tuple[float, float, float]:
    mean, low, high = (round(float(getattr(found, end)), 4) for end in ("mean", "low", "high"))
    return mean, low, high


MEASURES: Mapping[str, Measure] = {
    "benchmark": of_benchmark,
    "ways": of_ways,
    "ablation": of_ablation,
    "curve": of_curve,
}
