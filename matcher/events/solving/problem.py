"""The event as arrays: usable pairs, slots each may use, and what each meeting consumes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.events.clock import Clock, build_clock
from matcher.events.event import Event, can_interpret, needs_interpreter

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
EXACT_DECIMALS = 9
VALUE_LIMIT = 10**9


@dataclass(frozen=True)
class Group:
    """Interchangeable tables or interpreters: `members` by position, open in `mask`."""

    members: tuple[int, ...]
    mask: Bools
    kinds: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Problem:
    """What the solvers see; M usable pairs, S slots, P participants.

    pair: (M,) position in event.pairs. a, b: (M,) positions of participants. value: (M,)
    score times `scale`, whole. forced: fixed meetings, allowed in their slot alone.
    allowed: (M, S) slots open to the pair. own: (M, S) a table of one side's own (or the
    fixed one) is there, so no general table is used. kind: (M,) what interpreting is
    needed of `kinds`, -1 for none. minimum, cap: (P,).
    """

    event: Event
    clock: Clock
    pair: Ints
    a: Ints
    b: Ints
    value: Ints
    scale: int
    exact: bool
    must: Bools
    forced: Bools
    allowed: Bools
    own: Bools
    kind: Ints
    kinds: int
    minimum: Ints
    cap: Ints
    tables: tuple[Group, ...]
    interpreters: tuple[Group, ...]
    fixed_of: dict[int, int]
    lost_musts: int

    @property
    def size(self) -> int:
        return len(self.pair)

    @property
    def people(self) -> int:
        return len(self.cap)

    @property
    def splits(self) -> bool:
        """True when choosing and placing meetings can be done one after the other."""
        return not (
            self.clock.overlapping
            or (self.kind >= 0).any()
            or self.own.any()
            or self.forced.any()
            or not self.allowed.all()
            or len(self.tables) > 1
        )

    def table_capacity(self) -> Ints:
        """(S,) general tables open in each slot."""
        capacity = np.zeros(self.clock.size, dtype=np.int64)
        for group in self.tables:
            capacity += len(group.members) * group.mask
        return capacity

    def table_total(self) -> int:
        """Most meetings the general tables can hold over the event."""
        return sum(len(group.members) * self.clock.disjoint(group.mask) for group in self.tables)


def whole_values(scores: Floats) -> tuple[Ints, int, bool]:
    """Scores as whole numbers, their scale, and whether that is exact.

    Scores written with up to nine decimals stay exact; longer ones are rounded at a scale
    where the largest is near 10⁹, and bounds allow for the rounding.
    """
    largest = float(np.abs(scores).max(initial=0.0))
    for decimals in range(EXACT_DECIMALS + 1):
        scale = 10**decimals
        if largest * scale > VALUE_LIMIT:
            break
        values = np.rint(scores * scale)
        if np.array_equal(values / scale, scores):
            return values.astype(np.int64), scale, True
    scale = 1
    while largest * scale * 10 <= VALUE_LIMIT and scale < 10**12:
        scale *= 10
    return np.rint(scores * scale).astype(np.int64), scale, False


class _Compiler:
    """Turns an event into a Problem, one aspect a method."""

    def __init__(self, event: Event) -> None:
        self.event = event
        self.clock = build_clock(event.slots)
        self.slot = {slot.id: number for number, slot in enumerate(event.slots)}
        self.person = {person.id: number for number, person in enumerate(event.participants)}
        self.table = {table.id: number for number, table in enumerate(event.tables)}
        self.helper = {helper.id: number for number, helper in enumerate(event.interpreters)}
        self.fixed = {(fixed.a, fixed.b): n for n, fixed in enumerate(event.fixed)}

    def open_mask(self, unavailable: frozenset[str]) -> Bools:
        mask = np.ones(self.clock.size, dtype=np.bool_)
        mask[[self.slot[slot] for slot in unavailable]] = False
        return mask

    def build(self) -> Problem:
        event = self.event
        here = np.array(
            [self.open_mask(p.unavailable) for p in event.participants], dtype=np.bool_
        ).reshape(len(event.participants), self.clock.size)
        table_open = [self.open_mask(table.unavailable) for table in event.tables]
        helper_open = [self.open_mask(helper.unavailable) for helper in event.interpreters]
        home = self._home(table_open)
        self._book_fixed(table_open, helper_open)
        a = np.array([self.person[pair.a] for pair in event.pairs], dtype=np.int64)
        b = np.array([self.person[pair.b] for pair in event.pairs], dtype=np.int64)
        kind, members = self._kinds(a, b)
        allowed = self._allowed(here, a, b)
        own = home[a] | home[b]
        forced = self._force(allowed, own, kind)
        general = self._table_groups(table_open)
        helpers = self._interpreter_groups(helper_open, members)
        self._need_resources((allowed, own, kind, forced), general, (helpers, len(members)))
        allowed[self._closed(a, b) & ~forced] = False
        usable = np.flatnonzero(allowed.any(axis=1) | forced)
        values, scale, exact = whole_values(np.array([p.score for p in event.pairs], dtype=float))
        must = np.array([pair.must for pair in event.pairs], dtype=np.bool_)
        return Problem(
            event=event,
            clock=self.clock,
            pair=usable,
            a=a[usable],
            b=b[usable],
            value=values[usable],
            scale=scale,
            exact=exact,
            must=must[usable],
            forced=forced[usable],
            allowed=allowed[usable],
            own=own[usable],
            kind=kind[usable],
            kinds=len(members),
            minimum=np.array([min(p.min_meetings, 2**40) for p in event.participants], np.int64),
            cap=self._caps(here),
            tables=general,
            interpreters=helpers,
            fixed_of=self._fixed_of(usable),
            lost_musts=int(must.sum() - must[usable].sum()),
        )

    def _closed(self, a: Ints, b: Ints) -> Bools:
        """Pairs that may not meet: vetoed, or with someone on standby."""
        vetoes = self.event.vetoes
        vetoed = np.array([(pair.a, pair.b) in vetoes for pair in self.event.pairs], dtype=np.bool_)
        standby = np.array([person.standby for person in self.event.participants], dtype=np.bool_)
        return np.asarray(vetoed | standby[a] | standby[b], dtype=np.bool_)

    def _home(self, table_open: list[Bools]) -> Bools:
        home = np.zeros((len(self.event.participants), self.clock.size), dtype=np.bool_)
        for table, mask in zip(self.event.tables, table_open, strict=True):
            if table.owner is not None:
                home[self.person[table.owner]] |= mask
        return home

    def _book_fixed(self, table_open: list[Bools], helper_open: list[Bools]) -> None:
        for fixed in self.event.fixed:
            taken = self.clock.conflicts[self.slot[fixed.slot]]
            if fixed.table is not None:
                table_open[self.table[fixed.table]][taken] = False
            if fixed.interpreter is not None:
                helper_open[self.helper[fixed.interpreter]][taken] = False

    def _kinds(self, a: Ints, b: Ints) -> tuple[Ints, list[frozenset[int]]]:
        """Per pair -1 (no interpreter), a kind, or -2 (nobody can interpret)."""
        tongues = sorted({p.languages for p in self.event.participants}, key=sorted)
        number = {languages: n for n, languages in enumerate(tongues)}
        members: dict[frozenset[int], int] = {}
        grid = np.full((len(tongues), len(tongues)), -1, dtype=np.int64)
        for x, one in enumerate(tongues):
            for y, other in enumerate(tongues):
                if not needs_interpreter(one, other):
                    continue
                able = frozenset(
                    n
                    for n, helper in enumerate(self.event.interpreters)
                    if can_interpret(helper.languages, one, other)
                )
                grid[x, y] = members.setdefault(able, len(members)) if able else -2
        spoken = np.array([number[p.languages] for p in self.event.participants], dtype=np.int64)
        return grid[spoken[a], spoken[b]], list(members)

    def _allowed(self, here: Bools, a: Ints, b: Ints) -> Bools:
        """Slots open to both, less those in which a fixed meeting holds either."""
        free = here.copy()
        for fixed in self.event.fixed:
            taken = self.clock.conflicts[self.slot[fixed.slot]]
            free[self.person[fixed.a]] &= ~taken
            free[self.person[fixed.b]] &= ~taken
        return np.asarray(free[a] & free[b], dtype=np.bool_)

    def _force(self, allowed: Bools, own: Bools, kind: Ints) -> Bools:
        forced = np.zeros(len(allowed), dtype=np.bool_)
        if not self.fixed:
            return forced
        for number, pair in enumerate(self.event.pairs):
            which = self.fixed.get((pair.a, pair.b))
            if which is None:
                continue
            fixed = self.event.fixed[which]
            forced[number] = True
            allowed[number] = False
            allowed[number, self.slot[fixed.slot]] = True
            if fixed.table is not None:
                own[number] = True
            if fixed.interpreter is not None:
                kind[number] = -1
        return forced

    def _table_groups(self, table_open: list[Bools]) -> tuple[Group, ...]:
        groups: dict[bytes, list[int]] = {}
        for number, table in enumerate(self.event.tables):
            if table.owner is None and table_open[number].any():
                groups.setdefault(table_open[number].tobytes(), []).append(number)
        return tuple(Group(tuple(m), table_open[m[0]]) for m in groups.values())

    def _interpreter_groups(
        self, helper_open: list[Bools], members: list[frozenset[int]]
    ) -> tuple[Group, ...]:
        groups: dict[tuple[bytes, frozenset[int]], list[int]] = {}
        for number, mask in enumerate(helper_open):
            kinds = frozenset(kind for kind, able in enumerate(members) if number in able)
            if kinds and mask.any():
                groups.setdefault((mask.tobytes(), kinds), []).append(number)
        return tuple(Group(tuple(m), helper_open[m[0]], key[1]) for key, m in groups.items())

    def _need_resources(
        self,
        meetings: tuple[Bools, Bools, Ints, Bools],
        general: tuple[Group, ...],
        interpreting: tuple[tuple[Group, ...], int],
    ) -> None:
        """Close slots without any table or without an interpreter who could serve.

        Fixed meetings are left alone: what speaks against them is found elsewhere.
        """
        allowed, own, kind, forced = meetings
        helpers, kinds = interpreting
        roomy = np.zeros(self.clock.size, dtype=np.bool_)
        for group in general:
            roomy |= group.mask
        allowed &= own | roomy | forced[:, None]
        served = np.zeros((kinds, self.clock.size), dtype=np.bool_)
        for group in helpers:
            for which in group.kinds:
                served[which] |= group.mask
        allowed[(kind == -2) & ~forced] = False
        needy = np.flatnonzero((kind >= 0) & ~forced)
        allowed[needy] &= served[kind[needy]]

    def _caps(self, here: Bools) -> Ints:
        caps = [
            self.clock.disjoint(mask)
            if person.max_meetings is None
            else min(person.max_meetings, self.clock.disjoint(mask))
            for person, mask in zip(self.event.participants, here, strict=True)
        ]
        return np.array(caps, dtype=np.int64)

    def _fixed_of(self, usable: Ints) -> dict[int, int]:
        if not self.fixed:
            return {}
        couples = ((self.event.pairs[p].a, self.event.pairs[p].b) for p in usable)
        return {n: self.fixed[c] for n, c in enumerate(couples) if c in self.fixed}


def compile_event(event: Event) -> Problem:
    """Arrays for the solvers; fixed meetings are taken as given and checked elsewhere."""
    return _Compiler(event).build()
