"""The client: pages, retries, problems, against made-up answers."""

from collections.abc import Callable

import httpx
import pytest

from api.client import ApiProblem, Client

Answer = Callable[[httpx.Request], httpx.Response]


def _client(answer: Answer) -> Client:
    http = httpx.Client(transport=httpx.MockTransport(answer))
    return Client("http://x/", key="ktn_k", language="vi", http=http)


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.client.time.sleep", lambda _: None)


def test_pages_follow_the_cursor() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        second = request.url.params["cursor"] == "n"
        return httpx.Response(
            200, json={"items": [{"n": 2 if second else 1}], "next_cursor": None if second else "n"}
        )

    assert list(_client(answer).calls(limit=1)) == [{"n": 1}, {"n": 2}]


def test_a_busy_service_is_asked_again_with_the_same_key() -> None:
    keys: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        keys.append(request.headers["idempotency-key"])
        if len(keys) == 1:
            return httpx.Response(503, headers={"Retry-After": "1"}, json={})
        if len(keys) == 2:
            raise httpx.ReadError("cut")
        return httpx.Response(201, json={"lead_id": "l"})

    assert _client(answer).create_lead("c", "v") == {"lead_id": "l"}
    assert len(keys) == 3
    assert len(set(keys)) == 1


def test_an_edit_is_not_sent_twice_when_the_line_breaks() -> None:
    count = 0

    def answer(_request: httpx.Request) -> httpx.Response:
        nonlocal count
        count += 1
        raise httpx.ReadError("cut")

    with pytest.raises(httpx.ReadError):
        _client(answer).change_lead({"lead_id": "l", "version": 2}, notes="x")
    assert count == 1


def test_a_refusal_carries_status_code_and_text() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        assert request.headers["authorization"] == "Bearer ktn_k"
        assert request.headers["accept-language"] == "vi"
        return httpx.Response(404, json={"code": "call.not_found", "detail": "Không có"})

    with pytest.raises(ApiProblem, match="Không có") as refused:
        _client(answer).call("x")
    assert (refused.value.status, refused.value.code) == (404, "call.not_found")


def test_an_answer_of_something_between_is_a_problem_too() -> None:
    with pytest.raises(ApiProblem) as refused:
        _client(lambda _: httpx.Response(502, text="<html>")).me()
    assert refused.value.code == "http.502"


def test_a_file_that_cannot_be_read_ends_the_wait() -> None:
    job = {"status": "failed", "error": {"code": "import.format", "detail": "d"}}
    with pytest.raises(ApiProblem, match="d"):
        _client(lambda _: httpx.Response(200, json=job)).wait_for({"import_id": "i"})
