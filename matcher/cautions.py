"""What speaks against a pair, or is not known of it."""

from collections.abc import Sequence

import numpy as np

from data.records import ProjectCall
from matcher.eligibility import of_general_knowledge
from matcher.evidence import ONLY_WORDS, past_deals
from matcher.market import Market, call_fields
from matcher.reason_words import fields_of
from matcher.types import Caution

_MUCH_LARGER = 5.0

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


def pair_cautions(market: Market, *, call: int, investor: int) -> tuple[Caution, ...]:
    """The cautions of a pair, by row numbers."""
    target, party = market.calls[call], market.investors[investor]
    deals = past_deals(market, call, investor)
    projects = [market.calls[int(market.deal_call[deal])] for deal in deals]
    out: list[Caution] = []
    if not projects:
        out.append(_NO_RECORD)
    else:
        fields = set(call_fields(target))
        if fields and not any(fields & set(call_fields(project)) for project in projects):
            out.append(_new_field(target))
        if all(market.deals[deal].stage in ONLY_WORDS for deal in deals):
            out.append(_ONLY_PROPOSED)
        needed, largest = target.capital.vnd, _largest(projects)
        if largest is not None and (needed.low or needed.high or 0.0) > _MUCH_LARGER * largest:
            out.append(_LARGER)
    if np.isnan(market.call_capital[call]):
        out.append(_CAPITAL_UNKNOWN)
    if of_general_knowledge(party):
        out.append(_GENERAL_KNOWLEDGE)
    if party.notes.get("kind") in {"delegation", "association"}:
        out.append(_SPEAKS_FOR_OTHERS)
    return tuple(out)


def _new_field(call: ProjectCall) -> Caution:
    return Caution(
        "new_field",
        f"Chưa có dự án nào trong lĩnh vực {fields_of(call, 'vi')}.",
        f"No project on record in the field: {fields_of(call, 'en')}.",
    )


def _largest(projects: Sequence[ProjectCall]) -> float | None:
    ends = [project.capital.vnd.high or project.capital.vnd.low for project in projects]
    return max((end for end in ends if end), default=None)
