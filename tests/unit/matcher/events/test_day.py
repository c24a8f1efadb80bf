"""The day: what took place is settled, what is lost stays lost, holes are filled."""

import json
import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from matcher.events.control import Control
from matcher.events.day import read_day
from matcher.events.fields import EventError
from matcher.events.parsing import parse_event
from matcher.events.repair import Previous, read_previous
from matcher.events.schedule import Meeting, Schedule
from matcher.events.schedule_event import schedule_event
from matcher.events.solving.solve import Solver
from tests.support.events import FIRST, Shape, big_event
from tests.support.schedule_checker import broken_rules
from tests.support.small_events import small_event

Document = dict[str, Any]
TEN_PAST = FIRST + timedelta(minutes=50)  # slots s0, s1 and s2 have begun


def solve(document: Document, previous: Previous | None = None) -> Schedule:
    return schedule_event(parse_event(document).event, Control(10), previous=previous)


def small(**changes: Any) -> Document:
    return big_event(Shape(**{"a": 14, "b": 6, "slots": 6, "tables": 5, "per_a": 4, **changes}))


def person(document: Document, identity: str) -> Document:
    return next(p for p in document["participants"] if p["id"] == identity)


def marked(schedule: Schedule, status: Any, which: int = 0) -> tuple[Meeting, ...]:
    """The meetings, one of them with another status."""
    meetings = list(schedule.meetings)
    one = meetings[which]
    meetings[which] = Meeting(one.a, one.b, one.slot, one.table, one.interpreter, status)
    return tuple(meetings)


def test_held_meeting_stays_though_its_person_has_left() -> None:
    document = small()
    before = solve(document)
    first = before.meetings[0]
    person(document, first.a)["unavailable"] = [slot["id"] for slot in document["slots"]]
    found = solve(document, Previous(marked(before, "held")))
    held = [m for m in found.meetings if m.status == "held"]
    assert [(m.a, m.b, m.slot, m.table) for m in held] == [
        (first.a, first.b, first.slot, first.table)
    ]
    assert all(m.a != first.a for m in found.meetings if m.status == "booked")


def test_slots_that_have_begun_are_closed() -> None:
    document = small()
    before = solve(document)
    past = {"s0", "s1", "s2"}
    early = {(m.a, m.b, m.slot) for m in before.meetings if m.slot in past}
    found = solve(document, Previous(before.meetings, TEN_PAST))
    assert {(m.a, m.b, m.slot) for m in found.meetings if m.slot in past} == early
    assert {m.status for m in found.meetings if m.slot in past} == {"held"}
    assert found.quality["moved"] == found.quality["cancelled"] == 0


def test_no_show_of_the_past_is_missed_and_not_booked_again() -> None:
    document = small()
    before = solve(document)
    gone = next(m.a for m in before.meetings if m.slot == "s1")
    person(document, gone)["max_meetings"] = 0
    found = solve(document, Previous(before.meetings, TEN_PAST))
    theirs = [m for m in before.meetings if m.a == gone]
    assert not any(m.a == gone for m in found.meetings)
    assert found.quality["missed"] == sum(m.slot in {"s0", "s1", "s2"} for m in theirs)
    kinds = {(c["a"], c["b"]): c["kind"] for c in found.changes or ()}
    assert {kinds[m.a, m.b] for m in theirs if m.slot == "s1"} == {"no_show"}


@pytest.mark.parametrize("status", ["no_show", "replaced"])
def test_pair_marked_lost_does_not_meet_again(status: str) -> None:
    document = small()
    before = solve(document)
    lost = before.meetings[0]
    found = solve(document, Previous(marked(before, status)))
    assert (lost.a, lost.b) not in {(m.a, m.b) for m in found.meetings}
    assert (found.changes or ({},))[0]["kind"] == status
    assert found.quality["missed"] == 1


def test_pair_marked_lost_but_fixed_anew_meets() -> None:
    document = small()
    before = solve(document)
    lost = before.meetings[0]
    meetings = tuple(m for m in marked(before, "no_show") if m.slot != "s5" or m == lost)
    document["fixed"] = [{"a": lost.a, "b": lost.b, "slot": "s5"}]
    found = solve(document, Previous(meetings, TEN_PAST))
    assert (lost.a, lost.b, "s5") in {(m.a, m.b, m.slot) for m in found.meetings}


