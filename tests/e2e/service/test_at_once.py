"""Several people do the same thing at the same moment: one wins, the others are told."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.e2e.service.conftest import Live

pytestmark = pytest.mark.slow

PEOPLE = 8
HEAD = "call_id,title,sector,province,status\n"
PERSON = {
    "party_kind": "investor", "party_id": "v1", "phone": "0912000111", "purpose": "mời họp",
    "consent_text": "đồng ý", "consented_on": "2026-11-01", "source": "danh thiếp",
    "expires_on": "2030-11-01",
}  # fmt: skip


def _at_once(
    live: Live, ask: Callable[[httpx.Client, int], httpx.Response]
) -> list[httpx.Response]:
    """Each of `PEOPLE` asks on a connection of its own, all let go together."""
    start = threading.Barrier(PEOPLE)

    def one(number: int) -> httpx.Response:
        with live.client(("administrator", "staff")[number % 2]) as client:
            client.get("/health/live")  # the connection is open before the start
            start.wait()
            return ask(client, number)

    with ThreadPoolExecutor(PEOPLE) as pool:
        return list(pool.map(one, range(PEOPLE)))


def _told(answers: list[httpx.Response]) -> Counter[tuple[int, str]]:
    """How often each status came, with the code of what was refused."""
    return Counter((each.status_code, each.json().get("code", "")) for each in answers)


def _draft(live: Live, call_id: str) -> tuple[str, str]:
    """The id and the ETag of a new draft with one call."""
    with live.client("staff") as client:
        content = f"{HEAD}{call_id},Cảng {call_id},Năng lượng,Thanh Hóa,open\n".encode()
        file = {"file": (f"{call_id}.csv", content)}
        sent = client.post("/api/v1/imports", files=file, data={"kind": "calls"})
        assert sent.status_code == 202, sent.text
        live.work()
        draft_id = client.get(f"/api/v1/imports/{sent.json()['import_id']}").json()["draft_id"]
        return draft_id, client.get(f"/api/v1/drafts/{draft_id}").headers["etag"]


def test_a_pair_is_followed_up_once(live: Live) -> None:
    body = {"call_id": "c1", "investor_id": "v2"}
    answers = _at_once(live, lambda client, _: client.post("/api/v1/leads", json=body))
    assert _told(answers) == {(201, ""): 1, (409, "lead.exists"): PEOPLE - 1}


def test_of_edits_of_one_version_one_wins(live: Live) -> None:
    with live.client("staff") as client:
        body = {"call_id": "c3", "investor_id": "v2"}
        lead_id = client.post("/api/v1/leads", json=body).json()["lead_id"]
        path = f"/api/v1/leads/{lead_id}"
        answers = _at_once(
            live,
            lambda http, number: http.patch(
                path, json={"notes": f"of {number}"}, headers={"If-Match": '"1"'}
            ),
        )
        assert _told(answers) == {(200, ""): 1, (412, "version.stale"): PEOPLE - 1}
        winner = next(each.json() for each in answers if each.status_code == 200)
        assert client.get(path).json() == winner
        assert len(client.get(f"{path}/events").json()["items"]) == 2


def test_a_call_is_changed_by_one(live: Live) -> None:
    with live.client("staff") as client:
        tag = client.get("/api/v1/calls/c3").headers["etag"]
    answers = _at_once(
        live,
        lambda http, number: http.patch(
            "/api/v1/calls/c3", json={"title": f"Cảng {number}"}, headers={"If-Match": tag}
        ),
    )
    assert _told(answers) == {(200, ""): 1, (412, "version.stale"): PEOPLE - 1}
    winner = next(each.json() for each in answers if each.status_code == 200)
    with live.client("staff") as client:
        assert client.get("/api/v1/calls/c3").json()["title"] == winner["title"]


def test_a_draft_is_confirmed_once(live: Live) -> None:
    draft_id, tag = _draft(live, "once1")
    path = f"/api/v1/drafts/{draft_id}/confirm"
    answers = _at_once(live, lambda http, _: http.post(path, json={}, headers={"If-Match": tag}))
    statuses = Counter(each.status_code for each in answers)
    assert statuses[200] == 1, _told(answers)
    refused = [each.text for each in answers if each.status_code >= 500]
    assert not refused
    assert set(statuses) <= {200, 409, 412}, _told(answers)
    assert next(each.json()["new"] for each in answers if each.status_code == 200) == 1


def test_a_draft_is_confirmed_or_given_up_but_not_both(live: Live) -> None:
    draft_id, tag = _draft(live, "once2")
    words = ("confirm", "discard")
    answers = _at_once(
        live,
        lambda http, number: http.post(
            f"/api/v1/drafts/{draft_id}/{words[number % 2]}",
            json={} if number % 2 == 0 else None,
            headers={"If-Match": tag},
        ),
    )
    assert sum(each.status_code == 200 for each in answers) == 1, _told(answers)
    won = words[next(n for n, each in enumerate(answers) if each.status_code == 200) % 2]
    with live.client("staff") as client:
        found = client.get(f"/api/v1/drafts/{draft_id}").json()["status"]
        there = client.get("/api/v1/calls/once2").status_code
    assert (found, there) == {"confirm": ("confirmed", 200), "discard": ("discarded", 404)}[won]


def test_one_idempotency_key_makes_one_thing(live: Live) -> None:
    body = {**PERSON, "name": "Chỉ Một"}
    with live.client("staff") as one:
        headers = {**one.headers, "Idempotency-Key": "the-one"}
    answers = _at_once(
        live, lambda http, _: http.post("/api/v1/contacts", json=body, headers=headers)
    )
    assert {each.status_code for each in answers} <= {201, 409}, _told(answers)
    made = {each.json()["contact_id"] for each in answers if each.status_code == 201}
    assert len(made) == 1
    with live.client("staff") as client:
        listed = client.get("/api/v1/contacts", params={"limit": 200}).json()["items"]
        assert [each["contact_id"] for each in listed if each["name"] == "Chỉ Một"] == [*made]
