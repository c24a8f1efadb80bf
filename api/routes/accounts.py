"""Organisations, people and keys: the platform's administrator all, others their own."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Response
from sqlalchemy import Connection

from api.deps import Created, IfMatchDep, OnceDep, PageDep, PrincipalDep, ServiceDep
from api.edge.changes import given
from api.edge.etags import version_of, version_tag
from api.edge.paging import id_page, id_paged
from api.edge.security import Principal
from api.errors import ProblemError
from api.rights import SCOPES
from api.schemas import accounts as shapes
from api.schemas.common import Paged, PathId, problems
from data import accounts, keys, store
from data.accounts import NewOrganisation, NewUser
from data.session import read, write

router = APIRouter(tags=["accounts"])


@router.get("/organisations", response_model=Paged[shapes.Organisation])
def list_organisations(
    service: ServiceDep, who: PrincipalDep, wish: PageDep
) -> Paged[shapes.Organisation]:
    """Organisations, oldest first: all for the platform's administrator, else one's own."""
    with read(service.database) as connection:
        found = accounts.organisations(connection, id_page(wish)) if who.of_platform else []
    if not who.of_platform:
        return Paged(items=[shapes.Organisation.model_validate(who.organisation)])
    items, after = id_paged(found, wish, lambda each: each.organisation_id)
    shown = [shapes.Organisation.model_validate(each) for each in items]
    return Paged(items=shown, next_cursor=after)


@router.post(
    "/organisations",
    response_model=shapes.Organisation,
    status_code=201,
    responses=problems(409),
)
def create_organisation(once: OnceDep, new: shapes.OrganisationCreate) -> Response:
    """Make a tenant; for the platform's administrator."""

    def make(connection: Connection) -> Created:
        made = accounts.create_organisation(connection, NewOrganisation(**new.model_dump()))
        headers = {
            "ETag": version_tag(made.version),
            "Location": f"/api/v1/organisations/{made.organisation_id}",
        }
        return Created(shapes.Organisation.model_validate(made), headers)

    return once(new.model_dump(), make)


@router.get(
    "/organisations/{organisation_id}",
    response_model=shapes.Organisation,
    responses=problems(404),
)
def get_organisation(
    service: ServiceDep, who: PrincipalDep, organisation_id: PathId, response: Response
) -> shapes.Organisation:
    """One organisation, with the ETag that a change of it needs."""
    _check_own(who, organisation_id)
    with read(service.database) as connection:
        found = accounts.organisation(connection, organisation_id)
    response.headers["ETag"] = version_tag(found.version)
    return shapes.Organisation.model_validate(found)


@router.patch(
    "/organisations/{organisation_id}",
    response_model=shapes.Organisation,
    responses=problems(404, 409, 412, 428),
)
def change_organisation(
    service: ServiceDep,
    if_match: IfMatchDep,
    organisation_id: PathId,
    change: shapes.OrganisationChange,
    response: Response,
) -> shapes.Organisation:
    """Change an organisation's name, provinces or profile; for the platform's administrator."""
    values = given(change, clearable=("investor_id",))
    with write(service.database) as connection:
        before = accounts.organisation(connection, organisation_id)
        changed = replace(before, **values, version=version_of(if_match))
        after = accounts.change_organisation(connection, changed)
    response.headers["ETag"] = version_tag(after.version)
    return shapes.Organisation.model_validate(after)


@router.get("/users", response_model=Paged[shapes.User])
def list_users(service: ServiceDep, who: PrincipalDep, wish: PageDep) -> Paged[shapes.User]:
    """People, oldest first: all for the platform's administrator, else one's own organisation's."""
    with read(service.database) as connection:
        found = accounts.users(connection, organisation_id=who.tenant, page=id_page(wish))
    items, after = id_paged(found, wish, lambda each: each.user_id)
    return Paged(items=[shapes.User.model_validate(each) for each in items], next_cursor=after)


@router.post("/users", response_model=shapes.User, status_code=201, responses=problems(404, 409))
def create_user(who: PrincipalDep, once: OnceDep, new: shapes.UserCreate) -> Response:
    """Add a person."""
    where = new.organisation_id or who.organisation_id
    _check_own(who, where)
    hashed = keys.hash_password(new.password.get_secret_value()) if new.password else None
    plain = new.model_dump(exclude={"password", "organisation_id"})

    def make(connection: Connection) -> Created:
        wanted = NewUser(organisation_id=where, password_hash=hashed, **plain)
        made = accounts.create_user(connection, wanted)
        headers = {"ETag": version_tag(made.version), "Location": f"/api/v1/users/{made.user_id}"}
        return Created(shapes.User.model_validate(made), headers)

    return once({**plain, "organisation_id": where}, make)


