"""Events: pairs put forward and accepted, schedules made, published and lived through."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, Path, Response
from sqlalchemy import Connection

from api.deps import Created, IfMatchDep, LanguageDep, OnceDep, PageDep, PrincipalDep, ServiceDep
from api.edge.etags import version_of, version_tag
from api.edge.paging import id_page, id_paged
from api.errors import ProblemError
from api.lists.event_scores import goods_pairs, investment_pairs
from api.schemas import events as shapes
from api.schemas.common import Paged, PathId, problems
from api.work.solving import SOLVE, SolveWish, enqueue_solve
from data import event_people, event_schedules, event_suggestions, events, jobs, webhooks
from data.errors import NotFound
from data.event_people import Participant
from data.event_suggestions import NewSuggestion
from data.events import Event
from data.jobs import Job, NewJob
from data.session import read, write
from matcher.events.suggest import Possible, SuggestConfig, suggest

if TYPE_CHECKING:
    from api.event_files.view import EventView

router = APIRouter(prefix="/events/{event_id}", tags=["events"])

Number = Annotated[int, Path(ge=1, le=1_000_000)]
Person = Annotated[str, Path(min_length=1, max_length=100, pattern=r"^[0-9A-Za-z._-]+$")]
Format = Literal["xlsx", "people", "tables", "interpreters", "grid", "desk", "json", "ics"]
_FILES = {
    "xlsx": ("schedule.xlsx",
             "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "json": ("schedule.json", "application/json"),
    **{name: (f"{name}.pdf", "application/pdf")
       for name in ("people", "tables", "interpreters", "grid", "desk")},
    "ics": ("calendars.zip", "application/zip"),
}  # fmt: skip


@router.post(
    "/suggestions",
    response_model=shapes.Suggested,
    status_code=201,
    responses=problems(404, 409),
)
def create_suggestions(
    service: ServiceDep,
    who: PrincipalDep,
    once: OnceDep,
    event_id: PathId,
    new: shapes.SuggestionsCreate,
) -> Response:
    """Put pairs forward: valued from both sides, vetoes out, nobody beyond the caps."""
    with read(service.database) as connection:
        standing = events.event(connection, event_id, organisation_id=who.organisation_id)
        people = event_people.participants(connection, event_id)
    possible = _possible(service, standing, people, new)

    def make(connection: Connection) -> Created:
        chosen = _chosen(connection, standing, possible, new)
        made = event_suggestions.offer(connection, event_id, chosen, last=timedelta(days=new.days))
        items = [shapes.Suggestion.model_validate(each) for each in made]
        return Created(shapes.Suggested(items=items))

    return once(new.model_dump(), make)


@router.get("/suggestions", response_model=Paged[shapes.Suggestion], responses=problems(404))
def list_suggestions(
    service: ServiceDep, who: PrincipalDep, event_id: PathId, wish: PageDep
) -> Paged[shapes.Suggestion]:
    """What was put forward and where each pair stands, by page."""
    with read(service.database) as connection:
        events.event(connection, event_id, organisation_id=who.organisation_id)
        found = event_suggestions.suggestions(connection, event_id, page=id_page(wish))
    items, after = id_paged(found, wish, lambda each: each.suggestion_id)
    shown = [shapes.Suggestion.model_validate(each) for each in items]
    return Paged(items=shown, next_cursor=after)


@router.post(
    "/suggestions/{suggestion_id}/answers",
    response_model=shapes.Suggestion,
    responses=problems(404, 409),
)
def answer_suggestion(
    service: ServiceDep,
    who: PrincipalDep,
    event_id: PathId,
    suggestion_id: PathId,
    new: shapes.AnswerCreate,
) -> shapes.Suggestion:
    """Keep one side's answer. Both accepted: the pair may meet. An answer is given once."""
    with write(service.database) as connection:
        events.event(connection, event_id, organisation_id=who.organisation_id)
        before = event_suggestions.suggestion_of(connection, event_id, suggestion_id)
        after = event_suggestions.answer(connection, before, new.side, new.answer)
        if after.standing in ("agreed", "declined"):
            facts = {"event_id": event_id, "suggestion_id": suggestion_id}
            webhooks.tell(connection, who.organisation_id, f"suggestion.{after.standing}", facts)
    return shapes.Suggestion.model_validate(after)


