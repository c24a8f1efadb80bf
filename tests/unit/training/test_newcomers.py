"""Newcomers among the known, on groups whose right answer is known by construction."""

import numpy as np
import pytest

from matcher.features import FEATURES
from matcher.market import FloatArray
from matcher.ranker import LinearRanker
from training.newcomers import NewcomerConfig, place_newcomers, with_newcomers
from training.samples import Groups, known_rows

_BREADTH, _PROFILE, _VOTES = (FEATURES.index(n) for n in ("breadth", "tag_match", "text_votes"))


def made(n: int = 60, *, newcomers: bool = True, seed: int = 7) -> Groups:
    """Calls with four known investors and three newcomers; every third is taken by the newcomer
    whose profile fits, the others by the known with the most votes."""
    rng = np.random.default_rng(seed)
    features = np.full((n, 7, len(FEATURES)), np.nan, dtype=np.float32)
    features[..., _BREADTH] = 0.0
    features[:, :4, _BREADTH] = 1.0
    features[..., _VOTES] = 0.0
    features[:, :4, _VOTES] = rng.uniform(0, 1, (n, 4))
    features[:, 4:, _PROFILE] = rng.uniform(0, 0.3, (n, 3))
    relevant = np.zeros((n, 7), dtype=np.bool_)
    for call in range(n):
        if newcomers and call % 3 == 0:
            features[call, 4, _PROFILE] = 1.0
            relevant[call, 4] = True
        else:
            relevant[call, int(features[call, :4, _VOTES].argmax())] = True
    return Groups(
        features=features.reshape(-1, len(FEATURES)),
        relevant=relevant.ravel(),
        offset=np.zeros(n * 7, dtype=np.float32),
        starts=np.arange(0, n * 7, 7),
        since=np.repeat(np.arange(6), n // 6),
        until=np.repeat(np.arange(6), n // 6) + 1,
        weight=np.ones(n, dtype=np.float32),
    )


def votes(features: FloatArray) -> FloatArray:
    return np.nan_to_num(features[..., _VOTES])


@pytest.fixture(scope="module")
def groups() -> Groups:
    return made()


def test_the_known_keep_their_scores(groups: Groups) -> None:
    score = with_newcomers(groups, votes)
    known = known_rows(groups.features)
    np.testing.assert_array_equal(score(groups.features)[known], votes(groups.features)[known])


def test_a_newcomer_whose_profile_fits_comes_first(groups: Groups) -> None:
    scores = with_newcomers(groups, votes)(groups.features).reshape(-1, 7)
    assert (scores[::3].argmax(axis=1) == 4).mean() > 0.8


def test_a_newcomer_whose_profile_does_not_fit_stays_behind(groups: Groups) -> None:
    scores = with_newcomers(groups, votes)(groups.features).reshape(-1, 7)
    others = np.delete(scores, np.arange(0, len(scores), 3), axis=0)
    assert (others.argmax(axis=1) < 4).mean() > 0.8


def test_without_a_profile_a_newcomer_is_scored_as_before(groups: Groups) -> None:
    bare = groups.features[:7].copy()
    bare[4:, _PROFILE] = np.nan
    np.testing.assert_array_equal(with_newcomers(groups, votes)(bare), votes(bare))


def test_where_no_newcomer_ever_came_nothing_changes() -> None:
    assert with_newcomers(made(newcomers=False), votes) is votes


def test_too_few_newcomers_teach_nothing(groups: Groups) -> None:
    assert with_newcomers(groups, votes, NewcomerConfig(least=1000)) is votes


def test_the_groups_of_the_known_hold_no_newcomer(groups: Groups) -> None:
    known = groups.of_known
    assert known_rows(known.features).all()
    assert len(known) == 40
    assert np.add.reduceat(known.relevant.astype(int), known.starts).min() == 1
    assert np.diff(np.append(known.starts, len(known.relevant))).tolist() == [4] * 40


def test_groups_without_newcomers_are_left_as_they_are(groups: Groups) -> None:
    known = groups.of_known
    assert known.of_known is known


def test_a_linear_ranker_gets_weights_for_newcomers(groups: Groups) -> None:
    ranker = place_newcomers(groups, LinearRanker({"text_votes": 4.0}, {}))
    known = known_rows(groups.features)
    scores = ranker.score(groups.features)
    np.testing.assert_allclose(scores[known], 4.0 * votes(groups.features)[known], rtol=1e-6)
    assert set(ranker.newcomers) == {"tag_match"}
    assert (scores.reshape(-1, 7)[::3].argmax(axis=1) == 4).mean() > 0.8


def test_caution_puts_newcomers_lower(groups: Groups) -> None:
    plain = LinearRanker({"text_votes": 4.0}, {})
    bold = place_newcomers(groups, plain)
    careful = place_newcomers(groups, plain, NewcomerConfig(caution=1.5))
    assert careful.base < bold.base
    assert careful.newcomers == bold.newcomers


def test_a_linear_ranker_without_newcomers_in_the_past_stays() -> None:
    ranker = LinearRanker({"text_votes": 4.0}, {})
    assert place_newcomers(made(newcomers=False), ranker) == ranker
