"""The records every layer speaks of: frozen, typed, free of database and web.

Empty means unknown: an interval end that is not known is ``None``, never zero. Values that were
read from a person's text keep that text beside them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import total_ordering

from data.quantities import Interval

__all__ = [
    "UNKNOWN_LAND",
    "UNKNOWN_MONEY",
    "ActivityCorrection",
    "Deal",
    "Interval",
    "Investor",
    "Land",
    "Money",
    "Offer",
    "PartialDate",
    "Place",
    "Programme",
    "ProjectCall",
    "PurchaseRequest",
    "SupplyLink",
]

_PARTIAL_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


@total_ordering
@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date known to the year, month or day, as ISO 8601 writes it: YYYY, YYYY-MM, YYYY-MM-DD.

    Ordered by the first day it may mean, so that "2020" comes before "2020-03".
    """

    text: str

    def __post_init__(self) -> None:
        match = _PARTIAL_DATE.fullmatch(self.text)
        if match is None:
            raise ValueError(
                f"{self.text!r} is not a date; write YYYY, YYYY-MM or YYYY-MM-DD, such as 2024-03."
            )
        year, month, day = (int(part) if part else 1 for part in match.groups())
        try:
            date(year, month, day)
        except ValueError:
            raise ValueError(f"{self.text!r} is not in the calendar.") from None

    @property
    def year(self) -> int:
        return int(self.text[:4])

    @property
    def first_day(self) -> date:
        """The earliest day the text may mean."""
        parts = [int(part) for part in self.text.split("-")]
        return date(*[*parts, 1, 1][:3])

    def __lt__(self, other: "PartialDate") -> bool:
        return (self.first_day, self.text) < (other.first_day, other.text)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in Vietnamese dong, as an interval, with the text it was read from."""

    vnd: Interval
    text: str = ""


@dataclass(frozen=True, slots=True)
class Land:
    """An area in hectares, as an interval, with the text it was read from."""

    ha: Interval
    text: str = ""


UNKNOWN_MONEY = Money(Interval(None, None))
UNKNOWN_LAND = Land(Interval(None, None))


@dataclass(frozen=True, slots=True)
class Place:
    """A province of the 34 units in force since July 2025, and what the source wrote.

    ``code`` and ``name`` are empty where the text names no Vietnamese province; ``old_name`` is
    the unit of the 63 that the source meant, where that is known.
    """

    code: str = ""
    name: str = ""
    old_name: str = ""
    as_written: str = ""


@dataclass(frozen=True, slots=True)
class Investor:
    """An organisation that may invest."""

    investor_id: str
    name: str
    aliases: tuple[str, ...] = ()
    country: str = ""
    home_province: Place = Place()
    description: str = ""
    sectors: tuple[str, ...] = ()  # codes of data/reference/sectors.csv
    sectors_as_written: str = ""
    activities: tuple[str, ...] = ()  # as written
    provinces_wanted: tuple[Place, ...] = ()
    capital: Money = UNKNOWN_MONEY
    languages: tuple[str, ...] = ()
    website: str = ""
    source_url: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProjectCall:
    """A province's published invitation to invest in one project, with its fiche."""

    call_id: str
    title: str
    title_en: str = ""
    sectors: tuple[str, ...] = ()
    sector_as_written: str = ""
    place: Place = Place()
    location: str = ""
    country: str = ""
    description: str = ""
    land: Land = UNKNOWN_LAND
    capital: Money = UNKNOWN_MONEY
    form: str = ""
    status: str = "open"  # open | closed
    published_on: PartialDate | None = None
    closes_on: PartialDate | None = None
    source_url: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)

    def is_open(self, today: date) -> bool:
        """Whether the call still invites on that day; a deadline of a month lasts all of it."""
        if self.status != "open":
            return False
        return (
            self.closes_on is None
            or self.closes_on.text >= today.isoformat()[: len(self.closes_on.text)]
        )


@dataclass(frozen=True, slots=True)
class Deal:
    """A known investor→project fact."""

    investor_id: str
    call_id: str
    date: PartialDate
    stage: str = ""
    source_url: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Programme:
    """A cooperation programme; ``partners`` and ``counterparts`` are its two sides."""

    programme_id: str
    name_vi: str
    partners: tuple[Place, ...]
    counterparts: tuple[Place, ...]
    fields: tuple[str, ...] = ()  # as written
    sectors: tuple[str, ...] = ()  # the fields' codes, where they name sectors
    period: str = ""
    signed_on: PartialDate | None = None
    source: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)  # activities, results …, as published


@dataclass(frozen=True, slots=True)
class ActivityCorrection:
    """A person's word on what a call or an investor does: kept, and wins over what was read."""

    kind: str  # call | investor
    party_id: str
    activity_id: str  # of data/reference/activities.csv
    holds: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """A seller's product offer. ``ocop_stars`` is the rating of Vietnam's programme, 1 to 5."""

    offer_id: str
    product: str
    product_en: str = ""
    seller: str = ""
    category: str = ""
    place: Place = Place()
    description: str = ""
    ocop_stars: int | None = None
    certificates: tuple[str, ...] = ()  # as written
    volume: str = ""
    season: str = ""
    markets_wanted: str = ""
    languages: tuple[str, ...] = ()
    source_url: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PurchaseRequest:
    """A buyer's purchase request; ``requirements`` are what it says of the goods, as written."""

    request_id: str
    product: str
    product_en: str = ""
    buyer: str = ""
    buyer_type: str = ""
    category: str = ""
    location: str = ""  # where it buys: a country, a city
    requirements: str = ""
    volume: str = ""
    season: str = ""
    languages: tuple[str, ...] = ()
    source_url: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SupplyLink:
    """A known fact: this seller delivers this product to this buyer."""

    seller: str
    buyer: str
    product: str = ""
    date: PartialDate | None = None
    source_url: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)
