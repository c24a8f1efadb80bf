"""Currencies: dated rates to VND."""

from datetime import date

import pytest

from data.reference.currencies import CurrencyError, currencies, rate, to_vnd


def test_to_vnd_uses_the_year() -> None:
    assert to_vnd(2, "USD", 2020) == 2 * rate("USD", on=2020).vnd_per_unit
    assert to_vnd(2, "usd", date(2020, 5, 1)) == to_vnd(2, "USD", 2020)
    assert to_vnd(1, "USD", 2010) < to_vnd(1, "USD", 2024)


def test_to_vnd_without_year_takes_the_latest() -> None:
    assert to_vnd(1, "EUR") == to_vnd(1, "EUR", 2026) == to_vnd(1, "EUR", 2099)


def test_to_vnd_vnd_is_itself() -> None:
    assert to_vnd(5, "VND", 1990) == 5


def test_rate_unknown_currency_names_the_known() -> None:
    with pytest.raises(CurrencyError, match=r"XXX.*VND, USD"):
        rate("XXX")


def test_rates_move_by_less_than_a_third_a_year() -> None:
    for code in currencies()[1:]:
        for year in range(2006, 2027):
            ratio = rate(code, on=year).vnd_per_unit / rate(code, on=year - 1).vnd_per_unit
            assert 0.75 < ratio < 1.35, (code, year)
