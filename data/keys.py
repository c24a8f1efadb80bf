"""How people and programs prove who they are: passwords, sessions, API keys.

Secrets are shown once, when made; the database holds their hashes alone. A session or key counts
only while it has not run out, was not revoked, and neither person nor organisation is disabled.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import timedelta

from sqlalchemy import ColumnElement, Connection, Engine, select

from data import store
from data.accounts import ROLES, Organisation, Role, User, organisation, user, user_of
from data.errors import DatabaseError, KetnoiError
from data.session import write
from data.store import Page, Row

KEY_MARK = "ktn"
SESSION_LIFE = timedelta(hours=12)
LONGEST_KEY_LIFE = timedelta(days=366)
SEEN_EVERY = timedelta(minutes=1)
"""How exact "last seen" and "last used" are: a write for each request would cost too much."""
LEAST_PASSWORD = 10
_SCOPE = re.compile(r"[a-z_]+(:[a-z_]+)?|\*")


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser."""

    session_id: str
    user_id: str
    created_at: str
    expires_at: str
    last_seen_at: str


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A program's key, without its secret. `prefix` may be shown to tell keys apart."""

    key_id: str
    organisation_id: str
    name: str
    prefix: str
    role: Role
    scopes: tuple[str, ...]
    created_by: str | None
    created_at: str
    expires_at: str
    last_used_at: str | None = None
    revoked_at: str | None = None


@dataclass(frozen=True, slots=True)
class NewKey:
    """What a key is made from. `scopes` such as "calls:read"; "*" is all that the role may do."""

    organisation_id: str
    name: str
    role: Role
    scopes: Sequence[str]
    life: timedelta = timedelta(days=90)
    created_by: str | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who stands behind a session that counts."""

    session: Session
    user: User
    organisation: Organisation


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """Who stands behind an API key that counts."""

    key: ApiKey
    organisation: Organisation


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password. Takes tens of milliseconds: not within `write`.

    Raises KetnoiError "password.short" below `LEAST_PASSWORD` characters, "password.long" above
    1,000.
    """
    if len(password) < LEAST_PASSWORD:
        raise KetnoiError(
            "password.short",
            f"The password has {len(password)} characters. Use at least {LEAST_PASSWORD}.",
            f"Mật khẩu có {len(password)} ký tự. Hãy dùng ít nhất {LEAST_PASSWORD}.",
        )
    if len(password) > 1000:
        raise KetnoiError(
            "password.long",
            "The password is longer than 1,000 characters. Use a shorter one.",
            "Mật khẩu dài hơn 1.000 ký tự. Hãy dùng mật khẩu ngắn hơn.",
        )
    from argon2 import PasswordHasher  # noqa: PLC0415 -- slow import

    return PasswordHasher().hash(password)


def set_password(connection: Connection, user_id: str, password_hash: str) -> None:
    """Put a new password's hash in place; whatever was signed in with the old one ends."""
    user(connection, user_id)
    values: Row = {"password_hash": password_hash, "failed_sign_ins": 0, "locked_until": None}
    store.update(connection, "user_account", {"user_id": user_id}, values)
    end_sessions(connection, user_id)


def create_session(
    connection: Connection, user_id: str, *, life: timedelta = SESSION_LIFE
) -> tuple[Session, str]:
    """Return a new session and its token, which is shown this once and never kept."""
    token = secrets.token_urlsafe(32)
    moment = store.now()
    made = Session(store.new_id(), user_id, moment, store.now(life), moment)
    row = {field.name: getattr(made, field.name) for field in fields(Session)}
    store.insert(connection, "user_session", row | {"token_hash": _sha256(token)})
    return made, token


def check_session(connection: Connection, token: str) -> SignedIn | None:
    """Return who is signed in with a token, None if it does not (or no longer) count."""
    found = store.rows(connection, "user_session", {"token_hash": _sha256(token)})
    if not found or found[0]["revoked_at"] or found[0]["expires_at"] <= store.now():
        return None
    person = store.rows(connection, "user_account", {"user_id": found[0]["user_id"]})[0]
    tenant = organisation(connection, person["organisation_id"])
    if person["disabled_at"] or tenant.disabled_at:
        return None
    return SignedIn(_session_of(found[0]), user_of(person), tenant)


def touch_session(connection: Connection, session: Session) -> None:
    """Note that a session was used, once in a while (`seen_lately` tells whether it is due)."""
    key = {"session_id": session.session_id}
    store.update(connection, "user_session", key, {"last_seen_at": store.now()})


def seen_lately(last: str | None) -> bool:
    """Tell whether "last seen" or "last used" is recent enough to be left alone."""
    return last is not None and last > store.now(-SEEN_EVERY)


def note_use(engine: Engine, used: Session | ApiKey) -> None:
    """Note that a session or key was used, if that is due; let it be while others write.

    A request must not wait behind an import for a note of its own time.
    """
    last = used.last_seen_at if isinstance(used, Session) else used.last_used_at
    if seen_lately(last):
        return
    with suppress(DatabaseError), write(engine, alone=False, patience=0.05) as connection:
        if isinstance(used, Session):
            touch_session(connection, used)
        else:
            touch_key(connection, used)


def end_session(connection: Connection, session_id: str) -> None:
    """Sign a browser out."""
    key = {"session_id": session_id, "revoked_at": None}
    store.update(connection, "user_session", key, {"revoked_at": store.now()})


def end_sessions(connection: Connection, user_id: str) -> None:
    """Sign a person out everywhere."""
    key = {"user_id": user_id, "revoked_at": None}
    store.update(connection, "user_session", key, {"revoked_at": store.now()})


