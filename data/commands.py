"""Writes: records into the database; slates into the ledger by way of `data.ledger`.

All functions take a connection of `data.session.write`, so that everything in its block is kept or
nothing is.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, select, text

from data.errors import KetnoiError
from data.ledger import LoggedSlate, SlateEntry, log_slate, slate_hash
from data.queries import content_version
from data.records import (
    ActivityCorrection,
    Deal,
    Investor,
    Offer,
    Programme,
    ProjectCall,
    PurchaseRequest,
    SupplyLink,
)
from data.rows import KEYS, ROW_OF, Row, alias_rows

__all__ = [
    "Changes", "ImportRun", "LoggedSlate", "SlateEntry", "correct_activity", "log_import",
    "log_slate", "preview", "slate_hash", "upsert_calls", "upsert_deals", "upsert_investors",
    "upsert_links",
    "upsert_offers",
    "upsert_programmes",
    "upsert_requests",
]  # fmt: skip

Status = Literal["new", "changed", "same"]
_CHUNK = 500  # ids in one query; SQLite allows 32,766 variables, older builds 999


@dataclass(frozen=True, slots=True)
class Changes:
    """What a write did: numbers of rows, and each record's status in the order given."""

    new: int = 0
    changed: int = 0
    same: int = 0
    statuses: tuple[Status, ...] = field(default=(), repr=False)

    @property
    def any(self) -> bool:
        """Whether the database differs from before."""
        return bool(self.new or self.changed)


@dataclass(frozen=True, slots=True)
class ImportRun:
    """The file that rows came from: kind, name without folders, sha256 of its bytes."""

    kind: str
    file_name: str
    sha256: str


def upsert_investors(connection: Connection, records: Sequence[Investor]) -> Changes:
    """Add or replace investors by id, with their aliases. Ids must not repeat within `records`."""
    changes = _upsert(connection, "investor", records, _alias_changes(connection, records))
    touched = [
        record for record, status in zip(records, changes.statuses, strict=True) if status != "same"
    ]
    target = _table("investor_alias")
    for ids in _chunks([record.investor_id for record in touched]):
        connection.execute(target.delete().where(target.c.investor_id.in_(ids)))
    _insert(connection, "investor_alias", [row for record in touched for row in alias_rows(record)])
    return changes


def upsert_calls(connection: Connection, records: Sequence[ProjectCall]) -> Changes:
    """Add or replace calls by id. Ids must not repeat within `records`."""
    return _upsert(connection, "project_call", records)


def upsert_deals(connection: Connection, records: Sequence[Deal]) -> Changes:
    """Add or replace deals by investor, call, date and stage, which must not repeat.

    Investors and calls must be in the database already.
    """
    return _upsert(connection, "deal", records)


def upsert_programmes(connection: Connection, records: Sequence[Programme]) -> Changes:
    """Add or replace programmes by id. Ids must not repeat within `records`."""
    return _upsert(connection, "programme", records)


def upsert_offers(connection: Connection, records: Sequence[Offer]) -> Changes:
    """Add or replace offers by id. Ids must not repeat within `records`."""
    return _upsert(connection, "offer", records)


def upsert_requests(connection: Connection, records: Sequence[PurchaseRequest]) -> Changes:
    """Add or replace purchase requests by id. Ids must not repeat within `records`."""
    return _upsert(connection, "purchase_request", records)


def upsert_links(connection: Connection, records: Sequence[SupplyLink]) -> Changes:
    """Add or replace links by seller, buyer, product and date, which must not repeat."""
    return _upsert(connection, "supply_link", records)


def preview(connection: Connection, table: str, records: Sequence[Any]) -> Changes:
    """Return what writing the records into a table would do, without writing."""
    rows = _rows(table, records)
    forced = _alias_changes(connection, records) if table == "investor" else frozenset()
    return _changes(_statuses(connection, table, rows, forced))


def log_import(connection: Connection, run: ImportRun, changes: Changes) -> None:
    """Note the file that changed the database; a file that changed nothing leaves no trace."""
    if not changes.any:
        return
    row = {
        "kind": run.kind,
        "file_name": run.file_name,
        "sha256": run.sha256,
        "imported_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "rows_new": changes.new,
        "rows_changed": changes.changed,
        "rows_same": changes.same,
    }
    _insert(connection, "import_run", [row])


def correct_activity(connection: Connection, correction: ActivityCorrection) -> None:
    """Keep what a person said of a party's activity, in place of what was said of it before."""
    row: Row = {
        "kind": correction.kind,
        "party_id": correction.party_id,
        "activity_id": correction.activity_id,
        "holds": correction.holds,
        "corrected_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    connection.execute(
        text(
            "DELETE FROM activity_correction WHERE kind = :kind AND party_id = :party_id "
            "AND activity_id = :activity_id"
        ),
        row,
    )
    connection.execute(
        text(
            "INSERT INTO activity_correction (kind, party_id, activity_id, holds, corrected_at) "
            "VALUES (:kind, :party_id, :activity_id, :holds, :corrected_at)"
        ),
        row,
    )


