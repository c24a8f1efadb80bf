"""From scores to an order: the goals of the list as a whole."""

from collections.abc import Sequence

import numpy as np

from matcher.market import FloatArray, IntArray


def top(scores: FloatArray, ids: Sequence[str], *, n: int) -> IntArray:
    """Positions of the ``n`` best scores, best first; equal scores in the order of the ids."""
    order = np.lexsort((np.array(ids), -scores.astype(np.float64)))
    return order[: max(n, 0)]
