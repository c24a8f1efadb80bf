"""Shortlists, opportunities, search: lists with reasons, each written to the ledger when shown."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from api.deps import JSON_TYPE, LanguageDep, PrincipalDep, ServiceDep
from api.lists.download import slate_file
from api.lists.serving import Shown, SlateWish
from api.routes.records import check_profile, visible_call
from api.schemas import slates as shapes
from api.schemas.common import PathId, problems
from data import queries
from data.records import ProjectCall
from data.session import read

router = APIRouter(tags=["matching"])

Top = Annotated[int, Query(ge=1, le=100, description="How many to show.")]
_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The list as a file",
        "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in (
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "text/csv",
        )},
    }
}  # fmt: skip


@router.get("/calls/{call_id}/shortlist", response_model=shapes.Shortlist, responses=problems(404))
def get_shortlist(
    service: ServiceDep, who: PrincipalDep, call_id: PathId, top: Top = 10
) -> Response:
    """Investors for a call, best first, each with reasons and cautions."""
    return _answer(_shortlist(service, who, call_id, top).body)


@router.get(
    "/calls/{call_id}/shortlist/export",
    response_class=Response,
    responses=problems(404) | _FILE,
)
def export_shortlist(
    service: ServiceDep,
    who: PrincipalDep,
    language: LanguageDep,
    call_id: PathId,
    format: shapes.Format = "xlsx",
    top: Top = 20,
) -> Response:
    """A shortlist as an Excel sheet, a Word page or CSV, in the language of Accept-Language."""
    shown = _shortlist(service, who, call_id, top)
    return slate_file(shown, service.server.snapshot, format=format, language=language)


@router.get(
    "/investors/{investor_id}/opportunities",
    response_model=shapes.Opportunities,
    responses=problems(404),
)
def get_opportunities(
    service: ServiceDep, who: PrincipalDep, investor_id: PathId, top: Top = 10
) -> Response:
    """Open calls for an investor, best first. A business may ask for its own profile."""
    return _answer(_opportunities(service, who, investor_id, top).body)


@router.get(
    "/investors/{investor_id}/opportunities/export",
    response_class=Response,
    responses=problems(404) | _FILE,
)
def export_opportunities(
    service: ServiceDep,
    who: PrincipalDep,
    language: LanguageDep,
    investor_id: PathId,
    format: shapes.Format = "xlsx",
    top: Top = 20,
) -> Response:
    """Opportunities as an Excel sheet, a Word page or CSV."""
    shown = _opportunities(service, who, investor_id, top)
    return slate_file(shown, service.server.snapshot, format=format, language=language)


@router.post("/search", response_model=shapes.Found)
def search_calls(service: ServiceDep, who: PrincipalDep, wish: shapes.Search) -> Response:
    """Open calls for a free text in Vietnamese, English, Korean, Japanese or Chinese."""
    filters = wish.filters
    given = filters.model_dump(exclude_none=True)
    named = tuple((name, str(value)) for name, value in sorted(given.items()))
    asked = SlateWish(text=wish.text, n=wish.top, filters=named)
    wanted = _Wanted(filters) if named else None
    return _answer(service.server.show(asked, who.actor, wanted).body)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Whether a call meets the filters; an unknown size meets every range."""

    filters: shapes.SearchFilters

    def __call__(self, call: ProjectCall) -> bool:
        wanted = self.filters
        if wanted.provinces is not None and call.place.code not in wanted.provinces:
            return False
        if wanted.sectors is not None and not set(wanted.sectors) & set(call.sectors):
            return False
        low, high = call.capital.vnd.low, call.capital.vnd.high
        if wanted.capital_min is not None and high is not None and high < wanted.capital_min:
            return False
        return not (wanted.capital_max is not None and low is not None and low > wanted.capital_max)


def _shortlist(service: ServiceDep, who: PrincipalDep, call_id: str, top: int) -> Shown:
    with read(service.database) as connection:
        visible_call(connection, who, call_id)
    return service.server.show(SlateWish(call_id=call_id, n=top), who.actor)


def _opportunities(service: ServiceDep, who: PrincipalDep, investor_id: str, top: int) -> Shown:
    check_profile(who, investor_id)
    with read(service.database) as connection:
        queries.investor(connection, investor_id)
    return service.server.show(SlateWish(investor_id=investor_id, n=top), who.actor)


def _answer(body: bytes) -> Response:
    return Response(body, media_type=JSON_TYPE)
