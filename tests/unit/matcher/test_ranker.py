import json
from dataclasses import replace
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


def row(**values: float) -> np.ndarray:
    """One pair: what is not given is unknown."""
    out = np.full((1, len(FEATURES)), np.nan, dtype=np.float32)
    for name, value in values.items():
        out[0, FEATURES.index(name)] = value
    return out


def test_a_newcomer_is_weighed_by_its_profile() -> None:
    ranker = LinearRanker({"profile": 1.0}, {}, newcomers={"profile": 3.0}, base=-0.5)
    assert ranker.score(row(profile=0.5, breadth=0.0)).tolist() == [1.0]
    assert ranker.score(row(profile=0.5)).tolist() == [1.0]
    assert ranker.score(row(profile=0.5, breadth=0.7)).tolist() == [0.5]
    assert ranker.contributions(row(profile=0.5)).sum() == 1.5  # the score less the base


def test_weights_of_newcomers_leave_the_known_as_they_were() -> None:
    rows = np.random.default_rng(7).uniform(0, 1, (20, len(FEATURES))).astype(np.float32)
    rows[:, FEATURES.index("breadth")] = 1.0
    plain = replace(FIRST_RANKER, newcomers={})
    np.testing.assert_array_equal(FIRST_RANKER.score(rows), plain.score(rows))


def test_weights_of_newcomers_need_to_know_who_has_a_deal() -> None:
    ranker = LinearRanker({"profile": 1.0}, {}, newcomers={"tag_match": 1.0})
    assert ranker.needs == {"profile", "tag_match", "breadth"}
    assert ranker.id != LinearRanker({"profile": 1.0}, {}).id


def test_a_ranker_of_an_older_release_weighs_all_alike(tmp_path: Path) -> None:
    body = {"kind": "linear", "weights": {"profile": 1.0}, "fallback": {}}
    (tmp_path / LinearRanker.FILE).write_text(json.dumps(body), encoding="utf-8")
    old = LinearRanker.load(tmp_path)
    assert old.origin == "house" and not old.newcomers
    assert old.score(row(profile=0.5)).tolist() == [0.5]


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
