"""What a vector is about, whatever the language of its text: activities by a small linear model.

Texts of one language lie together in the encoder's space; their common part is taken away first.
The model is trained on the terms of the activities (`python -m training.activities`), belongs to
one encoder and is left out where another is used; a tuned encoder brings its own in its folder.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings.protocol import Encoder

Vector = NDArray[np.float32]
Matrix = NDArray[np.float32]

FILE = Path(__file__).parent / "models" / "activities.npz"
SHORT = ":short"  # after a language: the middle of its bare terms
PASSAGES = "passages"  # the middle of what is searched for
PROFILES = ""  # of several languages: the middle of all
_CLEAR = 0.04  # the score from which a text is certainly about something (median .053)
_FEW_WORDS = 5
_FEW_SIGNS = 14


@dataclass(frozen=True)
class ActivityModel:
    """Linear scores of activities over centred vectors.

    ``means`` are the middles (dim,) of each language's sentences ("vi") and bare terms
    ("vi:short") and of passages; ``weights`` are (n_classes, dim): first the activities
    of ``names``, then industry classes that help to compare but are never tags. ``projection``
    (k, dim) and ``classes`` (n_classes, k) are a second reading, by likelihood; each knows what the
    other misses, so texts are compared by both. ``temperature`` softens the likelihoods.
    """

    encoder_id: str
    names: tuple[str, ...]
    means: Mapping[str, Vector]
    weights: Matrix
    projection: Matrix | None = None
    classes: Matrix | None = None
    sharpness: float = 12.0
    temperature: float = 0.12

    @cached_property
    def middle(self) -> Vector:
        middle: Vector = np.mean(np.stack(list(self.means.values())), axis=0, dtype=np.float32)
        return middle

    def centred(self, vectors: Matrix, manner: str = "") -> Matrix:
        """Unit vectors (n, dim) without what all texts of the manner (see :func:`manner`) share."""
        return unit(vectors - self.means.get(manner, self.middle))

    def scores(self, centred: Matrix) -> Matrix:
        """(n, n_classes); towards 1 for the activity a text is about, about 0 for others."""
        return np.asarray(centred @ self.weights.T, dtype=np.float32)

    def meanings(self, centred: Matrix, *, likely: float = 0.5) -> Matrix:
        """Unit rows whose products say how much two texts mean the same, 0 to 1.

        Args:
            centred: (n, dim); a row of zeros stays one.
            likely: share of the likelihoods of the classes; the rest are the clipped scores.
        """
        linear = unit(np.clip(self.scores(centred), 0.0, None))
        if self.projection is None or self.classes is None:
            return linear
        near = unit(centred @ self.projection.T) @ self.classes.T / self.temperature
        near = np.exp(near - near.max(axis=1, keepdims=True))  # of industry classes too
        parts = [np.sqrt(1.0 - likely) * linear, np.sqrt(likely) * unit(near)]
        both = np.concatenate(parts, axis=1)
        out: Matrix = np.where(centred.any(axis=1, keepdims=True), both, 0.0).astype(np.float32)
        return out

    def likelihoods(self, centred: Matrix) -> Matrix:
        """(n, n_activities) how likely each activity is, 1 for a text's likeliest."""
        scores = self.scores(centred)[:, : len(self.names)] * self.sharpness
        if self.projection is not None and self.classes is not None:
            near = unit(centred @ self.projection.T) @ self.classes[: len(self.names)].T
            scores = near / self.temperature
        out: Matrix = np.exp(scores - scores.max(axis=1, keepdims=True)).astype(np.float32)
        return out

    def clearness(self, centred: Matrix) -> Vector:
        """(n,) 0 to 1: whether a text speaks of any activity at all."""
        best = self.scores(centred)[:, : len(self.names)].max(axis=1)
        return np.asarray(np.clip(best / _CLEAR, 0.0, 1.0), dtype=np.float32)

    def spread(self, vectors: Matrix, manner: str = "", *, n: int) -> Matrix:
        """(rows, n_activities) scores of each row's ``n`` nearest, 1 for its best, else 0."""
        scores = np.clip(self.scores(self.centred(vectors, manner))[:, : len(self.names)], 0, None)
        least = np.sort(scores, axis=1)[:, -n][:, None]
        kept = np.where(scores >= least, scores, 0.0)
        best = np.maximum(kept.max(axis=1, keepdims=True), 1e-6)
        return np.asarray(kept / best, dtype=np.float32)


def manner(text: str, language: str) -> str:
    """The key of the middle that fits a query: its language, marked if it is a bare term."""
    few = _FEW_SIGNS if language in {"ja", "zh", "ko"} else _FEW_WORDS
    size = len(text) if language in {"ja", "zh", "ko"} else len(text.split())
    return language + SHORT if size <= few else language


def unit(vectors: Matrix) -> Matrix:
    """Rows scaled to length 1; zero rows stay zero."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    out: Matrix = np.divide(vectors, length, out=np.zeros_like(vectors), where=length > 0)
    return out


def load_activity_model(encoder: Encoder, names: Sequence[str]) -> ActivityModel | None:
    """The encoder's own model, else the shipped one, if it was made with this encoder and knows
    these activities."""
    path = encoder.activity_file or FILE
    if not path.is_file():
        return None
    with np.load(path, allow_pickle=False) as file:
        if _model_of(str(file["encoder_id"])) != _model_of(encoder.id):
            return None
        known = {str(name): row for row, name in enumerate(file["names"])}
        if any(name not in known for name in names):
            return None
        wanted = set(names)
        rows = [known[name] for name in names]
        rows += [row for name, row in known.items() if name not in wanted]
        weights = _unpacked(file, "weights")[rows]
        classes = _unpacked(file, "classes")[rows] if "classes" in file else None
        projection = _unpacked(file, "projection") if "projection" in file else None
        means = {
            str(language): mean.astype(np.float32)
            for language, mean in zip(file["languages"], file["means"], strict=True)
        }
    return ActivityModel(encoder.id, tuple(names), means, weights, projection, classes)


def _unpacked(file: Mapping[str, NDArray[np.generic]], name: str) -> Matrix:
    """Rows kept as whole numbers and a scale each."""
    whole, scale = file[name].astype(np.float32), file[f"{name}_scale"].astype(np.float32)
    out: Matrix = whole * scale[:, None]
    return out


def _model_of(encoder_id: str) -> str:
    """The model of an encoder's id; how it is run changes vectors too little to matter."""
    return encoder_id.split("/", 1)[0]
