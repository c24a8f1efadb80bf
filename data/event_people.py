"""Who comes to an event, with consent and wishes; the event file that is solved."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from data import store
from data.errors import KetnoiError
from data.events import HEAD, EventInterpreter, EventTable, event, made_of, touch
from data.store import Conflict, Page, Row

WishKind = Literal["must", "want", "no_thanks"]


@dataclass(frozen=True, slots=True)
class NewParticipant:
    """Who is registered. Without a consent text and its day nobody is."""

    participant_id: str
    side: Literal["a", "b"]
    consent_text: str
    consented_on: str  # YYYY-MM-DD
    name: str = ""
    party_id: str = ""
    languages: Sequence[str] = ()
    unavailable: Sequence[str] = ()
    min_meetings: int = 0
    max_meetings: int | None = None
    standby: bool = False


@dataclass(frozen=True, slots=True)
class Participant(NewParticipant):
    """Who is registered for an event."""

    event_id: str = ""
    created_at: str = ""
    updated_at: str = ""
    version: int = 1


_EDITABLE = (
    "name", "party_id", "languages", "unavailable", "min_meetings", "max_meetings", "standby",
)  # fmt: skip


def register(connection: Connection, event_id: str, new: NewParticipant) -> Participant:
    """Add a participant.

    Raises Conflict "participant.exists"; KetnoiError "participant.consent", "participant.limits".
    """
    _check_participant(new)
    moment = store.now()
    row = asdict(new) | {"event_id": event_id, "version": 1}
    row |= {"languages": list(new.languages), "unavailable": list(new.unavailable)}
    try:
        with connection.begin_nested():
            values = row | {"created_at": moment, "updated_at": moment}
            store.insert(connection, "event_participant", values)
    except IntegrityError:
        raise Conflict(
            "participant.exists",
            f"{new.participant_id!r} is registered for this event already. Change that entry.",
            f"{new.participant_id!r} đã đăng ký sự kiện này. Hãy sửa mục đã có.",
        ) from None
    touch(connection, event_id)
    return participant(connection, event_id, new.participant_id)


def change_participant(connection: Connection, changed: Participant) -> Participant:
    """Keep the editable fields of a record read before; its version must be the current one.

    Raises StaleVersion "version.stale", KetnoiError "participant.limits".
    """
    _check_participant(changed)
    key = {"event_id": changed.event_id, "participant_id": changed.participant_id}
    values: Row = {name: getattr(changed, name) for name in _EDITABLE}
    values |= {name: list(values[name]) for name in ("languages", "unavailable")}
    values["updated_at"] = store.now()
    store.set_versioned(connection, "event_participant", key, values, version=changed.version)
    touch(connection, changed.event_id)
    return participant(connection, changed.event_id, changed.participant_id)


def withdraw(connection: Connection, event_id: str, participant_id: str) -> None:
    """Erase a participant with wishes, suggestions and fixed meetings. Raises NotFound.

    Versions of the schedule made before keep the id, and no name from then on.
    """
    participant(connection, event_id, participant_id)
    key = {"event_id": event_id, "participant_id": participant_id}
    for column in ("by_id", "of_id"):
        store.delete(connection, "event_wish", {"event_id": event_id, column: participant_id})
    for side in ("a", "b"):
        store.delete(connection, "event_suggestion", {"event_id": event_id, side: participant_id})
        store.delete(connection, "event_fixed", {"event_id": event_id, side: participant_id})
    store.delete(connection, "event_participant", key)
    for row in store.rows(connection, "event_schedule", {"event_id": event_id}):
        document = dict(row["event_document"])
        document["participants"] = [
            {**one, "name": ""} if one["id"] == participant_id else one
            for one in document["participants"]
        ]
        number = {"event_id": event_id, "number": row["number"]}
        store.update(connection, "event_schedule", number, {"event_document": document})
    touch(connection, event_id)


def participant(connection: Connection, event_id: str, participant_id: str) -> Participant:
    """Return a participant. Raises NotFound "participant.not_found"."""
    key = {"event_id": event_id, "participant_id": participant_id}
    missing = store.not_found("participant", "participant", "người tham gia", participant_id)
    return store.one(connection, "event_participant", key, _participant_of, missing)


def participants(
    connection: Connection, event_id: str, *, page: Page = store.ALL
) -> list[Participant]:
    """Return those registered for an event, ordered by id."""
    target = store.table_of("event_participant")
    found = store.listed(
        connection, "event_participant", "participant_id", page, target.c.event_id == event_id
    )
    return [_participant_of(row) for row in found]


def set_wish(
    connection: Connection, event_id: str, by: str, of: str, wish: WishKind | None
) -> None:
    """Note what one participant says of another of the other side; None takes it back.

    Raises NotFound "participant.not_found", KetnoiError "wish.side" for two of one side.
    """
    sides = [participant(connection, event_id, each).side for each in (by, of)]
    if sides[0] == sides[1]:
        raise KetnoiError(
            "wish.side",
            f"{by!r} and {of!r} are of one side and do not meet. Name one of each side.",
            f"{by!r} và {of!r} cùng một phía nên không gặp nhau. Hãy chọn mỗi phía một bên.",
        )
    key = {"event_id": event_id, "by_id": by, "of_id": of}
    store.delete(connection, "event_wish", key)
    if wish is not None:
        store.insert(connection, "event_wish", {**key, "wish": wish})
    touch(connection, event_id)


def wishes(connection: Connection, event_id: str) -> dict[tuple[str, str], WishKind]:
    """Return the wishes of an event by (who says it, of whom)."""
    found = store.rows(connection, "event_wish", {"event_id": event_id}, order=("by_id", "of_id"))
    return {(row["by_id"], row["of_id"]): row["wish"] for row in found}


def event_document(connection: Connection, event_id: str, pairs: Sequence[Row]) -> Row:
    """Return the event file (DESIGN.md, section 4) of an event with the pairs given."""
    found = event(connection, event_id)
    zone = ZoneInfo(found.timezone)
    said = wishes(connection, event_id)
    sides = {one.participant_id: one.side for one in participants(connection, event_id)}
    vetoes = sorted(
        {(by, of) if sides[by] == "a" else (of, by) for (by, of), w in said.items()
         if w == "no_thanks"}
    )  # fmt: skip
    barred = set(vetoes)
    return {
        "event": {"id": event_id} | {name: getattr(found, name) for name in HEAD},
        "slots": [
            {
                "id": one.slot_id,
                "start": datetime.fromisoformat(one.starts_at).astimezone(zone).isoformat(),
                "end": datetime.fromisoformat(one.ends_at).astimezone(zone).isoformat(),
                "name": one.name,
            }
            for one in found.slots
        ],
        "tables": [_part(one, "table_id") for one in found.tables],
        "participants": [
            {
                "id": one.participant_id,
                **{
                    name: getattr(one, name)
                    for name in ("side", "min_meetings", "max_meetings", "name", "standby")
                },
                "unavailable": list(one.unavailable),
                "languages": list(one.languages),
            }
            for one in participants(connection, event_id)
        ],
        "interpreters": [_part(one, "interpreter_id") for one in found.interpreters],
        "pairs": [pair for pair in pairs if (pair["a"], pair["b"]) not in barred],
        "vetoes": [list(one) for one in vetoes],
        "fixed": [
            {
                "a": one.a,
                "b": one.b,
                "slot": one.slot_id,
                "table": one.table_id,
                "interpreter": one.interpreter_id,
            }
            for one in found.fixed
        ],
    }


def _part(one: EventTable | EventInterpreter, key: str) -> Row:
    row = asdict(one)
    return {"id": row.pop(key)} | {
        n: list(v) if isinstance(v, tuple) else v for n, v in row.items()
    }


def _participant_of(row: Row) -> Participant:
    made: Participant = made_of(Participant, row)
    return made


def _check_participant(new: NewParticipant) -> None:
    try:
        date.fromisoformat(new.consented_on)
        agreed = bool(new.consent_text.strip())
    except ValueError:
        agreed = False
    if not agreed:
        raise KetnoiError(
            "participant.consent",
            "Nobody is registered without consent: give the text agreed to and its day "
            "(YYYY-MM-DD).",
            "Không đăng ký khi chưa có sự đồng ý: hãy ghi nội dung đồng ý và ngày (YYYY-MM-DD).",
        )
    most = new.max_meetings
    if new.min_meetings < 0 or (most is not None and most < new.min_meetings):
        raise KetnoiError(
            "participant.limits",
            f"min_meetings {new.min_meetings} and max_meetings {most} do not go together. "
            "Give 0 ≤ min ≤ max.",
            f"min_meetings {new.min_meetings} và max_meetings {most} không hợp lệ. "
            "Cần 0 ≤ min ≤ max.",
        )
