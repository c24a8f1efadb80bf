"""People at investors and authorities: each look is noted; export and erasure by person."""

from dataclasses import replace
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from sqlalchemy import Connection

from api.deps import Created, IfMatchDep, OnceDep, PageDep, PrincipalDep, ServiceDep
from api.edge.changes import given
from api.edge.etags import version_of, version_tag
from api.edge.paging import id_cursor, id_page
from api.errors import ProblemError
from api.schemas import pipeline as shapes
from api.schemas.common import ID_PATTERN, Paged, PathId, problems
from data import contacts
from data.contacts import NewContact
from data.session import read, write
from data.store import Page

router = APIRouter(tags=["contacts"])


@router.get("/contacts", response_model=Paged[shapes.Contact])
def list_contacts(
    service: ServiceDep,
    who: PrincipalDep,
    wish: PageDep,
    party_kind: Literal["investor", "call"] | None = None,
    party_id: Annotated[str | None, Query(max_length=100, pattern=ID_PATTERN)] = None,
) -> Paged[shapes.Contact]:
    """The organisation's contacts, oldest first, by page; the last page may be empty."""
    if (party_kind is None) != (party_id is None):
        raise ProblemError(
            400,
            "contact.party",
            "Give party_kind and party_id together, or neither.",
            "Hãy ghi cả party_kind và party_id, hoặc bỏ cả hai.",
        )
    party = (party_kind, party_id) if party_kind and party_id else None
    # Exactly the limit: one more would be noted as read and never shown.
    piece = Page(id_page(wish).after, wish.limit)
    with write(service.database, alone=False) as connection:
        found = contacts.contacts(
            connection, by=who.actor, organisation_id=who.organisation_id, party=party, page=piece
        )
    after = id_cursor(found[-1].contact_id) if len(found) == wish.limit else None
    return Paged(items=[shapes.Contact.model_validate(each) for each in found], next_cursor=after)


@router.post(
    "/contacts", response_model=shapes.Contact, status_code=201, responses=problems(404, 409)
)
def create_contact(who: PrincipalDep, once: OnceDep, new: shapes.ContactCreate) -> Response:
    """Keep a contact; none is kept without purpose, consent, source and an end."""

    def make(connection: Connection) -> Created:
        wanted = NewContact(organisation_id=who.organisation_id, **new.model_dump())
        made = contacts.create_contact(connection, wanted, by=who.actor)
        headers = {
            "ETag": version_tag(made.version),
            "Location": f"/api/v1/contacts/{made.contact_id}",
        }
        return Created(shapes.Contact.model_validate(made), headers)

    return once(new.model_dump(), make)


@router.get("/contacts/{contact_id}", response_model=shapes.Contact, responses=problems(404))
def get_contact(
    service: ServiceDep, who: PrincipalDep, contact_id: PathId, response: Response
) -> shapes.Contact:
    """One contact, with the ETag that a change of it needs."""
    with write(service.database, alone=False) as connection:
        found = contacts.contact(
            connection, contact_id, by=who.actor, organisation_id=who.organisation_id
        )
    response.headers["ETag"] = version_tag(found.version)
    return shapes.Contact.model_validate(found)


@router.patch(
    "/contacts/{contact_id}",
    response_model=shapes.Contact,
    responses=problems(404, 409, 412, 428),
)
def change_contact(
    service: ServiceDep,
    who: PrincipalDep,
    if_match: IfMatchDep,
    contact_id: PathId,
    change: shapes.ContactChange,
    response: Response,
) -> shapes.Contact:
    """Change a contact, or renew its consent."""
    own = who.organisation_id
    with write(service.database) as connection:
        before = contacts.contact(connection, contact_id, by=who.actor, organisation_id=own)
        changed = replace(before, **given(change), version=version_of(if_match))
        after = contacts.change_contact(connection, changed, by=who.actor, organisation_id=own)
    response.headers["ETag"] = version_tag(after.version)
    return shapes.Contact.model_validate(after)


@router.delete("/contacts/{contact_id}", status_code=204, responses=problems(404))
def erase_contact(service: ServiceDep, who: PrincipalDep, contact_id: PathId) -> None:
    """Erase a contact; the access log keeps that it was done, with ids alone."""
    with write(service.database) as connection:
        contacts.erase_contact(
            connection, contact_id, by=who.actor, organisation_id=who.organisation_id
        )


@router.get(
    "/contacts/{contact_id}/accesses",
    response_model=Paged[shapes.Access],
    responses=problems(404),
)
def list_contact_accesses(
    service: ServiceDep, who: PrincipalDep, contact_id: PathId
) -> Paged[shapes.Access]:
    """Who did what with a contact, also after it is gone, oldest first."""
    with read(service.database) as connection:
        found = contacts.accesses(connection, contact_id)
    own = [each for each in found if each.organisation_id == who.organisation_id]
    if not own:
        raise ProblemError(
            404,
            "contact.not_found",
            f"There is no contact {contact_id!r}. Check the id.",
            f"Không có người liên hệ {contact_id!r}. Hãy kiểm tra lại mã.",
        )
    return Paged(items=[shapes.Access.model_validate(each) for each in own])


@router.post("/persons/export", response_model=shapes.PersonExport)
def export_person(
    service: ServiceDep, who: PrincipalDep, person: shapes.Person
) -> shapes.PersonExport:
    """Everything that the organisation keeps of a person, by address or telephone number."""
    with write(service.database) as connection:
        found = contacts.export_person(
            connection, by=who.actor, organisation_id=who.organisation_id, **person.model_dump()
        )
    return shapes.PersonExport.model_validate(found)


@router.post("/persons/erase", response_model=shapes.Erased)
def erase_person(service: ServiceDep, who: PrincipalDep, person: shapes.Person) -> shapes.Erased:
    """Erase all contacts of a person and the mails sent to the address."""
    with write(service.database) as connection:
        count = contacts.erase_person(
            connection, by=who.actor, organisation_id=who.organisation_id, **person.model_dump()
        )
    return shapes.Erased(erased=count)
