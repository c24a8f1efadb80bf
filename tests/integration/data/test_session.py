"""The database as a whole: made once, safe to share, honest when it cannot be opened."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from data.errors import DatabaseError
from data.session import connect, exists, open_engine, read, revisions, write

ROOT = Path(__file__).parents[3]


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'deep' / 'k.sqlite'}"


def test_open_engine_makes_folder_and_tables(url: str) -> None:
    engine = open_engine(url)

    assert exists(url)
    assert {"investor", "project_call", "deal", "slate"} <= set(inspect(engine).get_table_names())


def test_exists_where_nothing_was_made(url: str) -> None:
    assert not exists(url)


@pytest.mark.parametrize(
    ("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)]
)
def test_connection_keeps_what_was_committed(url: str, pragma: str, value: object) -> None:
    with read(open_engine(url)) as connection:
        assert connection.execute(text(f"PRAGMA {pragma}")).scalar() == value


def test_write_keeps_nothing_when_it_raises(url: str) -> None:
    engine = open_engine(url)
    with pytest.raises(ZeroDivisionError), write(engine) as connection:
        connection.execute(text("INSERT INTO content_version VALUES (1, 'x')"))
        raise ZeroDivisionError

    with read(engine) as connection:
        assert connection.execute(text("SELECT count(*) FROM content_version")).scalar() == 0


def test_open_engine_refuses_newer_database(url: str) -> None:
    with write(open_engine(url)) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(DatabaseError, match="9999, newer than") as caught:
        open_engine(url)
    assert caught.value.code == "database.newer"
    assert "mới hơn" in caught.value.message_vi


def test_open_engine_refuses_other_file(tmp_path: Path) -> None:
    path = tmp_path / "k.sqlite"
    path.write_text("this is no database, but long enough to look like a file " * 20)

    with pytest.raises(DatabaseError, match="not a database") as caught:
        open_engine(f"sqlite:///{path}")
    assert caught.value.code == "database.damaged"


def test_connect_refuses_what_is_no_url() -> None:
    with pytest.raises(DatabaseError, match="KETNOI_DATABASE_URL is 'nonsense'"):
        connect("nonsense")


def test_busy_database_is_said_so(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = open_engine(url)
    other = connect(url)
    with write(engine), pytest.raises(DatabaseError) as caught, read(other) as connection:
        connection.execute(text("PRAGMA busy_timeout = 10"))
        connection.rollback()
        busy = connection.execution_options(ketnoi_write=True)
        busy.execute(text("SELECT 1"))
    assert caught.value.code == "database.busy"
    monkeypatch.undo()


def test_two_processes_migrating_at_once(url: str) -> None:
    code = f"from data.session import open_engine; open_engine({url!r})"
    running = [
        subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    outcomes = [process.communicate(timeout=60)[1].decode() for process in running]

    assert outcomes == ["", "", ""]
    assert [process.returncode for process in running] == [0, 0, 0]
    with read(connect(url)) as connection:
        version = connection.execute(text("SELECT version_num FROM alembic_version")).scalars()
        assert list(version) == [revisions()[-1]]


def test_reading_loads_no_model_classes() -> None:
    code = (
        "import sys, data.session, data.queries, data.commands\n"
        "slow = {'sqlmodel', 'alembic', 'pydantic', 'sqlalchemy.orm'} & set(sys.modules)\n"
        "assert not slow, slow"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
