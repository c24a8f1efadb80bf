"""What a text prefers besides the activity: a place, a size, a form of investment, ready land.

Soft preferences: they order what is alike, they exclude nothing. Unknown counts neither way.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from data.quantities import FoundQuantity, find_quantities
from data.records import Interval, ProjectCall
from matcher.named_places import Gazetteer
from matcher.query import Query
from matcher.terms_of_deal import form_fit, forms_named, wants_ready_land

FloatArray = NDArray[np.float32]
PlaceKind = Literal["site", "province", "region"]

_SITE = 2.0  # of a park, district or commune against a province by name
_UNKNOWN = 0.5  # of a size that is asked for and not stated
_FORMER = 0.6  # another former part of a province that is named
_REGION = 0.7  # of a province by name
_WIDER = 0.5  # of a province or region where a narrower place is named too


@dataclass(frozen=True, slots=True)
class PlaceMet:
    """How well a call stands where it is wanted, 0 to 2, by what kind of place, and its name."""

    value: float
    kind: PlaceKind
    name_vi: str
    name_en: str


@dataclass(frozen=True)
class Preferences:
    """Compares what texts prefer with what the calls of a list state."""

    calls: Sequence[ProjectCall]

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """The places the calls stand in."""
        return Gazetteer(self.calls)

    def places(self, query: Query, rows: Iterable[int]) -> FloatArray:
        """How well each call stands where the text wants it: 1 in a province, 2 at a place."""
        rows = list(rows)
        if not (query.sites or query.places or query.regions):
            return np.zeros(len(rows), dtype=np.float32)
        met = (self.place(query, int(row)) for row in rows)
        return np.array([found.value if found else 0.0 for found in met], dtype=np.float32)

    def place(self, query: Query, row: int) -> PlaceMet | None:
        """The best of the places a text names for one call, None if it stands in none."""
        found = [*self._sites(query, row), *self._provinces(query, row)]
        found += self._regions(query, row)
        return max(found, key=lambda met: met.value, default=None)

    def sizes(self, query: Query, rows: Iterable[int]) -> FloatArray:
        """How well land, capital, power, capacity fit, 0 to 1; what is not stated counts half."""
        rows = list(rows)
        out = np.zeros(len(rows), dtype=np.float32)
        for place, row in enumerate(rows if query.sizes else ()):
            fits = [self.size(found, int(row)) for found in query.sizes]
            out[place] = np.mean([_UNKNOWN if fit is None else fit for fit in fits])
        return out

    def size(self, asked: FoundQuantity, row: int) -> float | None:
        """How well one size of a call fits, None where it is not stated."""
        has = self._stated(row).get((asked.kind, asked.unit))
        return None if has is None else _fit(asked.interval, has)

    def forms(self, query: Query, rows: Iterable[int]) -> FloatArray:
        """How well the form of investment, and land that is ready, fit; 0 where not stated."""
        rows = list(rows)
        out = np.zeros(len(rows), dtype=np.float32)
        for place, row in enumerate(rows if query.forms or query.ready_land else ()):
            fits = [form_fit(query.forms, self._offers[row])] if query.forms else []
            fits += [float(self._ready[row])] if query.ready_land else []
            out[place] = np.mean(fits)
        return out

    def _sites(self, query: Query, row: int) -> Iterable[PlaceMet]:
        for site in query.sites:
            value = self.gazetteer.holds(site, row)
            if value:
                name = query.restored[site.start : site.end]
                if value < 1.0:  # in the province of the park
                    name = self.calls[row].place.name
                kind: PlaceKind = "site" if value == 1.0 else "province"
                yield PlaceMet(_SITE * value, kind, name, name)

    def _provinces(self, query: Query, row: int) -> Iterable[PlaceMet]:
        place = self.calls[row].place
        for mention in query.places:
            if place.code and mention.match.code == place.code:
                former = mention.match.old_name
                apart = former and place.old_name and former != place.old_name
                value = _FORMER if apart else 1.0
                name = place.old_name or place.name
                wider = _WIDER if query.sites else 1.0
                yield PlaceMet(wider * value, "province", name, name)

    def _regions(self, query: Query, row: int) -> Iterable[PlaceMet]:
        place = self.calls[row].place
        for mention in query.regions:
            if place.code and mention.region.holds(place.code, place.old_name):
                wider = _WIDER if query.places or query.sites else 1.0
                region = mention.region
                yield PlaceMet(wider * _REGION, "region", region.name_vi, region.name_en)

    def _stated(self, row: int) -> Mapping[tuple[str, str], Interval]:
        if row not in self._sizes:
            self._sizes[row] = _sizes(self.calls[row])
        return self._sizes[row]

    @cached_property
    def _sizes(self) -> dict[int, Mapping[tuple[str, str], Interval]]:
        return {}

    @cached_property
    def _offers(self) -> list[frozenset[str]]:
        return [forms_named(f"{call.form} . {call.title}") for call in self.calls]

    @cached_property
    def _ready(self) -> list[bool]:
        return [wants_ready_land(f"{call.title} . {call.description}") for call in self.calls]


def _sizes(call: ProjectCall) -> Mapping[tuple[str, str], Interval]:
    """What a call states: land and capital of its columns, power and capacity of its words."""
    found: dict[tuple[str, str], Interval] = {}
    for quantity in find_quantities(f"{call.title} . {call.title_en} . {call.description}"):
        found.setdefault((quantity.kind, quantity.unit), quantity.interval)
    for key, interval in ((("land", "ha"), call.land.ha), (("money", "VND"), call.capital.vnd)):
        if interval.low or interval.high:
            found[key] = interval
        else:
            found.pop(key, None)
    return found


def _fit(asked: Interval, has: Interval) -> float:
    """1 where the intervals meet, falling with the ratio between them."""
    low = has.low if has.low is not None else has.high
    high = has.high if has.high is not None else has.low
    if not low or not high:
        return _UNKNOWN
    if asked.low is not None and high < asked.low:
        return float(high / asked.low)
    if asked.high is not None and low > asked.high:
        return float(asked.high / low)
    return 1.0
