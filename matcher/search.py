"""Free text in any language to calls: activities, meaning, words, places and sizes together.

Activities come first, by terms and by a linear model over the vectors, because they mean the same
in every language; the rest orders what they leave equal.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from data.quantities import FoundQuantity
from data.records import Interval, ProjectCall
from data.reference.spelling import has_marks
from embeddings.encoder import Encoder
from embeddings.lexicon import load_lexicon
from embeddings.meaning import PASSAGES, ActivityModel, Vector, unit
from embeddings.text import call_text
from matcher.activities import activity_fit, weights_of
from matcher.market import FloatArray, IntArray, Market
from matcher.query import Query, Reader
from matcher.rerank import top
from matcher.search_reasons import Told, reasons
from matcher.types import Reason
from matcher.wording import WordIndex, words


@dataclass(frozen=True, slots=True)
class SearchConfig:
    """Weights of the parts of the score, each part in 0..1 (chosen on data/evaluation, see docs).

    ``few``: how many calls' worth the shipped middle of passages counts in that of the market.
    """

    activity: float = 0.85
    meaning: float = 1.0
    closeness: float = 0.4
    words: float = 0.3
    place: float = 0.2
    size: float = 0.05
    unwanted: float = 0.5
    few: float = 20.0


@dataclass(frozen=True, slots=True)
class Hit:
    """One call found: its row, its score and why."""

    call: int
    score: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class TextSearch:
    """Search over the calls of a market; what does not depend on the query is made once."""

    market: Market
    model: ActivityModel | None = None
    config: SearchConfig = field(default_factory=SearchConfig)

    def __call__(self, text: str, *, calls: IntArray, n: int, encoder: Encoder) -> list[Hit]:
        """The ``n`` best of the given call rows for ``text``, best first."""
        query = self.reader(text, encoder=encoder)
        parts = self.parts(query, calls)
        scores: FloatArray = np.sum(np.stack(list(parts.values())), axis=0, dtype=np.float32)
        ids = [self.market.calls[int(call)].call_id for call in calls]
        hits = []
        for place in top(scores, ids, n=n):
            row = int(calls[place])
            shares = {code: float(values[place]) for code, values in parts.items()}
            told = Told(query, self.market.calls[row], self.market.tags.calls[row], shares)
            hits.append(Hit(row, round(float(scores[place]), 4), reasons(told)))
        return hits

    @cached_property
    def reader(self) -> Reader:
        return Reader(self.model)

    def parts(self, query: Query, calls: IntArray) -> dict[str, FloatArray]:
        """Weighted parts of the score by the code of their reason, each (n_calls,)."""
        config = self.config
        parts = {
            "activity_match": config.activity * self._coverage**2 * self._activity(query)[calls],
            "meaning_match": self._meaning(query, calls),
            "words_match": config.words * self._index.scores(query.words)[calls],
            "province_named": config.place * self._place(query, calls),
            "size_fit": config.size * self._size(query, calls),
        }
        if query.tags.unwanted:
            parts["not_wanted"] = -config.unwanted * self._unwanted(query)[calls]
        return parts

    # the calls' side

    @cached_property
    def _offered(self) -> FloatArray:
        """(n_calls, n_activities) by terms and by hand; by meaning where there are none such."""
        proven = weights_of(self.market.tags.calls, meant=False)
        bare = ~proven.any(axis=1)
        proven[bare] = weights_of(self.market.tags.calls)[bare]
        return proven

    @cached_property
    def _coverage(self) -> float:
        """Share of calls that name an activity: where few do, to name none says little."""
        proven = weights_of(self.market.tags.calls, meant=False).any(axis=1)
        return float(np.mean(proven)) if np.size(proven) else 0.0

    @cached_property
    def _centred(self) -> FloatArray:
        """(n_calls, dim) without what all calls have in common."""
        vectors = self.market.vectors.calls
        there = vectors.any(axis=1)
        middle = vectors[there].sum(axis=0)
        weight = float(there.sum())
        if self.model is not None:
            middle = middle + self.config.few * self.model.means[PASSAGES]
            weight += self.config.few
        out = unit(vectors - middle / max(weight, 1.0))
        out[~there] = 0.0
        return out

    @cached_property
    def _meant(self) -> FloatArray:
        """(n_calls, n_activities) by meaning, rows of length 1."""
        assert self.model is not None  # noqa: S101 -- asked only with a model
        return unit(np.clip(self.model.scores(self._centred), 0.0, None))

    @cached_property
    def _index(self) -> WordIndex:
        return WordIndex([_document(call) for call in self.market.calls])

    # the parts

    def _activity(self, query: Query) -> FloatArray:
        wanted = weights_of([query.tags.wanted], meant=False)[0]
        if not wanted.any():
            wanted = weights_of([query.tags.wanted])[0]
        return activity_fit(wanted, self._offered)

    def _unwanted(self, query: Query) -> FloatArray:
        against = weights_of([query.tags.unwanted])[0]
        return np.asarray((self._offered * against).max(axis=1), dtype=np.float32)

    def _meaning(self, query: Query, calls: IntArray) -> FloatArray:
        vector = self._query_vector(query)
        near = self.config.closeness * np.clip(self._centred[calls] @ vector, 0.0, None)
        if self.model is not None:
            meant = unit(np.clip(self.model.scores(vector[None]), 0.0, None))[0]
            near = near + self.config.meaning * (self._meant[calls] @ meant)
        return np.asarray(near, dtype=np.float32)

    def _query_vector(self, query: Query) -> Vector:
        if self.model is not None:
            centred: Vector = self.model.centred(query.vector[None], query.how)[0]
            return centred
        middle = self.market.vectors.calls.mean(axis=0) if len(self.market.calls) else 0.0
        plain: Vector = unit((query.vector - middle)[None])[0]
        return plain

    def _place(self, query: Query, calls: IntArray) -> FloatArray:
        """1 in a province that is named; less where another former part of it was meant."""
        out = np.zeros(len(calls), dtype=np.float32)
        for number, row in enumerate(calls if query.places else ()):
            place = self.market.calls[int(row)].place
            for mention in query.places:
                if mention.match.code == place.code:
                    former = mention.match.old_name
                    apart = former and place.old_name and former != place.old_name
                    out[number] = max(out[number], 0.6 if apart else 1.0)
        return out

    def _size(self, query: Query, calls: IntArray) -> FloatArray:
        """How well land and capital fit what is asked; unknown counts half."""
        columns = {"land": "land", "money": "capital"}
        asked = [found for found in query.sizes if found.kind in columns]
        out = np.zeros(len(calls), dtype=np.float32)
        for number, row in enumerate(calls if asked else ()):
            call = self.market.calls[int(row)]
            known: Mapping[str, Interval] = {"land": call.land.ha, "money": call.capital.vnd}
            out[number] = np.mean([_fit(found, known[found.kind]) for found in asked])
        return out


def _document(call: ProjectCall) -> Mapping[str, float]:
    """A call's words, with Vietnamese ones for titles that are only in English."""
    place = f"{call.location} {call.place.name} {call.place.old_name}"
    found: dict[str, float] = dict(Counter(words(call_text(call)) + words(place)))
    if not has_marks(call.title):
        for word, sure in load_lexicon()(f"{call.title} {call.title_en}").items():
            found[word] = max(found.get(word, 0.0), sure)
    return found


def _fit(asked: FoundQuantity, has: Interval) -> float:
    """1 where the intervals meet, falling with the ratio between them; 0.5 if not known."""
    low = has.low if has.low is not None else has.high
    high = has.high if has.high is not None else has.low
    if not low or not high:
        return 0.5
    least, most = asked.interval.low, asked.interval.high
    if least is not None and high < least:
        return float(high / least)
    if most is not None and low > most:
        return float(most / low)
    return 1.0
