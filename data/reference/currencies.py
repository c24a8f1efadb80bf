"""Currencies to Vietnamese dong at rounded annual average rates, for comparing sums by size."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from data.reference.csvtable import table


class CurrencyError(ValueError):
    """A currency that has no rate in currencies.csv."""


@dataclass(frozen=True, slots=True)
class Rate:
    """VND for one unit of a currency in a year; `source` says how it was come by."""

    currency: str
    year: int
    vnd_per_unit: float
    source: str


@cache
def _rates() -> dict[str, dict[int, Rate]]:
    found: dict[str, dict[int, Rate]] = {}
    for row in table("currencies.csv"):
        year = int(row["year"])
        rate = Rate(row["currency"], year, float(row["vnd_per_unit"]), row["source"])
        found.setdefault(rate.currency, {})[year] = rate
    return found


def currencies() -> tuple[str, ...]:
    """Return the ISO 4217 codes that can be converted, VND first."""
    return ("VND", *_rates())


def rate(currency: str, *, on: int | date | None = None) -> Rate:
    """Return the rate of a year (of a date's year; None: the latest year known).

    Years outside the table take its nearest year. Raises CurrencyError for an unknown currency.
    """
    code = currency.strip().upper()
    if code == "VND":
        return Rate("VND", 0, 1.0, "unit")
    by_year = _rates().get(code)
    if by_year is None:
        message = f"Currency {currency!r} has no rate; known: {', '.join(currencies())}."
        raise CurrencyError(message)
    year = on.year if isinstance(on, date) else on
    if year is None:
        year = max(by_year)
    return by_year[min(max(year, min(by_year)), max(by_year))]


def to_vnd(amount: float, currency: str, on: int | date | None = None) -> float:
    """Convert an amount to VND at the annual average of the year, None meaning the latest known.

    Good to a few per cent: for comparing projects by size, not for accounts.
    """
    return amount * rate(currency, on=on).vnd_per_unit
