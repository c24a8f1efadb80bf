"""Other ways from scores to probabilities, judged forward in time beside the one in use."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.market import BoolArray
from training.calibrate import CalibrationConfig, judge_forward, reliability
from training.rolling import Fold

Floats = NDArray[np.float64]
Way = Callable[[Sequence[Fold], Fold], Floats]
"""From earlier folds and a later one to (n_calls, n_known) probabilities of the later one."""


@dataclass(frozen=True, slots=True)
class WayFound:
    """How a way did on the first suggestions of every later call."""

    name: str
    log_loss: float
    brier: float
    ece: float
    first_ece: float


def other_ways(folds: Sequence[Fold], config: CalibrationConfig) -> list[WayFound]:
    """The way in use first, then Platt's, isotonic regression and a plain softmax."""
    own = judge_forward(folds, config)
    found = [_judge("nested logit (in use)", own.chance.astype(np.float64), own.right, config)]
    ways: dict[str, Way] = {
        "softmax with “nobody known”": _softmax,
        "Platt (logistic of the score)": _platt,
        "isotonic regression of the score": _isotonic,
    }
    for name, way in ways.items():
        chance, right = [], []
        for later in range(config.first_folds, len(folds)):
            fold = folds[later]
            scores, taken = _known(fold)
            given = way(folds[:later], fold)
            order = np.argsort(-scores, axis=1, kind="stable")[:, : config.top]
            chance.append(np.take_along_axis(given, order, axis=1))
            right.append(np.take_along_axis(taken, order, axis=1))
        found.append(_judge(name, np.concatenate(chance), np.concatenate(right), config))
    return found


def _judge(name: str, chance: Floats, right: BoolArray, config: CalibrationConfig) -> WayFound:
    safe = np.clip(chance, 1e-5, 1 - 1e-5)
    loss = -np.where(right, np.log(safe), np.log1p(-safe)).mean()
    return WayFound(
        name=name,
        log_loss=float(loss),
        brier=float(((chance - right) ** 2).mean()),
        ece=reliability(chance.ravel().astype(np.float32), right.ravel(), config.bins)[1],
        first_ece=reliability(chance[:, 0].astype(np.float32), right[:, 0], config.bins)[1],
    )


def _known(fold: Fold) -> tuple[Floats, BoolArray]:
    return fold.scores[:, fold.known].astype(np.float64), fold.taken[:, fold.known]


def _pairs(folds: Sequence[Fold]) -> tuple[Floats, BoolArray]:
    both = [_known(fold) for fold in folds]
    return (
        np.concatenate([scores.ravel() for scores, _ in both]),
        np.concatenate([taken.ravel() for _, taken in both]),
    )


def _platt(earlier: Sequence[Fold], fold: Fold) -> Floats:
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 -- slow import

    scores, taken = _pairs(earlier)
    model: Any = LogisticRegression(C=1e6).fit(scores[:, None], taken)
    now, _ = _known(fold)
    return np.asarray(model.predict_proba(now.reshape(-1, 1))[:, 1].reshape(now.shape))


def _isotonic(earlier: Sequence[Fold], fold: Fold) -> Floats:
    from sklearn.isotonic import IsotonicRegression  # noqa: PLC0415 -- slow import

    scores, taken = _pairs(earlier)
    model: Any = IsotonicRegression(out_of_bounds="clip").fit(scores, taken.astype(np.float64))
    now, _ = _known(fold)
    return np.asarray(model.predict(now.ravel()).reshape(now.shape))


def _softmax(earlier: Sequence[Fold], fold: Fold) -> Floats:
    """exp(a·score) over all known investors and one more, whose score is learned: nobody known."""
    from scipy.optimize import minimize  # noqa: PLC0415 -- slow import

    both = [_known(each) for each in earlier]

    def loss(weights: Floats) -> float:
        lost, n = 0.0, 0
        for scores, taken in both:
            share = _with_nobody(scores, weights)
            count = taken.sum(axis=1)
            logs = (np.log(np.maximum(share, 1e-12)) * taken).sum(axis=1) / np.maximum(count, 1)
            none = np.log(np.maximum(1.0 - share.sum(axis=1), 1e-12))
            lost -= float(np.where(count > 0, logs, none).sum())
            n += len(scores)
        return lost / max(n, 1)

    found = minimize(loss, np.array([1.0, 8.0]), method="Nelder-Mead").x
    return _with_nobody(_known(fold)[0], found)


def _with_nobody(scores: Floats, weights: Floats) -> Floats:
    raised = weights[0] * scores
    top = np.maximum(raised.max(axis=1, keepdims=True), weights[1])
    exp = np.exp(raised - top)
    return np.asarray(exp / (exp.sum(axis=1, keepdims=True) + np.exp(weights[1] - top)))
