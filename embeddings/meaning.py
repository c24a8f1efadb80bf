"""What a vector is about, whatever the language of its text: activities by a small linear model.

Texts of one language lie together in the encoder's space; their common part is taken away first.
The model is trained on the terms of the activities (`python -m training.activities`), belongs to
one encoder and is left out where another is used.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]
Matrix = NDArray[np.float32]

FILE = Path(__file__).parent / "models" / "activities.npz"
SHORT = ":short"  # after a language: the middle of its bare terms
PASSAGES = "passages"  # the middle of what is searched for
PROFILES = ""  # of several languages: the middle of all
_FEW_WORDS = 5
_FEW_SIGNS = 14


@dataclass(frozen=True)
class ActivityModel:
    """Linear scores of activities over centred vectors.

    ``means`` are the middles (dim,) of each language's sentences ("vi") and bare terms
    ("vi:short") and of passages; ``weights`` are (n_classes, dim): first the activities
    of ``names``, then industry classes that help to compare but are never tags.
    """

    encoder_id: str
    names: tuple[str, ...]
    means: Mapping[str, Vector]
    weights: Matrix
    sharpness: float = 12.0

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

    def nearest(self, vector: Vector, manner: str = "", *, n: int) -> list[tuple[str, float]]:
        """The ``n`` nearest activities with their share, 1 for the best of a clear text."""
        scores = self.scores(self.centred(vector[None], manner))[0, : len(self.names)]
        best = np.argsort(-scores, kind="stable")[:n]
        share = np.exp(self.sharpness * (scores[best] - scores[best[0]]))
        clear = float(np.clip(scores[best[0]] / 0.5, 0.0, 1.0))
        return [(self.names[i], clear * float(s)) for i, s in zip(best, share, strict=True)]

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


def load_activity_model(
    encoder_id: str, names: Sequence[str], path: Path = FILE
) -> ActivityModel | None:
    """The shipped model, if it was made with this encoder and knows these activities."""
    if not path.is_file():
        return None
    with np.load(path, allow_pickle=False) as file:
        if _model_of(str(file["encoder_id"])) != _model_of(encoder_id):
            return None
        known = {str(name): row for row, name in enumerate(file["names"])}
        if any(name not in known for name in names):
            return None
        wanted = set(names)
        rows = [known[name] for name in names]
        rows += [row for name, row in known.items() if name not in wanted]
        weights = file["weights"][rows].astype(np.float32) * file["scale"][rows][:, None]
        means = {
            str(language): mean.astype(np.float32)
            for language, mean in zip(file["languages"], file["means"], strict=True)
        }
    return ActivityModel(encoder_id, tuple(names), means, weights.astype(np.float32))


def _model_of(encoder_id: str) -> str:
    """The model of an encoder's id; how it is run changes vectors too little to matter."""
    return encoder_id.split("/", 1)[0]
