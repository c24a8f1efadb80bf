"""Words of the calls as sparse rows, folded so that tone marks and case do not matter."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from data.records import ProjectCall
from data.reference.spelling import fold

_WORD = re.compile(r"\w+")
_LONGEST = 600  # characters of a text that count


def call_words(call: ProjectCall) -> list[str]:
    """Folded words and pairs of neighbouring words of title, heading and description."""
    parts = (call.title, call.title_en, call.sector_as_written, call.description)
    words: list[str] = []
    for part in parts:
        found = _WORD.findall(fold(part[:_LONGEST]))
        words += found
        words += [f"{one} {other}" for one, other in pairwise(found)]
    return words


def sector_words(call: ProjectCall) -> list[str]:
    """The heading's own parts and the sector codes: each once."""
    heading = re.split(r"[,;|/]", fold(call.sector_as_written))
    parts = [part.strip() for part in heading]
    return list(dict.fromkeys([part for part in (*parts, *call.sectors) if part]))


def term_counts(documents: Iterable[Sequence[str]]) -> sparse.csr_matrix:
    """(n_documents, n_terms) float32; terms of one document alone are left out."""
    column: dict[str, int] = {}
    rows: list[int] = []
    columns: list[int] = []
    n = 0
    for n, words in enumerate(documents, start=1):
        for word in words:
            rows.append(n - 1)
            columns.append(column.setdefault(word, len(column)))
    ones = np.ones(len(rows), dtype=np.float32)
    counts = sparse.csr_matrix((ones, (rows, columns)), shape=(n, max(len(column), 1)))
    counts.sum_duplicates()
    kept = np.flatnonzero(np.bincount(counts.indices, minlength=counts.shape[1]) > 1)
    return sparse.csr_matrix(counts[:, kept])


def tf_idf(counts: sparse.csr_matrix) -> sparse.csr_matrix:
    """Rows of length 1, weighted by damped frequency and rarity; empty rows stay zero."""
    frequency = np.bincount(counts.indices, minlength=counts.shape[1])
    idf = np.log((1 + counts.shape[0]) / (1 + frequency)) + 1.0
    weighted = counts.copy().astype(np.float32)
    weighted.data = ((1.0 + np.log(weighted.data)) * idf[weighted.indices]).astype(np.float32)
    return unit_rows(weighted)


def bm25(counts: sparse.csr_matrix, *, k1: float = 1.2, b: float = 0.75) -> sparse.csr_matrix:
    """Weights of each term in each document (Robertson and Zaragoza 2009); sum over query terms."""
    frequency = np.bincount(counts.indices, minlength=counts.shape[1])
    idf = np.log1p((counts.shape[0] - frequency + 0.5) / (frequency + 0.5))
    length = np.asarray(counts.sum(axis=1)).ravel()
    norm = k1 * (1 - b + b * length / max(float(length.mean()), 1e-9))
    weighted = counts.tocoo()
    data = weighted.data * (k1 + 1) / (weighted.data + norm[weighted.row]) * idf[weighted.col]
    return sparse.csr_matrix((data, (weighted.row, weighted.col)), shape=counts.shape)


def unit_rows(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """The rows scaled to length 1; zero rows stay zero."""
    length = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    scale = np.divide(1.0, length, out=np.zeros_like(length), where=length > 0)
    return sparse.csr_matrix(sparse.diags(scale.astype(np.float32)) @ matrix, dtype=np.float32)


def dot(left: sparse.csr_matrix, right: sparse.csr_matrix) -> NDArray[np.float32]:
    """Inner products of rows with rows, dense."""
    return np.asarray((left @ right.T).todense(), dtype=np.float32)


def nearest_rows(vectors: NDArray[np.float32], n: int, *, sharpness: float) -> sparse.csr_matrix:
    """Each row's nearest other rows, with weights that fall with the cosine and sum to 1.

    Args:
        vectors: unit rows; rows of zeros have no neighbours and are nobody's.
        sharpness: weights go with exp(sharpness · cosine).
    """
    there = np.flatnonzero(vectors.any(axis=1))
    n = min(n, len(there) - 1)
    rows, columns, weights = [], [], []
    for start in range(0, len(there) if n > 0 else 0, 512):
        part = there[start : start + 512]
        cosine = vectors[part] @ vectors[there].T
        cosine[np.arange(len(part)), np.arange(start, start + len(part))] = -2.0
        best = np.argpartition(-cosine, n - 1, axis=1)[:, :n]
        near = np.take_along_axis(cosine, best, axis=1)
        near = np.exp(sharpness * (near - near.max(axis=1, keepdims=True)))
        rows.append(np.repeat(part, n))
        columns.append(there[best].ravel())
        weights.append((near / near.sum(axis=1, keepdims=True)).ravel())
    shape = (len(vectors), len(vectors))
    if not rows:
        return sparse.csr_matrix(np.zeros(shape, dtype=np.float32))
    where = (np.concatenate(rows), np.concatenate(columns))
    return sparse.csr_matrix((np.concatenate(weights), where), shape=shape, dtype=np.float32)
