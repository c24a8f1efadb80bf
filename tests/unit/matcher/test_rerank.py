"""Caps hold, and without need change nothing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from matcher.calibration import Calibration, Chances
from matcher.reciprocal import Reciprocal, ReciprocalConfig, contested
from matcher.rerank import capped, concentration, gini

WORTH = arrays(np.float32, (6, 9), elements=st.floats(-5, 5, width=32), unique=True)


@given(WORTH, st.integers(1, 4), st.integers(1, 6))
def test_nobody_is_on_more_lists_than_the_cap(worth: np.ndarray, n: int, cap: int) -> None:
    lists = capped(worth, n=n, cap=cap)
    count = np.bincount(np.concatenate(lists), minlength=worth.shape[1])
    assert count.max() <= cap
    assert all(len(found) == len(set(found.tolist())) <= n for found in lists)


@given(WORTH, st.integers(1, 4))
def test_a_cap_of_all_lists_changes_nothing(worth: np.ndarray, n: int) -> None:
    lists = capped(worth, n=n, cap=len(worth))
    for found, row in zip(lists, worth, strict=True):
        assert found.tolist() == np.argsort(-row, kind="stable")[:n].tolist()


@given(WORTH, st.integers(1, 3))
def test_lists_are_full_while_there_is_room(worth: np.ndarray, n: int) -> None:
    rows, columns = worth.shape
    cap = -(-rows * n // columns) + n
    assert [len(found) for found in capped(worth, n=n, cap=cap)] == [n] * rows


def test_a_popular_one_goes_where_it_is_worth_most() -> None:
    worth = np.array([[3.0, 2.9], [2.5, 0.1]], dtype=np.float32)
    assert [found.tolist() for found in capped(worth, n=1, cap=1)] == [[0], [1]]


def test_who_must_not_be_shown_is_not() -> None:
    worth = np.array([[-np.inf, 1.0], [-np.inf, -np.inf]], dtype=np.float32)
    assert [found.tolist() for found in capped(worth, n=2, cap=9)] == [[1], []]


def test_concentration_counts_places() -> None:
    same = [np.arange(5)] * 4
    found = concentration(same, 10)
    assert (found.five, found.all_five, found.most, found.shown) == (1.0, 1.0, 4, 5)
    spread = concentration([np.array([row]) for row in range(10)], 10)
    assert (spread.gini, spread.all_five, spread.most) == (0.0, 0.0, 1)


@pytest.mark.parametrize(("counts", "value"), [([1, 1, 1, 1], 0.0), ([0, 0, 0, 4], 0.75), ([], 0)])
def test_gini(counts: list[int], value: float) -> None:
    assert gini(np.array(counts, dtype=np.int64)) == pytest.approx(value)


def test_the_second_side_prefers_who_has_no_better_call() -> None:
    """Both suit the first call alike; the second investor has nothing else, the first has."""
    scores = np.array([[2.0, 2.0], [2.0, -3.0]], dtype=np.float32)
    sure = Calibration.bare("r", Chances(1.0, 0.0, 0.0), 1.0)
    one_sided = Reciprocal(sure, ReciprocalConfig(0.0))(scores)
    both = Reciprocal(sure)(scores)
    assert one_sided[0, 0] == pytest.approx(one_sided[0, 1])
    assert both[0, 1] > both[0, 0]


def test_scores_less_the_contest_stand_in_the_order_of_chances() -> None:
    scores = np.array([3.0, 2.0, 2.5], dtype=np.float32)
    chances = np.array([0.01, 0.3, 0.05], dtype=np.float32)
    left = scores - contested(scores, chances, 1.3)
    assert np.argsort(-left).tolist() == [1, 2, 0]
    assert float(left.mean()) == pytest.approx(float(scores.mean()), abs=1e-5)
