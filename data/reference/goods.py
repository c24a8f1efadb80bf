"""Kinds of goods that sellers offer and buyers want, and their words in five languages.

The table `goods.csv` is edited by people, like that of the activities.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from data.reference.csvtable import table
from data.reference.terms import LANGUAGES, TermFinder


@dataclass(frozen=True, slots=True)
class Good:
    """One row of the table; terms by language."""

    good_id: str
    category: str
    name_vi: str
    name_en: str
    terms: Mapping[str, tuple[str, ...]]


@cache
def goods() -> dict[str, Good]:
    """Return all goods by id, in the order of the table."""
    return {row["good_id"]: _good(row) for row in table("goods.csv")}


@cache
def good_terms() -> TermFinder:
    """Return the finder of goods' names and terms."""
    finder = TermFinder()
    for good in goods().values():
        for language, terms in good.terms.items():
            finder.add(good.good_id, language, terms)
        finder.add(good.good_id, "vi", (good.name_vi,))
        finder.add(good.good_id, "en", (good.name_en,))
    return finder


def _good(row: Mapping[str, str]) -> Good:
    def parts(name: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in row[name].split("|") if part.strip())

    return Good(
        good_id=row["good_id"],
        category=row["category"],
        name_vi=row["name_vi"],
        name_en=row["name_en"],
        terms={language: parts(f"terms_{language}") for language in LANGUAGES},
    )
