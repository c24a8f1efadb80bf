"""Events: what they are, who comes with whose consent, and what each says of the others."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from sqlalchemy import Connection

from api.deps import Created, IfMatchDep, OnceDep, PageDep, PrincipalDep, ServiceDep
from api.edge.changes import given
from api.edge.etags import version_of, version_tag
from api.edge.paging import id_page, id_paged
from api.schemas import events as shapes
from api.schemas.common import Paged, PathId, problems
from data import event_people, events, store, webhooks
from data.event_people import NewParticipant
from data.events import EventFixed, EventInterpreter, EventSlot, EventTable, NewEvent
from data.session import read, write

router = APIRouter(prefix="/events", tags=["events"])


@router.post("", response_model=shapes.Event, status_code=201, responses=problems(409))
def create_event(who: PrincipalDep, once: OnceDep, new: shapes.EventCreate) -> Response:
    """Make an event with its slots, tables, interpreters and fixed meetings."""
    wanted = NewEvent(organisation_id=who.organisation_id, **_parts(new.model_dump()))

    def make(connection: Connection) -> Created:
        made = events.create_event(connection, wanted)
        webhooks.tell(connection, who.organisation_id, "event.created", {"event_id": made.event_id})
        headers = {
            "ETag": version_tag(made.version),
            "Location": f"/api/v1/events/{made.event_id}",
        }
        return Created(shapes.Event.model_validate(made), headers)

    return once(new.model_dump(), make)


@router.get("", response_model=Paged[shapes.Event])
def list_events(
    service: ServiceDep,
    who: PrincipalDep,
    wish: PageDep,
    last_modified_from: Annotated[
        shapes.Moment | None, Query(description="Only events changed at or after this moment.")
    ] = None,
) -> Paged[shapes.Event]:
    """The organisation's events, oldest first, by page."""
    since = "" if last_modified_from is None else _utc(last_modified_from)
    with read(service.database) as connection:
        found = events.events(
            connection,
            organisation_id=who.organisation_id,
            last_modified_from=since,
            page=id_page(wish),
        )
    items, after = id_paged(found, wish, lambda each: each.event_id)
    return Paged(items=[shapes.Event.model_validate(each) for each in items], next_cursor=after)


@router.get("/{event_id}", response_model=shapes.Event, responses=problems(404))
def get_event(
    service: ServiceDep, who: PrincipalDep, event_id: PathId, response: Response
) -> shapes.Event:
    """One event, with the ETag that a change and a publication need."""
    with read(service.database) as connection:
        found = events.event(connection, event_id, organisation_id=who.organisation_id)
    response.headers["ETag"] = version_tag(found.version)
    return shapes.Event.model_validate(found)


@router.patch("/{event_id}", response_model=shapes.Event, responses=problems(404, 409, 412, 428))
def change_event(
    service: ServiceDep,
    who: PrincipalDep,
    if_match: IfMatchDep,
    event_id: PathId,
    change: shapes.EventChange,
    response: Response,
) -> shapes.Event:
    """Change name, place or lists of the event; a list given replaces the old one."""
    values = _parts(given(change))
    with write(service.database) as connection:
        before = events.event(connection, event_id, organisation_id=who.organisation_id)
        changed = replace(before, **values, version=version_of(if_match))
        after = events.change_event(connection, changed)
        webhooks.tell(connection, who.organisation_id, "event.changed", {"event_id": event_id})
    response.headers["ETag"] = version_tag(after.version)
    return shapes.Event.model_validate(after)


@router.post(
    "/{event_id}/participants",
    response_model=shapes.Participant,
    status_code=201,
    responses=problems(404, 409),
)
def register_participant(
    who: PrincipalDep, once: OnceDep, event_id: PathId, new: shapes.ParticipantCreate
) -> Response:
    """Register someone, with the text they agreed to and the day."""

    def make(connection: Connection) -> Created:
        events.event(connection, event_id, organisation_id=who.organisation_id)
        made = event_people.register(connection, event_id, NewParticipant(**new.model_dump()))
        facts = {"event_id": event_id, "participant_id": made.participant_id}
        webhooks.tell(connection, who.organisation_id, "participant.registered", facts)
        where = f"/api/v1/events/{event_id}/participants/{made.participant_id}"
        headers = {"ETag": version_tag(made.version), "Location": where}
        return Created(shapes.Participant.model_validate(made), headers)

    return once(new.model_dump(), make)


