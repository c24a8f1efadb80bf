"""From features to a score, and from a score back to what each feature put into it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from matcher.errors import MatcherError
from matcher.features import FEATURES
from matcher.market import FloatArray


class Ranker(Protocol):
    """A scoring rule over the columns ``names``.

    ``score`` and ``contributions`` take (…, len(names)) arrays in which NaN means unknown. The
    contributions of a pair add up to its score less a constant that is the same for all pairs.
    """

    @property
    def names(self) -> Sequence[str]: ...

    @property
    def needs(self) -> frozenset[str]:
        """The names that its scores depend on."""
        ...

    def score(self, features: FloatArray) -> FloatArray: ...

    def contributions(self, features: FloatArray) -> FloatArray: ...

    def save(self, folder: Path) -> None: ...


@dataclass(frozen=True)
class LinearRanker:
    """A weighted sum. An unknown feature counts as its ``fallback``: by default nothing.

    ``origin`` is "learned", or "house" for the rule that ships: a new version brings its own.
    """

    weights: Mapping[str, float]
    fallback: Mapping[str, float]
    origin: str = "learned"

    FILE = "ranker.json"

    def __post_init__(self) -> None:
        unknown = sorted({*self.weights, *self.fallback} - set(FEATURES))
        if unknown:
            raise MatcherError(
                "ranker.features",
                f"The ranker weighs {', '.join(unknown)}, which this version does not compute. "
                "Make the release anew: ketnoi index.",
            )

    @property
    def names(self) -> Sequence[str]:
        return FEATURES

    @property
    def needs(self) -> frozenset[str]:
        return frozenset(name for name, weight in self.weights.items() if weight)

    def contributions(self, features: FloatArray) -> FloatArray:
        weights = np.array([self.weights.get(name, 0.0) for name in FEATURES], dtype=np.float32)
        unknown = np.array([self.fallback.get(name, 0.0) for name in FEATURES], dtype=np.float32)
        return np.where(np.isnan(features), unknown, features) * weights

    def score(self, features: FloatArray) -> FloatArray:
        total: FloatArray = self.contributions(features).sum(axis=-1)
        return total

    def save(self, folder: Path) -> None:
        body = {
            "kind": "linear",
            "origin": self.origin,
            "weights": dict(self.weights),
            "fallback": dict(self.fallback),
        }
        (folder / self.FILE).write_text(json.dumps(body, indent=1) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "LinearRanker":
        body = json.loads((folder / cls.FILE).read_text(encoding="utf-8"))
        return cls(body["weights"], body["fallback"], body.get("origin", "house"))


FIRST_RANKER = LinearRanker(
    weights={
        "best_project": 1.5,
        "neighbours": 4.0,
        "tag_match": 2.0,
        "profile": 1.0,
        "sector_history": 1.0,
        "sector_stated": 0.5,
        "province_history": 0.8,
        "region_history": 0.4,
        "province_wanted": 0.8,
        "capital_fit": 0.5,
        "land_fit": 0.2,
        "breadth": 0.3,
        "recency": 0.4,
        "programme_tie": 0.2,
    },
    fallback={},
    origin="house",
)
"""The transparent rule: who did such projects, or does such things; the rest breaks ties.

Set by judgement, the first and third weight by the rolling cutoffs 2019 to 2021 of the Vietnamese
deals (docs/quality.md).
"""
