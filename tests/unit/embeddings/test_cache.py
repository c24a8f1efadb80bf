"""The vector cache: same vectors as the encoder, each text computed once, damage never fatal."""

import logging
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from embeddings.cache import CachedEncoder, VectorCache
from embeddings.encoder import HashingEncoder
from embeddings.protocol import Vectors


class CountingEncoder(HashingEncoder):
    """Remembers what it was asked to compute."""

    def __init__(self) -> None:
        super().__init__(dim=16)
        self.asked: list[str] = []

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        self.asked.extend(texts)
        return super().encode_passages(texts)


def test_each_text_is_computed_once(tmp_path: Path) -> None:
    encoder = CountingEncoder()
    cached = CachedEncoder(encoder, VectorCache(tmp_path / "c.db"))
    texts = ["Huế", "cảng", unicodedata.normalize("NFD", "Huế"), "cảng"]
    first, second = cached.encode_passages(texts), cached.encode_passages(texts)
    assert encoder.asked == ["Huế", "cảng"]
    assert np.array_equal(first, second)
    assert np.array_equal(first, HashingEncoder(dim=16).encode_passages(texts))


def test_kinds_and_encoders_are_kept_apart(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path / "c.db")
    cache.put("a", "query", {"x": np.ones(2, np.float32)})
    assert list(cache.get("a", "query", ["x"])) == ["x"]
    assert cache.get("a", "passage", ["x"]) == {}
    assert cache.get("b", "query", ["x"]) == {}


def test_no_texts_give_no_rows(tmp_path: Path) -> None:
    cached = CachedEncoder(HashingEncoder(dim=16), VectorCache(tmp_path / "c.db"))
    assert cached.encode_queries([]).shape == (0, 16)


def test_progress_counts_distinct_texts(tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    cached = CachedEncoder(
        HashingEncoder(),
        VectorCache(tmp_path / "c.db"),
        progress=lambda done, total: steps.append((done, total)),
        part=2,
    )
    cached.encode_passages(["a", "b", "c", "a"])
    assert steps == [(2, 3), (3, 3)]


def test_many_texts_pass_the_limit_of_variables(tmp_path: Path) -> None:
    cached = CachedEncoder(CountingEncoder(), VectorCache(tmp_path / "c.db"))
    texts = [f"dự án {number}" for number in range(1201)]
    cached.encode_passages(texts)
    assert len(cached.cache.get(cached.id, "passage", texts)) == 1201


@pytest.mark.parametrize("content", [b"not a database" * 100, b""])
def test_file_that_is_no_database_is_set_aside(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "c.db"
    path.write_bytes(content)
    cache = VectorCache(path)
    cache.put("a", "query", {"x": np.ones(2, np.float32)})
    assert len(cache) == 1
    kept = [found.read_bytes() for found in tmp_path.glob("c.db.damaged-*")]
    assert kept == ([content] if content else [])


def test_pages_overwritten_are_mended(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    path = tmp_path / "c.db"
    cached = CachedEncoder(HashingEncoder(), VectorCache(path))
    texts = [f"dự án {number}" for number in range(200)]
    before = cached.encode_passages(texts)
    size = path.stat().st_size
    with path.open("r+b") as stream:
        stream.seek(4096)
        stream.write(b"\xff" * (size - 4096))
    assert np.array_equal(cached.encode_passages(texts), before)
    assert np.array_equal(cached.encode_passages(texts), before)
    assert len(list(tmp_path.glob("c.db.damaged-*"))) == 1


def test_vector_with_a_flipped_byte_counts_as_absent(tmp_path: Path) -> None:
    path = tmp_path / "c.db"
    cache = VectorCache(path)
    cache.put("a", "query", {"x": np.full(4, 0.123456, np.float32)})
    data = path.read_bytes()
    needle = np.full(4, 0.123456, "<f4").tobytes()
    assert data.count(needle) == 1
    path.write_bytes(data.replace(needle, needle[:-1] + b"\x00"))
    assert cache.get("a", "query", ["x"]) == {}