@router.get(
    "/{event_id}/participants",
    response_model=Paged[shapes.Participant],
    responses=problems(404),
)
def list_participants(
    service: ServiceDep, who: PrincipalDep, event_id: PathId, wish: PageDep
) -> Paged[shapes.Participant]:
    """Who is registered, by id, by page."""
    with read(service.database) as connection:
        events.event(connection, event_id, organisation_id=who.organisation_id)
        found = event_people.participants(connection, event_id, page=id_page(wish))
    items, after = id_paged(found, wish, lambda each: each.participant_id)
    shown = [shapes.Participant.model_validate(each) for each in items]
    return Paged(items=shown, next_cursor=after)


@router.get(
    "/{event_id}/participants/{participant_id}",
    response_model=shapes.Participant,
    responses=problems(404),
)
def get_participant(
    service: ServiceDep,
    who: PrincipalDep,
    event_id: PathId,
    participant_id: PathId,
    response: Response,
) -> shapes.Participant:
    """One participant, with the ETag that a change needs."""
    with read(service.database) as connection:
        events.event(connection, event_id, organisation_id=who.organisation_id)
        found = event_people.participant(connection, event_id, participant_id)
    response.headers["ETag"] = version_tag(found.version)
    return shapes.Participant.model_validate(found)


@router.patch(
    "/{event_id}/participants/{participant_id}",
    response_model=shapes.Participant,
    responses=problems(404, 409, 412, 428),
)
def change_participant(
    service: ServiceDep,
    who: PrincipalDep,
    if_match: IfMatchDep,
    event_id: PathId,
    participant_id: PathId,
    change: shapes.ParticipantChange,
    response: Response,
) -> shapes.Participant:
    """Change name, languages, absence or limits; a late arrival is `unavailable` until then."""
    values = given(change, clearable=("max_meetings",))
    with write(service.database) as connection:
        events.event(connection, event_id, organisation_id=who.organisation_id)
        before = event_people.participant(connection, event_id, participant_id)
        changed = replace(before, **values, version=version_of(if_match))
        after = event_people.change_participant(connection, changed)
    response.headers["ETag"] = version_tag(after.version)
    return shapes.Participant.model_validate(after)


@router.delete(
    "/{event_id}/participants/{participant_id}", status_code=204, responses=problems(404)
)
def withdraw_participant(
    service: ServiceDep, who: PrincipalDep, event_id: PathId, participant_id: PathId
) -> Response:
    """Erase a participant with wishes and suggestions; earlier versions keep the bare id."""
    with write(service.database) as connection:
        events.event(connection, event_id, organisation_id=who.organisation_id)
        event_people.withdraw(connection, event_id, participant_id)
    return Response(status_code=204)


@router.put("/{event_id}/wishes", response_model=shapes.Wish, responses=problems(404))
def put_wish(
    service: ServiceDep, who: PrincipalDep, event_id: PathId, wish: shapes.WishPut
) -> shapes.Wish:
    """Note what one participant says of another: must, want, no_thanks, or null."""
    with write(service.database) as connection:
        events.event(connection, event_id, organisation_id=who.organisation_id)
        event_people.set_wish(connection, event_id, wish.by, wish.of, wish.wish)
    return shapes.Wish.model_validate(wish.model_dump())


@router.get("/{event_id}/wishes", response_model=Paged[shapes.Wish], responses=problems(404))
def list_wishes(service: ServiceDep, who: PrincipalDep, event_id: PathId) -> Paged[shapes.Wish]:
    """All wishes of an event."""
    with read(service.database) as connection:
        events.event(connection, event_id, organisation_id=who.organisation_id)
        found = event_people.wishes(connection, event_id)
    items = [shapes.Wish(by=by, of=of, wish=wish) for (by, of), wish in found.items()]
    return Paged(items=items)


_KINDS = {
    "slots": EventSlot,
    "tables": EventTable,
    "interpreters": EventInterpreter,
    "fixed": EventFixed,
}


def _parts(values: dict[str, Any]) -> dict[str, Any]:
    """The lists of a body as records."""
    made = {
        name: tuple(kind(**each) for each in values[name])
        for name, kind in _KINDS.items()
        if name in values
    }
    return values | made


def _utc(moment: str) -> str:
    return store.at(datetime.fromisoformat(moment))
