"""The table of a benchmark: the model and every baseline, both sides, with intervals."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace

import numpy as np

from matcher.market import BoolArray, FloatArray
from matcher.ranker import FIRST_RANKER
from training.baselines import BASELINES, question_of
from training.dataset import TemporalSplit
from training.metrics import METRICS, Floats, estimate, outcome, paired
from training.ranking import Learned, RankingConfig, Stage, learn, score_calls
from training.slices import slices_of, truth_of_newcomers

MODEL = "model"
HOUSE_RULE = "house rule"
SIDES = ("investors for a call", "calls for an investor")
_LEAST_SLICE = 8


@dataclass(frozen=True)
class Row:
    """One way to rank on one side: each metric as (mean, low, high), and nDCG@10 of the model
    less its own."""

    side: str
    name: str
    questions: int
    metrics: Mapping[str, tuple[float, float, float]]
    model_gain: tuple[float, float, float] | None = None


@dataclass(frozen=True)
class Slice:
    """nDCG@10 of the model, of the house rule and of the best baseline on some questions."""

    side: str
    name: str
    questions: int
    model: tuple[float, float, float]
    house_rule: float
    baseline: float | None  # None: cannot rank such investors


@dataclass(frozen=True)
class Report:
    """What a benchmark found."""

    cutoff: str
    sizes: Mapping[str, int]
    rows: tuple[Row, ...]
    slices: tuple[Slice, ...] = ()
    ranker: Mapping[str, Mapping[str, object]] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        return asdict(self)


@dataclass(frozen=True)
class _Side:
    """The questions of a side: which (row, candidates) orders are judged."""

    name: str
    truth: BoolArray  # (n_questions, n_candidates)
    view: Callable[[FloatArray], FloatArray]  # (n_calls, n_investors) → the same shape as truth


def benchmark(
    split: TemporalSplit, config: RankingConfig, cutoff: str, stage: Stage | None = None
) -> Report:
    """Learn from the past of the split, and judge model and baselines on what came after."""
    chosen = replace(config, beside={HOUSE_RULE: FIRST_RANKER.score, **config.beside})
    learned = learn(split.past, chosen, horizon=len(split.calls), stage=stage)
    found = score_calls(
        split.past, learned, calls=split.calls, day=split.day, config=chosen, stage=stage
    )
    question = question_of(split)
    scores = {name: rule(question) for name, rule in BASELINES.items()}
    rows: list[Row] = []
    slices: list[Slice] = []
    for side, own in zip(_sides(split), (found.for_calls, found.for_investors), strict=True):
        got = {MODEL: own, **found.beside, **scores}
        each = {name: _each(side, values) for name, values in got.items()}
        rows += _rows(side, each)
        if len(side.truth):
            slices += _slices(side, split, each)
    slices += _of_newcomers(split, found.for_calls, found.beside[HOUSE_RULE])
    return Report(
        cutoff=cutoff,
        sizes={
            "deals learned from": len(split.past.deals),
            "open calls": len(split.calls),
            "candidates": len(split.known),
        },
        rows=tuple(rows),
        slices=tuple(slices),
        ranker=_ranker(learned),
    )


def _sides(split: TemporalSplit) -> tuple[_Side, _Side]:
    calls, investors = split.asked_calls, split.asked_investors
    return (
        _Side(SIDES[0], split.relevant[calls], lambda s: s[calls][:, split.known]),
        _Side(
            SIDES[1],
            split.relevant[:, investors].T,
            lambda s: s[:, split.known[investors]].T,
        ),
    )


def _each(side: _Side, scores: FloatArray) -> dict[str, Floats]:
    seen = side.view(scores)
    outcomes = [outcome(row, truth) for row, truth in zip(seen, side.truth, strict=True)]
    return {
        metric: np.array([getattr(one, metric) for one in outcomes], dtype=np.float64)
        for metric in METRICS
    }


def _rows(side: _Side, each: Mapping[str, Mapping[str, Floats]]) -> list[Row]:
    model = each[MODEL]["ndcg_10"]
    rows = []
    for name, found in each.items():
        metrics = {metric: _triple(values) for metric, values in found.items()}
        gain = None
        if name != MODEL:
            difference = paired(model, found["ndcg_10"])
            gain = _rounded(difference.mean, difference.low, difference.high)
        rows.append(Row(side.name, name, len(model), metrics, gain))
    return rows


def _slices(
    side: _Side, split: TemporalSplit, each: Mapping[str, Mapping[str, Floats]]
) -> list[Slice]:
    best = max(BASELINES, key=lambda name: float(each[name]["ndcg_10"].mean()))
    masks = slices_of(split) if side.name == SIDES[0] else {}
    return [
        Slice(
            side=side.name,
            name=name,
            questions=int(mask.sum()),
            model=_triple(each[MODEL]["ndcg_10"][mask]),
            house_rule=round(float(each[HOUSE_RULE]["ndcg_10"][mask].mean()), 4),
            baseline=round(float(each[best]["ndcg_10"][mask].mean()), 4),
        )
        for name, mask in masks.items()
        if int(mask.sum()) >= _LEAST_SLICE
    ]


def _of_newcomers(split: TemporalSplit, model: FloatArray, rule: FloatArray) -> list[Slice]:
    """Deals of investors that had none before, all investors being candidates."""
    out = []
    for name, truth in truth_of_newcomers(split).items():
        asked = np.flatnonzero(truth.any(axis=1))
        if len(asked) >= _LEAST_SLICE:
            own, house = (
                np.array([outcome(s, t).ndcg_10 for s, t in zip(of, truth, strict=True) if t.any()])
                for of in (model, rule)
            )
            mean = round(float(house.mean()), 4)
            out.append(Slice(SIDES[0], name, len(asked), _triple(own), mean, None))
    return out


def _ranker(learned: Learned) -> dict[str, Mapping[str, object]]:
    return {
        side: {
            "blend": {name: round(share, 3) for name, share in choice.shares.items()},
            "judged": {name: round(value, 4) for name, value in choice.judged.items()},
            "groups": choice.groups,
        }
        for side, choice in zip(SIDES, (learned.for_calls, learned.for_investors), strict=True)
    }


def _triple(values: Floats) -> tuple[float, float, float]:
    found = estimate(values)
    return _rounded(found.mean, found.low, found.high)


def _rounded(*values: float) -> tuple[float, float, float]:
    mean, low, high = (round(value, 4) for value in values)
    return mean, low, high
