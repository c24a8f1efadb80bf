"""Kinds of investment activity, and the words by which texts in five languages name them.

The table `activities.csv` is edited by people: one row an activity, terms separated by "|". Terms
are found in a text as they are written: longest first, whole words in Vietnamese and English, any
place in Korean, Japanese and Chinese, which are written without reliable spaces.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from data.reference.csvtable import table
from data.reference.spelling import fold, has_marks, nfc, tone_placement

LANGUAGES = ("vi", "en", "ko", "ja", "zh")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")


@dataclass(frozen=True, slots=True)
class Activity:
    """One row of the table. `parent` is another activity's id or empty; terms by language."""

    activity_id: str
    parent: str
    sector: str
    vsic: tuple[str, ...]
    isic: tuple[str, ...]
    name_vi: str
    name_en: str
    terms: Mapping[str, tuple[str, ...]]
    related: tuple[str, ...] = ()  # activities next to it in the chain of value, of any sector


@dataclass(frozen=True, slots=True)
class TermHit:
    """A term found: whose it is, and where it stands in the text."""

    owner: str
    start: int
    end: int
    term: str
    language: str


@cache
def activities() -> dict[str, Activity]:
    """Return all activities by id, in the order of the table."""
    rows = (_activity(row) for row in table("activities.csv"))
    return {activity.activity_id: activity for activity in rows}


@cache
def activity_terms() -> "TermFinder":
    """Return the finder of activity names and terms."""
    finder = TermFinder()
    for activity in activities().values():
        names = {"vi": activity.name_vi, "en": activity.name_en}
        for language, terms in activity.terms.items():
            name = names.get(language, "")
            finder.add(activity.activity_id, language, (*terms, name) if name else terms)
    return finder


def ancestors(activity_id: str) -> Iterator[str]:
    """Yield the parents of an activity, nearest first."""
    seen = {activity_id}
    while (parent := activities()[activity_id].parent) and parent not in seen:
        yield parent
        seen.add(parent)
        activity_id = parent


class TermFinder:
    """Finds terms of many owners in a text: the longest at each place, none inside another.

    A toned Vietnamese text must carry the term's own tones ("cơ khí" is not in "có khí hậu"); a
    text without tones is compared without. Short capitals such as "AI" must be capitals.
    """

    def __init__(self) -> None:
        # first word → terms by their words; a term may belong to several owners
        self._words: dict[str, dict[tuple[str, ...], list[_Term]]] = defaultdict(dict)
        self._signs: dict[str, dict[str, list[_Term]]] = defaultdict(dict)

    def add(self, owner: str, language: str, terms: Sequence[str]) -> None:
        """Register an owner's terms in a language."""
        for written in terms:
            term = _Term(owner, language, nfc(written), _toned(written))
            if not _has_signs(written):
                words = tuple(_stem(w) for w in fold_words(written))
                if words:
                    self._words[words[0]].setdefault(words, []).append(term)
            else:
                key = _signs(written)
                if key:
                    self._signs[key[0]].setdefault(key, []).append(term)

    def __call__(self, text: str) -> list[TermHit]:
        """Return the hits in order of their place; equal spans once per owner."""
        text = nfc(text)
        found = [*self._find_words(text), *self._find_signs(text)]
        found.sort(key=lambda hit: (hit.start - hit.end, hit.start))
        taken: list[tuple[int, int]] = []
        kept: dict[tuple[str, int, int], TermHit] = {}
        for hit in found:
            span = (hit.start, hit.end)
            if span in taken or all(end <= hit.start or hit.end <= start for start, end in taken):
                kept.setdefault((hit.owner, *span), hit)
                if span not in taken:
                    taken.append(span)
        return sorted(kept.values(), key=lambda hit: (hit.start, hit.owner))

    def _find_words(self, text: str) -> Iterator[TermHit]:
        spans = [(m.start(), m.end()) for m in _WORD.finditer(text)]
        words = [fold(text[start:end]) for start, end in spans]
        stems = [_stem(word) for word in words]
        toned = has_marks(text)
        for place, stem in enumerate(stems):
            for key, terms in self._words.get(stem, {}).items():
                last = place + len(key)
                if tuple(stems[place:last]) != key:
                    continue
                start, end = spans[place][0], spans[last - 1][1]
                for term in terms:
                    if term.fits(text[start:end], toned=toned):
                        yield TermHit(term.owner, start, end, term.written, term.language)

    def _find_signs(self, text: str) -> Iterator[TermHit]:
        squeezed, places = _squeeze(text)
        for at, sign in enumerate(squeezed):
            for key, terms in self._signs.get(sign, {}).items():
                if squeezed.startswith(key, at):
                    start, end = places[at], places[at + len(key) - 1] + 1
                    for term in terms:
                        yield TermHit(term.owner, start, end, term.written, term.language)


@dataclass(frozen=True, slots=True)
class _Term:
    owner: str
    language: str
    written: str
    toned: str

    def fits(self, span: str, *, toned: bool) -> bool:
        """Whether the span is written as the term needs, beyond the folded letters."""
        if self.written.isupper() and len(self.written) <= 4 and not span.isupper():
            return False
        if not toned or not has_marks(span):
            return True
        return _toned(span) == self.toned


def fold_words(text: str) -> list[str]:
    """Words of a text, tone-folded, in order."""
    return [fold(match.group()) for match in _WORD.finditer(nfc(text))]


def _activity(row: Mapping[str, str]) -> Activity:
    def parts(name: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in row[name].split("|") if part.strip())

    return Activity(
        activity_id=row["activity_id"],
        parent=row["parent"],
        sector=row["sector"],
        vsic=parts("vsic"),
        isic=parts("isic"),
        name_vi=row["name_vi"],
        name_en=row["name_en"],
        terms={language: parts(f"terms_{language}") for language in LANGUAGES},
        related=parts("related") if "related" in row else (),
    )


def _toned(text: str) -> str:
    return " ".join(match.group() for match in _WORD.finditer(tone_placement(text).lower()))


def _stem(word: str) -> str:
    """English plurals without their ending; Vietnamese syllables never end so."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("ses", "xes", "zes", "ches", "shes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _has_signs(text: str) -> bool:
    return any(sign >= "\u1100" and _is_sign(sign) for sign in text)


def _is_sign(sign: str) -> bool:
    """A character of a script written without spaces, or of Hangul."""
    return unicodedata.name(sign, "").startswith(("CJK", "HIRAGANA", "KATAKANA", "HANGUL"))


def _signs(text: str) -> str:
    return _squeeze(text)[0]


def _squeeze(text: str) -> tuple[str, list[int]]:
    """The text in one width and case without spaces, and where each of its signs stands."""
    out: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        for part in unicodedata.normalize("NFKC", sign).lower():
            if not part.isspace() and part != "・":
                out.append(part)
                places.append(place)
    return "".join(out), places
