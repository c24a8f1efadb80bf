"""Why a pair scores as it does, in both languages, from the same features the ranker saw.

A reason's contribution is the sum of what its features put into the score, so the reasons account
for the score and a reason without weight is not shown. Each names the facts it rests on.
"""

import re
from collections.abc import Set
from dataclasses import dataclass

import numpy as np

from data.records import Investor, Programme, ProjectCall
from data.reference.provinces import provinces
from data.reference.sectors import sector_name
from data.reference.spelling import fold
from matcher.eligibility import (
    bracketed,
    hectares,
    interest_source,
    of_general_knowledge,
    profile_source,
    vietnamese_date,
)
from matcher.market import (
    FloatArray,
    Market,
    call_fields,
    investor_fields,
    place_key,
    tied_provinces,
)
from matcher.types import Caution, Evidence, Reason

_FEATURES_OF = {
    "similar_project": (
        "best_project",
        "same_project",
        "neighbours",
        "text_votes",
        "text_votes_recent",
        "text_lift",
        "word_best",
        "word_votes",
        "word_sum",
        "text_sum",
        "word_lift",
        "learned_text",
        "tag_votes",
        "tag_lift",
    ),
    "activity_match": ("tag_match", "tag_profile"),
    "profile_match": ("profile",),
    "sector_history": (
        "sector_history",
        "sector_votes",
        "sector_votes_recent",
        "sector_lift",
        "sector_profile",
    ),
    "sector_stated": ("sector_stated",),
    "place_history": ("province_history", "region_history", "place_lift"),
    "province_wanted": ("province_wanted",),
    "capital_fit": ("capital_fit", "capital_lift"),
    "land_fit": ("land_fit",),
    "track_record": ("breadth", "recency", "activity_recent", "activity_medium"),
    "similar_investors": ("partner_votes", "taste_votes", "peer_votes", "country_votes"),
    "programme_tie": ("programme_tie",),
}
REASON_OF = {feature: code for code, features in _FEATURES_OF.items() for feature in features}
"""Which reason each feature speaks for: a handful of codes a person understands."""

_STAGE = {
    "proposal": ("đề xuất", "proposed"),
    "MoU": ("ký biên bản ghi nhớ", "signed an MoU for"),
    "policy-approval": ("được chấp thuận chủ trương", "got policy approval for"),
    "certificate": ("được cấp chứng nhận đầu tư", "got the investment certificate for"),
    "construction": ("đang xây dựng", "is building"),
    "operating": ("đang vận hành", "operates"),
}
_ONLY_WORDS = frozenset({"proposal", "MoU"})
_BEYOND = frozenset(_STAGE) - _ONLY_WORDS
_DID = {
    "invested": ("Đã đầu tư", "Has invested"),
    "proposed": ("Đã đề xuất dự án", "Has proposed projects"),
    "recorded": ("Có dự án được ghi nhận", "Has projects on record"),  # the stage is not known
}


@dataclass(frozen=True, slots=True)
class ExplainConfig:
    """Only reasons of at least ``least_share`` of the strongest one are worth a line."""

    least_share: float = 0.05
    most_evidence: int = 3


