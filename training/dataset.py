"""A market cut in time: what was known before a day, and what happened after it."""

import csv
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np

from data.records import Deal, PartialDate
from matcher.market import BoolArray, IntArray, Market
from training.samples import first_days

__all__ = ["TemporalSplit", "near_duplicates", "split_at", "without_deals_from"]

LEAST_DEALS = 5
"""An investor needs so many deals before the cutoff to be asked for its calls."""


@dataclass(frozen=True)
class TemporalSplit:
    """Fit on ``past``; the open calls are those whose first deal is at the cutoff or later.

    Candidates for a call are all ``known`` investors (a deal before the cutoff), none sampled.
    """

    past: Market  # the same rows, without the deals from the cutoff on
    day: int  # ordinal of the cutoff
    calls: IntArray  # rows of the open calls
    known: IntArray  # rows of investors with a deal before the cutoff
    count: IntArray  # (n_known,) how many
    relevant: BoolArray  # (n_calls, n_known)
    strangers: BoolArray  # (n_calls, n_investors) deals of investors without a deal before

    @property
    def asked_calls(self) -> IntArray:
        """Places of the open calls that a known investor took."""
        return np.flatnonzero(self.relevant.any(axis=1))

    @property
    def asked_investors(self) -> IntArray:
        """Places in ``known`` of investors with enough deals before and any after."""
        return np.flatnonzero((self.count >= LEAST_DEALS) & self.relevant.any(axis=0))


def split_at(
    market: Market, cutoff: date, *, leave_out: frozenset[str] = frozenset()
) -> TemporalSplit:
    """Cut the market at a day. Calls named in ``leave_out`` are not tested."""
    day = cutoff.toordinal()
    late = market.deal_day >= day
    first = first_days(market)
    tested = (first >= day) & (first < np.iinfo(np.int64).max)
    tested &= [call.call_id not in leave_out for call in market.calls]
    calls = np.flatnonzero(tested)
    count = np.bincount(market.deal_investor[~late], minlength=len(market.investors))
    known = np.flatnonzero(count > 0)
    truth = np.zeros((len(market.calls), len(market.investors)), dtype=np.bool_)
    truth[market.deal_call[late], market.deal_investor[late]] = True
    truth = truth[calls]
    strangers = truth.copy()
    strangers[:, known] = False
    return TemporalSplit(
        past=without_deals_from(market, day),
        day=day,
        calls=calls,
        known=known,
        count=count[known],
        relevant=truth[:, known],
        strangers=strangers,
    )


def without_deals_from(market: Market, day: int) -> Market:
    """The same records with only the deals before the day."""
    kept: list[Deal] = [
        deal
        for deal, when in zip(market.deals, market.deal_day.tolist(), strict=True)
        if when < day
    ]
    return replace(market, deals=tuple(kept), known_tags=market.tags)


def near_duplicates(market: Market, path: Path, cutoff: date) -> frozenset[str]:
    """Ids of calls from the cutoff on that are a phase or sister of a call before it.

    Args:
        path: CSV with ``cluster`` and ``call_id``, or ``deal_id`` (the call's id without "c").
    """
    first = first_days(market)
    day = cutoff.toordinal()
    cluster: dict[str, str] = {}
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            cluster[row.get("call_id") or f"c{row['deal_id']}"] = row["cluster"]
    rows = {call: market.call_row[call] for call in cluster if call in market.call_row}
    before = {cluster[call] for call, row in rows.items() if first[row] < day}
    return frozenset(
        call for call, row in rows.items() if first[row] >= day and cluster[call] in before
    )


def cutoff_day(text: str) -> date:
    """The first day a cutoff such as 2022, 2022-07 or 2022-07-01 may mean."""
    return PartialDate(text).first_day
