"""Events, participants, suggestions, schedules and webhooks, as the API takes and shows them."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StrictBool, StringConstraints

from api.schemas.common import Day, Input, Named, Number, Output, Short, Whole
from data.event_people import WishKind
from data.event_schedules import MeetingStatus, Outcome
from data.event_suggestions import Answer, Side, Standing
from data.events import EventKind
from data.jobs import Status


def _a_moment(text: str) -> str:
    """Refuse moments that no calendar has, in their own zone or in another."""
    moment = datetime.fromisoformat(text)
    try:
        for zone in (UTC, timezone(timedelta(hours=-14)), timezone(timedelta(hours=14))):
            moment.astimezone(UTC).astimezone(zone)
    except OverflowError as error:  # the first or the last day of all
        raise ValueError(str(error)) from None
    return text


EventId = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z._-]{1,100}$")]
Moment = Annotated[
    str,
    StringConstraints(
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
        r"(Z|[+-][0-9]{2}:[0-9]{2})$"
    ),
    AfterValidator(_a_moment),
]
Language = Annotated[str, StringConstraints(pattern=r"^[A-Za-z-]{2,20}$")]
Ids = Annotated[list[EventId], Field(max_length=1000)]
Languages = Annotated[list[Language], Field(max_length=20)]
Count = Annotated[Whole, Field(ge=0, le=1000)]


class Slot(Input, Output):
    """A period of meetings; times carry their zone."""

    slot_id: EventId = Field(examples=["s1"])
    starts_at: Moment = Field(examples=["2026-12-05T08:30:00+07:00"])
    ends_at: Moment = Field(examples=["2026-12-05T08:50:00+07:00"])
    name: Short = ""


class Table(Input, Output):
    """A table; with an owner it hosts that participant's meetings only."""

    table_id: EventId = Field(examples=["t1"])
    owner: EventId | None = None
    unavailable: Ids = Field(default_factory=list)
    name: Short = ""


class Interpreter(Input, Output):
    """Someone who speaks these languages; `name` may stay empty."""

    interpreter_id: EventId = Field(examples=["k1"])
    languages: Languages
    unavailable: Ids = Field(default_factory=list)
    name: Short = ""


class FixedMeeting(Input, Output):
    """A meeting that is set: it takes place there and then, if both agreed to meet.

    Table and interpreter are chosen where they are left out.
    """

    a: EventId = Field(examples=["i1"])
    b: EventId = Field(examples=["p1"])
    slot_id: EventId = Field(examples=["s1"])
    table_id: EventId | None = None
    interpreter_id: EventId | None = None


class EventCreate(Input):
    """An event with its slots, tables, interpreters and fixed meetings."""

    name: Named = Field(examples=["Hội nghị xúc tiến đầu tư Thanh Hóa"])
    kind: EventKind = "investment"
    timezone: Short = "Asia/Ho_Chi_Minh"
    place: Short = ""
    slots: list[Slot] = Field(default_factory=list, max_length=1000)
    tables: list[Table] = Field(default_factory=list, max_length=5000)
    interpreters: list[Interpreter] = Field(default_factory=list, max_length=2000)
    fixed: list[FixedMeeting] = Field(default_factory=list, max_length=5000)


class EventChange(Input):
    """Fields left out stay; a list that is given replaces the old one."""

    name: Named | None = None
    timezone: Short | None = None
    place: Short | None = None
    slots: list[Slot] | None = Field(default=None, max_length=1000)
    tables: list[Table] | None = Field(default=None, max_length=5000)
    interpreters: list[Interpreter] | None = Field(default=None, max_length=2000)
    fixed: list[FixedMeeting] | None = Field(default=None, max_length=5000)


class Event(Output):
    """An event; ``published`` is the number of the version in force, 0 before the first."""

    event_id: str
    name: str
    kind: EventKind
    timezone: str
    place: str
    slots: list[Slot]
    tables: list[Table]
    interpreters: list[Interpreter]
    fixed: list[FixedMeeting]
    published: int
    created_at: str
    updated_at: str
    version: int


