"""The facts behind reasons: which deals, words and programmes, most telling first."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from data.records import Interval, Investor, Programme, ProjectCall
from data.reference.provinces import provinces
from data.reference.sectors import sector_name
from embeddings.tagging import Tag
from matcher.activities import activity_similarity, columns
from matcher.doing import shared
from matcher.eligibility import interest_source, known, profile_source, vietnamese_date
from matcher.market import Market, call_fields, investor_fields, place_key, tied_provinces
from matcher.types import Evidence

_STAGE = {
    "proposal": ("đề xuất", "proposed"),
    "MoU": ("ký biên bản ghi nhớ", "signed an MoU for"),
    "policy-approval": ("được chấp thuận chủ trương", "got policy approval for"),
    "certificate": ("được cấp chứng nhận đầu tư", "got the investment certificate for"),
    "construction": ("đang xây dựng", "is building"),
    "operating": ("đang vận hành", "operates"),
}
ONLY_WORDS = frozenset({"proposal", "MoU"})
BEYOND = frozenset(_STAGE) - ONLY_WORDS
_CLAIM_INVESTMENT = {"sector_history", "place_history", "track_record"}
_LEAST_NEAR = 0.35  # of one activity that another must give to be called near
_LONGEST = 160  # characters of a quoted profile


def past_deals(market: Market, call: int, investor: int) -> list[int]:
    """Positions of the investor's deals but those on this very call."""
    rows = np.flatnonzero(market.deal_investor == investor)
    return [int(row) for row in rows if market.deal_call[row] != call]


@dataclass(frozen=True)
class Facts:
    """Finds the facts of a market's pairs, by row numbers."""

    market: Market

    def supporting(self, code: str, call: int, investor: int) -> list[int]:
        """The past deals that make a reason, most telling first."""
        deals = past_deals(self.market, call, investor)
        near = self._nearness(call, deals)
        order = sorted(deals, key=lambda deal: (-near[deal], deal))
        if code == "similar_project":
            return self._similar_first(call, order)
        if code in {"capital_fit", "land_fit"}:
            return self._closest(code, call, deals)
        if code == "track_record":
            order.sort(key=lambda deal: -int(self.market.deal_day[deal]))
        if code == "place_history":
            order.sort(key=lambda deal: not _same_place(self._call(call), self.project(deal)))
        if code in _CLAIM_INVESTMENT:  # what proves the claim leads
            order.sort(key=lambda deal: self.market.deals[deal].stage not in BEYOND)
        return [deal for deal in order if _supports(code, self._call(call), self.project(deal))]

    def doing(self, call: int, investor: int) -> list[int]:
        """The past deals on projects of a main activity of the call, the nearest first."""
        deals = [deal for deal in past_deals(self.market, call, investor) if self.same(call, deal)]
        near = self._nearness(call, deals)
        return sorted(deals, key=lambda deal: (-near[deal], deal))

    def same(self, call: int, deal: int) -> tuple[tuple[Tag, Tag], ...]:
        """The main activities of the call that the deal's project names."""
        tags = self.market.tags.calls
        return shared(tags[call], tags[int(self.market.deal_call[deal])])

    def named(self, call: int, investor: int) -> tuple[tuple[Tag, Tag], ...]:
        """The main activities of the call that the investor's profile names."""
        return shared(self.market.tags.calls[call], self.market.tags.investors[investor])

    def nearest_tags(self, call: int, investor: int) -> list[Tag]:
        """The profile's activities that come nearest to the call's, the nearest first."""
        tags = self.market.tags
        found: dict[str, tuple[float, Tag]] = {}
        for want in tags.calls[call]:
            for has in tags.investors[investor]:
                if want.activity_id in columns() and has.activity_id in columns():
                    fit = activity_similarity(want.activity_id, has.activity_id)
                    worth = fit * want.confidence * has.confidence
                    if fit >= _LEAST_NEAR and worth > found.get(has.activity_id, (0.0,))[0]:
                        found[has.activity_id] = (worth, has)
        best = sorted(found.values(), key=lambda pair: (-pair[0], pair[1].activity_id))
        return [tag for _, tag in best]

    def stated_capital(self, call: int, investor: int) -> bool:
        """Whether the investor's own range is nearer to the call's capital than any past deal."""
        market = self.market
        stated = abs(float(market.call_capital[call] - market.stated_capital[investor]))
        if np.isnan(stated):
            return False
        deals = past_deals(market, call, investor)
        gaps = np.abs(market.call_capital[call] - market.call_capital[market.deal_call[deals]])
        return not len(gaps) or not bool(np.nanmin([*gaps, np.inf]) < stated)

    def of_peers(self, call: int, investor: int) -> list[int]:
        """Deals of investors with a similar profile or the same home, nearest to the call first."""
        market = self.market
        peers = set(market.profile_peers[investor].indices.tolist())
        if market.home_country.size:
            share = market.home_country @ market.home_country[investor]
            peers |= set(np.flatnonzero(share > 0).tolist())
        peers.discard(investor)
        rows = np.flatnonzero(np.isin(market.deal_investor, sorted(peers)))
        deals = [int(row) for row in rows if market.deal_call[row] != call]
        near = self._nearness(call, deals)
        return sorted(deals, key=lambda deal: (-near[deal], deal))

    def programmes(self, call: ProjectCall, party: Investor) -> list[Programme]:
        """Those that tie the investor's home to the call's province, the latest first."""
        home, there = party.home_province.code, call.place.code
        if not (home and there):
            return []
        ties = [p for p in self.market.programmes if there in tied_provinces(p, home)]
        return sorted(ties, key=lambda p: p.period, reverse=True)

    def project(self, deal: int) -> ProjectCall:
        return self.market.calls[int(self.market.deal_call[deal])]

    def of_deal(self, deal: int) -> Evidence:
        """A deal as a fact: who did what, where, when, and who says so."""
        record = self.market.deals[deal]
        project = self.project(deal)
        name = self.market.investors[int(self.market.deal_investor[deal])].name
        stage_vi, stage_en = _STAGE.get(record.stage, ("có dự án ghi nhận", "has on record"))
        place = project.place.old_name or project.place.name or project.place.as_written
        where = ", ".join(part for part in (project.location, place) if part)
        title_en = project.title_en or project.title
        return Evidence(
            vi=f"{name}: {stage_vi} «{project.title}»{_in(where, ' tại ')}, "
            f"{vietnamese_date(record.date)}",
            en=f"{name}: {stage_en} “{title_en}”{_in(where, ' in ')}, {record.date}",
            source_url=record.source_url or project.source_url,
            call_id=project.call_id,
        )

    def _call(self, row: int) -> ProjectCall:
        return self.market.calls[row]

    def _nearness(self, call: int, deals: Sequence[int]) -> dict[int, float]:
        vectors = self.market.vectors.calls
        projects = self.market.deal_call[list(deals)]
        near = vectors[projects] @ vectors[call]
        return dict(zip(deals, near.tolist(), strict=True))

    def _similar_first(self, call: int, order: list[int]) -> list[int]:
        """Those of the call's activity lead; the nearest in text stands second at the latest."""
        alike = [deal for deal in order if self.same(call, deal)]
        led = alike[:1] + order[:1] + alike[1:] + order[1:]
        return list(dict.fromkeys(led))

    def _closest(self, code: str, call: int, deals: Sequence[int]) -> list[int]:
        """Deals of a project whose size is known, the closest in size first."""
        market = self.market
        size = market.call_capital if code == "capital_fit" else market.call_land
        kept = [deal for deal in deals if known(_size(code, self.project(deal)))]
        gap = {deal: abs(float(size[call] - size[market.deal_call[deal]])) for deal in kept}
        return sorted(kept, key=lambda deal: (np.nan_to_num(gap[deal], nan=np.inf), deal))


