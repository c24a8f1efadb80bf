"""All scores of a day's open calls at once, kept for the next who asks on that day."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from matcher.market import FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class Board:
    """Scores of open calls with all investors, (n_calls, n_investors), and the chances, if known.

    Shared between those who ask: not to be written to.
    """

    calls: IntArray
    scores: FloatArray
    chances: FloatArray | None


@dataclass
class Boards:
    """Keeps the board of the latest day asked for, unless it is larger than ``most`` pairs.

    Two threads may make the same board at once; either serves.
    """

    make: Callable[[date], Board]
    most: int = 20_000_000
    _kept: tuple[date, Board] | None = field(default=None, init=False)

    def __call__(self, day: date) -> Board:
        kept = self._kept
        if kept is not None and kept[0] == day:
            return kept[1]
        board = self.make(day)
        if board.scores.size <= self.most:
            self._kept = (day, board)
        return board
