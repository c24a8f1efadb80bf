"""Calls, investors, deals and programmes: lists by page, and one by id."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from sqlalchemy import Connection, select

from api.deps import IfMatchDep, PageDep, PrincipalDep, ServiceDep
from api.edge import listings
from api.edge.etags import check_tag, content_tag
from api.edge.paging import Listing, PageWish, page
from api.edge.security import Principal
from api.errors import ProblemError
from api.schemas import records as shapes
from api.schemas.common import ID_PATTERN, Paged, PathId, problems
from data import commands, queries
from data.errors import NotFound
from data.history import Origin, log_call_changes
from data.records import PartialDate, ProjectCall
from data.rows import Row, call_of, deal_of, investor_of, programme_of
from data.session import read, write
from data.store import table_of

router = APIRouter()

Code = Annotated[str | None, Query(max_length=100, pattern=ID_PATTERN)]
Part = Annotated[str | None, Query(min_length=1, max_length=100, pattern=r"^[^\x00]+$")]
CallSort = Literal[
    "", "call_id", "-call_id", "title", "-title", "province", "-province", "capital", "-capital",
    "land", "-land", "published_on", "-published_on",
]  # fmt: skip
InvestorSort = Literal[
    "", "investor_id", "-investor_id", "name", "-name", "country", "-country", "capital",
    "-capital",
]  # fmt: skip
DealSort = Literal["", "date", "-date", "stage", "-stage"]


@router.get("/calls", response_model=Paged[shapes.Call], tags=["calls"])
def list_calls(
    service: ServiceDep,
    who: PrincipalDep,
    wish: PageDep,
    sort: CallSort = "",
    status: Literal["open", "closed"] | None = None,
    province: Annotated[Code, Query(description="Code of the 34 units, such as 38.")] = None,
    sector: Code = None,
) -> Paged[shapes.Call]:
    """Calls, by page. A business sees those that invite today."""
    listing = listings.calls()
    where = listings.equal(listing, status=status, place_code=province)
    where += listings.holds(listing.table.c.sectors, sector)
    where += listings.still_open(date.today()) if who.restricted else []
    with read(service.database) as connection:
        found = page(connection, listing, replace(wish, sort=sort), where)
    items = [shapes.call(call_of(row)) for row in found.rows]
    return Paged(items=items, next_cursor=found.next_cursor or None)


@router.get("/calls/{call_id}", response_model=shapes.Call, tags=["calls"], responses=problems(404))
def get_call(
    service: ServiceDep, who: PrincipalDep, call_id: PathId, response: Response
) -> shapes.Call:
    """One call, with the ETag that a change of it needs."""
    with read(service.database) as connection:
        record = visible_call(connection, who, call_id)
    response.headers["ETag"] = content_tag(record)
    return shapes.call(record)


@router.patch(
    "/calls/{call_id}",
    response_model=shapes.Call,
    tags=["calls"],
    responses=problems(404, 412, 428),
)
def change_call(
    service: ServiceDep,
    who: PrincipalDep,
    if_match: IfMatchDep,
    call_id: PathId,
    change: shapes.CallChange,
    response: Response,
) -> shapes.Call:
    """Change a call by hand: a centre those of its provinces, the platform any."""
    with write(service.database) as connection:
        before = queries.call(connection, call_id)
        if not who.of_platform and before.place.code not in who.organisation.province_codes:
            raise _not_yours(before)
        check_tag(if_match, content_tag(before))
        after = _changed(before, change)
        commands.upsert_calls(connection, [after])
        differing = {
            name: (_shown(getattr(before, name)), _shown(getattr(after, name)))
            for name in shapes.CallChange.model_fields
            if getattr(before, name) != getattr(after, name)
        }
        if differing:
            origin = Origin(who.name, "", "")
            log_call_changes(connection, [(call_id, "changed", differing)], origin)
    response.headers["ETag"] = content_tag(after)
    return shapes.call(after)


@router.get("/investors", response_model=Paged[shapes.Investor], tags=["investors"])
def list_investors(
    service: ServiceDep,
    who: PrincipalDep,
    wish: PageDep,
    sort: InvestorSort = "",
    name: Annotated[Part, Query(description="Part of the name, tone marks apart.")] = None,
    country: Part = None,
    sector: Code = None,
) -> Paged[shapes.Investor]:
    """Investors, by page. A business sees its own profile alone."""
    listing = listings.investors()
    where = listings.equal(listing, country=country)
    where += listings.holds(listing.table.c.sectors, sector)
    where += listings.contains(listing.table.c.name_folded, name)
    where += _own(listing, who)
    with read(service.database) as connection:
        found = page(connection, listing, replace(wish, sort=sort), where)
        aliases = _aliases(connection, [row["investor_id"] for row in found.rows])
    records = [investor_of(row, aliases.get(row["investor_id"], ())) for row in found.rows]
    return Paged(
        items=[shapes.investor(each) for each in records], next_cursor=found.next_cursor or None
    )


@router.get(
    "/investors/{investor_id}",
    response_model=shapes.Investor,
    tags=["investors"],
    responses=problems(404),
)
def get_investor(service: ServiceDep, who: PrincipalDep, investor_id: PathId) -> shapes.Investor:
    """One investor."""
    check_profile(who, investor_id)
    with read(service.database) as connection:
        return shapes.investor(queries.investor(connection, investor_id))


@router.get("/deals", response_model=Paged[shapes.Deal], tags=["deals"])
def list_deals(
    service: ServiceDep,
    who: PrincipalDep,
    wish: PageDep,
    sort: DealSort = "",
    investor_id: Code = None,
    call_id: Code = None,
    stage: Part = None,
) -> Paged[shapes.Deal]:
    """Known investor→project facts, by page. A business sees its own alone."""
    listing = listings.deals()
    where = listings.equal(listing, investor_id=investor_id, call_id=call_id, stage=stage)
    where += _own(listing, who)
    items, after = _items(service, listing, replace(wish, sort=sort), where)
    return Paged(items=[shapes.deal(deal_of(row)) for row in items], next_cursor=after)


@router.get("/programmes", response_model=Paged[shapes.Programme], tags=["reference"])
def list_programmes(service: ServiceDep, wish: PageDep) -> Paged[shapes.Programme]:
    """Cooperation programmes, by page."""
    items, after = _items(service, listings.programmes(), wish, [])
    return Paged(items=[shapes.programme(programme_of(row)) for row in items], next_cursor=after)


@router.get(
    "/programmes/{programme_id}",
    response_model=shapes.Programme,
    tags=["reference"],
    responses=problems(404),
)
def get_programme(service: ServiceDep, programme_id: PathId) -> shapes.Programme:
    """One cooperation programme."""
    listing = listings.programmes()
    where = listings.equal(listing, programme_id=programme_id)
    rows, _ = _items(service, listing, PageWish(limit=1), where)
    if not rows:
        raise NotFound(
            "programme.not_found",
            f"There is no programme {programme_id!r}. Check the id.",
            f"Không có chương trình {programme_id!r}. Hãy kiểm tra mã.",
        )
    return shapes.programme(programme_of(rows[0]))


def visible_call(connection: Connection, who: Principal, call_id: str) -> ProjectCall:
    """The call, if the asker may see it.

    Raises:
        NotFound: ``call.not_found``, also for a closed call that a business asks for.
    """
    if not who.restricted:
        return queries.call(connection, call_id)
    try:
        record = queries.call(connection, call_id)
    except NotFound:
        raise _no_open_call(call_id) from None  # without near ids: they may be closed calls
    if not record.is_open(date.today()):
        raise _no_open_call(call_id)
    return record


def check_profile(who: Principal, investor_id: str) -> None:
    """Let a business ask for its own profile alone.

    Raises:
        NotFound: ``investor.not_found``, whether or not there is such an investor.
    """
    if who.restricted and who.organisation.investor_id != investor_id:
        raise NotFound(
            "investor.not_found",
            f"There is no investor {investor_id!r} that you may see. Check the id.",
            f"Không có nhà đầu tư {investor_id!r} mà bạn được xem. Hãy kiểm tra mã.",
        )


def _own(listing: Listing, who: Principal) -> listings.Conditions:
    if not who.restricted:
        return []
    own = who.organisation.investor_id
    return listings.equal(listing, investor_id=own) if own else listings.nothing()


def _items(
    service: ServiceDep, listing: Listing, wish: PageWish, where: listings.Conditions
) -> tuple[Sequence[Row], str | None]:
    with read(service.database) as connection:
        found = page(connection, listing, wish, where)
    return found.rows, found.next_cursor or None


def _aliases(connection: Connection, ids: Sequence[str]) -> dict[str, list[str]]:
    """Other names of the investors, in order, in one query however many there are."""
    table = table_of("investor_alias")
    query = select(table).where(table.c.investor_id.in_(ids))
    found: dict[str, list[str]] = {}
    for row in connection.execute(query.order_by(table.c.investor_id, table.c.position)).mappings():
        found.setdefault(row["investor_id"], []).append(row["alias"])
    return found


def _changed(record: ProjectCall, change: shapes.CallChange) -> ProjectCall:
    values: dict[str, Any] = change.model_dump(exclude_unset=True)
    for name in ("published_on", "closes_on"):
        if values.get(name):
            try:
                values[name] = PartialDate(values[name])
            except ValueError as error:
                raise ProblemError(
                    422,
                    "call.date",
                    f"{name}: {error}",
                    f"{name}: {values[name]!r} không phải ngày có thật, dạng YYYY-MM-DD.",
                ) from None
    kept = {
        name: value
        for name, value in values.items()
        if value is not None or name in {"published_on", "closes_on"}
    }
    return replace(record, **kept)


def _shown(value: object) -> object:
    return str(value) if isinstance(value, PartialDate) else value


def _no_open_call(call_id: str) -> NotFound:
    return NotFound(
        "call.not_found",
        f"There is no open call {call_id!r}. Check the id.",
        f"Không có dự án đang kêu gọi {call_id!r}. Hãy kiểm tra mã.",
    )


def _not_yours(record: ProjectCall) -> ProblemError:
    place = record.place.name or record.place.as_written
    return ProblemError(
        403,
        "call.not_yours",
        f"The call {record.call_id} is of {place}; your organisation may not change it.",
        f"Dự án {record.call_id} thuộc {place}; tổ chức của bạn không được sửa.",
    )
