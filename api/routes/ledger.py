"""The ledger of lists that were shown, and the releases that made them."""

from dataclasses import replace
from typing import Annotated, Literal

from fastapi import APIRouter, Query

from api.deps import PageDep, PrincipalDep, ServiceDep
from api.edge import listings
from api.edge.paging import page
from api.schemas import slates as shapes
from api.schemas.common import Paged, PathId, problems
from data import ledger
from data.errors import NotFound
from data.session import read
from matcher.release import releases

router = APIRouter(tags=["ledger"])


@router.get("/slates", response_model=Paged[shapes.SlateHead])
def list_slates(
    service: ServiceDep,
    who: PrincipalDep,
    wish: PageDep,
    sort: Literal["", "position", "-position"] = "",
    subject: Annotated[str | None, Query(max_length=2000, pattern=r"^[^\x00]*$")] = None,
) -> Paged[shapes.SlateHead]:
    """Lists shown to the organisation, by page; to all for the platform's administrator."""
    listing = listings.slates()
    where = listings.equal(listing, subject=subject, organisation_id=who.tenant)
    with read(service.database) as connection:
        found = page(connection, listing, replace(wish, sort=sort), where)
    items = [shapes.SlateHead.model_validate(row) for row in found.rows]
    return Paged(items=items, next_cursor=found.next_cursor or None)


@router.get("/slates/{slate_id}", response_model=shapes.LoggedSlate, responses=problems(404))
def get_slate(service: ServiceDep, who: PrincipalDep, slate_id: PathId) -> shapes.LoggedSlate:
    """A list as it was shown, and the decisions and outcomes that refer to it."""
    with read(service.database) as connection:
        row = ledger.slate(connection, slate_id)
        if row is None or who.tenant not in (None, row["organisation_id"]):
            raise NotFound(
                "slate.not_found",
                f"There is no slate {slate_id!r}. Check the id.",
                f"Không có danh sách {slate_id!r}. Hãy kiểm tra lại mã.",
            )
        decided = ledger.decisions_of(connection, slate_id)
    own = [each for each in decided if who.tenant in (None, each["organisation_id"])]
    return shapes.LoggedSlate.model_validate({**row, "decisions": own})


@router.get("/releases", response_model=Paged[shapes.Release])
def list_releases(service: ServiceDep) -> Paged[shapes.Release]:
    """Releases that are kept, newest first, and which one is in use."""
    kept = releases(service.settings.releases)
    return Paged(items=[shapes.Release.model_validate(each) for each in kept])
