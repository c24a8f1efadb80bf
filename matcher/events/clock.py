"""Which slots exclude each other in time, and how many disjoint ones fit in a set."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from matcher.events.event import Slot


def exact_time(moment: datetime) -> timedelta:
    """Time since the year 1 in UTC; unlike astimezone it is safe at the calendar's ends."""
    naive = moment.replace(tzinfo=None)
    return (naive - datetime.min) - (moment.utcoffset() or timedelta(0))


def utc_text(moment: datetime) -> str:
    """The moment in UTC, for sorting by eye."""
    return moment.astimezone(UTC).isoformat()


@dataclass(frozen=True)
class Clock:
    """Slots by position in the event.

    `conflicts`[s, t] is true when s and t overlap (s = t included); `cliques` are the
    largest sets of slots that hold one instant; `order` lists slots by start.
    """

    conflicts: NDArray[np.bool_]
    cliques: tuple[tuple[int, ...], ...]
    order: tuple[int, ...]
    starts: tuple[timedelta, ...]
    ends: tuple[timedelta, ...]

    @property
    def size(self) -> int:
        return len(self.order)

    @property
    def overlapping(self) -> bool:
        """True when any two slots exclude each other."""
        return len(self.cliques) != self.size or any(len(clique) > 1 for clique in self.cliques)

    def disjoint(self, mask: Iterable[bool]) -> int:
        """Most slots of the mask that one person can attend: earliest end first."""
        slots = [slot for slot, inside in enumerate(mask) if inside]
        if not self.overlapping:
            return len(slots)
        taken, free_from = 0, timedelta.min
        for slot in sorted(slots, key=lambda slot: self.ends[slot]):
            if self.starts[slot] >= free_from:
                taken, free_from = taken + 1, self.ends[slot]
        return taken

    def components(self) -> list[list[int]]:
        """Sets of slots joined by overlaps, in time order."""
        groups: list[list[int]] = []
        reach = timedelta.min
        for slot in self.order:
            if groups and self.starts[slot] < reach:
                groups[-1].append(slot)
            else:
                groups.append([slot])
            reach = max(reach, self.ends[slot])
        return groups


def build_clock(slots: Sequence[Slot]) -> Clock:
    """Work out overlaps; slots that only touch do not overlap."""
    starts = tuple(exact_time(slot.start) for slot in slots)
    ends = tuple(exact_time(slot.end) for slot in slots)
    order = tuple(sorted(range(len(slots)), key=lambda slot: (starts[slot], ends[slot], slot)))
    conflicts = np.eye(len(slots), dtype=np.bool_)
    cliques: list[tuple[int, ...]] = []
    running: list[int] = []
    for slot in order:
        running = [other for other in running if ends[other] > starts[slot]]
        for other in running:
            conflicts[slot, other] = conflicts[other, slot] = True
        running.append(slot)
        _keep_largest(cliques, tuple(sorted(running)))
    return Clock(conflicts, tuple(cliques), order, starts, ends)


def _keep_largest(cliques: list[tuple[int, ...]], clique: tuple[int, ...]) -> None:
    if cliques and set(cliques[-1]) <= set(clique):
        cliques.pop()
    cliques.append(clique)
