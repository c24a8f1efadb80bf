from datetime import date

import numpy as np
import pytest

from matcher.features import FEATURES
from matcher.market import Market
from matcher.ranker import FIRST_RANKER, LinearRanker
from tests.unit.training.worlds import checkerboard
from training.rolling import Fold, RollingConfig, out_of_time_scores, rolling_cutoffs


@pytest.fixture(scope="module")
def market() -> Market:
    return checkerboard()


@pytest.fixture(scope="module")
def folds(market: Market) -> list[Fold]:
    config = RollingConfig(folds=3, years=1.0, keep=("breadth",))
    return list(out_of_time_scores(market, lambda _: FIRST_RANKER, config=config))


def test_cutoffs_are_days_of_the_past_in_order(market: Market) -> None:
    days = rolling_cutoffs(market, RollingConfig(folds=4))
    assert len(days) == 4
    assert days == sorted(days)
    assert min(days).toordinal() > int(market.deal_day.min())


def test_a_fold_holds_the_calls_that_came_after_its_day(market: Market, folds: list[Fold]) -> None:
    for fold in folds:
        for place, call in enumerate(fold.calls.tolist()):
            own = market.deal_day[market.deal_call == call]
            assert fold.day <= own.min() < fold.until
            takers = market.deal_investor[
                (market.deal_call == call) & (market.deal_day < fold.until)
            ]
            assert set(np.flatnonzero(fold.taken[place])) == set(takers)


def test_the_kept_features_are_as_of_the_day(market: Market, folds: list[Fold]) -> None:
    for fold in folds:
        count = np.bincount(
            market.deal_investor[market.deal_day < fold.day], minlength=len(market.investors)
        )
        np.testing.assert_allclose(fold.columns["breadth"][0], np.log1p(count), rtol=1e-5)
        assert (fold.known == (count > 0)).all()


def test_the_ranker_learns_from_the_past_alone(market: Market) -> None:
    seen: list[tuple[int, int]] = []

    def fit(past: Market) -> LinearRanker:
        seen.append((int(past.deal_day.max()), len(past.investors)))
        return LinearRanker(weights={FEATURES[0]: 1.0}, fallback={})

    cutoffs = [date(2003, 1, 1), date(2005, 1, 1)]
    folds = list(out_of_time_scores(market, fit, cutoffs=cutoffs))
    assert [fold.day for fold in folds] == [day.toordinal() for day in cutoffs]
    for fold, (last, n) in zip(folds, seen, strict=True):
        assert last < fold.day
        assert n == len(market.investors)


def test_a_fold_without_a_ranker_is_left_out(market: Market) -> None:
    assert list(out_of_time_scores(market, lambda _: None)) == []
