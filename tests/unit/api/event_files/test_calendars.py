"""Calendars in the eyes of a calendar library: identity, updates, cancellations, time zone."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from api.event_files.calendars import (
    CalendarState,
    calendars,
    meeting_uid,
    next_state,
    replay,
    state_from_json,
    state_to_json,
)
from api.event_files.view import EventView, build_view
from data.errors import KetnoiError
from matcher.events.parsing import parse_event
from matcher.events.schedule import Meeting
from tests.support.named_events import PLACE, named_event

MONDAY = datetime(2026, 11, 30, 9, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)
FIRST = Meeting("a0", "b0", "s0", "t0", "k0")
SECOND = Meeting("a1", "b0", "s1", "t1")


def view_of(meetings: Sequence[Meeting]) -> EventView:
    document = named_event()
    listed = {(p["a"], p["b"]) for p in document["pairs"]}
    document["pairs"] += [
        {"a": m.a, "b": m.b, "score": 1} for m in meetings if (m.a, m.b) not in listed
    ]
    return build_view(parse_event(document).event, meetings)


def given_out(
    meetings: Sequence[Meeting], before: CalendarState, now: datetime
) -> tuple[dict[str, list[Any]], CalendarState]:
    """Everyone's VEVENTs, parsed strictly, and the state after."""
    view = view_of(meetings)
    state = next_state(view, before, now)
    found = {}
    for user, text in calendars(view, state):
        calendar = Calendar.from_ical(text)
        assert calendar.errors == []
        assert calendar["METHOD"] == "PUBLISH"
        events = calendar.walk("VEVENT")
        assert all(event.errors == [] for event in events)
        found[user] = events
    return found, state


def test_meeting_has_time_zone_place_and_both_names() -> None:
    found, _ = given_out([FIRST], {}, MONDAY)
    assert sorted(found) == ["a0", "b0", "k0"]
    event = found["a0"][0]
    assert event["DTSTART"].params["TZID"] == "Asia/Ho_Chi_Minh"
    assert event.decoded("DTSTART").isoformat() == "2026-12-05T08:00:00+07:00"
    assert event.decoded("DTEND").isoformat() == "2026-12-05T08:20:00+07:00"
    assert str(event["SUMMARY"]).startswith("Công ty Cổ phần Tập đoàn Thủy sản Nghệ Tĩnh – ")
    assert str(event["LOCATION"]) == f"Bàn 1, {PLACE}"
    assert "Nguyễn Thị Ánh Nguyệt" in str(event["DESCRIPTION"])
    assert (event["STATUS"], event["SEQUENCE"]) == ("CONFIRMED", 0)


def test_zone_is_defined_in_the_file() -> None:
    view = view_of([FIRST])
    text = dict(calendars(view, next_state(view, {}, MONDAY)))["a0"]
    zones = Calendar.from_ical(text).walk("VTIMEZONE")
    assert [str(zone["TZID"]) for zone in zones] == ["Asia/Ho_Chi_Minh"]


def test_lines_are_folded_as_the_standard_says() -> None:
    view = view_of([FIRST])
    for _, text in calendars(view, next_state(view, {}, MONDAY)):
        lines = text.split(b"\r\n")
        assert all(len(line) <= 75 for line in lines)
        assert b"\n" not in text.replace(b"\r\n", b"")


def test_same_schedule_again_changes_no_byte() -> None:
    view = view_of([FIRST, SECOND])
    state = next_state(view, {}, MONDAY)
    again = next_state(view, state, TUESDAY)
    assert again == state
    assert dict(calendars(view, again)) == dict(calendars(view, state))


def test_moved_meeting_keeps_its_identity_and_raises_its_sequence() -> None:
    before, state = given_out([FIRST, SECOND], {}, MONDAY)
    after, _ = given_out([replace(FIRST, slot="s3"), SECOND], state, TUESDAY)
    old, new = before["a0"][0], after["a0"][0]
    assert new["UID"] == old["UID"] == meeting_uid("th-2026", "a0", "b0")
    assert new["SEQUENCE"] == 1
    assert new.decoded("DTSTAMP") == TUESDAY
    assert new.decoded("DTSTART") == old.decoded("DTSTART") + timedelta(minutes=60)
    assert after["a1"][0]["SEQUENCE"] == 0


