"""The pipeline of leads: who follows up which investor for which call, and how far it came.

Each change is kept for good in the lead's history; each change of stage also enters the ledger as
a decision that names the slate it came from, from where training learns (`data.feedback`).
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, Connection, func, select
from sqlalchemy.exc import IntegrityError

from data import queries, store
from data.errors import KetnoiError
from data.ledger import Decision, log_decision, slate
from data.store import Actor, Conflict, Page, Row

Stage = Literal[
    "longlisted", "shortlisted", "contacted", "interested", "met", "site_visit", "mou",
    "certificate", "operating", "dismissed",
]  # fmt: skip
STAGES: tuple[Stage, ...] = get_args(Stage)
LONGEST_NOTE = 20_000
_EDITABLE = ("stage", "reason", "owner_id", "next_action", "next_action_on", "notes")


@dataclass(frozen=True, slots=True)
class NewLead:
    """What a lead is made from."""

    organisation_id: str
    call_id: str
    investor_id: str
    stage: Stage = "longlisted"
    reason: str = ""
    owner_id: str | None = None
    next_action: str = ""
    next_action_on: str | None = None  # YYYY-MM-DD
    notes: str = ""
    slate_id: str | None = None


@dataclass(frozen=True, slots=True)
class Lead:
    """One investor followed up for one call by one organisation."""

    lead_id: str
    organisation_id: str
    call_id: str
    investor_id: str
    stage: Stage
    reason: str
    owner_id: str | None
    next_action: str
    next_action_on: str | None
    notes: str
    slate_id: str | None
    created_at: str
    updated_at: str
    version: int


@dataclass(frozen=True, slots=True)
class LeadEvent:
    """One change: `changes` holds [before, after] of each field that changed."""

    lead_id: str
    position: int
    at: str
    user_id: str | None
    key_id: str | None
    stage_before: Stage | None
    stage: Stage
    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LeadFilter:
    """Which leads to list; what is None does not matter."""

    stage: Stage | None = None
    call_id: str | None = None
    investor_id: str | None = None
    owner_id: str | None = None
    due_by: str | None = None  # YYYY-MM-DD: the next action is due on or before


def create_lead(connection: Connection, new: NewLead, *, by: Actor) -> Lead:
    """Start following a pair up.

    Raises Conflict "lead.exists" if the organisation has the pair already; NotFound for a call,
    investor or slate that is not there; KetnoiError "lead.stage", "lead.reason", "lead.owner",
    "lead.date", "lead.notes", "lead.slate".
    """
    queries.call(connection, new.call_id)
    standing = queries.investor(connection, new.investor_id).investor_id  # of those merged
    new = replace(new, investor_id=standing)
    _check_slate(connection, new)
    moment = store.now()
    made = Lead(
        **asdict(new), lead_id=store.new_id(), created_at=moment, updated_at=moment, version=1
    )
    _check(connection, made)
    try:
        with connection.begin_nested():
            store.insert(connection, "lead", asdict(made))
    except IntegrityError:
        raise _exists(connection, new) from None
    filled = {name: [None, value] for name in _EDITABLE if (value := getattr(made, name))}
    _note(connection, made, None, filled, by)
    if made.stage != "longlisted":  # to list a pair decides nothing
        _decide(connection, made, by)
    return made


def change_lead(connection: Connection, changed: Lead, *, by: Actor) -> Lead:
    """Keep the editable fields of a record read before; its version must be the current one.

    A lead may move to any stage, also back; "dismissed" needs a reason, other stages have none.
    Raises StaleVersion "version.stale", NotFound "lead.not_found", and what `create_lead` raises.
    """
    before = lead(connection, changed.lead_id, organisation_id=changed.organisation_id)
    kept = changed if changed.stage == "dismissed" else replace(changed, reason="")
    _check(connection, kept)
    values: Row = {name: getattr(kept, name) for name in _EDITABLE}
    key = {"lead_id": changed.lead_id}
    store.set_versioned(
        connection, "lead", key, values | {"updated_at": store.now()}, version=changed.version
    )
    after = lead(connection, changed.lead_id)
    differing = {
        name: [getattr(before, name), getattr(after, name)]
        for name in _EDITABLE
        if getattr(before, name) != getattr(after, name)
    }
    _note(connection, after, before.stage, differing, by)
    if after.stage != before.stage:
        _decide(connection, after, by)
    return after


def lead(connection: Connection, lead_id: str, *, organisation_id: str | None = None) -> Lead:
    """Return a lead. Raises NotFound ("lead.not_found"), also for another organisation's."""
    key = {"lead_id": lead_id}
    if organisation_id is not None:
        key["organisation_id"] = organisation_id
    missing = store.not_found("lead", "lead", "đầu mối", lead_id)
    return store.one(connection, "lead", key, _lead_of, missing)


def leads(
    connection: Connection,
    *,
    organisation_id: str | None = None,
    wanted: LeadFilter | None = None,
    page: Page = store.ALL,
) -> list[Lead]:
    """Return leads, oldest first, of one organisation or of all."""
    conditions = _conditions(organisation_id, wanted or LeadFilter())
    return [_lead_of(row) for row in store.listed(connection, "lead", "lead_id", page, *conditions)]


def history(connection: Connection, lead_id: str) -> list[LeadEvent]:
    """Return all changes of a lead, oldest first."""
    found = store.rows(connection, "lead_event", {"lead_id": lead_id}, order=("position",))
    return [LeadEvent(**row) for row in found]


