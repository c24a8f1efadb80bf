"""What the modules that keep the service's rows share: who acts, the time, ids, rows in and out."""

import secrets
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Table, Text, and_, cast, func, select

from data.errors import KetnoiError, NotFound

Row = dict[str, Any]
Made = TypeVar("Made")


class Conflict(KetnoiError):
    """Someone else was first: the thing changed, or exists already."""


class StaleVersion(Conflict):
    """The version that a change was based on is no longer the current one."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something, for histories, the ledger and access logs. Empty: the machine itself."""

    organisation_id: str | None = None
    user_id: str | None = None
    key_id: str | None = None


MACHINE = Actor()
_TICKING = Lock()
_last_tick = 0


@dataclass(frozen=True, slots=True)
class Page:
    """A piece of a list: at most `limit` rows after the id `after` ("" from the start).

    Lists are ordered by id; ids are made in the order of time, so that new rows come last and a
    cursor stays good whatever is added.
    """

    after: str = ""
    limit: int = 50


ALL = Page(limit=1_000_000)


def now(plus: timedelta | None = None) -> str:
    """Return the time as text: ISO 8601 in UTC with milliseconds, which sorts as time does."""
    return at(datetime.now(UTC) + (plus or timedelta()))


def at(moment: datetime) -> str:
    """Return a moment (with its zone) as `now` writes it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def new_id() -> str:
    """Return 32 hexadecimal digits, nobody else's; later ones sort after earlier ones.

    48 bits of milliseconds, 12 of their fractions, then chance (RFC 9562, version 7, method 3).
    Within one process no two are made in the same fraction.
    """
    global _last_tick
    with _TICKING:
        tick = _last_tick = max(time.time_ns() * 4096 // 1_000_000, _last_tick + 1)
    value = (tick >> 12) << 80 | 7 << 76 | (tick & 0xFFF) << 64 | 2 << 62
    return uuid.UUID(int=value | secrets.randbits(62)).hex


def table_of(name: str) -> Table:
    """Return the table of that name with its columns' types."""
    from sqlmodel import SQLModel  # noqa: PLC0415 -- slow import

    import data.tables  # noqa: F401, PLC0415 -- slow import

    return SQLModel.metadata.tables[name]


def insert(connection: Connection, table: str, row: Mapping[str, Any]) -> None:
    """Insert one row."""
    connection.execute(table_of(table).insert(), dict(row))


def update(
    connection: Connection, table: str, key: Mapping[str, Any], values: Mapping[str, Any]
) -> int:
    """Set columns of the rows whose columns equal `key`; return how many rows those were."""
    statement = table_of(table).update().where(_equal(table, key)).values(dict(values))
    return connection.execute(statement).rowcount


def delete(connection: Connection, table: str, key: Mapping[str, Any]) -> int:
    """Delete the rows whose columns equal `key`; return how many those were."""
    return connection.execute(table_of(table).delete().where(_equal(table, key))).rowcount


def rows(
    connection: Connection, table: str, key: Mapping[str, Any], *, order: Sequence[str] = ()
) -> list[Row]:
    """Return the rows whose columns equal `key`."""
    target = table_of(table)
    statement = select(target).where(_equal(table, key))
    statement = statement.order_by(*(target.c[name] for name in order))
    return [dict(row) for row in connection.execute(statement).mappings()]


def listed(
    connection: Connection,
    table: str,
    id_column: str,
    page: Page,
    *conditions: ColumnElement[bool],
) -> list[Row]:
    """Return a page of the rows that meet the conditions, ordered by id."""
    target = table_of(table)
    statement = select(target).where(*conditions).order_by(target.c[id_column]).limit(page.limit)
    if page.after:
        statement = statement.where(target.c[id_column] > page.after)
    return [dict(row) for row in connection.execute(statement).mappings()]


def counted(connection: Connection, table: str, *conditions: ColumnElement[bool]) -> int:
    """Return how many rows meet the conditions."""
    statement = select(func.count()).select_from(table_of(table)).where(*conditions)
    return int(connection.execute(statement).scalar_one())


def one(
    connection: Connection,
    table: str,
    key: Mapping[str, Any],
    make: Callable[[Row], Made],
    missing: NotFound,
) -> Made:
    """Return the one row whose columns equal `key`, made into a record; raise `missing` if none."""
    found = rows(connection, table, key)
    if not found:
        raise missing
    return make(found[0])


def set_versioned(
    connection: Connection,
    table: str,
    key: Mapping[str, Any],
    values: Mapping[str, Any],
    *,
    version: int,
) -> None:
    """Set columns of a row if it still has the version, and count the version up.

    Raises StaleVersion ("version.stale") if someone else changed the row meanwhile.
    """
    changed = update(
        connection, table, {**key, "version": version}, {**values, "version": version + 1}
    )
    if not changed:
        raise StaleVersion(
            "version.stale",
            f"It was changed by someone else since version {version}. Read it again, then change.",
            f"Người khác đã sửa sau phiên bản {version}. Hãy đọc lại rồi sửa.",
        )


def not_found(code: str, label: str, label_vi: str, wanted: str) -> NotFound:
    """Return the error that says there is no such thing (or none that the asker may see)."""
    return NotFound(
        f"{code}.not_found",
        f"There is no {label} {wanted!r}. Check the id.",
        f"Không có {label_vi} {wanted!r}. Hãy kiểm tra lại mã.",
    )


def like(text: str) -> str:
    """Return the pattern for LIKE … ESCAPE '\\' that finds the text anywhere."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def json_holds(column: ColumnElement[Any], value: str) -> ColumnElement[bool]:
    """Return the condition that a JSON list of plain codes holds a code."""
    return cast(column, Text()).like(like(f'"{value}"'), escape="\\")


def _equal(table: str, key: Mapping[str, Any]) -> ColumnElement[bool]:
    target = table_of(table)
    return and_(True, *(target.c[name] == value for name, value in key.items()))
