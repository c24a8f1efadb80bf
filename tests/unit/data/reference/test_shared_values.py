"""Every province and sector of the shared facts resolves."""

import csv
import re
from pathlib import Path

import pytest

from data.quantities import Interval, NumberStyle, parse_land, parse_money
from data.reference.provinces import resolve_province
from data.reference.sectors import resolve_sectors

FILES = ("project_calls.csv", "deals.csv", "market/calls.csv")


def _rows(shared: Path, name: str) -> list[dict[str, str]]:
    with (shared / "data" / "vn" / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.mark.parametrize("name", [*FILES, "industrial_parks.csv", "supply_offers.csv"])
def test_province_of_every_row_resolves(shared: Path, name: str) -> None:
    written = {row["province"] for row in _rows(shared, name)} - {""}
    assert {text for text in written if resolve_province(text) is None} == set()


def test_province_spellings_seen_agree_with_their_canonical_name(shared: Path) -> None:
    for row in _rows(shared, "province_names_seen.csv"):
        if row["name_in_source"]:
            one, two = (
                resolve_province(row["name_in_source"]),
                resolve_province(row["canonical_63"]),
            )
            assert one is not None
            assert two is not None
            assert (one.code, one.old_name) == (two.code, two.old_name)


@pytest.mark.parametrize(
    ("name", "column"),
    [
        *((file, "sector") for file in FILES),
        ("investors.csv", "sectors"),
        ("profiles.csv", "sectors"),
        ("market/investors.csv", "sectors"),
    ],
)
def test_sector_of_every_row_is_known(shared: Path, name: str, column: str) -> None:
    written = {row[column] for row in _rows(shared, name)} - {""}
    assert {text for text in written if not resolve_sectors(text).known} == set()


@pytest.mark.parametrize("name", FILES[:2])
def test_capital_of_every_row_parses_without_style_doubt(shared: Path, name: str) -> None:
    for row in _rows(shared, name):
        parse = parse_money(
            row["capital_value"], unit=row["capital_unit"], style=NumberStyle.ENGLISH
        )
        assert parse.interval.known == bool(row["capital_value"] and row["capital_unit"])
        assert "money.style" not in {doubt.code for doubt in parse.doubts}
        land = parse_land(row["land_ha"], style=NumberStyle.ENGLISH)
        assert land.interval.known == bool(row["land_ha"])
        if row["land_ha"].replace(".", "", 1).isdigit():
            assert land.interval == Interval(float(row["land_ha"]), float(row["land_ha"]))


@pytest.mark.parametrize(
    "market", ["defillama_raises", "india_funding_2015_2020", "yc_startups_2005_2014"]
)
def test_capital_of_other_markets_never_fails(shared: Path, market: str) -> None:
    path = shared / "data" / "public" / market / "calls.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            parse = parse_money(row["capital_min"], unit=row["capital_unit"])
            digits = bool(re.search(r"\d", re.sub(r"\\x[0-9a-f]{2}", "", row["capital_min"])))
            assert parse.interval.known == digits, row["capital_min"]
