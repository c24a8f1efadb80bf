"""The index gives exactly what a brute-force search over its rows gives, and checks its input."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.errors import ArtifactError, VectorIndexError
from embeddings.index import VectorIndex, VectorRow, build, open_index
from embeddings.protocol import Vectors, normalised

DIM = 8


def _index(owners: list[str], *, seed: int = 7) -> tuple[VectorIndex, Vectors]:
    rows = [
        VectorRow(owner, "profile" if number % 3 else "project", str(number))
        for number, owner in enumerate(owners)
    ]
    noise = np.random.default_rng(seed).standard_normal((len(rows), DIM))
    vectors = normalised(noise) if rows else np.empty((0, DIM), np.float32)
    return VectorIndex(rows, vectors, encoder_id="test", template_version="1"), vectors


def _queries(count: int) -> Vectors:
    return normalised(np.random.default_rng(1).standard_normal((count, DIM)))


@settings(deadline=None, max_examples=50)  # the first example imports faiss
@given(
    owners=st.lists(st.sampled_from("abcdef"), max_size=30),
    kinds=st.sampled_from([None, ("project",), ("profile",), ("profile", "project"), ("none",)]),
    seed=st.integers(0, 1000),
)
def test_best_by_owner_equals_brute_force(
    owners: list[str], kinds: tuple[str, ...] | None, seed: int
) -> None:
    index, vectors = _index(owners, seed=seed)
    for query, best in zip(_queries(3), index.best_by_owner(_queries(3), kinds=kinds), strict=True):
        expected: dict[str, float] = {}
        for row, score in zip(index.rows, vectors @ query, strict=True):
            if kinds is None or row.kind in kinds:
                expected[row.owner] = max(expected.get(row.owner, -2.0), float(score))
        assert {owner: hit.score for owner, hit in best.items()} == pytest.approx(
            expected, abs=1e-6
        )
        scores = [hit.score for hit in best.values()]
        assert scores == sorted(scores, reverse=True)
        assert all(index.rows[hit.row] == hit.what for hit in best.values())


@settings(deadline=None, max_examples=50)
@given(owners=st.lists(st.sampled_from("abc"), max_size=20), k=st.integers(1, 40))
def test_search_equals_brute_force(owners: list[str], k: int) -> None:
    index, vectors = _index(owners)
    query = _queries(1)
    (hits,) = index.search(query, k)
    expected = np.sort(vectors @ query[0])[::-1][:k]
    np.testing.assert_allclose([hit.score for hit in hits], expected, atol=1e-6)
    assert len({hit.row for hit in hits}) == min(k, len(owners))


def test_search_keeps_to_kinds() -> None:
    index, _ = _index(list("aabbccdd"))
    (hits,) = index.search(_queries(1), 8, kinds=["project"])
    assert sorted(hit.row for hit in hits) == [0, 3, 6]


def test_equal_scores_are_ordered_by_owner_then_row() -> None:
    rows = [VectorRow("b", "project", "2"), VectorRow("a", "profile"), VectorRow("b", "profile")]
    same = np.tile(_queries(1), (3, 1))
    index = VectorIndex(rows, same, encoder_id="test", template_version="1")
    (best,) = index.best_by_owner(_queries(1))
    assert [(owner, hit.row) for owner, hit in best.items()] == [("a", 1), ("b", 0)]


def test_vectors_of_an_owner_come_in_row_order() -> None:
    index, vectors = _index(list("abab"))
    assert index.rows_of("b") == (1, 3)
    np.testing.assert_array_equal(index.vectors_of("b"), vectors[[1, 3]])
    assert index.vectors_of("nobody").shape == (0, DIM)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda rows, vectors: (rows[:-1], vectors), "index.shape"),
        (lambda rows, vectors: (rows, vectors[0]), "index.shape"),
        (lambda rows, vectors: (rows, vectors * 2), "index.norm"),
        (lambda rows, vectors: (rows, vectors * np.nan), "index.norm"),
        (lambda rows, vectors: (rows[:1] * 3, vectors), "index.duplicate"),
    ],
    ids=["fewer rows", "one dimension", "too long", "not a number", "twice"],
)
def test_wrong_input_is_refused(change: object, code: str) -> None:
    rows = [VectorRow("a", "project", str(number)) for number in range(3)]
    assert callable(change)
    wrong_rows, wrong_vectors = change(rows, _queries(3))
    with pytest.raises(VectorIndexError) as caught:
        VectorIndex(wrong_rows, wrong_vectors, encoder_id="test", template_version="1")
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("query", "k", "code"),
    [
        (np.ones((1, DIM + 1), np.float32), 1, "index.dim"),
        (np.ones(DIM, np.float32), 1, "index.dim"),
        (np.full((1, DIM), np.nan, np.float32), 1, "index.finite"),
        (np.ones((1, DIM), np.float32), 0, "index.k"),
    ],
    ids=["wider", "one dimension", "not a number", "no rows asked"],
)
def test_wrong_search_is_refused(query: Vectors, k: int, code: str) -> None:
    index, _ = _index(["a", "b"])
    with pytest.raises(VectorIndexError) as caught:
        index.search(query, k)
    assert caught.value.code == code


@pytest.mark.parametrize("owners", [[], list("abca")])
def test_index_written_and_opened_answers_alike(tmp_path: Path, owners: list[str]) -> None:
    index, _ = _index(owners)
    build(tmp_path / "v1", index, info={"calls": 2})
    opened = open_index(tmp_path / "v1")
    assert opened.rows == index.rows
    assert opened.info == index.info
    assert opened.search(_queries(2), 3) == index.search(_queries(2), 3)
    assert opened.best_by_owner(_queries(2)) == index.best_by_owner(_queries(2))


@pytest.mark.parametrize("name", ["vectors.faiss", "rows.json"])
def test_flipped_byte_is_found_with_remedy(tmp_path: Path, name: str) -> None:
    index, _ = _index(list("abca"))
    build(tmp_path / "v1", index)
    path = tmp_path / "v1" / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(ArtifactError, match="ketnoi index"):
        open_index(tmp_path / "v1")


def test_absent_index_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="Run `ketnoi index`"):
        open_index(tmp_path / "v1")
