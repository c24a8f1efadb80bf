"""Requests that no honest client sends: refused with a problem, and the service goes on."""

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from urllib.parse import quote, urlsplit

import httpx
import pytest

from tests.e2e.service.conftest import Live

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("live", ["sqlite"], indirect=True)]

ODD_IDS = (
    "' OR '1'='1", "c1'; DROP TABLE lead;--", "../../etc/passwd", "..%2f..%2fetc", "%00", "\x7f",
    "Ａ１", "e\u0301" * 20, "\u202egnp.exe", "\U0001f600" * 50, "x" * 5000, "-1", "NaN", "${7*7}",
)  # fmt: skip


def _refused(answer: httpx.Response, *statuses: int) -> None:
    assert answer.status_code in statuses, f"{answer.status_code} {answer.text[:300]}"
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"]


def _alive(live: Live) -> None:
    with live.client() as client:
        assert client.get("/health/ready").status_code == 200


def _raw(live: Live, request: bytes, *, wait: float = 20) -> bytes:
    """Send bytes as they are and give what comes back."""
    parts = urlsplit(live.url)
    with socket.create_connection((str(parts.hostname), parts.port or 80), timeout=wait) as line:
        found = b""
        try:
            line.sendall(request)
            while part := line.recv(65536):
                found += part
        except (ConnectionError, TimeoutError):
            pass  # broken off while sending: refused too
        return found


def test_odd_ids_are_not_found_and_change_nothing(live: Live) -> None:
    with live.client("administrator") as client:
        before = client.get("/api/v1/leads").json()
        for odd in ODD_IDS:
            for path in ("calls/{}", "calls/{}/shortlist", "leads/{}", "drafts/{}", "slates/{}"):
                answer = client.get("/api/v1/" + path.format(quote(odd, safe="%")))
                _refused(answer, 400, 404, 422)
        assert client.get("/api/v1/leads").json() == before
        assert client.get("/api/v1/calls/c1").status_code == 200


def test_bodies_that_are_no_json_are_refused(live: Live) -> None:
    kind = {"Content-Type": "application/json"}
    with live.client("administrator") as client:
        for body in (b"", b"{", b"[]", b"null", b'"a"', b"\xff\xfe", b"{" * 5000, b"[" * 100_000):
            _refused(client.post("/api/v1/leads", content=body, headers=kind), 400, 422)
        twice = b'{"call_id":"c1","call_id":"none","investor_id":"v1"}'
        _refused(client.post("/api/v1/leads", content=twice, headers=kind), 404)
        half = b'{"call_id":"c1","investor_id":"v1","notes":"\\ud800"}'
        _refused(client.post("/api/v1/leads", content=half, headers=kind), 400, 422)
        huge = b'{"text":"a","top":1e400}'
        _refused(client.post("/api/v1/search", content=huge, headers=kind), 400, 422)


def test_wrong_content_types_are_refused(live: Live) -> None:
    body = b'{"call_id":"c1","investor_id":"v1"}'
    with live.client("administrator") as client:
        for kind in ("text/plain", "application/xml", "", "multipart/form-data"):
            answer = client.post("/api/v1/leads", content=body, headers={"Content-Type": kind})
            _refused(answer, 400, 415, 422)
        form = {"Content-Type": "multipart/form-data; boundary=x"}
        _refused(client.post("/api/v1/imports", content=b"--x\r\nno", headers=form), 400, 422)


def test_large_bodies_are_refused_whether_told_or_not(live: Live) -> None:
    def parts() -> object:
        for _ in range(40):
            yield b" " * 65536

    with live.client("administrator") as client:
        kind = {"Content-Type": "application/json"}
        for content in (b" " * 1_500_000, parts()):
            try:
                answer = client.post("/api/v1/search", content=content, headers=kind)  # type: ignore[arg-type]
            except httpx.TransportError:
                continue  # broken off before all was sent
            _refused(answer, 413)
        file = {"file": ("big.csv", b"a" * 1_300_000)}
        with suppress(httpx.TransportError):
            _refused(client.post("/api/v1/imports", files=file, data={"kind": "calls"}), 413)
    _alive(live)


