"""The market as arrays: every investor, call and deal once, ready for whole-column arithmetic.

Rows are numbered in the order of the ids, so that the same records give the same arrays whatever
order they arrive in. Unknown numbers are NaN.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import log10

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from data.identity import MERGED_IDS
from data.records import Deal, Interval, Investor, Place, Programme, ProjectCall
from data.reference.provinces import provinces
from data.reference.spelling import fold
from embeddings.tagging import Tagger
from matcher.activities import weights_of
from matcher.kernels import offered
from matcher.lexical import call_words, nearest_rows, sector_words, term_counts, tf_idf
from matcher.tags import MarketTags, tag_call, tag_investor

FloatArray = NDArray[np.float32]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

NO_DAY = np.iinfo(np.int64).min
"""Stands for "no date known" among ordinal days: before everything."""


@dataclass(frozen=True)
class Vectors:
    """Unit vectors of a market, row by row: calls (passages) and investors' profiles (queries).

    A row of zeros means the party has no text to embed.
    """

    calls: FloatArray  # (n_calls, dim)
    profiles: FloatArray  # (n_investors, dim)


@dataclass(frozen=True)
class Market:
    """Records with the arrays derived from them. Build it with :func:`build_market`."""

    investors: tuple[Investor, ...]
    calls: tuple[ProjectCall, ...]
    deals: tuple[Deal, ...]  # ordered by investor row, then date
    programmes: tuple[Programme, ...]
    vectors: Vectors
    known_tags: MarketTags | None = None  # None: read from the records when first needed

    @cached_property
    def tags(self) -> MarketTags:
        """Activities of every call and investor."""
        if self.known_tags is not None:
            return self.known_tags
        tagger = Tagger()
        return MarketTags(
            calls=tuple(tag_call(call, tagger) for call in self.calls),
            investors=tuple(tag_investor(investor, tagger) for investor in self.investors),
        )

    @cached_property
    def call_activities(self) -> FloatArray:
        """(n_calls, n_activities) confidence of each activity; columns by ``activity_names()``."""
        return weights_of(self.tags.calls)

    @cached_property
    def investor_activities(self) -> FloatArray:
        """(n_investors, n_activities)"""
        return weights_of(self.tags.investors)

    @cached_property
    def investor_offers(self) -> FloatArray:
        """(n_investors, n_activities) how much of each activity the nearest of its own gives."""
        return offered(self.investor_activities)

    @cached_property
    def activity_rarity(self) -> FloatArray:
        """(n_activities,) logarithm of how few calls are about each activity."""
        tags = self.call_activities
        rare = np.log((len(tags) + 1.0) / ((tags > 0).sum(axis=0) + 1.0))
        return np.asarray(rare, dtype=np.float32)

    @cached_property
    def call_named(self) -> FloatArray:
        """(n_calls, n_activities) the same by what the texts name, not by meaning alone."""
        return weights_of(self.tags.calls, meant=False)

    @cached_property
    def investor_named(self) -> FloatArray:
        """(n_investors, n_activities)"""
        return weights_of(self.tags.investors, meant=False)

    @cached_property
    def investor_row(self) -> dict[str, int]:
        """Rows by id; an id that was merged away leads to the investor that stands for it."""
        merged = {
            one: row
            for row, investor in enumerate(self.investors)
            for one in investor.notes.get(MERGED_IDS, "").split("|")
            if one
        }
        own = {investor.investor_id: row for row, investor in enumerate(self.investors)}
        return merged | own

    @cached_property
    def call_row(self) -> dict[str, int]:
        return {call.call_id: row for row, call in enumerate(self.calls)}

    # deals, as columns
    @cached_property
    def deal_investor(self) -> IntArray:
        return np.array([self.investor_row[d.investor_id] for d in self.deals], dtype=np.int64)

    @cached_property
    def deal_call(self) -> IntArray:
        return np.array([self.call_row[d.call_id] for d in self.deals], dtype=np.int64)

    @cached_property
    def deal_day(self) -> IntArray:
        return np.array([d.date.first_day.toordinal() for d in self.deals], dtype=np.int64)

    # calls, as columns
    @cached_property
    def sector_names(self) -> tuple[str, ...]:
        """All fields met: sector codes, and the source's own words where they name no code."""
        met = {name for call in self.calls for name in call_fields(call)}
        met |= {name for investor in self.investors for name in investor_fields(investor)}
        return tuple(sorted(met))

    @cached_property
    def call_sectors(self) -> BoolArray:
        """(n_calls, n_fields)"""
        return _membership([call_fields(call) for call in self.calls], self.sector_names)

    @cached_property
    def province_names(self) -> tuple[str, ...]:
        met = {place_key(call) for call in self.calls}
        met |= {p.code for i in self.investors for p in (*i.provinces_wanted, i.home_province)}
        return tuple(sorted(met - {""}))

    @cached_property
    def call_province(self) -> IntArray:
        """Position in ``province_names``; -1 where unknown."""
        return _positions([place_key(call) for call in self.calls], self.province_names)

    @cached_property
    def call_region(self) -> IntArray:
        known = provinces()
        codes = [call.place.code for call in self.calls]
        names = [known[code].region if code in known else "" for code in codes]
        return _positions(names, tuple(sorted(set(names) - {""})))

    @cached_property
    def call_capital(self) -> FloatArray:
        """log10 of VND, the middle of the interval on that scale; NaN where unknown."""
        return np.array([_log_middle(call.capital.vnd) for call in self.calls], dtype=np.float32)

    @cached_property
    def call_land(self) -> FloatArray:
        """log10 of hectares."""
        return np.array([_log_middle(call.land.ha) for call in self.calls], dtype=np.float32)

    @cached_property
    def call_words(self) -> sparse.csr_matrix:
        """(n_calls, n_terms) TF-IDF of the folded words, rows of length 1."""
        return tf_idf(term_counts(call_words(call) for call in self.calls))

    @cached_property
    def call_headings(self) -> sparse.csr_matrix:
        """(n_calls, n_headings) TF-IDF of sector codes and headings, rows of length 1."""
        return tf_idf(term_counts(sector_words(call) for call in self.calls))

    # investors, as columns
    @cached_property
    def home_country(self) -> FloatArray:
        """(n_investors, n_countries) share of each home country; zeros where unknown."""
        named = [fold(i.country).replace(";", "/").split("/") for i in self.investors]
        known = [[part.strip() for part in parts if part.strip()] for parts in named]
        names = sorted({name for parts in known for name in parts})
        member = _membership(known, names).astype(np.float32)
        total = member.sum(axis=1, keepdims=True)
        return np.asarray(
            np.divide(member, total, out=np.zeros_like(member), where=total > 0), dtype=np.float32
        )

    @cached_property
    def profile_peers(self) -> sparse.csr_matrix:
        """(n_investors, n_investors) the few investors with the nearest profiles, by weight."""
        return nearest_rows(self.vectors.profiles, 10, sharpness=30.0)

    @cached_property
    def stated_sectors(self) -> BoolArray:
        return _membership([investor_fields(i) for i in self.investors], self.sector_names)

    @cached_property
    def wanted_provinces(self) -> BoolArray:
        wanted = [[p.code for p in i.provinces_wanted if p.code] for i in self.investors]
        return _membership(wanted, self.province_names)

    @cached_property
    def stated_capital(self) -> FloatArray:
        return np.array([_log_middle(i.capital.vnd) for i in self.investors], dtype=np.float32)

    @cached_property
    def programme_tie(self) -> BoolArray:
        """(n_investors, n_provinces): the investor's home and the province share a programme."""
        tie = np.zeros((len(self.investors), len(self.province_names)), dtype=np.bool_)
        where = {name: column for column, name in enumerate(self.province_names)}
        for row, investor in enumerate(self.investors):
            home = investor.home_province.code
            if not home:
                continue
            for programme in self.programmes:
                for code in tied_provinces(programme, home):
                    if code in where:
                        tie[row, where[code]] = True
        return tie


