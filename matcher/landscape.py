"""How well what lies around calls (lake, waterfall, mountain …) is what a text asks for."""

from collections.abc import Collection, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from data.records import ProjectCall
from data.reference.surroundings import find_surroundings, surroundings

FloatArray = NDArray[np.float32]

_RELATED = 0.5  # of a river for an islet, of a hill for a mountain


@cache
def _columns() -> dict[str, int]:
    return {name: column for column, name in enumerate(surroundings())}


@cache
def _relations() -> FloatArray:
    """(n, n) row: wanted, column: there; 1 on the diagonal."""
    where = _columns()
    out = np.eye(len(where), dtype=np.float32)
    for name, one in surroundings().items():
        for other in one.related:
            if other in where:
                out[where[name], where[other]] = out[where[other], where[name]] = _RELATED
    return out


def lies_around(calls: Sequence[ProjectCall]) -> FloatArray:
    """(n_calls, n_surroundings) 1 for what a call's title or description names."""
    out = np.zeros((len(calls), len(_columns())), dtype=np.float32)
    for row, call in enumerate(calls):
        for name in call_surroundings(call):
            out[row, _columns()[name]] = 1.0
    return out


def call_surroundings(call: ProjectCall) -> dict[str, str]:
    """What a call names of its surroundings, by id, in its own words."""
    found: dict[str, str] = {}
    for text in (call.title, call.title_en, call.description):  # each of one language
        for name, written in find_surroundings(text).items():
            found.setdefault(name, written)
    return found


def landscape_fit(wanted: Collection[str], there: FloatArray, *, best: float = 0.5) -> FloatArray:
    """(n_calls,) 0..1: the best of what is wanted, and the share of it that is there.

    Args:
        wanted: ids of surroundings; of none all calls get 0.
        there: rows of :func:`lies_around`.
    """
    rows = [_columns()[name] for name in wanted if name in _columns()]
    if not rows:
        return np.zeros(len(there), dtype=np.float32)
    met = np.stack([(_relations()[row] * there).max(axis=1) for row in rows])
    out = best * met.max(axis=0) + (1.0 - best) * met.mean(axis=0)
    return np.asarray(out, dtype=np.float32)
