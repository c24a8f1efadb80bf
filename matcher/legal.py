"""Which eligibility rules hold for a call, and what they say of an investor for it.

Rules are dated data (`data/reference/rules.py`). What a rule needs to know and does not find
never blocks: it asks for a check.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from data.records import Interval, Investor, ProjectCall
from data.reference.activities import activities
from data.reference.rules import Effect, Rule
from data.reference.spelling import fold
from embeddings.tagging import Tag
from matcher.types import Check, Verdict

BoolArray = NDArray[np.bool_]

SURE = 0.6
"""Confidence from which an activity of a call counts for a rule."""

_VIETNAM = frozenset({"vietnam", "viet nam", "vn"})
_ONLY_ASKED = frozenset({"meaning"})  # an activity guessed by meaning asks, it does not block


@dataclass(frozen=True, slots=True)
class Applied:
    """A rule that holds for a call on a day. ``unsure``: part of its scope is not known."""

    rule: Rule
    effect: Effect
    lapsed: bool
    met: bool = False  # the call's capital meets the rule's condition
    unsure: bool = False


def origin(investor: Investor) -> str:
    """Return "foreign", "domestic", or "" where it is not known or both partners' countries are."""
    return _origin(investor.country)


@lru_cache(maxsize=4096)
def _origin(country: str) -> str:
    parts = {part.strip() for part in fold(country).replace(";", "/").split("/") if part.strip()}
    at_home = {part for part in parts if part in _VIETNAM}
    if not parts or (at_home and len(parts) > 1):
        return ""
    return "domestic" if at_home else "foreign"


def rules_for(
    call: ProjectCall, *, tags: Iterable[Tag] = (), rules: Sequence[Rule], today: date
) -> tuple[Applied, ...]:
    """Return the rules whose scope holds the call on that day, by id.

    ``tags`` are the call's activities; those less sure than ``SURE`` do not count.
    """
    sure = tuple(tag for tag in tags if tag.confidence >= SURE)
    out = []
    for rule in rules:
        effect = rule.effect_on(today)
        scope = _scope(rule, call, sure) if effect else None
        if effect and scope is not None:
            met, short = _condition(rule, call)
            out.append(Applied(rule, effect, rule.lapsed(today), met, scope or (not short)))
    return tuple(out)


def call_rule_checks(applied: Sequence[Applied]) -> tuple[Check, ...]:
    """Return the checks of rules that hold whoever invests."""
    return tuple(_check(one) for one in applied if one.rule.origin == "any")


def pair_rule_checks(applied: Sequence[Applied], investor: Investor) -> tuple[Check, ...]:
    """Return the checks of rules that depend on where the investor is from."""
    of = origin(investor)
    return tuple(
        _check(one, origin_known=bool(of))
        for one in applied
        if one.rule.origin != "any" and of in ("", one.rule.origin)
    )


def blocked(applied: Sequence[Applied], investors: Sequence[Investor]) -> BoolArray:
    """(n,) which investors a rule blocks from the call; costs nothing when no rule blocks.

    Rules that hold whoever invests are the call's matter and do not count here.
    """
    out = np.zeros(len(investors), dtype=np.bool_)
    origins = {one.rule.origin for one in applied if _verdict(one) is Verdict.BLOCKED} - {"any"}
    if origins:
        out[:] = [origin(investor) in origins for investor in investors]
    return out


def blocking(rules: Sequence[Rule], *, today: date) -> tuple[Rule, ...]:
    """Return the rules that can block an investor at all on that day: few, often none."""
    return tuple(
        rule for rule in rules if rule.effect_on(today) == "blocked" and rule.origin != "any"
    )


