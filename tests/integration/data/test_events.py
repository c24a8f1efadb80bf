"""Events on both databases: many at once, one wins; what is withdrawn is gone."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

import pytest
from sqlalchemy import Connection
from sqlalchemy.engine import Engine

from data import event_people, event_schedules, event_suggestions, events
from data.errors import KetnoiError, NotFound
from data.event_people import NewParticipant
from data.event_suggestions import NewSuggestion
from data.events import EventSlot, EventTable, NewEvent
from data.session import read, write
from data.store import Conflict, StaleVersion
from tests.integration.data.made_up_service import centre

T = TypeVar("T")
SLOTS = (
    EventSlot("s1", "2026-12-05T08:00:00+07:00", "2026-12-05T08:20:00+07:00"),
    EventSlot("s2", "2026-12-05T08:20:00+07:00", "2026-12-05T08:40:00+07:00"),
)
FIRST = {"a": "i1", "b": "c1", "slot": "s1", "table": "t1"}


def make_event(connection: Connection, *names: str) -> str:
    organisation_id = centre(connection).organisation_id
    new = NewEvent(organisation_id, "Bịa", slots=SLOTS, tables=(EventTable("t1"),))
    event_id = events.create_event(connection, new).event_id
    for name in names or ("i1", "c1"):
        side: event_suggestions.Side = "a" if name.startswith("i") else "b"
        person = NewParticipant(name, side, "Đồng ý", "2026-11-01", name=f"Tên {name}")
        event_people.register(connection, event_id, person)
    return event_id


def at_once(engine: Engine, works: list[Callable[[Connection], T]]) -> list[T | KetnoiError]:
    """Do each in a thread and a transaction of its own, begun together."""
    ready = threading.Barrier(len(works))

    def run(work: Callable[[Connection], T]) -> T | KetnoiError:
        ready.wait()
        try:
            with write(engine) as connection:
                return work(connection)
        except KetnoiError as error:
            return error

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def test_of_many_publications_at_once_one_wins(engine: Engine) -> None:
    with write(engine) as connection:
        event_id = make_event(connection)
        for _ in range(4):
            event_schedules.add_version(
                connection, event_id, {"meetings": [FIRST]}, {"participants": []}
            )
        version = events.event(connection, event_id).version

    def publish(number: int) -> Callable[[Connection], events.Event]:
        return lambda connection: event_schedules.publish(
            connection, event_id, number, version=version
        )

    found = at_once(engine, [publish(number) for number in (1, 2, 3, 4)])
    won = [one for one in found if isinstance(one, events.Event)]
    assert len(won) == 1
    assert all(isinstance(one, StaleVersion) for one in found if one not in won)
    with read(engine) as connection:
        assert events.event(connection, event_id).published == won[0].published


def test_of_many_answers_of_one_side_at_once_one_counts(engine: Engine) -> None:
    with write(engine) as connection:
        event_id = make_event(connection)
        new = [NewSuggestion("i1", "c1", 0.5, "medium")]
        (one,) = event_suggestions.offer(connection, event_id, new, last=timedelta(days=1))

    def say(said: event_suggestions.Answer) -> Callable[[Connection], event_suggestions.Suggestion]:
        return lambda connection: event_suggestions.answer(connection, one, "a", said)

    found = at_once(engine, [say("accepted"), say("declined"), say("accepted")])
    refused = [each for each in found if isinstance(each, Conflict)]
    assert [each.code for each in refused] == ["suggestion.answered"] * 2


def test_two_versions_made_at_once_have_two_numbers(engine: Engine) -> None:
    with write(engine) as connection:
        event_id = make_event(connection)

    def add(connection: Connection) -> int:
        document = {"meetings": [FIRST]}
        return event_schedules.add_version(
            connection, event_id, document, {"participants": []}
        ).number

    assert sorted(map(str, at_once(engine, [add, add, add]))) == ["1", "2", "3"]


@pytest.mark.parametrize(
    "second",
    [
        {"a": "i1", "b": "c2", "slot": "s1", "table": "t2"},
        {"a": "i2", "b": "c2", "slot": "s1", "table": "t1"},
        {"a": "i1", "b": "c1", "slot": "s2", "table": "t1"},
    ],
    ids=["person", "table", "couple"],
)
def test_a_double_booking_is_refused_whole(engine: Engine, second: dict[str, str]) -> None:
    with write(engine) as connection:
        event_id = make_event(connection)
    with pytest.raises(Conflict) as error, write(engine) as connection:
        event_schedules.add_version(
            connection, event_id, {"meetings": [FIRST, second]}, {"participants": []}
        )
    assert error.value.code == "event.double_booking"
    with read(engine) as connection:
        assert event_schedules.versions(connection, event_id) == []


def test_a_suggestion_that_lapsed_takes_no_answer_and_may_be_offered_anew(engine: Engine) -> None:
    with write(engine) as connection:
        event_id = make_event(connection)
        new = [NewSuggestion("i1", "c1", 0.5, "medium")]
        (late,) = event_suggestions.offer(connection, event_id, new, last=-timedelta(seconds=1))
        assert late.standing == "lapsed"
        with pytest.raises(Conflict) as error:
            event_suggestions.answer(connection, late, "b", "accepted")
        assert error.value.code == "suggestion.closed"
        (anew,) = event_suggestions.offer(connection, event_id, new, last=timedelta(days=1))
        assert event_suggestions.offer(connection, event_id, new, last=timedelta(days=1)) == []
        for side in ("a", "b"):
            event_suggestions.answer(connection, anew, side, "accepted")
        assert [one["a"] for one in event_suggestions.agreed_pairs(connection, event_id)] == ["i1"]


def test_who_withdraws_leaves_no_name_behind(engine: Engine) -> None:
    with write(engine) as connection:
        event_id = make_event(connection)
        event_people.set_wish(connection, event_id, "i1", "c1", "want")
        new = [NewSuggestion("i1", "c1", 0.5, "medium")]
        event_suggestions.offer(connection, event_id, new, last=timedelta(days=1))
        document = event_people.event_document(connection, event_id, [])
        event_schedules.add_version(connection, event_id, {"meetings": [FIRST]}, document)
        event_people.withdraw(connection, event_id, "i1")
    with read(engine) as connection:
        assert event_people.wishes(connection, event_id) == {}
        assert event_suggestions.suggestions(connection, event_id) == []
        kept = event_schedules.version_of(connection, event_id, 1)
        assert "Tên i1" not in str(kept)
        with pytest.raises(NotFound):
            event_people.participant(connection, event_id, "i1")


def test_a_veto_keeps_an_agreed_pair_out_of_the_event_file(engine: Engine) -> None:
    with write(engine) as connection:
        event_id = make_event(connection)
        event_people.set_wish(connection, event_id, "c1", "i1", "no_thanks")
        pair = {"a": "i1", "b": "c1", "score": 0.5, "must": False}
        document = event_people.event_document(connection, event_id, [pair])
    assert (document["pairs"], document["vetoes"]) == ([], [["i1", "c1"]])


def test_an_event_changed_meanwhile_is_not_overwritten(engine: Engine) -> None:
    with write(engine) as connection:
        event_id = make_event(connection)
        before = events.event(connection, event_id)
        events.change_event(connection, replace(before, place="Hà Nội"))
        with pytest.raises(StaleVersion):
            events.change_event(connection, replace(before, place="Huế"))
