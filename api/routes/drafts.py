"""Drafts of imports: what a file would change, questions answered, taken over or given up."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from sqlalchemy import Connection

from api.deps import IfMatchDep, PageDep, PrincipalDep, ServiceDep
from api.edge import listings
from api.edge.etags import version_of, version_tag
from api.edge.paging import page
from api.edge.security import Principal
from api.errors import ProblemError
from api.schemas import imports as shapes
from api.schemas.common import Paged, PathId, problems
from data import drafts, jobs, queries
from data.drafts import Draft
from data.importers.review.diff import Review, review
from data.jobs import NewJob
from data.session import read, write

router = APIRouter(prefix="/drafts", tags=["imports"])

INDEX = "index"


@router.get("", response_model=Paged[shapes.DraftHead])
def list_drafts(
    service: ServiceDep,
    who: PrincipalDep,
    wish: PageDep,
    status: Annotated[Literal["draft", "confirmed", "discarded"] | None, Query()] = None,
) -> Paged[shapes.DraftHead]:
    """The organisation's drafts, oldest first, by page."""
    listing = listings.drafts()
    where = listings.equal(listing, owner=who.organisation_id, status=status)
    with read(service.database) as connection:
        found = page(connection, listing, wish, where)
    items = [
        shapes.DraftHead.model_validate({**row, "file": row["file_name"]}) for row in found.rows
    ]
    return Paged(items=items, next_cursor=found.next_cursor or None)


@router.get("/{draft_id}", response_model=shapes.Draft, responses=problems(404))
def get_draft(
    service: ServiceDep, who: PrincipalDep, draft_id: PathId, response: Response
) -> dict[str, Any]:
    """A draft with its rows, differences and questions, as they are against the data now."""
    with read(service.database) as connection:
        found = drafts.get_draft(connection, draft_id, owner=who.organisation_id)
        return _shown(connection, found, response)


@router.post(
    "/{draft_id}/answers", response_model=shapes.Draft, responses=problems(404, 409, 412, 428)
)
def answer_draft(
    service: ServiceDep,
    who: PrincipalDep,
    if_match: IfMatchDep,
    draft_id: PathId,
    given: shapes.DraftAnswer,
    response: Response,
) -> dict[str, Any]:
    """Answer one of a draft's questions."""
    with write(service.database) as connection:
        found = drafts.answer(
            connection,
            draft_id,
            given.question,
            given.answer,
            owner=who.organisation_id,
            version=version_of(if_match),
        )
        return _shown(connection, found, response)


@router.post(
    "/{draft_id}/confirm",
    response_model=shapes.Confirmed,
    responses=problems(404, 409, 412, 428),
)
def confirm_draft(
    service: ServiceDep,
    who: PrincipalDep,
    if_match: IfMatchDep,
    draft_id: PathId,
    wish: shapes.DraftConfirm,
) -> shapes.Confirmed:
    """Take a draft over, all of it or nothing; a job then makes the new rows findable.

    A centre may take over calls of its own provinces alone.
    """
    with write(service.database) as connection:
        _check_provinces(connection, who, draft_id)
        done = drafts.confirm(
            connection,
            draft_id,
            by=who.name,
            withdraw=wish.withdraw,
            owner=who.organisation_id,
            version=version_of(if_match),
        )
        job_id = _index_job(connection, who)
    return shapes.Confirmed(
        draft_id=draft_id,
        new=done.changes.new,
        changed=done.changes.changed,
        same=done.changes.same,
        withdrawn=list(done.withdrawn),
        index_job_id=job_id,
    )


@router.post(
    "/{draft_id}/discard",
    response_model=shapes.DraftHead,
    responses=problems(404, 409, 412, 428),
)
def discard_draft(
    service: ServiceDep, who: PrincipalDep, if_match: IfMatchDep, draft_id: PathId
) -> dict[str, Any]:
    """Give a draft up; it stays listed."""
    owner = who.organisation_id
    with write(service.database) as connection:
        drafts.discard(connection, draft_id, owner=owner, version=version_of(if_match))
        return drafts.get_draft(connection, draft_id, owner=owner).as_json()


def _shown(connection: Connection, draft: Draft, response: Response) -> dict[str, Any]:
    response.headers["ETag"] = version_tag(draft.version)
    found: Review | None = review(connection, draft.content) if draft.content else None
    return draft.as_json(found)


def _check_provinces(connection: Connection, who: Principal, draft_id: str) -> None:
    """Refuse calls, new or stored, that are of other provinces than the organisation's."""
    draft = drafts.get_draft(connection, draft_id, owner=who.organisation_id)
    if who.organisation.kind == "platform" or draft.content is None or draft.kind != "calls":
        return
    own = set(who.organisation.province_codes)
    found = review(connection, draft.content)
    named = {each.key[0]: each.row["place_code"] for each in found.rows}
    stored = {each.call_id: each.place.code for each in queries.calls(connection)}
    gone = [each["call_id"] for each in draft.content.gone]
    others = [
        call_id
        for call_id in [*named, *gone]
        if {named.get(call_id), stored.get(call_id)} - {None} - own
    ]
    if others:
        listed = ", ".join(others[:5]) + (" …" if len(others) > 5 else "")
        raise ProblemError(
            403,
            "draft.other_province",
            f"The draft touches calls of other provinces than yours: {listed}. Leave them out.",
            f"Bản nháp đụng tới dự án của tỉnh khác: {listed}. Hãy bỏ các dự án đó.",
        )


def _index_job(connection: Connection, who: Principal) -> str:
    """Ask for a new index, once for each state of the data."""
    content = queries.content_version(connection)
    new = NewJob(INDEX, {}, None, who.actor, unique_key=f"index/{content}")
    return jobs.enqueue(connection, new).job_id
