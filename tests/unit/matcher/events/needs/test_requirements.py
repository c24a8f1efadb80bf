"""What buyers ask of goods, on made-up words: certificates, stars, quantities, seasons."""

import pytest

from data.records import Offer, PurchaseRequest
from matcher.events.needs.quantity import quantities
from matcher.events.needs.requirements import check_offer, requirements_of
from matcher.events.needs.season import months_of, months_text
from matcher.types import Verdict


def verdicts(
    offer: Offer, *, requirements: str = "", volume: str = "", season: str = ""
) -> dict[str, Verdict]:
    request = PurchaseRequest("r", "xoài", requirements=requirements, volume=volume, season=season)
    return {one.rule: one.verdict for one in check_offer(request, offer)}


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("phải có chứng nhận VietGAP và HACCP", {"vietgap", "haccp"}),
        ("Global GAP certified, organic", {"globalgap", "organic"}),
        ("thuc hanh nong nghiep tot", {"gap"}),
        ("mã số vùng trồng, cơ sở đóng gói", {"growing_area", "packing_house"}),
        ("không cần HACCP; Halal", {"halal"}),
        ("giá tốt, giao nhanh", set()),
        ("gaps in supply", set()),
    ],
)
def test_requirements_are_read(text: str, codes: set[str]) -> None:
    assert {one.code for one in requirements_of(text)} == codes


def test_stars_of_ocop_are_read_and_those_of_hotels_are_not() -> None:
    assert [(one.code, one.least) for one in requirements_of("OCOP từ 4 sao trở lên")] == [
        ("ocop", 4)
    ]
    assert requirements_of("khách sạn 5 sao") == ()


def test_a_certificate_that_is_stated_is_met() -> None:
    found = verdicts(Offer("o", "xoài", certificates=("VietGAP",)), requirements="VietGAP")
    assert found == {"requirement.vietgap": Verdict.ELIGIBLE}


def test_a_stricter_certificate_meets_a_looser_requirement() -> None:
    offer = Offer("o", "xoài", certificates=("GlobalGAP",))
    assert verdicts(offer, requirements="đạt GAP") == {"requirement.gap": Verdict.ELIGIBLE}


def test_what_is_not_said_needs_a_check_and_never_blocks() -> None:
    found = verdicts(Offer("o", "xoài"), requirements="HACCP, OCOP 4 sao, 10 tấn/tháng")
    assert set(found.values()) == {Verdict.NEEDS_CHECK}


def test_a_rating_that_is_only_hoped_for_is_none() -> None:
    offer = Offer("o", "xoài", certificates=("OCOP: đề nghị 5 sao",))
    assert verdicts(offer, requirements="chứng nhận OCOP") == {
        "requirement.ocop": Verdict.NEEDS_CHECK
    }


@pytest.mark.parametrize(("stars", "met"), [(3, False), (4, True), (5, True)])
def test_stars_are_compared(stars: int, met: bool) -> None:
    offer = Offer("o", "xoài", ocop_stars=stars)
    found = verdicts(offer, requirements="OCOP từ 4 sao")["requirement.ocop"]
    assert (found is Verdict.ELIGIBLE) == met


@pytest.mark.parametrize(
    ("volume", "met"), [("300 tấn/năm", True), ("5 tấn mỗi tháng", False), ("400 ha", False)]
)
def test_volumes_are_compared_per_year(volume: str, met: bool) -> None:
    found = verdicts(Offer("o", "xoài", volume=volume), volume="20 tonnes per month")
    assert (found["requirement.volume"] is Verdict.ELIGIBLE) == met


@pytest.mark.parametrize(
    ("text", "kilograms"),
    [
        ("1.700 tấn", 1_700_000),
        ("1,700 tonnes", 1_700_000),
        ("2,5 tấn", 2500),
        ("30 tạ", 3000),
        ("3 nghìn tấn", 3_000_000),
    ],
)
def test_quantities_are_read(text: str, kilograms: float) -> None:
    assert [(one.unit, one.low) for one in quantities(text)] == [("kg", kilograms)]


def test_areas_and_money_are_no_quantities() -> None:
    assert quantities("400 ha, 80 tỷ đồng, 120.000 USD") == ()


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("tháng 5-6", {5, 6}),
        ("từ tháng 11 đến tháng 2", {11, 12, 1, 2}),
        ("Oct to Dec", {10, 11, 12}),
        ("from May to July", {5, 6, 7}),
        ("quý II", {4, 5, 6}),
        ("quanh năm", set(range(1, 13))),
        ("nhà máy chế biến", set()),
        ("we may buy more", set()),
        ("tháng 13", set()),
    ],
)
def test_months_are_read(text: str, months: set[int]) -> None:
    assert months_of(text) == months


def test_months_are_told_as_ranges() -> None:
    assert months_text(frozenset({1, 2, 11}), "vi") == "tháng 1–2, 11"
    assert months_text(frozenset({1, 2, 11}), "en") == "January–February, November"


def test_a_season_is_compared() -> None:
    offer = Offer("o", "vải", season="tháng 5 đến tháng 7")
    assert verdicts(offer, season="tháng 6") == {"requirement.season": Verdict.ELIGIBLE}
    assert verdicts(offer, season="tháng 12") == {"requirement.season": Verdict.NEEDS_CHECK}
