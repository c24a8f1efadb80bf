"""Fit rankers to groups of candidates: a logit with few degrees of freedom, and trees."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from matcher.features import FEATURES
from matcher.market import BoolArray, FloatArray
from matcher.ranker import LinearRanker
from training.samples import Groups

_FREE = frozenset(
    {"recency", "call_capital", "demand_text", "demand_field", "demand_capital", "field_momentum"}
)
"""Features whose weight may be negative; all others speak for a pair or not at all."""

_FTOL, _GTOL = 1e-13, 1e-8
"""Far enough that rounding in the sums, which differs with where arrays lie, does not show."""


@dataclass(frozen=True, slots=True)
class LogitConfig:
    """``l2`` is the penalty on standardised weights, against as many groups as there are;
    ``half_life`` in blocks. With a ``prior``, weights are drawn to it, at the scale that fits
    best, and not to zero: with few groups the prior decides, with many the data do."""

    l2: float = 5.0
    half_life: float = 6.0
    signs: bool = True
    leave_out: frozenset[str] = field(default_factory=frozenset)
    iterations: int = 200
    prior: Mapping[str, float] = field(default_factory=dict)


def fit_logit(groups: Groups, config: LogitConfig = LogitConfig()) -> LinearRanker:
    """Weights that make the true candidates of each group likely among all of it.

    The loss is the cross-entropy between the true candidates, equal shares each, and the softmax
    of the scores over the group (McFadden 1974), plus a ridge penalty.
    """
    from scipy.optimize import minimize  # noqa: PLC0415 -- slow import

    values = np.nan_to_num(groups.features, nan=0.0)
    scale = _spread(values, groups)
    used = np.flatnonzero((scale > 1e-4) & [name not in config.leave_out for name in FEATURES])
    if not len(used):
        return LinearRanker(weights={}, fallback={})
    scaled = (values[:, used] / scale[used]).astype(np.float32)
    seen = np.unique(groups.since)
    age = len(seen) - 1 - np.searchsorted(seen, groups.since)
    weight = groups.weight * 0.5 ** (age / config.half_life)
    weight = weight / max(float(weight.sum()), 1e-9)
    penalty = config.l2 / max(len(groups), 1)
    problem = _Softmax(scaled, groups, weight.astype(np.float64), penalty)
    start = np.full(len(used), 0.05)
    if config.prior:
        rule = [config.prior.get(FEATURES[column], 0.0) * scale[column] for column in used]
        with threadpool_limits(limits=1):
            start = problem.drawn_to(np.array(rule))
    free = [FEATURES[column] in _FREE or not config.signs for column in used]
    with threadpool_limits(limits=1):  # sums in one order: the same input gives the same weights
        found = minimize(
            problem,
            start,
            jac=True,
            method="L-BFGS-B",
            bounds=[(None, None) if each else (0.0, None) for each in free],
            options={"maxiter": config.iterations, "ftol": _FTOL, "gtol": _GTOL},
        )
    weights = {
        FEATURES[column]: round(float(value / scale[column]), 6)
        for column, value in zip(used, found.x, strict=True)
        if abs(value) > 1e-6
    }
    return LinearRanker(weights=weights, fallback={})


def fit_weights(
    groups: Groups, values: FloatArray, *, free: BoolArray, l2: float
) -> NDArray[np.float64]:
    """Weights of a few columns of one's own by the conditional logit.

    Args:
        values: (n_rows, n_columns) in place of the groups' features.
        free: (n_columns,) whose weight may be negative and goes unpenalised.
    """
    from scipy.optimize import minimize  # noqa: PLC0415 -- slow import

    scale = np.maximum(values.std(axis=0), 1e-6)
    weight = (groups.weight / max(float(groups.weight.sum()), 1e-9)).astype(np.float64)
    penalty = np.where(free, 0.0, l2 / max(len(groups), 1))
    problem = _Softmax((values / scale).astype(np.float32), groups, weight, penalty)
    with threadpool_limits(limits=1):
        found = minimize(
            problem,
            np.full(values.shape[1], 0.1),
            jac=True,
            method="L-BFGS-B",
            bounds=[(None, None) if each else (0.0, None) for each in free],
            options={"ftol": _FTOL, "gtol": _GTOL},
        )
    return np.asarray(found.x / scale, dtype=np.float64)


class _Softmax:
    """Loss and gradient of the conditional logit."""

    def __init__(
        self,
        values: FloatArray,
        groups: Groups,
        weight: NDArray[np.float64],
        penalty: float | NDArray[np.float64],
    ) -> None:
        self.values = values.astype(np.float64)
        self.penalty = np.broadcast_to(np.asarray(penalty, dtype=np.float64), values.shape[1])
        self.offset = groups.offset.astype(np.float64)
        self.starts = groups.starts
        sizes = np.diff(np.append(groups.starts, len(groups.relevant)))
        self.group = np.repeat(np.arange(len(sizes)), sizes)
        self.weight = weight
        true = np.add.reduceat(groups.relevant.astype(np.float64), groups.starts)
        share = groups.relevant / np.maximum(true, 1.0)[self.group]
        self.target = share * weight[self.group]
        self.row_weight = weight[self.group]
        self.middle = np.zeros(values.shape[1])

    def drawn_to(self, rule: NDArray[np.float64]) -> NDArray[np.float64]:
        """Penalise what differs from the rule, scaled as it explains the groups best."""
        from scipy.optimize import minimize_scalar  # noqa: PLC0415 -- slow import

        penalty, self.penalty = self.penalty, np.zeros(len(rule))
        found = minimize_scalar(lambda size: self(size * rule)[0], bounds=(0.0, 20.0))
        self.penalty, self.middle = penalty, found.x * rule
        return self.middle

    def __call__(self, weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        score = self.values @ weights + self.offset
        top = np.maximum.reduceat(score, self.starts)
        exp = np.exp(score - top[self.group])
        total = np.add.reduceat(exp, self.starts)
        log_total = np.log(total) + top
        loss = float(self.weight @ log_total - self.target @ score)
        error = exp / total[self.group] * self.row_weight - self.target
        slope = error @ self.values
        apart = weights - self.middle
        loss += 0.5 * float(self.penalty @ (apart * apart))
        return loss, slope + self.penalty * apart


def _spread(values: FloatArray, groups: Groups) -> NDArray[np.float64]:
    """Standard deviation of each feature within its groups."""
    if not len(groups):
        return np.zeros(values.shape[1])
    sizes = np.diff(np.append(groups.starts, len(values))).astype(np.float64)
    mean = np.add.reduceat(values, groups.starts, axis=0) / sizes[:, None]
    group = np.repeat(np.arange(len(sizes)), sizes.astype(np.int64))
    out = np.empty(values.shape[1])
    for column in range(values.shape[1]):
        apart = values[:, column] - mean[group, column]
        out[column] = np.sqrt((np.add.reduceat(apart**2, groups.starts) / sizes).mean())
    return out


def fit_head(groups: Groups, n: int, config: LogitConfig = LogitConfig()) -> LinearRanker:
    """Fit on all candidates, then again on the ``n`` best of each group, where nDCG is decided."""
    first = fit_logit(groups, config)
    best = top_rows(groups, first.score(groups.features), n)
    return fit_logit(best, config) if len(best) else first


def top_rows(groups: Groups, scores: FloatArray, n: int) -> Groups:
    """The ``n`` best-scored rows of each group that has a true one among them."""
    sizes = np.diff(np.append(groups.starts, len(scores)))
    group = np.repeat(np.arange(len(sizes)), sizes)
    order = np.lexsort((-scores, group))
    place = np.empty(len(scores), dtype=np.int64)
    place[order] = np.arange(len(scores)) - groups.starts[group[order]]
    rows = place < n
    true = np.bincount(group[rows & groups.relevant], minlength=len(sizes))
    rows &= true[group] > 0
    kept = true > 0
    count = np.bincount(group[rows], minlength=len(sizes))[kept]
    starts = np.concatenate([[0], np.cumsum(count)[:-1]]).astype(np.int64)[: len(count)]
    return Groups(
        features=groups.features[rows],
        relevant=groups.relevant[rows],
        offset=np.zeros(int(rows.sum()), dtype=np.float32),
        starts=starts,
        since=groups.since[kept],
        until=groups.until[kept],
        weight=np.sqrt(true[kept]).astype(np.float32),
    )


@dataclass(frozen=True, slots=True)
class TreesConfig:
    """Small trees, few leaves, many examples a leaf: there is little to learn from."""

    head: int = 100
    rounds: int = 60
    leaves: int = 6
    learning_rate: float = 0.05
    least_rows: int = 60
    seed: int = 7


@dataclass(frozen=True)
class BoostedRanker:
    """A linear ranker and trees that correct it. ``text`` is LightGBM's own format."""

    linear: LinearRanker
    text: str

    def score(self, features: FloatArray) -> FloatArray:
        linear = self.linear.score(features)
        if not self.text:
            return linear
        rows = features.reshape(-1, features.shape[-1])
        flat = np.asarray(self._trees.predict(rows, num_threads=1), dtype=np.float32)
        return np.asarray(linear + flat.reshape(linear.shape), dtype=np.float32)

    @cached_property
    def _trees(self) -> Any:
        import lightgbm  # noqa: PLC0415 -- slow import

        return lightgbm.Booster(model_str=self.text)


