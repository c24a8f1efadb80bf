"""What titles of columns mean, by the encoder: for lists whose words no word list knows."""

from collections.abc import Callable, Sequence

import numpy as np

from data.reference.csvtable import table
from embeddings.encoder import Encoder

_LEAST = 0.87
"""Cosine to the nearest known title, below which nothing is said."""
_LEAD = 0.01
"""By which the best role must be ahead of the next."""


def column_namer(load: Callable[[], Encoder]) -> Callable[[Sequence[str]], Sequence[str]]:
    """Return a function that gives each title the role of the nearest known title, "" if unsure.

    `load` gives the encoder; it is called when the first unknown title comes.
    """

    def name(titles: Sequence[str]) -> Sequence[str]:
        known = [(row["phrase"], row["role"]) for row in table("column_names.csv")]
        encoder = load()
        vectors = encoder.encode_queries([*(phrase for phrase, _ in known), *titles])
        alike = vectors[len(known) :] @ vectors[: len(known)].T
        roles = sorted({role for _, role in known})
        return [_nearest(row, [role for _, role in known], roles) for row in alike]

    return name


def _nearest(row: np.ndarray, of: Sequence[str], roles: Sequence[str]) -> str:
    best = {role: max(v for v, r in zip(row, of, strict=True) if r == role) for role in roles}
    ranked = sorted(best, key=lambda role: -best[role])
    sure = best[ranked[0]] >= _LEAST and best[ranked[0]] - best[ranked[1]] >= _LEAD
    return ranked[0] if sure else ""
