"""First-fit placing for events whose slots overlap: each meeting takes named resources."""

from collections.abc import Iterable

import numpy as np

from matcher.events.solving.problem import Group, Ints, Problem


class _Calendar:
    """Who and what is taken at which slots; overlapping slots exclude each other."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.near = [np.flatnonzero(row).tolist() for row in problem.clock.conflicts]
        self.taken: set[tuple[str, int, int]] = set()
        self.held = [0] * problem.people
        self.slot_of = [-1] * problem.size

    def free(self, what: str, which: int, slot: int) -> bool:
        return all((what, which, other) not in self.taken for other in self.near[slot])

    def member(self, what: str, groups: Iterable[Group], slot: int) -> int | None:
        """A free member of any of the groups open in the slot."""
        for group in groups:
            if group.mask[slot]:
                for member in group.members:
                    if self.free(what, member, slot):
                        return member
        return None

    def try_slot(self, meeting: int, slot: int) -> bool:
        """Hold the meeting there if people, a table and an interpreter are free."""
        problem = self.problem
        people = (int(problem.a[meeting]), int(problem.b[meeting]))
        if any(self.held[p] >= problem.cap[p] for p in people):
            return False
        if not all(self.free("person", p, slot) for p in people):
            return False
        needs: list[tuple[str, int | None]] = []
        if not problem.own[meeting, slot]:
            needs.append(("table", self.member("table", problem.tables, slot)))
        kind = int(problem.kind[meeting])
        if kind >= 0:
            able = [group for group in problem.interpreters if kind in group.kinds]
            needs.append(("interpreter", self.member("interpreter", able, slot)))
        if any(which is None for _, which in needs):
            return False
        self.taken |= {("person", p, slot) for p in people}
        self.taken |= {(what, which, slot) for what, which in needs if which is not None}
        for person in people:
            self.held[person] += 1
        self.slot_of[meeting] = slot
        return True


def first_fit(problem: Problem, order: Iterable[int], seats: dict[int, int]) -> Ints:
    """Place fixed meetings, then those of `order`, in their seat or the first free slot.

    Fixed meetings that first fit cannot serve (their resources must be juggled) are held
    all the same and everything else is left out: the exact stage then starts from scratch.
    """
    calendar = _Calendar(problem)
    fixed = np.flatnonzero(problem.forced).tolist()
    slots = np.argmax(problem.allowed, axis=1)
    if not all(calendar.try_slot(m, int(slots[m])) for m in fixed):
        return np.where(problem.forced, slots, -1)
    for meeting in order:
        if calendar.slot_of[meeting] >= 0:
            continue
        if problem.value[meeting] <= 0 and not problem.must[meeting]:
            continue
        options = np.flatnonzero(problem.allowed[meeting]).tolist()
        wished = seats.get(meeting)
        if wished is not None:
            options.sort(key=lambda s: s != wished)
        for slot in options:
            if calendar.try_slot(meeting, slot):
                break
    return np.array(calendar.slot_of, dtype=np.int64)
