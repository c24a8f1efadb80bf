"""Chances are chances, and a calibration survives its file."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from matcher.calibration import (
    BANDS,
    Abstention,
    Calibration,
    Chances,
    house_calibration,
)
from matcher.errors import MatcherError
from matcher.ranker import FIRST_RANKER
from matcher.types import Band

CHANCES = Chances(sharpness=1.3, offset=2.0, trust=0.4, takers=1.0)
SCORES = arrays(np.float32, 12, elements=st.floats(-5, 10, width=32))


@given(SCORES)
def test_one_taker_is_at_most_certain(scores: np.ndarray) -> None:
    chances = CHANCES(scores)
    assert (chances >= 0).all()
    assert chances.sum() <= 1.0 + 1e-5


@given(SCORES)
def test_chances_stand_in_the_order_of_the_scores(scores: np.ndarray) -> None:
    chances = CHANCES(scores)
    order = np.argsort(scores, kind="stable")
    assert (np.diff(chances[order]) >= -1e-7).all()


@given(SCORES)
def test_the_order_of_investors_does_not_matter(scores: np.ndarray) -> None:
    np.testing.assert_allclose(CHANCES(scores)[::-1], CHANCES(scores[::-1]), rtol=1e-5)


def test_a_rival_takes_some_of_the_chance() -> None:
    alone = CHANCES(np.array([4.0, 0.0], dtype=np.float32))
    contested = CHANCES(np.array([4.0, 4.0], dtype=np.float32))
    assert contested[0] < 0.7 * alone[0]


def test_who_cannot_be_meant_has_no_chance() -> None:
    chances = CHANCES(np.array([3.0, -np.inf], dtype=np.float32))
    assert chances[1] == 0.0
    assert np.isfinite(chances).all()


def test_chances_of_nobody_are_none() -> None:
    assert CHANCES(np.zeros((3, 0), dtype=np.float32)).shape == (3, 0)


def made() -> Calibration:
    bands = (
        Band("high", 0.2, 50, 0.3, 0.2, 0.4),
        Band("medium", 0.05, 200, 0.1, 0.08, 0.12),
        Band("low", 0.0, 900, 0.02, 0.01, 0.03),
    )
    return Calibration(
        ranker="r",
        for_calls=CHANCES,
        choosing=1.1,
        bands=bands,
        abstention=Abstention(0.03, 0.1, 0.02, 0.2, 0.2, 0.4),
        reliability=((0.01, 0.02, 100), (0.2, 0.25, 100)),
        ece=0.03,
        first_ece=0.05,
        learned={"calls": 561},
    )


@pytest.mark.parametrize(
    ("chance", "band"), [(0.2, "high"), (0.199, "medium"), (0.05, "medium"), (0.0, "low")]
)
def test_bands_begin_at_their_least(chance: float, band: str) -> None:
    assert made().band(chance) == band


def test_a_calibration_survives_save_and_load(tmp_path: Path) -> None:
    made().save(tmp_path / "calibration.json")
    assert Calibration.load(tmp_path / "calibration.json") == made()


def test_a_calibration_of_another_version_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "calibration.json"
    made().save(path)
    path.write_text(json.dumps({**json.loads(path.read_text()), "version": 99}))
    with pytest.raises(MatcherError, match="ketnoi index") as caught:
        Calibration.load(path)
    assert caught.value.code == "calibration.version"
    assert caught.value.message_vi != caught.value.message


def test_what_ships_belongs_to_the_rule_that_ships() -> None:
    """If this fails, `make calibration`."""
    shipped = house_calibration()
    assert shipped.ranker == FIRST_RANKER.id
    assert [band.name for band in shipped.bands] == list(BANDS)
    rates = [band.precision for band in shipped.bands]
    assert rates == sorted(rates, reverse=True)
    assert shipped.ece < 0.03
    assert shipped.abstention.refused_first < shipped.abstention.kept_first / 2
