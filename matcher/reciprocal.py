"""One number from both sides: how likely a pair is to the call, and how much to the investor.

The call's side asks who would take it; the investor's side, which of the calls it would take. A
pair is worth ``log(chance) + weight × log(share)``: the geometric mean with a light second side.
"""

from dataclasses import dataclass

import numpy as np

from matcher.calibration import Calibration, shares
from matcher.market import FloatArray

_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class ReciprocalConfig:
    """``weight`` of the investor's side against the call's. On rolling cutoffs a tenth costs the
    call's side .005 nDCG@10 and spreads the lists a little; a half costs .02 (docs/exposure.md)."""

    weight: float = 0.1


@dataclass(frozen=True)
class Reciprocal:
    """Values all pairs of some calls with all investors from both sides."""

    calibration: Calibration
    config: ReciprocalConfig = ReciprocalConfig()

    def __call__(self, scores: FloatArray) -> FloatArray:
        """(n_calls, n_investors) scores → their worth, higher is better, comparable everywhere."""
        chance = self.calibration.for_calls(scores).astype(np.float64)
        sharp = self.calibration.choosing * scores.T.astype(np.float64)
        share = shares(sharp)[0].T
        worth = np.log(chance + _TINY) + self.config.weight * np.log(share + _TINY)
        return np.asarray(worth, dtype=np.float32)


def contested(scores: FloatArray, chances: FloatArray, sharpness: float) -> FloatArray:
    """(n_calls,) how much of a score the other investors of each call take, around 0.

    A score less this stands in the order of the probabilities across calls.

    Args:
        scores, chances: (n_calls,) of one investor.
    """
    taken = scores - np.log(chances.astype(np.float64) + _TINY) / sharpness
    return np.asarray(taken - taken.mean() if len(taken) else taken, dtype=np.float32)
