"""Take a company's name apart: legal form, fields, places, numbers, brackets, and the core.

The core is what tells one company from another: "Công ty CP Tập đoàn FLC" and "FLC Group" both
have the core ("flc",).
"""

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache

from data.identity.sounds import is_foreign_script, romanise, spelt_letters
from data.identity.words import Meaning, common_words, lexicon, words_of
from data.reference.spelling import has_marks, nfc, tone_placement

_BRACKET = re.compile(r"[(（\[]([^()（）\[\]]*)[)）\]]?")
_SLASH = re.compile(r"\s*/\s*|\s+\+\s+|\s*;\s*")
_DASH = re.compile(r"\s+[-–—]\s+|\s*,\s+(?!ltd|inc|jsc|co\b|corp|llc|pte)|\s+và\s+|\s+and\s+", re.I)
_JOINT = re.compile(r"\s+[-–—]\s+|(?<=\w{4})\s*&\s*(?=\w{4})")
_VENTURE = re.compile(
    r"^(?:liên\s+(?:danh|doanh)|consortium(?:\s+of)?|joint\s+venture\s+of)\b", re.I
)
_STANDS_ALONE = re.compile(
    r"\b(?:group|tập đoàn|jsc|ctcp|corporation|ltd|công ty|tổng công ty|co\.|holdings)\b", re.I
)
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7"}
_LOOSE_FORMS = frozenset({"group", "corp", "holdings"})
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnpqrstvx])?"
    r"(?:[iy]eu|uoi|uou|uye|uya|oai|oay|uay|[iy]e|uo|ua|ue|ui|uy|oa|oe|oi|ia|iu|eo|eu|ai|ao|au|ay"
    r"|[aeiouy])(?:ng|nh|ch|[cmnpt])?"
)


@dataclass(frozen=True, slots=True)
class PartyName:
    """A name taken apart. Sets hold concepts of `words.csv`, places codes of provinces."""

    text: str
    core: tuple[str, ...] = ()  # folded words that are none of the below
    forms: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()  # provinces
    countries: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    brands: frozenset[str] = frozenset()  # brands read from another script
    initials: str = ""  # of every word but the form's, for acronyms
    letters: str = ""  # first letters of all words
    whole: str = ""  # all words but the form's, without spaces
    marked: tuple[str, ...] = ()  # the core's words with their tones where the text carries tones
    inside: tuple["PartyName", ...] = ()  # names in brackets
    partners: tuple["PartyName", ...] = ()  # of a venture of several parties
    joined: tuple["PartyName", ...] = ()  # parts around a dash or "&": of one name, or of two
    foreign: bool = False  # read from another script by sound
    plain: bool = False  # no word of its own: fields and places make up the core

    @property
    def compact(self) -> str:
        """The core without spaces: "Green Feed" and "GreenFeed" agree."""
        return "".join(self.core)

    @property
    def form(self) -> frozenset[str]:
        """The legal forms that exclude each other; groups and corporations may have any."""
        return self.forms - _LOOSE_FORMS - {"single"}

    @property
    def weak(self) -> bool:
        """Whether many companies may share the core: one or two plain Vietnamese syllables."""
        if len(self.compact) < 3 or (len(self.core) == 1 and self.core[0] in common_words()):
            return True
        return len(self.core) <= 2 and all(_SYLLABLE.fullmatch(word) for word in self.core)

    @property
    def short_letters(self) -> bool:
        """Whether the core is two letters that are no syllable, such as "LG"."""
        return len(self.compact) == 2 and not _SYLLABLE.fullmatch(self.compact)


@dataclass(slots=True)
class _Parts:
    """What is being gathered from a text."""

    core: list[str] = field(default_factory=list)
    initials: list[str] = field(default_factory=list)
    letters: str = ""
    found: dict[str, set[str]] = field(default_factory=dict)
    foreign: bool = False

    def add(self, meaning: Meaning) -> None:
        self.found.setdefault(meaning.kind, set()).add(meaning.concept)

    def of(self, kind: str) -> frozenset[str]:
        return frozenset(self.found.get(kind, ()))


@lru_cache(maxsize=200_000)
def parse_name(text: str) -> PartyName:
    """Take a name apart. Brackets become names of their own; ventures keep their partners."""
    whole = unicodedata.normalize("NFKC", nfc(text)).strip()
    whole = re.sub(r"[(（](?:주|株)[)）]", " (株) ", whole).replace("(株)", " 株式会社 ")
    brackets = [part.strip() for part in _BRACKET.findall(whole)]
    outside = _BRACKET.sub(" ", whole).strip(" -–,")
    if not outside:
        outside, brackets = " ".join(brackets), []
    partners = _partners(outside)
    inside = tuple(name for part in brackets if part for name in _inside(part))
    return _plain(text, outside, inside, partners)


def _inside(part: str) -> tuple[PartyName, ...]:
    return tuple(parse_name(piece) for piece in _SLASH.split(part) if piece.strip())


