"""Investors without a deal, known by their profile alone, put in place among the others.

A ranker that learns from both kinds at once must weigh a profile alike for both, and the known
lose by it. So the known are ranked first, by whatever ranks them best; then a second, smaller
logit says where a newcomer with such a profile stands among them. The order of the known among
themselves stays as it was.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matcher.features import FEATURES
from matcher.market import BoolArray, FloatArray
from matcher.ranker import LinearRanker
from training.fit import fit_weights
from training.samples import Groups, known_rows

__all__ = ["NewcomerConfig", "place_newcomers", "with_newcomers"]

Score = Callable[[FloatArray], FloatArray]

_PROFILE = (
    "profile",
    "tag_match",
    "sector_stated",
    "sector_profile",
    "tag_profile",
    "province_wanted",
    "country_votes",
    "peer_votes",
    "capital_fit",
    "programme_tie",
)
_PLAIN = (
    *("profile", "tag_match", "does_activity", "sector_stated", "province_wanted"),
    *("capital_fit", "programme_tie"),
)
"""What a profile says by itself, without the votes of others: quick to compute, easy to explain."""

_COLUMNS = tuple(FEATURES.index(name) for name in _PROFILE)
_SAYS = tuple(FEATURES.index(name) for name in ("profile", "tag_match", "sector_stated"))


@dataclass(frozen=True, slots=True)
class NewcomerConfig:
    """``l2`` is the penalty on standardised weights; fewer than ``least`` past calls taken by a
    newcomer teach nothing. ``caution`` is how much lower newcomers stand than learned: in the
    records of the past there are too few of those that have a profile and never invest."""

    l2: float = 20.0
    least: int = 10
    caution: float = 0.0


@dataclass(frozen=True)
class _Placed:
    """Scores of the known as they are, of newcomers with a profile on the same scale."""

    known: Score
    weights: NDArray[np.float32]  # (n_profile,)
    base: float

    def __call__(self, features: FloatArray) -> FloatArray:
        out = self.known(features)
        newcomers = _newcomers(features)
        if newcomers.any():
            rows = np.nan_to_num(features[newcomers][:, _COLUMNS])
            out = np.array(out, dtype=np.float32)
            out[newcomers] = rows @ self.weights + np.float32(self.base)
        return out


def with_newcomers(
    groups: Groups, known: Score, config: NewcomerConfig = NewcomerConfig()
) -> Score:
    """The score with newcomers in their place among the known.

    Args:
        groups: past calls with newcomers among the candidates.
        known: a score of pairs of investors with deals; also what is returned, unchanged, where
            the past holds too few newcomers to learn from.
    """
    found = _found(groups, known, _COLUMNS, config)
    return known if found is None else _Placed(known, *found)


def place_newcomers(
    groups: Groups, ranker: LinearRanker, config: NewcomerConfig = NewcomerConfig()
) -> LinearRanker:
    """The linear ranker with weights for newcomers; itself where there are too few to learn from.

    Args:
        groups: as for :func:`with_newcomers`.
    """
    plain = replace(ranker, newcomers={}, base=0.0)
    columns = tuple(FEATURES.index(name) for name in _PLAIN)
    found = _found(groups, plain.score, columns, config)
    if found is None:
        return plain
    weights, base = found
    kept = {
        name: round(float(weight), 6)
        for name, weight in zip(_PLAIN, weights, strict=True)
        if weight > 1e-6
    }
    return replace(plain, newcomers=kept, base=round(base, 6)) if kept else plain


def _found(
    groups: Groups, known: Score, columns: tuple[int, ...], config: NewcomerConfig
) -> tuple[NDArray[np.float32], float] | None:
    """Weights of the columns and the base, on the scale of the scores of the known."""
    new = _newcomers(groups.features)
    if _calls_with(groups, new & groups.relevant) < config.least:
        return None
    old = known_rows(groups.features)
    values = [
        np.where(old, known(groups.features), 0.0)[:, None],
        np.where(new[:, None], np.nan_to_num(groups.features[:, columns]), 0.0),
        new[:, None].astype(np.float32),
    ]
    free = np.array([True, *([False] * len(columns)), True])
    found = fit_weights(groups, np.concatenate(values, axis=1), free=free, l2=config.l2)
    scale, base = float(found[0]), float(found[-1])
    if scale <= 1e-6:
        return None
    return (found[1:-1] / scale).astype(np.float32), (base - config.caution) / scale


def _calls_with(groups: Groups, rows: BoolArray) -> int:
    """How many groups hold any of the rows."""
    place = np.searchsorted(groups.starts, np.flatnonzero(rows), side="right")
    return len(np.unique(place))


def _newcomers(features: FloatArray) -> BoolArray:
    """Which rows are of investors that have a profile and no deal."""
    says = ~np.isnan(features[..., _SAYS]).all(axis=-1)
    return np.asarray(says & ~known_rows(features))
