import datetime

import numpy as np
import pytest

from matcher.features import FEATURES, closeness, feature_block
from matcher.market import Market
from tests.support.markets import small_market

TODAY = datetime.date(2026, 1, 1).toordinal()


@pytest.fixture(scope="module")
def market() -> Market:
    return small_market()


def value(market: Market, name: str, call: str, investor: str, before: int = TODAY) -> float:
    block = feature_block(
        market,
        calls=np.array([market.call_row[call]]),
        investors=np.arange(len(market.investors)),
        before=before,
    )
    return float(block[0, market.investor_row[investor], FEATURES.index(name)])


def test_best_project_is_the_nearest_past_one(market: Market) -> None:
    assert value(market, "best_project", "c1", "v1") == 1.0
    assert value(market, "best_project", "c1", "v2") == 0.0


def test_neighbours_share_one_vote_among_all(market: Market) -> None:
    assert value(market, "neighbours", "c1", "v1") == pytest.approx(1.0)
    assert value(market, "neighbours", "c2", "v2") == pytest.approx(1.0)


def test_a_deal_on_the_call_itself_never_counts(market: Market) -> None:
    assert value(market, "breadth", "p3", "v2") == 0.0
    assert value(market, "best_project", "p3", "v2") == 0.0
    assert value(market, "province_history", "p3", "v2") == 0.0


def test_only_deals_before_the_day_count(market: Market) -> None:
    in_2020 = datetime.date(2020, 6, 1).toordinal()
    assert value(market, "breadth", "c1", "v1") == pytest.approx(np.log(3))
    assert value(market, "breadth", "c1", "v1", before=in_2020) == pytest.approx(np.log(2))


def test_unknown_is_nan_not_zero(market: Market) -> None:
    assert np.isnan(value(market, "profile", "c1", "v1"))
    assert np.isnan(value(market, "sector_stated", "c1", "v1"))
    assert np.isnan(value(market, "capital_fit", "c2", "v2"))
    assert value(market, "sector_stated", "c1", "v3") == 1.0
    assert value(market, "sector_stated", "c2", "v3") == 0.0


def test_capital_fit_falls_with_the_ratio(market: Market) -> None:
    assert value(market, "capital_fit", "c1", "v1") == pytest.approx(np.exp(-np.log10(2)), rel=1e-5)


def test_province_and_region(market: Market) -> None:
    assert value(market, "province_history", "c1", "v1") == pytest.approx(np.log(3))
    assert value(market, "province_history", "c2", "v2") == 0.0
    assert value(market, "region_history", "c2", "v2") == pytest.approx(0.5)
    assert value(market, "province_wanted", "c1", "v3") == 1.0


def test_a_block_equals_its_single_pairs(market: Market) -> None:
    calls, investors = np.arange(len(market.calls)), np.arange(len(market.investors))
    whole = feature_block(market, calls=calls, investors=investors, before=TODAY)
    votes = FEATURES.index("neighbours")  # shared among the investors of the block, so left out
    for call in calls:
        for investor in investors:
            alone = feature_block(
                market, calls=calls[[call]], investors=investors[[investor]], before=TODAY
            )
            np.testing.assert_allclose(
                np.delete(whole[call, investor], votes), np.delete(alone[0, 0], votes), atol=1e-5
            )


def test_no_history_gives_zero_history(market: Market) -> None:
    block = feature_block(
        market,
        calls=np.array([0]),
        investors=np.arange(3),
        before=datetime.date(1990, 1, 1).toordinal(),
    )
    assert not block[..., FEATURES.index("breadth")].any()


def test_closeness_clips_at_both_ends() -> None:
    got = closeness(np.array([0.5, 0.75, 0.875, 1.0], dtype=np.float32), 0.75)
    np.testing.assert_allclose(got, [0.0, 0.0, 0.5, 1.0])
