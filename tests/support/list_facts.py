"""The facts that made lists hold: projects of the sample, and what a reader must find of them."""

import csv
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from data.quantities import Interval
from data.reference.provinces import resolve_province
from data.reference.sectors import resolve_sectors

ROOT = Path(__file__).parents[2]
SIZES = {"tỷ đồng": 10**9, "triệu đồng": 10**6, "triệu USD": 10**6, "tỷ USD": 10**9, "USD": 1}


@dataclass(frozen=True, slots=True)
class Fiche:
    """A known project; capital in whole units of its currency, land in hectares."""

    title: str
    province: str
    sector: str
    location: str
    form: str
    scale: str
    currency: str
    capital: tuple[Decimal, Decimal] | None
    land: Decimal | None


@dataclass(frozen=True, slots=True)
class Expected:
    """What a reader must find for one project."""

    title: str
    province: str  # code
    sectors: tuple[str, ...]
    capital: Interval  # VND
    land: Interval  # ha


def fiches() -> list[Fiche]:
    """Return the sample's projects in Vietnam that name a province of today or before."""
    with (ROOT / "data" / "sample" / "calls.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    return [fiche for row in rows if (fiche := _fiche(row)) is not None]


def _fiche(row: dict[str, str]) -> Fiche | None:
    sector = row["sector"].split("|")[0]
    match = resolve_province(row["province"]) if row["province"] else None
    if match is None or row["country"] not in ("", "Vietnam") or not resolve_sectors(sector).known:
        return None
    size = SIZES.get(row["capital_unit"])
    capital = None
    try:
        low, high = (Decimal(row[name]) for name in ("capital_min", "capital_max"))
        capital = (low * size, high * size) if size and 0 < low <= high else None
    except ArithmeticError:
        capital = None
    try:
        land = Decimal(row["land_ha_min"]) if row["land_ha_min"] == row["land_ha_max"] else None
    except ArithmeticError:
        land = None
    title = " ".join(row["title"].split())
    if len(title) > 160 or land == 0:
        return None
    currency = "USD" if row["capital_unit"].endswith("USD") else "VND"
    return Fiche(title, match.old_name or match.name, sector, row["location"], row["form"],
                 " ".join(row["scale"].split())[:80], currency, capital, land)  # fmt: skip
