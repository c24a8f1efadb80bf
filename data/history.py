"""What calls said before: each change with its day, person, file, and old and new values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Connection, text

from data.errors import NotFound
from data.queries import suggest_ids
from data.rows import Row

__all__ = ["Change", "Origin", "call_history", "log_call_changes", "now", "table_of"]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where changes come from: a person (a name or id), a file, the draft they confirmed."""

    by: str = ""
    file_name: str = ""
    sha256: str = ""
    draft_id: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of a call's history; `changes` gives old and new value by field."""

    call_id: str
    action: str  # new | changed | withdrawn
    changed_at: str
    changed_by: str
    file_name: str
    sha256: str
    draft_id: str | None
    changes: Mapping[str, Sequence[Any]]


def table_of(name: str) -> Any:
    """Return a table for writing; loads the model classes, which readers do without."""
    from sqlmodel import SQLModel  # noqa: PLC0415 -- slow import, for writers alone

    import data.tables  # noqa: F401, PLC0415 -- slow import

    return SQLModel.metadata.tables[name]


def now() -> str:
    """Return the time as the tables keep it: ISO 8601 in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def log_call_changes(
    connection: Connection,
    entries: Sequence[tuple[str, str, Mapping[str, Sequence[Any]]]],
    origin: Origin,
) -> None:
    """Append entries (call id, action, changes by field) to the history of calls."""
    if not entries:
        return
    at = now()
    rows: list[Row] = [
        {
            "call_id": call_id,
            "action": action,
            "changed_at": at,
            "changed_by": origin.by,
            "file_name": origin.file_name,
            "sha256": origin.sha256,
            "draft_id": origin.draft_id,
            "changes": {name: list(pair) for name, pair in changes.items()},
        }
        for call_id, action, changes in entries
    ]
    connection.execute(table_of("call_history").insert(), rows)


def call_history(connection: Connection, call_id: str) -> list[Change]:
    """Return a call's history, oldest first.

    Raises NotFound ("call.not_found") for an id that neither the calls nor the history hold.
    """
    selected = text(
        "SELECT call_id, action, changed_at, changed_by, file_name, sha256, draft_id, changes "
        "FROM call_history WHERE call_id = :call_id ORDER BY entry_id"
    ).columns(changes=JSON())
    found = connection.execute(selected, {"call_id": call_id}).mappings()
    entries = [Change(**row) for row in found]
    if not entries and not _is_call(connection, call_id):
        near = suggest_ids(connection, "project_call", call_id)
        listed = ", ".join(f"{id_} ({name[:60]})" for id_, name in near)
        raise NotFound(
            "call.not_found",
            f"There is no call {call_id!r}. "
            + (f"Did you mean {listed}?" if listed else "Check the id."),
            f"Không có dự án {call_id!r}. "
            + (f"Có phải là {listed}?" if listed else "Hãy kiểm tra mã."),
        )
    return entries


def _is_call(connection: Connection, call_id: str) -> bool:
    found = connection.execute(
        text("SELECT 1 FROM project_call WHERE call_id = :call_id"), {"call_id": call_id}
    )
    return found.first() is not None
