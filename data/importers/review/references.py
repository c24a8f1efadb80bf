"""Refuse deals of investors or calls that the database does not hold."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import Connection

from data import queries
from data.importers.problems import ImportFailed, Problem
from data.importers.table import unknown_references

_PAIRS: Sequence[tuple[str, queries.Kind]] = (
    ("investor_id", "investor"),
    ("call_id", "project_call"),
)


class _HasFields(Protocol):
    @property
    def fields(self) -> Mapping[str, Any]: ...


def check_references(
    connection: Connection, kind: str, file_name: str, rows: Sequence[_HasFields]
) -> None:
    """Raise ImportFailed with each id of a deal that is not known, and the nearest ones."""
    if kind != "deals":
        return
    problems: list[Problem] = []
    for column, table in _PAIRS:

        def suggest(wrong: str, table: queries.Kind = table) -> str:
            near = queries.suggest_ids(connection, table, wrong)
            return f"The nearest are {', '.join(id_ for id_, _ in near)}." if near else ""

        known = queries.known_ids(connection, table)
        named = [_named(row.fields[column]) for row in rows]
        problems += unknown_references(named, column, known, suggest)
    if problems:
        raise ImportFailed(file_name, problems)


def _named(field: Any) -> tuple[str, str]:
    if isinstance(field, Mapping):
        return field["value"], field["where"]
    return field.value, field.where
