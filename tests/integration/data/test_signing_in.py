"""Signing in: what is right gets in, what is wrong is counted, and nobody learns who exists."""

import time
import uuid

import pyotp
import pytest
from sqlalchemy import text
from sqlalchemy.engine import Engine

from data import keys, signing_in
from data.accounts import User, disable_user
from data.errors import KetnoiError
from data.session import read, write
from data.signing_in import ATTEMPTS, Attempt, SignInRefused, sign_in
from tests.integration.data.made_up_service import centre, person

RIGHT = Attempt("Lan@Example.vn", "đúng mật khẩu")
WRONG = Attempt("lan@example.vn", "sai mật khẩu")


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 with the least work: tests count attempts, not milliseconds."""
    import argon2

    quick = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(argon2, "PasswordHasher", lambda: quick)


@pytest.fixture
def lan(engine: Engine) -> User:
    hashed = keys.hash_password(RIGHT.password)
    with write(engine) as connection:
        made = person(connection, centre(connection))
        keys.set_password(connection, made.user_id, hashed)
    return made


def refusal(engine: Engine, attempt: Attempt) -> str:
    with pytest.raises(SignInRefused) as caught:
        sign_in(engine, attempt)
    assert caught.value.message_vi != caught.value.message
    return caught.value.code


def test_right_password_signs_in(engine: Engine, lan: User) -> None:
    assert sign_in(engine, RIGHT).user_id == lan.user_id


def test_unknown_address_and_wrong_password_look_alike(engine: Engine, lan: User) -> None:
    assert (
        refusal(engine, WRONG) == refusal(engine, Attempt("ai@example.vn", "x")) == "sign_in.wrong"
    )
    assert lan.email == "lan@example.vn"


@pytest.mark.usefixtures("lan")
def test_account_is_locked_after_wrong_attempts_in_a_row(engine: Engine) -> None:
    for _ in range(ATTEMPTS - 1):
        assert refusal(engine, WRONG) == "sign_in.wrong"
    sign_in(engine, RIGHT)  # begins the count anew
    for _ in range(ATTEMPTS):
        assert refusal(engine, WRONG) == "sign_in.wrong"
    assert refusal(engine, RIGHT) == "sign_in.locked"
    with write(engine) as connection:
        connection.execute(text("UPDATE user_account SET locked_until = '2020'"))
    sign_in(engine, RIGHT)


def test_disabled_account_does_not_sign_in(engine: Engine, lan: User) -> None:
    with write(engine) as connection:
        disable_user(connection, lan.user_id)
    assert refusal(engine, RIGHT) == "sign_in.wrong"


def test_code_is_asked_for_and_good_once(engine: Engine, lan: User) -> None:
    with write(engine) as connection:
        secret, address = signing_in.start_totp(connection, lan.user_id)
        before = pyotp.TOTP(secret).at(int(time.time()) - 30)
        with pytest.raises(SignInRefused):
            signing_in.confirm_totp(connection, lan.user_id, secret=secret, code="abc")
        signing_in.confirm_totp(connection, lan.user_id, secret=secret, code=before)
    now = pyotp.TOTP(secret).now()

    assert address.startswith("otpauth://totp/Ketnoi:lan%40example.vn")
    assert refusal(engine, RIGHT) == "sign_in.code_needed"
    assert refusal(engine, Attempt(RIGHT.email, RIGHT.password, before)) == "sign_in.code_wrong"
    sign_in(engine, Attempt(RIGHT.email, RIGHT.password, now))
    assert refusal(engine, Attempt(RIGHT.email, RIGHT.password, now)) == "sign_in.code_wrong"
    with write(engine) as connection:
        assert signing_in.has_totp(connection, lan.user_id)
        signing_in.stop_totp(connection, lan.user_id)
    sign_in(engine, RIGHT)


def test_new_password_ends_sessions(engine: Engine, lan: User) -> None:
    with write(engine) as connection:
        token = keys.create_session(connection, lan.user_id)[1]
    with pytest.raises(SignInRefused):
        signing_in.change_password(engine, lan.user_id, old="sai", new="mật khẩu mới")
    with pytest.raises(KetnoiError, match="Use at least"):
        signing_in.change_password(engine, lan.user_id, old=RIGHT.password, new="ngắn")
    signing_in.change_password(engine, lan.user_id, old=RIGHT.password, new="mật khẩu mới")

    assert refusal(engine, RIGHT) == "sign_in.wrong"
    sign_in(engine, Attempt(RIGHT.email, "mật khẩu mới"))
    with read(engine) as connection:
        assert keys.check_session(connection, token) is None


@pytest.mark.usefixtures("lan")
def test_a_lock_does_not_tell_who_has_an_account(engine: Engine) -> None:
    known, unknown = (
        [refusal(engine, Attempt(email, "wrong password")) for _ in range(ATTEMPTS + 1)]
        for email in (RIGHT.email, f"{uuid.uuid4().hex}@example.vn")
    )
    assert known == unknown == ["sign_in.wrong"] * ATTEMPTS + ["sign_in.locked"]


def test_attempts_under_way_do_not_lift_a_lock() -> None:
    strangers = signing_in._Strangers()
    counted = [strangers.count("nobody@example.vn") for _ in range(ATTEMPTS + 3)]
    assert counted == [True] * ATTEMPTS + [False] * 3
    assert strangers.locked("nobody@example.vn")
