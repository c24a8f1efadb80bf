"""The kinds of table that can be imported: their columns, and how a row becomes a record."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from data.importers.amounts import ask_plausibility, read_capital, read_land
from data.importers.fields import LONGEST_ID, LONGEST_NAME, RowReader
from data.importers.goods import (
    LINK_COLUMNS,
    OFFER_COLUMNS,
    REQUEST_COLUMNS,
    build_link,
    build_offer,
    build_request,
)
from data.importers.header import Columns
from data.importers.places import read_place, read_places, read_sectors
from data.records import (
    Deal,
    Investor,
    Offer,
    PartialDate,
    ProjectCall,
    PurchaseRequest,
    SupplyLink,
)
from data.reference.doubts import Doubt

Record = Investor | ProjectCall | Deal | Offer | PurchaseRequest | SupplyLink
_STATUS = {
    "open": "open",
    "mo": "open",
    "dang mo": "open",
    "dang keu goi": "open",
    "closed": "closed",
    "dong": "closed",
    "da dong": "closed",
}


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of table: its name on the command line, table, columns, and how rows are read."""

    name: str
    table: str
    columns: Columns
    build: Callable[[RowReader], Record]
    key: Callable[[Record], tuple[str, ...]]


def build_investor(row: RowReader) -> Investor:
    """Return the investor of a row; what is wrong with it is noted in the row."""
    country = row.text("country")
    notes = row.notes()
    codes, written = read_sectors(row, "sectors")
    return Investor(
        investor_id=row.identifier("investor_id"),
        name=row.required("name", longest=LONGEST_NAME),
        aliases=_short(row, "aliases"),
        country=country,
        home_province=read_place(row, "home_province", country),
        description=row.text("description"),
        sectors=codes,
        sectors_as_written=written,
        activities=row.listed("activities"),
        provinces_wanted=read_places(row, "provinces_wanted", ""),
        capital=read_capital(row, None, notes),
        languages=row.listed("languages"),
        website=row.text("website"),
        source_url=row.text("source_url"),
        notes=notes,
    )


def build_call(row: RowReader) -> ProjectCall:
    """Return the call of a row; what is wrong with it is noted in the row."""
    country = row.text("country")
    notes = row.notes()
    published, closes = row.date("published_on"), row.date("closes_on")
    if published and closes and closes.text < published.text[: len(closes.text)]:
        row.ask("closes_on", "closes_on", (_order_doubt(published, closes),))
    codes, written = read_sectors(row, "sector")
    call = ProjectCall(
        call_id=row.identifier("call_id"),
        title=row.required("title", longest=0),
        title_en=row.text("title_en"),
        sectors=codes,
        sector_as_written=written,
        place=read_place(row, "province", country, default=row.context.default_place),
        location=row.text("location"),
        country=country,
        description=row.text("description"),
        land=read_land(row),
        capital=read_capital(row, published.year if published else None, notes),
        form=row.text("form"),
        status=row.choice("status", _STATUS, "open"),
        published_on=published,
        closes_on=closes,
        source_url=row.text("source_url"),
        notes=notes,
    )
    ask_plausibility(row, call.capital, call.land)
    return call


def build_deal(row: RowReader) -> Deal:
    """Return the deal of a row; what is wrong with it is noted in the row."""
    date = row.date("date")
    if date is None and not row.raw("date") and not row.cell("date").fault:
        # Public lists have such rows; they are reported, not refused with the whole file.
        row.left_out = "date is empty: a deal that has no date cannot be placed in time"
    return Deal(
        investor_id=row.identifier("investor_id"),
        call_id=row.identifier("call_id"),
        date=date or PartialDate("1900"),
        stage=row.text("stage", longest=LONGEST_ID),
        source_url=row.text("source_url"),
        notes=row.notes(),
    )


def _short(row: RowReader, name: str) -> tuple[str, ...]:
    found = row.listed(name)
    for part in found:
        if len(part) > LONGEST_NAME:
            row.problem(
                name,
                part,
                f"One of the names is {len(part):,} characters long.",
                f"Shorten it to {LONGEST_NAME}, or separate names by |.",
            )
    return found


def _order_doubt(published: PartialDate, closes: PartialDate) -> Doubt:
    return Doubt(
        "dates.order",
        f"Hạn {closes} trước ngày công bố {published}: có đúng không?",
        f"It closes on {closes}, before it was published on {published}: is that right?",
        (closes.text, published.text),
    )


def _key(record: Record) -> tuple[str, ...]:
    if isinstance(record, Investor):
        return (record.investor_id,)
    if isinstance(record, ProjectCall):
        return (record.call_id,)
    if isinstance(record, Offer):
        return (record.offer_id,)
    if isinstance(record, PurchaseRequest):
        return (record.request_id,)
    if isinstance(record, SupplyLink):
        date = record.date.text if record.date else ""
        return (record.seller, record.buyer, record.product, date)
    return (record.investor_id, record.call_id, record.date.text, record.stage)


KINDS: Mapping[str, Kind] = {
    "calls": Kind(
        "calls",
        "project_call",
        Columns(
            ("call_id", "title"),
            ("title_en", "sector", "province", "location", "country", "description",
             "land_ha_min", "land_ha_max", "capital_min", "capital_max", "capital_unit", "form",
             "status", "published_on", "closes_on", "source_url"),
        ),
        build_call,
        _key,
    ),
    "investors": Kind(
        "investors",
        "investor",
        Columns(
            ("investor_id", "name"),
            ("aliases", "country", "home_province", "description", "sectors", "activities",
             "provinces_wanted", "capital_min", "capital_max", "capital_unit", "languages",
             "website", "source_url"),
        ),
        build_investor,
        _key,
    ),
    "deals": Kind(
        "deals",
        "deal",
        Columns(("investor_id", "call_id", "date"), ("stage", "source_url")),
        build_deal,
        _key,
    ),
    "offers": Kind("offers", "offer", OFFER_COLUMNS, build_offer, _key),
    "requests": Kind("requests", "purchase_request", REQUEST_COLUMNS, build_request, _key),
    "links": Kind("links", "supply_link", LINK_COLUMNS, build_link, _key),
}  # fmt: skip