class ParticipantCreate(Input):
    """Who is registered, and what they agreed to. ``party_id`` names a row of the database."""

    participant_id: EventId = Field(examples=["i1"])
    side: Side
    consent_text: Named = Field(examples=["Đồng ý để ban tổ chức sắp lịch gặp"])
    consented_on: Day
    name: Short = ""
    party_id: Short = ""
    languages: Languages = Field(default_factory=list)
    unavailable: Ids = Field(default_factory=list)
    min_meetings: Count = 0
    max_meetings: Count | None = None
    standby: StrictBool = False


class ParticipantChange(Input):
    """Fields left out stay. A no-show has ``max_meetings`` 0."""

    name: Short | None = None
    party_id: Short | None = None
    languages: Languages | None = None
    unavailable: Ids | None = None
    min_meetings: Count | None = None
    max_meetings: Count | None = None
    standby: StrictBool | None = None


class Participant(Output):
    participant_id: str
    side: Side
    name: str
    party_id: str
    languages: list[str]
    unavailable: list[str]
    min_meetings: int
    max_meetings: int | None
    standby: bool
    consent_text: str
    consented_on: str
    created_at: str
    updated_at: str
    version: int


class WishPut(Input):
    """What ``by`` says of ``of``; null takes it back. No-thanks of either side is a veto."""

    by: EventId
    of: EventId
    wish: WishKind | None


class Wish(Output):
    by: str
    of: str
    wish: WishKind | None


class PairScore(Input):
    """How well a pair suits each side, 0 to 1."""

    a: EventId
    b: EventId
    for_a: Annotated[Number, Field(ge=0, le=1)]
    for_b: Annotated[Number, Field(ge=0, le=1)]


class SuggestionsCreate(Input):
    """Caps on how often one is put forward, and the days to answer.

    Without ``scores`` they are the matcher's, for participants with a ``party_id``.
    """

    cap_a: Annotated[Whole, Field(ge=1, le=200)] = 8
    cap_b: Annotated[Whole, Field(ge=1, le=200)] = 8
    days: Annotated[Whole, Field(ge=1, le=365)] = 7
    scores: list[PairScore] | None = Field(default=None, max_length=100_000)


class Suggestion(Output):
    """A pair put forward: people see the band, not the score."""

    suggestion_id: str
    a: str
    b: str
    band: str
    must: bool
    answer_a: Answer
    answer_b: Answer
    standing: Standing
    expires_at: str


class Suggested(Output):
    """What was put forward now."""

    items: list[Suggestion]


class AnswerCreate(Input):
    side: Side
    answer: Literal["accepted", "declined"]


class SolveCreate(Input):
    """``keep``: keep to the version in force, change as little as can be; ``now``: slots that began
    by then stay as they were."""

    seconds: Annotated[Number, Field(gt=0, le=600)] = 30.0
    seed: Annotated[Whole, Field(ge=0, le=2**31 - 1)] = 0
    keep: StrictBool = False
    now: Moment | None = None


class Solve(Output):
    """A schedule being made: ``done`` of ``total`` tenths of a second, at last its ``number``."""

    job_id: str
    status: Status
    done: int
    total: int
    number: int | None
    result: dict[str, Any] | None
    error: str | None


class VersionHead(Output):
    number: int
    created_at: str
    published_at: str | None


class ScheduleVersion(VersionHead):
    """A frozen version: the schedule as `ketnoi schedule` writes it, and what differs from the
    version that was in force."""

    document: dict[str, Any]
    changes: list[dict[str, Any]]


class Meeting(Output):
    number: int
    a: str
    b: str
    slot_id: str
    table_id: str
    interpreter_id: str | None
    status: MeetingStatus
    updated_at: str


class CheckIn(Input):
    status: Literal["held", "no_show", "replaced"]


class OutcomeCreate(Input):
    """What came of a meeting after so many days."""

    days: Literal[30, 90, 365]
    outcome: Outcome
    note: Short = ""


class WebhookCreate(Input):
    url: Named = Field(examples=["https://example.vn/ketnoi"])
    topics: list[Short] = Field(min_length=1, max_length=20, examples=[["schedule.published"]])


class Webhook(Output):
    webhook_id: str
    url: str
    topics: list[str]
    created_at: str


class WebhookMade(Webhook):
    """``secret`` is shown this once; it signs the messages."""

    secret: str
