"""Signing in and out, and what a person may do with their own account."""

from datetime import timedelta

from fastapi import APIRouter, Request, Response

from api.deps import PrincipalDep, Service, ServiceDep
from api.edge.security import COOKIE, csrf_token
from api.errors import ProblemError
from api.schemas import accounts as shapes
from api.schemas.common import problems
from data import accounts, keys, signing_in
from data.accounts import User
from data.session import read, write
from data.signing_in import Attempt

public = APIRouter(tags=["sessions"])
router = APIRouter(tags=["sessions"])


@public.post("/sessions", response_model=shapes.SignedIn, status_code=201)
def sign_in(
    request: Request, response: Response, service: ServiceDep, wish: shapes.SignIn
) -> shapes.SignedIn:
    """Sign in with address and password; the session is a cookie that scripts cannot read."""
    service.limits.count_sign_in(request)
    attempt = Attempt(wish.email, wish.password.get_secret_value(), wish.totp or "")
    person = signing_in.sign_in(service.database, attempt)
    return begin_session(service, person, response)


@router.delete("/sessions/current", status_code=204)
def sign_out(service: ServiceDep, who: PrincipalDep, response: Response) -> None:
    """End the session."""
    if who.session_id:
        with write(service.database) as connection:
            keys.end_session(connection, who.session_id)
    response.delete_cookie(COOKIE, path="/")


@router.get("/me", response_model=shapes.Me)
def get_me(service: ServiceDep, who: PrincipalDep) -> shapes.Me:
    """For whom this key or session speaks."""
    with read(service.database) as connection:
        user = accounts.user(connection, who.user_id) if who.user_id else None
        key = keys.key(connection, who.key_id) if who.key_id else None
    return shapes.Me.model_validate(
        {
            "organisation": who.organisation,
            "role": who.role,
            "user": user,
            "key": key,
            "scopes": sorted(who.scopes),
        }
    )


@router.post("/me/password", status_code=204)
def change_password(
    request: Request, service: ServiceDep, who: PrincipalDep, wish: shapes.PasswordChange
) -> None:
    """Change the password; all sessions of the person end, this one too."""
    service.limits.count_sign_in(request)
    signing_in.change_password(
        service.database,
        _person(who.user_id),
        old=wish.password.get_secret_value(),
        new=wish.new_password.get_secret_value(),
    )


@router.post("/me/totp", response_model=shapes.TotpStart)
def start_totp(service: ServiceDep, who: PrincipalDep) -> shapes.TotpStart:
    """A secret for an authenticator; it counts once a code of it was confirmed."""
    with read(service.database) as connection:
        secret, uri = signing_in.start_totp(connection, _person(who.user_id))
    return shapes.TotpStart(secret=secret, uri=uri)


@router.post("/me/totp/confirm", status_code=204, responses=problems(409))
def confirm_totp(service: ServiceDep, who: PrincipalDep, wish: shapes.TotpConfirm) -> None:
    """Ask for a code at each sign-in from now on."""
    with write(service.database) as connection:
        signing_in.confirm_totp(
            connection, _person(who.user_id), secret=wish.secret, code=wish.code
        )


def begin_session(service: Service, person: User, response: Response) -> shapes.SignedIn:
    """Make a session and set its cookie."""
    life = timedelta(hours=service.settings.service.session_hours)
    with write(service.database) as connection:
        session, token = keys.create_session(connection, person.user_id, life=life)
        shown = shapes.User.model_validate(accounts.user(connection, person.user_id))
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(life.total_seconds()),
        path="/",
        httponly=True,
        samesite="lax",
        secure=service.settings.service.cookie_secure,
    )
    return shapes.SignedIn(user=shown, csrf_token=csrf_token(token), expires_at=session.expires_at)


def _person(user_id: str | None) -> str:
    if user_id is None:  # rights let no key come here; this is for whoever changes them
        raise ProblemError(
            403,
            "auth.person",
            "Only a person who is signed in may do that.",
            "Chỉ người dùng đã đăng nhập mới làm được việc này.",
        )
    return user_id
