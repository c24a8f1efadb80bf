"""Goods matched on made-up rows: the good first, then what the rows say beside it."""

import pytest

from data.records import Offer, PurchaseRequest, SupplyLink
from embeddings.encoder import HashingEncoder
from matcher.errors import MatcherError
from matcher.goods_matching import GoodsMatcher
from matcher.types import Verdict

OFFERS = [
    Offer("o1", "Xoài cát", "mango", seller="HTX Một", category="fruit",
          certificates=("VietGAP",), markets_wanted="đã xuất: Nhật Bản", source_url="https://x/1"),
    Offer("o2", "Xoài tượng", "mango", seller="HTX Hai (Cao Lãnh)", category="fruit"),
    Offer("o3", "Chiếu cói", "sedge mats", category="handicraft"),
]  # fmt: skip
REQUESTS = [
    PurchaseRequest("r1", "xoài", "mango", buyer="Bên mua", category="fruit",
                    location="Nhật Bản", requirements="VietGAP"),
    PurchaseRequest("r2", "hàng thủ công từ cói", "sedge handicraft", category="handicraft"),
]  # fmt: skip


def matcher(*links: SupplyLink) -> GoodsMatcher:
    return GoodsMatcher(OFFERS, REQUESTS, links, HashingEncoder())


def test_the_good_that_is_wanted_comes_first_and_the_better_seller_before_the_other() -> None:
    slate = matcher().for_request("r1", n=3)
    assert [item.party_id for item in slate.items[:2]] == ["o1", "o2"]
    assert [item.rank for item in slate.items] == [1, 2, 3]
    codes = {reason.code for reason in slate.items[0].reasons}
    assert {"good", "category", "market", "requirement.vietgap"} <= codes


def test_reasons_add_up_to_the_score() -> None:
    for item in matcher().for_request("r1", n=3).items:
        assert item.score == pytest.approx(sum(r.contribution for r in item.reasons), abs=1e-3)


def test_what_the_offer_does_not_say_needs_a_check() -> None:
    items = {item.party_id: item for item in matcher().for_request("r1", n=3).items}
    assert items["o1"].eligibility.verdict is Verdict.ELIGIBLE
    assert items["o2"].eligibility.verdict is Verdict.NEEDS_CHECK


def test_a_known_delivery_is_a_reason_with_its_source() -> None:
    link = SupplyLink("HTX Hai", "BÊN MUA", "xoài, 6 tấn", source_url="https://x/link")
    items = {item.party_id: item for item in matcher(link).for_request("r1", n=3).items}
    (reason,) = [one for one in items["o2"].reasons if one.code == "delivery"]
    assert reason.evidence[0].source_url == "https://x/link"


def test_requests_for_an_offer_are_the_mirror() -> None:
    slate = matcher().for_offer("o3", n=2)
    assert (slate.kind, slate.asked, slate.items[0].party_id) == ("requests", "offer_id", "r2")
    seen = matcher().for_request("r2", n=3)
    assert seen.items[0].party_id == "o3"


def test_a_seller_without_a_name_is_a_caution() -> None:
    item = matcher().for_request("r2", n=1).items[0]
    assert [one.code for one in item.cautions] == ["no_seller"]


def test_nothing_near_is_said() -> None:
    slate = matcher().for_text("turbine", n=2)
    assert slate.abstained
    assert [one.code for one in slate.cautions] == ["nothing_near"]


@pytest.mark.parametrize(
    ("ask", "code"),
    [
        (lambda one: one.for_request("r9", n=1), "request.not_found"),
        (lambda one: one.for_offer("o9", n=1), "offer.not_found"),
        (lambda one: one.for_text("  ", n=1), "text.empty"),
    ],
)
def test_what_is_not_there_is_told(ask: object, code: str) -> None:
    with pytest.raises(MatcherError) as error:
        ask(matcher())  # type: ignore[operator]
    assert error.value.code == code
    assert error.value.message_vi != error.value.message
