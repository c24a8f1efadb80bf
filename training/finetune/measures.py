"""What an encoder is worth to the product, in figures, and whether a tuned one earns its place."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from embeddings.encoder import Encoder
from training.retrieval import Direction, RetrievalEvaluation, read_collection
from training.understanding_measures import (
    Corpus,
    Row,
    measure_goods,
    measure_profiles,
    measure_titles,
)
from training.understanding_sets import HALVES, PARTS, goods, profiles, sample_calls

OPEN = tuple(part for part in PARTS if part != "fresh")
"""Parts that may be chosen by; the fresh one says what to expect and decides nothing."""
XQUAD = Path("data") / "public" / "xquad_vi_en"
NEEDED = (
    Path("data") / "reference" / "industry_codes",
    Path("data") / "vn" / "supply_offers.csv",
    XQUAD / "qrels.tsv",
)
_DIRECTIONS = (Direction("vi", "vi"), Direction("en", "vi"))


@dataclass(frozen=True)
class Measures:
    """Means, each 0 to 1.

    ``profiles``, ``overlap``: by part and way; ``titles``: of the reporting half of codes, by way
    and language searched; ``passages``: XQuAD, R@1 by direction; ``goods``: by half and way.
    """

    profiles: Mapping[str, Mapping[str, float]]
    overlap: Mapping[str, Mapping[str, float]]
    titles: Mapping[str, float]
    passages: Mapping[str, float]
    goods: Mapping[str, Mapping[str, float]]

    @property
    def mean_profiles(self) -> float:
        """Mean precision at ten over the parts and ways."""
        return float(np.mean([list(part.values()) for part in self.profiles.values()]))

    @property
    def mean_titles(self) -> float:
        """Mean of the shares of titles that find their group first."""
        return float(np.mean(list(self.titles.values())))

    def as_json(self) -> dict[str, Any]:
        """All figures to four places."""
        rounded: dict[str, Any] = _rounded(asdict(self))
        return rounded


@dataclass(frozen=True, slots=True)
class Bar:
    """What a tuned encoder must bring: more right calls and titles, and no forgetting."""

    least_gain: float = 0.015  # of the mean precision over profiles
    most_lost: float = 0.005  # of R@1 on passages that have nothing to do with the field


@dataclass(frozen=True)
class EncoderDuel:
    """The figures of the tuned and of the untouched encoder on the same texts."""

    tuned: Measures
    base: Measures
    bar: Bar = Bar()

    @property
    def gain(self) -> float:
        """Of the mean precision over profiles."""
        return self.tuned.mean_profiles - self.base.mean_profiles

    @property
    def lost(self) -> float:
        """The largest loss of R@1 on passages; below 0 if all have gained."""
        return max(self.base.passages[way] - self.tuned.passages[way] for way in self.base.passages)

    @property
    def won(self) -> bool:
        """Whether the tuned encoder earns its place."""
        up = self.tuned.mean_titles > self.base.mean_titles
        return self.gain >= self.bar.least_gain and up and self.lost <= self.bar.most_lost


def measure(encoder: Encoder, shared: Path) -> Measures:
    """Search as the product does with this encoder, and count what is right."""
    corpus = Corpus(sample_calls(), encoder)
    asked = {part: measure_profiles(profiles(part), corpus) for part in OPEN}
    evaluation = RetrievalEvaluation(encoder, read_collection(shared / XQUAD))
    found = [evaluation(direction=direction) for direction in _DIRECTIONS]
    sold = {half: measure_goods(goods(half), shared, encoder) for half in HALVES}
    right = measure_titles(shared, encoder)
    return Measures(
        profiles={part: _means(ways, "precision") for part, ways in asked.items()},
        overlap={part: _means(ways, "overlap") for part, ways in asked.items()},
        titles=_means(right, "report found"),
        passages={one.direction: one.recall_at_1 for one in found},
        goods={half: _means(ways, "precision") for half, ways in sold.items()},
    )


def _means(rows: Mapping[str, Row], figure: str) -> dict[str, float]:
    return {name: row[figure][0] for name, row in rows.items()}


def _rounded(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _rounded(each) for name, each in value.items()}
    return round(value, 4) if isinstance(value, float) else value
