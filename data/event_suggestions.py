"""Pairs put forward at an event and what both sides say: offered, agreed, declined or lapsed.

A pair meets only when both sides accepted in time. Answers are given once: of two that arrive
together one is kept, the other is refused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any, Literal

from sqlalchemy import Connection, select

from data import store
from data.events import touch
from data.store import Conflict, Page, Row

Answer = Literal["pending", "accepted", "declined"]
Standing = Literal["offered", "agreed", "declined", "lapsed"]
Side = Literal["a", "b"]


@dataclass(frozen=True, slots=True)
class NewSuggestion:
    """A pair to put forward: `score` 0 to 1, `band` is what people are shown."""

    a: str
    b: str
    score: float
    band: str
    must: bool = False


@dataclass(frozen=True, slots=True)
class Suggestion(NewSuggestion):
    """A pair put forward, and the answers so far."""

    suggestion_id: str = ""
    event_id: str = ""
    answer_a: Answer = "pending"
    answer_b: Answer = "pending"
    expires_at: str = ""
    created_at: str = ""
    updated_at: str = ""

    @property
    def standing(self) -> Standing:
        """Where the pair stands now; what was not agreed in time has lapsed."""
        answers = (self.answer_a, self.answer_b)
        return standing(answers, expires_at=self.expires_at, now=store.now())


def standing(answers: Sequence[Answer], *, expires_at: str, now: str) -> Standing:
    """Where an offered pair stands. Both times are ISO texts in UTC of one form.

    An answer given in time counts for good; what is not agreed when time is out has lapsed.
    """
    if "declined" in answers:
        return "declined"
    if all(answer == "accepted" for answer in answers):
        return "agreed"
    return "lapsed" if now >= expires_at else "offered"


def offer(
    connection: Connection, event_id: str, new: Sequence[NewSuggestion], *, last: timedelta
) -> list[Suggestion]:
    """Put pairs forward until `last` from now; a pair that is there already stays as it is.

    One that had lapsed is offered anew: nobody refused it.
    """
    known = {(one.a, one.b): one for one in suggestions(connection, event_id)}
    moment, until = store.now(), store.now(last)
    made = []
    for one in new:
        before = known.get((one.a, one.b))
        if before is not None and before.standing != "lapsed":
            continue
        if before is not None:
            store.delete(connection, "event_suggestion", {"suggestion_id": before.suggestion_id})
        row: Row = {
            "suggestion_id": store.new_id(), "event_id": event_id, "a": one.a, "b": one.b,
            "score": one.score, "band": one.band, "must": one.must, "answer_a": "pending",
            "answer_b": "pending", "expires_at": until, "created_at": moment,
            "updated_at": moment,
        }  # fmt: skip
        store.insert(connection, "event_suggestion", row)
        made.append(_of(row))
    if made:
        touch(connection, event_id)
    return made


def answer(connection: Connection, suggestion: Suggestion, side: Side, said: Answer) -> Suggestion:
    """Keep one side's answer to a suggestion read before.

    Raises Conflict "suggestion.answered" if that side answered already, "suggestion.closed" if the
    other side declined or the time is out.
    """
    key = {"suggestion_id": suggestion.suggestion_id, f"answer_{side}": "pending"}
    target = store.table_of("event_suggestion")
    other = "b" if side == "a" else "a"
    statement = (
        target.update()
        .where(
            *(target.c[name] == value for name, value in key.items()),
            target.c[f"answer_{other}"] != "declined",
            target.c.expires_at > store.now(),
        )
        .values({f"answer_{side}": said, "updated_at": store.now()})
    )
    changed = connection.execute(statement).rowcount
    after = suggestion_of(connection, suggestion.event_id, suggestion.suggestion_id)
    if changed:
        touch(connection, suggestion.event_id)
        return after
    if getattr(after, f"answer_{side}") != "pending":
        raise Conflict(
            "suggestion.answered",
            f"This side has answered already: {getattr(after, f'answer_{side}')}.",
            "Bên này đã trả lời: "
            + ("chấp nhận." if getattr(after, f"answer_{side}") == "accepted" else "từ chối."),
        )
    raise Conflict(
        "suggestion.closed",
        f"The suggestion is {after.standing}; it takes no more answers. Suggest the pair anew.",
        "Gợi ý đã bị bên kia từ chối hoặc hết hạn, không nhận thêm trả lời. Hãy gợi ý lại.",
    )


def suggestion_of(connection: Connection, event_id: str, suggestion_id: str) -> Suggestion:
    """Return a suggestion. Raises NotFound "suggestion.not_found"."""
    missing = store.not_found("suggestion", "suggestion", "gợi ý", suggestion_id)
    key = {"event_id": event_id, "suggestion_id": suggestion_id}
    return store.one(connection, "event_suggestion", key, _of, missing)


def suggestions(
    connection: Connection, event_id: str, *, page: Page = store.ALL
) -> list[Suggestion]:
    """Return what was put forward, in the order of its making."""
    target = store.table_of("event_suggestion")
    found = store.listed(
        connection, "event_suggestion", "suggestion_id", page, target.c.event_id == event_id
    )
    return [_of(row) for row in found]


def agreed_pairs(connection: Connection, event_id: str) -> list[Row]:
    """Return the pairs that both sides accepted, as the event file's `pairs`."""
    return [
        {"a": one.a, "b": one.b, "score": one.score, "must": one.must}
        for one in suggestions(connection, event_id)
        if one.standing == "agreed"
    ]


def met_before(connection: Connection, organisation_id: str) -> set[tuple[str, str]]:
    """Return (party of a, party of b) of the meetings held at the organisation's events."""
    event, meeting, schedule = (
        store.table_of(name) for name in ("event", "event_meeting", "event_schedule")
    )
    person_a, person_b = (store.table_of("event_participant").alias(side) for side in "ab")
    statement = (
        select(person_a.c.party_id, person_b.c.party_id)
        .select_from(meeting)
        .join(event, event.c.event_id == meeting.c.event_id)
        .join(schedule, (schedule.c.event_id == event.c.event_id)
              & (schedule.c.number == meeting.c.number))
        .join(person_a, (person_a.c.event_id == event.c.event_id)
              & (person_a.c.participant_id == meeting.c.a))
        .join(person_b, (person_b.c.event_id == event.c.event_id)
              & (person_b.c.participant_id == meeting.c.b))
        .where(event.c.organisation_id == organisation_id, meeting.c.status == "held",
               person_a.c.party_id != "", person_b.c.party_id != "")
    )  # fmt: skip
    return {(str(a), str(b)) for a, b in connection.execute(statement)}


def _of(row: Mapping[str, Any]) -> Suggestion:
    return Suggestion(**{one.name: row[one.name] for one in fields(Suggestion)})
