"""A live service on a small world, in a process of its own, on either database."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from api.settings import load_settings
from api.work.worker import Worker
from data.session import connect
from tests.support.databases import BACKENDS, new_database, postgres_server
from tests.support.live import serving
from tests.support.service import World, make_world


@dataclass(frozen=True)
class Live:
    """A running service: its address, its world, its database's URL ("" for the home's own)."""

    url: str
    world: World
    database: str

    def client(self, who: str = "") -> httpx.Client:
        """A client of its own connection, signed in with that one's key."""
        headers = self.world.headers(who) if who else {}
        return httpx.Client(base_url=self.url, headers=headers, timeout=60)

    def work(self) -> None:
        """Do the jobs that wait, in this process."""
        settings = load_settings(
            {
                "KETNOI_HOME": str(self.world.home),
                "KETNOI_ENCODER": "hashing",
                "KETNOI_DATABASE_URL": self.database,
            }
        )
        database = connect(settings.database_url)
        while Worker(settings, database).step():
            pass
        database.dispose()


@pytest.fixture(scope="session", params=BACKENDS)
def live(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Live]:
    folder: Path = tmp_path_factory.mktemp("live")
    if request.param == "sqlite":
        yield from _live(folder, "")
        return
    with postgres_server() as server:
        yield from _live(folder, new_database(server))


def _live(folder: Path, url: str) -> Iterator[Live]:
    world = make_world(folder / "home", url=url)
    with serving(
        world.home, "--no-worker", KETNOI_DATABASE_URL=url, KETNOI_UPLOAD_MB="1"
    ) as address:
        yield Live(address, world, url)
