"""Events, who comes, what was suggested and accepted, versions of schedules, webhooks."""

from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
)
from sqlmodel import Field, SQLModel

_ANSWERS = "('pending', 'accepted', 'declined')"


def _json() -> Column[object]:
    return Column(JSON(), nullable=False)


def _event_id() -> Any:
    return Field(primary_key=True, foreign_key="event.event_id", ondelete="CASCADE")


class EventRow(SQLModel, table=True):
    """An event of one organisation. Whatever changes of it counts its version up."""

    __tablename__ = "event"
    __table_args__ = (
        CheckConstraint("name <> ''", name="name_given"),
        CheckConstraint("kind IN ('investment', 'supply_demand')", name="kind_known"),
        CheckConstraint("published >= 0", name="published_not_negative"),
        Index("ix_event_changed", "organisation_id", "updated_at"),
    )

    event_id: str = Field(primary_key=True)
    organisation_id: str = Field(foreign_key="organisation.organisation_id")
    name: str
    kind: str
    timezone: str
    place: str
    published: int  # number of the version that people hold; 0 before the first
    created_at: str
    updated_at: str
    version: int


class EventSlotRow(SQLModel, table=True):
    """A period in which meetings take place."""

    __tablename__ = "event_slot"
    __table_args__ = (CheckConstraint("starts_at < ends_at", name="ends_after_start"),)

    event_id: str = _event_id()
    slot_id: str = Field(primary_key=True)
    starts_at: str  # ISO 8601 in UTC
    ends_at: str
    name: str


class EventTableRow(SQLModel, table=True):
    """A table; with an owner it hosts that participant's meetings only."""

    __tablename__ = "event_table"

    event_id: str = _event_id()
    table_id: str = Field(primary_key=True)
    owner: str | None = None
    unavailable: list[str] = Field(sa_column=_json())
    name: str


class EventInterpreterRow(SQLModel, table=True):
    """Someone who can join one meeting at a time."""

    __tablename__ = "event_interpreter"

    event_id: str = _event_id()
    interpreter_id: str = Field(primary_key=True)
    languages: list[str] = Field(sa_column=_json())
    unavailable: list[str] = Field(sa_column=_json())
    name: str


class EventFixedRow(SQLModel, table=True):
    """A meeting that the organiser has set: who, when, and perhaps where and with whom."""

    __tablename__ = "event_fixed"

    event_id: str = _event_id()
    a: str = Field(primary_key=True)
    b: str = Field(primary_key=True)
    slot_id: str
    table_id: str | None = None
    interpreter_id: str | None = None


class EventParticipantRow(SQLModel, table=True):
    """Who comes: an investor or a call's delegation, a buyer or a seller, with its consent."""

    __tablename__ = "event_participant"
    __table_args__ = (
        CheckConstraint("side IN ('a', 'b')", name="side_known"),
        CheckConstraint("consent_text <> ''", name="consent_text_given"),
        CheckConstraint("min_meetings >= 0", name="min_meetings_not_negative"),
        CheckConstraint(
            "max_meetings IS NULL OR max_meetings >= 0", name="max_meetings_not_negative"
        ),
    )

    event_id: str = _event_id()
    participant_id: str = Field(primary_key=True)
    side: str
    name: str
    party_id: str  # an investor, call, offer or request; empty when none of the database
    languages: list[str] = Field(sa_column=_json())
    unavailable: list[str] = Field(sa_column=_json())
    min_meetings: int
    max_meetings: int | None = None
    standby: bool
    consent_text: str
    consented_on: str  # YYYY-MM-DD
    created_at: str
    updated_at: str
    version: int


class EventWishRow(SQLModel, table=True):
    """What one participant says of another: must, want or no_thanks."""

    __tablename__ = "event_wish"
    __table_args__ = (
        CheckConstraint("wish IN ('must', 'want', 'no_thanks')", name="wish_known"),
        *(
            ForeignKeyConstraint(
                ["event_id", column],
                ["event_participant.event_id", "event_participant.participant_id"],
                name=f"fk_event_wish_{column}",
                ondelete="CASCADE",
            )
            for column in ("by_id", "of_id")
        ),
    )

    event_id: str = Field(primary_key=True)
    by_id: str = Field(primary_key=True)
    of_id: str = Field(primary_key=True)
    wish: str


