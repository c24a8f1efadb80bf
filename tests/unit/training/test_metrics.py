import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.metrics import estimate, gini, ndcg_of_groups, outcome, paired


def test_a_perfect_order_gets_one() -> None:
    got = outcome(np.array([3.0, 2.0, 1.0], np.float32), np.array([True, True, False]))
    assert (got.ndcg_10, got.recall_10, got.mrr) == (1.0, 1.0, 1.0)


def test_ndcg_discounts_by_rank() -> None:
    scores = np.array([3.0, 2.0, 1.0], dtype=np.float32)
    got = outcome(scores, np.array([False, True, False]))
    assert got.ndcg_10 == pytest.approx(1 / np.log2(3))
    assert got.mrr == 0.5


def test_equal_scores_stand_in_the_order_of_rows() -> None:
    same = np.zeros(3, dtype=np.float32)
    assert outcome(same, np.array([False, False, True])).mrr == pytest.approx(1 / 3)


def test_recall_counts_what_is_beyond_the_tenth() -> None:
    scores = -np.arange(60, dtype=np.float32)
    relevant = np.zeros(60, dtype=np.bool_)
    relevant[[0, 20, 55]] = True
    got = outcome(scores, relevant)
    assert got.recall_10 == pytest.approx(1 / 3)
    assert got.recall_50 == pytest.approx(2 / 3)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30), st.integers(0, 9))
def test_an_interval_holds_the_mean(values: list[float], seed: int) -> None:
    got = estimate(np.array(values), seed=seed, draws=200)
    assert got.low - 1e-9 <= got.mean <= got.high + 1e-9 or len(set(values)) > 1


def test_the_same_seed_gives_the_same_interval() -> None:
    values = np.linspace(0, 1, 20)
    assert estimate(values) == estimate(values)


def test_a_paired_difference_is_sharper_than_its_parts() -> None:
    rng = np.random.default_rng(7)
    base = rng.random(200)
    apart = paired(base + 0.01, base)
    assert apart.low == pytest.approx(0.01)
    assert apart.high == pytest.approx(0.01)


def test_groups_without_a_true_row_are_not_judged() -> None:
    scores = np.array([1, 2, 1, 2], dtype=np.float32)
    relevant = np.array([False, True, False, False])
    assert ndcg_of_groups(scores, relevant, np.array([0, 2])).tolist() == [1.0]


def test_gini_of_even_and_single_exposure() -> None:
    assert gini(np.array([2, 2, 2, 2])) == pytest.approx(0.0)
    assert gini(np.array([0, 0, 0, 8])) == pytest.approx(0.75)
    assert gini(np.array([])) == 0.0
