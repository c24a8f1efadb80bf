"""The day itself: what is given out stays, as far as it can."""

from typing import Any

from matcher.events.control import Control
from matcher.events.parsing import parse_event
from matcher.events.repair import Previous, repair
from matcher.events.schedule import Schedule
from matcher.events.schedule_event import schedule_event
from matcher.events.solving.solve import SolveConfig
from tests.support.events import Shape, big_event
from tests.support.schedule_checker import broken_rules

Document = dict[str, Any]


def first_schedule(document: Document) -> Schedule:
    return schedule_event(parse_event(document).event, Control(10))


def again(document: Document, before: Schedule) -> Schedule:
    event = parse_event(document).event
    found = repair(event, Previous(before.meetings), Control(10), SolveConfig())
    assert broken_rules(document, found.to_json()) == []
    return found


def small() -> Document:
    return big_event(Shape(a=20, b=8, slots=6, tables=6, per_a=5))


def test_nothing_changes_when_nothing_happened() -> None:
    document = small()
    before = first_schedule(document)
    found = again(document, before)
    assert set(found.meetings) == set(before.meetings)
    assert found.quality["moved"] == found.quality["cancelled"] == found.quality["new"] == 0
    assert found.quality["moved_is_least"]


def test_no_shows_leave_everyone_else_in_place_and_holes_are_filled() -> None:
    document = small()
    before = first_schedule(document)
    gone = {"a0", "a1", "a2"}
    for person in document["participants"]:
        if person["id"] in gone:
            person["max_meetings"] = 0
    found = again(document, before)
    lost = [m for m in before.meetings if m.a in gone]
    assert found.quality["moved"] == 0
    assert found.quality["cancelled"] == len(lost)
    assert found.quality["new"] > 0


def test_lost_slot_moves_only_its_own_meetings() -> None:
    document = small()
    document["participants"] = [{**p, "max_meetings": 4} for p in document["participants"]]
    before = first_schedule(document)
    late = before.meetings[0].b
    for person in document["participants"]:
        if person["id"] == late:
            person["unavailable"] = ["s0"]
    found = again(document, before)
    hit = [m for m in before.meetings if m.b == late and m.slot == "s0"]
    assert found.quality["cancelled"] == 0
    assert found.quality["moved"] <= 2 * len(hit) + 1
    assert found.quality["moved_is_least"]
