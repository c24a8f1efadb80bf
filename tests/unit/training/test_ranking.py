"""Learning a market's ranking: days, newcomers, the order of the known."""

from dataclasses import replace

import numpy as np
import pytest

from data.records import Deal, Investor, PartialDate, ProjectCall
from matcher.candidates import calls_marked_open
from matcher.market import FloatArray, Market, build_market
from tests.unit.training.worlds import FIELDS, checkerboard, field_of
from training.choosing import Choice, ChoiceConfig, logit, rule
from training.newcomers import NewcomerConfig
from training.ranking import Learned, RankingConfig, Scores, learn, lines, next_day, score_calls

CONFIG = RankingConfig(
    for_calls=(logit(60.0), rule("sector_votes")),
    for_investors=(logit(60.0),),
    choice=ChoiceConfig(start=("logit 60",)),
    newcomers=NewcomerConfig(least=5),
)

NOT_YET = {f"new-{field}-4" for field in FIELDS}


def with_newcomers_each_year(years: int = 5) -> Market:
    """The checkerboard; each year one call a field is taken by one who never did anything but
    says its field. The open calls' newcomers have not come yet."""
    base = checkerboard(years=years, per_field=2)
    investors, calls, deals = list(base.investors), list(base.calls), list(base.deals)
    for year in range(years):
        for field in FIELDS:
            newcomer, call_id = f"new-{field}-{year}", f"{2000 + year}-{field}-n"
            last = year == years - 1
            investors.append(Investor(newcomer, newcomer, sectors_as_written=field))
            status = "open" if last else "closed"
            title = f"{field} project new"
            calls.append(ProjectCall(call_id, title, sector_as_written=field, status=status))
            if not last:
                deals.append(Deal(newcomer, call_id, PartialDate(str(2000 + year))))
    return build_market(investors=investors, calls=calls, deals=deals)


@pytest.fixture(scope="module")
def market() -> Market:
    return with_newcomers_each_year()


def scored(market: Market, config: RankingConfig) -> Scores:
    calls = calls_marked_open(market)
    learned = learn(market, config, horizon=len(calls))
    return score_calls(market, learned, calls=calls, day=next_day(market), config=config)


@pytest.fixture(scope="module")
def scores(market: Market) -> Scores:
    return scored(market, CONFIG)


def test_the_newcomer_of_the_field_comes_before_those_of_others(
    market: Market, scores: Scores
) -> None:
    new = [row for row, i in enumerate(market.investors) if i.investor_id in NOT_YET]
    assert len(new) == len(FIELDS)
    for call, row in zip(scores.calls.tolist(), scores.for_calls, strict=True):
        best = new[int(np.argmax(row[new]))]
        assert field_of(market.investors[best].investor_id) == field_of(market.calls[call].call_id)
        place = int((row > row[best]).sum())
        assert place < 10


def test_newcomers_do_not_change_the_order_of_the_known(market: Market, scores: Scores) -> None:
    without = scored(market, replace(CONFIG, newcomers=NewcomerConfig(least=10**6)))
    known = np.unique(market.deal_investor)
    one, other = scores.for_calls, without.for_calls
    np.testing.assert_allclose(one[:, known], other[:, known], rtol=1e-4, atol=1e-5)
    assert not np.allclose(one, other, rtol=1e-4, atol=1e-5)


def test_equal_pairs_stand_in_the_order_of_their_ids(market: Market) -> None:
    calls = calls_marked_open(market)[:1]
    row = np.zeros((1, len(market.investors)), dtype=np.float32)
    row[0, ::2] = 1e-7  # what is left of a sum made in another order
    row[0, 3] = 1.0
    for_calls, _ = lines(Scores(calls, row, row), market, top=4)
    (line,) = for_calls
    items = line["items"]
    assert isinstance(items, list)
    ids = [investor.investor_id for investor in market.investors]
    assert [item["investor_id"] for item in items] == [ids[3], *ids[:3]]
    assert [item["score"] for item in items] == [1.0, 0.0, 0.0, 0.0]


def test_ways_beside_are_scored_for_comparison(market: Market) -> None:
    def zero(block: FloatArray) -> FloatArray:
        return np.zeros(block.shape[:-1], dtype=np.float32)

    learned = Learned(Choice({}, zero), Choice({}, zero))
    calls, day = calls_marked_open(market)[:2], next_day(market)
    config = replace(CONFIG, beside={"zero": zero})
    found = score_calls(market, learned, calls=calls, day=day, config=config)
    assert set(found.beside) == {"zero"}
    assert not found.beside["zero"].any()


def test_the_day_of_looking_follows_the_last_deal_by_a_usual_step(market: Market) -> None:
    assert next_day(market) == int(market.deal_day.max()) + 365


def test_the_day_of_looking_is_the_next_where_deals_are_daily() -> None:
    calls = [ProjectCall(f"c{day}", "wind") for day in range(1, 10)]
    deals = [Deal("v", f"c{day}", PartialDate(f"2020-03-0{day}")) for day in range(1, 10)]
    market = build_market(investors=[Investor("v", "v")], calls=calls, deals=deals)
    assert next_day(market) == int(market.deal_day.max()) + 1
    assert next_day(replace(market, deals=())) == 1
