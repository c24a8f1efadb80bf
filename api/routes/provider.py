"""Signing in through the provider that the settings name: there, and back with a session."""

import hmac
import json
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from api.deps import Service, ServiceDep
from api.edge.provider import Provider, refused
from api.routes.sessions import begin_session
from api.schemas import accounts as shapes
from api.schemas.common import problems
from data import store
from data.accounts import User, user_of
from data.session import read

router = APIRouter(prefix="/sessions/provider", tags=["sessions"])

COOKIE = "ketnoi_provider"
BACK = "/api/v1/sessions/provider/callback"
MINUTES = 10
_AWAY: dict[int | str, dict[str, Any]] = {307: {"description": "To the provider"}}


@router.get("", status_code=307, response_class=Response, responses=problems(404) | _AWAY)
def start_provider_sign_in(request: Request, service: ServiceDep) -> Response:
    """Send the browser to the provider; 404 where none is set."""
    service.limits.count_sign_in(request)
    started = provider_of(service).start()
    response = Response(status_code=307, headers={"Location": started.url})
    brought = {"state": started.state, "nonce": started.nonce, "verifier": started.verifier}
    response.set_cookie(
        COOKIE,
        json.dumps(brought, separators=(",", ":")).encode().hex(),
        max_age=MINUTES * 60,
        path=BACK,
        httponly=True,
        samesite="lax",
        secure=service.settings.service.cookie_secure,
    )
    return response


@router.get("/callback", response_model=shapes.SignedIn, responses=problems(404))
def finish_provider_sign_in(
    request: Request,
    response: Response,
    service: ServiceDep,
    code: Annotated[str, Query(max_length=2000)] = "",
    state: Annotated[str, Query(max_length=200)] = "",
) -> shapes.SignedIn:
    """Take the browser back from the provider and begin a session."""
    service.limits.count_sign_in(request)
    provider = provider_of(service)
    brought = _brought(request)
    if not code or not hmac.compare_digest(brought["state"].encode(), state.encode()):
        raise refused("the state differs")
    email = provider.email(code, nonce=brought["nonce"], verifier=brought["verifier"])
    signed_in = begin_session(service, _known(service, email), response)
    response.delete_cookie(COOKIE, path=BACK)
    return signed_in


def provider_of(service: Service) -> Provider:
    """The provider that the settings name."""
    settings = service.settings.service
    return Provider(settings.oidc, f"{settings.public_url}{BACK}")


def _brought(request: Request) -> dict[str, str]:
    """What the attempt's cookie holds: another site can neither read nor set it."""
    try:
        held = json.loads(bytes.fromhex(request.cookies.get(COOKIE, "")))
        return {name: str(held[name]) for name in ("state", "nonce", "verifier")}
    except (ValueError, KeyError, TypeError):
        raise refused("no attempt was begun here") from None


def _known(service: Service, email: str) -> User:
    with read(service.database) as connection:
        found = store.rows(connection, "user_account", {"email": email, "disabled_at": None})
        tenants = [
            row
            for each in found
            for row in store.rows(
                connection,
                "organisation",
                {"organisation_id": each["organisation_id"], "disabled_at": None},
            )
        ]
    if not tenants:
        raise refused("nobody here has that address")
    return user_of(found[0])
