"""Offers, purchase requests and links on made-up rows."""

from data.records import Offer, PurchaseRequest, SupplyLink
from tests.unit.data.importers.reading import parse, problems


def test_an_offer_is_read_with_its_place_and_lists() -> None:
    text = (
        "offer_id,producer,province,product_vi,ocop_stars,certificates,volume,lang\n"
        "o1,Hợp tác xã Bịa,Kon Tum,Cà phê bịa,4 sao,VietGAP|HACCP,10 tấn/năm,vi\n"
    )
    (offer,) = parse(text, "offers").records
    assert isinstance(offer, Offer)
    assert (offer.offer_id, offer.product, offer.seller) == ("o1", "Cà phê bịa", "Hợp tác xã Bịa")
    assert (offer.place.name, offer.ocop_stars) == ("Quảng Ngãi", 4)
    assert offer.certificates == ("VietGAP", "HACCP")
    assert offer.notes == {"lang": "vi"}


def test_stars_out_of_range_are_a_problem_that_names_the_cell() -> None:
    (found,) = problems("offer_id,product,ocop_stars\no1,Mật ong,7\n", "offers")
    assert "ocop_stars" in found
    assert "'7'" in found


def test_unknown_stars_are_no_zero() -> None:
    (offer,) = parse("offer_id,product,ocop_stars\no1,Mật ong,\n", "offers").records
    assert isinstance(offer, Offer)
    assert offer.ocop_stars is None


def test_a_request_without_a_vietnamese_name_goes_by_the_english_one() -> None:
    text = "request_id,wanted_vi,wanted_en,country_or_city\nr1,,mango,Japan\n"
    (request,) = parse(text, "requests").records
    assert isinstance(request, PurchaseRequest)
    assert (request.product, request.product_en, request.location) == ("mango", "mango", "Japan")


def test_an_offer_without_a_product_is_refused() -> None:
    assert problems("offer_id,product\no1,\n", "offers")


def test_repeated_ids_are_refused() -> None:
    assert problems("request_id,product\nr1,gạo\nr1,tiêu\n", "requests")


def test_a_link_needs_both_sides_and_the_others_are_told() -> None:
    parsed = parse("producer,buyer,product,year\nA,B,gạo,2024\nC,,tiêu,\n", "links")
    (link,) = parsed.records
    assert isinstance(link, SupplyLink)
    assert (link.seller, link.buyer, link.date and link.date.text) == ("A", "B", "2024")
    assert "buyer is empty" in str(parsed.skipped)
