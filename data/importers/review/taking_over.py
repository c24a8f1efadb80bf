"""Write what a review found: rows, the history of calls, and which list named which call."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from data import commands
from data.commands import Changes, ImportRun
from data.history import Origin, log_call_changes, now, table_of
from data.importers.review.content import Content, records_of
from data.importers.review.diff import Review, stored_rows
from data.importers.review.references import check_references

_WRITERS: Mapping[str, Any] = {
    "project_call": commands.upsert_calls,
    "investor": commands.upsert_investors,
    "deal": commands.upsert_deals,
    "programme": commands.upsert_programmes,
    "offer": commands.upsert_offers,
    "purchase_request": commands.upsert_requests,
    "supply_link": commands.upsert_links,
}


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What taking a draft over did: changes in the order of its rows, and calls closed."""

    changes: Changes
    withdrawn: tuple[str, ...] = ()


def take_over(
    connection: Connection,
    content: Content,
    found: Review,
    origin: Origin,
    *,
    withdraw: bool = False,
) -> Confirmed:
    """Write a content's rows, the history of calls, and which list named which call."""
    check_references(connection, content.kind, origin.file_name, content.kept)
    records = records_of(content.table, [each.row for each in found.rows])
    changes: Changes = _WRITERS[content.table](connection, records)
    run = ImportRun(content.kind, origin.file_name, origin.sha256)
    commands.log_import(connection, run, changes)
    withdrawn: tuple[str, ...] = ()
    if content.table == "project_call":
        entries = [
            (each.key[0], each.status, each.changes if each.status == "changed" else {})
            for each in found.rows
            if each.status != "same"
        ]
        log_call_changes(connection, entries, origin)
        if content.understood:
            _note_listing(connection, [each.key[0] for each in found.rows], origin)
        if withdraw:
            withdrawn = _withdraw(connection, content, origin)
    return Confirmed(changes, withdrawn)


def wait_for_turn(connection: Connection) -> None:
    """Make other writers of imported rows wait until this transaction ends.

    SQLite's writers take turns by themselves; on PostgreSQL the one row of the content's version
    serves as the lock.
    """
    connection.execute(text("UPDATE content_version SET value = value"))


def _withdraw(connection: Connection, content: Content, origin: Origin) -> tuple[str, ...]:
    ids = [each["call_id"] for each in content.gone]
    rows = stored_rows(connection, "project_call", ids)
    still = [row for row in rows.values() if row["status"] == "open"]
    closed = [{**row, "status": "closed"} for row in still]
    commands.upsert_calls(connection, records_of("project_call", closed))
    entries = [(row["call_id"], "withdrawn", {"status": ("open", "closed")}) for row in still]
    log_call_changes(connection, entries, origin)
    return tuple(row["call_id"] for row in closed)


def _note_listing(connection: Connection, ids: Sequence[str], origin: Origin) -> None:
    known = {
        call_id
        for (call_id,) in connection.execute(
            text("SELECT call_id FROM call_listing WHERE sha256 = :sha256"),
            {"sha256": origin.sha256},
        )
    }
    at = now()
    rows = [
        {"sha256": origin.sha256, "call_id": each, "file_name": origin.file_name, "listed_at": at}
        for each in ids
        if each not in known
    ]
    if rows:
        connection.execute(table_of("call_listing").insert(), rows)
