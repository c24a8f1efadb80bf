"""Edge colouring: proper, within the tables, whatever the graph."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.events.solving.colouring import Colouring, colour_meetings


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 9), st.integers(1, 9), st.integers(0, 2**32 - 1))
def test_balanced_colouring_exists_whenever_degrees_and_total_fit(
    left: int, right: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    graph = rng.random((left, right)) < rng.random()
    a, b = np.nonzero(graph)
    degree = int(max(graph.sum(axis=0).max(), graph.sum(axis=1).max(), 1))
    slots = degree + int(rng.integers(0, 3))
    tables = -(-len(a) // slots)
    colours = colour_meetings(a=a, b=b + left, capacity=np.full(slots, tables))
    assert colours is not None
    assert len(set(zip(a, colours, strict=True))) == len(a)
    assert len(set(zip(b, colours, strict=True))) == len(a)
    assert np.bincount(colours, minlength=slots).max() <= tables


def test_more_meetings_than_slots_is_refused() -> None:
    colouring = Colouring(ends=[(0, 1), (0, 2)], nodes=3, colours=1)
    with pytest.raises(ValueError, match="node 0 has more edges than the 1 colours"):
        colouring.paint()


def test_uneven_tables_that_cannot_be_met_are_reported() -> None:
    a, b = np.array([0, 1, 0]), np.array([2, 3, 3])
    assert colour_meetings(a=a, b=b, capacity=np.array([0, 3])) is None
