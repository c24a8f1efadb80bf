"""Who does what a call is about: the call's main activities against what a party is known to do.

Only activities that a text names (or a person set) count here, not those that it merely comes
near to in meaning, so that every hit can be shown to a reader.
"""

from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from embeddings.tagging import Tag
from matcher.activities import activity_names, columns, relations

BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float32]

LEAST = 0.3  # confidence from which an activity counts as named
MAIN = 0.8  # of the strongest activity of a call, for the others to be main ones as well
SAME = 0.75  # of one activity that another must give: itself or a kind of it, not its parent


def main_activities(named: FloatArray) -> BoolArray:
    """(n_calls, n_activities) which activities a call is mainly about; none if it names none.

    Args:
        named: (n_calls, n_activities) confidence of the activities that each call names.
    """
    strongest = named.max(axis=1, keepdims=True, initial=0.0)
    main: BoolArray = (named >= MAIN * strongest) & (named >= LEAST)
    return main


def covers(does: BoolArray) -> BoolArray:
    """(n_parties, n_activities) what each party does, itself or a kind of it.

    Args:
        does: (n_parties, n_activities) what each party is known to do.
    """
    reach: BoolArray = (does.astype(np.float32) @ _near().T.astype(np.float32)) > 0
    return reach


def shared(wanted: tuple[Tag, ...], offered: tuple[Tag, ...]) -> tuple[tuple[Tag, Tag], ...]:
    """Pairs of a main activity of a call and one named by another text that covers it."""
    where, near = columns(), _near()
    known = [tag for tag in offered if _named(tag) and tag.activity_id in where]
    return tuple(
        (want, offer)
        for want in main_tags(wanted)
        for offer in known
        if near[where[want.activity_id], where[offer.activity_id]]
    )


@lru_cache(maxsize=4096)
def main_tags(tags: tuple[Tag, ...]) -> tuple[Tag, ...]:
    """The tags of a call's main activities."""
    named = [tag for tag in tags if _named(tag) and tag.activity_id in columns()]
    strongest = max((tag.confidence for tag in named), default=0.0)
    return tuple(tag for tag in named if tag.confidence >= MAIN * strongest)


def _named(tag: Tag) -> bool:
    return tag.how != "meaning" and tag.confidence >= LEAST


@cache
def _near() -> BoolArray:
    """(n_activities, n_activities): row: wanted, column: offered gives enough of it."""
    near: BoolArray = relations() >= SAME
    assert near.shape == (len(activity_names()),) * 2  # noqa: S101 -- a table of its own rows
    return near
