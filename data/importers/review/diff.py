"""What taking a draft over would do to the database, row by row and field by field."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from data.commands import Status
from data.history import table_of
from data.importers.review.content import Content, Item
from data.importers.review.fields import Change, changes_between, columns_of, fields_of
from data.rows import KEYS, Row

_CHUNK = 500
_UNKNOWN: tuple[Any, ...] = (None, "", [], {})


@dataclass(frozen=True, slots=True)
class RowReview:
    """One row: its place in the file, the row to be stored, its status, its changes by field."""

    where: str
    key: tuple[str, ...]
    row: Row
    status: Status
    changes: dict[str, Change]


@dataclass(frozen=True, slots=True)
class Review:
    """All rows of a draft as they would be stored, and digests of those stored now."""

    rows: Sequence[RowReview]
    stored: dict[str, str] = field(default_factory=dict)

    def count(self, status: Status) -> int:
        return sum(each.status == status for each in self.rows)


def review(connection: Connection, content: Content) -> Review:
    """Compare a content's rows with those stored."""
    table = content.table
    items = content.kept
    stored = stored_rows(connection, table, [content.key(item)[0] for item in items])
    rows = []
    for item in items:
        key = content.key(item)
        before = stored.get(key)
        merged = _merged(content, item, before)
        changes = changes_between(table, before, merged) if before != merged else {}
        status: Status = "new" if before is None else "changed" if changes else "same"
        rows.append(RowReview(item.where, key, merged, status, changes))
    return Review(rows, digests(content, stored))


def digests(content: Content, stored: dict[tuple[str, ...], Row]) -> dict[str, str]:
    """Return a digest of what is stored under each key of a content, "" for nothing."""
    keys = [content.key(item) for item in content.kept]
    return {" / ".join(key): _digest(stored.get(key)) for key in keys}


def stored_rows(
    connection: Connection, table: str, ids: Sequence[str]
) -> dict[tuple[str, ...], Row]:
    """Return the stored rows whose key begins with one of the ids; investors with their aliases."""
    target, parts = table_of(table), KEYS[table]
    found: dict[tuple[str, ...], Row] = {}
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        statement = select(target).where(target.c[parts[0]].in_(chunk))
        for row in connection.execute(statement).mappings():
            found[tuple(row[part] for part in parts)] = dict(row)
    if table == "investor":
        for each in found.values():
            each["aliases"] = []
        aliases = stored_rows(connection, "investor_alias", ids) if found else {}
        for (investor_id, _), alias in sorted(aliases.items()):
            found[(investor_id,)]["aliases"].append(alias["alias"])
    return found


def _merged(content: Content, item: Item, before: Row | None) -> Row:
    """Return the row to store: what the file leaves unsaid stays as it is stored.

    That holds for published lists, which lack most of our columns, and for values left empty
    because they were read with too little confidence. A table with our columns replaces the row.
    """
    row = dict(item.record)
    if before is None:
        return row
    emptied = {name for name, each in item.fields.items() if each.get("emptied")}
    for name in fields_of(content.table, row):
        unsaid = content.understood and name not in item.fields and _unknown(content, row, name)
        if name == "notes" and content.understood:
            row["notes"] = {**before["notes"], **row["notes"]}
        elif (
            unsaid
            or name in emptied
            or (content.understood and _reworded(content.table, row, before, name))
        ):
            for column in columns_of(content.table, name):
                row[column] = before[column]
    return row


def _reworded(table: str, row: Row, before: Row, name: str) -> bool:
    """Tell whether a field of several columns has the same value, only written in other words."""
    values = [column for column in columns_of(table, name) if not _is_wording(column)]
    if len(values) == len(columns_of(table, name)):
        return False
    same = all(row.get(column) == before.get(column) for column in values)
    return same and any(row.get(column) not in _UNKNOWN for column in values)


def _is_wording(column: str) -> bool:
    return column.endswith(("_text", "as_written"))


def _unknown(content: Content, row: Row, name: str) -> bool:
    return all(row[column] in _UNKNOWN for column in columns_of(content.table, name))


def _digest(row: Row | None) -> str:
    if row is None:
        return ""
    text = json.dumps(row, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def row_json(each: RowReview) -> dict[str, Any]:
    """Return a row of a review as `--json` shows it."""
    return {
        "where": each.where,
        "id": " / ".join(each.key),
        "title": each.row.get("title") or each.row.get("name") or each.row.get("name_vi") or "",
        "status": each.status,
        "changes": {name: {"old": old, "new": new} for name, (old, new) in each.changes.items()}
        if each.status == "changed"
        else {},
    }
