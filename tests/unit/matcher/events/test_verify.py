"""The guard before writing finds every kind of broken schedule and passes sound ones."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from matcher.events import schedule_event as whole_job
from matcher.events.control import Control
from matcher.events.event import Event
from matcher.events.parsing import parse_event
from matcher.events.schedule import Meeting, Schedule
from matcher.events.solving.solve import Solver
from matcher.events.verify import BrokenScheduleError, find_faults, verify
from tests.support.events import Shape, big_event

DOCUMENT = big_event(Shape(a=12, b=6, slots=5, tables=6, per_a=4, foreign=3, interpreters=2))
DOCUMENT["fixed"] = [{"a": DOCUMENT["pairs"][-1]["a"], "b": DOCUMENT["pairs"][-1]["b"]}]
DOCUMENT["fixed"][0]["slot"] = "s1"


@pytest.fixture(scope="module")
def sound() -> tuple[Event, Schedule]:
    event = parse_event(DOCUMENT).event
    return event, whole_job.schedule_event(event, Control(10))


def test_sound_schedule_passes(sound: tuple[Event, Schedule]) -> None:
    assert find_faults(*sound) == []


def first(schedule: Schedule, **changes: Any) -> Schedule:
    """The schedule with its first meeting changed."""
    return replace(
        schedule, meetings=(replace(schedule.meetings[0], **changes), *schedule.meetings[1:])
    )


def spoken(schedule: Schedule) -> Schedule:
    """Nobody interprets any more."""
    return replace(
        schedule, meetings=tuple(replace(m, interpreter=None) for m in schedule.meetings)
    )


def doubled(schedule: Schedule) -> Schedule:
    other = schedule.meetings[1]
    return first(schedule, slot=other.slot, table=other.table)


BREAKS: list[tuple[Callable[[Schedule], Schedule], str]] = [
    (lambda s: first(s, a="nobody"), "are not a pair"),
    (lambda s: first(s, table="nowhere"), "names what the event does not have"),
    (lambda s: first(s, interpreter="k9"), "names what the event does not have"),
    (lambda s: replace(s, meetings=(*s.meetings, s.meetings[0])), "meet twice"),
    (lambda s: replace(s, meetings=s.meetings[1:]), "the score is"),
    (doubled, "in two meetings at once"),
    (spoken, "nobody interprets for"),
    (lambda s: replace(s, bound=s.objective.score - 1), "is below the score"),
    (
        lambda s: replace(s, objective=replace(s.objective, must_missed=1)),
        "the figures are",
    ),
    (
        lambda s: replace(s, meetings=tuple(m for m in s.meetings if not fixed(m))),
        "fixed[0] did not stay",
    ),
    (lambda s: replace(s, status="infeasible"), "an infeasible event has meetings"),
]


def fixed(meeting: Meeting) -> bool:
    place = DOCUMENT["fixed"][0]
    return (meeting.a, meeting.b) == (place["a"], place["b"])


@pytest.mark.parametrize(("change", "expected"), BREAKS, ids=range(len(BREAKS)))
def test_broken_schedule_is_found(
    sound: tuple[Event, Schedule],
    change: Callable[[Schedule], Schedule],
    expected: str,
) -> None:
    event, schedule = sound
    faults = find_faults(event, change(schedule))
    assert any(expected in fault for fault in faults), faults


@pytest.mark.parametrize(
    ("key", "change", "expected"),
    [
        ("participants", {"unavailable": ["s0", "s1", "s2", "s3", "s4"]}, "is unavailable in"),
        ("participants", {"max_meetings": 0}, "above the maximum of 0"),
        ("tables", {"owner": "b5"}, "sit at the table of b5"),
        ("tables", {"unavailable": ["s0", "s1", "s2", "s3", "s4"]}, "is unavailable in"),
        ("interpreters", {"unavailable": ["s0", "s1", "s2", "s3", "s4"]}, "is unavailable in"),
        ("interpreters", {"languages": ["zh"]}, "nobody interprets for"),
    ],
)
def test_rules_of_the_event_are_looked_at(
    sound: tuple[Event, Schedule], key: str, change: dict[str, Any], expected: str
) -> None:
    _, schedule = sound
    records = [{**record, **change} for record in DOCUMENT[key]]
    event = parse_event({**DOCUMENT, key: records}).event
    assert any(expected in fault for fault in find_faults(event, schedule))


def test_veto_is_looked_at(sound: tuple[Event, Schedule]) -> None:
    meeting = sound[1].meetings[0]
    event = parse_event({**DOCUMENT, "vetoes": [[meeting.b, meeting.a]]}).event
    assert find_faults(event, sound[1]) == [f"{meeting.a} and {meeting.b} are vetoed"]


def test_broken_schedule_never_leaves_the_job(
    sound: tuple[Event, Schedule], monkeypatch: pytest.MonkeyPatch
) -> None:
    event, schedule = sound
    wrong = doubled(schedule)
    monkeypatch.setattr(Solver, "__call__", lambda _: wrong)
    with pytest.raises(BrokenScheduleError, match="Nothing was written") as caught:
        whole_job.schedule_event(event, Control(1))
    assert caught.value.code == "event.internal"
    assert "Chưa ghi gì" in caught.value.message_vi


def test_verify_passes_sound_schedules_silently(sound: tuple[Event, Schedule]) -> None:
    event, schedule = sound
    verify(event, schedule)
