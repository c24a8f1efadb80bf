"""Goods offered to goods wanted, in any language: by kind of good, meaning and words in common."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from data.reference.goods import good_terms, goods
from embeddings.encoder import Encoder
from embeddings.language import LanguageDetector
from embeddings.lexicon import load_lexicon
from embeddings.meaning import PASSAGES, ActivityModel, manner, unit
from embeddings.restore import ToneRestorer
from embeddings.tagging import Tag, Tagger, TaggingConfig
from matcher.rerank import top
from matcher.wording import WordIndex, words

FloatArray = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class GoodText:
    """What is searched: an id and the texts that name the good, in Vietnamese and English."""

    offer_id: str
    text: str
    text_en: str = ""


@dataclass(frozen=True, slots=True)
class GoodsConfig:
    """Weights of the parts, and what another good of the same category is worth."""

    good: float = 1.0
    closeness: float = 0.6
    words: float = 0.4
    category: float = 0.3
    expansion: float = 0.3


@dataclass(frozen=True, slots=True)
class GoodsHit:
    """One offer found: its place, its score, the goods both speak of, and what the score is made
    of: what is known of the good, closeness in meaning, words in common."""

    offer: int
    score: float
    goods: tuple[str, ...]
    parts: tuple[float, float, float] = (0.0, 0.0, 0.0)


@dataclass(frozen=True)
class GoodsSearch:
    """Search over offers (or requests: the other way round); ``model`` knows the languages."""

    offers: Sequence[GoodText]
    vectors: FloatArray  # (n_offers, dim) as passages
    model: ActivityModel | None = None
    config: GoodsConfig = field(default_factory=GoodsConfig)

    def __call__(self, text: str, *, n: int, encoder: Encoder) -> list[GoodsHit]:
        """The ``n`` best offers for a want in any language, best first."""
        restored = self._restore(text)
        wanted = self._tagger(restored)
        vector = encoder.encode_queries([restored])[0]
        close = np.clip(self._centred @ self._query(restored, vector), 0, None)
        good = self.config.good * self._good(wanted)
        closeness = self.config.closeness * close
        common = self.config.words * self._index.scores(self._words(restored, wanted))
        scores = np.asarray(good + closeness + common, dtype=np.float32)
        names = {tag.activity_id for tag in wanted}
        return [
            GoodsHit(
                int(place),
                round(float(scores[place]), 4),
                tuple(t.activity_id for t in self._tags[place] if t.activity_id in names),
                (float(good[place]), float(closeness[place]), float(common[place])),
            )
            for place in top(scores, [offer.offer_id for offer in self.offers], n=n)
        ]

    @cached_property
    def _restore(self) -> ToneRestorer:
        return ToneRestorer()

    @cached_property
    def _detect(self) -> LanguageDetector:
        return LanguageDetector()

    @cached_property
    def _tagger(self) -> Tagger:
        return Tagger(good_terms(), config=TaggingConfig(tree=False))

    @cached_property
    def _tags(self) -> list[tuple[Tag, ...]]:
        return [(*self._tagger(one.text), *self._tagger(one.text_en)) for one in self.offers]

    @cached_property
    def _index(self) -> WordIndex:
        documents = []
        for offer in self.offers:
            found: dict[str, float] = dict(Counter(words(f"{offer.text} {offer.text_en}")))
            for word, sure in load_lexicon()(offer.text_en).items():
                found[word] = max(found.get(word, 0.0), sure)
            documents.append(found)
        return WordIndex(documents)

    @cached_property
    def _centred(self) -> FloatArray:
        if not len(self.vectors):
            return self.vectors
        middle = self.vectors.mean(axis=0)
        if self.model is not None:
            middle = (len(self.vectors) * middle + 20 * self.model.means[PASSAGES]) / (
                len(self.vectors) + 20
            )
        return unit(self.vectors - middle)

    def _query(self, text: str, vector: FloatArray) -> FloatArray:
        if self.model is None:
            return vector
        guess = self._detect.detect(text).language
        language = {"vi-toneless": "vi", "other": ""}.get(guess, str(guess))
        centred: FloatArray = self.model.centred(vector[None], manner(text, language))[0]
        return centred

    def _good(self, wanted: Sequence[Tag]) -> FloatArray:
        """1 for the good that is wanted, less for another of its category."""
        out = np.zeros(len(self.offers), dtype=np.float32)
        sure = {tag.activity_id: tag.confidence for tag in wanted}
        categories = {goods()[name].category for name in sure}
        for place, tags in enumerate(self._tags):
            same = max((sure.get(tag.activity_id, 0.0) for tag in tags), default=0.0)
            kin = any(goods()[tag.activity_id].category in categories for tag in tags)
            out[place] = max(same, self.config.category if kin else 0.0)
        return out

    def _words(self, text: str, wanted: Sequence[Tag]) -> dict[str, float]:
        weights: dict[str, float] = dict(Counter(words(text)))
        for tag in wanted:
            good = goods()[tag.activity_id]
            for word in {*words(good.name_vi), *words(good.name_en)}:
                weights.setdefault(word, self.config.expansion)
        return weights
