"""Every test of the data layer that asks for a database runs on both kinds."""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import Connection
from sqlalchemy.engine import Engine, make_url

from data.session import open_engine, write
from tests.support.databases import BACKENDS, MakeUrl, new_database, postgres_server


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """URL of a PostgreSQL server, started once."""
    with postgres_server() as url:
        yield url


@pytest.fixture(scope="session")
def postgresql_template(server: str) -> str:
    """Name of a database with all tables, to be copied."""
    url = new_database(server)
    open_engine(url).dispose()
    return str(make_url(url).database)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with all tables, to be copied."""
    path = tmp_path_factory.mktemp("template") / "k.sqlite"
    opened = open_engine(f"sqlite:///{path}")
    opened.dispose()  # the last connection takes the log into the file
    return path


@pytest.fixture(scope="session")
def postgresql_standing_url(server: str, postgresql_template: str) -> str:
    """A database with all tables for tests that keep nothing."""
    return new_database(server, postgresql_template)


@pytest.fixture(scope="session")
def sqlite_standing_url(sqlite_template: Path) -> str:
    """A database with all tables for tests that keep nothing."""
    return f"sqlite:///{shutil.copy(sqlite_template, sqlite_template.with_name('standing.sqlite'))}"


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """The kind of database."""
    return str(request.param)


@pytest.fixture
def new_url(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> MakeUrl:
    """A function that gives the URL of another empty database at each call."""
    if backend == "postgresql":
        server: str = request.getfixturevalue("server")
        return lambda: new_database(server)
    numbers = iter(range(100))
    return lambda: f"sqlite:///{tmp_path / f'k{next(numbers)}.sqlite'}"


@pytest.fixture
def url(new_url: MakeUrl) -> str:
    """URL of an empty database."""
    return new_url()


@pytest.fixture
def filled_url(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """URL of a database with all tables, which other processes may open too."""
    if backend == "postgresql":
        template: str = request.getfixturevalue("postgresql_template")
        return new_database(request.getfixturevalue("server"), template)
    path = tmp_path / "k.sqlite"
    shutil.copy(request.getfixturevalue("sqlite_template"), path)
    return f"sqlite:///{path}"


@pytest.fixture
def engine(filled_url: str) -> Iterator[Engine]:
    """An engine on a database with all tables and no rows."""
    opened = open_engine(filled_url)
    yield opened
    opened.dispose()


class _Undone(Exception):
    """Ends a test's transaction without keeping it."""


@pytest.fixture
def connection(
    standing: dict[str, Engine], backend: str, request: pytest.FixtureRequest
) -> Iterator[Connection]:
    """A connection for writing; nothing is kept when the test ends."""
    if backend not in standing:
        standing[backend] = open_engine(request.getfixturevalue(f"{backend}_standing_url"))
    with suppress(_Undone), write(standing[backend]) as opened:
        yield opened
        raise _Undone


@pytest.fixture(scope="session")
def standing() -> Iterator[dict[str, Engine]]:
    """One engine a backend for all tests that keep nothing."""
    engines: dict[str, Engine] = {}
    yield engines
    for each in engines.values():
        each.dispose()
