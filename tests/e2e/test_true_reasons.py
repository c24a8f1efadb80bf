"""Reasons are true: without what a reason rests on, the pair scores lower."""

import datetime
from dataclasses import replace

import numpy as np
import pytest

from api.engine import Engine
from matcher.explain import REASON_OF
from matcher.market import Market
from matcher.pipeline import Matcher
from matcher.types import Reason
from tests.support.removal import without

pytestmark = pytest.mark.slow

TODAY = datetime.date(2026, 11, 1)
CALLS = ("C0061", "C0133", "K0125", "C0005")
EXACT = {"sector_stated", "province_wanted", "profile_match", "programme_tie"}
"""Codes whose evidence is all that the contribution rests on."""
DILUTED = {"track_record"}
"""Fewer deals make the others a larger share of all: the score as a whole may not fall."""


def contributions(matcher: Matcher, market: Market, call: int, investor: int) -> dict[str, float]:
    """What the pair's features put into the score, by reason; all of it under ""."""
    made = replace(matcher, market=market)
    for _, part in made.parts(np.array([call]), TODAY):
        values = matcher.ranker.contributions(part[0, investor][None])[0]
    out = {"": float(values.sum())}
    for name, value in zip(matcher.ranker.names, values.tolist(), strict=True):
        code = REASON_OF.get(name, "other")
        out[code] = out.get(code, 0.0) + value
    return out


@pytest.mark.parametrize("call_id", CALLS)
def test_without_its_evidence_a_reason_is_worth_less(engine: Engine, call_id: str) -> None:
    matcher, market = engine.matcher, engine.matcher.market
    call = market.call_row[call_id]
    checked: set[str] = set()
    for item in matcher.shortlist(call_id, n=4, today=TODAY).items:
        investor = market.investor_row[item.party_id]
        before = contributions(matcher, market, call, investor)
        for reason in item.reasons:
            if reason.code in checked:
                continue
            checked.add(reason.code)
            poorer = without(market, reason, investor=investor)
            lost = _lost(before, contributions(matcher, poorer, call, investor), reason)
            assert reason.contribution == pytest.approx(before[reason.code], abs=2e-3)
            assert lost[reason.code] > 1e-4, (reason.code, item.party_id)
            if reason.code in EXACT:
                assert lost[""] == pytest.approx(reason.contribution, abs=2e-3)
            if reason.code not in DILUTED:
                assert lost[""] > 1e-4, (reason.code, item.party_id)
    assert {"similar_project", "track_record"} <= checked


def _lost(before: dict[str, float], after: dict[str, float], reason: Reason) -> dict[str, float]:
    return {code: before[code] - after[code] for code in ("", reason.code)}


def test_the_maker_of_paper_is_suggested_for_the_paper_plant(engine: Engine) -> None:
    """The list of C0005 once held large groups alone."""
    market = engine.matcher.market
    items = engine.matcher.shortlist("C0005", n=3, today=TODAY).items
    names = [market.investors[market.investor_row[item.party_id]].name for item in items]
    assert "Lee & Man" in names


def test_a_call_that_suits_nobody_says_so(engine: Engine) -> None:
    """The offices of a province's administration; nobody in the sample builds such."""
    slate = engine.matcher.shortlist("C0428", n=10, today=TODAY)
    assert slate.abstained
    assert slate.cautions[0].code == "no_suitable_investor"
    assert {item.band for item in slate.items} == {"low"}
