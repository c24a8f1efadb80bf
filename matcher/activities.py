"""Kinds of activity as columns: how near two are, and how near a text's are to a call's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from data.reference.activities import activities
from embeddings.tagging import Tag

FloatArray = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class RelationConfig:
    """How much of what is wanted another activity gives, 0 to 1, by where it stands in the tree.

    ``broader``: the call is of the parent of what is wanted; ``narrower``: of a child of it.
    """

    broader: float = 0.7
    narrower: float = 0.8
    sibling: float = 0.4
    linked: float = 0.6
    sector: float = 0.1


@cache
def activity_names() -> tuple[str, ...]:
    """The activities in the order of their columns."""
    return tuple(activities())


@cache
def columns() -> dict[str, int]:
    """Column of each activity."""
    return {name: column for column, name in enumerate(activity_names())}


@cache
def relations(config: RelationConfig = RelationConfig()) -> FloatArray:
    """(n_activities, n_activities): row: wanted, column: offered; 1 on the diagonal."""
    where, known = columns(), activities()
    sectors = np.array([known[name].sector for name in activity_names()])
    parents = np.array([known[name].parent for name in activity_names()])
    out = np.where(sectors[:, None] == sectors, config.sector, 0.0).astype(np.float32)
    for name, activity in known.items():
        for other in activity.related:  # both ways, whoever names the other
            if other in where:
                out[where[name], where[other]] = out[where[other], where[name]] = config.linked
    out[(parents[:, None] == parents) & (parents != "")] = config.sibling
    for name, activity in known.items():  # the nearest kin last: it goes before all else
        if activity.parent in where:
            out[where[activity.parent], where[name]] = config.narrower
            out[where[name], where[activity.parent]] = config.broader
    np.fill_diagonal(out, 1.0)
    return out


def activity_similarity(wanted: str, offered: str) -> float:
    """How much of one activity another gives, 0 to 1.

    Raises:
        KeyError: an id that is not in the table.
    """
    where = columns()
    return float(relations()[where[wanted], where[offered]])


def weights_of(tags: Iterable[Sequence[Tag]], *, meant: bool = True) -> FloatArray:
    """(n, n_activities) the confidence of each party's tags; without ``meant`` those with proof."""
    rows = list(tags)
    out = np.zeros((len(rows), len(activity_names())), dtype=np.float32)
    where = columns()
    for row, party in enumerate(rows):
        for tag in party:
            if tag.activity_id in where and (meant or tag.how != "meaning"):
                column = where[tag.activity_id]
                out[row, column] = max(out[row, column], tag.confidence)
    return out


def activity_fit(wanted: FloatArray, offered: FloatArray, *, best: float = 0.6) -> FloatArray:
    """How well each call's activities answer those that are wanted, 0 to 1.

    Args:
        wanted: (n_activities,) weights of the query.
        offered: (n_calls, n_activities).
        best: share of the best answered wish; the rest is the average over all wishes.
    """
    asked = np.flatnonzero(wanted > 0)
    if not len(asked):
        return np.zeros(len(offered), dtype=np.float32)
    met = np.stack([(relations()[one] * offered).max(axis=1) * wanted[one] for one in asked])
    mean = met.sum(axis=0) / wanted[asked].sum()
    return np.asarray(best * met.max(axis=0) + (1.0 - best) * mean, dtype=np.float32)


def pair_fit(calls: FloatArray, investors: FloatArray) -> FloatArray:
    """(n_calls, n_investors) how well an investor does the best fitting activity of a call, 0..1.

    Args:
        calls, investors: weights of activities, a row for each party.
    """
    reach = np.zeros((len(investors), calls.shape[1]), dtype=np.float32)
    for row, weights in enumerate(investors):
        does = np.flatnonzero(weights)
        if len(does):
            reach[row] = (relations()[does] * weights[does, None]).max(axis=0)
    out = np.zeros((len(calls), len(investors)), dtype=np.float32)
    for row, weights in enumerate(calls):
        has = np.flatnonzero(weights)
        if len(has):
            out[row] = (reach[:, has] * weights[has]).max(axis=1)
    return out
