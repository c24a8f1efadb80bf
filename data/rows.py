"""Records to table rows and back: plain mappings of columns, without database or model classes.

Reading goes through here rather than through the model classes of `data.tables`, whose libraries
take longer to load than a shortlist takes to make.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from data.quantities import Interval
from data.records import (
    Deal,
    Investor,
    Land,
    Money,
    Offer,
    PartialDate,
    Place,
    Programme,
    ProjectCall,
    PurchaseRequest,
    SupplyLink,
)
from data.reference.spelling import fold

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

Row = dict[str, Any]

KEYS: dict[str, tuple[str, ...]] = {
    "investor": ("investor_id",),
    "investor_alias": ("investor_id", "position"),
    "project_call": ("call_id",),
    "deal": ("investor_id", "call_id", "date", "stage"),
    "programme": ("programme_id",),
    "offer": ("offer_id",),
    "purchase_request": ("request_id",),
    "supply_link": ("seller", "buyer", "product", "date"),
}
JSON_COLUMNS: dict[str, tuple[str, ...]] = {
    "investor": ("sectors", "activities", "provinces_wanted", "languages", "notes"),
    "project_call": ("sectors", "notes"),
    "deal": ("notes",),
    "programme": ("partners", "counterparts", "fields_as_written", "sectors", "facts"),
    "offer": ("certificates", "languages", "notes"),
    "purchase_request": ("languages", "notes"),
    "supply_link": ("notes",),
    "slate": ("items",),
}


def _place_row(prefix: str, place: Place) -> Row:
    return {
        f"{prefix}_code": place.code,
        f"{prefix}_name": place.name,
        f"{prefix}_old_name": place.old_name,
        f"{prefix}_as_written": place.as_written,
    }


def _place_of(prefix: str, row: Mapping[str, Any]) -> Place:
    return Place(
        code=row[f"{prefix}_code"],
        name=row[f"{prefix}_name"],
        old_name=row[f"{prefix}_old_name"],
        as_written=row[f"{prefix}_as_written"],
    )


def _places_row(places: Iterable[Place]) -> list[dict[str, str]]:
    return [
        {"code": p.code, "name": p.name, "old_name": p.old_name, "as_written": p.as_written}
        for p in places
    ]


def _places_of(stored: Sequence[Mapping[str, str]]) -> tuple[Place, ...]:
    return tuple(Place(**place) for place in stored)


def _date_of(text: str | None) -> PartialDate | None:
    return PartialDate(text) if text else None


def _money_of(row: Mapping[str, Any]) -> Money:
    interval = Interval(row["capital_vnd_low"], row["capital_vnd_high"])
    return Money(interval, row["capital_text"])


def investor_row(record: Investor) -> Row:
    """Return the investor's columns, aliases apart (see `alias_rows`)."""
    return {
        "investor_id": record.investor_id,
        "name": record.name,
        "name_folded": fold(record.name),
        "country": record.country,
        **_place_row("home", record.home_province),
        "description": record.description,
        "sectors": list(record.sectors),
        "sectors_as_written": record.sectors_as_written,
        "activities": list(record.activities),
        "provinces_wanted": _places_row(record.provinces_wanted),
        "capital_vnd_low": record.capital.vnd.low,
        "capital_vnd_high": record.capital.vnd.high,
        "capital_text": record.capital.text,
        "languages": list(record.languages),
        "website": record.website,
        "source_url": record.source_url,
        "notes": dict(record.notes),
    }


def alias_rows(record: Investor) -> list[Row]:
    """Return the columns of the investor's other names."""
    return [
        {
            "investor_id": record.investor_id,
            "position": position,
            "alias": alias,
            "alias_folded": fold(alias),
        }
        for position, alias in enumerate(record.aliases)
    ]


def investor_of(row: Mapping[str, Any], aliases: Sequence[str] = ()) -> Investor:
    """Return the investor that a row holds."""
    return Investor(
        investor_id=row["investor_id"],
        name=row["name"],
        aliases=tuple(aliases),
        country=row["country"],
        home_province=_place_of("home", row),
        description=row["description"],
        sectors=tuple(row["sectors"]),
        sectors_as_written=row["sectors_as_written"],
        activities=tuple(row["activities"]),
        provinces_wanted=_places_of(row["provinces_wanted"]),
        capital=_money_of(row),
        languages=tuple(row["languages"]),
        website=row["website"],
        source_url=row["source_url"],
        notes=row["notes"],
    )


def call_row(record: ProjectCall) -> Row:
    """Return the call's columns."""
    return {
        "call_id": record.call_id,
        "title": record.title,
        "title_en": record.title_en,
        "sectors": list(record.sectors),
        "sector_as_written": record.sector_as_written,
        **_place_row("place", record.place),
        "location": record.location,
        "country": record.country,
        "description": record.description,
        "land_ha_low": record.land.ha.low,
        "land_ha_high": record.land.ha.high,
        "land_text": record.land.text,
        "capital_vnd_low": record.capital.vnd.low,
        "capital_vnd_high": record.capital.vnd.high,
        "capital_text": record.capital.text,
        "form": record.form,
        "status": record.status,
        "published_on": record.published_on.text if record.published_on else None,
        "closes_on": record.closes_on.text if record.closes_on else None,
        "source_url": record.source_url,
        "notes": dict(record.notes),
    }


