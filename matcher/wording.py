"""Words in common: BM25 over tone-folded syllables and their pairs, across languages by words."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import log

import numpy as np
from numpy.typing import NDArray

from data.reference.glossary import translations
from data.reference.spelling import fold
from embeddings.lexicon import load_lexicon

FloatArray = NDArray[np.float32]


def words(text: str) -> list[str]:
    """Tone-folded words and pairs of neighbours ("benh", "vien", "benh vien"); signs in pairs."""
    single: list[str] = []
    for word in "".join(sign if sign.isalnum() else " " for sign in fold(text)).split():
        if word[0] >= "\u1100" and len(word) > 1:
            single += [one + other for one, other in pairwise(word)]
        else:
            single.append(word)
    return single + [f"{one} {other}" for one, other in pairwise(single)]


def in_vietnamese(text: str, *, english: bool) -> dict[str, float]:
    """Vietnamese words, as :func:`words` gives them, for a text in another language, each 0..1.

    From the glossary, which people keep, and for English also from the lexicon, which is learnt;
    where both know a word the surer counts.
    """
    found: dict[str, float] = dict(load_lexicon()(text)) if english else {}
    for phrase, sure in translations(text, "vi", toneless=not english).items():
        for word in words(phrase):
            found[word] = max(found.get(word, 0.0), sure)
    return found


class WordIndex:
    """BM25 (Robertson and Zaragoza 2009) over documents given as words.

    Args:
        documents: words of each document, each with its count (a part of one for a guess).
        k1, b: how fast repetition tires, and how much length counts.
    """

    def __init__(
        self, documents: Sequence[Mapping[str, float]], *, k1: float = 1.2, b: float = 0.5
    ) -> None:
        self.n = len(documents)
        mean = max(1.0, sum(sum(document.values()) for document in documents) / max(1, self.n))
        found: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, document in enumerate(documents):
            norm = k1 * (1 - b + b * sum(document.values()) / mean)
            for word, count in document.items():
                found[word].append((number, count * (k1 + 1) / (count + norm)))
        self._rows: dict[str, tuple[NDArray[np.int64], FloatArray]] = {}
        self.idf: dict[str, float] = {}
        for word, places in found.items():
            self.idf[word] = log(1 + (self.n - len(places) + 0.5) / (len(places) + 0.5))
            self._rows[word] = (
                np.array([number for number, _ in places], dtype=np.int64),
                np.array([weight for _, weight in places], dtype=np.float32),
            )

    def scores(self, query: Mapping[str, float]) -> FloatArray:
        """(n_documents,) the share of the query's weight that each document holds, about 0 to 1.

        Words the index lacks count half, so that a query of unknown words has no strong answer.
        """
        out = np.zeros(self.n, dtype=np.float32)
        whole = 0.0
        unseen = log(1 + (self.n + 0.5) / 0.5)
        for word, weight in query.items():
            rows = self._rows.get(word)
            whole += weight * (self.idf[word] if rows else 0.5 * unseen)
            if rows:
                out[rows[0]] += weight * self.idf[word] * rows[1]
        return out / whole if whole > 0 else out
