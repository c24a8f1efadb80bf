"""Schedules over HTTP: meetings that are set, events that cannot be solved, a solve stopped."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from matcher.events.control import Control
from matcher.events.event import Event
from matcher.events.schedule import Schedule
from matcher.events.schedule_event import schedule_event
from tests.support.events_http import EVENT, agree, made, new_event, solve, work
from tests.support.service import World

Client = Callable[[str], TestClient]


def change(client: TestClient, event_id: str, **values: Any) -> Any:
    where = f"/api/v1/events/{event_id}"
    tag = {"If-Match": client.get(where).headers["ETag"]}
    return client.patch(where, json=values, headers=tag)


def test_a_fixed_meeting_takes_place_where_it_was_set(as_: Client, world: World) -> None:
    client = as_("organiser")
    event_id = new_event(client)
    agree(client, event_id)
    fixed = {"a": "i2", "b": "c1", "slot_id": "s9", "table_id": "t2"}
    kept = made(change(client, event_id, fixed=[fixed]), 200)["fixed"]
    assert kept == [{**fixed, "interpreter_id": None}]
    number = solve(client, world, event_id)["number"]
    version = made(client.get(f"/api/v1/events/{event_id}/versions/{number}"), 200)
    held = [m for m in version["document"]["meetings"] if (m["a"], m["b"]) == ("i2", "c1")]
    assert [(m["slot"], m["table"]) for m in held] == [("s9", "t2")]


def test_a_fixed_meeting_needs_both_to_agree(as_: Client, world: World) -> None:
    client = as_("organiser")
    event_id = new_event(client)
    made(change(client, event_id, fixed=[{"a": "i1", "b": "c1", "slot_id": "s7"}]), 200)
    result = solve(client, world, event_id)["result"]
    assert (result["status"], result["number"]) == ("infeasible", None)
    assert [fault["place"] for fault in result["unmet"]] == ["fixed[0]"]


def test_who_withdraws_leaves_no_fixed_meeting(as_: Client) -> None:
    client = as_("organiser")
    event_id = new_event(client)
    made(change(client, event_id, fixed=[{"a": "i1", "b": "c1", "slot_id": "s7"}]), 200)
    assert client.delete(f"/api/v1/events/{event_id}/participants/c1").status_code == 204
    assert made(client.get(f"/api/v1/events/{event_id}"), 200)["fixed"] == []


@pytest.mark.parametrize(
    "wrong", [{"slot_id": "s1"}, {"table_id": "t9"}, {"interpreter_id": "k1"}], ids=str
)
def test_a_fixed_meeting_names_what_the_event_has(as_: Client, wrong: dict[str, str]) -> None:
    fixed = [{"a": "i1", "b": "c1", "slot_id": "s7", **wrong}]
    answer = as_("organiser").post("/api/v1/events", json={**EVENT, "fixed": fixed})
    assert (answer.status_code, answer.json()["code"]) == (422, "event.fixed")


def test_an_event_that_cannot_be_solved_says_where_in_both_languages(as_: Client) -> None:
    client = as_("organiser")
    event_id = new_event(client)
    made(change(client, event_id, tables=[{"table_id": "t1", "owner": "nobody"}]), 200)
    where = f"/api/v1/events/{event_id}/solves"
    said = {
        language: client.post(where, json={}, headers={"Accept-Language": language})
        for language in ("vi", "en")
    }
    assert {each.status_code for each in said.values()} == {422}
    assert {language: each.json()["errors"] for language, each in said.items()} == {
        "vi": [
            {"where": "tables[0].owner", "why": "'nobody' không phải mã của người tham gia nào"}
        ],
        "en": [{"where": "tables[0].owner", "why": "'nobody' is not a participant's id"}],
    }


def test_a_solve_under_way_is_stopped_and_keeps_nothing(
    as_: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = threading.Event()

    def slow(event: Event, control: Control, **rest: Any) -> Schedule:
        begun.set()
        while not control.stopped:
            time.sleep(0.01)
        return schedule_event(event, control, **rest)

    monkeypatch.setattr("matcher.events.schedule_event.schedule_event", slow)
    client = as_("organiser")
    event_id = new_event(client)
    agree(client, event_id)
    where = f"/api/v1/events/{event_id}/solves"
    job = made(client.post(where, json={"seconds": 60}), 202)["job_id"]
    worker = threading.Thread(target=work, args=(world,))
    worker.start()
    assert begun.wait(30)
    assert made(client.get(f"{where}/{job}"), 200)["status"] == "running"
    assert made(client.post(f"{where}/{job}/cancel"), 200)["status"] == "cancelled"
    worker.join(30)
    assert not worker.is_alive()
    assert made(client.get(f"{where}/{job}"), 200)["status"] == "cancelled"
    assert made(client.get(f"/api/v1/events/{event_id}/versions"), 200)["items"] == []
