"""Lists of goods, as the API takes and shows them."""

from typing import Annotated, Any

from pydantic import Field

from api.schemas.common import Input, Named, Output, Whole


class GoodsWish(Input):
    text: Named = Field(examples=["xoài VietGAP, 20 tấn mỗi tháng"])
    top: Annotated[Whole, Field(ge=1, le=100)] = 10


class GoodsList(Output):
    """As `ketnoi goods --json` prints it; items carry the offer's or the request's fields."""

    slate_id: str
    release: str
    abstained: bool
    cautions: list[dict[str, Any]]
    items: list[dict[str, Any]]
    request_id: str | None = None
    offer_id: str | None = None
    text: str | None = None