def _scope(rule: Rule, call: ProjectCall, tags: Sequence[Tag]) -> bool | None:
    """None: out of scope. Else whether something that narrows the scope is not known."""
    unsure = False
    if rule.provinces and call.place.code not in rule.provinces:
        if call.place.code:
            return None
        unsure = True
    if rule.land_ha_min is not None:
        land = call.land.ha.high if call.land.ha.high is not None else call.land.ha.low
        if land is not None and land < rule.land_ha_min:
            return None
        unsure = unsure or land is None
    found = _subject(rule, call, tags)
    return None if found is None else unsure or found


def _subject(rule: Rule, call: ProjectCall, tags: Sequence[Tag]) -> bool | None:
    """None: another line of business. Else whether it rests on a guess."""
    if not (rule.sectors or rule.activities or rule.vsic or rule.words):
        return False
    if rule.words and _names(call.title, call.title_en, rule.words):
        return False
    if set(rule.sectors) & set(call.sectors):
        return False
    fitting = [tag for tag in tags if _does(rule, tag.activity_id)]
    if not fitting:
        return None
    return all(tag.how in _ONLY_ASKED for tag in fitting)


def _does(rule: Rule, activity_id: str) -> bool:
    if activity_id in rule.activities:
        return True
    known = activities().get(activity_id)
    # An activity of many lines is of a rule's line only when all its codes are.
    return bool(
        rule.vsic
        and known
        and known.vsic
        and all(any(code.startswith(part) for part in rule.vsic) for code in known.vsic)
    )


@lru_cache(maxsize=65_536)
def _names(title: str, title_en: str, words: tuple[str, ...]) -> bool:
    """Whether a title names one of the words, as a whole word."""
    text = f" {_plain(title)} {_plain(title_en)} "
    return any(f" {_plain(word)} " in text for word in words)


@lru_cache(maxsize=65_536)
def _plain(text: str) -> str:
    return " ".join("".join(s if s.isalnum() else " " for s in fold(text)).split())


def _condition(rule: Rule, call: ProjectCall) -> tuple[bool, bool]:
    """Whether the capital surely meets the rule's minimum, and whether it surely does not.

    A rule without a minimum is never met; nothing makes its verdict unsure.
    """
    if rule.capital_min is None:
        return False, True
    low, high = _ends(call.capital.vnd)
    if low is not None and low >= rule.capital_min:
        return True, True
    return False, high is not None and high < rule.capital_min


def _ends(vnd: Interval) -> tuple[float | None, float | None]:
    return vnd.low, vnd.high


def _verdict(applied: Applied, *, origin_known: bool = True) -> Verdict:
    if applied.met:
        return Verdict.ELIGIBLE
    if applied.effect == "blocked" and origin_known and not applied.unsure:
        return Verdict.BLOCKED
    return Verdict.NEEDS_CHECK


def _check(applied: Applied, *, origin_known: bool = True) -> Check:
    rule = applied.rule
    vi, en = f"{rule.name_vi}: {rule.condition_vi}", f"{rule.name_en}: {rule.condition_en}"
    remedy_vi, remedy_en = rule.remedy_vi, rule.remedy_en
    citation = rule.citation
    if applied.met:
        vi, en = f"{vi} Vốn dự án đạt mức này.", f"{en} The project's capital meets this."
        remedy_vi = remedy_en = ""
    if applied.lapsed:
        citation = f"{rule.successor} ({rule.citation})"
        ended = rule.valid_to.strftime("%d/%m/%Y") if rule.valid_to else ""
        vi = f"{vi} Quy định này hết hiệu lực {ended}: đối chiếu {rule.successor}."
        en = f"{en} This lapsed on {rule.valid_to}: check {rule.successor}."
    if not origin_known:
        vi = f"{vi} Chưa rõ nhà đầu tư trong nước hay nước ngoài."
        en = f"{en} Whether the investor is foreign is not known."
    return Check(
        f"law.{rule.rule_id}",
        _verdict(applied, origin_known=origin_known),
        " – ".join(part for part in (citation, rule.source_url) if part),
        vi,
        en,
        remedy_vi,
        remedy_en,
    )
