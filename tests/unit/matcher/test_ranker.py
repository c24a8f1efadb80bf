from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from matcher.errors import MatcherError
from matcher.features import FEATURES
from matcher.ranker import FIRST_RANKER, LinearRanker
from matcher.rerank import top

ROWS = arrays(np.float32, (4, len(FEATURES)), elements=st.floats(0, 1, width=32) | st.just(np.nan))


@given(ROWS)
def test_contributions_add_up_to_the_score(rows: np.ndarray) -> None:
    total = FIRST_RANKER.contributions(rows).sum(axis=-1)
    np.testing.assert_allclose(total, FIRST_RANKER.score(rows), rtol=1e-5)


@given(ROWS)
def test_the_order_of_pairs_does_not_matter(rows: np.ndarray) -> None:
    forward, backward = FIRST_RANKER.score(rows), FIRST_RANKER.score(rows[::-1])
    np.testing.assert_array_equal(forward, backward[::-1])


def test_an_unknown_feature_counts_as_its_fallback() -> None:
    ranker = LinearRanker(weights={"profile": 2.0}, fallback={"profile": 0.25})
    unknown = np.full((1, len(FEATURES)), np.nan, dtype=np.float32)
    assert ranker.score(unknown).tolist() == [0.5]


def test_a_ranker_survives_save_and_load(tmp_path: Path) -> None:
    FIRST_RANKER.save(tmp_path)
    assert LinearRanker.load(tmp_path) == FIRST_RANKER


def test_a_ranker_of_another_version_says_what_to_do() -> None:
    with pytest.raises(MatcherError, match="weighs moon_phase"):
        LinearRanker(weights={"moon_phase": 1.0}, fallback={})


def test_equal_scores_stand_in_the_order_of_the_ids() -> None:
    assert top(np.array([1.0, 2.0, 1.0]), ["b", "c", "a"], n=3).tolist() == [1, 2, 0]
