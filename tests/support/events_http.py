"""An event over HTTP, step by step, for tests: made, agreed, solved, published."""

from typing import Any

from fastapi.testclient import TestClient

from api.settings import load_settings
from api.work.worker import Worker
from data.session import connect
from tests.support.service import World

SLOTS = [
    {
        "slot_id": f"s{n}",
        "starts_at": f"2026-12-05T0{n}:00:00+07:00",
        "ends_at": f"2026-12-05T0{n}:20:00+07:00",
    }
    for n in (7, 8, 9)
]
EVENT = {
    "name": "Hội nghị bịa",
    "slots": SLOTS,
    "tables": [{"table_id": "t1"}, {"table_id": "t2"}],
}
CONSENT = {"consent_text": "Đồng ý sắp lịch gặp", "consented_on": "2026-11-01"}
PEOPLE = [("i1", "a", "v1"), ("i2", "a", "v2"), ("c1", "b", "c1"), ("c2", "b", "c2")]
SCORES = [{"a": a, "b": b, "for_a": 0.8, "for_b": 0.6} for a in ("i1", "i2") for b in ("c1", "c2")]


def made(answer: Any, status: int = 201) -> Any:
    assert answer.status_code == status, answer.text
    return answer.json()


def new_event(client: TestClient) -> str:
    event_id = str(made(client.post("/api/v1/events", json=EVENT))["event_id"])
    for name, side, party in PEOPLE:
        body = {"participant_id": name, "side": side, "party_id": party, **CONSENT}
        made(client.post(f"/api/v1/events/{event_id}/participants", json=body))
    return event_id


def agree(client: TestClient, event_id: str) -> None:
    body = {"scores": SCORES}
    for one in made(client.post(f"/api/v1/events/{event_id}/suggestions", json=body))["items"]:
        where = f"/api/v1/events/{event_id}/suggestions/{one['suggestion_id']}/answers"
        for side in "ab":
            made(client.post(where, json={"side": side, "answer": "accepted"}), 200)


def solve(client: TestClient, world: World, event_id: str, **wish: Any) -> Any:
    where = f"/api/v1/events/{event_id}/solves"
    job = made(client.post(where, json={"seconds": 5, **wish}), 202)
    work(world)
    return made(client.get(f"{where}/{job['job_id']}"), 200)


def work(world: World, **environ: str) -> None:
    """Do all jobs that are due."""
    settings = load_settings(
        {"KETNOI_HOME": str(world.home), "KETNOI_ENCODER": "hashing", **environ}
    )
    database = connect(settings.database_url)
    while Worker(settings, database).step():
        pass
    database.dispose()


def published(client: TestClient, world: World) -> str:
    event_id = new_event(client)
    agree(client, event_id)
    number = solve(client, world, event_id)["number"]
    tag = client.get(f"/api/v1/events/{event_id}").headers["ETag"]
    where = f"/api/v1/events/{event_id}/versions/{number}/publish"
    made(client.post(where, headers={"If-Match": tag}), 200)
    return event_id
