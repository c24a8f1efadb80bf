"""May this pair go ahead at all? Asked before any score, answered with the rule and its source.

What is not known never blocks: it says "needs check". How values are written here, and where
an investor's statements come from, holds for the reasons too.
"""

import re
from dataclasses import dataclass
from datetime import date

from data.records import Interval, Investor, PartialDate, ProjectCall
from matcher.types import Check, Eligibility, Verdict

_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")


@dataclass(frozen=True, slots=True)
class EligibilityConfig:
    """``stale_after_years``: a call without a period may be taken so long after its publication."""

    stale_after_years: int = 5


def check_call(call: ProjectCall, *, today: date, config: EligibilityConfig) -> tuple[Check, ...]:
    """What can be said of the call alone, whoever invests."""
    checks = [_open(call, today)]
    stale = _stale(call, today, config) if checks[0].verdict is Verdict.ELIGIBLE else None
    return (*checks, stale) if stale else tuple(checks)


def check_pair(
    call_checks: tuple[Check, ...], call: ProjectCall, investor: Investor
) -> Eligibility:
    """The call's own checks and those of this investor for it."""
    checks = [*call_checks]
    if known(investor.capital.vnd) and known(call.capital.vnd):
        checks.append(_capital(call, investor))
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
        )
    return Check(
        "capital.range",
        Verdict.ELIGIBLE,
        interest_source(investor),
        "Vốn dự án nằm trong khoảng nhà đầu tư nêu.",
        "The project's capital lies within the investor's stated range.",
    )