@router.post("/solves", response_model=shapes.Solve, status_code=202, responses=problems(404, 409))
def create_solve(
    who: PrincipalDep,
    once: OnceDep,
    language: LanguageDep,
    event_id: PathId,
    new: shapes.SolveCreate,
) -> Response:
    """Make a schedule of the agreed pairs in the background; it becomes the next version."""

    def make(connection: Connection) -> Created:
        standing = events.event(connection, event_id, organisation_id=who.organisation_id)
        wish = _solve_wish(connection, standing, new)
        payload = {
            "event_id": event_id, "seconds": wish.seconds, "seed": wish.seed, "now": wish.now,
        }  # fmt: skip
        job = enqueue_solve(
            connection, wish, NewJob(SOLVE, payload, who.organisation_id, who.actor)
        )
        headers = {"Location": f"/api/v1/events/{event_id}/solves/{job.job_id}"}
        return Created(_solve(job, language), headers, 202)

    return once(new.model_dump(), make)


@router.get("/solves/{job_id}", response_model=shapes.Solve, responses=problems(404))
def get_solve(
    service: ServiceDep,
    who: PrincipalDep,
    language: LanguageDep,
    event_id: PathId,
    job_id: PathId,
) -> shapes.Solve:
    """How far the making of a schedule is, and the version it became."""
    with read(service.database) as connection:
        return _solve(_job(connection, who.organisation_id, event_id, job_id), language)


@router.post("/solves/{job_id}/cancel", response_model=shapes.Solve, responses=problems(404, 409))
def cancel_solve(
    service: ServiceDep,
    who: PrincipalDep,
    language: LanguageDep,
    event_id: PathId,
    job_id: PathId,
) -> shapes.Solve:
    """Stop the making of a schedule; nothing of it is kept."""
    with write(service.database) as connection:
        _job(connection, who.organisation_id, event_id, job_id)
        stopped = jobs.cancel(connection, job_id, organisation_id=who.organisation_id)
        return _solve(stopped, language)


@router.get("/versions", response_model=Paged[shapes.VersionHead], responses=problems(404))
def list_versions(
    service: ServiceDep, who: PrincipalDep, event_id: PathId
) -> Paged[shapes.VersionHead]:
    """Versions of the schedule, oldest first."""
    with read(service.database) as connection:
        events.event(connection, event_id, organisation_id=who.organisation_id)
        found = event_schedules.versions(connection, event_id)
    return Paged(items=[shapes.VersionHead.model_validate(each) for each in found])


@router.get("/versions/{number}", response_model=shapes.ScheduleVersion, responses=problems(404))
def get_version(
    service: ServiceDep, who: PrincipalDep, event_id: PathId, number: Number
) -> shapes.ScheduleVersion:
    """A version as it was frozen, and what it changes against the one in force then."""
    with read(service.database) as connection:
        events.event(connection, event_id, organisation_id=who.organisation_id)
        found = event_schedules.version_of(connection, event_id, number)
    return shapes.ScheduleVersion.model_validate(found)


@router.post(
    "/versions/{number}/publish",
    response_model=shapes.VersionHead,
    responses=problems(404, 409, 412, 428),
)
def publish_version(
    service: ServiceDep,
    who: PrincipalDep,
    if_match: IfMatchDep,
    event_id: PathId,
    number: Number,
    response: Response,
) -> shapes.VersionHead:
    """Put a version in force, if the event is still as it was read (If-Match: its ETag)."""
    with write(service.database) as connection:
        events.event(connection, event_id, organisation_id=who.organisation_id)
        after = event_schedules.publish(connection, event_id, number, version=version_of(if_match))
        found = event_schedules.version_of(connection, event_id, number)
        facts = {"event_id": event_id, "number": number}
        webhooks.tell(connection, who.organisation_id, "schedule.published", facts)
    response.headers["ETag"] = version_tag(after.version)
    return shapes.VersionHead.model_validate(found)


