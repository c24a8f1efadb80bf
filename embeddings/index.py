"""Exact, immutable vector index: several vectors an owner, the best of them counts."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.errors import VectorIndexError
from embeddings.manifest import Json, Manifest, verify, write_folder_atomically
from embeddings.protocol import Vectors

KIND = "index"
REMEDY = "Run `ketnoi index`."
_VECTORS = "vectors.faiss"
_ROWS = "rows.json"
_NORM_TOLERANCE = 1e-3


@dataclass(frozen=True)
class VectorRow:
    """What one vector stands for.

    ``owner`` is an investor's or a call's id; ``kind`` is "profile", "project" or "call"; ``ref``
    names the thing itself, such as the call of a past project, and is "" for a profile.
    """

    owner: str
    kind: str
    ref: str = ""


@dataclass(frozen=True)
class Hit:
    """A row found: its number in the index, what it stands for, and the cosine (-1 to 1)."""

    row: int
    what: VectorRow
    score: float


@dataclass(frozen=True)
class IndexInfo:
    """Where vectors come from; queries must be encoded by the same encoder."""

    encoder_id: str
    template_version: str
    dim: int
    rows: int
    created_at: str = ""


class VectorIndex:
    """Search over unit vectors by inner product; safe to share between threads.

    Make one with :func:`build` or :func:`open_index`, or in memory for tests.

    Args:
        rows: what each vector stands for; no two rows alike.
        vectors: shape (len(rows), dim), finite, rows of length 1.
        encoder_id: ``Encoder.id`` of the encoder that made the vectors.
        template_version: version of the texts that were encoded.
    """

    def __init__(
        self,
        rows: Sequence[VectorRow],
        vectors: Vectors,
        *,
        encoder_id: str,
        template_version: str,
    ) -> None:
        self._rows = tuple(rows)
        _check_rows(self._rows, vectors)
        self._faiss = _to_faiss(vectors)
        self.info = IndexInfo(encoder_id, template_version, vectors.shape[1], len(rows))
        self._matrix = _matrix_of(self._faiss)
        self._number()

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def rows(self) -> tuple[VectorRow, ...]:
        """What each vector stands for, by row number."""
        return self._rows

    @property
    def matrix(self) -> Vectors:
        """All vectors by row number; a view, not to be written to."""
        return self._matrix

    @property
    def owners(self) -> tuple[str, ...]:
        """All owners, sorted."""
        return tuple(self._rows_of)

    def rows_of(self, owner: str) -> tuple[int, ...]:
        """Row numbers of an owner; empty for an unknown one."""
        return self._rows_of.get(owner, ())

    def vectors_of(self, owner: str) -> Vectors:
        """Vectors of an owner in the order of :meth:`rows_of`; shape (m, dim), m may be 0."""
        return self._matrix[list(self.rows_of(owner))].copy()

    def search(
        self, vectors: Vectors, k: int, *, kinds: Collection[str] | None = None
    ) -> list[list[Hit]]:
        """The ``k`` nearest rows of each vector, best first; fewer if there are fewer.

        Args:
            vectors: shape (n, dim), finite.
            k: at least 1.
            kinds: only rows of these kinds; None for all.
        """
        import faiss  # noqa: PLC0415 -- slow import

        queries = self._queries(vectors)
        if k < 1:
            raise VectorIndexError(
                code="index.k", message=f"k is {k}; it must be at least 1. Ask for 10."
            )
        allowed = self._allowed(kinds)
        count = min(k, len(allowed))
        if count == 0 or len(queries) == 0:
            return [[] for _ in queries]
        params = None
        if len(allowed) < len(self):
            selector = faiss.IDSelectorBatch(allowed)
            params = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        scores, found = self._faiss.search(queries, count, params=params)
        return [
            [self._hit(int(row), float(score)) for row, score in zip(line, marks, strict=True)]
            for line, marks in zip(found, scores, strict=True)
        ]

    def best_by_owner(
        self, vectors: Vectors, *, kinds: Collection[str] | None = None
    ) -> list[dict[str, Hit]]:
        """For each vector, every owner's best row; owners by score, best first, then by id.

        Exact over all rows. Owners without a row of ``kinds`` are absent.
        """
        queries = self._queries(vectors)
        allowed = self._allowed(kinds)
        allowed = allowed[np.argsort(self._owner_of[allowed], kind="stable")]
        if allowed.size == 0:
            return [{} for _ in queries]
        owner_of = self._owner_of[allowed]
        starts = np.flatnonzero(np.r_[True, owner_of[1:] != owner_of[:-1]])
        scores = queries @ self._matrix[allowed].T
        return [self._best(line, allowed, starts) for line in scores]

    def _best(
        self, scores: Vectors, rows: NDArray[np.int64], starts: NDArray[np.intp]
    ) -> dict[str, Hit]:
        best = np.maximum.reduceat(scores, starts)
        width = np.diff(np.r_[starts, len(rows)])
        is_best = np.flatnonzero(scores == np.repeat(best, width))
        group = np.searchsorted(starts, is_best, side="right") - 1
        _, first = np.unique(group, return_index=True)  # lowest row wins a tie
        chosen = rows[is_best[first]]
        # owners are numbered in the order of their ids, so a stable sort breaks ties by id
        order = np.argsort(-best, kind="stable")
        hits = (self._hit(int(chosen[i]), float(best[i])) for i in order)
        return {hit.what.owner: hit for hit in hits}

    def _number(self) -> None:
        found: dict[str, list[int]] = {}
        for number, row in enumerate(self._rows):
            found.setdefault(row.owner, []).append(number)
        self._rows_of = {owner: tuple(found[owner]) for owner in sorted(found)}
        number_of = {owner: number for number, owner in enumerate(self._rows_of)}
        self._owner_of = np.array([number_of[row.owner] for row in self._rows], dtype=np.int64)
        self._kind_of = np.array([row.kind for row in self._rows], dtype=np.str_)

    def _allowed(self, kinds: Collection[str] | None) -> NDArray[np.int64]:
        if kinds is None:
            return np.arange(len(self), dtype=np.int64)
        chosen = np.isin(self._kind_of, sorted(kinds))
        return np.flatnonzero(chosen).astype(np.int64)

    def _queries(self, vectors: Vectors) -> Vectors:
        if vectors.ndim != 2 or vectors.shape[1] != self.info.dim:
            raise VectorIndexError(
                code="index.dim",
                message=f"Query vectors have shape {vectors.shape}; (n, {self.info.dim}) is "
                f"needed. Encode them with {self.info.encoder_id}.",
            )
        if not np.isfinite(vectors).all():
            raise VectorIndexError(
                code="index.finite",
                message="A query vector holds NaN or infinity. Encode the text again.",
            )
        return np.ascontiguousarray(vectors, dtype=np.float32)

    def _hit(self, row: int, score: float) -> Hit:
        return Hit(row, self._rows[row], score)

    def save(self, folder: Path) -> None:
        """Write the two files of the index into an existing folder, without a manifest."""
        import faiss  # noqa: PLC0415 -- slow import

        faiss.write_index(self._faiss, str(folder / _VECTORS))
        lines = [[row.owner, row.kind, row.ref] for row in self._rows]
        (folder / _ROWS).write_text(json.dumps(lines, ensure_ascii=False), encoding="utf-8")

    def describe(self) -> dict[str, Json]:
        """Facts for a manifest: encoder id, template version, dimension, rows."""
        return {
            "encoder_id": self.info.encoder_id,
            "template_version": self.info.template_version,
            "dim": self.info.dim,
            "rows": self.info.rows,
        }


def build(target: Path, index: VectorIndex, *, info: Mapping[str, Json] | None = None) -> Manifest:
    """Write an index into the new folder ``target``, whole or not at all.

    Raises:
        ArtifactError: ``target`` exists.
    """
    return write_folder_atomically(
        target, index.save, kind=KIND, info={**index.describe(), **(info or {})}
    )


def open_index(folder: Path) -> VectorIndex:
    """Open an index written by :func:`build`, after checking sizes and sha256 of its files.

    Raises:
        ArtifactError: absent, damaged, or not an index.
    """
    manifest = verify(folder, kind=KIND, remedy=REMEDY)
    return load_files(folder, info=manifest.info)


def load_files(folder: Path, *, info: Mapping[str, Json]) -> VectorIndex:
    """Read the files that :meth:`VectorIndex.save` wrote, already verified by the caller.

    Args:
        folder: where the files are, such as a part of a release.
        info: what :meth:`VectorIndex.describe` gave.

    Raises:
        VectorIndexError: unreadable, or the parts do not fit together (``index.files``).
    """
    import faiss  # noqa: PLC0415 -- slow import

    try:
        lines = json.loads((folder / _ROWS).read_text(encoding="utf-8"))
        rows = [VectorRow(*line) for line in lines]
        stored = faiss.read_index(str(folder / _VECTORS))
        index = VectorIndex(
            rows,
            _matrix_of(stored),
            encoder_id=str(info["encoder_id"]),
            template_version=str(info["template_version"]),
        )
    except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise VectorIndexError(
            code="index.files", message=f"The index in {folder} cannot be read ({error}). {REMEDY}"
        ) from error
    return index


def _to_faiss(vectors: Vectors) -> Any:
    import faiss  # noqa: PLC0415 -- slow import

    index = faiss.IndexIDMap2(faiss.IndexFlatIP(vectors.shape[1]))
    index.add_with_ids(
        np.ascontiguousarray(vectors, dtype=np.float32), np.arange(len(vectors), dtype=np.int64)
    )
    return index


def _matrix_of(index: Any) -> Vectors:
    """View of the vectors inside ``index``, valid as long as ``index`` lives; no copy."""
    import faiss  # noqa: PLC0415 -- slow import

    if index.ntotal == 0:
        return np.empty((0, index.d), dtype=np.float32)
    if not np.array_equal(faiss.vector_to_array(index.id_map), np.arange(index.ntotal)):
        raise ValueError("its ids are not the row numbers")
    flat: Any = faiss.downcast_index(index.index)
    values: Vectors = faiss.rev_swig_ptr(flat.get_xb(), index.ntotal * index.d)
    return values.reshape(index.ntotal, index.d)


def _check_rows(rows: tuple[VectorRow, ...], vectors: Vectors) -> None:
    """Refuse what faiss would take in silence: wrong shapes, NaN, doubles, unnormalised rows."""
    if vectors.ndim != 2 or vectors.shape[0] != len(rows) or vectors.shape[1] == 0:
        raise VectorIndexError(
            code="index.shape",
            message=f"{len(rows)} rows were given with vectors of shape {vectors.shape}; "
            "one vector a row is needed.",
        )
    norms = np.linalg.norm(vectors, axis=1)
    wrong = np.flatnonzero(~(np.abs(norms - 1.0) <= _NORM_TOLERANCE))  # NaN is wrong as well
    if wrong.size:
        row = rows[int(wrong[0])]
        raise VectorIndexError(
            code="index.norm",
            message=f"The vector of {row} has length {norms[wrong[0]]:.4f}; 1 is needed. "
            "Encode its text again.",
        )
    if len(set(rows)) != len(rows):
        seen: set[VectorRow] = set()
        twice = next(row for row in rows if row in seen or seen.add(row))  # type: ignore[func-returns-value]
        raise VectorIndexError(
            code="index.duplicate",
            message=f"{twice} is given twice. Give each past project of an owner once.",
        )
