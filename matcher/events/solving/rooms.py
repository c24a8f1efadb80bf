"""Tables and interpreters for meetings whose slots are settled.

Within a slot people keep the table of their meeting before when they can: that is little
walking, and it costs nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linear_sum_assignment

from matcher.events.schedule import Meeting
from matcher.events.solving.interpreting import Interpreters
from matcher.events.solving.problem import Group, Ints, Problem


@dataclass
class _Books:
    """What is taken so far, and where everyone sat last."""

    table: dict[int, int] = field(default_factory=dict)
    interpreter: dict[int, int] = field(default_factory=dict)
    seat: dict[int, int] = field(default_factory=dict)


class Rooms:
    """Gives every held meeting a table and, if needed, an interpreter."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        event = problem.event
        self.table = {table.id: n for n, table in enumerate(event.tables)}
        self.helper = {helper.id: n for n, helper in enumerate(event.interpreters)}
        self.homes: dict[str, list[int]] = {}
        for number, table in enumerate(event.tables):
            if table.owner is not None:
                self.homes.setdefault(table.owner, []).append(number)

    def __call__(self, slot_of: Ints) -> list[Meeting]:
        """Meetings in order of time, then table. Raises ValueError if any has no room."""
        problem, books = self.problem, _Books()
        self._book_fixed(books, slot_of)
        counts = _overlap_counts(problem, slot_of) if problem.clock.overlapping else None
        for slot in problem.clock.order:
            meetings = np.flatnonzero(slot_of == slot).tolist()
            if counts is None:
                self._interpret(books, slot, meetings)
                self._seat(books, slot, meetings)
            else:
                self._overlapping(books, (slot, meetings, slot_of), counts)
            for meeting in meetings:
                for person in (int(problem.a[meeting]), int(problem.b[meeting])):
                    books.seat[person] = books.table[meeting]
        return [
            self._meeting(books, meeting, slot)
            for slot in problem.clock.order
            for meeting in sorted(
                np.flatnonzero(slot_of == slot).tolist(), key=books.table.__getitem__
            )
        ]

    def _meeting(self, books: _Books, meeting: int, slot: int) -> Meeting:
        event = self.problem.event
        pair = event.pairs[int(self.problem.pair[meeting])]
        helper = books.interpreter.get(meeting)
        return Meeting(
            a=pair.a,
            b=pair.b,
            slot=event.slots[slot].id,
            table=event.tables[books.table[meeting]].id,
            interpreter=None if helper is None else event.interpreters[helper].id,
        )

    def _book_fixed(self, books: _Books, slot_of: Ints) -> None:
        for meeting, number in self.problem.fixed_of.items():
            fixed = self.problem.event.fixed[number]
            if slot_of[meeting] < 0:
                continue
            if fixed.table is not None:
                books.table[meeting] = self.table[fixed.table]
            if fixed.interpreter is not None:
                books.interpreter[meeting] = self.helper[fixed.interpreter]

    def _own_table(self, meeting: int, slot: int) -> int:
        """The table of the b side's own, else of the a side's, open in the slot."""
        pair = self.problem.event.pairs[int(self.problem.pair[meeting])]
        here = self.problem.event.slots[slot].id
        for person in (pair.b, pair.a):
            for table in self.homes.get(person, []):
                if here not in self.problem.event.tables[table].unavailable:
                    return table
        message = f"no table for {pair.a} and {pair.b} in {here}"
        raise ValueError(message)

    def _interpret(self, books: _Books, slot: int, meetings: Sequence[int]) -> None:
        needy = [m for m in meetings if self.problem.kind[m] >= 0 and m not in books.interpreter]
        if not needy:
            return
        kinds = [int(self.problem.kind[m]) for m in needy]
        chosen = Interpreters(self.problem).assign(slot, kinds)
        if chosen is None:
            message = f"not enough interpreters in {self.problem.event.slots[slot].id}"
            raise ValueError(message)
        books.interpreter.update(zip(needy, chosen, strict=True))

    def _seat(self, books: _Books, slot: int, meetings: Sequence[int]) -> None:
        waiting = [m for m in meetings if m not in books.table]
        guests = [m for m in waiting if not self.problem.own[m, slot]]
        for meeting in waiting:
            if self.problem.own[meeting, slot]:
                books.table[meeting] = self._own_table(meeting, slot)
        tables = [t for g in self.problem.tables if g.mask[slot] for t in g.members]
        if not guests:
            return
        place = {table: column for column, table in enumerate(sorted(tables))}
        cost = np.zeros((len(guests), len(place)))
        for row, meeting in enumerate(guests):
            for person in (int(self.problem.a[meeting]), int(self.problem.b[meeting])):
                column = place.get(books.seat.get(person, -1))
                if column is not None:
                    cost[row, column] -= 1
        rows, columns = linear_sum_assignment(cost)
        if len(rows) < len(guests):
            message = f"not enough tables in {self.problem.event.slots[slot].id}"
            raise ValueError(message)
        ordered = sorted(tables)
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            books.table[guests[row]] = ordered[column]

    def _overlapping(
        self, books: _Books, now: tuple[int, list[int], Ints], counts: "_Counts"
    ) -> None:
        """Hand out members of groups by time; the counts promise that enough are free."""
        slot, meetings, slot_of = now
        near = np.flatnonzero(self.problem.clock.conflicts[slot])
        rivals = np.flatnonzero(np.isin(slot_of, near)).tolist()
        tables = {books.table[m] for m in rivals if m in books.table}
        helpers = {books.interpreter[m] for m in rivals if m in books.interpreter}
        for meeting in meetings:
            kind = int(self.problem.kind[meeting])
            if kind >= 0 and meeting not in books.interpreter:
                group = counts.interpreter(slot, kind)
                books.interpreter[meeting] = _first_free(group, helpers, -1)
                helpers.add(books.interpreter[meeting])
            if meeting in books.table:
                continue
            if self.problem.own[meeting, slot]:
                books.table[meeting] = self._own_table(meeting, slot)
                continue
            last = books.seat.get(int(self.problem.b[meeting]), -1)
            books.table[meeting] = _first_free(counts.table(slot), tables, last)
            tables.add(books.table[meeting])


def _first_free(group: Group, taken: set[int], wished: int) -> int:
    free = [member for member in group.members if member not in taken]
    if not free:
        message = "a group of tables or interpreters is overbooked"
        raise ValueError(message)
    return wished if wished in free else free[0]


class _Counts:
    """How many of each group every slot takes; handed out one by one."""

    def __init__(self, problem: Problem, taken: dict[tuple[int, int, int], int]) -> None:
        self.problem, self.taken = problem, taken

    def table(self, slot: int) -> Group:
        return self.problem.tables[self._take(slot, -1, len(self.problem.tables))]

    def interpreter(self, slot: int, kind: int) -> Group:
        return self.problem.interpreters[self._take(slot, kind, len(self.problem.interpreters))]

    def _take(self, slot: int, kind: int, groups: int) -> int:
        for group in range(groups):
            if self.taken.get((slot, kind, group), 0) > 0:
                self.taken[slot, kind, group] -= 1
                return group
        message = f"nothing left in slot {slot}"
        raise ValueError(message)


def _overlap_counts(problem: Problem, slot_of: Ints) -> _Counts:
    """Members of each group given to each slot, solved as flows in time."""
    from matcher.events.solving.grouping import share_groups  # noqa: PLC0415 -- slow import

    return _Counts(problem, share_groups(problem, slot_of))
