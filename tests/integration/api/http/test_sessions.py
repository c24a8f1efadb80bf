"""People sign in, write with a token against forgery, and sign out."""

from collections.abc import Callable, Iterator

import pyotp
import pytest
from fastapi.testclient import TestClient

from tests.support.service import PASSWORD, World, client_of

Client = Callable[[str], TestClient]
WHO = {"email": "staff@example.vn", "password": PASSWORD}


@pytest.fixture
def browser(as_: Client) -> TestClient:
    return as_("")


@pytest.fixture(scope="module")
def strict(world: World) -> Iterator[TestClient]:
    with client_of(world, KETNOI_SIGN_IN_RATE="2/minute", KETNOI_COOKIE_SECURE="1") as client:
        yield client


def test_sign_in_gives_a_cookie_that_scripts_cannot_read(browser: TestClient) -> None:
    answer = browser.post("/api/v1/sessions", json=WHO)
    assert answer.status_code == 201, answer.text
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    me = browser.get("/api/v1/me").json()
    assert (me["user"]["email"], me["role"], me["key"]) == ("staff@example.vn", "staff", None)


def test_a_write_by_cookie_needs_the_token(browser: TestClient) -> None:
    token = browser.post("/api/v1/sessions", json=WHO).json()["csrf_token"]
    body = {"call_id": "c1", "investor_id": "v3"}
    forged = browser.post("/api/v1/leads", json=body)
    assert (forged.status_code, forged.json()["code"]) == (403, "auth.csrf")
    meant = browser.post("/api/v1/leads", json=body, headers={"X-CSRF-Token": token})
    assert meant.status_code == 201
    assert browser.delete("/api/v1/sessions/current").status_code == 403
    out = browser.delete("/api/v1/sessions/current", headers={"X-CSRF-Token": token})
    assert out.status_code == 204
    assert browser.get("/api/v1/me").status_code == 401


def test_a_session_that_was_ended_counts_no_more(browser: TestClient) -> None:
    answer = browser.post("/api/v1/sessions", json=WHO)
    token, cookie = answer.json()["csrf_token"], browser.cookies["ketnoi_session"]
    browser.delete("/api/v1/sessions/current", headers={"X-CSRF-Token": token})
    browser.cookies.set("ketnoi_session", cookie)
    assert browser.get("/api/v1/me").json()["code"] == "auth.invalid"


@pytest.mark.parametrize("email", ["staff@example.vn", "nobody@example.vn"])
def test_a_wrong_password_says_the_same_whoever_is_named(browser: TestClient, email: str) -> None:
    answer = browser.post("/api/v1/sessions", json={"email": email, "password": "x"})
    assert (answer.status_code, answer.json()["code"]) == (401, "sign_in.wrong")


def test_a_code_is_asked_for_once_it_is_set_up(browser: TestClient) -> None:
    who = {"email": "reader@example.vn", "password": PASSWORD}
    token = browser.post("/api/v1/sessions", json=who).json()["csrf_token"]
    headers = {"X-CSRF-Token": token}
    secret = browser.post("/api/v1/me/totp", headers=headers).json()["secret"]
    code = pyotp.TOTP(secret).now()
    done = browser.post(
        "/api/v1/me/totp/confirm", json={"secret": secret, "code": code}, headers=headers
    )
    assert done.status_code == 204
    refused = browser.post("/api/v1/sessions", json=who)
    assert (refused.status_code, refused.json()["code"]) == (401, "sign_in.code_needed")
    reused = browser.post("/api/v1/sessions", json={**who, "totp": code})
    assert reused.json()["code"] == "sign_in.code_wrong"
    other = {"secret": pyotp.random_base32()}
    other["code"] = pyotp.TOTP(other["secret"]).now()
    replaced = browser.post("/api/v1/me/totp/confirm", json=other, headers=headers)
    assert (replaced.status_code, replaced.json()["code"]) == (409, "totp.in_use")


def test_a_new_password_ends_all_sessions(browser: TestClient) -> None:
    who = {"email": "organiser@example.vn", "password": PASSWORD}
    token = browser.post("/api/v1/sessions", json=who).json()["csrf_token"]
    body = {"password": PASSWORD, "new_password": "another long one"}
    done = browser.post("/api/v1/me/password", json=body, headers={"X-CSRF-Token": token})
    assert done.status_code == 204
    assert browser.get("/api/v1/me").status_code == 401
    assert browser.post("/api/v1/sessions", json=who).status_code == 401


def test_a_key_is_no_person(as_: Client) -> None:
    answer = as_("administrator").post("/api/v1/me/totp")
    assert (answer.status_code, answer.json()["code"]) == (403, "auth.scope")
    assert as_("administrator").get("/api/v1/me").json()["key"]["role"] == "administrator"


def test_attempts_are_limited_and_cookies_stay_on_https(strict: TestClient) -> None:
    good = strict.post("/api/v1/sessions", json={**WHO, "email": "neighbour@example.vn"})
    assert "Secure" in good.headers["set-cookie"]
    assert "max-age" in good.headers["strict-transport-security"]
    strict.post("/api/v1/sessions", json=WHO)
    third = strict.post("/api/v1/sessions", json=WHO)
    assert (third.status_code, third.json()["code"]) == (429, "rate.exceeded")
    assert int(third.headers["retry-after"]) > 0
