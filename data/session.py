"""Open the database: SQLite by default, any other by URL; its schema is brought up to date.

Only SQLAlchemy's core is loaded here, and Alembic only when a migration is due: commands start
sooner. Readers use `read`, writers `write`, each one transaction; both mean the same on SQLite and
on PostgreSQL.
"""

import os
import re
import sqlite3
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, StaticPool, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    OperationalError,
    ProgrammingError,
    SQLAlchemyError,
)

from data import long_json
from data.errors import DatabaseError, KetnoiError

BUSY_SECONDS = 15
MIGRATIONS = Path(__file__).parent / "migrations"
_WRITE = "ketnoi_write"
_WRITERS_LOCK = 0x6B6E_0001  # of PostgreSQL's advisory locks
_BUSY_STATES = frozenset({"55P03", "40P01", "40001"})  # no lock in time, deadlock, serialisation
_OPEN_CLASSES = frozenset({"08", "28", "3D", "53", "57", "58"})  # connection, rights, room, halt
_OPEN_SIGNS = (
    "unable to open", "readonly", "disk is full", "disk I/O", "connection failed",
    "connection refused", "server closed the connection", "connection is closed",
)  # fmt: skip


def open_engine(url: str) -> Engine:
    """Return an engine on an up-to-date database, made with its folder if it is not there yet.

    `url` is SQLAlchemy's, such as "sqlite:///var/ketnoi.db"; "sqlite://" is a database in memory.
    Raises DatabaseError when it cannot be opened or was made by a newer release.
    """
    engine = connect(url)
    ensure_schema(engine)
    return engine


def exists(url: str) -> bool:
    """Tell whether the URL's database is there; only files can be told absent."""
    parsed = _parse(url)
    if parsed.get_backend_name() != "sqlite":
        return True
    return bool(parsed.database) and Path(str(parsed.database)).is_file()


def connect(url: str) -> Engine:
    """Return an engine without touching the database's schema."""
    parsed = _parse(url)
    if parsed.get_backend_name() != "sqlite":
        engine = create_engine(parsed, **_JSON, pool_pre_ping=True)
        weakref.finalize(engine, engine.pool.dispose)  # a server's connections are to be closed
        return engine
    in_memory = parsed.database in (None, "", ":memory:")
    if in_memory:
        engine = create_engine(
            parsed,
            poolclass=StaticPool,
            connect_args={"check_same_thread": False},
            **_JSON,
        )
    else:
        _make_folder(Path(str(parsed.database)))
        engine = create_engine(parsed, connect_args={"timeout": BUSY_SECONDS}, **_JSON)
    if not in_memory:
        event.listen(engine, "do_connect", _make_private)
    event.listen(engine, "connect", _on_connect_memory if in_memory else _on_connect_file)
    event.listen(engine, "begin", _on_begin)
    return engine


@contextmanager
def read(engine: Engine) -> Iterator[Connection]:
    """Give a connection for reading: one consistent state of the database, nothing kept."""
    with _plain_errors(engine), engine.connect() as plain:
        connection = plain
        if engine.dialect.name == "postgresql":
            connection = plain.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        yield connection


@contextmanager
def write(
    engine: Engine, *, alone: bool = True, patience: float | None = None
) -> Iterator[Connection]:
    """Give a connection for writing: all is kept when the block ends, nothing when it raises.

    Writers take turns; one that waits longer than `patience` seconds (`BUSY_SECONDS`) gets
    DatabaseError ("database.busy"). What was committed survives a crash of the program and of the
    machine.

    With `alone` set to False writers do not take turns on PostgreSQL: for short blocks whose
    statements are safe by themselves (claiming a job, noting a use, logging a slate).
    """
    milliseconds = int(1000 * (BUSY_SECONDS if patience is None else patience))
    with _plain_errors(engine), engine.connect() as plain:
        connection = plain.execution_options(**{_WRITE: milliseconds})
        with connection.begin():
            if engine.dialect.name == "postgresql":
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = {milliseconds}")
                if alone:  # reads in the block see what the writer before has committed
                    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITERS_LOCK})")
            yield connection


