"""Calls, investors, deals, programmes and reference data as the API shows them."""

from typing import Any, Literal

from pydantic import Field

from api.schemas.common import Input, Interval, Long, Named, Output, PartialDay, Place, Short
from data import records


class Money(Interval):
    """An amount in Vietnamese dong, with the text it was read from."""

    text: str = Field(default="", examples=["2.000 tỷ đồng"])


class Land(Interval):
    """An area in hectares, with the text it was read from."""

    text: str = ""


class Call(Output):
    """A province's published invitation to invest in one project."""

    call_id: str = Field(examples=["C0061"])
    title: str = Field(examples=["Nhà máy Nhiệt điện LNG Nghi Sơn"])
    title_en: str
    province: Place
    sectors: list[str] = Field(examples=[["energy"]])
    sector_as_written: str
    location: str
    country: str
    description: str
    capital: Money
    land_ha: Land
    form: str
    status: Literal["open", "closed"]
    published_on: str | None
    closes_on: str | None
    source_url: str
    notes: dict[str, str]


class CallChange(Input):
    """What of a call may be changed by hand; fields left out stay as they are."""

    title: Named | None = None
    title_en: Short | None = None
    description: Long | None = None
    status: Literal["open", "closed"] | None = None
    published_on: PartialDay | None = None
    closes_on: PartialDay | None = None
    source_url: Short | None = None


class Investor(Output):
    """An organisation that may invest."""

    investor_id: str
    name: str
    aliases: list[str]
    country: str
    home_province: Place
    description: str
    sectors: list[str]
    activities: list[str]
    provinces_wanted: list[Place]
    capital: Money
    languages: list[str]
    website: str
    source_url: str
    notes: dict[str, str]


class Deal(Output):
    """A known investor→project fact."""

    investor_id: str
    call_id: str
    date: str = Field(examples=["2021-03"])
    stage: str = Field(examples=["operating"])
    source_url: str


class Programme(Output):
    """A cooperation programme between places."""

    programme_id: str
    name_vi: str
    partners: list[Place]
    counterparts: list[Place]
    fields: list[str]
    sectors: list[str]
    period: str
    signed_on: str | None
    source: str
    facts: dict[str, Any]


class Sector(Output):
    """A sector of the taxonomy with its name in five languages."""

    code: str
    name_vi: str
    name_en: str
    name_ko: str
    name_ja: str
    name_zh: str


class Province(Output):
    """One of the 34 units in force since July 2025."""

    code: str
    name: str
    name_en: str
    full_name: str
    region: str


class Park(Output):
    """An industrial park or economic zone."""

    name: str
    province: str
    kind: str
    area_ha: float | None
    source_url: str


def money(value: records.Money) -> Money:
    return Money(min=value.vnd.low, max=value.vnd.high, text=value.text)


def place(value: records.Place) -> Place:
    return Place.model_validate(value)


def call(record: records.ProjectCall) -> Call:
    """The call as the API shows it."""
    return Call(
        call_id=record.call_id,
        title=record.title,
        title_en=record.title_en,
        province=place(record.place),
        sectors=list(record.sectors),
        sector_as_written=record.sector_as_written,
        location=record.location,
        country=record.country,
        description=record.description,
        capital=money(record.capital),
        land_ha=Land(min=record.land.ha.low, max=record.land.ha.high, text=record.land.text),
        form=record.form,
        status="open" if record.status == "open" else "closed",
        published_on=_day(record.published_on),
        closes_on=_day(record.closes_on),
        source_url=record.source_url,
        notes=dict(record.notes),
    )


def investor(record: records.Investor) -> Investor:
    """The investor as the API shows it."""
    return Investor(
        investor_id=record.investor_id,
        name=record.name,
        aliases=list(record.aliases),
        country=record.country,
        home_province=place(record.home_province),
        description=record.description,
        sectors=list(record.sectors),
        activities=list(record.activities),
        provinces_wanted=[place(each) for each in record.provinces_wanted],
        capital=money(record.capital),
        languages=list(record.languages),
        website=record.website,
        source_url=record.source_url,
        notes=dict(record.notes),
    )


def deal(record: records.Deal) -> Deal:
    """The deal as the API shows it."""
    return Deal(
        investor_id=record.investor_id,
        call_id=record.call_id,
        date=record.date.text,
        stage=record.stage,
        source_url=record.source_url,
    )


def programme(record: records.Programme) -> Programme:
    """The programme as the API shows it."""
    return Programme(
        programme_id=record.programme_id,
        name_vi=record.name_vi,
        partners=[place(each) for each in record.partners],
        counterparts=[place(each) for each in record.counterparts],
        fields=list(record.fields),
        sectors=list(record.sectors),
        period=record.period,
        signed_on=_day(record.signed_on),
        source=record.source,
        facts=dict(record.facts),
    )


def _day(value: records.PartialDate | None) -> str | None:
    return value.text if value else None
