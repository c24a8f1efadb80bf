"""Free text in any language to calls: activities, meaning, words, places and sizes together.

Activities come first, by terms and by a linear model over the vectors, because they mean the same
in every language; the rest orders what they leave equal.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from data.records import ProjectCall
from data.reference.spelling import has_marks
from embeddings.encoder import Encoder
from embeddings.meaning import PASSAGES, ActivityModel, Vector, unit
from embeddings.tagging import TaggingConfig
from embeddings.text import call_text
from matcher.activities import activity_fit, relations, weights_of
from matcher.landscape import landscape_fit, lies_around
from matcher.market import FloatArray, IntArray, Market
from matcher.preferences import Preferences
from matcher.query import Query, Reader
from matcher.rerank import top
from matcher.search_reasons import Told, reasons
from matcher.types import Reason
from matcher.wording import WordIndex, in_vietnamese, words

_KIN = 0.7  # how near an activity must be to a refused one to be refused with it


@dataclass(frozen=True, slots=True)
class SearchConfig:
    """Weights of the parts of the score, each part in 0..1 (chosen on data/evaluation, see docs).

    ``unnamed`` and ``unnamed_words``: what closeness and words gain where no call names an
    activity; ``few``: how many calls'
    worth the shipped middle of passages counts in that of the market.
    """

    activity: float = 0.9
    meaning: float = 1.1
    closeness: float = 0.3
    unnamed: float = 0.7
    unnamed_words: float = 0.3
    words: float = 0.3
    place: float = 0.2
    only_place: float = 1.0
    size: float = 0.05
    form: float = 0.1
    around: float = 0.8
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
        query = self.read(text, encoder=encoder)
        parts = self.parts(query, calls)
        scores: FloatArray = np.sum(np.stack(list(parts.values())), axis=0, dtype=np.float32)
        ids = [self.market.calls[int(call)].call_id for call in calls]
        hits = []
        for place in top(scores, ids, n=n):
            row = int(calls[place])
            shares = {code: float(values[place]) for code, values in parts.items()}
            met = self.preferences.place(query, row)
            told = Told(query, self.market.calls[row], self.market.tags.calls[row], shares, met)
            hits.append(Hit(row, round(float(scores[place]), 4), reasons(told)))
        return hits

    @cached_property
    def reader(self) -> Reader:
        return Reader(self.model)

    @cached_property
    def preferences(self) -> Preferences:
        return Preferences(self.market.calls)

    def read(self, text: str, *, encoder: Encoder) -> Query:
        """Understand a text, with the places of this market's calls that it names."""
        return self.reader(text, encoder=encoder, gazetteer=self.preferences.gazetteer)

    def parts(self, query: Query, calls: IntArray) -> dict[str, FloatArray]:
        """Weighted parts of the score by the code of their reason, each (n_calls,)."""
        config = self.config
        fit = self._activity(query)[calls]
        parts = {
            "activity_match": config.activity * self._named * fit,
            "meaning_match": self._meaning(query, calls),
            "words_match": (config.words + config.unnamed_words * (1.0 - self._named))
            * self._index.scores(query.words)[calls],
            "place_fit": (config.only_place if query.only_place else config.place)
            * self.preferences.places(query, calls),
            "size_fit": config.size * self.preferences.sizes(query, calls),
            "form_fit": config.form * self.preferences.forms(query, calls),
            "landscape_fit": config.around * fit * landscape_fit(query.around, self._there[calls]),
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
    def _named(self) -> float:
        """Squared share of calls that name an activity: where few do, activities say little."""
        proven = weights_of(self.market.tags.calls, meant=False).any(axis=1)
        return float(np.mean(proven)) ** 2 if np.size(proven) else 0.0

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
        """What each call means, rows of length 1."""
        assert self.model is not None  # noqa: S101 -- asked only with a model
        return self.model.meanings(self._centred, likely=0.5 * self._named)

    @cached_property
    def _there(self) -> FloatArray:
        return lies_around(self.market.calls)

    @cached_property
    def _index(self) -> WordIndex:
        return WordIndex([_document(call) for call in self.market.calls])

    # the parts

    def _activity(self, query: Query) -> FloatArray:
        wanted = weights_of([query.tags.wanted], meant=False)[0]
        meant = self._named**2 * weights_of([query.tags.wanted])[0]
        if not wanted.any():  # nothing surer stands beside
            meant = np.minimum(1.0, meant / TaggingConfig().meaning)
        return activity_fit(np.maximum(wanted, meant), self._offered)

    def _unwanted(self, query: Query) -> FloatArray:
        named = weights_of([query.tags.wanted], meant=False)[0]
        against = weights_of([query.tags.unwanted])[0]
        kin = (relations()[against > 0] * (relations()[against > 0] >= _KIN)).max(axis=0)
        against = np.where(named > 0, against, kin)
        return np.asarray((self._offered * against).max(axis=1), dtype=np.float32)

    def _meaning(self, query: Query, calls: IntArray) -> FloatArray:
        vector = self._query_vector(query)
        close = self.config.closeness + self.config.unnamed * (1.0 - self._named)
        near = close * np.clip(self._centred[calls] @ vector, 0.0, None)
        if self.model is not None:
            meant = self.model.meanings(vector[None], likely=0.5 * self._named)[0]
            near = near + self.config.meaning * (self._meant[calls] @ meant)
        return np.asarray(near, dtype=np.float32)

    def _query_vector(self, query: Query) -> Vector:
        if self.model is not None:
            centred: Vector = self.model.centred(query.vector[None], query.how)[0]
            return centred
        middle = self.market.vectors.calls.mean(axis=0) if len(self.market.calls) else 0.0
        plain: Vector = unit((query.vector - middle)[None])[0]
        return plain


def _document(call: ProjectCall) -> Mapping[str, float]:
    """A call's words, with Vietnamese ones for titles that are only in English."""
    place = f"{call.location} {call.place.name} {call.place.old_name}"
    found: dict[str, float] = dict(Counter(words(call_text(call)) + words(place)))
    if not has_marks(call.title):
        title = f"{call.title} {call.title_en}"
        for word, sure in in_vietnamese(title, english=True).items():
            found[word] = max(found.get(word, 0.0), sure)
    return found
