"""May this pair go ahead at all? Asked before any score, answered with the rule and its source.

What is not known never blocks: it says "needs check". How values are written here, and where
an investor's statements come from, holds for the reasons too.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from data.quantities import capital_doubts
from data.records import Interval, Investor, PartialDate, ProjectCall
from data.reference.rules import Rule, shipped_rules
from data.reference.spelling import fold
from embeddings.tagging import Tag
from matcher.legal import Applied, blocked, call_rule_checks, pair_rule_checks, rules_for
from matcher.types import Check, Eligibility, Verdict

__all__ = [
    "EligibilityConfig",
    "applying",
    "blocked",
    "bracketed",
    "check_call",
    "check_pair",
    "hectares",
    "interest_source",
    "known",
    "of_general_knowledge",
    "profile_source",
    "vietnamese_date",
]

_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")


@dataclass(frozen=True, slots=True)
class EligibilityConfig:
    """``stale_after_years``: a call without a period may be taken so long after its publication.
    ``soon_days``: a deadline so near is worth a word. ``rules``: those in use, see
    `data/reference/rules.py`."""

    stale_after_years: int = 5
    soon_days: int = 14
    rules: tuple[Rule, ...] = field(default_factory=shipped_rules, repr=False)


def applying(
    call: ProjectCall, *, tags: Iterable[Tag] = (), today: date, config: EligibilityConfig
) -> tuple[Applied, ...]:
    """The rules that hold for a call on that day; ``tags`` are its activities.

    Hand the result to `check_call`, `check_pair` and `blocked`, so that it is worked out once.
    """
    return rules_for(call, tags=tags, rules=config.rules, today=today)


def check_call(
    call: ProjectCall,
    *,
    today: date,
    config: EligibilityConfig,
    rules: Sequence[Applied] = (),
) -> tuple[Check, ...]:
    """What can be said of the call alone, whoever invests; the deadline's check comes first."""
    first = _open(call, today)
    more: list[Check | None] = []
    if first.verdict is Verdict.ELIGIBLE:
        more += [_stale(call, today, config), _soon(call, today, config)]
    more += [_plausible(call), _cleared(call), *call_rule_checks(rules)]
    return (first, *(check for check in more if check is not None))


def check_pair(
    call_checks: tuple[Check, ...],
    call: ProjectCall,
    investor: Investor,
    *,
    rules: Sequence[Applied] = (),
) -> Eligibility:
    """The call's own checks and those of this investor for it."""
    checks = [*call_checks, *pair_rule_checks(rules, investor)]
    if known(investor.capital.vnd) and known(call.capital.vnd):
        checks.append(_capital(call, investor))
    wanted = _land_wanted(investor)
    if known(wanted) and known(call.land.ha):
        checks.append(_land(call, wanted, investor))
    return Eligibility(tuple(checks))


def known(interval: Interval) -> bool:
    return interval.low is not None or interval.high is not None


def vietnamese_date(day: PartialDate) -> str:
    """The date as Vietnamese texts write it: dd/mm/yyyy, mm/yyyy or yyyy."""
    return "/".join(reversed(day.text.split("-")))


def bracketed(text: str) -> str:
    """The text as an aside, nothing where there is none."""
    return f" ({text})" if text else ""


def hectares(area: Interval, language: str) -> str:
    """The area in the language's style, hundredths kept: "36.523,5 ha"; "" where unknown."""
    low, high = (_area(end, language) for end in (area.low, area.high))
    if low and high:
        return f"{low} ha" if low == high else f"{low}–{high} ha"
    return f"≥ {low} ha" if low else f"≤ {high} ha" if high else ""


def _area(value: float | None, language: str) -> str:
    if value is None:
        return ""
    text = f"{value:,.{2 if value >= 1 else 4}f}".rstrip("0").rstrip(".")
    return text.translate(str.maketrans(",.", ".,")) if language == "vi" else text


