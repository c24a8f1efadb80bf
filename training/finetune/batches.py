"""Batches of pairs that mean the same, and which of them must not count as different."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings.packaged import PROMPTS
from training.finetune.texts import Concepts


@dataclass(frozen=True)
class Batch:
    """``left[n]`` and ``right[n]`` mean the same; ``hidden`` (n, n) is true for pairs that are
    kindred: neither the same nor counter-examples of each other."""

    left: tuple[str, ...]
    right: tuple[str, ...]
    hidden: NDArray[np.bool_]


def batches(concepts: Concepts, *, size: int, seed: int) -> Iterator[Batch]:
    """Endless batches of ``size`` different concepts, instructive counter-examples side by side.

    One side is in another language than the other, four times in five; one half of the names stand
    in sentences where there are any.
    """
    rng = random.Random(seed)  # noqa: S311 -- examples, not secrets
    while True:
        rows = _rows(concepts, min(size, len(concepts.keys)), rng)
        pairs = [_pair(concepts, row, rng) for row in rows]
        hidden = concepts.kin[np.ix_(rows, rows)].copy()
        np.fill_diagonal(hidden, False)
        yield Batch(tuple(one for one, _ in pairs), tuple(other for _, other in pairs), hidden)


def _rows(concepts: Concepts, size: int, rng: random.Random) -> list[int]:
    """Rows drawn evenly, each followed by one that is easily taken for it."""
    chosen: dict[int, None] = {}
    rest = list(range(len(concepts.keys)))
    rng.shuffle(rest)
    for row in rest:
        chosen.setdefault(row)
        like = np.flatnonzero(concepts.near[row])
        if len(like):
            chosen.setdefault(int(rng.choice(like.tolist())))
        if len(chosen) >= size:
            break
    return list(chosen)[:size]


def _pair(concepts: Concepts, row: int, rng: random.Random) -> tuple[str, str]:
    names = concepts.names[row]
    one = rng.choice(sorted(names))
    others = [language for language in sorted(names) if language != one]
    other = rng.choice(others) if others and rng.random() < 0.8 else one
    left, right = (_text(concepts, row, language, rng) for language in (one, other))
    side = PROMPTS["passage" if rng.random() < 0.5 else "query"]
    return PROMPTS["query"] + left, side + right


def _text(concepts: Concepts, row: int, language: str, rng: random.Random) -> str:
    known: Sequence[str] = concepts.names[row][language]
    forms = concepts.sentences.get(language, ())
    if not forms or rng.random() < 0.5:
        return rng.choice(known)
    x, y, z = (rng.choice(known) for _ in range(3))
    return rng.choice(forms).format(x=x, y=y, z=z)
