"""The database as a whole: made once, safe to share, honest when it cannot be opened."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import JSON, Column, MetaData, Table, insert, inspect, select, text
from sqlalchemy.engine import Engine

from data.errors import DatabaseError, KetnoiError
from data.session import connect, ensure_schema, exists, open_engine, read, revisions, write
from tests.support.databases import MakeUrl

ROOT = Path(__file__).parents[3]


@pytest.fixture
def file_url(tmp_path: Path) -> str:
    """URL of a SQLite file in a folder that is not there yet."""
    return f"sqlite:///{tmp_path / 'deep' / 'k.sqlite'}"


def test_open_engine_makes_folder_and_tables(file_url: str) -> None:
    engine = open_engine(file_url)

    assert exists(file_url)
    assert {"investor", "project_call", "deal", "slate"} <= set(inspect(engine).get_table_names())


def test_exists_where_nothing_was_made(file_url: str) -> None:
    assert not exists(file_url)


@pytest.mark.parametrize(
    ("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)]
)
def test_connection_keeps_what_was_committed(file_url: str, pragma: str, value: object) -> None:
    with read(open_engine(file_url)) as connection:
        assert connection.execute(text(f"PRAGMA {pragma}")).scalar() == value


def test_write_keeps_nothing_when_it_raises(engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError), write(engine) as connection:
        connection.execute(text("INSERT INTO content_version VALUES (1, 'x')"))
        raise ZeroDivisionError

    with read(engine) as connection:
        assert connection.execute(text("SELECT count(*) FROM content_version")).scalar() == 0


def test_open_engine_refuses_newer_database(engine: Engine) -> None:
    with write(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(DatabaseError, match="9999, newer than") as caught:
        ensure_schema(engine)
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


def test_busy_database_is_said_so(
    engine: Engine, filled_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("data.session.BUSY_SECONDS", 1)
    other = connect(filled_url)
    with write(engine), pytest.raises(DatabaseError) as caught, write(other):
        pass
    other.dispose()
    assert caught.value.code == "database.busy"
    assert "Hãy chờ" in caught.value.message_vi


def test_reader_sees_one_state(engine: Engine, filled_url: str) -> None:
    other = connect(filled_url)
    count = text("SELECT count(*) FROM content_version")
    with read(other) as reader:
        assert reader.execute(count).scalar() == 0
        with write(engine) as connection:
            connection.execute(text("INSERT INTO content_version VALUES (1, 'x')"))
        assert reader.execute(count).scalar() == 0
    with read(other) as reader:
        assert reader.execute(count).scalar() == 1
    other.dispose()


def test_writers_see_what_was_written_while_they_waited(engine: Engine) -> None:
    with write(engine) as connection:
        connection.execute(text("INSERT INTO content_version VALUES (1, '0')"))

    def add(_: int) -> None:
        with write(engine) as connection:
            found = connection.execute(text("SELECT value FROM content_version")).scalar_one()
            time.sleep(0.005)
            connection.execute(
                text("UPDATE content_version SET value = :value"), {"value": str(int(found) + 1)}
            )

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add, range(12)))
    with read(engine) as reader:
        assert reader.execute(text("SELECT value FROM content_version")).scalar() == "12"


@pytest.mark.parametrize(
    "values",
    [{"kind": "a\ud800b", "count": 1}, {"kind": "a", "count": 1 << 70}],
    ids=["character", "number"],
)
def test_value_that_cannot_be_kept_is_said_so(engine: Engine, values: dict[str, object]) -> None:
    statement = text("INSERT INTO import_run VALUES (1, :kind, '', '', '', :count, 0, 0)")
    with pytest.raises(KetnoiError) as caught, write(engine) as connection:
        connection.execute(statement, values)
    assert caught.value.code == "value.unwritable"


def test_server_that_is_not_there_is_said_so() -> None:
    url = "postgresql+psycopg://someone:secret@127.0.0.1:1/k"
    with pytest.raises(DatabaseError, match="does not serve") as caught:
        open_engine(url)
    assert caught.value.code == "database.open"
    assert "secret" not in caught.value.message + caught.value.message_vi


def test_two_processes_migrating_at_once(url: str) -> None:
    code = f"from data.session import open_engine; open_engine({url!r})"
    running = [
        subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    outcomes = [process.communicate(timeout=60)[1].decode() for process in running]

    assert outcomes == ["", "", ""]
    assert [process.returncode for process in running] == [0, 0, 0]
    engine = connect(url)
    with read(engine) as connection:
        version = connection.execute(text("SELECT version_num FROM alembic_version")).scalars()
        assert list(version) == [revisions()[-1]]
    engine.dispose()


def test_reading_loads_no_model_classes() -> None:
    code = (
        "import sys, data.session, data.queries, data.commands\n"
        "slow = {'sqlmodel', 'alembic', 'pydantic', 'sqlalchemy.orm'} & set(sys.modules)\n"
        "assert not slow, slow"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def test_long_json_comes_back_from_both_databases(new_url: MakeUrl) -> None:
    table = Table("long_values", MetaData(), Column("value", JSON()))
    rows = [{"số": n, "tên": "dự án" * 5} for n in range(5_000)]
    engine = connect(new_url())
    table.metadata.create_all(engine)
    with write(engine) as connection:
        connection.execute(insert(table), {"value": {"rows": rows}})
    with read(engine) as connection:
        assert connection.scalar(select(table.c.value)) == {"rows": rows}
    engine.dispose()
