"""From scores to chances: how likely it is that an investor takes a call, and how sure that is.

The *probability* of a pair answers one question: if the project finds its investor within the next
year or two, how likely is it that this investor is among those who take it? It is learned from
calls of the past, scored as of a day before they were taken, including those that were taken by
nobody whom the records knew then. Whether a project finds an investor at all is not known.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from matcher.errors import MatcherError
from matcher.market import FloatArray
from matcher.types import Band

FILE = "calibration.json"
HOUSE = Path(__file__).with_name("house_calibration.json")
"""Of the rule that ships, learned from the sample: `make calibration` makes it again."""
VERSION = 1
BANDS = ("high", "medium", "low")
_MOST = 0.99


@dataclass(frozen=True, slots=True)
class Chances:
    """A nested logit of one direction (McFadden 1978): is the taker known, and if so, which?

    The share of an investor among all is the softmax of ``sharpness`` × score. The taker is one of
    them with the chance σ(``trust`` × log Σ exp(``sharpness`` × score) − ``offset``). ``takers``
    is how many take a call on average.
    """

    sharpness: float
    offset: float
    trust: float
    takers: float = 1.0

    def __call__(self, scores: FloatArray) -> FloatArray:
        """(…, n) scores of all candidates of a question → (…, n) probabilities.

        A score of minus infinity stands for who cannot be meant, with probability 0.
        """
        if not scores.shape[-1]:
            return np.zeros_like(scores)
        share, total = shares(self.sharpness * scores.astype(np.float64))
        someone = 1.0 / (1.0 + np.exp(self.offset - self.trust * total))
        found = np.minimum(self.takers * someone[..., None] * share, _MOST)
        return np.asarray(found, dtype=np.float32)


def shares(
    scores: np.ndarray[Any, np.dtype[np.float64]],
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """(…, n) the softmax of scores, and (…) the logarithm of the sum of their exponentials."""
    top = scores.max(axis=-1, keepdims=True)
    top = np.where(np.isfinite(top), top, 0.0)
    exp = np.exp(scores - top)
    total = np.maximum(exp.sum(axis=-1, keepdims=True), 1e-300)
    return exp / total, (np.log(total) + top)[..., 0]


@dataclass(frozen=True, slots=True)
class Abstention:
    """Nobody is suggested in earnest when no candidate has at least the probability ``least``.

    Measured on calls of the past: the ``share`` of lists that would have been refused; how often
    the first of the list, and any of its first ten, was right among the refused and the others.
    """

    least: float
    share: float = 0.0
    refused_first: float = 0.0
    refused_ten: float = 0.0
    kept_first: float = 0.0
    kept_ten: float = 0.0


@dataclass(frozen=True)
class Calibration:
    """What a release knows of its own sureness.

    ``ranker`` is the id of the rule it belongs to; ``choosing`` is the sharpness with which an
    investor chooses among the open calls, for the two-sided view. ``reliability`` are rows of
    (mean probability, share that was right, count) of suggestions of the past, made by what was
    known before each; ``ece`` is their mean gap, weighted by count, and ``first_ece`` that of the
    first of each list alone. ``learned`` tells from what.
    """

    ranker: str
    for_calls: Chances
    choosing: float
    bands: tuple[Band, ...]
    abstention: Abstention
    reliability: tuple[tuple[float, float, int], ...] = ()
    ece: float = float("nan")
    first_ece: float = float("nan")
    learned: Mapping[str, object] = field(default_factory=dict)

    def band(self, probability: float) -> str:
        """The band's name."""
        for band in self.bands:
            if probability >= band.least:
                return band.name
        return BANDS[-1]

    def metrics(self) -> dict[str, object]:
        """What was measured, for people and programs that compare releases."""
        return {
            "ece": self.ece,
            "first_ece": self.first_ece,
            "bands": {band.name: band.precision for band in self.bands},
            "abstention": asdict(self.abstention),
            **self.learned,
        }

    def save(self, path: Path) -> None:
        """Write it as JSON."""
        body = {"version": VERSION, **asdict(self)}
        path.write_text(json.dumps(body, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    @classmethod
    def bare(cls, ranker: str, for_calls: Chances, choosing: float) -> "Calibration":
        """One that knows chances alone: no bands were judged, nobody is refused."""
        bands = (Band(BANDS[-1], 0.0, 0, float("nan"), 0.0, 1.0),)
        return cls(ranker, for_calls, choosing, bands, Abstention(0.0))

    @classmethod
    def load(cls, path: Path) -> "Calibration":
        """Read it.

        Raises:
            MatcherError: ``calibration.version``: written by a version that this one cannot read.
        """
        body = json.loads(path.read_text(encoding="utf-8"))
        if body.pop("version", None) != VERSION:
            raise MatcherError(
                "calibration.version",
                f"{path.parent.name}/{path.name} is of another version. Run `ketnoi index`.",
                f"{path.parent.name}/{path.name} thuộc phiên bản khác. Hãy chạy `ketnoi index`.",
            )
        return cls(
            ranker=body["ranker"],
            for_calls=Chances(**body["for_calls"]),
            choosing=float(body["choosing"]),
            bands=tuple(Band(**band) for band in body["bands"]),
            abstention=Abstention(**body["abstention"]),
            reliability=_rows(body["reliability"]),
            ece=body["ece"],
            first_ece=body["first_ece"],
            learned=body["learned"],
        )


def house_calibration() -> Calibration:
    """The calibration that ships with the rule that ships."""
    return Calibration.load(HOUSE)


def _rows(rows: Sequence[Sequence[float]]) -> tuple[tuple[float, float, int], ...]:
    return tuple((float(mean), float(right), int(count)) for mean, right, count in rows)