def of_general_knowledge(investor: Investor) -> bool:
    """Whether the profile was written from general knowledge: it has no source then."""
    known_by = investor.notes.get("knowledge", investor.source_url)
    return known_by in {"gk", "general knowledge"}


def profile_source(investor: Investor) -> str:
    """Where the profile comes from; "" where nobody can look it up."""
    return "" if of_general_knowledge(investor) else investor.source_url


def interest_source(investor: Investor) -> str:
    """Where the investor said what it wants: the first address, else that of the profile."""
    stated = investor.notes.get("interest_source_url", "").split("|")[0].strip()
    return stated or profile_source(investor)


def _open(call: ProjectCall, today: date) -> Check:
    if call.is_open(today):
        return Check(
            "call.open", Verdict.ELIGIBLE, call.source_url, "Đang kêu gọi.", "Open for investment."
        )
    since = call.closes_on if call.closes_on and call.status == "open" else None
    return Check(
        "call.open",
        Verdict.BLOCKED,
        call.source_url,
        f"Đã hết hạn {vietnamese_date(since)}." if since else "Dự án không còn kêu gọi đầu tư.",
        f"The deadline passed {_english_date(since)}." if since else "The call is closed.",
        "Hỏi địa phương có gia hạn hoặc kêu gọi lại không.",
        "Ask the province whether it will extend the deadline or invite again.",
    )


def _english_date(day: PartialDate) -> str:
    """ISO, with the word that goes before it: "on 2024-03-01", "in 2024"."""
    return f"{'on' if day.text.count('-') == 2 else 'in'} {day.text}"


def _stale(call: ProjectCall, today: date, config: EligibilityConfig) -> Check | None:
    """Provinces rarely say that a list has run out: its years are over, or it is old."""
    period = call.notes.get("period", "")
    years = [int(year) for year in _YEAR.findall(period)]
    if years and max(years) < today.year:
        vi, en = f"Danh mục cho giai đoạn {period}", f"Listed for {period}"
    elif call.published_on and today.year - call.published_on.year >= config.stale_after_years:
        vi = f"Công bố từ {vietnamese_date(call.published_on)}"
        en = f"Published {_english_date(call.published_on)}"
    else:
        return None
    return Check(
        "call.stale",
        Verdict.NEEDS_CHECK,
        call.source_url,
        f"{vi}: hỏi lại địa phương xem còn kêu gọi không.",
        f"{en}: ask the province whether it still invites.",
        "Địa phương xác nhận vẫn còn kêu gọi.",
        "The province confirms that it still invites.",
    )


def _soon(call: ProjectCall, today: date, config: EligibilityConfig) -> Check | None:
    """A deadline known to the day that is near."""
    closes = call.closes_on
    if closes is None or closes.text.count("-") < 2:
        return None
    left = (closes.first_day - today).days
    if not 0 <= left <= config.soon_days:
        return None
    return Check(
        "call.deadline",
        Verdict.NEEDS_CHECK,
        call.source_url,
        f"Chỉ còn {left} ngày, hết hạn {vietnamese_date(closes)}.",
        f"{left} days are left: it closes {_english_date(closes)}.",
        "Nộp hồ sơ trước hạn, hoặc xin gia hạn.",
        "Hand the documents in before the deadline, or ask for more time.",
    )


def _plausible(call: ProjectCall) -> Check | None:
    """Capital and land that do not go together: one of the two is perhaps misread."""
    doubts = capital_doubts(call.capital.vnd, call.land.ha)
    if not doubts:
        return None
    return Check(
        "capital.plausible",
        Verdict.NEEDS_CHECK,
        call.source_url,
        doubts[0].question_vi,
        doubts[0].question_en,
        "Địa phương xác nhận vốn và diện tích.",
        "The province confirms capital and area.",
    )


