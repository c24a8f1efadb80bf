"""Accepted pairs move up, dismissed ones down; dates count; nothing moves without a word."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from data.feedback import Signal
from matcher.features import feature_block
from matcher.market import Market
from matcher.ranker import FIRST_RANKER, LinearRanker
from tests.support.markets import small_market
from training.feedback import learn_from_feedback, moved

TODAY = date(2026, 11, 1)
DAY = date(2026, 10, 5)
SHOWN = (("c1", "v1"), ("c1", "v2"), ("c1", "v3"))


@pytest.fixture(scope="module")
def market() -> Market:
    return small_market()


def scores(market: Market, ranker: LinearRanker, call: str = "c1") -> dict[str, float]:
    """The score of each investor for a call."""
    block = feature_block(
        market,
        calls=np.array([market.call_row[call]]),
        investors=np.arange(len(market.investors)),
        before=TODAY.toordinal(),
    )[0]
    return {
        each.investor_id: float(score)
        for each, score in zip(market.investors, ranker.score(block), strict=True)
    }


def said(investor: str, value: float, day: date = DAY, call: str = "c1") -> Signal:
    beside = tuple(pair for pair in SHOWN if pair != (call, investor))
    return Signal(call, investor, day, value, "met" if value > 0 else "dismissed", beside)


def lead(market: Market, ranker: LinearRanker) -> float:
    """How far the newcomer v3 stands before the experienced v1."""
    found = scores(market, ranker)
    return found["v3"] - found["v1"]


def learn(market: Market, *signals: Signal) -> LinearRanker:
    return learn_from_feedback(market, FIRST_RANKER, signals, today=TODAY)


def test_accepting_moves_up_and_dismissing_down(market: Market) -> None:
    before = lead(market, FIRST_RANKER)

    assert lead(market, learn(market, said("v3", 1.0))) > before
    assert lead(market, learn(market, said("v3", -1.0))) < before
    assert lead(market, learn(market, said("v1", -1.0))) > before
    assert lead(market, learn(market, said("v1", 1.0))) < before


def test_what_was_learned_on_one_call_reaches_the_next(market: Market) -> None:
    """A call that nobody decided on: the like of whom was accepted stands better there, too."""
    signals = [said("v3", 1.0), said("v1", -1.0)]
    after = scores(market, learn(market, *signals), "p2")
    before = scores(market, FIRST_RANKER, "p2")

    assert after["v3"] - after["v1"] > before["v3"] - before["v1"]


def test_more_say_moves_more_and_much_of_it_turns_the_order(market: Market) -> None:
    first = lead(market, FIRST_RANKER)
    one, many = (
        lead(market, learn(market, *[said("v3", 1.0), said("v1", -1.0)] * times))
        for times in (1, 40)
    )
    assert first < one < many
    assert first < 0 < many


def test_old_word_counts_less_and_later_one_not_at_all(market: Market) -> None:
    before = lead(market, FIRST_RANKER)
    new, old = (
        lead(market, learn(market, said("v3", 1.0, day))) for day in (DAY, date(2023, 1, 1))
    )

    assert new > old > before
    assert learn(market, said("v3", 1.0, date(2026, 11, 2))) == FIRST_RANKER


def test_nothing_said_changes_nothing(market: Market) -> None:
    assert learn(market) == FIRST_RANKER
    assert learn(market, said("nobody", 1.0)) == FIRST_RANKER


def test_accepted_without_a_list_is_preferred_to_others(market: Market) -> None:
    alone = replace(said("v3", 1.0), beside=())
    assert lead(market, learn(market, alone)) > lead(market, FIRST_RANKER)


def test_weights_keep_their_signs_and_kinds(market: Market) -> None:
    signals = [said("v3", 1.0), said("v1", -1.0)] * 200
    learned = learn(market, *signals)

    assert set(learned.weights) == set(FIRST_RANKER.weights)
    assert min(learned.weights.values()) >= 0
    assert learned.origin == "house+feedback"
    again = learn_from_feedback(market, learned, signals, today=TODAY)
    assert again.origin == "house+feedback"


def test_moved_takes_the_same_step() -> None:
    before = LinearRanker({"breadth": 1.0, "recency": -1.0}, {})
    after = LinearRanker({"breadth": 1.5, "recency": -0.5}, {})
    other = LinearRanker({"breadth": 2.0, "recency": -0.25}, {})

    assert moved(other, before, after).weights == {"breadth": 2.5}
