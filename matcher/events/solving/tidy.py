"""Fewer idle slots among equally good schedules.

Who meets whom stays, so musts, minima and score stay; meetings move to a free slot, or
trade slots along an alternating path, whenever people wait less for it.
"""

import numpy as np

from matcher.events.solving.placing import Board
from matcher.events.solving.problem import Ints, Problem

PASSES = 3
MAX_TRIALS = 12_000


class Tidy:
    """Local search over slots; events with overlapping slots are left as they are."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.place = np.argsort(np.array(problem.clock.order, dtype=np.int64)).tolist()
        self.trials = 0

    def __call__(self, slot_of: Ints) -> Ints:
        """(M,) slots with no more idle slots than before; the same pairs are held."""
        if self.problem.clock.overlapping or self.problem.clock.size < 3:
            return slot_of
        board = Board(self.problem)
        for meeting in np.flatnonzero(slot_of >= 0).tolist():
            board.put(meeting, int(slot_of[meeting]))
        for _ in range(PASSES):
            if not self._pass(board) or self.trials >= MAX_TRIALS:
                break
        return np.array(board.slot_of, dtype=np.int64)

    def idle(self, board: Board, person: int) -> int:
        """Slots the person waits between the first meeting and the last."""
        places = [self.place[s] for s, m in enumerate(board.at[person]) if m >= 0]
        return max(places) - min(places) + 1 - len(places) if places else 0

    def _pass(self, board: Board) -> bool:
        waiting = sorted(range(self.problem.people), key=lambda person: -self.idle(board, person))
        gained = False
        for person in waiting:
            if self.trials >= MAX_TRIALS or self.idle(board, person) == 0:
                break
            gained |= self._settle(board, person)
        return gained

    def _settle(self, board: Board, person: int) -> bool:
        """Move the person's first or last meeting into one of the holes."""
        row = board.at[person]
        taken = sorted((s for s, m in enumerate(row) if m >= 0), key=self.place.__getitem__)
        first, last = self.place[taken[0]], self.place[taken[-1]]
        order = self.problem.clock.order
        holes = [order[p] for p in range(first + 1, last) if row[order[p]] < 0]
        for end in (taken[0], taken[-1]):
            for hole in holes:
                if self.trials >= MAX_TRIALS:
                    return False
                self.trials += 1
                if self._trade(board, person, end, hole):
                    return True
        return False

    def _trade(self, board: Board, person: int, end: int, hole: int) -> bool:
        """Exchange the two slots along the path from the person, if people wait less."""
        path = board.path(person, end, hole)
        if not path or any(self.problem.forced[m] for m in path):
            return False
        people = {p for m in path for p in (board.a[m], board.b[m])}
        before = sum(self.idle(board, p) for p in people)
        if not board.swap(path, end, hole):
            return False
        if sum(self.idle(board, p) for p in people) < before:
            return True
        board.swap(path, end, hole)
        return False
