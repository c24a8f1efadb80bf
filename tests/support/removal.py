"""A market without what a reason rests on, to see what the reason is worth."""

from dataclasses import replace
from typing import TypeVar

import numpy as np

from matcher.market import Market, Vectors
from matcher.tags import MarketTags
from matcher.types import Reason

T = TypeVar("T")


def without(market: Market, reason: Reason, *, investor: int) -> Market:
    """The records less the facts of a reason: the deals that it names, or what the profile says."""
    party = market.investors[investor]
    named = {fact.call_id for fact in reason.evidence if fact.call_id}
    told = any(not fact.call_id for fact in reason.evidence)
    owners = {fact.vi.split(":")[0] for fact in reason.evidence if fact.call_id}
    deals = tuple(
        deal
        for deal in market.deals
        if deal.call_id not in named
        or market.investors[market.investor_row[deal.investor_id]].name not in owners
    )
    changed = replace(market, deals=deals, known_tags=market.tags)
    if not told:
        return changed
    if reason.code == "programme_tie":
        return replace(changed, programmes=())
    if reason.code == "sector_stated":
        party = replace(party, sectors=(), sectors_as_written="")
    if reason.code == "province_wanted":
        party = replace(party, provinces_wanted=())
    if reason.code == "capital_fit":
        party = replace(
            party, capital=replace(party.capital, vnd=type(party.capital.vnd)(None, None))
        )
    changed = replace(changed, investors=_swapped(changed.investors, investor, party))
    if reason.code == "profile_match":
        profiles = market.vectors.profiles.copy()
        profiles[investor] = np.zeros(profiles.shape[1], dtype=np.float32)
        changed = replace(changed, vectors=Vectors(market.vectors.calls, profiles))
    if reason.code == "activity_match":
        tags = MarketTags(market.tags.calls, _swapped(market.tags.investors, investor, ()))
        changed = replace(changed, known_tags=tags)
    return changed


def _swapped(rows: tuple[T, ...], place: int, row: T) -> tuple[T, ...]:
    return (*rows[:place], row, *rows[place + 1 :])
