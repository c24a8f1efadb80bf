"""Settings, read from the environment here and nowhere else. `docs/settings.md` lists them all."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from data.errors import KetnoiError

_RATE = re.compile(r"[1-9]\d*/(second|minute|hour|day)")
_YES, _NO = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}


@dataclass(frozen=True, slots=True)
class OidcSettings:
    """A provider that people sign in with (OpenID Connect); unset while ``issuer`` is empty."""

    issuer: str = ""
    client_id: str = ""
    client_secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """What `ketnoi serve` and `ketnoi worker` need beyond the commands."""

    upload_mb: int = 50  # largest file that may be sent
    rate: str = "600/minute"  # requests of one key or person
    sign_in_rate: str = "10/minute"  # attempts from one address
    proxies: str = "127.0.0.1"  # whose word on the asker's address is taken, split by commas
    session_hours: int = 12
    cookie_secure: bool = True  # session cookies over HTTPS alone
    queue: int = 256  # requests that may wait for a ranking or an encoding
    reload_seconds: float = 2.0  # how often a newer release or newer rows are looked for
    log_level: str = "INFO"
    public_url: str = ""  # the address people see, for links and signing in elsewhere
    webhooks_private: bool = False  # whether webhooks may name addresses inside the network
    smtp_url: str = field(default="", repr=False)  # mails wait in the outbox while it is empty
    mail_from: str = "ketnoi@localhost"
    oidc: OidcSettings = OidcSettings()


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that differs between two installations."""

    home: Path
    database_url: str
    encoder: str
    service: ServiceSettings = ServiceSettings()

    @property
    def models(self) -> Path:
        """Folder of materialised encoders."""
        return self.home / "models"

    @property
    def vector_cache(self) -> Path:
        return self.home / "vectors.sqlite"

    @property
    def eligibility_rules(self) -> Path:
        """A centre's own rules, which go before those that ship; need not exist."""
        return self.home / "eligibility_rules.csv"

    @property
    def releases(self) -> Path:
        return self.home / "releases"


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from ``environ`` (default: the process environment).

    An empty variable counts as unset, as in a compose file with nothing after the colon.

    Raises:
        KetnoiError: ``settings.value``: a variable of the service says what cannot be.
    """
    env = os.environ if environ is None else environ
    home = Path(env.get("KETNOI_HOME") or "var").absolute()
    return Settings(
        home=home,
        database_url=env.get("KETNOI_DATABASE_URL") or f"sqlite:///{home / 'ketnoi.sqlite'}",
        encoder=env.get("KETNOI_ENCODER") or "e5-small",
        service=_service(env),
    )


def _service(env: Mapping[str, str]) -> ServiceSettings:
    usual = ServiceSettings()
    return ServiceSettings(
        upload_mb=int(_number(env, "KETNOI_UPLOAD_MB", usual.upload_mb, 1, 1000)),
        rate=_rate(env, "KETNOI_RATE", usual.rate),
        sign_in_rate=_rate(env, "KETNOI_SIGN_IN_RATE", usual.sign_in_rate),
        proxies=env.get("KETNOI_PROXIES") or usual.proxies,
        session_hours=int(_number(env, "KETNOI_SESSION_HOURS", usual.session_hours, 1, 720)),
        cookie_secure=_switch(env, "KETNOI_COOKIE_SECURE", usual.cookie_secure),
        queue=int(_number(env, "KETNOI_QUEUE", usual.queue, 1, 4096)),
        reload_seconds=_number(env, "KETNOI_RELOAD_SECONDS", usual.reload_seconds, 0.1, 3600),
        log_level=_level(env, "KETNOI_LOG_LEVEL", usual.log_level),
        public_url=(env.get("KETNOI_PUBLIC_URL") or usual.public_url).rstrip("/"),
        webhooks_private=_switch(env, "KETNOI_WEBHOOKS_PRIVATE", usual.webhooks_private),
        smtp_url=env.get("KETNOI_SMTP_URL") or "",
        mail_from=env.get("KETNOI_MAIL_FROM") or usual.mail_from,
        oidc=OidcSettings(
            issuer=(env.get("KETNOI_OIDC_ISSUER") or "").rstrip("/"),
            client_id=env.get("KETNOI_OIDC_CLIENT_ID") or "",
            client_secret=env.get("KETNOI_OIDC_CLIENT_SECRET") or "",
        ),
    )


def _number(env: Mapping[str, str], name: str, usual: float, least: float, most: float) -> float:
    text = env.get(name) or str(usual)
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not least <= value <= most or (isinstance(usual, int) and value != int(value)):
        raise _wrong(name, text, f"{least:g}…{most:g}")
    return value


def _rate(env: Mapping[str, str], name: str, usual: str) -> str:
    text = env.get(name) or usual
    if not _RATE.fullmatch(text):
        raise _wrong(name, text, "600/minute, 20/second")
    return text


def _switch(env: Mapping[str, str], name: str, usual: bool) -> bool:
    text = (env.get(name) or ("1" if usual else "0")).lower()
    if text not in _YES | _NO:
        raise _wrong(name, text, "1, 0")
    return text in _YES


def _level(env: Mapping[str, str], name: str, usual: str) -> str:
    text = (env.get(name) or usual).upper()
    if text not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise _wrong(name, text, "debug, info, warning, error")
    return text


def _wrong(name: str, text: str, such_as: str) -> KetnoiError:
    return KetnoiError(
        "settings.value",
        f"{name} is {text!r}, which cannot be used. Set it to such as: {such_as}.",
        f"{name} là {text!r}, không dùng được. Hãy đặt giá trị như: {such_as}.",
    )