@router.get("/users/{user_id}", response_model=shapes.User, responses=problems(404))
def get_user(
    service: ServiceDep, who: PrincipalDep, user_id: PathId, response: Response
) -> shapes.User:
    """One person, with the ETag that a change needs."""
    with read(service.database) as connection:
        found = accounts.user(connection, user_id, organisation_id=who.tenant)
    response.headers["ETag"] = version_tag(found.version)
    return shapes.User.model_validate(found)


@router.patch(
    "/users/{user_id}", response_model=shapes.User, responses=problems(404, 409, 412, 428)
)
def change_user(
    service: ServiceDep,
    who: PrincipalDep,
    if_match: IfMatchDep,
    user_id: PathId,
    change: shapes.UserChange,
    response: Response,
) -> shapes.User:
    """Change a person's name, role or language."""
    values: dict[str, Any] = given(change)
    with write(service.database) as connection:
        before = accounts.user(connection, user_id, organisation_id=who.tenant)
        changed = replace(before, **values, version=version_of(if_match))
        after = accounts.change_user(connection, changed)
    response.headers["ETag"] = version_tag(after.version)
    return shapes.User.model_validate(after)


@router.delete("/users/{user_id}", status_code=204, responses=problems(404))
def disable_user(service: ServiceDep, who: PrincipalDep, user_id: PathId) -> None:
    """Let a person no longer sign in; what they did stays in the histories."""
    with write(service.database) as connection:
        accounts.user(connection, user_id, organisation_id=who.tenant)
        accounts.disable_user(connection, user_id)


@router.get("/keys", response_model=Paged[shapes.Key])
def list_keys(service: ServiceDep, who: PrincipalDep, wish: PageDep) -> Paged[shapes.Key]:
    """Keys without their secrets, oldest first, revoked ones too."""
    with read(service.database) as connection:
        found = keys.keys(connection, organisation_id=who.tenant, page=id_page(wish))
    items, after = id_paged(found, wish, lambda each: each.key_id)
    return Paged(items=[shapes.Key.model_validate(each) for each in items], next_cursor=after)


@router.post("/keys", response_model=shapes.NewKey, status_code=201, responses=problems(404))
def create_key(service: ServiceDep, who: PrincipalDep, new: shapes.KeyCreate) -> shapes.NewKey:
    """Make a key. Its text is shown this once; it takes no Idempotency-Key, for none is kept."""
    where = new.organisation_id or who.organisation_id
    _check_own(who, where)
    _check_scopes(who, new.scopes)
    wanted = keys.NewKey(
        where, new.name, new.role, new.scopes, timedelta(days=new.days), who.user_id
    )
    with write(service.database) as connection:
        made, text = keys.create_key(connection, wanted)
    shown = shapes.Key.model_validate(made)
    return shapes.NewKey(**shown.model_dump(), key=text)


@router.delete("/keys/{key_id}", status_code=204, responses=problems(404))
def revoke_key(service: ServiceDep, who: PrincipalDep, key_id: PathId) -> None:
    """End a key at once; ending it twice is no error."""
    with write(service.database) as connection:
        keys.revoke_key(connection, key_id, organisation_id=who.tenant)


def _check_own(who: Principal, organisation_id: str) -> None:
    if who.tenant not in (None, organisation_id):
        raise store.not_found("organisation", "organisation", "tổ chức", organisation_id)


def _check_scopes(who: Principal, scopes: list[str]) -> None:
    """Refuse scopes that are none, or that the key that asks does not have itself."""
    known = {*SCOPES, "*"}
    wrong = next((each for each in scopes if each not in known), None)
    if wrong is not None:
        raise ProblemError(
            422,
            "key.scope",
            f"{wrong!r} is no scope. Choose from: {', '.join(sorted(known))}.",
            f"{wrong!r} không phải phạm vi. Hãy chọn trong: {', '.join(sorted(known))}.",
        )
    if "*" not in who.scopes and not set(scopes) <= who.scopes:
        raise ProblemError(
            403,
            "key.scope_beyond",
            "A key cannot make one that may do more than itself. Choose fewer scopes.",
            "Khóa không thể tạo khóa khác có nhiều quyền hơn nó. Hãy chọn ít phạm vi hơn.",
        )
