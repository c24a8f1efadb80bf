"""Goods at supply–demand events: offers for a request, requests for an offer, search by words."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.deps import PrincipalDep, ServiceDep
from api.lists.goods import goods_document, log_goods
from api.lists.slates import json_bytes
from api.schemas.common import PathId, problems
from api.schemas.goods import GoodsList, GoodsWish
from data.session import write
from matcher.goods_matching import GoodsMatcher, GoodsSlate

router = APIRouter(tags=["goods"])

Top = Annotated[int, Query(ge=1, le=100, description="How many to show.")]


@router.get("/requests/{request_id}/offers", response_model=GoodsList, responses=problems(404))
def get_request_offers(
    service: ServiceDep, who: PrincipalDep, request_id: PathId, top: Top = 10
) -> Response:
    """Sellers' offers for a purchase request, best first, with reasons and checks."""
    matcher = service.server.goods
    slate = service.server.ranking.run(lambda: matcher.for_request(request_id, n=top))
    return _shown(service, who, matcher, slate)


@router.get("/offers/{offer_id}/requests", response_model=GoodsList, responses=problems(404))
def get_offer_requests(
    service: ServiceDep, who: PrincipalDep, offer_id: PathId, top: Top = 10
) -> Response:
    """Purchase requests for an offer, best first, with reasons and checks."""
    matcher = service.server.goods
    slate = service.server.ranking.run(lambda: matcher.for_offer(offer_id, n=top))
    return _shown(service, who, matcher, slate)


@router.post("/offers/search", response_model=GoodsList)
def search_offers(service: ServiceDep, who: PrincipalDep, wish: GoodsWish) -> Response:
    """Offers for goods wanted, in words of any of the five languages; requirements are heard."""
    matcher = service.server.goods
    slate = service.server.ranking.run(lambda: matcher.for_text(wish.text, n=wish.top))
    return _shown(service, who, matcher, slate)


def _shown(
    service: ServiceDep, who: PrincipalDep, matcher: GoodsMatcher, slate: GoodsSlate
) -> Response:
    document = goods_document(slate, matcher, slate_id="")
    with write(service.database) as connection:
        document["slate_id"] = log_goods(connection, slate, document, by=who.actor).slate_id
    return Response(json_bytes(document), media_type="application/json")
