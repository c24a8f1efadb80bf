"""What reasons say, in Vietnamese and English; no more than their evidence holds."""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass

from data.records import Investor, Programme, ProjectCall
from data.reference.activities import activities
from data.reference.sectors import sector_name
from data.reference.spelling import fold
from matcher.eligibility import bracketed, hectares
from matcher.market import call_fields, investor_fields

Told = tuple[str, str]  # Vietnamese, English

DID = {
    "invested": ("Đã đầu tư", "Has invested"),
    "proposed": ("Đã đề xuất dự án", "Has proposed projects"),
    "recorded": ("Có dự án được ghi nhận", "Has projects on record"),  # the stage is not known
}


@dataclass(frozen=True, slots=True)
class Past:
    """What the deals behind a reason prove: a key of ``DID``, the projects that prove it, and the
    call's main activities that they are of."""

    standing: str
    projects: tuple[ProjectCall, ...]
    activities: tuple[str, ...] = ()


def similar_project(_call: ProjectCall, past: Past) -> Told:
    if not past.activities:
        return "Dự án gần nhất được ghi nhận", "The nearest project on record"
    vi, en = named(past.activities)
    return f"Có dự án tương tự được ghi nhận ({vi})", f"Has a similar project on record ({en})"


def does_activity(ids: Sequence[str]) -> Told:
    vi, en = named(ids)
    return f"Làm hoạt động chính của dự án ({vi})", f"Does what the project is mainly about ({en})"


def near_activity(ids: Sequence[str]) -> Told:
    vi, en = (bracketed(text) for text in named(ids))
    return (
        f"Hoạt động của nhà đầu tư{vi} gần với dự án",
        f"What the investor does{en} is near to the project",
    )


def named(ids: Sequence[str]) -> Told:
    """Names of activities."""
    known = [activities()[name] for name in dict.fromkeys(ids) if name in activities()]
    return ", ".join(each.name_vi for each in known), ", ".join(each.name_en for each in known)


def sector_history(call: ProjectCall, past: Past) -> Told:
    vi, en = DID[past.standing]
    common = {field for project in past.projects for field in call_fields(project)}
    return (
        f"{vi} trong lĩnh vực {fields_of(call, 'vi', common)}",
        f"{en} in the field: {fields_of(call, 'en', common)}",
    )


def place_history(call: ProjectCall, past: Past) -> Told:
    vi, en = DID[past.standing]
    where = call.place.name or call.place.as_written
    return f"{vi} tại {where} hoặc cùng vùng", f"{en} in {where} or its region"


def capital_fit(call: ProjectCall, _past: Past) -> Told:
    aside = bracketed(call.capital.text)
    return (
        f"Quy mô vốn{aside} gần với các dự án được ghi nhận của nhà đầu tư",
        f"The capital{aside} is close to that of its projects on record",
    )


def capital_stated(call: ProjectCall, party: Investor) -> Told:
    aside, stated = bracketed(call.capital.text), bracketed(party.capital.text)
    return (
        f"Quy mô vốn{aside} gần với mức nhà đầu tư nêu{stated}",
        f"The capital{aside} is close to what the investor states{stated}",
    )


def land_fit(call: ProjectCall, _past: Past) -> Told:
    vi, en = (bracketed(hectares(call.land.ha, x) or call.land.text) for x in ("vi", "en"))
    return (
        f"Diện tích{vi} gần với các dự án được ghi nhận của nhà đầu tư",
        f"The area{en} is close to that of its projects on record",
    )


def track_record(_call: ProjectCall, past: Past) -> Told:
    if past.standing == "invested":
        return "Nhà đầu tư đang hoạt động tại Việt Nam", "An investor active in Vietnam"
    return DID["recorded"]


FROM_DEALS = {
    "similar_project": similar_project,
    "sector_history": sector_history,
    "place_history": place_history,
    "capital_fit": capital_fit,
    "land_fit": land_fit,
    "track_record": track_record,
}


def sector_stated(call: ProjectCall, party: Investor) -> Told | None:
    vi, en = (fields_of(call, x, set(investor_fields(party))) for x in ("vi", "en"))
    return (f"Hồ sơ ghi lĩnh vực {vi}", f"The profile names the field: {en}") if vi else None


def province_wanted(call: ProjectCall, party: Investor) -> Told | None:
    where = call.place.name
    if call.place.code not in {place.code for place in party.provinces_wanted if place.code}:
        return None
    return f"Nhà đầu tư quan tâm {where}", f"The investor is interested in {where}"


def profile_match(_call: ProjectCall, _party: Investor) -> Told:
    return (
        "Hồ sơ nhà đầu tư gần với nội dung dự án",
        "The investor's profile is close to the project",
    )


FROM_PROFILE = {
    "sector_stated": sector_stated,
    "province_wanted": province_wanted,
    "profile_match": profile_match,
}

SIMILAR_INVESTORS = (
    "Các nhà đầu tư tương tự đã làm dự án gần giống",
    "Investors like this one have done projects like this",
)


def programme_tie(call: ProjectCall, party: Investor, tie: Programme) -> Told:
    home, there, period = party.home_province.name, call.place.name, bracketed(tie.period)
    shared = set(tie.sectors) & set(call.sectors)
    vi, en = (fields_of(call, language, shared) if shared else "" for language in ("vi", "en"))
    return (
        f"Có chương trình hợp tác giữa {home} và {there}{period}{f', gồm {vi}' if vi else ''}",
        f"{home} and {there} have a cooperation programme{period}{f', {en} too' if en else ''}",
    )


def fields_of(call: ProjectCall, language: str, among: Set[str] | None = None) -> str:
    """The call's fields by name; only those ``among`` others where these are given."""
    kept = [field for field in call_fields(call) if among is None or field in among]
    if call.sectors:
        return ", ".join(sector_name(code, language) for code in kept)
    parts = [part.strip() for part in re.split(r"[,;|]", call.sector_as_written)]
    return ", ".join(part for part in parts if fold(part) in kept)