def build_market(
    *,
    investors: Iterable[Investor],
    calls: Iterable[ProjectCall],
    deals: Iterable[Deal],
    programmes: Iterable[Programme] = (),
    vectors: Vectors | None = None,
    tags: MarketTags | None = None,
) -> Market:
    """Order the records and pair them with their vectors.

    ``vectors`` and ``tags`` must be in the order of the sorted ids; without vectors every row is
    zero and similarities say nothing, without tags they are read from the records when needed.
    Deals whose investor or call is not among the records are left out: the database does not hold
    such, a market folder may.
    """
    investor_rows = tuple(sorted(investors, key=lambda i: i.investor_id))
    call_rows = tuple(sorted(calls, key=lambda c: c.call_id))
    order = {investor.investor_id: row for row, investor in enumerate(investor_rows)}
    known_calls = {call.call_id for call in call_rows}
    kept = [d for d in deals if d.investor_id in order and d.call_id in known_calls]
    kept.sort(key=lambda d: (order[d.investor_id], d.date.first_day, d.call_id))
    if vectors is None:
        vectors = Vectors(
            calls=np.zeros((len(call_rows), 1), dtype=np.float32),
            profiles=np.zeros((len(investor_rows), 1), dtype=np.float32),
        )
    if len(vectors.calls) != len(call_rows) or len(vectors.profiles) != len(investor_rows):
        raise ValueError(
            f"{len(vectors.calls)} call and {len(vectors.profiles)} profile vectors for "
            f"{len(call_rows)} calls and {len(investor_rows)} investors: one row each, in the "
            "order of the ids."
        )
    return Market(investor_rows, call_rows, tuple(kept), tuple(programmes), vectors, tags)