@dataclass(frozen=True)
class Explainer:
    """Reasons and cautions of single pairs of a market."""

    market: Market
    config: ExplainConfig = ExplainConfig()

    def reasons(
        self, *, call: int, investor: int, names: tuple[str, ...], contributions: FloatArray
    ) -> tuple[Reason, ...]:
        """Strongest first. ``contributions`` is (len(names),), in units of the score."""
        weight: dict[str, float] = {}
        for name, value in zip(names, contributions.tolist(), strict=True):
            if name in REASON_OF:  # the others say something of the call, alike for all investors
                weight[REASON_OF[name]] = weight.get(REASON_OF[name], 0.0) + value
        strongest = max(weight.values(), default=0.0)
        made = [
            self._reason(code, value, call, investor)
            for code, value in sorted(weight.items(), key=lambda item: (-item[1], item[0]))
            if value > 0 and value >= self.config.least_share * strongest
        ]
        return tuple(reason for reason in made if reason is not None)

    def cautions(self, *, call: int, investor: int) -> tuple[Caution, ...]:
        target, party = self.market.calls[call], self.market.investors[investor]
        deals = self.past_deals(call, investor)
        projects = [self.market.calls[int(self.market.deal_call[d])] for d in deals]
        out: list[Caution] = []
        if not projects:
            out.append(_NO_RECORD)
        else:
            fields = set(call_fields(target))
            if fields and not any(fields & set(call_fields(p)) for p in projects):
                out.append(_new_field(target))
            if all(self.market.deals[d].stage in _ONLY_WORDS for d in deals):
                out.append(_ONLY_PROPOSED)
            needed, largest = target.capital.vnd, _largest(projects)
            if largest is not None and (needed.low or needed.high or 0.0) > 5 * largest:
                out.append(_LARGER)
        if np.isnan(self.market.call_capital[call]):
            out.append(_CAPITAL_UNKNOWN)
        if of_general_knowledge(party):
            out.append(_GENERAL_KNOWLEDGE)
        if party.notes.get("kind") in {"delegation", "association"}:
            out.append(_SPEAKS_FOR_OTHERS)
        return tuple(out)

    def past_deals(self, call: int, investor: int) -> list[int]:
        """Positions of the investor's deals but those on this very call."""
        rows = np.flatnonzero(self.market.deal_investor == investor)
        return [int(row) for row in rows if self.market.deal_call[row] != call]

    def _reason(self, code: str, weight: float, call: int, investor: int) -> Reason | None:
        target, party = self.market.calls[call], self.market.investors[investor]
        if code in _FROM_DEALS:
            deals = self._supporting(code, call, investor)
            if not deals:
                return None
            told = _FROM_DEALS[code](target, *self._standing(deals))
            facts = [self._fact(deal) for deal in deals[: self.config.most_evidence]]
        elif code == "programme_tie":
            programmes = self._programmes(target, party)
            if not programmes:
                return None
            told = _programme(target, party, programmes[0])
            facts = [_of_programme(p) for p in programmes[: self.config.most_evidence]]
        else:
            found = _ALWAYS.get(code) or _FROM_WORDS[code](target, party)
            if found is None:
                return None
            told, facts = found, [_said(party)]
        return Reason(code, *told, round(weight, 4), tuple(facts))

    def _supporting(self, code: str, call: int, investor: int) -> list[int]:
        """The past deals that make the reason, most telling first."""
        target = self.market.calls[call]
        deals = self.past_deals(call, investor)
        projects = [int(self.market.deal_call[d]) for d in deals]
        sims = self.market.vectors.calls[projects] @ self.market.vectors.calls[call]
        order = sorted(range(len(deals)), key=lambda i: (-float(sims[i]), deals[i]))
        if code == "track_record":
            order = sorted(order, key=lambda i: -self.market.deal_day[deals[i]])
        if code in _CLAIM_INVESTMENT:  # what proves the claim leads
            order = sorted(order, key=lambda i: self.market.deals[deals[i]].stage not in _BEYOND)
        return [deals[i] for i in order if _supports(code, target, self.market.calls[projects[i]])]

    def _standing(self, deals: list[int]) -> tuple[str, list[ProjectCall]]:
        """The most that the deals prove, a key of ``_DID``, and the projects that prove it."""
        stages = {deal: self.market.deals[deal].stage for deal in deals}
        proof = [deal for deal in deals if stages[deal] in _BEYOND]
        only_words = all(stage in _ONLY_WORDS for stage in stages.values())
        standing = "invested" if proof else "proposed" if only_words else "recorded"
        return standing, [self.market.calls[int(self.market.deal_call[d])] for d in proof or deals]

    def _programmes(self, call: ProjectCall, party: Investor) -> list[Programme]:
        """Those that tie the investor's home to the call's province, the latest first."""
        home, there = party.home_province.code, call.place.code
        if not (home and there):
            return []
        ties = [p for p in self.market.programmes if there in tied_provinces(p, home)]
        return sorted(ties, key=lambda p: p.period, reverse=True)

    def _fact(self, deal: int) -> Evidence:
        record = self.market.deals[deal]
        project = self.market.calls[int(self.market.deal_call[deal])]
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


