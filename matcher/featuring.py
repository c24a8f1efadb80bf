"""The features of calls against all investors, by kind: texts, fields, places, sizes, deals."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from matcher.doing import LEAST, covers, main_activities
from matcher.kernels import (
    closeness,
    log_lift,
    nearest,
    offered,
    softened,
    unit,
    unit_sum,
)
from matcher.lexical import dot
from matcher.market import FloatArray, IntArray
from matcher.past import Past
from matcher.programme_ties import programme_ties

Columns = dict[str, FloatArray]  # name → (n_calls, n_investors)


@dataclass(frozen=True, slots=True)
class FeatureConfig:
    """Scales of the features.

    E5 cosines of short texts crowd between .75 and 1, so closeness is measured from
    ``similarity_floor``; ``nearest`` past projects vote with their closeness to the power of
    ``sharpness``, or a ``few`` of them, whose votes are summed and not shared out;
    ``recency_years`` is how long until activity counts 1/e. ``prior`` is how many average projects
    an investor's own record is mixed with. ``share`` is the share of the votes that counts as a
    first sign of interest. ``ridge`` is the penalty of the learned text.
    """

    similarity_floor: float = 0.75
    nearest: int = 50
    few: int = 30
    sharpness: float = 4.0
    recency_years: float = 4.0
    prior: float = 2.0
    share: float = 0.002
    temperature: float = 0.02
    ridge: float = 1.0
    ridge_unit: float = 0.01  # a prediction of this size is a first sign of interest
    most_projects: int = 4000  # the latest that ridge regression learns from
    part: int = 48  # calls scored at a time


DEFAULT_FEATURES = FeatureConfig()


class Scorer:
    """Features of calls that have no deal in the past it is given: all, or those ``wanted``."""

    def __init__(
        self, past: Past, config: FeatureConfig, *, wanted: frozenset[str] | None = None
    ) -> None:
        self.past, self.market, self.config = past, past.market, config
        self.wanted = wanted

    def __call__(self, calls: IntArray) -> Columns:
        """Columns by name, each (len(calls), n_investors); a name may be absent: unknown."""
        shape = (len(calls), len(self.market.investors))
        out: Columns = {
            name: np.zeros(shape, dtype=np.float32)
            for name in ("best_project", "neighbours", "sector_history", "province_history",
                         "region_history", "breadth", "recency")
        }  # fmt: skip
        self._stated(out, calls)
        self._profiles(out, calls)
        if self._needs("sector_profile"):
            self._sector_profile(out, calls)
        if len(self.past.deals):
            self._activity(out, len(calls))
            self._records(out, calls)
            kernel = self._meaning(out, calls)
            if self._needs("word_", "partner_", "taste_", "country_", "peer_"):
                self._words(out, calls, kernel)
            if self._needs("learned_text"):
                out["learned_text"] = self._learned(calls)
            if self._needs("sector_votes", "sector_lift", "place_", "capital_lift", "demand_"):
                self._fields(out, calls)
        self._demand(out, calls)
        if self._needs("tag_"):
            self._tags(out, calls)
        if self._needs("does_activity"):
            self._does(out, calls)
        return out

    def _needs(self, *starts: str) -> bool:
        """Whether a wanted feature's name begins so; what is not wanted is not computed."""
        return self.wanted is None or any(name.startswith(starts) for name in self.wanted)

    # what the parties say of themselves, whatever they did

    def _stated(self, out: Columns, calls: IntArray) -> None:
        market = self.market
        fields = market.call_sectors[calls].astype(np.float32)
        stated = market.stated_sectors
        out["sector_stated"] = ((fields @ stated.T.astype(np.float32)) > 0).astype(np.float32)
        out["sector_stated"][:, ~stated.any(axis=1)] = np.nan
        province = market.call_province[calls]
        known = province >= 0
        shape = out["sector_stated"].shape
        out["province_wanted"] = np.full(shape, np.nan, dtype=np.float32)
        out["province_wanted"][known] = market.wanted_provinces[:, province[known]].T
        out["province_wanted"][:, ~market.wanted_provinces.any(axis=1)] = np.nan
        out["programme_tie"] = programme_ties(market, calls)
        gap = np.abs(market.call_capital[calls][:, None] - market.stated_capital[None, :])
        out["capital_fit"] = np.exp(-gap)

    def _profiles(self, out: Columns, calls: IntArray) -> None:
        profiles = self.market.vectors.profiles
        near = self.market.vectors.calls[calls] @ profiles.T
        out["profile"] = closeness(near, self.config.similarity_floor)
        out["profile"][:, ~profiles.any(axis=1)] = np.nan

    def _sector_profile(self, out: Columns, calls: IntArray) -> None:
        """Lift of the call's fields in what the investor did and says, and compatriots did."""
        fields = self.market.call_sectors[calls].astype(np.float32)
        out["sector_profile"] = log_lift(fields, self._field_odds)

    def _tags(self, out: Columns, calls: IntArray) -> None:
        """The same and more for activities, which are finer than fields."""
        tags = self.market.call_activities
        wanted = tags[calls]
        known = wanted.any(axis=1)
        if not known.any():
            return
        weighed = unit_sum(wanted * self.market.activity_rarity)
        stated = self.market.investor_activities
        if self._needs("tag_match"):
            out["tag_match"] = weighed @ self.market.investor_offers.T
            out["tag_match"][:, ~stated.any(axis=1)] = np.nan
        if self._needs("tag_profile"):
            out["tag_profile"] = log_lift(softened(wanted), self._tag_odds)
        if len(self.past.deals) and self._needs("tag_votes", "tag_lift"):
            kernel = weighed @ offered(tags[self.past.projects]).T
            out["tag_votes"] = self._log(unit_sum(self._votes(kernel**2)))
            out["tag_lift"] = self._lift(kernel**2)
        for name in ("tag_match", "tag_votes", "tag_lift"):
            if name in out:
                out[name][~known] = np.nan

    def _does(self, out: Columns, calls: IntArray) -> None:
        """Who names a main activity of the call in a past project or in the profile."""
        wanted = main_activities(self.market.call_named[calls]).astype(np.float32)
        out["does_activity"] = (wanted @ self._reach.T > 0).astype(np.float32)
        out["does_activity"][~wanted.any(axis=1)] = np.nan

    @cached_property
    def _reach(self) -> FloatArray:
        """(n_investors, n_activities) 1 for what an investor does, itself or a kind of it."""
        did = self.past.matrix().T @ (self.market.call_named >= LEAST).astype(np.float32)
        return covers((self.market.investor_named >= LEAST) | (did > 0)).astype(np.float32)

    @cached_property
    def _field_odds(self) -> FloatArray:
        """See :meth:`_odds`; by field."""
        market = self.market
        return self._odds(market.call_sectors.astype(np.float32), market.stated_sectors)

    @cached_property
    def _tag_odds(self) -> FloatArray:
        """See :meth:`_odds`; by activity."""
        market = self.market
        return self._odds(softened(market.call_activities), softened(market.investor_activities))

    def _odds(self, of_calls: FloatArray, stated: NDArray[np.generic]) -> FloatArray:
        """(n_investors, n_kinds) share of each kind with the investor over its usual share.

        An investor's few deals are mixed with the kinds it states (as two deals), those of its
        compatriots (as one) and everybody's (as one).
        """
        did = np.asarray(self.past.matrix().T @ unit_sum(of_calls), dtype=np.float32)
        usual = did.sum(axis=0) + 0.5
        usual /= usual.sum()
        said = stated.astype(np.float32)
        named = said.any(axis=1, keepdims=True)
        home = self.market.home_country
        from_home = home.any(axis=1, keepdims=True)
        national = home @ unit_sum(home.T @ did + 3.0 * usual)
        mixed = did + 2.0 * unit_sum(said) + national + usual
        total = did.sum(axis=1, keepdims=True) + 2.0 * named + 1.0 * from_home + 1.0
        return np.asarray(mixed / total / usual, dtype=np.float32)

    # what the investors did

    def _activity(self, out: Columns, n: int) -> None:
        past, years = self.past, self.config.recency_years
        last = np.full(len(self.market.investors), np.inf, dtype=np.float32)
        np.minimum.at(last, past.investor, past.age)
        rows = {
            "breadth": np.log1p(past.count),
            "recency": np.exp(-last / years),
            "activity_recent": np.log1p(past.active(past.pace)),
            "activity_medium": np.log1p(past.active(3 * past.pace)),
        }
        for name, row in rows.items():
            out[name] = np.broadcast_to(row.astype(np.float32), (n, len(row)))

    def _records(self, out: Columns, calls: IntArray) -> None:
        """Field, place and size of the investor's own past projects."""
        market, past = self.market, self.past
        owners, first = past.owners, past.starts
        fields = market.call_sectors.astype(np.float32)
        share = past.count[owners] + 1.0

        def total(values: np.ndarray) -> FloatArray:
            return np.add.reduceat(values[:, past.call], first, axis=1).astype(np.float32)

        same_field = (fields[calls] @ fields.T > 0).astype(np.float32)
        out["sector_history"][:, owners] = total(same_field) / share
        province, region = market.call_province, market.call_region
        same = (province[calls][:, None] == province) & (province[calls] >= 0)[:, None]
        out["province_history"][:, owners] = np.log1p(total(same.astype(np.float32)))
        near = (region[calls][:, None] == region) & (region[calls] >= 0)[:, None]
        out["region_history"][:, owners] = total(near.astype(np.float32)) / share
        out["land_fit"] = np.full_like(out["capital_fit"], np.nan)
        for name, size in (("capital_fit", market.call_capital), ("land_fit", market.call_land)):
            gap = np.abs(size[calls][:, None] - size)
            gap = np.where(np.isnan(gap), np.inf, gap)[:, past.call]
            fit = np.exp(-np.minimum.reduceat(gap, first, axis=1))
            out[name][:, owners] = np.fmax(out[name][:, owners], np.where(fit > 0, fit, np.nan))

    def _meaning(self, out: Columns, calls: IntArray) -> FloatArray:
        """Nearness in meaning of anybody's past projects; gives the kernel of their votes."""
        past, market, config = self.past, self.market, self.config
        projects, owners, first = past.projects, past.owners, past.starts
        cosine = market.vectors.calls[calls] @ market.vectors.calls[projects].T
        close = closeness(cosine, config.similarity_floor)
        column = np.searchsorted(projects, past.call)
        same = np.exp((close - 1.0) / 0.1)
        for name, values in (("best_project", close), ("same_project", same)):
            out.setdefault(name, np.zeros_like(out["neighbours"]))
            out[name][:, owners] = np.maximum.reduceat(values[:, column], first, axis=1)
        kernel = nearest(close**config.sharpness, config.nearest)
        out["neighbours"] = unit_sum(self._votes(kernel))
        if not self._needs("text_", "word_", "partner_", "taste_", "country_", "peer_", "demand_"):
            return kernel
        self._call(out, "demand_text", self._crowd(kernel))
        out["text_votes"] = self._log(out["neighbours"])
        out["text_votes_recent"] = self._log(unit_sum(self._votes(kernel, recent=True)))
        soft = np.exp((cosine - cosine.max(axis=1, keepdims=True)) / config.temperature)
        soft *= np.any(cosine, axis=1, keepdims=True)
        out["text_lift"] = self._lift(soft)
        out["text_sum"] = np.log1p(self._votes(nearest(kernel, config.few)) * 5.0)
        return kernel

    def _words(self, out: Columns, calls: IntArray, kernel: FloatArray) -> None:
        """Words in common with past projects, and votes handed on to those who act alike."""
        past, market, config = self.past, self.market, self.config
        projects, owners, first = past.projects, past.owners, past.starts
        words = dot(market.call_words[calls], market.call_words[projects])
        column = np.searchsorted(projects, past.call)
        out["word_best"] = np.zeros_like(out["neighbours"])
        out["word_best"][:, owners] = np.maximum.reduceat(words[:, column], first, axis=1)
        out["word_votes"] = self._log(unit_sum(self._votes(nearest(words**2, config.nearest))))
        out["word_sum"] = np.log1p(self._votes(nearest(words, config.few)) * 5.0)
        out["word_lift"] = self._lift(words)
        both = self._votes(unit_sum(kernel) + unit_sum(nearest(words**2, config.nearest)))
        shares = unit_sum(both)
        partners = np.asarray((past.partners @ shares.T).T, dtype=np.float32)
        out["partner_votes"] = self._log(unit_sum(partners))
        tastes: FloatArray = np.maximum(shares @ past.tastes @ past.tastes.T, np.float32(0.0))
        out["taste_votes"] = self._log(unit_sum(tastes))
        self._groups(out, shares)

    def _groups(self, out: Columns, shares: FloatArray) -> None:
        """Votes handed on to compatriots and to investors with a similar profile."""
        countries = self.market.home_country
        if countries.size:
            of_country = shares @ countries
            base = np.maximum(countries.sum(axis=0), 1.0)
            out["country_votes"] = np.log1p((of_country / base * 50.0) @ countries.T)
            out["country_votes"][:, ~countries.any(axis=1)] = np.nan
        peers = self.market.profile_peers
        if peers.nnz:
            handed = np.asarray((peers @ shares.T).T, dtype=np.float32)
            out["peer_votes"] = self._log(handed)
            out["peer_votes"][:, np.diff(peers.indptr) == 0] = np.nan

    def _fields(self, out: Columns, calls: IntArray) -> None:
        """Field, place and capital as kernels over anybody's past projects."""
        market, past = self.market, self.past
        projects = past.projects
        fields = dot(market.call_headings[calls], market.call_headings[projects])
        out["sector_votes"] = self._log(unit_sum(self._votes(fields)))
        out["sector_votes_recent"] = self._log(unit_sum(self._votes(fields, recent=True)))
        out["sector_lift"] = self._lift(fields)
        place, region = market.call_province, market.call_region
        near = 0.3 * ((region[calls][:, None] == region[projects]) & (region[projects] >= 0))
        near += 0.7 * ((place[calls][:, None] == place[projects]) & (place[projects] >= 0))
        out["place_lift"] = self._lift(near.astype(np.float32))
        gap = market.call_capital[calls][:, None] - market.call_capital[projects]
        size = np.exp(-0.5 * (np.nan_to_num(gap, nan=9.0) / 0.5) ** 2).astype(np.float32)
        out["capital_lift"] = self._lift(size)
        self._call(out, "demand_field", self._crowd(fields))
        self._call(out, "demand_capital", self._crowd(size))
        recent = np.zeros(len(market.calls), dtype=np.float32)
        np.add.at(recent, past.call, np.exp(-past.age / past.pace))
        all_of, lately = past.size[projects], recent[projects]
        usual, now = fields @ all_of / all_of.sum(), fields @ lately / lately.sum()
        self._call(out, "field_momentum", np.log((now + 0.01) / (usual + 0.01)))

    def _demand(self, out: Columns, calls: IntArray) -> None:
        self._call(out, "call_capital", self.market.call_capital[calls])

    def _call(self, out: Columns, name: str, values: FloatArray) -> None:
        """One number a call, the same for every investor."""
        shape = (len(values), len(self.market.investors))
        out[name] = np.broadcast_to(values[:, None].astype(np.float32), shape)

    def _crowd(self, kernel: FloatArray) -> FloatArray:
        """log of the mean number of investors of near projects over the mean of all."""
        size = self.past.size[self.past.projects]
        mean = float(size.mean())
        weight = kernel / max(float(kernel.max(initial=0.0)), 1e-9)
        logs = np.log(size / mean)
        return np.asarray((weight @ logs) / (weight.sum(axis=1) + 3.0), dtype=np.float32)

    def _learned(self, calls: IntArray) -> FloatArray:
        """Kernel ridge regression of all deals on text, words and field."""
        from scipy.linalg import cho_solve  # noqa: PLC0415 -- slow import

        projects, factor = self._ridge
        share = cho_solve((factor, True), self._kernel(projects, calls).astype(np.float64))
        values = np.asarray((self._later_deals @ share).T, dtype=np.float32)
        return np.asarray(np.arcsinh(values / self.config.ridge_unit), dtype=np.float32)

    @cached_property
    def _ridge(self) -> tuple[IntArray, NDArray[np.float64]]:
        """Projects learned from, and the Cholesky factor of their kernel."""
        past, config = self.past, self.config
        projects = past.projects
        if len(projects) > config.most_projects:
            age = np.full(len(self.market.calls), np.inf)
            np.minimum.at(age, past.call, past.age)
            latest = np.argsort(age[projects], kind="stable")[: config.most_projects]
            projects = np.sort(projects[latest])
        kernel = self._kernel(projects, projects).astype(np.float64)
        kernel[np.diag_indices_from(kernel)] += config.ridge
        return projects, np.asarray(np.linalg.cholesky(kernel), dtype=np.float64)

    @cached_property
    def _later_deals(self) -> sparse.csr_matrix:
        deals = self.past.matrix(3 * self.past.pace)
        return sparse.csr_matrix(deals[self._ridge[0]].T.tocsr())

    def _kernel(self, calls: IntArray, projects: IntArray) -> FloatArray:
        market = self.market
        meaning = self._centred[calls] @ self._centred[projects].T
        words = dot(market.call_words[calls], market.call_words[projects])
        fields = dot(market.call_headings[calls], market.call_headings[projects])
        return np.asarray(meaning + words + 0.5 * fields + 0.1, dtype=np.float32)

    @cached_property
    def _centred(self) -> FloatArray:
        vectors = self.market.vectors.calls
        middle = vectors[self.past.projects].mean(axis=0)
        return unit(np.where(vectors.any(axis=1, keepdims=True), vectors - middle, 0.0))

    # votes and lifts

    @cached_property
    def _deals(self) -> sparse.csr_matrix:
        return self.past.matrix()[self.past.projects].T.tocsr()

    @cached_property
    def _recent_deals(self) -> sparse.csr_matrix:
        return self.past.matrix(self.past.pace)[self.past.projects].T.tocsr()

    def _votes(self, kernel: FloatArray, *, recent: bool = False) -> FloatArray:
        """(n_calls, n_projects) weights of past projects → (n_calls, n_investors) votes."""
        deals = self._recent_deals if recent else self._deals
        return np.asarray((deals @ kernel.T).T, dtype=np.float32)

    def _lift(self, kernel: FloatArray) -> FloatArray:
        """log of own mean nearness over everybody's; 0 for calls that nothing is near to."""
        past, prior = self.past, self.config.prior
        mean = kernel @ past.size[past.projects] / max(len(past.deals), 1)
        mean = np.where(mean > 0, mean, np.inf)[:, None]
        own = self._votes(kernel) / mean
        lift = np.log((own + prior) / (past.count + prior))
        lift[~np.isfinite(mean[:, 0])] = 0.0
        return np.asarray(lift, dtype=np.float32)

    def _log(self, shares: FloatArray) -> FloatArray:
        return np.asarray(np.log1p(shares / self.config.share), dtype=np.float32)
