"""What may be listed, filtered and sorted, as SQL: calls, investors, deals, programmes, slates."""

from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, false, func, literal, or_

from api.edge.paging import Listing
from data.reference.spelling import fold
from data.store import json_holds, like, table_of

Conditions = list[ColumnElement[bool]]


@cache
def calls() -> Listing:
    """Calls by id, title, province, capital (upper end, unknown as lowest) or date."""
    table = table_of("project_call")
    sorts: dict[str, ColumnElement[Any]] = {
        "call_id": table.c.call_id,
        "title": table.c.title,
        "province": table.c.place_code,
        "capital": _amount(table, "capital_vnd"),
        "land": _amount(table, "land_ha"),
        "published_on": func.coalesce(table.c.published_on, ""),
    }
    return Listing(table, (table.c.call_id,), sorts)


@cache
def investors() -> Listing:
    """Investors by id, name, country or capital."""
    table = table_of("investor")
    sorts: dict[str, ColumnElement[Any]] = {
        "investor_id": table.c.investor_id,
        "name": table.c.name_folded,
        "country": table.c.country,
        "capital": _amount(table, "capital_vnd"),
    }
    return Listing(table, (table.c.investor_id,), sorts)


@cache
def deals() -> Listing:
    """Deals by date or stage."""
    table = table_of("deal")
    key = tuple(table.c[name] for name in ("investor_id", "call_id", "date", "stage"))
    return Listing(table, key, {"date": table.c.date, "stage": table.c.stage})


@cache
def programmes() -> Listing:
    """Programmes by id."""
    table = table_of("programme")
    return Listing(table, (table.c.programme_id,), {})


@cache
def slates() -> Listing:
    """Slates in the order they were shown."""
    table = table_of("slate")
    return Listing(table, (table.c.position,), {"position": table.c.position})


def equal(listing: Listing, **wanted: str | None) -> Conditions:
    """Conditions that columns equal what was asked for; None does not matter."""
    columns = listing.table.c
    return [columns[name] == value for name, value in wanted.items() if value is not None]


def holds(column: Column[Any], value: str | None) -> Conditions:
    """The condition that a JSON list of codes holds one."""
    return [] if value is None else [json_holds(column, value)]


def contains(column: Column[Any], text: str | None) -> Conditions:
    """The condition that a folded text contains another, marks and case apart."""
    if text is None:
        return []
    return [column.like(like(fold(text)), escape="\\")]


def still_open(today: date) -> Conditions:
    """The condition that a call invites today; a deadline of a month lasts all of it."""
    columns = table_of("project_call").c
    day = literal(today.isoformat())
    in_time = columns.closes_on >= func.substr(day, 1, func.length(columns.closes_on))
    return [columns.status == "open", or_(columns.closes_on.is_(None), in_time)]


def nothing() -> Conditions:
    """The condition that no row meets."""
    return [false()]


def _amount(table: Table, prefix: str) -> ColumnElement[Any]:
    return func.coalesce(table.c[f"{prefix}_high"], table.c[f"{prefix}_low"], -1.0)


@cache
def jobs() -> Listing:
    """Jobs in the order they were asked for."""
    table = table_of("job")
    return Listing(table, (table.c.job_id,), {})


@cache
def drafts() -> Listing:
    """Drafts of imports in the order they were made."""
    table = table_of("draft")
    return Listing(table, (table.c.created_at, table.c.draft_id), {})
