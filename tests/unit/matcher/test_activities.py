import numpy as np
import pytest

from embeddings.tagging import Tag
from matcher.activities import (
    FloatArray,
    activity_fit,
    activity_names,
    activity_similarity,
    columns,
    pair_fit,
    relations,
    weights_of,
)


def weights(**tags: float) -> FloatArray:
    rows = [tuple(Tag(name.replace("_", "-"), sure) for name, sure in tags.items())]
    found: FloatArray = weights_of(rows)[0]
    return found


def test_relations_are_shares_and_one_on_the_diagonal() -> None:
    matrix = relations()
    assert matrix.shape == (len(activity_names()),) * 2
    assert np.array_equal(np.diag(matrix), np.ones(len(matrix)))
    assert matrix.min() >= 0.0
    off = matrix - np.eye(len(matrix))
    assert off.max() < 1.0


def test_nearness_follows_the_tree() -> None:
    child = activity_similarity("seaport", "container-terminal")
    sibling = activity_similarity("container-terminal", "deep-water-port")
    field = activity_similarity("container-terminal", "airport")
    other = activity_similarity("container-terminal", "kindergarten")
    assert child > sibling > field > other == 0.0


def test_chain_of_value_crosses_fields() -> None:
    assert activity_similarity("slaughterhouse", "pig-farming") > 0.3
    assert activity_similarity("pig-farming", "slaughterhouse") > 0.3


def test_fit_prefers_the_same_and_ignores_nothing_asked() -> None:
    calls = np.stack([weights(hotel=1.0), weights(resort=1.0), weights(cement=1.0)])
    fit = activity_fit(weights(hotel=1.0), calls)
    assert fit.tolist() == sorted(fit.tolist(), reverse=True)
    assert fit[0] == pytest.approx(1.0)
    assert activity_fit(np.zeros(len(activity_names()), np.float32), calls).tolist() == [0, 0, 0]


def test_pair_fit_agrees_with_the_relation_of_single_activities() -> None:
    fit = pair_fit(np.stack([weights(hotel=1.0)]), np.stack([weights(resort=1.0)]))
    assert fit[0, 0] == pytest.approx(activity_similarity("resort", "hotel"))


def test_weights_may_leave_out_what_is_only_meant() -> None:
    tags = (Tag("hotel", 1.0), Tag("resort", 0.4, (), "meaning"), Tag("gone", 1.0))
    assert weights_of([tags]).sum() == pytest.approx(1.4)
    assert weights_of([tags], meant=False)[0, columns()["resort"]] == 0.0