def stage_counts(connection: Connection, *, organisation_id: str | None = None) -> dict[str, int]:
    """Return how many leads stand at each stage, all stages named."""
    target = store.table_of("lead")
    statement = select(target.c.stage, func.count()).group_by(target.c.stage)
    if organisation_id is not None:
        statement = statement.where(target.c.organisation_id == organisation_id)
    found = {str(stage): int(count) for stage, count in connection.execute(statement)}
    return {stage: found.get(stage, 0) for stage in STAGES}


def _conditions(organisation_id: str | None, wanted: LeadFilter) -> list[ColumnElement[bool]]:
    target = store.table_of("lead")
    equal = {
        name: getattr(wanted, name) for name in ("stage", "call_id", "investor_id", "owner_id")
    }
    conditions = [target.c[name] == value for name, value in equal.items() if value is not None]
    if organisation_id is not None:
        conditions.append(target.c.organisation_id == organisation_id)
    if wanted.due_by is not None:
        conditions.append(target.c.next_action_on <= wanted.due_by)
    return conditions


def _note(
    connection: Connection, lead: Lead, before: Stage | None, changes: Row, by: Actor
) -> None:
    row: Row = {
        "lead_id": lead.lead_id,
        "position": lead.version,
        "at": lead.updated_at,
        "user_id": by.user_id,
        "key_id": by.key_id,
        "stage_before": before,
        "stage": lead.stage,
        "changes": changes,
    }
    store.insert(connection, "lead_event", row)


def _decide(connection: Connection, lead: Lead, by: Actor) -> None:
    decision = Decision(
        call_id=lead.call_id,
        investor_id=lead.investor_id,
        stage=lead.stage,
        reason=lead.reason,
        slate_id=lead.slate_id,
        lead_id=lead.lead_id,
        by=replace(by, organisation_id=lead.organisation_id),
        at=lead.updated_at,
    )
    log_decision(connection, decision)


def _check(connection: Connection, lead: Lead) -> None:
    if lead.stage not in STAGES:
        raise KetnoiError(
            "lead.stage",
            f"{lead.stage!r} is no stage of a lead. Choose one of {', '.join(STAGES)}.",
            f"{lead.stage!r} không phải giai đoạn. Hãy chọn một trong: {', '.join(STAGES)}.",
        )
    if lead.stage == "dismissed" and not lead.reason.strip():
        raise KetnoiError(
            "lead.reason",
            "A lead is dismissed with a reason. Say why in `reason`.",
            "Loại một đầu mối phải có lý do. Hãy ghi vào `reason`.",
        )
    if len(lead.notes) > LONGEST_NOTE:
        raise KetnoiError(
            "lead.notes",
            f"The notes have {len(lead.notes)} characters. Keep them below {LONGEST_NOTE}.",
            f"Ghi chú dài {len(lead.notes)} ký tự. Hãy rút xuống dưới {LONGEST_NOTE}.",
        )
    _check_day(lead.next_action_on)
    if lead.owner_id is not None:
        key = {"user_id": lead.owner_id, "organisation_id": lead.organisation_id}
        if not store.rows(connection, "user_account", key):
            raise KetnoiError(
                "lead.owner",
                f"{lead.owner_id!r} is nobody of this organisation. Choose one of its people.",
                f"{lead.owner_id!r} không thuộc tổ chức này. Hãy chọn người trong tổ chức.",
            )


def _check_day(day: str | None) -> None:
    if day is None:
        return
    try:
        date.fromisoformat(day)
        if len(day) == 10:
            return
    except ValueError:
        pass
    raise KetnoiError(
        "lead.date",
        f"{day!r} is no day for the next action. Write it as YYYY-MM-DD.",
        f"{day!r} không phải ngày cho việc tiếp theo. Hãy ghi dạng YYYY-MM-DD.",
    )


def _check_slate(connection: Connection, new: NewLead) -> None:
    """The slate must be the organisation's own (or nobody's) and hold the pair."""
    if new.slate_id is None:
        return
    found = slate(connection, new.slate_id)
    if found is None or found["organisation_id"] not in (None, new.organisation_id):
        raise store.not_found("slate", "slate", "danh sách", new.slate_id)
    subject, items = found["subject"], found["items"]
    if found["kind"] == "shortlist":
        holds = subject == new.call_id and any(
            item.get("investor_id") == new.investor_id for item in items
        )
    else:  # asked for an investor, or by free text that names none
        ids = queries.known_ids(connection, "investor") if subject != new.investor_id else set()
        holds = subject not in ids and any(item.get("call_id") == new.call_id for item in items)
    if not holds:
        raise KetnoiError(
            "lead.slate",
            f"The slate {new.slate_id} does not hold this pair. Leave slate_id out, or name the "
            "list that put it forward.",
            f"Danh sách {new.slate_id} không có cặp này. Hãy bỏ slate_id hoặc ghi đúng danh sách.",
        )


def _exists(connection: Connection, new: NewLead) -> Conflict:
    key = {name: getattr(new, name) for name in ("organisation_id", "call_id", "investor_id")}
    found = store.rows(connection, "lead", key)
    lead_id = found[0]["lead_id"] if found else ""
    return Conflict(
        "lead.exists",
        f"The pair is followed up already, as lead {lead_id}. Change that one.",
        f"Cặp này đã được theo dõi, mã {lead_id}. Hãy sửa đầu mối đó.",
    )


def _lead_of(row: Row) -> Lead:
    return Lead(**{field.name: row[field.name] for field in fields(Lead)})
