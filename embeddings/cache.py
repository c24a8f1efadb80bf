"""Vectors kept between runs: an SQLite file keyed by encoder, kind and sha256 of the NFC text."""

import contextlib
import hashlib
import logging
import sqlite3
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from embeddings.errors import ArtifactError
from embeddings.manifest import exclusive
from embeddings.protocol import Encoder, Kind, Vectors, checked_texts

Vector = NDArray[np.float32]
Progress = Callable[[int, int], None]
T = TypeVar("T")

_LOG = logging.getLogger(__name__)
_SCHEMA = """
CREATE TABLE IF NOT EXISTS vectors (
  encoder TEXT NOT NULL, kind TEXT NOT NULL, text_sha256 BLOB NOT NULL,
  crc32 INTEGER NOT NULL, vector BLOB NOT NULL,
  PRIMARY KEY (encoder, kind, text_sha256)
) WITHOUT ROWID
"""
_GET = "SELECT text_sha256, crc32, vector FROM vectors WHERE encoder = ? AND kind = ? AND "
_PUT = "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?, ?, ?)"
_DAMAGED = {"SQLITE_CORRUPT", "SQLITE_NOTADB"}
_ASKED_AT_ONCE = 500  # keys in one statement; SQLite allows 999 variables in old builds
_BUSY_SECONDS = 30.0


class VectorCache:
    """A file of vectors that processes and threads may share; losing it only costs time.

    A damaged file is renamed to ``<name>.damaged-<time>`` and started anew; a damaged row counts
    as absent. Each call opens its own connection, so a fork or a kill leaves nothing held.

    Args:
        path: the file; it and its folder are made if needed.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._mended(self._count)
        except (OSError, sqlite3.Error) as error:
            raise ArtifactError(
                code="cache.unusable",
                message=f"The vector cache {path} cannot be opened ({error}). "
                "Make its folder writable or set another one.",
            ) from error

    def __len__(self) -> int:
        return self._mended(self._count)

    def get(self, encoder_id: str, kind: Kind, texts: Sequence[str]) -> dict[str, Vector]:
        """Vectors of those texts that are known, by text; texts must be NFC."""
        keys = {_key(text): text for text in texts}
        try:
            found = self._mended(lambda: self._read(encoder_id, kind, list(keys)))
        except sqlite3.Error as error:
            _LOG.warning("vector cache %s not read: %s", self.path, error)
            return {}
        return {keys[key]: vector for key, vector in found.items()}

    def put(self, encoder_id: str, kind: Kind, vectors: Mapping[str, Vector]) -> None:
        """Keep vectors by text, all or none; a full disk or a long lock is logged, not raised."""
        rows = []
        for text, vector in vectors.items():
            blob = np.ascontiguousarray(vector, dtype="<f4").tobytes()
            rows.append((encoder_id, kind, _key(text), zlib.crc32(blob), blob))
        try:
            self._mended(lambda: self._write(rows))
        except sqlite3.Error as error:
            _LOG.warning("vector cache %s not written: %s", self.path, error)

    def _count(self) -> int:
        with self._connection() as connection:
            return int(connection.execute("SELECT count(*) FROM vectors").fetchone()[0])

    def _read(self, encoder_id: str, kind: Kind, keys: list[bytes]) -> dict[bytes, Vector]:
        found = {}
        with self._connection() as connection:
            for start in range(0, len(keys), _ASKED_AT_ONCE):
                part = keys[start : start + _ASKED_AT_ONCE]
                marks = f"text_sha256 IN ({','.join('?' * len(part))})"
                for key, crc, blob in connection.execute(_GET + marks, (encoder_id, kind, *part)):
                    if zlib.crc32(blob) == crc:
                        found[bytes(key)] = np.frombuffer(blob, "<f4").astype(np.float32)
        return found

    def _write(self, rows: Sequence[tuple[str, str, bytes, int, bytes]]) -> None:
        with self._connection() as connection, connection:
            connection.executemany(_PUT, rows)

    @contextlib.contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        with contextlib.closing(sqlite3.connect(self.path, timeout=_BUSY_SECONDS)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute(_SCHEMA)
            yield connection

    def _mended(self, work: Callable[[], T]) -> T:
        try:
            return work()
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorname", "") not in _DAMAGED:
                raise
            self._set_aside(error)
            return work()

    def _set_aside(self, error: sqlite3.Error) -> None:
        with exclusive(self.path.with_name(self.path.name + ".lock")):
            if self._sound():
                return  # another process has mended it meanwhile
            aside = self.path.with_name(f"{self.path.name}.damaged-{time.time_ns()}")
            _LOG.warning("vector cache %s is damaged (%s); kept as %s", self.path, error, aside)
            for suffix in ("-wal", "-shm"):
                self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
            self.path.rename(aside)

    def _sound(self) -> bool:
        try:
            with self._connection() as connection:
                return bool(connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")
        except sqlite3.DatabaseError:
            return False


class CachedEncoder:
    """An encoder that asks a cache first and keeps what it had to compute.

    Args:
        encoder: computes what is not known.
        cache: holds what is.
        progress: called with (done, total) texts after each part that was computed.
        part: texts computed between two writes; a killed run loses at most so many.
    """

    def __init__(
        self,
        encoder: Encoder,
        cache: VectorCache,
        *,
        progress: Progress | None = None,
        part: int = 256,
    ) -> None:
        self.encoder, self.cache = encoder, cache
        self.progress, self.part = progress, part
        self.id, self.dim = encoder.id, encoder.dim
        self.activity_file = encoder.activity_file

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """See :class:`embeddings.protocol.Encoder`."""
        return self._encode(texts, "query", self.encoder.encode_queries)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """See :class:`embeddings.protocol.Encoder`."""
        return self._encode(texts, "passage", self.encoder.encode_passages)

    def _encode(
        self, texts: Sequence[str], kind: Kind, encode: Callable[[Sequence[str]], Vectors]
    ) -> Vectors:
        clean = checked_texts(texts)
        if not clean:
            return np.empty((0, self.dim), dtype=np.float32)
        distinct = list(dict.fromkeys(clean))
        found = self.cache.get(self.id, kind, distinct)
        known = {text: row for text, row in found.items() if row.shape == (self.dim,)}
        missing = [text for text in distinct if text not in known]
        for start in range(0, len(missing), self.part):
            part = missing[start : start + self.part]
            fresh = dict(zip(part, encode(part), strict=True))
            self.cache.put(self.id, kind, fresh)
            known.update(fresh)
            if self.progress is not None:
                self.progress(len(known), len(distinct))
        return np.stack([known[text] for text in clean])


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8")).digest()
