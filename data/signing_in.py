"""Signing in with a password and, where a person has set it up, a code from an authenticator.

Wrong attempts are counted and lock the account for a while. What is said of a wrong attempt is the
same whether the address is known or not, and takes the same time.
"""

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from sqlalchemy import Connection, Engine

from data import store
from data.accounts import User, user, user_of
from data.errors import KetnoiError
from data.keys import hash_password, set_password
from data.session import read, write
from data.store import Conflict, Row

ATTEMPTS = 5
LOCKED = timedelta(minutes=15)
_STEP = 30  # seconds that a code is good for


class SignInRefused(KetnoiError):
    """The attempt does not count as signed in."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a person typed. `code` is empty until it is asked for."""

    email: str
    password: str
    code: str = ""


def sign_in(engine: Engine, attempt: Attempt) -> User:
    """Return who signed in; make them a session with `data.keys.create_session`.

    Raises SignInRefused: "sign_in.wrong"; "sign_in.locked" after `ATTEMPTS` wrong ones in a row;
    "sign_in.code_needed" where the password is right and a code belongs to it.
    """
    with read(engine) as connection:
        found = store.rows(connection, "user_account", {"email": _plain(attempt.email)})
    row = found[0] if found else None
    locked = _STRANGERS.locked(attempt.email) if row is None else _is_locked(row)
    if locked:
        raise _locked()
    fits = _password_fits(row["password_hash"] if row else None, attempt.password)
    if row is None:
        raise _wrong() if _STRANGERS.count(attempt.email) else _locked()
    with write(engine) as connection:
        refused = _judge(connection, row["user_id"], fits, attempt.code)
    if refused:
        raise refused  # after the block: the count of wrong attempts is kept
    return user_of(row)


def change_password(engine: Engine, user_id: str, *, old: str, new: str) -> None:
    """Put a new password in place of the old one; all sessions of the person end.

    Raises SignInRefused "sign_in.wrong" if the old one is not right (it counts as an attempt);
    KetnoiError "password.short", "password.long".
    """
    with read(engine) as connection:
        user(connection, user_id)
        row = store.rows(connection, "user_account", {"user_id": user_id})[0]
    if _is_locked(row):
        raise _locked()
    hashed = hash_password(new)
    fits = _password_fits(row["password_hash"], old)
    with write(engine) as connection:
        if fits:
            set_password(connection, user_id, hashed)
        else:
            _count_failure(connection, user_id)
    if not fits:
        raise _wrong()


def start_totp(connection: Connection, user_id: str, *, issuer: str = "Ketnoi") -> tuple[str, str]:
    """Return a new secret and its otpauth:// address for an authenticator; nothing is kept yet."""
    import pyotp  # noqa: PLC0415 -- only for this

    secret = pyotp.random_base32()
    name = user(connection, user_id).email
    return secret, pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=issuer)


def confirm_totp(connection: Connection, user_id: str, *, secret: str, code: str) -> None:
    """Keep a secret once a code shows that the authenticator has it.

    One that is in use already stays: else whoever finds an open session could put their own in
    its place. Raises SignInRefused "sign_in.code_wrong", Conflict ("totp.in_use").
    """
    if has_totp(connection, user(connection, user_id).user_id):
        raise Conflict(
            "totp.in_use",
            "Codes are in use for this account already. An administrator of the service can end "
            "that with: ketnoi accounts stop-codes EMAIL",
            "Tài khoản này đã dùng mã xác thực. Quản trị viên hệ thống có thể bỏ bằng lệnh: "
            "ketnoi accounts stop-codes EMAIL",
        )
    step = _step_of(secret, code, after=None)
    if step is None:
        raise _code_wrong()
    values: Row = {"totp_secret": secret, "totp_last_step": step}
    store.update(connection, "user_account", {"user_id": user_id}, values)


def stop_totp(connection: Connection, user_id: str) -> None:
    """Let a person sign in without a code from now on, as after a lost phone."""
    user(connection, user_id)
    values: Row = {"totp_secret": None, "totp_last_step": None}
    store.update(connection, "user_account", {"user_id": user_id}, values)


def has_totp(connection: Connection, user_id: str) -> bool:
    """Tell whether a person signs in with a code."""
    found = store.rows(connection, "user_account", {"user_id": user_id})
    return bool(found and found[0]["totp_secret"])