_NOT_CLEARED = re.compile(
    r"\bchua (?:giai phong|gpmb|thu hoi dat|boi thuong|den bu|co dat sach|giai toa)|"
    r"\bvuong (?:mac )?(?:gpmb|giai phong mat bang)|\bland not (?:yet )?cleared|\bnot yet cleared"
)
_ABOUT_LAND = re.compile(r"dat|mat bang|gpmb|hien trang|land|site|clearance")


def _cleared(call: ProjectCall) -> Check | None:
    """What the list says of the land's state, where it says that it is not cleared."""
    said = next(
        (
            value
            for name, value in call.notes.items()
            if _ABOUT_LAND.search(fold(name)) and _NOT_CLEARED.search(fold(str(value)))
        ),
        "",
    )
    if not said:
        return None
    return Check(
        "land.cleared",
        Verdict.NEEDS_CHECK,
        call.source_url,
        f"Đất chưa sẵn sàng: “{said}”.",
        f"The land is not ready: “{said}”.",
        "Hỏi địa phương tiến độ giải phóng mặt bằng.",
        "Ask the province when the land will be cleared.",
    )


def _land_wanted(investor: Investor) -> Interval:
    """The area that the investor states (hectares), from its file's own columns."""
    ends = []
    for name in ("land_ha_min", "land_ha_max"):
        try:
            value = float(investor.notes.get(name, "").replace(",", "."))
        except ValueError:
            value = -1.0
        ends.append(value if value >= 0 else None)
    return Interval(*ends)


def _land(call: ProjectCall, wanted: Interval, investor: Investor) -> Check:
    """The investor's stated area against the project's: a hint for a person, never a block."""
    offered = call.land.ha
    below = wanted.high is not None and offered.low is not None and offered.low > wanted.high
    above = wanted.low is not None and offered.high is not None and offered.high < wanted.low
    vi, en = bracketed(hectares(offered, "vi")), bracketed(hectares(offered, "en"))
    said_vi, said_en = bracketed(hectares(wanted, "vi")), bracketed(hectares(wanted, "en"))
    if below or above:
        return Check(
            "land.range",
            Verdict.NEEDS_CHECK,
            interest_source(investor),
            f"Diện tích dự án{vi} nằm ngoài khoảng nhà đầu tư nêu{said_vi}.",
            f"The project's area{en} lies outside the investor's stated range{said_en}.",
            "Chia giai đoạn, thuê một phần, hoặc hỏi lại nhu cầu diện tích.",
            "Take it in phases or in part, or ask the investor again.",
        )
    return Check(
        "land.range",
        Verdict.ELIGIBLE,
        interest_source(investor),
        "Diện tích dự án nằm trong khoảng nhà đầu tư nêu.",
        "The project's area lies within the investor's stated range.",
    )


def _capital(call: ProjectCall, investor: Investor) -> Check:
    """The investor's stated range against the project's: a hint for a person, never a block."""
    wanted, needed = investor.capital.vnd, call.capital.vnd
    below = wanted.high is not None and needed.low is not None and needed.low > wanted.high
    above = wanted.low is not None and needed.high is not None and needed.high < wanted.low
    project, stated = bracketed(call.capital.text), bracketed(investor.capital.text)
    if below or above:
        return Check(
            "capital.range",
            Verdict.NEEDS_CHECK,
            interest_source(investor),
            f"Vốn dự án{project} nằm ngoài khoảng nhà đầu tư nêu{stated}.",
            f"The project's capital{project} lies outside the investor's stated range{stated}.",
            "Chia giai đoạn, liên danh, hoặc hỏi lại nhà đầu tư về quy mô vốn.",
            "Take it in phases, with a partner, or ask the investor again about its means.",
        )
    return Check(
        "capital.range",
        Verdict.ELIGIBLE,
        interest_source(investor),
        "Vốn dự án nằm trong khoảng nhà đầu tư nêu.",
        "The project's capital lies within the investor's stated range.",
    )
