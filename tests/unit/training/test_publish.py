"""What is learned is judged against the house rule on days of the past."""

from dataclasses import replace

import numpy as np
import pytest

from matcher.features import FEATURES
from matcher.market import Market
from matcher.ranker import FIRST_RANKER, LinearRanker
from tests.unit.training.worlds import checkerboard
from training.calibrate import CalibrationConfig
from training.fit import LogitConfig
from training.publish import PublishConfig, Trained, duel, learned_ranker, train_ranker
from training.samples import SampleConfig, draw_samples

WORLD = checkerboard(years=4)
CONFIG = PublishConfig(least_groups=8, calibration=CalibrationConfig(folds=2, first_share=0.6))
BLIND = LinearRanker({"recency": 1.0}, {})


def trained(config: PublishConfig, **options: object) -> Trained:
    return train_ranker(WORLD, config=config, **options)  # type: ignore[arg-type]


def test_a_duel_is_lost_by_a_ranker_that_knows_nothing() -> None:
    found = duel(WORLD, lambda _past: BLIND, CONFIG.calibration)
    assert found is not None
    assert not found.won
    assert found.learned < found.house - 0.2
    assert found.gain.mean == pytest.approx(found.learned - found.house)


def test_a_duel_learns_from_the_deals_before_each_day_alone() -> None:
    seen: list[int] = []

    def fit(past: Market) -> LinearRanker:
        seen.append(len(past.deals))
        return FIRST_RANKER

    duel(WORLD, fit, CONFIG.calibration)
    assert seen == sorted(set(seen))
    assert seen[-1] < len(WORLD.deals)


def test_what_wins_is_put_to_use() -> None:
    found = trained(CONFIG)
    assert found.duel is not None and found.duel.won
    assert found.learned and found.ranker is not None
    assert found.ranker.origin == "learned"


def test_what_loses_is_put_to_use_by_force_alone() -> None:
    useful = frozenset(FEATURES) - {"recency"}
    blind = replace(CONFIG, logit=LogitConfig(leave_out=useful))
    found = trained(blind, in_use=BLIND)
    assert found.duel is not None and not found.duel.won
    assert (found.learned, found.ranker) == (False, FIRST_RANKER)
    forced = trained(replace(blind, force=True))
    assert forced.learned and forced.ranker != FIRST_RANKER


def test_too_few_calls_leave_the_ranker_in_use() -> None:
    found = trained(replace(CONFIG, least_groups=10_000, force=True))
    assert (found.ranker, found.duel, found.learned) == (None, None, False)


def test_wishes_of_an_unknown_day_keep_their_weight() -> None:
    groups = draw_samples(WORLD, config=SampleConfig(newcomers=True)).for_calls
    assert not np.nan_to_num(groups.features[:, FEATURES.index("province_wanted")]).any()
    assert learned_ranker(groups, CONFIG).weights["province_wanted"] > 0
