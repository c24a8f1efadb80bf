"""Reads: rows of the database as records.

All functions take a connection of `data.session.read` (or `write`); a SQLModel session gives one
with `session.connection()`. Lists are ordered by id, so that equal databases answer alike.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Literal

from sqlalchemy import JSON, Connection, TextClause, text

from data.errors import NotFound
from data.identity.merged import (
    combined,
    kept_ids,
    members,
    merge_corrections,
    merge_deals,
    merge_investors,
)
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
from data.reference.spelling import fold
from data.rows import (
    JSON_COLUMNS,
    KEYS,
    Row,
    call_of,
    deal_of,
    investor_of,
    link_of,
    offer_of,
    programme_of,
    request_of,
)

Kind = Literal["investor", "project_call", "programme"]

_LABELS: dict[str, tuple[str, str, str]] = {
    "investor": ("investor", "nhà đầu tư", "name"),
    "project_call": ("call", "dự án kêu gọi", "title"),
    "programme": ("programme", "chương trình", "name_vi"),
}


def investor(connection: Connection, investor_id: str) -> Investor:
    """Return the investor, merged ones as one. Raises NotFound ("investor.not_found")."""
    standing, *others = (
        _stored_investor(connection, each) for each in members(kept_ids(connection), investor_id)
    )
    return combined(standing, others)


def _stored_investor(connection: Connection, investor_id: str) -> Investor:
    row = _one(connection, "investor", investor_id)
    found = connection.execute(
        text("SELECT alias FROM investor_alias WHERE investor_id = :id ORDER BY position"),
        {"id": investor_id},
    )
    return investor_of(row, [alias for (alias,) in found])


def call(connection: Connection, call_id: str) -> ProjectCall:
    """Return the call. Raises NotFound ("call.not_found") with the nearest ids."""
    return call_of(_one(connection, "project_call", call_id))


def investors(connection: Connection, *, as_imported: bool = False) -> list[Investor]:
    """Return all investors; those merged are one, unless they are wanted ``as_imported``."""
    aliases: dict[str, list[str]] = defaultdict(list)
    found = connection.execute(
        text("SELECT investor_id, alias FROM investor_alias ORDER BY investor_id, position")
    )
    for investor_id, alias in found:
        aliases[investor_id].append(alias)
    rows = _all(connection, "investor")
    stored = [investor_of(row, aliases.get(row["investor_id"], ())) for row in rows]
    return stored if as_imported else merge_investors(stored, kept_ids(connection))


def calls(connection: Connection, status: str | None = None) -> list[ProjectCall]:
    """Return all calls, or those with the status "open" or "closed"."""
    if status is None:
        return [call_of(row) for row in _all(connection, "project_call")]
    rows = _all(connection, "project_call", "status = :status", status=status)
    return [call_of(row) for row in rows]


def deals(connection: Connection) -> list[Deal]:
    """Return all deals, those of merged investors under the id that stands for them.

    Ordered by investor, call, date and stage.
    """
    stored = [deal_of(row) for row in _all(connection, "deal")]
    return merge_deals(stored, kept_ids(connection))


def deals_of(connection: Connection, investor_id: str) -> list[Deal]:
    """Return an investor's deals, with those of the investors merged with it."""
    kept = kept_ids(connection)
    rows = [
        row
        for each in members(kept, investor_id)
        for row in _all(connection, "deal", "investor_id = :investor_id", investor_id=each)
    ]
    return merge_deals([deal_of(row) for row in rows], kept)


def programme(connection: Connection, programme_id: str) -> Programme:
    """Return a programme. Raises NotFound ("programme.not_found") with the nearest ids."""
    return programme_of(_one(connection, "programme", programme_id))


def programmes(connection: Connection) -> list[Programme]:
    """Return all cooperation programmes."""
    return [programme_of(row) for row in _all(connection, "programme")]


def offers(connection: Connection) -> list[Offer]:
    """Return all product offers."""
    return [offer_of(row) for row in _all(connection, "offer")]


def requests(connection: Connection) -> list[PurchaseRequest]:
    """Return all purchase requests."""
    return [request_of(row) for row in _all(connection, "purchase_request")]


def links(connection: Connection) -> list[SupplyLink]:
    """Return who is known to deliver what to whom, ordered by seller, buyer, product, date."""
    return [link_of(row) for row in _all(connection, "supply_link")]


