"""The table of a benchmark: the model and every baseline, both sides, with intervals."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field

import numpy as np

from data.reference.spelling import has_marks
from matcher.market import BoolArray, FloatArray, IntArray, Market
from training.baselines import BASELINES, question_of
from training.dataset import TemporalSplit
from training.metrics import METRICS, Floats, estimate, outcome, paired
from training.ranking import Learned, RankingConfig, Stage, learn, score_calls

MODEL = "model"
SIDES = ("investors for a call", "calls for an investor")
_MOST_SECTORS = 6
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
    """nDCG@10 of the model and of the best baseline on some of the questions."""

    side: str
    name: str
    questions: int
    model: tuple[float, float, float]
    baseline: float | None  # None: not measured


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
    learned = learn(split.past, config, horizon=len(split.calls), stage=stage)
    found = score_calls(
        split.past, learned, calls=split.calls, day=split.day, config=config, stage=stage
    )
    question = question_of(split)
    scores = {name: rule(question) for name, rule in BASELINES.items()}
    rows: list[Row] = []
    slices: list[Slice] = []
    for side, own in zip(_sides(split), (found.for_calls, found.for_investors), strict=True):
        got = {MODEL: own, **scores}
        each = {name: _each(side, values) for name, values in got.items()}
        rows += _rows(side, each)
        best = max(BASELINES, key=lambda name, e=each: e[name]["ndcg_10"].mean())  # type: ignore[misc]
        slices += _slices(side, split, each[MODEL]["ndcg_10"], each[best]["ndcg_10"])
    slices += _cold(split, found.for_calls)
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


def _slices(side: _Side, split: TemporalSplit, model: Floats, best: Floats) -> list[Slice]:
    masks: dict[str, BoolArray] = {}
    if side.name == SIDES[0]:
        masks = _call_slices(split.past, split.calls[split.asked_calls])
        tail = side.truth & (split.count <= 2)[None, :]
        masks["taken by investors of one or two deals"] = np.asarray(tail.any(axis=1))
    out = []
    for name, mask in masks.items():
        if int(mask.sum()) >= _LEAST_SLICE:
            mean = float(best[mask].mean())
            one = Slice(side.name, name, int(mask.sum()), _triple(model[mask]), round(mean, 4))
            out.append(one)
    return out


def _call_slices(market: Market, calls: IntArray) -> dict[str, BoolArray]:
    fields = market.call_sectors[calls]
    common = np.argsort(-fields.sum(axis=0), kind="stable")[:_MOST_SECTORS]
    masks = {f"field {market.sector_names[n]}": np.asarray(fields[:, n]) for n in common.tolist()}
    marked = np.array([has_marks(market.calls[int(row)].title) for row in calls], dtype=np.bool_)
    if marked.any() and not marked.all():
        masks |= {"title in Vietnamese": marked, "title without marks": ~marked}
    known = market.call_capital[calls]
    masks |= {"capital known": ~np.isnan(known), "capital unknown": np.isnan(known)}
    return masks


def _cold(split: TemporalSplit, scores: FloatArray) -> list[Slice]:
    """Deals of investors that had none before, all investors being candidates."""
    asked = np.flatnonzero(split.strangers.any(axis=1))
    if len(asked) < _LEAST_SLICE:
        return []
    truth = split.strangers[asked]
    values = np.array([outcome(s, t).ndcg_10 for s, t in zip(scores[asked], truth, strict=True)])
    return [Slice(SIDES[0], "investors without a past deal", len(asked), _triple(values), None)]


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