def _judge(connection: Connection, user_id: str, fits: bool, code: str) -> SignInRefused | None:
    """Look at the account as it is now, within the writer's turn: attempts at once all count."""
    row = store.rows(connection, "user_account", {"user_id": user_id})[0]
    tenant = store.rows(connection, "organisation", {"organisation_id": row["organisation_id"]})[0]
    if _is_locked(row):
        return _locked()
    if not fits or row["disabled_at"] or tenant["disabled_at"]:
        _count_failure(connection, user_id)
        return _wrong()
    values: Row = {"failed_sign_ins": 0, "locked_until": None, "last_sign_in_at": store.now()}
    if row["totp_secret"]:
        if not code:
            return SignInRefused(
                "sign_in.code_needed",
                "Give the six digits that the authenticator shows, too.",
                "Hãy nhập thêm sáu chữ số trong ứng dụng xác thực.",
            )
        step = _step_of(row["totp_secret"], code, after=row["totp_last_step"])
        if step is None:
            _count_failure(connection, user_id)
            return _code_wrong()
        values["totp_last_step"] = step
    store.update(connection, "user_account", {"user_id": user_id}, values)
    return None


def _is_locked(row: Row) -> bool:
    return (row["locked_until"] or "") > store.now()


class _Strangers:
    """Wrong attempts at addresses without an account, which lock as those of accounts do: or the
    lock would tell who has one. Kept in this process's memory, the latest alone."""

    most = 10_000

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[int, float]] = OrderedDict()
        self._lock = threading.Lock()

    def locked(self, email: str) -> bool:
        with self._lock:
            return self._kept.get(_plain(email), (0, 0.0))[1] > time.monotonic()

    def count(self, email: str) -> bool:
        """Count an attempt; False, and nothing changes, where others have locked it meanwhile."""
        with self._lock:
            count, until = self._kept.get(_plain(email), (0, 0.0))
            if until > time.monotonic():
                return False
            count += 1
            self._kept.pop(_plain(email), None)  # the latest stand last
            until = time.monotonic() + LOCKED.total_seconds()
            self._kept[_plain(email)] = (0, until) if count >= ATTEMPTS else (count, 0.0)
            while len(self._kept) > self.most:
                self._kept.popitem(last=False)
            return True


_STRANGERS = _Strangers()


def _plain(email: str) -> str:
    return email.strip().lower()


def _count_failure(connection: Connection, user_id: str) -> None:
    row = store.rows(connection, "user_account", {"user_id": user_id})[0]
    count = row["failed_sign_ins"] + 1
    values: Row = {"failed_sign_ins": count}
    if count >= ATTEMPTS:
        values = {"failed_sign_ins": 0, "locked_until": store.now(LOCKED)}
    store.update(connection, "user_account", {"user_id": user_id}, values)


def _password_fits(password_hash: str | None, password: str) -> bool:
    """Compare; without a hash it takes as long and is never right."""
    from argon2 import PasswordHasher  # noqa: PLC0415 -- slow import
    from argon2.exceptions import InvalidHashError, VerificationError  # noqa: PLC0415 -- same

    try:
        PasswordHasher().verify(password_hash or _nobodys_hash(), password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


@cache
def _nobodys_hash() -> str:
    return hash_password(store.new_id())


def _step_of(secret: str, code: str, *, after: int | None) -> int | None:
    """Return the half minute that a code belongs to: this, the last or the next, used only once."""
    import pyotp  # noqa: PLC0415 -- only for this

    current = int(time.time()) // _STEP
    typed = code.replace(" ", "")
    if len(typed) != 6 or not typed.isascii() or not typed.isdigit():
        return None
    try:
        totp = pyotp.TOTP(secret)
        for step in (current, current - 1, current + 1):
            if totp.verify(typed, for_time=step * _STEP, valid_window=0) and (
                after is None or step > after
            ):
                return step
    except ValueError:  # a secret that is no base32
        return None
    return None


def _wrong() -> SignInRefused:
    return SignInRefused(
        "sign_in.wrong",
        "Address or password is not right. Try again, or ask an administrator.",
        "Địa chỉ hoặc mật khẩu không đúng. Hãy thử lại hoặc hỏi quản trị viên.",
    )


def _locked() -> SignInRefused:
    minutes = int(LOCKED.total_seconds() // 60)
    return SignInRefused(
        "sign_in.locked",
        f"Too many wrong attempts. Wait {minutes} minutes, or ask an administrator.",
        f"Sai quá nhiều lần. Hãy chờ {minutes} phút hoặc hỏi quản trị viên.",
    )


def _code_wrong() -> SignInRefused:
    return SignInRefused(
        "sign_in.code_wrong",
        "The code is not right, or was used already. Wait for the next one.",
        "Mã không đúng hoặc đã dùng rồi. Hãy chờ mã tiếp theo.",
    )