def _supports(code: str, target: ProjectCall, project: ProjectCall) -> bool:
    if code == "sector_history":
        return bool(set(call_fields(target)) & set(call_fields(project)))
    if code == "place_history":
        return _same_place(target, project) or _same_region(target, project)
    if code == "capital_fit":
        return bool(project.capital.text)
    if code == "land_fit":
        return bool(project.land.text)
    return True


def _same_place(one: ProjectCall, other: ProjectCall) -> bool:
    return bool(place_key(one)) and place_key(one) == place_key(other)


def _same_region(one: ProjectCall, other: ProjectCall) -> bool:
    known = provinces()
    mine, theirs = known.get(one.place.code), known.get(other.place.code)
    return mine is not None and theirs is not None and mine.region == theirs.region


def _similar(call: ProjectCall, _standing: str, past: list[ProjectCall]) -> tuple[str, str]:
    if set(call_fields(call)) & {field for project in past for field in call_fields(project)}:
        return "Có dự án tương tự được ghi nhận", "Has a similar project on record"
    return "Dự án gần nhất được ghi nhận", "The nearest project on record"


def _sector_history(call: ProjectCall, standing: str, past: list[ProjectCall]) -> tuple[str, str]:
    vi, en = _DID[standing]
    shared = {field for project in past for field in call_fields(project)}
    return (
        f"{vi} trong lĩnh vực {_fields(call, 'vi', shared)}",
        f"{en} in the field: {_fields(call, 'en', shared)}",
    )


def _place_history(call: ProjectCall, standing: str, _: list[ProjectCall]) -> tuple[str, str]:
    vi, en = _DID[standing]
    where = call.place.name or call.place.as_written
    return f"{vi} tại {where} hoặc cùng vùng", f"{en} in {where} or its region"


def _capital_fit(call: ProjectCall, _standing: str, _past: list[ProjectCall]) -> tuple[str, str]:
    aside = bracketed(call.capital.text)
    return (
        f"Quy mô vốn{aside} gần với các dự án được ghi nhận của nhà đầu tư",
        f"The capital{aside} is close to that of its projects on record",
    )


def _land_fit(call: ProjectCall, _standing: str, _past: list[ProjectCall]) -> tuple[str, str]:
    vi, en = (bracketed(hectares(call.land.ha, x) or call.land.text) for x in ("vi", "en"))
    return (
        f"Diện tích{vi} gần với các dự án được ghi nhận của nhà đầu tư",
        f"The area{en} is close to that of its projects on record",
    )


def _track_record(_: ProjectCall, standing: str, _past: list[ProjectCall]) -> tuple[str, str]:
    if standing == "invested":
        return "Nhà đầu tư đang hoạt động tại Việt Nam", "An investor active in Vietnam"
    return _DID["recorded"]


_CLAIM_INVESTMENT = {"sector_history", "place_history", "track_record"}
_FROM_DEALS = {
    "similar_project": _similar,
    "sector_history": _sector_history,
    "place_history": _place_history,
    "capital_fit": _capital_fit,
    "land_fit": _land_fit,
    "track_record": _track_record,
}


def _sector_stated(call: ProjectCall, party: Investor) -> tuple[str, str] | None:
    vi, en = (_fields(call, x, set(investor_fields(party))) for x in ("vi", "en"))
    return (f"Hồ sơ ghi lĩnh vực {vi}", f"The profile names the field: {en}") if vi else None


def _province_wanted(call: ProjectCall, party: Investor) -> tuple[str, str] | None:
    where = call.place.name
    if call.place.code not in {place.code for place in party.provinces_wanted if place.code}:
        return None
    return f"Nhà đầu tư quan tâm {where}", f"The investor is interested in {where}"


