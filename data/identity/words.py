"""The words of company names that tell what a company is, not which: form, field, place, brand.

`words.csv` lists them in five languages, `brands.csv` a brand's spellings in other scripts;
provinces come from the reference tables.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from data.identity.sounds import is_foreign_script
from data.reference.csvtable import read_table, table
from data.reference.provinces import aliases
from data.reference.spelling import fold, nfc

_WORD = re.compile(r"[a-z0-9&]+")
_INITIALS = re.compile(r"\b(?:[a-z]\.){1,}[a-z]?\b\.?")
_TOO_SHORT = 3  # a province's spelling of fewer letters ("HN") is no word of a company's name


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a word or phrase of a name stands for: kind (legal, field, country …) and concept."""

    kind: str
    concept: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Phrases by their first word, longest first; phrases of other scripts, longest first."""

    phrases: Mapping[str, Sequence[tuple[tuple[str, ...], Meaning]]]
    foreign: Sequence[tuple[str, Meaning]]


def words_of(text: str) -> list[str]:
    """Return the folded words; initials are joined ("J.W" → "jw"), apostrophes dropped."""
    folded = fold(text).replace("'", "").replace("’", "")
    joined = _INITIALS.sub(lambda found: found[0].replace(".", "") + " ", folded + " ")
    return [word for word in _WORD.findall(joined) if word != "&"]


@cache
def lexicon() -> Lexicon:
    """Return all phrases with their meanings."""
    phrases: dict[str, dict[tuple[str, ...], Meaning]] = {}
    foreign: dict[str, Meaning] = {}
    for phrase, meaning in _rows():
        if is_foreign_script(phrase):
            foreign.setdefault(fold(phrase), meaning)
        elif words := tuple(words_of(phrase)):
            phrases.setdefault(words[0], {}).setdefault(words, meaning)
    by_length = {
        first: sorted(found.items(), key=lambda item: -len(item[0]))
        for first, found in phrases.items()
    }
    return Lexicon(by_length, sorted(foreign.items(), key=lambda item: -len(item[0])))


def _rows() -> Iterator[tuple[str, Meaning]]:
    for row in read_table(__file__, "words.csv"):
        for phrase in row["words"].split("|"):
            yield nfc(phrase), Meaning(row["kind"], row["concept"])
    for row in read_table(__file__, "brands.csv"):
        for spelling in row["names"].split("|"):
            yield nfc(spelling), Meaning("brand", row["brand"])
    for alias in aliases():
        if len(alias.text) > _TOO_SHORT and alias.scope != "place":
            yield alias.text, Meaning("place", alias.old_code or alias.code)


@cache
def common_words() -> frozenset[str]:
    """Return plain English words: a name of one of them ("Central") may be anybody's."""
    return frozenset(row["word"] for row in table("common_words_en.csv")) | _COMMON


@cache
def known_brands() -> frozenset[str]:
    """Return the brands of one word in the table."""
    brands = (words_of(row["brand"]) for row in read_table(__file__, "brands.csv"))
    return frozenset(words[0] for words in brands if len(words) == 1)


_COMMON_NAMES = (
    "central sunny universal united national general first golden green blue star sun sea ocean "
    "pacific eastern western northern southern royal smart new grand great union alpha delta "
    "omega phoenix diamond dragon tiger eagle lotus victory future vision hana"
)
_COMMON = frozenset(_COMMON_NAMES.split())