@pytest.mark.parametrize("change", [{"table": "t3"}, {"interpreter": "k1"}])
def test_another_table_or_interpreter_is_an_update(change: dict[str, str]) -> None:
    _, state = given_out([FIRST], {}, MONDAY)
    after, _ = given_out([replace(FIRST, **change)], state, TUESDAY)  # type: ignore[arg-type]
    assert after["b0"][0]["SEQUENCE"] == 1


def test_dropped_meeting_is_cancelled_for_both_and_stays_so() -> None:
    _, state = given_out([FIRST, SECOND], {}, MONDAY)
    after, state = given_out([SECOND], state, TUESDAY)
    for user in ("a0", "k0"):
        assert [(e["STATUS"], e["SEQUENCE"]) for e in after[user]] == [("CANCELLED", 1)]
    assert {str(e["STATUS"]) for e in after["b0"]} == {"CANCELLED", "CONFIRMED"}
    later, _ = given_out([SECOND], state, TUESDAY + timedelta(days=1))
    assert later["a0"][0]["SEQUENCE"] == 1
    assert later["a0"][0].decoded("DTSTAMP") == TUESDAY


def test_meeting_that_comes_back_is_confirmed_again() -> None:
    _, state = given_out([FIRST], {}, MONDAY)
    _, state = given_out([], state, TUESDAY)
    after, _ = given_out([FIRST], state, TUESDAY)
    assert [(e["STATUS"], e["SEQUENCE"]) for e in after["a0"]] == [("CONFIRMED", 2)]


def test_interpreter_relieved_of_a_meeting_sees_it_cancelled() -> None:
    _, state = given_out([FIRST], {}, MONDAY)
    after, _ = given_out([replace(FIRST, interpreter="k1")], state, TUESDAY)
    assert [(e["STATUS"], e["SEQUENCE"]) for e in after["k0"]] == [("CANCELLED", 1)]
    assert [str(e["STATUS"]) for e in after["k1"]] == ["CONFIRMED"]
    assert [str(e["STATUS"]) for e in after["a0"]] == ["CONFIRMED"]


def test_no_show_and_replaced_meetings_are_cancelled() -> None:
    _, state = given_out([FIRST, SECOND], {}, MONDAY)
    gone = [replace(FIRST, status="no_show"), replace(SECOND, status="replaced")]
    after, _ = given_out(gone, state, TUESDAY)
    assert {str(e["STATUS"]) for events in after.values() for e in events} == {"CANCELLED"}


def test_versions_replayed_give_the_same_calendars() -> None:
    _, state = given_out([FIRST, SECOND], {}, MONDAY)
    _, state = given_out([replace(FIRST, slot="s3")], state, TUESDAY)
    versions = [
        (view_of([FIRST, SECOND]), MONDAY),
        (view_of([replace(FIRST, slot="s3")]), TUESDAY),
    ]
    assert replay(versions) == state


def test_identities_differ_wherever_a_part_differs() -> None:
    parts = [("e", "a1", "b"), ("e", "a", "1b"), ("ea", "1", "b"), ("e", "b", "a1")]
    assert len({meeting_uid(*part) for part in parts}) == len(parts)


def test_state_survives_the_way_through_a_file() -> None:
    _, state = given_out([FIRST, SECOND], {}, MONDAY)
    _, state = given_out([replace(FIRST, interpreter="k1")], state, TUESDAY)
    document = json.loads(json.dumps(state_to_json("th-2026", state)))
    assert state_from_json("th-2026", document) == state


@pytest.mark.parametrize(
    "document",
    [None, [], {}, {"version": 1, "event": "other", "entries": {}}, {"version": 2}, "x"],
)
def test_state_of_another_event_is_refused(document: object) -> None:
    with pytest.raises(KetnoiError) as caught:
        state_from_json("th-2026", document)
    assert caught.value.code == "event.calendar_state"
    assert caught.value.message_vi != caught.value.message
