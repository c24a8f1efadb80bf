"""The sample dataset as shipped: whole, referring to itself, citing, and made again alike."""

import csv
import json
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from data.importers.importing import ImportRequest, import_file
from data.quantities import NumberStyle, infer_style, parse_money
from data.records import PartialDate
from data.reference.provinces import resolve_province, resolve_provinces
from data.reference.sectors import resolve_sectors
from data.sample.build import HERE, build
from data.sample.investors import GENERAL_KNOWLEDGE, SOURCED

FILES = ("investors.csv", "calls.csv", "deals.csv", "programmes.json", "offers.csv", "requests.csv",
         "links.csv")  # fmt: skip
TABLES = ("joins.csv", "sums.csv", "repeats.csv", "corrections.csv", "groups.csv")
Rows = list[dict[str, str]]


def rows(name: str) -> Rows:
    with (HERE / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.fixture(scope="module")
def investors() -> Rows:
    return rows("investors.csv")


@pytest.fixture(scope="module")
def calls() -> Rows:
    return rows("calls.csv")


@pytest.fixture(scope="module")
def deals() -> Rows:
    return rows("deals.csv")


def test_sample_counts(investors: Rows, calls: Rows, deals: Rows) -> None:
    kinds = Counter(row["investor_id"][0] for row in investors)
    assert kinds == {"p": 438, "I": 82}
    assert Counter(row["status"] for row in calls) == {"open": 572, "closed": 725}
    assert len(deals) == 790
    assert len(json.loads((HERE / "programmes.json").read_text(encoding="utf-8"))) == 5


def test_sample_ids_are_unique(investors: Rows, calls: Rows, deals: Rows) -> None:
    assert len({row["investor_id"] for row in investors}) == len(investors)
    assert len({row["call_id"] for row in calls}) == len(calls)
    assert len({(row["investor_id"], row["call_id"]) for row in deals}) == len(deals)


def test_sample_deals_refer_to_rows_and_closed_calls(
    investors: Rows, calls: Rows, deals: Rows
) -> None:
    known = {row["investor_id"] for row in investors}
    closed = {row["call_id"] for row in calls if row["status"] == "closed"}
    assert {row["investor_id"] for row in deals} <= known
    assert {row["call_id"] for row in deals} <= closed
    assert all(PartialDate(row["date"]).year >= 1994 for row in deals)


def test_sample_repeats_refer_to_an_earlier_open_call(calls: Rows) -> None:
    place = {row["call_id"]: index for index, row in enumerate(calls)}
    repeated = [row for row in calls if row["same_as"]]
    assert len(repeated) == 10
    assert all(place[row["same_as"]] < place[row["call_id"]] for row in repeated)


def test_sample_rows_all_cite_an_address(investors: Rows, calls: Rows, deals: Rows) -> None:
    for row in (*investors, *calls, *deals):
        assert row["source_url"].startswith(("http://", "https://")), row
        assert row["origin"], row


def test_sample_marks_general_knowledge(investors: Rows) -> None:
    counted = Counter(row["knowledge"] for row in investors)
    assert counted == {GENERAL_KNOWLEDGE: 176, SOURCED: 344}
    assert all(row["description"] for row in investors if row["knowledge"] == GENERAL_KNOWLEDGE)


@pytest.mark.parametrize("name", (*FILES, *TABLES, "README.md"))
def test_sample_file_is_small_composed_and_ends_lines_alike(name: str) -> None:
    raw = (HERE / name).read_bytes()
    assert len(raw) < 1_000_000
    assert b"\r" not in raw
    assert unicodedata.is_normalized("NFC", raw.decode("utf-8"))


def test_sample_provinces_are_all_known(investors: Rows, calls: Rows) -> None:
    named = {row["province"] for row in calls} | {row["home_province"] for row in investors}
    named |= {name for row in investors for name in row["provinces_wanted"].split("|")}
    assert [name for name in named if name and resolve_province(name) is None] == []
    assert sum(not row["province"] for row in calls) == 5


def test_sample_sectors_are_all_known(investors: Rows, calls: Rows) -> None:
    headings = {row["sector"] for row in calls}
    headings |= {name for row in investors for name in row["sectors"].split("|")}
    assert [name for name in headings if name and not resolve_sectors(name).known] == []


def test_sample_sums_are_all_read(investors: Rows, calls: Rows) -> None:
    ends = ("capital_min", "capital_max")
    assert infer_style(row[end] for row in calls for end in ends) is NumberStyle.ENGLISH
    for row in (*investors, *calls):
        read = [
            parse_money(row[end], unit=row["capital_unit"], style=NumberStyle.ENGLISH).interval.low
            for end in ends
            if row[end]
        ]
        assert None not in read
        assert read == sorted(value for value in read if value is not None), row


def test_sample_land_is_a_number_or_unknown(calls: Rows) -> None:
    for row in calls:
        low, high = row["land_ha_min"], row["land_ha_max"]
        assert bool(low) == bool(high)
        assert not low or 0 < float(low) <= float(high), row


def test_sample_programmes_name_known_provinces() -> None:
    programmes = json.loads((HERE / "programmes.json").read_text(encoding="utf-8"))
    for programme in programmes:
        for place in (*programme["partners"], *programme["counterparts"]):
            assert resolve_provinces(place), place
        assert programme["source"]


def test_sample_masks_stay_masked(calls: Rows) -> None:
    """A past project's title may not be the unmasked one where the market masked it."""
    masked = [row for row in calls if row["title_original"] not in ("", row["title"])]
    assert len(masked) > 200
    assert all(row["status"] == "closed" for row in masked)


def test_sample_is_made_again_byte_for_byte(shared: Path) -> None:
    made = build(shared / "data" / "vn")
    assert set(made) == set(FILES)
    for name, text in made.items():
        assert (HERE / name).read_bytes() == text.encode("utf-8"), name


def test_sample_is_imported_whole_and_again_without_change(url: str) -> None:
    for kind, count in (("investors", 520), ("calls", 1297), ("deals", 790)):
        request = ImportRequest(kind, HERE / f"{kind}.csv")
        first, second = import_file(url, request).changes, import_file(url, request).changes
        assert (first.new, first.changed, first.same) == (count, 0, 0)
        assert (second.new, second.changed, second.same) == (0, 0, count)