def tied_provinces(programme: Programme, home: str) -> tuple[str, ...]:
    """Codes of the provinces that ``home`` cooperates with under the programme."""
    partners = [place.code for place in programme.partners]
    counterparts = [place.code for place in programme.counterparts]
    if not counterparts:
        return tuple(code for code in partners if home in partners and code != home)
    other = counterparts if home in partners else partners if home in counterparts else []
    return tuple(code for code in other if code != home)


def call_fields(call: ProjectCall) -> tuple[str, ...]:
    return call.sectors or _words_of_heading(call.sector_as_written)


def investor_fields(investor: Investor) -> tuple[str, ...]:
    return investor.sectors or _words_of_heading(investor.sectors_as_written)


def place_key(call: ProjectCall) -> str:
    """What "same place" means: the province's code, or the place's own words elsewhere."""
    return call.place.code or fold(call.place.as_written)


def ordinal(day: date | None) -> int:
    return day.toordinal() if day else int(NO_DAY)


def _words_of_heading(heading: str) -> tuple[str, ...]:
    """Fields of a heading in words of its own, such as "E-Commerce, Analytics"."""
    parts = (fold(part) for part in heading.replace(";", ",").replace("|", ",").split(","))
    return tuple(dict.fromkeys(part for part in parts if part))


def _log_middle(interval: Interval) -> float:
    ends = [end for end in (interval.low, interval.high) if end is not None and end > 0]
    return sum(log10(end) for end in ends) / len(ends) if ends else float("nan")


def _membership(rows: Sequence[Sequence[str]], names: Sequence[str]) -> BoolArray:
    where = {name: column for column, name in enumerate(names)}
    out = np.zeros((len(rows), len(names)), dtype=np.bool_)
    for row, members in enumerate(rows):
        for name in members:
            if name in where:
                out[row, where[name]] = True
    return out


def _positions(values: Sequence[str], names: Sequence[str]) -> IntArray:
    where: Mapping[str, int] = {name: position for position, name in enumerate(names)}
    return np.array([where.get(value, -1) for value in values], dtype=np.int64)


__all__ = [
    "NO_DAY",
    "BoolArray",
    "FloatArray",
    "IntArray",
    "Market",
    "Place",
    "Vectors",
    "build_market",
    "call_fields",
    "investor_fields",
    "ordinal",
    "place_key",
    "tied_provinces",
]