def test_standby_is_called_in_on_the_day_alone() -> None:
    document = small(per_a=2, tables=6)
    document["participants"].append({"id": "z", "side": "a", "standby": True})
    document["pairs"] += [{"a": "z", "b": f"b{n}", "score": 5.0} for n in range(6)]
    before = solve(document)
    assert before.status == "optimal"
    assert all(m.a != "z" for m in before.meetings)
    hole = before.meetings[0]
    person(document, hole.a)["max_meetings"] = 0
    document["pairs"] = [p for p in document["pairs"] if p["a"] != "z" or p["b"] == hole.b]
    person(document, "z")["unavailable"] = [f"s{n}" for n in range(6) if f"s{n}" != hole.slot]
    found = solve(document, Previous(before.meetings))
    called = [m for m in found.meetings if m.a == "z"]
    assert [m.slot for m in called] == [hole.slot]
    assert found.quality["moved"] == 0
    assert found.quality["cancelled"] == sum(m.a == hole.a for m in before.meetings)
    gone = next(c for c in found.changes or () if (c["a"], c["b"]) == (hole.a, hole.b))
    assert gone["kind"] == "cancelled"
    assert gone["filled_by"] == [{"a": "z", "b": hole.b}]


@pytest.mark.parametrize(
    ("change", "place"),
    [({"min_meetings": 1}, "participants[14].min_meetings"), ({}, "pairs[56].must")],
)
def test_standby_with_a_minimum_or_a_must_is_refused(change: Document, place: str) -> None:
    document = small()
    document["participants"].insert(14, {"id": "z", "side": "a", "standby": True, **change})
    document["pairs"].append({"a": "z", "b": "b0", "score": 1, "must": not change})
    with pytest.raises(EventError) as caught:
        parse_event(document)
    assert [problem.place for problem in caught.value.problems] == [place]


def test_lost_table_moves_people_to_another_but_not_in_time() -> None:
    document = small(tables=8)
    before = solve(document)
    lost = before.meetings[0].table
    next(t for t in document["tables"] if t["id"] == lost)["unavailable"] = [
        slot["id"] for slot in document["slots"]
    ]
    found = solve(document, Previous(before.meetings))
    assert broken_rules(document, found.to_json()) == []
    assert found.quality["moved"] == found.quality["cancelled"] == 0
    assert {c["kind"] for c in found.changes or ()} == {"table"}


def test_ill_interpreter_is_replaced_by_the_other() -> None:
    document = small(foreign=2, interpreters=4, per_a=1)
    before = solve(document)
    ill = next(m.interpreter for m in before.meetings if m.interpreter)
    for helper in document["interpreters"]:
        if helper["id"] == ill:
            helper["unavailable"] = [slot["id"] for slot in document["slots"]]
    found = solve(document, Previous(before.meetings))
    assert broken_rules(document, found.to_json()) == []
    assert found.quality["cancelled"] == 0
    assert all(m.interpreter != ill for m in found.meetings)


def test_delayed_slot_keeps_its_meetings() -> None:
    document = small()
    before = solve(document)
    for slot in document["slots"][2:]:
        for end in ("start", "end"):
            later = datetime.fromisoformat(slot[end]) + timedelta(minutes=15)
            slot[end] = later.isoformat()
    found = solve(document, Previous(before.meetings))
    assert set(found.meetings) == set(before.meetings)


def test_meetings_of_a_dropped_slot_move() -> None:
    document = small(a=10, per_a=2, tables=6)
    document["participants"] = [{**p, "max_meetings": 4} for p in document["participants"]]
    before = solve(document)
    dropped = max(document["slots"], key=lambda slot: slot["id"])
    document["slots"].remove(dropped)
    found = solve(document, Previous(before.meetings))
    hit = [m for m in before.meetings if m.slot == dropped["id"]]
    assert hit
    assert found.quality["cancelled"] == 0
    assert found.quality["moved_is_least"]
    assert broken_rules(document, found.to_json()) == []


