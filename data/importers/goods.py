"""Rows of offers, purchase requests and known links: the tables of supply–demand events."""

from data.importers.fields import LONGEST_NAME, RowReader
from data.importers.header import Columns
from data.importers.places import read_place
from data.records import Offer, PurchaseRequest, SupplyLink

OFFER_COLUMNS = Columns(
    ("offer_id", "product"),
    ("product_en", "seller", "category", "province", "description", "ocop_stars", "certificates",
     "volume", "season", "markets_wanted", "languages", "source_url"),
    {"producer": "seller", "product_vi": "product", "name": "product", "stars": "ocop_stars"},
)  # fmt: skip
REQUEST_COLUMNS = Columns(
    ("request_id", "product"),
    ("product_en", "buyer", "buyer_type", "category", "location", "requirements", "volume",
     "season", "languages", "source_url"),
    {"wanted": "product", "wanted_vi": "product", "wanted_en": "product_en",
     "product_vi": "product", "country_or_city": "location"},
)  # fmt: skip
LINK_COLUMNS = Columns(
    ("seller", "buyer"), ("product", "date", "source_url"), {"producer": "seller", "year": "date"}
)


def build_offer(row: RowReader) -> Offer:
    """Return the offer of a row; what is wrong with it is noted in the row."""
    return Offer(
        offer_id=row.identifier("offer_id"),
        product=_product(row),
        product_en=row.text("product_en"),
        seller=row.text("seller", longest=LONGEST_NAME),
        category=row.text("category"),
        place=read_place(row, "province", ""),
        description=row.text("description"),
        ocop_stars=_stars(row),
        certificates=row.listed("certificates"),
        volume=row.text("volume"),
        season=row.text("season"),
        markets_wanted=row.text("markets_wanted"),
        languages=row.listed("languages"),
        source_url=row.text("source_url"),
        notes=row.notes(),
    )


def build_request(row: RowReader) -> PurchaseRequest:
    """Return the purchase request of a row; what is wrong with it is noted in the row."""
    return PurchaseRequest(
        request_id=row.identifier("request_id"),
        product=_product(row),
        product_en=row.text("product_en"),
        buyer=row.text("buyer", longest=LONGEST_NAME),
        buyer_type=row.text("buyer_type"),
        category=row.text("category"),
        location=row.text("location"),
        requirements=row.text("requirements"),
        volume=row.text("volume"),
        season=row.text("season"),
        languages=row.listed("languages"),
        source_url=row.text("source_url"),
        notes=row.notes(),
    )


def build_link(row: RowReader) -> SupplyLink:
    """Return the link of a row; what is wrong with it is noted in the row."""
    for side in ("seller", "buyer"):
        if not row.raw(side) and not row.cell(side).fault:
            # Public lists have such rows; they are reported, not refused with the whole file.
            row.left_out = f"{side} is empty: a link needs both sides"
    return SupplyLink(
        seller=row.text("seller", longest=LONGEST_NAME),
        buyer=row.text("buyer", longest=LONGEST_NAME),
        product=row.text("product"),
        date=row.date("date"),
        source_url=row.text("source_url"),
        notes=row.notes(),
    )


def _product(row: RowReader) -> str:
    """The good in the language of the row: what has no Vietnamese name goes by its English one."""
    named = row.text("product")
    if named or not row.raw("product_en"):
        return named or row.required("product", longest=0)
    return row.raw("product_en")


def _stars(row: RowReader) -> int | None:
    """The rating of the programme "One commune, one product": one to five stars."""
    text = row.raw("ocop_stars")
    if not text:
        row.keep("ocop_stars", None)
        return None
    digits = text.removesuffix("sao").removesuffix("*").removesuffix("stars").strip()
    stars = int(float(digits)) if digits in {"1", "2", "3", "4", "5", "3.0", "4.0", "5.0"} else None
    if stars is None:
        row.problem(
            "ocop_stars", text, f"{text!r} is not a rating.", "Write 1 to 5, or leave it empty."
        )
    row.keep("ocop_stars", stars)
    return stars
