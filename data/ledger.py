"""The ledger: slates shown and decisions made, append-only, each row's hash covering the last.

Nothing here updates or deletes a row. Whoever alters, removes or reorders rows without the program
breaks the chain, and `verify_ledger` names the first row that no longer fits. Only SQLAlchemy's
core is loaded: commands that show one slate start sooner.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import JSON, Connection, TableClause, column, func, insert, select, table, update

from data.session import JsonText
from data.store import MACHINE, Actor, Row, new_id, now

Chain = Literal["slate", "decision"]
CHAINS: tuple[Chain, ...] = ("slate", "decision")
HASH_VERSION = 3
"""1: slates from before it was kept who asked; 2: over all columns; 3: over the items' hash in the
place of the items, so that a list shown again is not gone through again."""
_V1 = (
    "position", "slate_id", "shown_at", "kind", "subject", "release", "inputs_hash", "items",
    "previous_hash",
)  # fmt: skip
"""What the hashes of version 1 cover."""
_ASKER = ("organisation_id", "user_id", "key_id")
_SLATE = table(
    "slate",
    *(column(name, JSON() if name == "items" else None) for name in _V1),
    *(column(name) for name in ("hash", "hash_version", *_ASKER)),
)
_DECISION = table(
    "decision",
    *(
        column(name)
        for name in (
            "position", "decision_id", "at", "call_id", "investor_id", "stage", "reason",
            "slate_id", "lead_id", *_ASKER, "previous_hash", "hash",
        )
    ),
)  # fmt: skip
_TABLES: dict[Chain, TableClause] = {"slate": _SLATE, "decision": _DECISION}
_HEAD = table("ledger_head", column("chain"), column("position"), column("hash"))
_LOCK = 0x6B6E_0002  # of PostgreSQL's advisory locks; see data.session
_STEP = 500


@dataclass(frozen=True, slots=True)
class Listed:
    """The items of a slate as JSON and their hash: made once, however often the list is shown."""

    text: JsonText
    hash: str


@dataclass(frozen=True, slots=True)
class SlateEntry:
    """One slate as the ledger keeps it; `items` is the list shown, in order, as plain JSON."""

    kind: Literal["shortlist", "opportunities", "offers", "requests"]
    subject: str  # call id, investor id, or the text asked
    release: str
    inputs_hash: str
    items: Sequence[dict[str, Any]] | Listed
    slate_id: str = ""  # made when empty
    shown_at: str = ""  # ISO 8601 with zone; now when empty
    asked_by: Actor = MACHINE


@dataclass(frozen=True, slots=True)
class LoggedSlate:
    """Where a slate stands in the ledger."""

    slate_id: str
    position: int
    shown_at: str
    hash: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided, or came, of a pair. `stage` is one of `data.leads.STAGES`."""

    call_id: str
    investor_id: str
    stage: str
    reason: str = ""
    slate_id: str | None = None
    lead_id: str | None = None
    by: Actor = MACHINE
    at: str = ""  # now when empty


@dataclass(frozen=True, slots=True)
class LedgerCheck:
    """How the chains stand. Unbroken: `chain` is empty. Else the first row that does not fit."""

    slates: int
    decisions: int
    chain: Chain | Literal[""] = ""
    position: int = 0
    message: str = ""
    message_vi: str = ""

    @property
    def whole(self) -> bool:
        """Whether nothing was altered, removed or reordered."""
        return not self.chain


def listed(items: Sequence[Mapping[str, Any]]) -> Listed:
    """The items as the ledger keeps them; what is no number in JSON (NaN) is unknown."""
    plain = _as_read_back(list(items))
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    return Listed(JsonText(text), _hash(plain))


def log_slate(connection: Connection, entry: SlateEntry) -> LoggedSlate:
    """Append a slate to the ledger; its hash covers its content and the hash before it."""
    items = entry.items if isinstance(entry.items, Listed) else listed(entry.items)
    row: Row = {
        "slate_id": entry.slate_id or new_id(),
        "shown_at": entry.shown_at or datetime.now(UTC).isoformat(timespec="seconds"),
        "kind": entry.kind,
        "subject": entry.subject,
        "release": entry.release,
        "inputs_hash": entry.inputs_hash,
        "items": items.text,
        "hash_version": HASH_VERSION,
        **_asker(entry.asked_by),
    }
    appended = _append(connection, "slate", row, items_hash=items.hash)
    return LoggedSlate(
        appended["slate_id"], appended["position"], appended["shown_at"], appended["hash"]
    )


def log_decision(connection: Connection, decision: Decision) -> str:
    """Append a decision or an outcome to the ledger and return its id."""
    row: Row = {
        "decision_id": new_id(),
        "at": decision.at or now(),
        "call_id": decision.call_id,
        "investor_id": decision.investor_id,
        "stage": decision.stage,
        "reason": decision.reason,
        "slate_id": decision.slate_id,
        "lead_id": decision.lead_id,
        **_asker(decision.by),
    }
    return str(_append(connection, "decision", row)["decision_id"])


def slate(connection: Connection, slate_id: str) -> Row | None:
    """Return a slate's row with all its columns, None if there is none of that id."""
    found = connection.execute(select(_SLATE).where(_SLATE.c.slate_id == slate_id)).mappings()
    row = found.first()
    return dict(row) if row else None


