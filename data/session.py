"""Open the database: SQLite by default, any other by URL; its schema is brought up to date.

Only SQLAlchemy's core is loaded here, and Alembic only when a migration is due: commands start
sooner. Readers use `read`, writers `write`, each one transaction.
"""

import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, StaticPool, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError, SQLAlchemyError

from data.errors import DatabaseError

BUSY_SECONDS = 15
MIGRATIONS = Path(__file__).parent / "migrations"
_WRITE = "ketnoi_write"


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
        return create_engine(parsed, json_serializer=_to_json)
    in_memory = parsed.database in (None, "", ":memory:")
    if in_memory:
        engine = create_engine(
            parsed,
            poolclass=StaticPool,
            connect_args={"check_same_thread": False},
            json_serializer=_to_json,
        )
    else:
        _make_folder(Path(str(parsed.database)))
        engine = create_engine(
            parsed, connect_args={"timeout": BUSY_SECONDS}, json_serializer=_to_json
        )
    event.listen(engine, "connect", _on_connect_memory if in_memory else _on_connect_file)
    event.listen(engine, "begin", _on_begin)
    return engine


@contextmanager
def read(engine: Engine) -> Iterator[Connection]:
    """Give a connection for reading: one consistent state of the database, nothing kept."""
    with _plain_errors(engine), engine.connect() as connection:
        yield connection


@contextmanager
def write(engine: Engine) -> Iterator[Connection]:
    """Give a connection for writing: all is kept when the block ends, nothing when it raises.

    Writers take turns; one that waits longer than `BUSY_SECONDS` gets DatabaseError
    ("database.busy"). What was committed survives a crash of the program and of the machine.
    """
    with _plain_errors(engine), engine.connect() as plain:
        connection = plain.execution_options(**{_WRITE: True})
        with connection.begin():
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
        if _revision_in(connection) == known[-1]:
            return  # another process has migrated while this one waited for its turn
        upgrade(connection)


@cache
def revisions() -> tuple[str, ...]:
    """Return the ids of the migrations that ship with the code, oldest first."""
    return tuple(sorted(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py")))


def _stored_revision(engine: Engine) -> str | None:
    with read(engine) as connection:
        return _revision_in(connection)


def _revision_in(connection: Connection) -> str | None:
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


def _to_json(value: object) -> str:
    import json  # noqa: PLC0415 -- only writers need it

    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


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
    immediate = connection.get_execution_options().get(_WRITE)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


@contextmanager
def _plain_errors(engine: Engine) -> Iterator[None]:
    """Turn the driver's errors about the database as a whole into DatabaseError."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        place = engine.url.render_as_string(hide_password=True)
        found = _explain(str(getattr(error, "orig", None) or error), place)
        if found is None:
            raise
        raise found from error


def _explain(reason: str, place: str) -> DatabaseError | None:
    with suppress(IndexError):
        reason = reason.splitlines()[0]
    if "locked" in reason or "busy" in reason:
        return DatabaseError(
            "database.busy",
            f"Another command has been writing to {place} for more than {BUSY_SECONDS} seconds. "
            "Wait for it to end, then try again.",
            f"Một lệnh khác đang ghi vào {place} quá {BUSY_SECONDS} giây. "
            "Hãy chờ lệnh đó xong rồi thử lại.",
        )
    if "not a database" in reason or "malformed" in reason:
        return DatabaseError(
            "database.damaged",
            f"{place} is not a database that can be read ({reason}). "
            "Put a copy of it back, or set KETNOI_HOME to another folder and import again.",
            f"Không đọc được cơ sở dữ liệu {place} ({reason}). "
            "Hãy đặt lại bản sao lưu, hoặc đổi KETNOI_HOME rồi nhập lại.",
        )
    if any(sign in reason for sign in ("unable to open", "readonly", "disk is full", "disk I/O")):
        return DatabaseError(
            "database.open",
            f"{place} cannot be written to ({reason}). "
            "Check the folder's rights and the disk's free space, or set KETNOI_HOME.",
            f"Không ghi được vào {place} ({reason}). "
            "Hãy kiểm tra quyền của thư mục và dung lượng đĩa, hoặc đặt KETNOI_HOME.",
        )
    return None