def test_held_meeting_unknown_to_the_event_is_named() -> None:
    document = small()
    meeting = Meeting("a0", "b0", "s0", "t99", None, "held")
    with pytest.raises(EventError, match="t99 is no longer in the event"):
        read_day(parse_event(document).event, [meeting], None)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"status": "gone"}, "meetings[1].status: must be one of booked, held"),
        ({"a": "x", "b": "y"}, "meetings[1]: 'x' with 'y' is already meetings[0]"),
        ({"slot": None}, "meetings[1].slot: must be a non-empty text"),
    ],
)
def test_bad_schedule_file_names_the_place(tmp_path: Path, change: Document, expected: str) -> None:
    base = {"a": "x", "b": "y", "slot": "s0", "table": "t0", "interpreter": None}
    path = tmp_path / "before.json"
    path.write_text(json.dumps({"meetings": [base, {**base, "a": "z", **change}]}))
    with pytest.raises(EventError) as caught:
        read_previous(path)
    assert str(caught.value).startswith(f"before.json: {expected}")


def test_random_days_keep_every_rule() -> None:
    rng = random.Random(7)
    for seed in range(30):
        document = small_event(seed)
        before = Solver(parse_event(document).event, Control(10))()
        if before.status == "infeasible" or not document["slots"]:
            continue
        begun = rng.choice(document["slots"])
        now = datetime.fromisoformat(begun["start"])
        coming = [s["id"] for s in document["slots"] if datetime.fromisoformat(s["start"]) > now]
        for someone in document["participants"]:
            if rng.random() < 0.2:  # leaves after what has begun
                someone["unavailable"] = sorted({*someone["unavailable"], *coming})
        document["fixed"] = []
        found = solve(document, Previous(before.meetings, now))
        assert broken_rules(document, found.to_json()) == [], seed
        early = {m for m in before.meetings if m.slot not in coming}
        assert {(m.a, m.b, m.slot, m.table) for m in found.meetings if m.status == "held"} == {
            (m.a, m.b, m.slot, m.table) for m in early
        }, seed


def test_evening_leaves_everything_as_it_was() -> None:
    document = small(foreign=2, interpreters=2, minimum=1)
    before = solve(document)
    found = solve(document, Previous(before.meetings, FIRST + timedelta(days=1)))
    assert {m.status for m in found.meetings} == {"held"}
    assert found.objective == before.objective
    assert (found.status, found.changes) == ("optimal", ())


def test_overlapping_slots_keep_those_in_a_meeting_busy() -> None:
    document = small()
    first, second = document["slots"][:2]
    second["start"] = (FIRST + timedelta(minutes=10)).isoformat()
    before = solve(document)
    now = FIRST + timedelta(minutes=5)
    for someone in document["participants"]:
        someone["max_meetings"] = None
    found = solve(document, Previous(before.meetings, now))
    assert broken_rules(document, found.to_json()) == []
    held = {p for m in found.meetings if m.slot == first["id"] for p in (m.a, m.b)}
    assert held
    assert not held & {p for m in found.meetings if m.slot == second["id"] for p in (m.a, m.b)}


def test_held_meetings_count_for_minimum_maximum_and_must() -> None:
    document = small(per_a=2)
    before = solve(document)
    meeting = before.meetings[0]
    for pair in document["pairs"]:
        pair["must"] = (pair["a"], pair["b"]) == (meeting.a, meeting.b)
    person(document, meeting.a).update(min_meetings=1, max_meetings=1)
    found = solve(document, Previous(marked(before, "held")))
    assert [m.b for m in found.meetings if m.a == meeting.a] == [meeting.b]
    assert (found.objective.must_missed, found.objective.min_short) == (0, 0)


def test_fixed_meeting_of_who_left_is_named_with_its_place_in_the_file() -> None:
    document = small(fixed=3)
    document["fixed"].sort(key=lambda f: f["slot"])
    before = solve(document)
    late = document["fixed"][-1]
    assert late["slot"] not in ("s0", "s1", "s2")
    assert document["fixed"][0]["slot"] in ("s0", "s1", "s2")
    person(document, late["a"])["unavailable"] = ["s3", "s4", "s5"]
    found = solve(document, Previous(before.meetings, TEN_PAST))
    assert (found.status, found.meetings, found.changes) == ("infeasible", (), None)
    assert [fault["place"] for fault in found.unmet] == ["fixed[2]"]
    assert found.relaxations[0]["fixed"] == [2]
    assert "fixed[2]" in found.relaxations[0]["vi"]
