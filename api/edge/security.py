"""Who asks, and whether they may: keys and sessions, rights, rate limits, cross-site forgery."""

import hashlib
import hmac
import time
from dataclasses import dataclass
from typing import Annotated

from fastapi import Request, Security
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import (
    MovingWindowRateLimiter,
    RateLimiter,
    SlidingWindowCounterRateLimiter,
)
from sqlalchemy import Engine as Database

from api.errors import ProblemError
from api.rights import RIGHTS, Right, Tenant
from data import keys
from data.accounts import Organisation
from data.session import read
from data.store import Actor

COOKIE = "ketnoi_session"
CSRF_HEADER = "X-CSRF-Token"
_SAFE = {"GET", "HEAD", "OPTIONS"}
_BEARER = HTTPBearer(auto_error=False, scheme_name="key", description="An API key, ktn_…")
_COOKIE = APIKeyCookie(
    name=COOKIE,
    auto_error=False,
    scheme_name="session",
    description=f"A signed-in person; writes need the header {CSRF_HEADER} too.",
)


@dataclass(frozen=True, slots=True)
class Principal:
    """For whom a request runs: a person or a program, of one organisation."""

    organisation: Organisation
    role: str
    user_id: str | None = None
    key_id: str | None = None
    session_id: str | None = None
    scopes: frozenset[str] = frozenset({"*"})

    @property
    def organisation_id(self) -> str:
        return self.organisation.organisation_id

    @property
    def restricted(self) -> bool:
        """Whether only the own profile and open calls may be seen."""
        return self.organisation.kind == "business" or self.role == "business"

    @property
    def of_platform(self) -> bool:
        """Whether this is an administrator of the organisation that runs the service."""
        return self.organisation.kind == "platform" and self.role == "administrator"

    @property
    def tenant(self) -> str | None:
        """The organisation whose accounts may be seen; None sees all."""
        return None if self.of_platform else self.organisation_id

    @property
    def name(self) -> str:
        """Tells callers apart, for limits and for the answers kept for repeated requests."""
        return f"user:{self.user_id}" if self.user_id else f"key:{self.key_id}"

    @property
    def actor(self) -> Actor:
        return Actor(self.organisation_id, self.user_id, self.key_id)


class RateLimits:
    """Requests counted per caller in a sliding window, in this process's memory."""

    def __init__(self, *, requests: str, sign_ins: str) -> None:
        # The one for many requests keeps two counts a caller, the exact one each moment.
        self._many = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._few = MovingWindowRateLimiter(MemoryStorage())
        self._requests, self._sign_ins = parse(requests), parse(sign_ins)

    def count(self, request: Request, who: str) -> None:
        """Count a request and note what is left for the answer's headers.

        Raises:
            ProblemError: ``rate.exceeded``.
        """
        self._count(request, self._many, self._requests, f"requests/{who}")

    def count_sign_in(self, request: Request) -> None:
        """Count an attempt to sign in from the request's address."""
        address = request.client.host if request.client else "unknown"
        self._count(request, self._few, self._sign_ins, f"sign-in/{address}")

    @staticmethod
    def _count(request: Request, limiter: RateLimiter, limit: RateLimitItem, who: str) -> None:
        allowed = limiter.hit(limit, who)
        stats = limiter.get_window_stats(limit, who)
        reset = max(1, round(stats.reset_time - time.time()))
        headers = request.scope["state"].setdefault("headers", {})
        headers["RateLimit-Limit"] = str(limit.amount)
        headers["RateLimit-Remaining"] = str(stats.remaining)
        headers["RateLimit-Reset"] = str(reset)
        if not allowed:
            raise ProblemError(
                429,
                "rate.exceeded",
                f"More than {limit}. Wait {reset} seconds.",
                f"Vượt quá giới hạn {limit}. Hãy chờ {reset} giây.",
                headers={"Retry-After": str(reset)},
            )


def authorise(
    request: Request,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)],
    cookie: Annotated[str | None, Security(_COOKIE)],
) -> Principal:
    """Find out who asks and refuse what the table of rights does not give them.

    Raises:
        ProblemError: ``auth.missing``, ``auth.invalid`` (401), ``auth.csrf``, ``auth.scope``,
            ``auth.role`` (403), ``rate.exceeded`` (429).
    """
    database: Database = request.app.state.service.database
    who = _of_key(database, bearer) if bearer else _of_session(request, database, cookie)
    request.scope["state"]["principal"] = who
    request.app.state.service.limits.count(request, who.name)
    _check(RIGHTS[request.scope["route"].name], who)
    return who


def csrf_token(session_token: str) -> str:
    """The value that writes with a session cookie must carry in a header.

    Another site can make a browser send the cookie, but can neither read nor compute this.
    """
    return hmac.new(session_token.encode(), b"ketnoi csrf", hashlib.sha256).hexdigest()


def _of_key(database: Database, bearer: HTTPAuthorizationCredentials) -> Principal:
    with read(database) as connection:
        holder = keys.check_key(connection, bearer.credentials)
    if holder is None:
        raise _invalid()
    key = holder.key
    keys.note_use(database, key)
    return Principal(holder.organisation, key.role, key_id=key.key_id, scopes=frozenset(key.scopes))


def _of_session(request: Request, database: Database, cookie: str | None) -> Principal:
    if not cookie:
        raise ProblemError(
            401,
            "auth.missing",
            "Nobody is signed in. Send an API key as “Authorization: Bearer ktn_…”, or sign in.",
            "Chưa đăng nhập. Hãy gửi khóa API dạng “Authorization: Bearer ktn_…” hoặc đăng nhập.",
            headers={"WWW-Authenticate": "Bearer"},
        )
    with read(database) as connection:
        found = keys.check_session(connection, cookie)
    if found is None:
        raise _invalid()
    sent = request.headers.get(CSRF_HEADER, "")
    if request.method not in _SAFE and not hmac.compare_digest(
        sent.encode(), csrf_token(cookie).encode()
    ):
        raise ProblemError(
            403,
            "auth.csrf",
            f"The header {CSRF_HEADER} is missing or wrong. Send the value given at sign-in.",
            f"Thiếu hoặc sai tiêu đề {CSRF_HEADER}. Hãy gửi giá trị nhận được khi đăng nhập.",
        )
    keys.note_use(database, found.session)
    return Principal(
        found.organisation,
        found.user.role,
        user_id=found.user.user_id,
        session_id=found.session.session_id,
    )


def _check(right: Right, who: Principal) -> None:
    if who.key_id and not ({right.scope, "*"} & who.scopes if right.scope else False):
        wanted = right.scope or "a signed-in person"
        raise ProblemError(
            403,
            "auth.scope",
            f"This key may not do that: it needs {wanted}.",
            f"Khóa này không được làm việc đó: cần {right.scope or 'người dùng đăng nhập'}.",
        )
    allowed = who.role in right.roles and who.organisation.kind in right.kinds
    if not allowed or (right.tenant is Tenant.PLATFORM and not who.of_platform):
        raise ProblemError(
            403,
            "auth.role",
            f"The role {who.role} of a {who.organisation.kind} may not do that.",
            f"Vai trò {who.role} của tổ chức loại {who.organisation.kind} không được làm việc đó.",
        )


def _invalid() -> ProblemError:
    return ProblemError(
        401,
        "auth.invalid",
        "The key or session is unknown, ended or run out. Get a new key, or sign in again.",
        "Khóa hoặc phiên đăng nhập không đúng, đã bị thu hồi hoặc hết hạn. Hãy lấy khóa mới hoặc "
        "đăng nhập lại.",
        headers={"WWW-Authenticate": "Bearer"},
    )
