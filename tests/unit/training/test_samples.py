from dataclasses import replace

import numpy as np
import pytest

from data.records import Deal, PartialDate
from matcher.features import FEATURES
from matcher.market import Market, build_market
from tests.unit.training.worlds import checkerboard
from training.samples import SampleConfig, blocks, draw_samples, first_days


@pytest.fixture(scope="module")
def market() -> Market:
    return checkerboard()


def test_blocks_look_ahead_only(market: Market) -> None:
    first = first_days(market)
    for block in blocks(market, SampleConfig()):
        assert block.since < block.until
        assert (first[block.calls] >= block.since).all()
        assert (first[block.calls] < block.until).all()


def test_blocks_are_oldest_first(market: Market) -> None:
    since = [block.since for block in blocks(market, SampleConfig())]
    assert len(since) > 2
    assert since == sorted(set(since))


def test_without_deals_there_is_nothing_to_learn_from(market: Market) -> None:
    empty = replace(market, deals=())
    samples = draw_samples(empty)
    assert len(samples.for_calls) == 0
    assert len(samples.for_investors) == 0


def test_every_group_holds_a_true_row(market: Market) -> None:
    groups = draw_samples(market).for_calls
    true = np.add.reduceat(groups.relevant.astype(int), groups.starts)
    assert (true > 0).all()


def test_a_later_deal_changes_no_earlier_example(market: Market) -> None:
    """The leak test: what happens in the last year must not show in earlier blocks."""
    groups = draw_samples(market).for_calls
    day = int(np.unique(groups.since)[-1])
    last = max(deal.date for deal in market.deals)
    moved = [
        replace(deal, investor_id="wind-0") if deal.date == last else deal for deal in market.deals
    ]
    other = build_market(
        investors=market.investors, calls=market.calls, deals=moved, vectors=market.vectors
    )
    again = draw_samples(other).for_calls
    early = groups.take(groups.until <= day)
    early_again = again.take(again.until <= day)
    np.testing.assert_array_equal(early.features, early_again.features)


def test_a_group_can_be_taken_out_whole(market: Market) -> None:
    groups = draw_samples(market).for_calls
    mask = np.zeros(len(groups), dtype=np.bool_)
    mask[3] = True
    one = groups.take(mask)
    assert len(one) == 1
    assert one.starts.tolist() == [0]
    begin, end = groups.starts[3], groups.starts[4]
    np.testing.assert_array_equal(one.features, groups.features[begin:end])


def test_the_call_s_own_deal_is_not_among_its_features(market: Market) -> None:
    lone = Deal("wind-0", "2000-wind-0", PartialDate("2003"))
    only = build_market(
        investors=market.investors, calls=market.calls, deals=[lone], vectors=market.vectors
    )
    groups = draw_samples(only, config=SampleConfig(least_calls=1)).for_calls
    assert not np.nan_to_num(groups.features[:, FEATURES.index("breadth")]).any()
