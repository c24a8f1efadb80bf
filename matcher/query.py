"""What a free text asks for: tones restored, activities, places, sizes, and the text's vector."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from data.quantities import FoundQuantity, find_quantities
from data.reference.activities import activities
from data.reference.province_mentions import ProvinceMention, find_provinces
from data.reference.region_mentions import RegionMention, find_regions
from data.reference.spelling import fold, nfc
from data.reference.surroundings import find_surroundings
from embeddings.encoder import Encoder
from embeddings.language import LanguageDetector
from embeddings.meaning import ActivityModel, Vector, manner
from embeddings.restore import ToneRestorer
from embeddings.tagging import Tag, Tagger, Tags, without_refused
from matcher.named_places import Gazetteer, NamedPlace, without_places
from matcher.terms_of_deal import forms_named, wants_ready_land
from matcher.wording import in_vietnamese, words

_LONGEST = 4000  # characters of a query that count
_LATEST = 5  # activities after the first; those after it count like it
# folded words that any wish may hold
_OF_ANY_WISH = frozenset(
    re.findall(
        r"\w+",
        "cac du an dau tu nha may o tai vao trong thuoc tim can muon co hoi tinh thanh pho va vung"
        " project projects investment invest factory plant in at for of the a to and"
        " opportunities looking want province city",
    )
)


@dataclass(frozen=True)
class Query:
    """A text understood.

    ``text`` is as given, ``restored`` with its tones; ``how`` is the manner of speaking that the
    activity model centres by; ``words`` are what is looked for literally, with weights. ``sites``
    are parks, districts and communes of the list searched, spans of ``restored``; ``only_place``
    if the text names a place and nothing else.
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
    regions: tuple[RegionMention, ...] = ()
    sites: tuple[NamedPlace, ...] = ()
    only_place: bool = False
    forms: frozenset[str] = frozenset()
    ready_land: bool = False
    around: Mapping[str, str] = field(default_factory=dict)  # surroundings by id, as written


@dataclass(frozen=True)
class Reader:
    """Understands texts; holds the tone restorer and the tagger, made when first needed."""

    model: ActivityModel | None = None
    expansion: float = 0.3
    translation: float = 0.9
    later: float = 0.05  # what each activity counts less than the one that is named before it

    @cached_property
    def tagger(self) -> Tagger:
        return Tagger(model=self.model)

    @cached_property
    def _restore(self) -> ToneRestorer:
        return ToneRestorer()

    @cached_property
    def _detect(self) -> LanguageDetector:
        return LanguageDetector()

    def __call__(self, text: str, *, encoder: Encoder, gazetteer: Gazetteer | None = None) -> Query:
        """Read a text; the encoder is asked once.

        Args:
            gazetteer: finds the places of the list that is searched; what they are called
                ("economic zone") is then no wish for an activity.
        """
        text = nfc(text)[:_LONGEST]
        restored = self._restore(text)
        guess = self._detect.detect(restored).language
        language = {"vi-toneless": "vi", "other": ""}.get(guess, str(guess))
        sites = tuple(gazetteer.find(restored)) if gazetteer is not None else ()
        places = tuple(find_provinces(restored)) or tuple(find_provinces(text))
        regions = tuple(find_regions(restored))
        placeless = without_places(restored, sites)
        only_place = bool(sites or places or regions) and _says_nothing(
            placeless, [*((p.start, p.end) for p in places), *((r.start, r.end) for r in regions)]
        )
        if sites and _says_nothing(placeless, ()):
            placeless = restored
        wanted = without_refused(placeless)  # an encoder and a list of words know no "no"
        vector = encoder.encode_queries([" ".join(wanted.split())])[0]
        tags = self.tagger.read(placeless, vector=vector, language=language)
        tags = replace(tags, wanted=_main_first(tags.wanted, placeless, later=self.later))
        return Query(
            text=text,
            restored=restored,
            language=language,
            how=manner(restored, language),
            vector=vector,
            tags=tags,
            places=places,
            sizes=tuple(find_quantities(text)),
            words=self._words(wanted, tags, language),
            sites=sites,
            only_place=only_place,
            regions=regions,
            forms=forms_named(restored),
            ready_land=wants_ready_land(restored),
            around=find_surroundings(wanted),
        )

    def _words(self, text: str, tags: Tags, language: str) -> Mapping[str, float]:
        """The text's own words, and at less weight the names of the activities it means."""
        weights: dict[str, float] = dict(Counter(words(text)))
        for tag in tags.wanted[:6]:
            activity = activities()[tag.activity_id]
            for word in {*words(activity.name_vi), *words(activity.name_en)}:
                weights.setdefault(word, self.expansion * tag.confidence)
        foreign = in_vietnamese(text, english=language in {"en", ""}) if language != "vi" else {}
        for word, sure in foreign.items():
            weights[word] = max(weights.get(word, 0.0), self.translation * sure)
        return weights


def _main_first(tags: Sequence[Tag], text: str, *, later: float) -> tuple[Tag, ...]:
    """The tags with those a little less sure that are named later: the main wish comes first."""
    named = sorted((text.find(tag.words[0]), tag.activity_id) for tag in tags if tag.words)
    less = {name: 1.0 - later * min(place, _LATEST) for place, (_, name) in enumerate(named)}
    weighed = [
        replace(tag, confidence=round(tag.confidence * less.get(tag.activity_id, 1.0), 3))
        for tag in tags
    ]
    return tuple(sorted(weighed, key=lambda tag: -tag.confidence))


def _says_nothing(text: str, blank: Sequence[tuple[int, int]]) -> bool:
    """Whether a text without some of its spans names nothing that is wanted."""
    signs = list(text)
    for start, end in blank:
        signs[start:end] = " " * (end - start)
    return all(word in _OF_ANY_WISH for word in re.findall(r"\w+", fold("".join(signs))))
