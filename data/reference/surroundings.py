"""What lies around a project (lake, waterfall, mountain, lagoon …), as five languages name it.

The table `surroundings.csv` is edited by people. Its row "!not" holds words that contain one of a
landscape but name none ("hồ sơ", "부동산", "海运"): the longest term wins, so they hide it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from data.reference.csvtable import table
from data.reference.province_mentions import find_provinces
from data.reference.spelling import has_marks, nfc
from data.reference.terms import LANGUAGES, TermFinder, TermHit

NOT = "!not"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """One row of the table; ``related`` are others that are much alike."""

    surroundings_id: str
    name_vi: str
    name_en: str
    terms: Mapping[str, tuple[str, ...]]
    related: tuple[str, ...] = ()


@cache
def surroundings() -> dict[str, Surroundings]:
    """Return all rows by id, in the order of the table."""
    return {row["surroundings_id"]: _read(row) for row in table("surroundings.csv")}


@cache
def _finder() -> TermFinder:
    finder = TermFinder()
    for one in surroundings().values():
        for language, terms in one.terms.items():
            finder.add(one.surroundings_id, language, terms)
    return finder


def find_surroundings(text: str) -> dict[str, str]:
    """What a text says lies around, by id, each with the text's own words for it.

    Names of provinces are no landscape ("Sơn La", "Thành phố Hồ Chí Minh").
    """
    return dict(_found(nfc(text))) if text else {}


@lru_cache(maxsize=20_000)  # a market's calls are asked again for every list shown
def _found(text: str) -> tuple[tuple[str, str], ...]:
    signs = list(text)
    for mention in find_provinces(text):
        signs[mention.start : mention.end] = "\u2022" * (mention.end - mention.start)
    toned = has_marks(text)
    found: dict[str, str] = {}
    for hit in _finder()("".join(signs), toneless=False):
        written = text[hit.start : hit.end]
        if hit.owner != NOT and _is_meant(hit, written, toned=toned):
            found.setdefault(hit.owner, written)
    return tuple(found.items())


def _is_meant(hit: TermHit, written: str, *, toned: bool) -> bool:
    """A term with a capital ("Nui", "Bau") is a syllable of names and must be written so.

    In a Vietnamese text a word in small letters is no English one ("máy bay", "con hang").
    """
    capital = written[0].isupper()
    return capital or not (hit.term[0].isupper() or (toned and hit.language == "en"))


def _read(row: Mapping[str, str]) -> Surroundings:
    def parts(name: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in row[name].split("|") if part.strip())

    return Surroundings(
        surroundings_id=row["surroundings_id"],
        name_vi=row["name_vi"],
        name_en=row["name_en"],
        terms={language: parts(f"terms_{language}") for language in LANGUAGES},
        related=parts("related"),
    )
