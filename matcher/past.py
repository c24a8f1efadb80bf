"""What was known on a day: the deals before it as sparse matrices, with counts and smoothing.

Deals on the calls being scored are left out, so that a pair of the past looks as it looked before
the deal was made.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from matcher.market import BoolArray, FloatArray, IntArray, Market

DAYS = 365.25


@dataclass(frozen=True)
class Past:
    """The deals that count, ordered by investor as the market's are.

    ``deals`` are positions in ``market.deals``, each investor–call pair once (its first deal).
    """

    market: Market
    day: int  # ordinal; deals before it count
    deals: IntArray

    @classmethod
    def before(cls, market: Market, day: int, *, without: IntArray | None = None) -> "Past":
        """The deals before the day but those on the calls ``without``."""
        keep = market.deal_day < day
        if without is not None and len(without):
            keep &= ~np.isin(market.deal_call, without)
        deals = np.flatnonzero(keep)
        pair = market.deal_investor[deals] * len(market.calls) + market.deal_call[deals]
        _, first = np.unique(pair, return_index=True)
        return cls(market, day, deals[np.sort(first)])

    @cached_property
    def investor(self) -> IntArray:
        return self.market.deal_investor[self.deals]

    @cached_property
    def call(self) -> IntArray:
        return self.market.deal_call[self.deals]

    @cached_property
    def age(self) -> FloatArray:
        """Years before the day, at least 0."""
        return ((self.day - self.market.deal_day[self.deals]) / DAYS).astype(np.float32)

    @cached_property
    def owners(self) -> IntArray:
        """Rows of the investors with any deal, ascending."""
        return np.unique(self.investor)

    @cached_property
    def starts(self) -> IntArray:
        """Where each owner's deals begin in ``deals``."""
        return np.searchsorted(self.investor, self.owners)

    @cached_property
    def count(self) -> FloatArray:
        """(n_investors,) number of deals."""
        n = len(self.market.investors)
        return np.bincount(self.investor, minlength=n).astype(np.float32)

    @cached_property
    def pace(self) -> float:
        """Years that the latest tenth of the deals (at least 30) took: how fast "lately" passes."""
        if not len(self.deals):
            return 1.0
        n = max(30, len(self.deals) // 10)
        return float(np.clip(np.sort(self.age)[: n + 1][-1], 0.25, 5.0))

    def active(self, years: float) -> FloatArray:
        """(n_investors,) deals, each counting exp(−age / years)."""
        weights = np.exp(-self.age / years)
        n = len(self.market.investors)
        return np.bincount(self.investor, weights=weights, minlength=n).astype(np.float32)

    def matrix(self, years: float | None = None) -> sparse.csr_matrix:
        """(n_calls, n_investors), 1 for a deal or its decayed weight."""
        ones = np.ones(len(self.deals), dtype=np.float32)
        weights = ones if years is None else np.exp(-self.age / years).astype(np.float32)
        shape = (len(self.market.calls), len(self.market.investors))
        return sparse.csr_matrix((weights, (self.call, self.investor)), shape=shape)

    @cached_property
    def projects(self) -> IntArray:
        """Rows of the calls with any deal, ascending."""
        return np.unique(self.call)

    @cached_property
    def size(self) -> FloatArray:
        """(n_calls,) number of investors."""
        return np.bincount(self.call, minlength=len(self.market.calls)).astype(np.float32)

    @cached_property
    def partners(self) -> sparse.csr_matrix:
        """(n_investors, n_investors) cosine of having invested in the same calls; diagonal zero."""
        damped = sparse.diags(1.0 / np.sqrt(np.maximum(self.size, 1.0)))
        deals = sparse.csr_matrix(damped @ self.matrix())
        together = sparse.csr_matrix(deals.T @ deals, dtype=np.float32)
        scale = sparse.diags(1.0 / np.sqrt(self.count + 2.0))
        cosine = sparse.csr_matrix(scale @ together @ scale, dtype=np.float32)
        cosine.setdiag(0.0)
        cosine.eliminate_zeros()
        return cosine

    @cached_property
    def tastes(self) -> FloatArray:
        """(n_investors, rank): investors in the space of what is invested in together."""
        deals = self.matrix()[self.projects]
        rank = min(48, min(deals.shape) // 4)
        if rank < 4:
            return np.zeros((deals.shape[1], 1), dtype=np.float32)
        from scipy.sparse.linalg import svds  # noqa: PLC0415 -- slow import

        start = np.random.default_rng(7).normal(size=min(deals.shape))
        _, _, right = svds(deals.astype(np.float64), k=rank, v0=start)
        return np.ascontiguousarray(right.T, dtype=np.float32)


def has_past(market: Market, calls: IntArray, day: int) -> BoolArray:
    """Which of the calls have a deal before the day themselves."""
    return np.isin(calls, market.deal_call[market.deal_day < day])