def fit_boosted(groups: Groups, config: TreesConfig = TreesConfig()) -> BoostedRanker:
    """LambdaMART (LightGBM) on top of the logit, learned from its best candidates."""
    import lightgbm  # noqa: PLC0415 -- slow import

    linear = fit_logit(groups, LogitConfig(l2=20.0))
    best = top_rows(groups, linear.score(groups.features), config.head)
    if len(best.relevant) < 20 * config.least_rows:
        return BoostedRanker(linear, "")
    data = lightgbm.Dataset(
        best.features,
        label=best.relevant.astype(np.int32),
        group=np.diff(np.append(best.starts, len(best.relevant))),
        init_score=linear.score(best.features).astype(np.float64),
    )
    settings = {
        "objective": "lambdarank",
        "learning_rate": config.learning_rate,
        "num_leaves": config.leaves,
        "min_data_in_leaf": config.least_rows,
        "lambda_l2": 10.0,
        "feature_fraction": 0.6,
        "bagging_fraction": 0.8,
        "bagging_freq": 1,
        "lambdarank_truncation_level": 20,
        "seed": config.seed,
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": 1,
        "verbosity": -1,
    }
    booster = lightgbm.train(settings, data, num_boost_round=config.rounds)
    return BoostedRanker(linear, str(booster.model_to_string()))