@router.get(
    "/versions/{number}/export",
    response_class=Response,
    responses=problems(404)
    | {200: {"content": {kind: {"schema": {"type": "string", "format": "binary"}}
                         for _, kind in _FILES.values()},
             "description": "The schedule as a file"}},
)  # fmt: skip
def export_version(
    service: ServiceDep,
    who: PrincipalDep,
    event_id: PathId,
    number: Number,
    format: Format = "xlsx",
) -> Response:
    """A version as a workbook, printed sheets (PDF), JSON, or a calendar for each person (.zip).

    Calendars carry on from those of the versions published before: what moved is updated, what
    fell away is cancelled.
    """
    from api.event_files.writing import MAKERS, archive  # noqa: PLC0415 -- slow import

    with read(service.database) as connection:
        events.event(connection, event_id, organisation_id=who.organisation_id)
        found = event_schedules.version_of(connection, event_id, number)
        earlier = [
            each
            for each in event_schedules.versions(connection, event_id)
            if each.number < number and each.published_at
        ]
    name, kind = _FILES[format]
    if format == "ics":
        content = archive([(_view(each), _given_out(each)) for each in (*earlier, found)])
    else:
        content = MAKERS[name](_view(found))
    headers = {"Content-Disposition": f'attachment; filename="v{number}-{name}"'}
    return Response(content, media_type=kind, headers=headers)


def _view(version: event_schedules.Version) -> "EventView":
    from api.event_files.view import build_view  # noqa: PLC0415 -- slow import
    from matcher.events.parsing import parse_event  # noqa: PLC0415 -- slow import
    from matcher.events.schedule import Meeting  # noqa: PLC0415 -- slow import

    parsed = parse_event(version.event_document).event
    held = [Meeting(**one) for one in version.document["meetings"]]
    return build_view(parsed, held, version=str(version.number))


def _given_out(version: event_schedules.Version) -> datetime:
    return datetime.fromisoformat(version.published_at or version.created_at)


@router.get("/meetings", response_model=Paged[shapes.Meeting], responses=problems(404))
def list_meetings(
    service: ServiceDep, who: PrincipalDep, event_id: PathId
) -> Paged[shapes.Meeting]:
    """The meetings of the version in force, and how each went."""
    with read(service.database) as connection:
        standing = events.event(connection, event_id, organisation_id=who.organisation_id)
        found = event_schedules.meetings(connection, event_id, standing.published)
    return Paged(items=[shapes.Meeting.model_validate(each) for each in found])


@router.put("/meetings/{a}/{b}/status", response_model=shapes.Meeting, responses=problems(404, 409))
def check_in(
    service: ServiceDep,
    who: PrincipalDep,
    event_id: PathId,
    a: Person,
    b: Person,
    new: shapes.CheckIn,
) -> shapes.Meeting:
    """Note that a meeting was held, missed or replaced. Held ones enter the pipeline of leads."""
    with write(service.database) as connection:
        events.event(connection, event_id, organisation_id=who.organisation_id)
        found = event_schedules.check_in(connection, event_id, (a, b), new.status)
        if found.status == "held":
            event_schedules.follow_up(connection, found, "met", by=who.actor)
        facts = {"event_id": event_id, "a": a, "b": b, "status": found.status}
        webhooks.tell(connection, who.organisation_id, "meeting.checked_in", facts)
    return shapes.Meeting.model_validate(found)


@router.put(
    "/meetings/{a}/{b}/outcome", response_model=shapes.Meeting, responses=problems(404, 409)
)
def put_outcome(
    service: ServiceDep,
    who: PrincipalDep,
    event_id: PathId,
    a: Person,
    b: Person,
    new: shapes.OutcomeCreate,
) -> shapes.Meeting:
    """Note what came of a meeting after 30, 90 or 365 days; the pair's lead moves there."""
    with write(service.database) as connection:
        events.event(connection, event_id, organisation_id=who.organisation_id)
        found = event_schedules.meeting_in_force(connection, event_id, (a, b))
        event_schedules.note_outcome(
            connection, found, new.days, new.outcome, note=new.note, by=who.actor
        )
    return shapes.Meeting.model_validate(found)


