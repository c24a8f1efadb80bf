"""Overlaps of slots and how many disjoint ones fit."""

from datetime import UTC, datetime, timedelta

from matcher.events.clock import Clock, build_clock
from matcher.events.event import Slot

START = datetime(2026, 12, 5, 8, tzinfo=UTC)


def slot(identity: str, start: str, end: str) -> Slot:
    return Slot(identity, datetime.fromisoformat(start), datetime.fromisoformat(end))


def clock_of(*spans: tuple[int, int]) -> Clock:
    return build_clock(
        [
            Slot(f"s{n}", START + timedelta(minutes=first), START + timedelta(minutes=last))
            for n, (first, last) in enumerate(spans)
        ]
    )


def test_slots_that_touch_do_not_overlap() -> None:
    clock = clock_of((0, 20), (20, 40))
    assert not clock.overlapping
    assert clock.disjoint([True, True]) == 2


def test_cliques_are_the_largest_sets_that_hold_one_instant() -> None:
    clock = clock_of((0, 30), (20, 50), (40, 60), (45, 55))
    assert sorted(clock.cliques) == [(0, 1), (1, 2, 3)]
    assert clock.components() == [[0, 1, 2, 3]]


def test_disjoint_takes_short_slots_before_a_long_one() -> None:
    clock = clock_of((0, 60), (0, 20), (20, 40), (40, 60))
    assert clock.disjoint([True, True, True, True]) == 3
    assert clock.disjoint([True, False, False, True]) == 1


def test_slots_at_the_calendars_end_are_ordered() -> None:
    last = datetime.max.replace(tzinfo=UTC)
    clock = build_clock([Slot("s0", last - timedelta(hours=1), last)])
    assert clock.order == (0,)


def test_same_instant_in_two_zones_overlaps() -> None:
    one = slot("a", "2026-12-05T08:00:00+07:00", "2026-12-05T09:00:00+07:00")
    two = slot("b", "2026-12-05T01:30:00+00:00", "2026-12-05T02:30:00+00:00")
    assert build_clock([one, two]).overlapping