def _programme(call: ProjectCall, party: Investor, tie: Programme) -> tuple[str, str]:
    home, there, period = party.home_province.name, call.place.name, bracketed(tie.period)
    return (
        f"Có chương trình hợp tác giữa {home} và {there}{period}",
        f"{home} and {there} have a cooperation programme{period}",
    )


def _of_programme(programme: Programme) -> Evidence:
    name, period = programme.name_vi, _in(programme.period, ", ")
    return Evidence(f"«{name}»{period}", f"“{name}”{period}", programme.source)


_ALWAYS = {
    "activity_match": (
        "Hoạt động của nhà đầu tư trùng với dự án",
        "The investor does what the project is about",
    ),
    "similar_investors": (
        "Các nhà đầu tư tương tự đã làm dự án gần giống",
        "Investors like this one have done projects like this",
    ),
    "profile_match": (
        "Hồ sơ nhà đầu tư gần với nội dung dự án",
        "The investor's profile is close to the project",
    ),
}
_FROM_WORDS = {
    "sector_stated": _sector_stated,
    "province_wanted": _province_wanted,
}

_NO_RECORD = Caution(
    "no_track_record",
    "Chưa ghi nhận dự án nào của nhà đầu tư này.",
    "No project of this investor is on record.",
)
_ONLY_PROPOSED = Caution(
    "only_proposed",
    "Các dự án ghi nhận mới ở mức đề xuất hoặc biên bản ghi nhớ.",
    "The projects on record are proposals or memoranda alone.",
)
_LARGER = Caution(
    "larger_than_record",
    "Vốn dự án lớn hơn nhiều lần dự án lớn nhất được ghi nhận của nhà đầu tư.",
    "The capital is many times that of the investor's largest project on record.",
)
_CAPITAL_UNKNOWN = Caution(
    "capital_unknown", "Chưa rõ tổng vốn của dự án.", "The project's capital is not known."
)
_GENERAL_KNOWLEDGE = Caution(
    "general_knowledge",
    "Hồ sơ nhà đầu tư theo hiểu biết chung, chưa có nguồn: cần xác minh.",
    "The investor's profile is general knowledge without a source: verify it.",
)
_SPEAKS_FOR_OTHERS = Caution(
    "speaks_for_others",
    "Đây là đoàn hoặc hiệp hội, đại diện cho nhiều doanh nghiệp.",
    "This is a delegation or association that speaks for many firms.",
)


def _new_field(call: ProjectCall) -> Caution:
    return Caution(
        "new_field",
        f"Chưa có dự án nào trong lĩnh vực {_fields(call, 'vi')}.",
        f"No project on record in the field: {_fields(call, 'en')}.",
    )


def _largest(projects: list[ProjectCall]) -> float | None:
    ends = [p.capital.vnd.high or p.capital.vnd.low for p in projects]
    return max((end for end in ends if end), default=None)


def _fields(call: ProjectCall, language: str, among: Set[str] | None = None) -> str:
    """The call's fields by name; only those ``among`` others where these are given."""
    kept = [f for f in call_fields(call) if among is None or f in among]
    if call.sectors:
        return ", ".join(sector_name(code, language) for code in kept)
    parts = [part.strip() for part in re.split(r"[,;|]", call.sector_as_written)]
    return ", ".join(part for part in parts if fold(part) in kept)


def _said(party: Investor) -> Evidence:
    """What the investor wants, else what it does, shortened: the words behind a stated reason."""
    wanted = party.notes.get("looking_for", "").replace("|", "; ")
    words = wanted or ", ".join(party.activities) or party.description
    vi, en = (
        words or ", ".join(sector_name(c, language) for c in investor_fields(party) if c)
        for language in ("vi", "en")
    )
    source = interest_source(party) if wanted else profile_source(party)
    return Evidence(f"{party.name}: {vi[:160]}", f"{party.name}: {en[:160]}", source)


def _in(where: str, word: str) -> str:
    return f"{word}{where}" if where else ""