def said(party: Investor) -> Evidence:
    """What the investor wants, else what it does, shortened: the words behind a stated reason."""
    wanted = party.notes.get("looking_for", "").replace("|", "; ")
    words = wanted or ", ".join(party.activities) or party.description
    vi, en = (
        words or ", ".join(sector_name(c, language) for c in investor_fields(party) if c)
        for language in ("vi", "en")
    )
    source = interest_source(party) if wanted else profile_source(party)
    return Evidence(f"{party.name}: {vi[:_LONGEST]}", f"{party.name}: {en[:_LONGEST]}", source)


def said_of(party: Investor, tags: Sequence[Tag]) -> Evidence:
    """The words of a profile that prove its activities; all it says where none stand out."""
    words = list(dict.fromkeys(word for tag in tags for word in tag.words))
    if not words:
        return said(party)
    quoted = ", ".join(f"“{word}”" for word in words[:6])
    source = profile_source(party) or interest_source(party)
    return Evidence(f"{party.name}: hồ sơ ghi {quoted}", f"{party.name}: profile {quoted}", source)


def of_programme(programme: Programme) -> Evidence:
    name, period = programme.name_vi, _in(programme.period, ", ")
    return Evidence(f"«{name}»{period}", f"“{name}”{period}", programme.source)


def of_capital(party: Investor) -> Evidence:
    """The sum that the investor states."""
    text = party.capital.text or said(party).vi
    return Evidence(f"{party.name}: {text}", f"{party.name}: {text}", interest_source(party))


def _supports(code: str, target: ProjectCall, project: ProjectCall) -> bool:
    if code == "sector_history":
        return bool(set(call_fields(target)) & set(call_fields(project)))
    if code == "place_history":
        return _same_place(target, project) or _same_region(target, project)
    return True


def _size(code: str, project: ProjectCall) -> Interval:
    return project.capital.vnd if code == "capital_fit" else project.land.ha


def _same_place(one: ProjectCall, other: ProjectCall) -> bool:
    return bool(place_key(one)) and place_key(one) == place_key(other)


def _same_region(one: ProjectCall, other: ProjectCall) -> bool:
    regions = provinces()
    mine, theirs = regions.get(one.place.code), regions.get(other.place.code)
    return mine is not None and theirs is not None and mine.region == theirs.region


def _in(where: str, word: str) -> str:
    return f"{word}{where}" if where else ""