def _canonical(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _upsert(
    connection: Connection,
    table: str,
    records: Sequence[Any],
    forced: frozenset[str] = frozenset(),
) -> Changes:
    """Insert the new rows, update those that differ (or are named), leave the others alone."""
    rows = _rows(table, records)
    statuses = _statuses(connection, table, rows, forced)
    by_status: dict[Status, list[Row]] = {"new": [], "changed": [], "same": []}
    for row, status in zip(rows, statuses, strict=True):
        by_status[status].append(row)
    _insert(connection, table, by_status["new"])
    _update(connection, table, by_status["changed"])
    # Aliases have a table of their own: a record's row alone does not show that they changed.
    written = [
        [row, getattr(record, "aliases", ())]
        for record, row, status in zip(records, rows, statuses, strict=True)
        if status != "same"
    ]
    advance_version(connection, table, written)
    return _changes(statuses)


def _rows(table: str, records: Sequence[Any]) -> list[Row]:
    rows = [ROW_OF[table](record) for record in records]
    keys = Counter(_key(table, row) for row in rows)
    twice = next((key for key, count in keys.items() if count > 1), None)
    if twice is not None:
        raise KetnoiError(
            "import.repeated_id",
            f"{' / '.join(twice)} comes twice among the rows to write. Keep one of them.",
            f"{' / '.join(twice)} xuất hiện hai lần trong các dòng cần ghi. Hãy giữ một dòng.",
        )
    return rows


def _key(table: str, row: Row) -> tuple[str, ...]:
    return tuple(row[part] for part in KEYS[table])


def _statuses(
    connection: Connection, table: str, rows: Sequence[Row], forced: frozenset[str]
) -> tuple[Status, ...]:
    stored = _stored(connection, table, [row[KEYS[table][0]] for row in rows])
    keys = [_key(table, row) for row in rows]
    return tuple(
        _status(row, stored.get(key), key[0] in forced) for key, row in zip(keys, rows, strict=True)
    )


def _changes(statuses: tuple[Status, ...]) -> Changes:
    found = Counter(statuses)
    return Changes(found["new"], found["changed"], found["same"], statuses)


def _alias_changes(connection: Connection, records: Sequence[Investor]) -> frozenset[str]:
    """Return the ids of the stored investors whose other names differ from the records'."""
    aliases = {record.investor_id: alias_rows(record) for record in records}
    stored = _stored_aliases(connection, list(aliases))
    return frozenset(id_ for id_, rows in aliases.items() if id_ in stored and rows != stored[id_])


def _status(row: Row, stored: Row | None, forced: bool) -> Status:
    if stored is None:
        return "new"
    return "changed" if forced or stored != row else "same"


def _table(name: str) -> Any:
    from sqlmodel import SQLModel  # noqa: PLC0415 -- slow import, for writers alone

    import data.tables  # noqa: F401, PLC0415 -- slow import

    return SQLModel.metadata.tables[name]


def _stored(connection: Connection, table: str, ids: Sequence[str]) -> dict[tuple[str, ...], Row]:
    """Return the stored rows whose key begins with one of the ids, by key."""
    target, key = _table(table), KEYS[table]
    found: dict[tuple[str, ...], Row] = {}
    for chunk in _chunks(sorted(set(ids))):
        statement = select(target).where(target.c[key[0]].in_(chunk))
        statement = statement.order_by(*(target.c[part] for part in key))
        for row in connection.execute(statement).mappings():
            found[tuple(row[part] for part in key)] = dict(row)
    return found


def _stored_aliases(connection: Connection, ids: Sequence[str]) -> dict[str, list[Row]]:
    """Return the stored aliases of the investors that are stored, in order."""
    found: dict[str, list[Row]] = {key[0]: [] for key in _stored(connection, "investor", ids)}
    rows = _stored(connection, "investor_alias", ids) if found else {}
    for row in rows.values():
        found[row["investor_id"]].append(row)
    return found


def _insert(connection: Connection, table: str, rows: Sequence[Row]) -> None:
    if rows:
        connection.execute(_table(table).insert(), list(rows))


def _update(connection: Connection, table: str, rows: Sequence[Row]) -> None:
    if not rows:
        return
    target, key = _table(table), KEYS[table]
    names = [name for name in rows[0] if name not in key]
    statement = target.update().values({name: bindparam(f"new_{name}") for name in names})
    for part in key:
        statement = statement.where(target.c[part] == bindparam(f"key_{part}"))
    values = [
        {f"key_{part}": row[part] for part in key} | {f"new_{name}": row[name] for name in names}
        for row in rows
    ]
    connection.execute(statement, values)


def advance_version(connection: Connection, table: str, rows: Sequence[object]) -> None:
    """Change the content version by what was written: indexes made before are out of date then."""
    if not rows:
        return
    before = content_version(connection)
    after = hashlib.sha256(_canonical([before, table, rows])).hexdigest()[:32]
    if before:
        connection.execute(text("UPDATE content_version SET value = :value"), {"value": after})
    else:
        connection.execute(
            text("INSERT INTO content_version (one, value) VALUES (1, :value)"), {"value": after}
        )


def _chunks(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    for start in range(0, len(ids), _CHUNK):
        yield ids[start : start + _CHUNK]
