import datetime

import pytest

from data.records import PartialDate
from matcher.eligibility import EligibilityConfig, check_call, check_pair
from matcher.types import Check, Eligibility, Verdict
from tests.support.markets import call, investor, land, money

TODAY = datetime.date(2026, 6, 15)
CONFIG = EligibilityConfig()


@pytest.mark.parametrize(
    ("closes_on", "verdict"),
    [
        (None, Verdict.ELIGIBLE),
        ("2026", Verdict.ELIGIBLE),
        ("2026-06", Verdict.ELIGIBLE),
        ("2026-06-15", Verdict.ELIGIBLE),
        ("2026-06-14", Verdict.BLOCKED),
        ("2026-05", Verdict.BLOCKED),
        ("2025", Verdict.BLOCKED),
    ],
)
def test_a_deadline_counts_to_its_last_day(closes_on: str | None, verdict: Verdict) -> None:
    one = call("c", "x", closes_on=PartialDate(closes_on) if closes_on else None)
    assert check_call(one, today=TODAY, config=CONFIG)[0].verdict is verdict


def test_the_worst_check_is_the_verdict() -> None:
    checks = [Check("a", v, "") for v in (Verdict.ELIGIBLE, Verdict.BLOCKED, Verdict.NEEDS_CHECK)]
    assert Eligibility(tuple(checks)).verdict is Verdict.BLOCKED
    assert Eligibility().verdict is Verdict.ELIGIBLE


def test_unknown_capital_never_blocks() -> None:
    one = call("c", "x")
    got = check_pair(check_call(one, today=TODAY, config=CONFIG), one, investor("v", "A"))
    assert got.verdict is Verdict.ELIGIBLE
    assert [check.rule for check in got.checks] == ["call.open"]


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (None, 1e12, Verdict.NEEDS_CHECK),
        (3e12, None, Verdict.NEEDS_CHECK),
        (1e12, 3e12, Verdict.ELIGIBLE),
        (None, 2e12, Verdict.ELIGIBLE),
    ],
)
def test_capital_outside_the_stated_range_needs_a_check(
    low: float | None, high: float | None, verdict: Verdict
) -> None:
    one = call("c", "x", capital=money(2e12, 2e12, "2.000 tỷ đồng"))
    party = investor("v", "A", capital=money(low, high, "khoảng"))
    assert check_pair((), one, party).verdict is verdict


@pytest.mark.parametrize(
    ("day", "vi", "en"),
    [
        ("2020-03-05", "05/03/2020", "on 2020-03-05"),
        ("2020-03", "03/2020", "in 2020-03"),
        ("2020", "2020", "in 2020"),
    ],
)
def test_dates_are_written_as_each_language_does(day: str, vi: str, en: str) -> None:
    closed = call("c", "x", closes_on=PartialDate(day))
    deadline = check_call(closed, today=TODAY, config=CONFIG)[0]
    assert deadline.vi == f"Đã hết hạn {vi}."
    assert deadline.en == f"The deadline passed {en}."
    old = call("c", "x", published_on=PartialDate(day))
    stale = check_call(old, today=TODAY, config=CONFIG)[1]
    assert stale.vi.startswith(f"Công bố từ {vi}:")
    assert stale.en.startswith(f"Published {en}:")


def test_a_range_is_cited_where_it_was_stated_and_leaves_no_empty_brackets() -> None:
    one = call("c", "x", capital=money(2e12, 2e12, ""))
    notes = {"interest_source_url": "https://a.vn|https://b.vn"}
    party = investor("v", "A", capital=money(None, 1e12, ""), source_url="p", notes=notes)
    check = check_pair((), one, party).checks[0]
    assert check.citation == "https://a.vn"
    assert "(" not in check.vi + check.en


@pytest.mark.parametrize(("closes_on", "told"), [("2026-06-20", True), ("2026-07-30", False)])
def test_a_near_deadline_is_told(closes_on: str, told: bool) -> None:
    one = call("c", "x", closes_on=PartialDate(closes_on))
    rules = [check.rule for check in check_call(one, today=TODAY, config=CONFIG)]
    assert ("call.deadline" in rules) is told


def test_land_outside_the_stated_range_needs_a_check() -> None:
    one = call("c", "x", land=land(120, 120, "120 ha"))
    small = investor("v", "A", notes={"land_ha_max": "20"})
    fitting = investor("v", "A", notes={"land_ha_min": "100", "land_ha_max": "200"})
    check = check_pair((), one, small).checks[0]
    assert (check.rule, check.verdict) == ("land.range", Verdict.NEEDS_CHECK)
    assert "120 ha" in check.vi and check.remedy_en
    assert check_pair((), one, fitting).verdict is Verdict.ELIGIBLE
    assert check_pair((), one, investor("v", "A", notes={"land_ha_max": "?"})).checks == ()


def test_implausible_capital_and_land_not_cleared_are_told() -> None:
    one = call(
        "c",
        "x",
        capital=money(1.52e9, 1.52e9, "VND1.52 billion"),
        land=land(165, 165, "165"),
        notes={"hiện trạng đất": "Chưa GPMB, đất lúa"},
    )
    rules = {check.rule: check for check in check_call(one, today=TODAY, config=CONFIG)}
    assert rules["capital.plausible"].verdict is Verdict.NEEDS_CHECK
    assert "Chưa GPMB" in rules["land.cleared"].vi
    ready = call("c", "x", notes={"hiện trạng đất": "Đất sạch, đã GPMB"})
    assert len(check_call(ready, today=TODAY, config=CONFIG)) == 1
