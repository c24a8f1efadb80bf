"""Kinds of investment activity, and the words by which texts in five languages name them.

The table `activities.csv` is edited by people: one row an activity, terms separated by "|".
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from data.reference.csvtable import table
from data.reference.terms import LANGUAGES, TermFinder

__all__ = [
    "LANGUAGES",
    "Activity",
    "activities",
    "activity_terms",
    "ancestors",
    "is_food_making",
    "processed_from",
]


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


@cache
def processed_from(activity_id: str) -> tuple[str, ...]:
    """Kinds of food and drink making that take an activity's product as their raw material."""
    return tuple(
        name
        for name, one in activities().items()
        if activity_id in one.related and is_food_making(name)
    )


def is_food_making(activity_id: str) -> bool:
    """Whether an activity is a kind of food processing, more special than that itself."""
    return _FOOD in ancestors(activity_id)


_FOOD = "food-processing"


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
