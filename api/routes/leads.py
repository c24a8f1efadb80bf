"""The pipeline of leads: who follows up which investor for which call, and how far it came."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from sqlalchemy import Connection

from api.deps import Created, IfMatchDep, OnceDep, PageDep, PrincipalDep, ServiceDep
from api.edge.changes import given
from api.edge.etags import version_of, version_tag
from api.edge.paging import id_page, id_paged
from api.schemas import pipeline as shapes
from api.schemas.common import ID_PATTERN, Day, Paged, PathId, problems
from data import leads
from data.leads import LeadFilter, NewLead, Stage
from data.session import read, write

router = APIRouter(tags=["leads"])

Id = Annotated[str | None, Query(max_length=100, pattern=ID_PATTERN)]


async def _filter(
    stage: Stage | None = None,
    call_id: Id = None,
    investor_id: Id = None,
    owner_id: Id = None,
    due_by: Annotated[Day | None, Query(description="Next action due on or before.")] = None,
) -> LeadFilter:
    return LeadFilter(stage, call_id, investor_id, owner_id, due_by)


@router.get("/leads", response_model=Paged[shapes.Lead])
def list_leads(
    service: ServiceDep,
    who: PrincipalDep,
    wish: PageDep,
    wanted: Annotated[LeadFilter, Depends(_filter)],
) -> Paged[shapes.Lead]:
    """The organisation's leads, oldest first, by page."""
    with read(service.database) as connection:
        found = leads.leads(
            connection, organisation_id=who.organisation_id, wanted=wanted, page=id_page(wish)
        )
    items, after = id_paged(found, wish, lambda lead: lead.lead_id)
    return Paged(items=[shapes.Lead.model_validate(each) for each in items], next_cursor=after)


@router.post("/leads", response_model=shapes.Lead, status_code=201, responses=problems(404, 409))
def create_lead(who: PrincipalDep, once: OnceDep, new: shapes.LeadCreate) -> Response:
    """Start following up an investor for a call; a pair is followed up once."""

    def make(connection: Connection) -> Created:
        wanted = NewLead(organisation_id=who.organisation_id, **new.model_dump())
        made = leads.create_lead(connection, wanted, by=who.actor)
        headers = {
            "ETag": version_tag(made.version),
            "Location": f"/api/v1/leads/{made.lead_id}",
        }
        return Created(shapes.Lead.model_validate(made), headers)

    return once(new.model_dump(), make)


@router.get("/leads/{lead_id}", response_model=shapes.Lead, responses=problems(404))
def get_lead(
    service: ServiceDep, who: PrincipalDep, lead_id: PathId, response: Response
) -> shapes.Lead:
    """One lead, with the ETag that a change of it needs."""
    with read(service.database) as connection:
        found = leads.lead(connection, lead_id, organisation_id=who.organisation_id)
    response.headers["ETag"] = version_tag(found.version)
    return shapes.Lead.model_validate(found)


@router.patch(
    "/leads/{lead_id}", response_model=shapes.Lead, responses=problems(404, 409, 412, 428)
)
def change_lead(
    service: ServiceDep,
    who: PrincipalDep,
    if_match: IfMatchDep,
    lead_id: PathId,
    change: shapes.LeadChange,
    response: Response,
) -> shapes.Lead:
    """Move a lead to another stage, dismiss it with a reason, note what comes next."""
    values = given(change, clearable=("owner_id", "next_action_on"))
    with write(service.database) as connection:
        before = leads.lead(connection, lead_id, organisation_id=who.organisation_id)
        changed = replace(before, **values, version=version_of(if_match))
        after = leads.change_lead(connection, changed, by=who.actor)
    response.headers["ETag"] = version_tag(after.version)
    return shapes.Lead.model_validate(after)


@router.get(
    "/leads/{lead_id}/events", response_model=Paged[shapes.LeadEvent], responses=problems(404)
)
def list_lead_events(
    service: ServiceDep, who: PrincipalDep, lead_id: PathId
) -> Paged[shapes.LeadEvent]:
    """All changes of a lead, oldest first."""
    with read(service.database) as connection:
        leads.lead(connection, lead_id, organisation_id=who.organisation_id)
        found = leads.history(connection, lead_id)
    return Paged(items=[shapes.LeadEvent.model_validate(each) for each in found])