def test_large_and_strange_headers_do_no_harm(live: Live) -> None:
    line = b"GET /health/live HTTP/1.1\r\nHost: x\r\n"
    huge = _raw(live, line + b"X-Big: " + b"a" * 10_000_000 + b"\r\n\r\n")
    assert not huge or huge.startswith(b"HTTP/1.1 4")
    many = _raw(live, line + b"".join(b"X-%d: a\r\n" % n for n in range(20_000)) + b"\r\n")
    assert not many or many.startswith(b"HTTP/1.1 ")
    for strange in (
        b"GET http://[ HTTP/1.1\r\n\r\n",
        b"\x00\xff\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
    ):
        answer = _raw(live, strange, wait=3)
        assert b"Traceback" not in answer
    _alive(live)


def test_slow_uploads_hold_nobody_up(live: Live) -> None:
    key = live.world.headers("administrator")["Authorization"].encode()
    head = (
        b"POST /api/v1/imports HTTP/1.1\r\nHost: x\r\nAuthorization: " + key +
        b"\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 90000\r\n\r\n--x\r\n"
    )  # fmt: skip
    parts = urlsplit(live.url)
    with live.client("staff") as client:
        before = client.get("/api/v1/imports").json()["items"]  # other tests may have sent files
    lines = [socket.create_connection((str(parts.hostname), parts.port or 80)) for _ in range(60)]
    try:
        for line in lines:
            line.sendall(head)
        began = time.monotonic()
        with live.client("staff") as client:
            assert client.get("/api/v1/calls/c1").status_code == 200
            assert client.get("/api/v1/imports").json()["items"] == before
        assert time.monotonic() - began < 20
    finally:
        for line in lines:
            line.close()
    _alive(live)


def test_a_revoked_key_and_an_ended_session_open_nothing(live: Live) -> None:
    with live.client("administrator") as client:
        new = {"name": "kurz", "role": "reader", "scopes": ["records:read"]}
        made = client.post("/api/v1/keys", json=new).json()
        bearer = {"Authorization": f"Bearer {made['key']}"}
        assert httpx.get(f"{live.url}/api/v1/calls", headers=bearer).status_code == 200
        assert client.delete(f"/api/v1/keys/{made['key_id']}").is_success
        _refused(httpx.get(f"{live.url}/api/v1/calls", headers=bearer), 401)
    for odd in ("", "ktn_", "ktn_x_y", "ktn_" + "a" * 9000, "' OR 1=1--"):
        headers = {"Authorization": f"Bearer {odd}".strip()}
        _refused(httpx.get(f"{live.url}/api/v1/calls", headers=headers), 401)


def test_a_key_used_for_another_request_is_refused(live: Live) -> None:
    headers = {"Idempotency-Key": "hostile-1"}
    with live.client("administrator") as client:
        first = client.post(
            "/api/v1/leads", json={"call_id": "c1", "investor_id": "v3"}, headers=headers
        )
        assert first.status_code == 201, first.text
        again = client.post(
            "/api/v1/leads", json={"call_id": "c1", "investor_id": "v3"}, headers=headers
        )
        assert (again.json(), again.headers["idempotent-replayed"]) == (first.json(), "true")
        other = {"call_id": "c3", "investor_id": "v3"}
        _refused(client.post("/api/v1/leads", json=other, headers=headers), 409)
    with live.client("neighbour") as client:  # the key is another's: nothing is replayed
        answer = client.post(
            "/api/v1/leads", json={"call_id": "c1", "investor_id": "v3"}, headers=headers
        )
        assert answer.json()["lead_id"] != first.json()["lead_id"]


def test_many_connections_at_once_are_all_answered(live: Live) -> None:
    def one(_: int) -> int:
        with live.client("reader") as client:
            return client.get("/api/v1/calls").status_code

    with ThreadPoolExecutor(40) as pool:
        assert set(pool.map(one, range(80))) == {200}
