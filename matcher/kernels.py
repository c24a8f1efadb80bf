"""Small arithmetic that features share: closeness, nearest, shares and lifts, row by row."""

import numpy as np
from numpy.typing import NDArray

from matcher.activities import relations

FloatArray = NDArray[np.float32]


def closeness(similarity: FloatArray, floor: float) -> FloatArray:
    """Cosine similarity stretched from floor..1 to 0..1."""
    stretched: FloatArray = np.clip((similarity - floor) / (1.0 - floor), 0.0, 1.0)
    return stretched


def log_lift(wanted: FloatArray, odds: FloatArray) -> FloatArray:
    """log of the mean odds of what a call wants; NaN for calls that say nothing."""
    lift: FloatArray = np.log(unit_sum(wanted) @ odds.T + 0.02).astype(np.float32)
    lift[~wanted.any(axis=1)] = np.nan
    return lift


def nearest(kernel: FloatArray, n: int) -> FloatArray:
    """The kernel with all but the n largest of each row (and their equals) set to zero."""
    if kernel.shape[1] <= n:
        return kernel
    cut = np.partition(kernel, -n, axis=1)[:, -n][:, None]
    return np.asarray(np.where(kernel >= cut, kernel, 0.0), dtype=np.float32)


def unit_sum(rows: FloatArray) -> FloatArray:
    """Rows that sum to 1; rows of zeros stay zero."""
    total = rows.sum(axis=1, keepdims=True)
    out: FloatArray = np.divide(rows, total, out=np.zeros_like(rows), where=total > 0)
    return out


def unit(rows: FloatArray) -> FloatArray:
    """Rows of length 1; rows of zeros stay zero."""
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    out: FloatArray = (rows / np.maximum(length, 1e-12)).astype(np.float32)
    return out


def softened(tags: FloatArray) -> FloatArray:
    """Activities (n, n_activities) with the near ones of the tree."""
    near = relations()
    return np.asarray(tags @ np.where(near >= 0.4, near**2, 0.0), dtype=np.float32)


def offered(tags: FloatArray) -> FloatArray:
    """(n, n_activities) how much of each activity the nearest of a party's own gives."""
    out = np.zeros_like(tags)
    rows, columns = np.nonzero(tags)
    if len(rows):
        given = tags[rows, columns][:, None] * relations()[columns]
        first = np.flatnonzero(np.r_[True, rows[1:] != rows[:-1]])
        out[rows[first]] = np.maximum.reduceat(given, first, axis=0)
    return out
