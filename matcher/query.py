"""What a free text asks for: tones restored, activities, places, sizes, and the text's vector."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from data.quantities import FoundQuantity, find_quantities
from data.reference.activities import activities
from data.reference.province_mentions import ProvinceMention, find_provinces
from data.reference.spelling import nfc
from embeddings.encoder import Encoder
from embeddings.language import LanguageDetector
from embeddings.lexicon import load_lexicon
from embeddings.meaning import ActivityModel, Vector, manner
from embeddings.restore import ToneRestorer
from embeddings.tagging import Tagger, Tags
from matcher.wording import words

_LONGEST = 4000  # characters of a query that count


@dataclass(frozen=True)
class Query:
    """A text understood.

    ``text`` is as given, ``restored`` with its tones; ``how`` is the manner of speaking that the
    activity model centres by; ``words`` are what is looked for literally, with weights.
    """

    text: str
    restored: str
    language: str
    how: str
    vector: Vector
    tags: Tags
    places: tuple[ProvinceMention, ...] = ()
    sizes: tuple[FoundQuantity, ...] = ()
    words: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Reader:
    """Understands texts; holds the tone restorer and the tagger, made when first needed."""

    model: ActivityModel | None = None
    expansion: float = 0.3
    translation: float = 0.6

    @cached_property
    def tagger(self) -> Tagger:
        return Tagger(model=self.model)

    @cached_property
    def _restore(self) -> ToneRestorer:
        return ToneRestorer()

    @cached_property
    def _detect(self) -> LanguageDetector:
        return LanguageDetector()

    def __call__(self, text: str, *, encoder: Encoder) -> Query:
        """Read a text; the encoder is asked once."""
        text = nfc(text)[:_LONGEST]
        restored = self._restore(text)
        guess = self._detect.detect(restored).language
        language = {"vi-toneless": "vi", "other": ""}.get(guess, str(guess))
        vector = encoder.encode_queries([restored])[0]
        tags = self.tagger.read(restored, vector=vector, language=language)
        return Query(
            text=text,
            restored=restored,
            language=language,
            how=manner(restored, language),
            vector=vector,
            tags=tags,
            places=tuple(find_provinces(restored)) or tuple(find_provinces(text)),
            sizes=tuple(find_quantities(text)),
            words=self._words(restored, tags, language),
        )

    def _words(self, text: str, tags: Tags, language: str) -> Mapping[str, float]:
        """The text's own words, and at less weight the names of the activities it means."""
        weights: dict[str, float] = dict(Counter(words(text)))
        for tag in tags.wanted[:6]:
            activity = activities()[tag.activity_id]
            for word in {*words(activity.name_vi), *words(activity.name_en)}:
                weights.setdefault(word, self.expansion * tag.confidence)
        for word, sure in (load_lexicon()(text) if language in {"en", ""} else {}).items():
            weights[word] = max(weights.get(word, 0.0), self.translation * sure)
        return weights
