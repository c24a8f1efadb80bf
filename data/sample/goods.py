"""Offers, purchase requests and known deliveries of the sample, in the columns of the importer."""

import re
from collections.abc import Sequence

from data.sample.tables import Row

OFFER_COLUMNS = (
    "offer_id", "product", "product_en", "seller", "category", "province", "ocop_stars",
    "certificates", "volume", "markets_wanted", "source_url", "source_language", "origin",
)  # fmt: skip
REQUEST_COLUMNS = (
    "request_id", "product", "product_en", "buyer", "buyer_type", "category", "location",
    "requirements", "source_url", "source_language", "origin",
)  # fmt: skip
LINK_COLUMNS = ("seller", "buyer", "product", "date", "province", "source_url", "origin")
_PERSON = re.compile(r"\b(?:ông|bà|anh|chị|Mr|Mrs|Ms)\.? \w+, ")
"""A person named inside the buyer's brackets: a sample needs no names of persons."""


def make_offers(offers: Sequence[Row]) -> list[Row]:
    """Return the offers; certificates are separated as lists are."""
    return [
        {
            "offer_id": row["offer_id"],
            "product": row["product_vi"] or row["product_en"],
            "product_en": row["product_en"],
            "seller": row["producer"],
            "category": row["category"],
            "province": row["province"],
            "ocop_stars": row["ocop_stars"],
            "certificates": "|".join(part.strip() for part in row["certificates"].split(";")),
            "volume": row["volume"],
            "markets_wanted": row["markets_wanted"],
            "source_url": row["source_url"],
            "source_language": row["lang"],
            "origin": "supply_offers.csv",
        }
        for row in offers
    ]


def make_requests(requests: Sequence[Row]) -> list[Row]:
    """Return the purchase requests; without a Vietnamese name the English one is the product."""
    return [
        {
            "request_id": row["request_id"],
            "product": row["wanted_vi"] or row["wanted_en"],
            "product_en": row["wanted_en"],
            "buyer": _PERSON.sub("", row["buyer"]),
            "buyer_type": row["buyer_type"],
            "category": row["category"],
            "location": row["country_or_city"],
            "requirements": row["requirements"],
            "source_url": row["source_url"],
            "source_language": row["lang"],
            "origin": "demand_requests.csv",
        }
        for row in requests
    ]


def make_links(links: Sequence[Row]) -> list[Row]:
    """Return who delivers to whom; a row that does not name both sides is left out."""
    return [
        {
            "seller": row["producer"],
            "buyer": row["buyer"],
            "product": row["product"],
            "date": row["year"],
            "province": row["province"],
            "source_url": row["source_url"],
            "origin": "supply_links.csv",
        }
        for row in links
        if row["producer"] and row["buyer"]
    ]
