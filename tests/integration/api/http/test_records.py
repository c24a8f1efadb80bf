"""Lists by page and single records, by who asks."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from tests.support.service import World

Client = Callable[[str], TestClient]


def _ids(client: TestClient, path: str, key: str, **params: str | int) -> list[str]:
    answer = client.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return [item[key] for item in answer.json()["items"]]


def test_calls_come_in_pages_without_loss(as_: Client) -> None:
    client, seen, cursor = as_("staff"), [], ""
    for _ in range(10):
        page = client.get("/api/v1/calls", params={"limit": 1, "cursor": cursor, "sort": "-title"})
        seen += [item["title"] for item in page.json()["items"]]
        cursor = page.json()["next_cursor"]
        if cursor is None:
            break
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == 5


def test_calls_sorted_by_capital_put_unknown_first(as_: Client) -> None:
    assert _ids(as_("staff"), "/api/v1/calls", "call_id", sort="capital")[-1] == "c1"


def test_calls_filtered(as_: Client) -> None:
    client = as_("staff")
    assert _ids(client, "/api/v1/calls", "call_id", province="40") == ["c2"]
    assert _ids(client, "/api/v1/calls", "call_id", sector="energy", status="open") == ["c1"]


def test_business_sees_open_calls_alone(as_: Client) -> None:
    client = as_("business")
    assert _ids(client, "/api/v1/calls", "call_id") == ["c1", "c2", "c3"]
    assert client.get("/api/v1/calls/p1").status_code == 404
    assert client.get("/api/v1/calls/p1").json()["code"] == "call.not_found"
    assert as_("staff").get("/api/v1/calls/p1").status_code == 200


def test_business_sees_its_own_profile_and_deals_alone(as_: Client) -> None:
    client = as_("business")
    assert _ids(client, "/api/v1/investors", "investor_id") == ["v1"]
    assert _ids(client, "/api/v1/investors", "investor_id", name="cat vang") == []
    assert _ids(client, "/api/v1/deals", "investor_id") == ["v1"]
    assert client.get("/api/v1/investors/v1").json()["aliases"] == ["Sea Wind"]
    unknown, others = (client.get(f"/api/v1/investors/{id_}") for id_ in ("v9", "v2"))
    assert (unknown.status_code, others.status_code) == (404, 404)
    assert others.json()["detail"] == unknown.json()["detail"].replace("v9", "v2")


def test_investors_by_part_of_the_name_without_marks(as_: Client) -> None:
    assert _ids(as_("organiser"), "/api/v1/investors", "investor_id", name="gio") == ["v1", "v3"]


@pytest.mark.parametrize("cursor", ["x", "bm9uZQ", "WyIiLDFd", "é"])
def test_a_foreign_cursor_is_refused(as_: Client, cursor: str) -> None:
    answer = as_("staff").get("/api/v1/calls", params={"cursor": cursor})
    assert answer.status_code == 400
    assert answer.json()["code"] == "page.cursor"
    assert answer.headers["content-type"] == "application/problem+json"


def test_reference_data(as_: Client) -> None:
    client = as_("reader")
    assert len(client.get("/api/v1/provinces").json()["items"]) == 34
    assert "energy" in _ids(client, "/api/v1/sectors", "code")
    assert client.get("/api/v1/parks").json()["items"]
    assert client.get("/api/v1/programmes").json() == {"items": [], "next_cursor": None}
    assert client.get("/api/v1/programmes/none").status_code == 404


def test_a_problem_speaks_the_language_asked_for(as_: Client) -> None:
    client = as_("staff")
    vi = client.get("/api/v1/calls/x", headers={"Accept-Language": "vi-VN, en;q=0.5"})
    en = client.get("/api/v1/calls/x")
    assert vi.json()["detail"].startswith("Không có dự án kêu gọi 'x'")
    assert en.json()["detail"].startswith("There is no call 'x'")
    assert vi.json()["code"] == en.json()["code"] == "call.not_found"
    assert (vi.headers["content-language"], en.headers["content-language"]) == ("vi", "en")


def test_an_invalid_query_names_each_fault(as_: Client) -> None:
    answer = as_("staff").get("/api/v1/calls", params={"limit": 0, "sort": "colour"})
    assert answer.status_code == 422
    assert {each["where"] for each in answer.json()["errors"]} == {"query.limit", "query.sort"}


def test_a_call_is_changed_by_its_own_centre_on_the_version_read(as_: Client) -> None:
    client = as_("staff")
    tag = client.get("/api/v1/calls/c3").headers["etag"]
    change = {"description": "Cảng nước sâu"}
    missing = client.patch("/api/v1/calls/c3", json=change)
    assert (missing.status_code, missing.json()["code"]) == (428, "version.missing")
    done = client.patch("/api/v1/calls/c3", json=change, headers={"If-Match": tag})
    assert (done.status_code, done.json()["description"]) == (200, "Cảng nước sâu")
    stale = client.patch("/api/v1/calls/c3", json=change, headers={"If-Match": tag})
    assert (stale.status_code, stale.json()["code"]) == (412, "version.stale")
    assert done.headers["etag"] == client.get("/api/v1/calls/c3").headers["etag"]


@pytest.mark.parametrize(
    ("who", "code"), [("neighbour", "call.not_yours"), ("reader", "auth.role")]
)
def test_a_call_is_not_changed_by_others(as_: Client, who: str, code: str) -> None:
    headers = {"If-Match": as_("staff").get("/api/v1/calls/c1").headers["etag"]}
    answer = as_(who).patch("/api/v1/calls/c1", json={"status": "closed"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, code)


def test_a_date_that_is_none_is_refused(as_: Client) -> None:
    client = as_("platform")
    headers = {"If-Match": client.get("/api/v1/calls/c1").headers["etag"]}
    answer = client.patch("/api/v1/calls/c1", json={"closes_on": "2026-02-31"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "call.date")


def test_strangers_get_nothing(as_: Client, world: World) -> None:
    stranger = as_("")
    assert stranger.get("/api/v1/calls").json()["code"] == "auth.missing"
    broken = {"Authorization": world.headers("staff")["Authorization"][:-1]}
    answer = stranger.get("/api/v1/calls", headers=broken)
    assert (answer.status_code, answer.json()["code"]) == (401, "auth.invalid")