def _possible(
    service: ServiceDep,
    standing: Event,
    people: Sequence[Participant],
    new: shapes.SuggestionsCreate,
) -> list[Possible]:
    """The pairs as sent, else as the matcher values them."""
    if new.scores is not None:
        sides = {one.participant_id: one.side for one in people}
        for one in new.scores:
            if (sides.get(one.a), sides.get(one.b)) != ("a", "b"):
                raise ProblemError(
                    422,
                    "suggestion.side",
                    f"{one.a!r} and {one.b!r} are not participants of sides a and b.",
                    f"{one.a!r} và {one.b!r} không phải hai người tham gia của phía a và b.",
                )
        return [Possible(one.a, one.b, one.for_a, one.for_b) for one in new.scores]
    if standing.kind == "investment":
        matcher = service.server.snapshot.engine.matcher
        return service.server.ranking.run(lambda: investment_pairs(matcher, people, date.today()))
    goods = service.server.goods
    return service.server.ranking.run(lambda: goods_pairs(goods, people))


def _chosen(
    connection: Connection,
    standing: Event,
    possible: Sequence[Possible],
    new: shapes.SuggestionsCreate,
) -> list[NewSuggestion]:
    """The pairs to offer now: within the caps, counting those offered or agreed before."""
    people = {
        one.participant_id: one.party_id
        for one in event_people.participants(connection, standing.event_id)
    }
    before = event_suggestions.met_before(connection, standing.organisation_id)
    met = frozenset(
        (one.a, one.b)
        for one in possible
        if (people.get(one.a, ""), people.get(one.b, "")) in before
    )
    earlier = event_suggestions.suggestions(connection, standing.event_id)
    taken = [(one.a, one.b) for one in earlier if one.standing != "lapsed"]
    found = suggest(
        possible,
        event_people.wishes(connection, standing.event_id),
        met=met,
        taken=taken,
        config=SuggestConfig(cap_a=new.cap_a, cap_b=new.cap_b),
    )
    return [NewSuggestion(one.a, one.b, one.score, one.band, one.must) for one in found]


def _solve_wish(connection: Connection, standing: Event, new: shapes.SolveCreate) -> SolveWish:
    previous = None
    pairs = event_suggestions.agreed_pairs(connection, standing.event_id)
    if new.keep:
        if not standing.published:
            raise ProblemError(
                409,
                "schedule.none",
                "No version is in force yet, so there is nothing to keep to. Publish one first.",
                "Chưa có phiên bản nào có hiệu lực để giữ nguyên. Hãy công bố trước.",
            )
        held = event_schedules.meetings(connection, standing.event_id, standing.published)
        previous = tuple(
            {
                "a": one.a, "b": one.b, "slot": one.slot_id, "table": one.table_id,
                "interpreter": one.interpreter_id, "status": one.status,
            }
            for one in held
        )  # fmt: skip
    document = event_people.event_document(connection, standing.event_id, pairs)
    return SolveWish(standing.event_id, document, previous, new.now, new.seconds, new.seed)


def _job(connection: Connection, organisation_id: str, event_id: str, job_id: str) -> Job:
    found = jobs.job(connection, job_id, organisation_id=organisation_id)
    if found.kind != SOLVE or found.payload.get("event_id") != event_id:
        raise NotFound(
            "job.not_found",
            f"There is no schedule in the making {job_id!r}. Check the id.",
            f"Không có lượt lập lịch {job_id!r}. Hãy kiểm tra lại mã.",
        )
    return found


def _solve(job: Job, language: str) -> shapes.Solve:
    told = job.error_vi if language == "vi" else job.error_en
    result = None if job.result is None else dict(job.result)
    return shapes.Solve(
        job_id=job.job_id,
        status=job.status,
        done=job.progress_done,
        total=job.progress_total,
        number=None if result is None else result.get("number"),
        result=result,
        error=told or None,
    )
