"""Signing in through a provider, against a made-up one that answers in this process."""

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi.testclient import TestClient
from joserfc import jwk, jwt

from api.edge.provider import challenge
from tests.support.service import World, client_of

ISSUER = "https://id.example.vn"
KEY = jwk.ECKey.generate_key("P-256", {"kid": "one"})
OTHER = jwk.ECKey.generate_key("P-256", {"kid": "one"})


class FakeProvider:
    """Answers as a provider does; what it says of the person can be set."""

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {"email": "Staff@Example.vn", "email_verified": True}
        self.key, self.asked = KEY, dict[str, str]()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("openid-configuration"):
            return httpx.Response(200, json={
                "issuer": ISSUER, "authorization_endpoint": f"{ISSUER}/auth",
                "token_endpoint": f"{ISSUER}/token", "jwks_uri": f"{ISSUER}/keys",
            })  # fmt: skip
        if request.url.path == "/keys":
            return httpx.Response(200, json={"keys": [KEY.as_dict(private=False)]})
        form = {name: found[0] for name, found in parse_qs(request.content.decode()).items()}
        if challenge(form["code_verifier"]) != self.asked["code_challenge"]:
            return httpx.Response(400, json={"error": "invalid_grant"})
        claims = {
            "iss": ISSUER, "aud": "ketnoi", "exp": int(time.time()) + 60,
            "nonce": self.asked["nonce"], **self.claims,
        }  # fmt: skip
        token = jwt.encode({"alg": "ES256", "kid": "one"}, claims, self.key)
        return httpx.Response(200, json={"id_token": token, "access_token": "x"})


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> FakeProvider:
    fake = FakeProvider()
    http = httpx.Client(transport=httpx.MockTransport(fake))
    monkeypatch.setattr("api.edge.provider.httpx.Client", lambda **_: http)
    return fake


@pytest.fixture(scope="module")
def running(world: World) -> Iterator[TestClient]:
    environ = {
        "KETNOI_OIDC_ISSUER": ISSUER,
        "KETNOI_OIDC_CLIENT_ID": "ketnoi",
        "KETNOI_OIDC_CLIENT_SECRET": "s",
        "KETNOI_PUBLIC_URL": "http://testserver",
    }
    with client_of(world, **environ) as client:
        yield client


@pytest.fixture
def browser(running: TestClient) -> TestClient:
    return TestClient(running.app, follow_redirects=False)


def _go(browser: TestClient, provider: FakeProvider, **changed: str) -> Any:
    there = browser.get("/api/v1/sessions/provider")
    assert there.status_code == 307, there.text
    query = parse_qs(urlsplit(there.headers["location"]).query)
    provider.asked = {name: found[0] for name, found in query.items()}
    params = {"code": "c", "state": provider.asked["state"], **changed}
    return browser.get("/api/v1/sessions/provider/callback", params=params)


def test_who_has_an_account_comes_in(browser: TestClient, provider: FakeProvider) -> None:
    back = _go(browser, provider)
    assert back.status_code == 200, back.text
    assert provider.asked["redirect_uri"] == "http://testserver/api/v1/sessions/provider/callback"
    assert browser.get("/api/v1/me").json()["user"]["email"] == "staff@example.vn"


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "nobody@example.vn"},
        {"email_verified": False},
        {"aud": "another"},
        {"iss": "https://other.example"},
        {"exp": 1},
        {"nonce": "another"},
    ],
    ids=str,
)
def test_who_is_not_proven_or_unknown_does_not(
    browser: TestClient, provider: FakeProvider, claims: dict[str, Any]
) -> None:
    provider.claims |= claims
    back = _go(browser, provider)
    assert (back.status_code, back.json()["code"]) == (401, "provider.refused")
    assert browser.get("/api/v1/me").status_code == 401


def test_a_token_signed_by_another_is_refused(browser: TestClient, provider: FakeProvider) -> None:
    provider.key = OTHER
    assert _go(browser, provider).json()["code"] == "provider.refused"


def test_a_state_of_another_browser_is_refused(browser: TestClient, provider: FakeProvider) -> None:
    assert _go(browser, provider, state="forged").json()["code"] == "provider.refused"
    bare = browser.get("/api/v1/sessions/provider/callback", params={"code": "c", "state": ""})
    assert bare.status_code == 401


def test_without_a_provider_there_is_none(world: World) -> None:
    with client_of(world) as client:
        answer = client.get("/api/v1/sessions/provider")
    assert (answer.status_code, answer.json()["code"]) == (404, "provider.unset")
