"""Other ways to make a schedule, for comparison: greedy rounds, self-booking, one big model."""

import random
from collections import Counter

import numpy as np

from matcher.events.control import Control
from matcher.events.event import Event, Pair, can_interpret, needs_interpreter
from matcher.events.schedule import Meeting
from matcher.events.solving.exact import ConstraintModel, Effort
from matcher.events.solving.model import all_columns, build_model
from matcher.events.solving.problem import compile_event
from matcher.events.solving.rooms import Rooms

PATIENCE = 20  # how many times its work a solve may take on a busy machine


class Book:
    """A booking sheet: takes a meeting in the first slot that is free for everything."""

    def __init__(self, event: Event) -> None:
        self.event = event
        self.people = {person.id: person for person in event.participants}
        self.taken: set[tuple[str, str, str]] = set()
        self.count: Counter[str] = Counter()
        self.meetings: list[Meeting] = []

    def book(self, pair: Pair) -> bool:
        """Book the pair's first possible slot; False when there is none."""
        sides = self.people[pair.a], self.people[pair.b]
        if any(p.standby for p in sides) or (pair.a, pair.b) in self.event.vetoes:
            return False
        if any(p.max_meetings is not None and self.count[p.id] >= p.max_meetings for p in sides):
            return False
        for slot in (s.id for s in self.event.slots):
            busy = any(slot in p.unavailable or ("person", p.id, slot) in self.taken for p in sides)
            table = None if busy else self._table(pair, slot)
            if table is None:
                continue
            needed = needs_interpreter(sides[0].languages, sides[1].languages)
            helper = self._interpreter(pair, slot) if needed else None
            if needed and helper is None:
                continue
            self._take(Meeting(pair.a, pair.b, slot, table, helper))
            return True
        return False

    def _take(self, meeting: Meeting) -> None:
        self.meetings.append(meeting)
        self.count.update((meeting.a, meeting.b))
        for person in (meeting.a, meeting.b):
            self.taken.add(("person", person, meeting.slot))
        self.taken.add(("table", meeting.table, meeting.slot))
        if meeting.interpreter is not None:
            self.taken.add(("interpreter", meeting.interpreter, meeting.slot))

    def _table(self, pair: Pair, slot: str) -> str | None:
        """A table of one side's own before a general one."""
        open_tables = [
            table
            for table in self.event.tables
            if table.owner in (None, pair.a, pair.b)
            and slot not in table.unavailable
            and ("table", table.id, slot) not in self.taken
        ]
        return min(open_tables, key=lambda t: t.owner is None).id if open_tables else None

    def _interpreter(self, pair: Pair, slot: str) -> str | None:
        spoken = self.people[pair.a].languages, self.people[pair.b].languages
        for helper in self.event.interpreters:
            free = ("interpreter", helper.id, slot) not in self.taken
            if free and slot not in helper.unavailable and can_interpret(helper.languages, *spoken):
                return helper.id
        return None


def _wishes(event: Event) -> dict[str, list[Pair]]:
    """Everyone of side a with the listed partners, best first."""
    found: dict[str, list[Pair]] = {}
    for pair in sorted(event.pairs, key=lambda p: (-p.score, p.b)):
        found.setdefault(pair.a, []).append(pair)
    return found


def round_robin(event: Event) -> tuple[Meeting, ...]:
    """Rounds in alphabetical order; in each, everyone gets their best partner still possible."""
    book, wishes = Book(event), _wishes(event)
    waiting = sorted(wishes)
    while waiting:
        waiting = [person for person in waiting if _one(book, wishes[person])]
    return tuple(book.meetings)


def _one(book: Book, wishes: list[Pair]) -> bool:
    while wishes:
        if book.book(wishes.pop(0)):
            return True
    return False


def self_booking(event: Event, seed: int) -> tuple[Meeting, ...]:
    """First come, first served: in random order everyone books all they can."""
    rng = random.Random(seed)  # noqa: S311 -- not a secret
    book, wishes = Book(event), _wishes(event)
    for person in rng.sample(sorted(wishes), len(wishes)):
        for pair in wishes[person]:
            book.book(pair)
    return tuple(book.meetings)


def monolith(event: Event, work: float) -> tuple[Meeting, ...]:
    """One constraint model of pairs, slots, tables and interpreters, all levels weighed in one.

    work: in the solver's deterministic units, about seconds of a quiet processor.
    """
    problem = compile_event(event)
    model = build_model(problem, *all_columns(problem))
    value = model.value_costs()
    heavy = int(np.abs(value).sum()) + 1
    worth = value - heavy * model.short_costs()
    effort = Effort(Control(PATIENCE * work), work=work, seconds=PATIENCE * work)
    solved = ConstraintModel(model).maximise(worth, effort)
    slot_of = np.full(problem.size, -1, dtype=np.int64)
    if solved.taken is not None:
        slot_of[model.meeting[solved.taken]] = model.slot[solved.taken]
    return tuple(Rooms(problem)(slot_of))
