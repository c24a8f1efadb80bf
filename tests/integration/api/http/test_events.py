"""Events over HTTP: from registering to publishing, the day itself, and two at once."""

import io
import json
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import icalendar
import pytest
from fastapi.testclient import TestClient

from api.settings import load_settings
from api.work.webhooks import HEADER, verify
from data import event_schedules, feedback
from data.session import connect, read, write
from data.store import Conflict
from tests.support.events_http import (
    CONSENT,
    EVENT,
    SCORES,
    agree,
    made,
    new_event,
    published,
    solve,
    work,
)
from tests.support.service import World

Client = Callable[[str], TestClient]


def test_nobody_is_registered_without_consent(as_: Client) -> None:
    client = as_("organiser")
    event_id = made(client.post("/api/v1/events", json=EVENT))["event_id"]
    body = {"participant_id": "i1", "side": "a", **CONSENT, "consent_text": " "}
    answer = client.post(f"/api/v1/events/{event_id}/participants", json=body)
    assert answer.status_code == 422


def test_suggestions_come_from_the_matcher_with_bands_and_without_scores(as_: Client) -> None:
    client = as_("organiser")
    event_id = new_event(client)
    found = made(client.post(f"/api/v1/events/{event_id}/suggestions", json={}))["items"]
    assert {(one["a"], one["b"]) for one in found} <= {
        ("i1", "c1"), ("i1", "c2"), ("i2", "c1"), ("i2", "c2")
    }  # fmt: skip
    assert found
    assert "score" not in found[0]
    assert {one["band"] for one in found} <= {"high", "medium", "low"}


def test_no_thanks_keeps_a_pair_apart(as_: Client) -> None:
    client = as_("organiser")
    event_id = new_event(client)
    wish = {"by": "c1", "of": "i1", "wish": "no_thanks"}
    made(client.put(f"/api/v1/events/{event_id}/wishes", json=wish), 200)
    must = {"by": "i1", "of": "c1", "wish": "must"}
    made(client.put(f"/api/v1/events/{event_id}/wishes", json=must), 200)
    body = {"scores": SCORES}
    found = made(client.post(f"/api/v1/events/{event_id}/suggestions", json=body))["items"]
    assert ("i1", "c1") not in {(one["a"], one["b"]) for one in found}


def test_only_pairs_that_both_accepted_are_scheduled(as_: Client, world: World) -> None:
    client = as_("organiser")
    event_id = new_event(client)
    where = f"/api/v1/events/{event_id}/suggestions"
    first, second, *_ = made(client.post(where, json={"scores": SCORES}))["items"]
    for side in "ab":
        body = {"side": side, "answer": "accepted"}
        made(client.post(f"{where}/{first['suggestion_id']}/answers", json=body), 200)
    body = {"side": "a", "answer": "accepted"}
    made(client.post(f"{where}/{second['suggestion_id']}/answers", json=body), 200)
    result = solve(client, world, event_id)
    assert (result["status"], result["result"]["meetings"]) == ("done", 1)


def test_publish_check_in_and_solve_again(as_: Client, world: World) -> None:
    client = as_("organiser")
    event_id = published(client, world)
    base = f"/api/v1/events/{event_id}"
    meetings = made(client.get(f"{base}/meetings"), 200)["items"]
    assert len(meetings) == 4
    one = meetings[0]
    where = f"{base}/meetings/{one['a']}/{one['b']}"
    made(client.put(f"{where}/status", json={"status": "held"}), 200)
    assert client.put(f"{where}/status", json={"status": "no_show"}).status_code == 409
    made(client.put(f"{where}/outcome", json={"days": 30, "outcome": "mou"}), 200)
    person = client.get(f"{base}/participants/i2")
    gone = {"max_meetings": 0}
    tag = {"If-Match": person.headers["ETag"]}
    made(client.patch(f"{base}/participants/i2", json=gone, headers=tag), 200)
    again = solve(client, world, event_id, keep=True)
    assert again["number"] == 2
    version = made(client.get(f"{base}/versions/2"), 200)
    cancelled = [each for each in version["changes"] if each["change"] == "cancelled"]
    lost = {(each["a"], each["b"]) for each in meetings if each["a"] == "i2"}
    assert {(each["a"], each["b"]) for each in cancelled} == lost - {(one["a"], one["b"])}
    assert {each["status"] for each in version["document"]["meetings"] if "status" in each} == {
        "held"
    }
    frozen = made(client.get(f"{base}/versions/1"), 200)
    assert len(frozen["document"]["meetings"]) == 4
    for name, head in (("xlsx", b"PK"), ("people", b"%PDF"), ("json", b"{")):
        sheet = client.get(f"{base}/versions/2/export", params={"format": name})
        assert sheet.content.startswith(head)
    calendars = client.get(f"{base}/versions/2/export", params={"format": "ics"}).content
    with zipfile.ZipFile(io.BytesIO(calendars)) as bundle:
        gone = icalendar.Calendar.from_ical(bundle.read("i2.ics"))
    assert {str(each["STATUS"]) for each in gone.walk("VEVENT")} == {"CANCELLED"}


def test_a_meeting_held_reaches_the_pipeline_and_training(as_: Client, world: World) -> None:
    client = as_("administrator")
    event_id = published(client, world)
    where = f"/api/v1/events/{event_id}/meetings/i1/c1"
    made(client.put(f"{where}/status", json={"status": "held"}), 200)
    made(client.put(f"{where}/outcome", json={"days": 90, "outcome": "site_visit"}), 200)
    found = made(client.get("/api/v1/leads", params={"investor_id": "v1", "call_id": "c1"}), 200)
    assert [lead["stage"] for lead in found["items"]] == ["site_visit"]
    settings = load_settings({"KETNOI_HOME": str(world.home)})
    database = connect(settings.database_url)
    with read(database) as connection:
        told = feedback.signals(connection)
    database.dispose()
    assert ("v1", "c1", "site_visit") in {(s.investor_id, s.call_id, s.stage) for s in told}


