"""The service on PostgreSQL as on SQLite: lists, ledger, creates once, edits at once, imports."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.settings import load_settings
from api.work.worker import Worker
from data.ledger import verify_ledger
from data.session import open_engine, read
from tests.support.databases import new_database, postgres_server
from tests.support.service import World, client_of, make_world

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with postgres_server() as server:
        yield new_database(server)


@pytest.fixture(scope="module")
def world(url: str, tmp_path_factory: pytest.TempPathFactory) -> World:
    return make_world(tmp_path_factory.mktemp("pg") / "home", url=url)


@pytest.fixture(scope="module")
def client(world: World, url: str) -> Iterator[TestClient]:
    with client_of(world, "administrator", KETNOI_DATABASE_URL=url) as running:
        yield running


def test_lists_are_sorted_filtered_and_paged_alike(client: TestClient) -> None:
    for sort in ("title", "-capital", "land", "-published_on", "province"):
        seen: list[str] = []
        cursor: str | None = ""
        while cursor is not None:
            params = {"sort": sort, "limit": 2, "cursor": cursor}
            page = client.get("/api/v1/calls", params=params).json()
            seen += [item["call_id"] for item in page["items"]]
            cursor = page["next_cursor"]
        assert sorted(seen) == ["c1", "c2", "c3", "p1", "p2"], sort
    energy = client.get("/api/v1/calls", params={"sector": "energy", "status": "open"}).json()
    assert [item["call_id"] for item in energy["items"]] == ["c1"]
    named = client.get("/api/v1/investors", params={"name": "gio b"}).json()["items"]
    assert [item["investor_id"] for item in named] == ["v1"]


def test_a_business_sees_what_invites_today(world: World, client: TestClient) -> None:
    found = client.get("/api/v1/calls", headers=world.headers("business")).json()["items"]
    assert [item["call_id"] for item in found] == ["c1", "c2", "c3"]


def test_many_showings_at_once_keep_the_ledger_whole(client: TestClient, url: str) -> None:
    def ask(number: int) -> int:
        return client.get(f"/api/v1/calls/c{number % 3 + 1}/shortlist").status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(ask, range(40))) == {200}
    database = open_engine(url)
    with read(database) as connection:
        found = verify_ledger(connection)
    database.dispose()
    assert (found.whole, found.slates >= 40) == (True, True)


def test_of_twins_at_once_one_is_made_and_none_fails_otherwise(client: TestClient) -> None:
    body, headers = {"call_id": "c1", "investor_id": "v1"}, {"Idempotency-Key": "twin"}

    def make(_: int) -> tuple[int, str]:
        answer = client.post("/api/v1/leads", json=body, headers=headers)
        return answer.status_code, answer.json().get("lead_id", answer.json().get("code"))

    with ThreadPoolExecutor(6) as pool:
        answers = set(pool.map(make, range(6)))
    made = {lead_id for status, lead_id in answers if status == 201}
    assert len(made) == 1
    assert answers - {(201, next(iter(made)))} <= {(409, "idempotency.at_once")}


def test_of_editors_at_once_one_wins(client: TestClient) -> None:
    made = client.post("/api/v1/leads", json={"call_id": "c2", "investor_id": "v2"})
    path, headers = made.headers["location"], {"If-Match": made.headers["etag"]}

    def edit(number: int) -> int:
        return client.patch(path, json={"notes": str(number)}, headers=headers).status_code

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(edit, range(6))) == [200] + [412] * 5


def test_a_file_goes_in(client: TestClient, world: World, url: str, tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text(
        "call_id,title,sector,province,status\nn1,Cảng Lễ Môn,Logistics,Thanh Hóa,open\n",
        encoding="utf-8",
    )
    files = {"file": (path.name, path.read_bytes())}
    sent = client.post("/api/v1/imports", files=files, data={"kind": "calls"})
    settings = load_settings(
        {
            "KETNOI_HOME": str(world.home),
            "KETNOI_ENCODER": "hashing",
            "KETNOI_DATABASE_URL": url,
        }
    )
    database = open_engine(url)
    assert Worker(settings, database).step()
    draft_id = client.get(sent.headers["location"]).json()["draft_id"]
    tag = client.get(f"/api/v1/drafts/{draft_id}").headers["etag"]

    def confirm(_: int) -> int:
        headers = {"If-Match": tag}
        path = f"/api/v1/drafts/{draft_id}/confirm"
        return client.post(path, json={}, headers=headers).status_code

    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(pool.map(confirm, range(4)))
    assert statuses[0] == 200
    assert set(statuses[1:]) <= {409, 412}
    while Worker(settings, database).step():
        pass
    database.dispose()
    assert client.get("/api/v1/calls/n1").status_code == 200