def ensure_schema(engine: Engine) -> None:
    """Bring the schema to the code's version if it is older; refuse one that is newer.

    Costs one query when nothing is due. Two processes may call it at once: one migrates, the other
    waits and finds nothing to do.
    """
    known = revisions()
    found = _stored_revision(engine)
    if found == known[-1]:
        return
    if found is not None and found not in known:
        raise DatabaseError(
            "database.newer",
            f"The database is at version {found}, newer than this release's {known[-1]}. "
            "Install the newer release, or set KETNOI_HOME to another folder.",
            f"Cơ sở dữ liệu ở phiên bản {found}, mới hơn phiên bản {known[-1]} của phần mềm. "
            "Hãy cài bản mới hơn, hoặc đặt KETNOI_HOME sang thư mục khác.",
        )
    from data.migrations.run import upgrade  # noqa: PLC0415 -- slow import

    with write(engine) as connection:
        if schema_version(connection) == known[-1]:
            return  # another process has migrated while this one waited for its turn
        upgrade(connection)


@cache
def revisions() -> tuple[str, ...]:
    """Return the ids of the migrations that ship with the code, oldest first."""
    return tuple(sorted(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py")))


def _stored_revision(engine: Engine) -> str | None:
    with read(engine) as connection:
        return schema_version(connection)


def schema_version(connection: Connection) -> str | None:
    """Return the schema's version, None where there is no schema yet."""
    try:
        with connection.begin_nested():  # a failed query must not spoil the caller's transaction
            found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except (OperationalError, ProgrammingError) as error:
        if "no such table" in str(error) or "does not exist" in str(error):
            return None
        raise
    return None if found is None else str(found)


def _parse(url: str) -> URL:
    """The URL taken apart; refused if it is none, or no driver for it is installed."""
    try:
        parsed = make_url(url)
        parsed.get_dialect().import_dbapi()
        parsed.render_as_string()
    except (SQLAlchemyError, ImportError, ValueError) as error:
        raise _bad_url(url, error) from None
    if parsed.get_backend_name() == "sqlite" and (parsed.host or parsed.username):
        raise _bad_url(url, ValueError("a file has neither host nor user"))
    return parsed


def _bad_url(url: str, error: Exception) -> DatabaseError:
    shown = re.sub(r"//[^/@]*@", "//…@", url)  # never show a password
    reason = str(error).splitlines()[0]
    return DatabaseError(
        "database.url",
        f"KETNOI_DATABASE_URL is {shown!r}, which cannot be used ({reason}). "
        "Write one such as sqlite:///var/ketnoi.sqlite.",
        f"KETNOI_DATABASE_URL là {shown!r}, không dùng được ({reason}). "
        "Hãy ghi dạng sqlite:///var/ketnoi.sqlite.",
    )


def _make_folder(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseError(
            "database.folder",
            f"The folder {path.parent} for the database cannot be made ({error.strerror}). "
            "Set KETNOI_HOME to a folder that you may write to.",
            f"Không tạo được thư mục {path.parent} cho cơ sở dữ liệu ({error.strerror}). "
            "Hãy đặt KETNOI_HOME là thư mục có quyền ghi.",
        ) from None


class JsonText(str):
    """JSON already: a column of JSON takes it as it stands."""

    __slots__ = ()


def _to_json(value: object) -> str:
    if isinstance(value, JsonText):
        return value
    return long_json.dumps(value)


_JSON: dict[str, Any] = {"json_serializer": _to_json, "json_deserializer": long_json.loads}


def _make_private(_dialect: object, _record: object, arguments: Any, _named: object) -> None:
    """Let a new database file be its owner's alone: it will hold personal data."""
    path = str(arguments[0])
    if not path.startswith("file:"):
        # Only a new file is touched: to close one that is in use drops this process's locks on it,
        # and another program that ends would then delete the log that holds the last commits.
        with suppress(OSError):  # the driver then says what is wrong
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def _on_connect_memory(connection: Any, _record: object) -> None:
    # Transactions are begun by `_on_begin`: the driver's own rule would leave DDL outside of them.
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")


def _on_connect_file(connection: Any, _record: object) -> None:
    _on_connect_memory(connection, _record)
    # FULL, not NORMAL: with the write-ahead log NORMAL may lose the last commits when power fails.
    connection.execute("PRAGMA synchronous = FULL")
    deadline = time.monotonic() + BUSY_SECONDS
    while True:  # switching the journal does not wait for other connections by itself
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _on_begin(connection: Connection) -> None:
    # A writer takes its lock at once: a lock taken half-way could no longer wait for others.
    milliseconds = connection.get_execution_options().get(_WRITE)
    if milliseconds is None:
        connection.exec_driver_sql("BEGIN")
        return
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {milliseconds}")
    connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextmanager
def _plain_errors(engine: Engine) -> Iterator[None]:
    """Turn the driver's errors about the database as a whole into DatabaseError."""
    try:
        yield
    except (DataError, UnicodeEncodeError, OverflowError) as error:
        raise _unwritable() from error
    except (DBAPIError, sqlite3.Error) as error:
        place = engine.url.render_as_string(hide_password=True)
        reason = str(getattr(error, "orig", None) or error)
        state = str(getattr(getattr(error, "orig", None), "sqlstate", None) or "")
        found = _explain(reason, place, state)
        if found is None:
            raise
        raise found from error


def _unwritable() -> KetnoiError:
    return KetnoiError(
        "value.unwritable",
        "A text holds a character that no database keeps (NUL, half of a pair), or a number is "
        "too large. Remove it.",
        "Có ký tự mà cơ sở dữ liệu không lưu được (NUL, nửa ký tự) hoặc số quá lớn. Hãy bỏ đi.",
    )


def _explain(reason: str, place: str, state: str = "") -> DatabaseError | None:
    """`state` is PostgreSQL's five characters, "" on SQLite and without a connection."""
    with suppress(IndexError):
        reason = reason.splitlines()[0]
    if state:
        busy, open_ = state in _BUSY_STATES, state[:2] in _OPEN_CLASSES
    else:
        busy = "locked" in reason or "busy" in reason
        open_ = any(sign in reason for sign in _OPEN_SIGNS)
    if busy:
        return DatabaseError(
            "database.busy",
            f"Another command has been writing to {place} for more than {BUSY_SECONDS} seconds. "
            "Wait for it to end, then try again.",
            f"Một lệnh khác đang ghi vào {place} quá {BUSY_SECONDS} giây. "
            "Hãy chờ lệnh đó xong rồi thử lại.",
        )
    if not state and ("not a database" in reason or "malformed" in reason):
        return DatabaseError(
            "database.damaged",
            f"{place} is not a database that can be read ({reason}). "
            "Put a copy of it back, or set KETNOI_HOME to another folder and import again.",
            f"Không đọc được cơ sở dữ liệu {place} ({reason}). "
            "Hãy đặt lại bản sao lưu, hoặc đổi KETNOI_HOME rồi nhập lại.",
        )
    if not open_:
        return None
    if place.startswith("sqlite"):
        return DatabaseError(
            "database.open",
            f"{place} cannot be written to ({reason}). "
            "Check the folder's rights and the disk's free space, or set KETNOI_HOME.",
            f"Không ghi được vào {place} ({reason}). "
            "Hãy kiểm tra quyền của thư mục và dung lượng đĩa, hoặc đặt KETNOI_HOME.",
        )
    return DatabaseError(
        "database.open",
        f"The database server of {place} does not serve ({reason}). "
        "Check that it runs, its disk, and the name and password in KETNOI_DATABASE_URL.",
        f"Máy chủ cơ sở dữ liệu {place} không phục vụ được ({reason}). "
        "Hãy kiểm tra máy chủ, dung lượng đĩa, tên và mật khẩu trong KETNOI_DATABASE_URL.",
    )