def activity_corrections(connection: Connection) -> list[ActivityCorrection]:
    """Return what people said calls and investors do, ordered by kind, party and activity.

    What was said of an investor that is merged away holds for the one that stands for it.
    """
    found = connection.execute(
        text(
            "SELECT kind, party_id, activity_id, holds FROM activity_correction "
            "ORDER BY kind, party_id, activity_id"
        )
    )
    stored = [
        ActivityCorrection(kind, party, name, bool(holds)) for kind, party, name, holds in found
    ]
    return merge_corrections(stored, kept_ids(connection))


def counts(connection: Connection) -> dict[str, int]:
    """Return the number of investors, calls, deals and programmes."""
    names = {"investors": "investor", "calls": "project_call", "deals": "deal"}
    names["programmes"] = "programme"
    columns = ", ".join(f"(SELECT count(*) FROM {table})" for table in names.values())  # noqa: S608 -- fixed names
    row = connection.execute(text(f"SELECT {columns}")).one()
    return dict(zip(names, row, strict=True))


def known_ids(connection: Connection, kind: Kind) -> set[str]:
    """Return the ids of all rows of a kind."""
    key = KEYS[kind][0]
    return {found for (found,) in connection.execute(text(f"SELECT {key} FROM {kind}"))}  # noqa: S608 -- fixed names


def content_version(connection: Connection) -> str:
    """Return a value that changes whenever an imported row is added or changed; "" when none is.

    It depends on what was imported in which order alone: equal imports into two databases give
    equal versions.
    """
    found = connection.execute(text("SELECT value FROM content_version")).scalar()
    return str(found or "")


def suggest_ids(
    connection: Connection, kind: Kind, wrong_id: str, *, limit: int = 3
) -> list[tuple[str, str]]:
    """Return up to `limit` pairs of id and name nearest to a wrong id or name, best first."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415 -- slow import, for errors alone

    key, name = KEYS[kind][0], _LABELS[kind][2]
    found = connection.execute(text(f"SELECT {key}, {name} FROM {kind} ORDER BY {key}"))  # noqa: S608 -- fixed names
    pairs = [(str(id_), str(name_)) for id_, name_ in found]
    wanted = fold(wrong_id)
    scores: dict[int, float] = defaultdict(float)
    for texts, scorer in (
        ([fold(id_) for id_, _ in pairs], fuzz.ratio),
        ([fold(name_) for _, name_ in pairs], fuzz.WRatio),
    ):
        close = process.extract(wanted, texts, scorer=scorer, limit=limit, score_cutoff=60)
        for _, score, place in close:
            scores[place] = max(scores[place], score)
    best = sorted(scores, key=lambda place: (-scores[place], pairs[place]))
    return [pairs[place] for place in best[:limit]]


def _select(table: str, where: str, order: Sequence[str]) -> TextClause:
    statement = f"SELECT * FROM {table} WHERE {where} ORDER BY {', '.join(order)}"  # noqa: S608 -- fixed names
    return text(statement)


def _all(connection: Connection, table: str, where: str = "1 = 1", **values: str) -> list[Row]:
    selected = _select(table, where, KEYS[table])
    typed = selected.columns(**{name: JSON() for name in JSON_COLUMNS[table]})
    rows = [dict(row) for row in connection.execute(typed, values).mappings()]
    if connection.dialect.name != "sqlite":  # others may order texts as a language does
        rows.sort(key=lambda row: tuple(row[name] for name in KEYS[table]))
    return rows


def _one(connection: Connection, kind: Kind, wanted: str) -> Row:
    rows = _all(connection, kind, f"{KEYS[kind][0]} = :wanted", wanted=wanted)
    if rows:
        return rows[0]
    raise _not_found(connection, kind, wanted)


def _not_found(connection: Connection, kind: Kind, wanted: str) -> NotFound:
    label, label_vi, _ = _LABELS[kind]
    near = suggest_ids(connection, kind, wanted)
    listed = ", ".join(f"{id_} ({name[:60]})" for id_, name in near)
    if listed:
        hint, hint_vi = f"Did you mean {listed}?", f"Có phải là {listed}?"
    else:
        command = {"investor": "investors", "project_call": "calls"}.get(kind, "programmes")
        hint = f"Check the id, or import it with `ketnoi import {command} FILE`."
        hint_vi = f"Hãy kiểm tra mã, hoặc nhập bằng `ketnoi import {command} FILE`."
    return NotFound(
        f"{label}.not_found",
        f"There is no {label} {wanted!r}. {hint}",
        f"Không có {label_vi} {wanted!r}. {hint_vi}",
    )