def sessions(connection: Connection, user_id: str) -> list[Session]:
    """Return a person's sessions that still count, oldest first."""
    target = store.table_of("user_session")
    found = store.listed(
        connection, "user_session", "session_id", store.ALL,
        target.c.user_id == user_id,
        target.c.revoked_at.is_(None),
        target.c.expires_at > store.now(),
    )  # fmt: skip
    return [_session_of(row) for row in found]


def create_key(connection: Connection, new: NewKey) -> tuple[ApiKey, str]:
    """Return a new key and its whole text "ktn_…", which is shown this once and never kept.

    Raises KetnoiError "key.scope", "key.role", "key.life", "key.name"; NotFound
    "organisation.not_found".
    """
    _check_key(new)
    organisation(connection, new.organisation_id)
    secret = secrets.token_urlsafe(32)
    made = ApiKey(
        key_id=store.new_id(),
        organisation_id=new.organisation_id,
        name=new.name.strip(),
        prefix=secrets.token_hex(5),
        role=new.role,
        scopes=tuple(dict.fromkeys(new.scopes)),
        created_by=new.created_by,
        created_at=store.now(),
        expires_at=store.now(new.life),
    )
    row = {field.name: getattr(made, field.name) for field in fields(ApiKey)}
    row |= {"scopes": list(made.scopes), "secret_hash": _sha256(secret)}
    store.insert(connection, "api_key", row)
    return made, f"{KEY_MARK}_{made.prefix}_{secret}"


def check_key(connection: Connection, presented: str) -> KeyHolder | None:
    """Return who stands behind a key's whole text, None if it does not (or no longer) count."""
    mark, _, rest = presented.partition("_")
    prefix, _, secret = rest.partition("_")
    if mark != KEY_MARK or not prefix or not secret:
        return None
    found = store.rows(connection, "api_key", {"prefix": prefix})
    if not found or not hmac.compare_digest(found[0]["secret_hash"], _sha256(secret)):
        return None
    if found[0]["revoked_at"] or found[0]["expires_at"] <= store.now():
        return None
    tenant = organisation(connection, found[0]["organisation_id"])
    return None if tenant.disabled_at else KeyHolder(_key_of(found[0]), tenant)


def touch_key(connection: Connection, key: ApiKey) -> None:
    """Note that a key was used, once in a while (`seen_lately` tells whether it is due)."""
    store.update(connection, "api_key", {"key_id": key.key_id}, {"last_used_at": store.now()})


def key(connection: Connection, key_id: str, *, organisation_id: str | None = None) -> ApiKey:
    """Return a key. Raises NotFound ("key.not_found")."""
    wanted = {"key_id": key_id}
    if organisation_id is not None:
        wanted["organisation_id"] = organisation_id
    missing = store.not_found("key", "API key", "khóa API", key_id)
    return store.one(connection, "api_key", wanted, _key_of, missing)


def keys(
    connection: Connection, *, organisation_id: str | None = None, page: Page = store.ALL
) -> list[ApiKey]:
    """Return keys, oldest first, revoked ones too, of one organisation or of all."""
    column = store.table_of("api_key").c.organisation_id
    conditions: list[ColumnElement[bool]] = (
        [] if organisation_id is None else [column == organisation_id]
    )
    return [
        _key_of(row) for row in store.listed(connection, "api_key", "key_id", page, *conditions)
    ]


def revoke_key(
    connection: Connection, key_id: str, *, organisation_id: str | None = None
) -> ApiKey:
    """End a key; ending it twice is no error. Raises NotFound ("key.not_found")."""
    key(connection, key_id, organisation_id=organisation_id)
    open_key = {"key_id": key_id, "revoked_at": None}
    store.update(connection, "api_key", open_key, {"revoked_at": store.now()})
    return key(connection, key_id)


def has_accounts(connection: Connection) -> bool:
    """Tell whether any organisation was made yet."""
    target = store.table_of("organisation")
    return connection.execute(select(target.c.organisation_id).limit(1)).first() is not None


def _check_key(new: NewKey) -> None:
    wrong = next((scope for scope in new.scopes if not _SCOPE.fullmatch(scope)), None)
    if wrong is not None or not new.scopes:
        raise KetnoiError(
            "key.scope",
            f"{wrong or ''!r} is no scope. Give at least one such as calls:read, or *.",
            f"{wrong or ''!r} không phải phạm vi. Hãy ghi ít nhất một, ví dụ calls:read, hoặc *.",
        )
    if new.role not in ROLES:
        raise KetnoiError(
            "key.role",
            f"{new.role!r} is no role. Choose one of {', '.join(ROLES)}.",
            f"{new.role!r} không phải vai trò. Hãy chọn một trong: {', '.join(ROLES)}.",
        )
    if not timedelta() < new.life <= LONGEST_KEY_LIFE:
        raise KetnoiError(
            "key.life",
            f"A key cannot live {new.life.days} days. Choose 1 to {LONGEST_KEY_LIFE.days}.",
            f"Khóa không thể có hạn {new.life.days} ngày. Hãy chọn 1 đến {LONGEST_KEY_LIFE.days}.",
        )
    if not new.name.strip():
        raise KetnoiError(
            "key.name",
            "The key has no name. Say what it is for.",
            "Khóa chưa có tên. Hãy ghi khóa dùng để làm gì.",
        )


def _session_of(row: Row) -> Session:
    return Session(**{field.name: row[field.name] for field in fields(Session)})


def _key_of(row: Row) -> ApiKey:
    values = {field.name: row[field.name] for field in fields(ApiKey)}
    return ApiKey(**values | {"scopes": tuple(row["scopes"])})


def _sha256(text: str) -> str:
    # A plain hash is enough: what it hides is 256 bits of chance, not a word a person chose.
    return hashlib.sha256(text.encode()).hexdigest()
