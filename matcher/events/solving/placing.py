"""Placing meetings in slots that do not overlap, by free slots and alternating paths.

As in edge colouring, a meeting whose participants share no free slot is placed by moving
the meetings along an alternating path between two slots; here each move must respect
windows, tables and interpreters, so it may fail, and the search that follows repairs it.
"""

from collections.abc import Iterable, Mapping

import numpy as np

from matcher.events.solving.interpreting import Interpreters
from matcher.events.solving.problem import Ints, Problem

LONGEST_PATH = 400
MAX_PAIRS_OF_SLOTS = 60


class Board:
    """Who sits where in time; every change keeps people, windows and interpreters right.

    Tables are kept right too, except while `crowded` lets a slot overflow for a moment.
    """

    def __init__(self, problem: Problem, interpreters: Interpreters | None = None) -> None:
        self.problem = problem
        self.size = problem.clock.size
        self.a, self.b = problem.a.tolist(), problem.b.tolist()
        self.kind = problem.kind.tolist()
        self.cap = problem.cap.tolist()
        self.capacity = problem.table_capacity().tolist()
        self.interpreters = interpreters or Interpreters(problem)
        self.slot_of = [-1] * problem.size
        self.at = [[-1] * self.size for _ in range(problem.people)]
        self.held = [0] * problem.people
        self.load = [0] * self.size
        self.needs = [[0] * problem.kinds for _ in range(self.size)]
        self.crowded = False

    def put(self, meeting: int, slot: int) -> None:
        """Hold the meeting in the slot, which must be free for both."""
        self._shift(meeting, slot, 1)
        self.slot_of[meeting] = slot
        for person in (self.a[meeting], self.b[meeting]):
            self.at[person][slot] = meeting
            self.held[person] += 1

    def drop(self, meeting: int) -> None:
        """Take the meeting out of its slot."""
        slot = self.slot_of[meeting]
        self._shift(meeting, slot, -1)
        self.slot_of[meeting] = -1
        for person in (self.a[meeting], self.b[meeting]):
            self.at[person][slot] = -1
            self.held[person] -= 1

    def _shift(self, meeting: int, slot: int, step: int) -> None:
        if not self.problem.own[meeting, slot]:
            self.load[slot] += step
        if self.kind[meeting] >= 0:
            self.needs[slot][self.kind[meeting]] += step

    def has_room(self, meeting: int, slot: int) -> bool:
        """True when a table and, if needed, an interpreter are left in the slot."""
        if (
            not self.crowded
            and not self.problem.own[meeting, slot]
            and self.load[slot] >= self.capacity[slot]
        ):
            return False
        kind = self.kind[meeting]
        if kind < 0:
            return True
        needs = self.needs[slot].copy()
        needs[kind] += 1
        return self.interpreters.fit(slot, needs)

    def place(self, meeting: int, *, paths: bool = True) -> bool:
        """Hold the meeting somewhere; False when maxima or a quick search forbid it."""
        u, v = self.a[meeting], self.b[meeting]
        if self.held[u] >= self.cap[u] or self.held[v] >= self.cap[v]:
            return False
        options = np.flatnonzero(self.problem.allowed[meeting]).tolist()
        free = [s for s in options if self.at[u][s] < 0 and self.at[v][s] < 0]
        for slot in sorted(free, key=lambda s: self.load[s] - self.capacity[s]):
            if self.has_room(meeting, slot):
                self.put(meeting, slot)
                return True
        return paths and self._place_by_path(meeting, options)

    def try_seat(self, meeting: int, slot: int) -> bool:
        """Hold the meeting in this very slot if everything allows it."""
        u, v = self.a[meeting], self.b[meeting]
        if (
            self.slot_of[meeting] < 0
            and self.problem.allowed[meeting, slot]
            and self.held[u] < self.cap[u]
            and self.held[v] < self.cap[v]
            and self.at[u][slot] < 0
            and self.at[v][slot] < 0
        ):
            return self._take(meeting, slot)
        return False

    def _place_by_path(self, meeting: int, options: list[int]) -> bool:
        tried = 0
        for u, v in ((self.a[meeting], self.b[meeting]), (self.b[meeting], self.a[meeting])):
            for one in options:
                if self.at[u][one] >= 0 or self.at[v][one] < 0:
                    continue
                for other in range(self.size):
                    if other == one or self.at[v][other] >= 0:
                        continue
                    tried += 1
                    if tried > MAX_PAIRS_OF_SLOTS:
                        return False
                    if self._free_by_path(v, one, other) and self._take(meeting, one):
                        return True
        return False

    def _take(self, meeting: int, slot: int) -> bool:
        """Hold the meeting in a slot just freed, if there is still room."""
        if self.has_room(meeting, slot):
            self.put(meeting, slot)
            return True
        return False

    def _free_by_path(self, person: int, one: int, other: int) -> bool:
        path = self.path(person, one, other)
        return path is not None and self.swap(path, one, other)

    def path(self, person: int, one: int, other: int) -> list[int] | None:
        """Meetings alternating between two slots from `person`; None when one can't move."""
        path: list[int] = []
        here, there = one, other
        while (meeting := self.at[person][here]) >= 0:
            if not self.problem.allowed[meeting, there] or len(path) > LONGEST_PATH:
                return None
            path.append(meeting)
            person = self.b[meeting] if self.a[meeting] == person else self.a[meeting]
            here, there = there, here
        return path

    def swap(self, path: list[int], one: int, other: int) -> bool:
        """Exchange the two slots along the path; undone (False) when no longer served."""
        moves = [(m, other if self.slot_of[m] == one else one) for m in path]
        before = [(m, self.slot_of[m]) for m in path]
        self._apply(moves)
        served = all(self.interpreters.fit(s, self.needs[s]) for s in (one, other))
        seated = self.crowded or all(self.load[s] <= self.capacity[s] for s in (one, other))
        if served and seated:
            return True
        self._apply(before)
        return False

    def _apply(self, moves: list[tuple[int, int]]) -> None:
        for meeting, _ in moves:
            self.drop(meeting)
        for meeting, slot in moves:
            self.put(meeting, slot)

    def level(self) -> None:
        """Move meetings out of slots with more than their tables hold, where possible."""
        for over in range(self.size):
            spare = sorted(range(self.size), key=lambda s: self.load[s] - self.capacity[s])
            for under in spare:
                if self.load[over] <= self.capacity[over]:
                    break
                if self.load[under] < self.capacity[under]:
                    self._level(over, under)

    def _level(self, over: int, under: int) -> None:
        for row in self.at:
            if self.load[over] <= self.capacity[over] or self.load[under] >= self.capacity[under]:
                return
            if row[over] < 0 or row[under] >= 0:
                continue
            meeting = row[over]
            person = self.a[meeting] if self.at[self.a[meeting]] is row else self.b[meeting]
            path = self.path(person, over, under)
            if path and len(path) % 2:
                self.swap(path, over, under)

    def spill(self, worth: Ints) -> None:
        """Drop the least of each slot that still has more meetings than tables."""
        for slot in range(self.size):
            if self.load[slot] <= self.capacity[slot]:
                continue
            seated = {row[slot] for row in self.at if row[slot] >= 0}
            movable = [
                m for m in seated if not self.problem.own[m, slot] and not self.problem.forced[m]
            ]
            movable.sort(key=lambda m: (int(worth[m]), m))
            for meeting in movable[: self.load[slot] - self.capacity[slot]]:
                self.drop(meeting)


def place_all(
    problem: Problem,
    order: Iterable[int],
    *,
    worth: Ints,
    fill: Iterable[int] = (),
    seats: Mapping[int, int] | None = None,
) -> Ints:
    """Place the meetings of `order` (fixed ones first of all), then what fits of `fill`.

    worth: (M,) what counts when a slot overflows. seats: slots to try first. Returns (M,)
    slots, -1 for not held.
    """
    board = Board(problem)
    for meeting in np.flatnonzero(problem.forced).tolist():
        board.put(meeting, int(np.argmax(problem.allowed[meeting])))
    for meeting, slot in (seats or {}).items():
        board.try_seat(meeting, slot)
    board.crowded = True
    waiting = [m for m in order if board.slot_of[m] < 0]
    left = [m for m in waiting if not board.place(m)]
    board.level()
    board.spill(worth)
    board.crowded = False
    left += [m for m in waiting if board.slot_of[m] < 0]
    for meeting in dict.fromkeys(left):
        board.place(meeting)
    for meeting in fill:
        if board.slot_of[meeting] < 0:
            board.place(meeting, paths=False)
    return np.array(board.slot_of, dtype=np.int64)
