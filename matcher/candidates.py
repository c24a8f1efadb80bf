"""Candidate generation: who may be worth scoring at all. Wide on purpose; scoring narrows it."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

import numpy as np

from matcher.market import BoolArray, FloatArray, IntArray, Market


class Neighbours(Protocol):
    """Nearest rows of an index, for one kind of row: owner ids, best first, repeats allowed."""

    def owners_near(self, vector: FloatArray, *, kind: str, k: int) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class CandidateConfig:
    """``dense``: how many nearest past projects, and as many profiles, bring their owners in.
    ``enough``: with fewer candidates than this, the most active investors fill up."""

    dense: int = 300
    enough: int = 100


@dataclass(frozen=True)
class CandidateGenerator:
    """Investors for a call: near in text, same field, same province, tied by a programme."""

    market: Market
    neighbours: Neighbours
    config: CandidateConfig = CandidateConfig()
    fresh: tuple[int, ...] = ()  # rows of investors that the index does not know: always looked at

    def __call__(self, *, call: int) -> IntArray:
        """Rows of the investors worth scoring for the call's row, ascending."""
        chosen = np.zeros(len(self.market.investors), dtype=np.bool_)
        vector = self.market.vectors.calls[call]
        if vector.any():
            for kind in ("project", "profile"):
                owners = self.neighbours.owners_near(vector, kind=kind, k=self.config.dense)
                rows = self.market.investor_row  # the index may know parties that are gone
                chosen[[rows[owner] for owner in owners if owner in rows]] = True
        chosen |= self._same_field(call) | self._same_place(call)
        chosen[list(self.fresh)] = True
        missing = self.config.enough - int(chosen.sum())
        if missing > 0:
            chosen[self._most_active(~chosen, missing)] = True
        return np.flatnonzero(chosen)

    def _same_field(self, call: int) -> BoolArray:
        fields = self.market.call_sectors[call]
        stated = np.any(self.market.stated_sectors[:, fields], axis=1)
        did = np.any(self.market.call_sectors[self.market.deal_call][:, fields], axis=1)
        return np.asarray(stated | self._owners(np.asarray(did)))

    def _same_place(self, call: int) -> BoolArray:
        province = self.market.call_province[call]
        if province < 0:
            return np.zeros(len(self.market.investors), dtype=np.bool_)
        did = self.market.call_province[self.market.deal_call] == province
        wanted = self.market.wanted_provinces[:, province]
        return self._owners(did) | wanted | self.market.programme_tie[:, province]

    def _owners(self, deals: BoolArray) -> BoolArray:
        out = np.zeros(len(self.market.investors), dtype=np.bool_)
        out[self.market.deal_investor[deals]] = True
        return out

    def _most_active(self, free: BoolArray, n: int) -> IntArray:
        count = np.bincount(self.market.deal_investor, minlength=len(self.market.investors))
        order = np.lexsort((np.arange(len(count)), -count))
        return order[free[order]][:n]


def open_calls(market: Market, *, today: date) -> IntArray:
    """Rows of the calls that invite on that day."""
    rows = [row for row, call in enumerate(market.calls) if call.is_open(today)]
    return np.array(rows, dtype=np.int64)


def calls_marked_open(market: Market) -> IntArray:
    """Rows of the calls whose status is open, whatever the day."""
    rows = [row for row, call in enumerate(market.calls) if call.status == "open"]
    return np.array(rows, dtype=np.int64)
