"""A slate as text for a terminal: plain lines, at most 100 columns, no colour needed."""

import textwrap

from api.lists import words
from data.records import Investor, ProjectCall
from matcher.market import Market
from matcher.types import Item, Slate, Verdict

WIDTH = 100
LEAST_NAME = 10
"""Columns of a name beside even the longest id."""
MOST_REASONS = 5
"""`--json` and the exports tell them all."""
_TEXTS = {
    "vi": {
        "shortlist": "Nhà đầu tư phù hợp với dự án {subject}",
        "opportunities": "Dự án phù hợp với: {subject}",
        "release": "Bản dữ liệu và mô hình: {release}. Gợi ý để người có thẩm quyền quyết định.",
        "none": "Không có kết quả nào phù hợp.",
        "source": "nguồn",
    },
    "en": {
        "shortlist": "Investors for call {subject}",
        "opportunities": "Calls for: {subject}",
        "release": "Release: {release}. A suggestion; the decision is yours.",
        "none": "Nothing suitable was found.",
        "source": "source",
    },
}
_VERDICT = {
    "vi": {Verdict.NEEDS_CHECK: "cần kiểm tra", Verdict.BLOCKED: "không đủ điều kiện"},
    "en": {Verdict.NEEDS_CHECK: "needs check", Verdict.BLOCKED: "blocked"},
}


def slate_text(slate: Slate, market: Market, *, language: str) -> str:
    """The whole slate: a heading, then each item with its reasons (+), cautions (!), checks (?)."""
    texts = _TEXTS[language]
    lines = [*_heading(slate, market, language), ""]
    for caution in slate.cautions:
        lines += _wrapped("  ! ", getattr(caution, language))
    if not slate.items:
        lines.append(texts["none"])
    for item in slate.items:
        lines += _item(item, slate, market, language)
    lines.append("")
    if slate.bands and slate.items:
        lines += _wrapped("", words.bands_told(slate.bands, language))
    lines += _wrapped("", texts["release"].format(release=slate.release))
    return "\n".join(lines)


def _heading(slate: Slate, market: Market, language: str) -> list[str]:
    if slate.kind == "shortlist":
        call = market.calls[market.call_row[slate.subject]]
        first = f"{slate.subject} · {words.title(call, language)}"
        heading = _wrapped("", _TEXTS[language]["shortlist"].format(subject=first))
        return [*heading, *_wrapped("  ", _facts(call, language))]
    subject = slate.subject
    if slate.asked == "investor_id":
        subject += f" · {market.investors[market.investor_row[subject]].name}"
    return _wrapped("", _TEXTS[language]["opportunities"].format(subject=subject))


def _item(item: Item, slate: Slate, market: Market, language: str) -> list[str]:
    if slate.kind == "shortlist":
        investor = market.investors[market.investor_row[item.party_id]]
        name, about = _name(investor), ""
    else:
        call = market.calls[market.call_row[item.party_id]]
        name, about = words.title(call, language), _facts(call, language)
    lines = _head(item, name, language)
    if about:
        lines += _wrapped("     ", about)
    lines += _reasons(item, language)
    for caution in item.cautions:
        lines += _wrapped("     ! ", getattr(caution, language))
    for check in item.eligibility.checks:
        if check.verdict in _VERDICT[language]:
            verdict = _VERDICT[language][check.verdict]
            lines += _wrapped("     ? ", f"{verdict}: {getattr(check, language)}")
    return lines


def _head(item: Item, name: str, language: str) -> list[str]:
    """Rank, name, id, likelihood on one line; the rest of a long name below, the id never cut."""
    lead, mark = f"{item.rank:3}. ", f"  [{item.party_id}]"
    score = f"{_standing(item, language):>12}"
    room = max(WIDTH - len(lead) - len(mark) - len(score), LEAST_NAME)
    first, *rest = textwrap.wrap(name, room, break_on_hyphens=False) or [""]
    head = f"{lead}{first}{mark}"
    return [f"{head:<{WIDTH - len(score)}}{score}", *_wrapped("     ", " ".join(rest))]


def _standing(item: Item, language: str) -> str:
    """How likely, in a word; where that is not known, the score."""
    return words.band(item.band, language) or words.number(item.score, language, 3)


def _reasons(item: Item, language: str) -> list[str]:
    """The strongest reasons with a fact each; those resting on a fact already told in one line."""
    lines: list[str] = []
    told: set[str] = set()
    also: list[str] = []
    for reason in item.reasons[:MOST_REASONS]:
        fact = next((f for f in reason.evidence if getattr(f, language) not in told), None)
        if fact is None or (told and fact is not reason.evidence[0]):
            also.append(getattr(reason, language))
            continue
        told.add(getattr(fact, language))
        words_of_fact = getattr(fact, language) + _source(fact.source_url, language)
        lines += _wrapped("     + ", f"{getattr(reason, language)}: {words_of_fact}")
    return lines + _wrapped("     + ", "; ".join(also))


def _facts(call: ProjectCall, language: str) -> str:
    parts = (
        words.where(call),
        words.sectors(call, language),
        words.capital(call, language),
        words.land(call, language),
    )
    return " · ".join(part for part in parts if part)


def _name(investor: Investor) -> str:
    return f"{investor.name} ({investor.country})" if investor.country else investor.name


def _source(url: str, language: str) -> str:
    if "://" not in url:
        return ""
    return f" [{_TEXTS[language]['source']}: {url.split('/')[2].removeprefix('www.')}]"


def _wrapped(lead: str, text: str) -> list[str]:
    if not text:
        return []
    return textwrap.wrap(
        text, WIDTH, initial_indent=lead, subsequent_indent=" " * len(lead), break_on_hyphens=False
    )
