"""How well each pair of an event suits both sides, from the matcher, as shares from 0 to 1.

A share is how many of the others a party stands before: shares of different calls can be compared
where scores cannot.
"""

from collections.abc import Sequence
from datetime import date

import numpy as np

from data.event_people import Participant
from matcher.events.suggest import Possible
from matcher.goods_matching import GoodsMatcher
from matcher.market import FloatArray
from matcher.pipeline import Matcher


def investment_pairs(
    matcher: Matcher, people: Sequence[Participant], today: date
) -> list[Possible]:
    """Pairs of investors with calls, whichever side they are on; none that a rule bars."""
    market = matcher.market
    calls = [one for one in people if one.party_id in market.call_row]
    investors = [one for one in people if one.party_id in market.investor_row]
    if not calls or not investors:
        return []
    rows = np.array([market.call_row[one.party_id] for one in calls], dtype=np.int64)
    columns = np.array([market.investor_row[one.party_id] for one in investors], dtype=np.int64)
    scores = np.empty((len(rows), len(market.investors)), dtype=np.float32)
    for places, part in matcher.parts(rows, today):
        scores[places] = matcher.ranker.score(part)
    for_call = np.stack([_shares(row) for row in scores])[:, columns]
    for_investor = np.stack([_shares(column) for column in scores[:, columns].T]).T
    barred = [matcher.barred(int(row), today) for row in rows]
    return [
        _possible(call, investor, float(for_call[y, x]), float(for_investor[y, x]))
        for y, call in enumerate(calls)
        for x, investor in enumerate(investors)
        if call.side != investor.side and not barred[y][columns[x]]
    ]


def goods_pairs(matcher: GoodsMatcher, people: Sequence[Participant]) -> list[Possible]:
    """Pairs of sellers' offers with buyers' requests, whichever side they are on."""
    known = {one.request_id: one for one in matcher.requests}
    offered = {one.offer_id for one in matcher.offers}
    buyers = [one for one in people if one.party_id in known]
    sellers = [one for one in people if one.party_id in offered]
    if not buyers or not sellers:
        return []
    place = {one.offer_id: column for column, one in enumerate(matcher.offers)}
    scores = np.zeros((len(buyers), len(place)), dtype=np.float32)
    for y, buyer in enumerate(buyers):
        for offer_id, worth in matcher.worth(known[buyer.party_id]).items():
            scores[y, place[offer_id]] = worth
    columns = [place[one.party_id] for one in sellers]
    for_buyer = np.stack([_shares(row) for row in scores])[:, columns]
    for_seller = np.stack([_shares(column) for column in scores[:, columns].T]).T
    return [
        _possible(buyer, seller, float(for_buyer[y, x]), float(for_seller[y, x]))
        for y, buyer in enumerate(buyers)
        for x, seller in enumerate(sellers)
        if buyer.side != seller.side
    ]


def _shares(values: FloatArray) -> FloatArray:
    """The share of values that are no greater: the best has 1."""
    order = np.sort(values)
    found = np.searchsorted(order, values, side="right") / max(1, len(values))
    return np.asarray(found, dtype=np.float32)


def _possible(one: Participant, other: Participant, mine: float, others: float) -> Possible:
    if one.side == "a":
        return Possible(one.participant_id, other.participant_id, mine, others)
    return Possible(other.participant_id, one.participant_id, others, mine)