def decisions_of(connection: Connection, slate_id: str) -> list[Row]:
    """Return the decisions and outcomes that refer to a slate, oldest first."""
    statement = select(_DECISION).where(_DECISION.c.slate_id == slate_id)
    found = connection.execute(statement.order_by(_DECISION.c.position)).mappings()
    return [dict(row) for row in found]


def all_decisions(connection: Connection) -> Iterator[Row]:
    """Give all decisions and outcomes, oldest first."""
    yield from _walk(connection, "decision")


def shown_pairs(
    connection: Connection, slate_id: str, investor_id: str = ""
) -> list[tuple[str, str]]:
    """Return the pairs (call id, investor id) that a slate put forward, in its order.

    `investor_id` is who is meant where the slate was asked for by free text.
    """
    found = slate(connection, slate_id)
    if found is None:
        return []
    if found["kind"] == "shortlist":
        return [(found["subject"], str(item.get("investor_id", ""))) for item in found["items"]]
    return [
        (str(item.get("call_id", "")), investor_id or found["subject"]) for item in found["items"]
    ]


def slate_hash(row: Mapping[str, Any]) -> str:
    """Return the hash that a row of the ledger must have.

    All columns but `hash` count; which of them how, says `HASH_VERSION`.
    """
    version = row.get("hash_version")
    if version == 1:
        return _hash({name: row[name] for name in _V1})
    covered = {name: value for name, value in row.items() if name != "hash"}
    return _hash(covered | {"items": _hash(row["items"])} if version == 3 else covered)


def verify_ledger(connection: Connection) -> LedgerCheck:
    """Read both chains from their start and tell whether every row is as it was written."""
    counts = {name: _count(connection, name) for name in CHAINS}
    for name in CHAINS:
        broken = _first_broken(connection, name)
        if broken:
            position, why, why_vi = broken
            return LedgerCheck(counts["slate"], counts["decision"], name, position, why, why_vi)
    return LedgerCheck(counts["slate"], counts["decision"])


def _first_broken(connection: Connection, name: Chain) -> tuple[int, str, str] | None:
    expected, previous = 1, ""
    for row in _walk(connection, name):
        position = int(row["position"])
        if position != expected:
            return (
                expected,
                f"Row {expected} of the {name} ledger is missing; row {position} comes next.",
                f"Sổ {name} thiếu dòng {expected}; dòng kế tiếp là {position}.",
            )
        if slate_hash(row) != row["hash"]:
            return (
                position,
                f"Row {position} of the {name} ledger was altered: its hash does not fit.",
                f"Dòng {position} của sổ {name} đã bị sửa: mã băm không khớp.",
            )
        if row["previous_hash"] != previous:
            return (
                position,
                f"Row {position} of the {name} ledger does not follow the row before it.",
                f"Dòng {position} của sổ {name} không nối tiếp dòng trước.",
            )
        expected, previous = position + 1, str(row["hash"])
    return _cut_off(connection, name, expected - 1, previous)


def _cut_off(
    connection: Connection, name: Chain, last: int, hash_: str
) -> tuple[int, str, str] | None:
    """Compare the last row with what was noted when it was appended."""
    position, noted = _head(connection, name)
    if (position, noted) == (last, hash_):
        return None
    return (
        last + 1,
        f"The {name} ledger ends at row {last}; when last written to, it ended at row {position}.",
        f"Sổ {name} kết thúc ở dòng {last}; lần ghi cuối là dòng {position}.",
    )


def _append(connection: Connection, name: Chain, row: Row, *, items_hash: str = "") -> Row:
    """Write the row at the chain's end. Writers take turns until their transactions end."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    position, previous = _head(connection, name)
    whole = {**row, "position": position + 1, "previous_hash": previous}
    whole["hash"] = _hash(whole | {"items": items_hash} if items_hash else whole)
    connection.execute(insert(_TABLES[name]), whole)
    noted = {"position": whole["position"], "hash": whole["hash"]}
    if position:
        connection.execute(update(_HEAD).where(_HEAD.c.chain == name), noted)
    else:
        connection.execute(insert(_HEAD), {"chain": name, **noted})
    return whole


def _head(connection: Connection, name: Chain) -> tuple[int, str]:
    found = connection.execute(select(_HEAD).where(_HEAD.c.chain == name)).first()
    return (int(found.position), str(found.hash)) if found else (0, "")


def _walk(connection: Connection, name: Chain) -> Iterator[Row]:
    target, last = _TABLES[name], -(2**31)
    while True:
        statement = select(target).where(target.c.position > last)
        found = connection.execute(statement.order_by(target.c.position).limit(_STEP)).mappings()
        piece = [dict(row) for row in found]
        yield from piece
        if len(piece) < _STEP:
            return
        last = piece[-1]["position"]


def _count(connection: Connection, name: Chain) -> int:
    found = connection.execute(select(func.count()).select_from(_TABLES[name]))
    return int(found.scalar_one())


def _asker(actor: Actor) -> Row:
    return {name: getattr(actor, name) for name in _ASKER}


def _as_read_back(value: Any) -> Any:
    """The value as JSON gives it back; what is no number there (NaN) is unknown."""
    constants = {"NaN": None, "Infinity": None, "-Infinity": None}
    return json.loads(json.dumps(value), parse_constant=constants.get)


def _hash(content: object) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