def call_of(row: Mapping[str, Any]) -> ProjectCall:
    """Return the call that a row holds."""
    return ProjectCall(
        call_id=row["call_id"],
        title=row["title"],
        title_en=row["title_en"],
        sectors=tuple(row["sectors"]),
        sector_as_written=row["sector_as_written"],
        place=_place_of("place", row),
        location=row["location"],
        country=row["country"],
        description=row["description"],
        land=Land(Interval(row["land_ha_low"], row["land_ha_high"]), row["land_text"]),
        capital=_money_of(row),
        form=row["form"],
        status=row["status"],
        published_on=_date_of(row["published_on"]),
        closes_on=_date_of(row["closes_on"]),
        source_url=row["source_url"],
        notes=row["notes"],
    )


def deal_row(record: Deal) -> Row:
    """Return the deal's columns."""
    return {
        "investor_id": record.investor_id,
        "call_id": record.call_id,
        "date": record.date.text,
        "stage": record.stage,
        "source_url": record.source_url,
        "notes": dict(record.notes),
    }


def deal_of(row: Mapping[str, Any]) -> Deal:
    """Return the deal that a row holds."""
    return Deal(
        investor_id=row["investor_id"],
        call_id=row["call_id"],
        date=PartialDate(row["date"]),
        stage=row["stage"],
        source_url=row["source_url"],
        notes=row["notes"],
    )


def programme_row(record: Programme) -> Row:
    """Return the programme's columns."""
    return {
        "programme_id": record.programme_id,
        "name_vi": record.name_vi,
        "partners": _places_row(record.partners),
        "counterparts": _places_row(record.counterparts),
        "fields_as_written": list(record.fields),
        "sectors": list(record.sectors),
        "period": record.period,
        "signed_on": record.signed_on.text if record.signed_on else None,
        "source": record.source,
        "facts": dict(record.facts),
    }


def programme_of(row: Mapping[str, Any]) -> Programme:
    """Return the programme that a row holds."""
    return Programme(
        programme_id=row["programme_id"],
        name_vi=row["name_vi"],
        partners=_places_of(row["partners"]),
        counterparts=_places_of(row["counterparts"]),
        fields=tuple(row["fields_as_written"]),
        sectors=tuple(row["sectors"]),
        period=row["period"],
        signed_on=_date_of(row["signed_on"]),
        source=row["source"],
        facts=row["facts"],
    )


def offer_row(record: Offer) -> Row:
    """Return the offer's columns."""
    return {
        "offer_id": record.offer_id,
        "product": record.product,
        "product_en": record.product_en,
        "seller": record.seller,
        "category": record.category,
        **_place_row("place", record.place),
        "description": record.description,
        "ocop_stars": record.ocop_stars,
        "certificates": list(record.certificates),
        "volume": record.volume,
        "season": record.season,
        "markets_wanted": record.markets_wanted,
        "languages": list(record.languages),
        "source_url": record.source_url,
        "notes": dict(record.notes),
    }


def offer_of(row: Mapping[str, Any]) -> Offer:
    """Return the offer that a row holds."""
    return Offer(
        offer_id=row["offer_id"],
        product=row["product"],
        product_en=row["product_en"],
        seller=row["seller"],
        category=row["category"],
        place=_place_of("place", row),
        description=row["description"],
        ocop_stars=row["ocop_stars"],
        certificates=tuple(row["certificates"]),
        volume=row["volume"],
        season=row["season"],
        markets_wanted=row["markets_wanted"],
        languages=tuple(row["languages"]),
        source_url=row["source_url"],
        notes=row["notes"],
    )


def request_row(record: PurchaseRequest) -> Row:
    """Return the request's columns."""
    return {
        "request_id": record.request_id,
        "product": record.product,
        "product_en": record.product_en,
        "buyer": record.buyer,
        "buyer_type": record.buyer_type,
        "category": record.category,
        "location": record.location,
        "requirements": record.requirements,
        "volume": record.volume,
        "season": record.season,
        "languages": list(record.languages),
        "source_url": record.source_url,
        "notes": dict(record.notes),
    }


def request_of(row: Mapping[str, Any]) -> PurchaseRequest:
    """Return the request that a row holds."""
    return PurchaseRequest(**{**row, "languages": tuple(row["languages"])})


def link_row(record: SupplyLink) -> Row:
    """Return the link's columns."""
    return {
        "seller": record.seller,
        "buyer": record.buyer,
        "product": record.product,
        "date": record.date.text if record.date else "",
        "source_url": record.source_url,
        "notes": dict(record.notes),
    }


def link_of(row: Mapping[str, Any]) -> SupplyLink:
    """Return the link that a row holds."""
    return SupplyLink(**{**row, "date": _date_of(row["date"])})


ROW_OF: dict[str, Callable[[Any], Row]] = {
    "investor": investor_row,
    "project_call": call_row,
    "deal": deal_row,
    "programme": programme_row,
    "offer": offer_row,
    "purchase_request": request_row,
    "supply_link": link_row,
}

RECORD_OF: dict[str, Callable[[Mapping[str, Any]], Any]] = {
    "investor": investor_of,
    "project_call": call_of,
    "deal": deal_of,
    "programme": programme_of,
    "offer": offer_of,
    "purchase_request": request_of,
    "supply_link": link_of,
}