class EventSuggestionRow(SQLModel, table=True):
    """A pair that was put forward, and what each side says to it until it lapses."""

    __tablename__ = "event_suggestion"
    __table_args__ = (
        CheckConstraint(f"answer_a IN {_ANSWERS}", name="answer_a_known"),
        CheckConstraint(f"answer_b IN {_ANSWERS}", name="answer_b_known"),
        CheckConstraint("band IN ('high', 'medium', 'low')", name="band_known"),
        UniqueConstraint("event_id", "a", "b", name="uq_event_suggestion_pair"),
        *(
            ForeignKeyConstraint(
                ["event_id", column],
                ["event_participant.event_id", "event_participant.participant_id"],
                name=f"fk_event_suggestion_{column}",
                ondelete="CASCADE",
            )
            for column in ("a", "b")
        ),
    )

    suggestion_id: str = Field(primary_key=True)
    event_id: str
    a: str
    b: str
    score: float
    band: str
    must: bool
    answer_a: str
    answer_b: str
    expires_at: str
    created_at: str
    updated_at: str


class EventScheduleRow(SQLModel, table=True):
    """A version of the schedule: frozen once made; `event.published` names the one in force."""

    __tablename__ = "event_schedule"
    __table_args__ = (CheckConstraint("number >= 1", name="number_positive"),)

    event_id: str = _event_id()
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    document: dict[str, object] = Field(sa_column=_json())  # as `ketnoi schedule` writes it
    event_document: dict[str, object] = Field(sa_column=_json())  # what was solved
    changes: list[dict[str, object]] = Field(sa_column=_json())  # against the one in force
    job_id: str | None = None
    created_at: str
    published_at: str | None = None


class EventMeetingRow(SQLModel, table=True):
    """A meeting of a version: a couple meets once, and how the meeting went."""

    __tablename__ = "event_meeting"
    __table_args__ = (
        CheckConstraint("status IN ('booked', 'held', 'no_show', 'replaced')", name="status_known"),
        ForeignKeyConstraint(
            ["event_id", "number"],
            ["event_schedule.event_id", "event_schedule.number"],
            name="fk_event_meeting_schedule",
            ondelete="CASCADE",
        ),
    )

    event_id: str = Field(primary_key=True)
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    a: str = Field(primary_key=True)
    b: str = Field(primary_key=True)
    slot_id: str
    table_id: str
    interpreter_id: str | None = None
    status: str
    updated_at: str


class EventSeatRow(SQLModel, table=True):
    """What a meeting takes up in its slot. The key lets nobody and no table be booked twice."""

    __tablename__ = "event_seat"
    __table_args__ = (
        CheckConstraint("kind IN ('person', 'table', 'interpreter')", name="kind_known"),
        ForeignKeyConstraint(
            ["event_id", "number", "a", "b"],
            [f"event_meeting.{name}" for name in ("event_id", "number", "a", "b")],
            name="fk_event_seat_meeting",
            ondelete="CASCADE",
        ),
    )

    event_id: str = Field(primary_key=True)
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    slot_id: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    resource_id: str = Field(primary_key=True)
    a: str
    b: str


class EventOutcomeRow(SQLModel, table=True):
    """What came of a meeting that was held, after 30, 90 and 365 days."""

    __tablename__ = "event_outcome"
    __table_args__ = (
        CheckConstraint("days IN (30, 90, 365)", name="days_known"),
        CheckConstraint(
            "outcome IN ('nothing', 'talking', 'site_visit', 'mou', 'contract', 'certificate', "
            "'operating')",
            name="outcome_known",
        ),
    )

    event_id: str = _event_id()
    a: str = Field(primary_key=True)
    b: str = Field(primary_key=True)
    days: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    outcome: str
    note: str
    noted_at: str


class WebhookRow(SQLModel, table=True):
    """An address that is told of an organisation's events; what it gets is signed."""

    __tablename__ = "webhook"
    __table_args__ = (CheckConstraint("url <> ''", name="url_given"),)

    webhook_id: str = Field(primary_key=True)
    organisation_id: str = Field(foreign_key="organisation.organisation_id", index=True)
    url: str
    secret: str  # needed to sign, so it cannot be kept as a hash
    topics: list[str] = Field(sa_column=_json())
    created_at: str