def _partners(outside: str) -> tuple[PartyName, ...]:
    """Return the partners of a venture's name, () for the name of one party."""
    parts = [part for part in _SLASH.split(outside) if part.strip()]
    venture = _VENTURE.match(outside)
    dashed = [part for part in _DASH.split(outside) if part.strip()]
    if venture:
        parts = [part for part in _DASH.split(outside[venture.end() :]) if part.strip()]
        parts = [each for part in parts for each in _SLASH.split(part) if each.strip()]
    elif len(parts) < 2 and len(dashed) > 1 and all(_stands(part) for part in dashed):
        parts = dashed
    if len(parts) < 2:
        return ()
    return tuple(parse_name(part) for part in parts)


def _stands(part: str) -> bool:
    """Whether a part between dashes is a company's full name by itself."""
    return _STANDS_ALONE.search(part) is not None


def _plain(
    text: str, outside: str, inside: tuple[PartyName, ...], partners: tuple[PartyName, ...]
) -> PartyName:
    parts = _Parts()
    words = _latin(parts, outside)
    parts.letters = "".join(word[0] for word in words)
    _gather(parts, words)
    core = tuple(parts.core)
    fields, places, countries = parts.of("field"), parts.of("place"), parts.of("country")
    brands = parts.of("brand")
    if not parts.core and (brands or fields or places or countries):
        # A name of plain words only is told apart by all of them together.
        core = tuple(word for brand in sorted(brands) for word in words_of(brand))
        if not core and words and len(words[0]) == 2:  # "CP Vietnam": no form but a name
            core = (words[0],)
    if not core and not parts.found.keys() - {"legal", "filler"}:
        core = tuple(words)  # words of form only, such as "CP" or "Corp"
    plain = not core
    if plain:
        core = tuple(sorted(places | countries)) + tuple(sorted(fields))
        fields = places = countries = frozenset()
    return PartyName(
        text=text,
        core=core,
        forms=parts.of("legal"),
        fields=fields,
        places=places,
        countries=countries,
        numbers=parts.of("number"),
        brands=brands,
        initials="".join(word[0] for word in parts.initials),
        letters=parts.letters,
        whole="".join(parts.initials),
        marked=_marked(outside, core),
        inside=inside,
        partners=partners,
        joined=() if partners else _joined(outside),
        foreign=parts.foreign,
        plain=plain,
    )


def _joined(outside: str) -> tuple[PartyName, ...]:
    parts = [part for part in _JOINT.split(outside) if part.strip()]
    return tuple(parse_name(part) for part in parts) if len(parts) == 2 else ()


def _latin(parts: _Parts, text: str) -> list[str]:
    """Return the words in Latin letters; phrases of other scripts are noted, the rest sounded."""
    if not is_foreign_script(text):
        return words_of(text)
    folded = text.lower()
    for phrase, meaning in lexicon().foreign:
        if phrase in folded:
            folded = folded.replace(phrase, f" \x00{_note(parts, meaning)} ")
    words: list[str] = []
    for piece in folded.split():
        if piece.startswith("\x00"):
            words += words_of(piece)
        elif is_foreign_script(piece):
            sounded = spelt_letters(piece) or romanise(piece)
            parts.foreign = True
            words += words_of(sounded) or [piece]
        else:
            words += words_of(piece)
    return words


def _note(parts: _Parts, meaning: Meaning) -> str:
    """Remember a phrase's meaning; a brand's Latin words take its place in the text."""
    parts.add(meaning)
    return meaning.concept if meaning.kind == "brand" else ""


def _gather(parts: _Parts, words: list[str]) -> None:
    known = lexicon().phrases
    at = 0
    while at < len(words):
        word = words[at]
        match = next(
            (
                (len(phrase), meaning)
                for phrase, meaning in known.get(word, ())
                if tuple(words[at : at + len(phrase)]) == phrase
            ),
            None,
        )
        if match is None:
            _keep(parts, word, last=at == len(words) - 1 and at > 0)
            at += 1
            continue
        length, meaning = match
        if meaning.kind not in ("legal", "filler"):
            parts.initials += words[at : at + length]
        parts.add(meaning)
        at += length


def _keep(parts: _Parts, word: str, *, last: bool) -> None:
    number = word if word.isdigit() else _ROMAN.get(word, "") if last else ""
    if number and (parts.core or parts.found):
        parts.add(Meaning("number", str(int(number))))
        return
    parts.core.append(word)
    parts.initials.append(word)


def _marked(text: str, core: tuple[str, ...]) -> tuple[str, ...]:
    """Return the core's words as written, () where the text carries no Vietnamese marks."""
    if not has_marks(text):
        return ()
    written = {words_of(word)[0]: word for word in _split(text) if words_of(word)}
    return tuple(written.get(word, word) for word in core)


def _split(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", tone_placement(nfc(text)).lower())
