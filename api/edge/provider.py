"""Signing in through an OpenID Connect provider: code flow with PKCE, checked id tokens.

The provider tells who somebody is; whether they may sign in is for this service's accounts: only
an address that has one comes in.
"""

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Any

import httpx

from api.edge.logs import SERVICE
from api.errors import ProblemError
from api.settings import OidcSettings

ALGORITHMS = ("RS256", "ES256", "PS256", "EdDSA")
LEEWAY = 60  # seconds that clocks may differ
SCOPE = "openid email profile"


@dataclass(frozen=True, slots=True)
class Started:
    """Where the browser goes, and what it must bring back."""

    url: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Provider:
    """One provider; ``http`` is the client that speaks to it.

    Raises, by all methods:
        ProblemError: ``provider.unset`` (404), ``provider.away`` (503), ``provider.refused`` (401).
    """

    settings: OidcSettings
    redirect_uri: str
    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=10))

    def start(self) -> Started:
        """A new attempt to sign in."""
        found = self._discovered()
        state, nonce, verifier = (secrets.token_urlsafe(size) for size in (32, 32, 64))
        query = {
            "response_type": "code",
            "client_id": self.settings.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": SCOPE,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge(verifier),
            "code_challenge_method": "S256",
        }
        url = str(httpx.URL(found["authorization_endpoint"]).copy_merge_params(query))
        return Started(url, state, nonce, verifier)

    def email(self, code: str, *, nonce: str, verifier: str) -> str:
        """The confirmed address of the person whom the provider sent back with ``code``."""
        found = self._discovered()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect_uri,
            "code_verifier": verifier,
        }
        secret = (self.settings.client_id, self.settings.client_secret)
        token = self._json("POST", found["token_endpoint"], data=form, auth=secret)
        keys = self._json("GET", found["jwks_uri"])
        claims = self._claims(str(token.get("id_token", "")), keys, nonce)
        if claims.get("email_verified") is not True or not isinstance(claims.get("email"), str):
            raise refused("the address is not confirmed")
        return str(claims["email"]).strip().lower()

    def _claims(self, token: str, keys: dict[str, Any], nonce: str) -> dict[str, Any]:
        """What the id token says, once signature, issuer, audience, time and nonce are right."""
        from joserfc import jwk, jwt  # noqa: PLC0415 -- only if used
        from joserfc.errors import JoseError  # noqa: PLC0415

        try:
            key_set = jwk.KeySet.import_key_set(keys)  # type: ignore[arg-type]
            claims = jwt.decode(token, key_set, algorithms=ALGORITHMS).claims
            jwt.JWTClaimsRegistry(
                leeway=LEEWAY,
                iss={"essential": True, "value": self.settings.issuer},
                aud={"essential": True, "value": self.settings.client_id},
                exp={"essential": True},
                nonce={"essential": True, "value": nonce},
            ).validate(claims)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise refused(type(error).__name__) from None
        return claims

    def _discovered(self) -> dict[str, Any]:
        if not self.settings.issuer:
            raise ProblemError(
                404,
                "provider.unset",
                "No provider is set; sign in by password.",
                "Chưa đặt nhà cung cấp đăng nhập; hãy đăng nhập bằng mật khẩu.",
            )
        found = self._json("GET", f"{self.settings.issuer}/.well-known/openid-configuration")
        if found.get("issuer", "").rstrip("/") != self.settings.issuer:
            raise refused("it names another issuer")
        return found

    def _json(self, method: str, url: str, **options: Any) -> dict[str, Any]:
        try:
            answer = self.http.request(method, url, **options)
            document = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            SERVICE.warning("the sign-in provider does not answer: %s", type(error).__name__)
            raise ProblemError(
                503,
                "provider.away",
                "The sign-in provider does not answer. Try again later.",
                "Nhà cung cấp đăng nhập không trả lời. Hãy thử lại sau.",
            ) from None
        if not answer.is_success or not isinstance(document, dict):
            raise refused(f"status {answer.status_code}")
        return document


def challenge(verifier: str) -> str:
    """What is shown of a verifier before it is used (RFC 7636, S256)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def refused(why: str) -> ProblemError:
    """The one answer to whatever is wrong with an attempt; the log says what it was."""
    SERVICE.warning("signing in through the provider was refused: %s", why)
    return ProblemError(
        401,
        "provider.refused",
        "Signing in through the provider did not work. Start again, or ask an administrator.",
        "Đăng nhập qua nhà cung cấp không thành công. Hãy thử lại hoặc hỏi quản trị viên.",
    )