def test_events_changed_since(as_: Client) -> None:
    client = as_("organiser")
    new_event(client)
    time.sleep(0.01)
    later = new_event(client)
    changed = client.get(f"/api/v1/events/{later}").json()["created_at"]
    query = {"last_modified_from": changed, "limit": 200}
    found = made(client.get("/api/v1/events", params=query), 200)["items"]
    assert [one["event_id"] for one in found] == [later]


def test_of_two_who_publish_at_once_one_wins(as_: Client, world: World) -> None:
    client = as_("organiser")
    event_id = new_event(client)
    agree(client, event_id)
    numbers = [solve(client, world, event_id)["number"] for _ in range(2)]
    tag = client.get(f"/api/v1/events/{event_id}").headers["ETag"]
    ready = threading.Barrier(2)

    def publish(number: int) -> int:
        ready.wait()
        where = f"/api/v1/events/{event_id}/versions/{number}/publish"
        return int(client.post(where, headers={"If-Match": tag}).status_code)

    with ThreadPoolExecutor(2) as pool:
        statuses = sorted(pool.map(publish, numbers))
    assert statuses == [200, 412]


def test_of_two_answers_of_one_side_at_once_one_counts(as_: Client) -> None:
    client = as_("organiser")
    event_id = new_event(client)
    where = f"/api/v1/events/{event_id}/suggestions"
    one = made(client.post(where, json={"scores": SCORES}))["items"][0]
    ready = threading.Barrier(2)

    def answer(said: str) -> int:
        ready.wait()
        body = {"side": "a", "answer": said}
        return int(client.post(f"{where}/{one['suggestion_id']}/answers", json=body).status_code)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(answer, ("accepted", "declined"))) == [200, 409]


@pytest.mark.parametrize(
    "second",
    [
        {"a": "i1", "b": "c2", "slot": "s7", "table": "t2"},
        {"a": "i2", "b": "c2", "slot": "s7", "table": "t1"},
        {"a": "i1", "b": "c1", "slot": "s8", "table": "t1"},
    ],
    ids=["person", "table", "couple"],
)
def test_the_database_refuses_a_double_booking(
    as_: Client, world: World, second: dict[str, str]
) -> None:
    event_id = new_event(as_("organiser"))
    first = {"a": "i1", "b": "c1", "slot": "s7", "table": "t1"}
    document = {"meetings": [first, second]}
    settings = load_settings({"KETNOI_HOME": str(world.home)})
    database = connect(settings.database_url)
    with pytest.raises(Conflict, match=r"taken|meets already"), write(database) as connection:
        event_schedules.add_version(connection, event_id, document, {"participants": []})
    with read(database) as connection:
        assert event_schedules.versions(connection, event_id) == []
    database.dispose()


def test_a_solve_that_was_cancelled_keeps_nothing(as_: Client, world: World) -> None:
    client = as_("organiser")
    event_id = new_event(client)
    agree(client, event_id)
    where = f"/api/v1/events/{event_id}/solves"
    job = made(client.post(where, json={"seconds": 5}), 202)["job_id"]
    assert made(client.post(f"{where}/{job}/cancel"), 200)["status"] == "cancelled"
    work(world)
    assert made(client.get(f"/api/v1/events/{event_id}/versions"), 200)["items"] == []


@pytest.fixture
def listener() -> Iterator[tuple[str, list[tuple[str, bytes]]]]:
    """An address that keeps what it is sent, and the list of it; it fails the first time."""
    heard: list[tuple[str, bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heard.append((self.headers[HEADER], body))
            self.send_response(500 if len(heard) == 1 else 204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/hook", heard
    server.shutdown()
    server.server_close()


def test_webhooks_are_signed_and_tried_again(
    as_: Client,
    world: World,
    listener: tuple[str, list[tuple[str, bytes]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url, heard = listener
    client = as_("organiser")
    hook = made(client.post("/api/v1/webhooks", json={"url": url, "topics": ["event.created"]}))
    event_id = made(client.post("/api/v1/events", json=EVENT))["event_id"]
    monkeypatch.setattr("data.jobs.WAIT", timedelta())
    work(world, KETNOI_WEBHOOKS_PRIVATE="1")
    assert len(heard) == 2
    for header, body in heard:
        assert verify(hook["secret"], header, body, now=int(time.time()))
        assert not verify("another", header, body, now=int(time.time()))
        assert not verify(hook["secret"], header, body + b" ", now=int(time.time()))
        assert not verify(hook["secret"], header, body, now=int(time.time()) + 1000)
    first, second = (json.loads(body) for _, body in heard)
    assert first["id"] == second["id"]
    assert (first["topic"], first["event_id"]) == ("event.created", event_id)
    made_hooks = client.get("/api/v1/webhooks")
    assert hook["secret"] not in made_hooks.text
    assert client.delete(f"/api/v1/webhooks/{hook['webhook_id']}").status_code == 204


def test_webhooks_do_not_reach_inside_the_network(
    as_: Client, world: World, listener: tuple[str, list[tuple[str, bytes]]]
) -> None:
    url, heard = listener
    client = as_("organiser")
    hook = made(client.post("/api/v1/webhooks", json={"url": url, "topics": ["event.created"]}))
    made(client.post("/api/v1/events", json=EVENT))
    work(world)
    client.delete(f"/api/v1/webhooks/{hook['webhook_id']}")
    assert heard == []
