"""What every answer carries: ids, headers, limits, figures, logs without secrets."""

import json
import logging
import time
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from api.edge.logs import JsonFormatter
from data.session import write
from tests.support.service import World, client_of

Client = Callable[[str], TestClient]


def test_every_answer_has_an_id_and_security_headers(as_: Client) -> None:
    for path in ("/health/live", "/api/v1/calls", "/nowhere"):
        answer = as_("staff").get(path, headers={"X-Request-Id": "abc-1"})
        assert answer.headers["x-request-id"] == "abc-1"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert answer.headers["cache-control"] == "no-store"
    odd = as_("staff").get("/health/live", headers={"X-Request-Id": "a b\x7f"})
    assert len(odd.headers["x-request-id"]) == 32


def test_an_unknown_path_and_method_are_problems(as_: Client) -> None:
    client = as_("staff")
    assert client.get("/nowhere").json()["code"] == "path.not_found"
    wrong = client.put("/api/v1/calls")
    assert (wrong.status_code, wrong.json()["code"]) == (405, "method.not_allowed")
    assert wrong.headers["allow"]


def test_limits_are_told_and_kept(world: World) -> None:
    with client_of(world, "staff", KETNOI_RATE="3/day") as client:
        first = client.get("/api/v1/me")
        assert (first.headers["ratelimit-limit"], first.headers["ratelimit-remaining"]) == (
            "3", "2",
        )  # fmt: skip
        statuses = [client.get("/api/v1/me").status_code for _ in range(3)]
        assert statuses == [200, 200, 429]
        other = client.get("/api/v1/me", headers=world.headers("business"))
        assert other.status_code == 200


def test_a_read_does_not_wait_for_whoever_writes(world: World) -> None:
    with client_of(world, "staff") as client:
        database = client.app.state.service.database  # type: ignore[attr-defined]
        with write(database) as connection:
            connection.exec_driver_sql("UPDATE api_key SET last_used_at = NULL")
        with write(database) as connection:
            connection.exec_driver_sql("UPDATE api_key SET name = name || '!'")
            began = time.monotonic()
            assert client.get("/api/v1/me").status_code == 200
            assert time.monotonic() - began < 5


def test_ready_names_the_release_in_use(as_: Client) -> None:
    answer = as_("").get("/health/ready")
    assert answer.status_code == 200
    assert answer.json()["release"].startswith("r-")


def test_without_an_index_reads_work_and_rankings_say_what_to_do(
    world: World, tmp_path_factory: pytest.TempPathFactory
) -> None:
    import shutil

    home = tmp_path_factory.mktemp("bare") / "home"
    shutil.copytree(world.home, home, ignore=shutil.ignore_patterns("releases"))
    with client_of(World(home, world.organisations, world.users, world.keys), "staff") as client:
        assert client.get("/health/ready").json()["problem"] == "engine.no_index"
        assert client.get("/health/ready").status_code == 503
        assert client.get("/api/v1/calls").status_code == 200
        answer = client.get("/api/v1/calls/c1/shortlist")
        assert (answer.status_code, answer.json()["code"]) == (503, "engine.no_index")
        assert answer.headers["retry-after"]


def test_figures_are_for_the_platform_and_name_no_addresses(as_: Client) -> None:
    as_("staff").get("/api/v1/calls/c1")
    assert as_("staff").get("/metrics").status_code == 403
    text = as_("platform").get("/metrics").text
    assert 'operation="get_call",status="200"' in text
    assert "/api/v1" not in text
    assert "ketnoi_release_in_use{" in text


def test_logs_hold_no_secret_and_no_query(
    as_: Client, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        as_("staff").get("/api/v1/investors", params={"name": "bí mật"})
        body = {"email": "staff@example.vn", "password": "một mật khẩu"}
        as_("").post("/api/v1/sessions", json=body)
        as_("staff").post("/api/v1/search", json={"text": "điều riêng tư"})
    own = [record for record in caplog.records if record.name.startswith("ketnoi")]
    lines = [JsonFormatter().format(record) for record in own]
    told = [json.loads(line) for line in lines]
    assert {"list_investors", "sign_in", "search_calls"} <= {
        line["message"].split()[1] for line in told if line["logger"] == "ketnoi.access"
    }
    assert all(line["request_id"] for line in told if line["logger"] == "ketnoi.access")
    for secret in (world.keys["staff"], "bí mật", "một mật khẩu", "riêng tư"):
        assert not any(secret in line for line in lines)


def test_an_unexpected_error_is_a_problem_that_tells_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    with client_of(world, "staff") as client:
        monkeypatch.setattr("api.routes.records.page", broken)
        answer = client.get("/api/v1/calls")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "secret" not in answer.text
    assert answer.headers["x-request-id"] in answer.json()["instance"]
