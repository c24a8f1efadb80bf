"""A small made-up world served over HTTP: two centres, two businesses, an organiser, a platform."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Connection

from api.app import create_app
from api.engine import build_index
from api.settings import load_settings
from data import accounts, commands, keys
from data.accounts import NewOrganisation, NewUser, Organisation, Role, User
from data.session import open_engine, read, write
from tests.support.markets import NGHE_AN, THANH_HOA, call, deal, investor, money

PASSWORD = "correct horse battery"  # noqa: S105 -- of made-up people
ROLES: Mapping[str, tuple[str, Role]] = {
    "platform": ("platform", "administrator"),
    "administrator": ("centre", "administrator"),
    "staff": ("centre", "staff"),
    "reader": ("centre", "reader"),
    "neighbour": ("other_centre", "administrator"),
    "organiser": ("organiser", "organiser"),
    "business": ("business", "business"),
    "rival": ("rival", "business"),
}
"""Who asks in tests: the organisation's name and the role."""


@dataclass(frozen=True)
class World:
    """What was made: organisations, people and keys by the names above."""

    home: Path
    organisations: Mapping[str, Organisation]
    users: Mapping[str, User]
    keys: Mapping[str, str]

    def headers(self, name: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.keys[name]}"}

    def app(self, **environ: str) -> FastAPI:
        """The application on this world's home."""
        settings = {
            "KETNOI_HOME": str(self.home),
            "KETNOI_ENCODER": "hashing",
            "KETNOI_RATE": "1000000/minute",
            "KETNOI_SIGN_IN_RATE": "1000/minute",
            "KETNOI_COOKIE_SECURE": "0",
            **environ,
        }
        return create_app(load_settings(settings))


@contextmanager
def client_of(world: World, name: str = "", **environ: str) -> Iterator[TestClient]:
    """A client of the running application, signed in with the key of that name."""
    headers = world.headers(name) if name else {}
    with TestClient(world.app(**environ), headers=headers) as client:
        yield client


def make_world(home: Path, *, url: str = "") -> World:
    """Fill a home with a small market, an index, and everyone in `ROLES`."""
    settings = load_settings(
        {"KETNOI_HOME": str(home), "KETNOI_ENCODER": "hashing", "KETNOI_DATABASE_URL": url}
    )
    database = open_engine(settings.database_url)
    with write(database) as connection:
        commands.upsert_investors(
            connection,
            [
                investor("v1", "Gió Biển", country="Vietnam", aliases=("Sea Wind",)),
                investor("v2", "Cát Vàng", country="Thailand"),
                investor("v3", "Gió Mới", sectors=("energy",), activities=("điện gió",)),
            ],
        )
        commands.upsert_calls(
            connection,
            [
                call("c1", "Điện gió Mai Lâm", capital=money(2e12, 2e12, "2.000 tỷ đồng")),
                call("c2", "Khu nghỉ dưỡng Hải Tiến", "tourism", place=NGHE_AN),
                call("c3", "Cảng Nghi Sơn", "logistics", place=THANH_HOA),
                call("p1", "Điện gió Hòn Me", status="closed"),
                call("p2", "Khu nghỉ dưỡng Sầm Sơn", "tourism", status="closed"),
            ],
        )
        commands.upsert_deals(connection, [deal("v1", "p1", "2021"), deal("v2", "p2", "2022")])
        made = _people(connection)
    with read(database) as connection:
        build_index(settings, connection, progress=lambda _done, _total: None)
    database.dispose()
    return World(home, *made)


def _people(
    connection: Connection,
) -> tuple[dict[str, Organisation], dict[str, User], dict[str, str]]:
    organisations = {
        name: accounts.create_organisation(connection, NewOrganisation(kind, name, codes, profile))
        for name, (kind, codes, profile) in _ORGANISATIONS.items()
    }
    password = keys.hash_password(PASSWORD)
    users, made = {}, {}
    for name, (where, role) in ROLES.items():
        home = organisations[where].organisation_id
        new = NewUser(home, f"{name}@example.vn", name.title(), role, "vi", password)
        users[name] = accounts.create_user(connection, new)
        made[name] = keys.create_key(connection, keys.NewKey(home, name, role, ["*"]))[1]
    return organisations, users, made


_ORGANISATIONS: Mapping[str, tuple[accounts.OrganisationKind, list[str], str | None]] = {
    "platform": ("platform", [], None),
    "centre": ("centre", ["38"], None),
    "other_centre": ("centre", ["40"], None),
    "organiser": ("organiser", [], None),
    "business": ("business", [], "v1"),
    "rival": ("business", [], "v2"),
}
