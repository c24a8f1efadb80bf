"""The calls of the sample: what provinces call for now, and past projects as closed calls."""

import re
from collections.abc import Mapping, Sequence

from data.sample.tables import Row

CALL_COLUMNS = (
    "call_id",
    "title",
    "title_en",
    "sector",
    "province",
    "location",
    "country",
    "description",
    "land_ha_min",
    "land_ha_max",
    "capital_min",
    "capital_max",
    "capital_unit",
    "form",
    "status",
    "published_on",
    "closes_on",
    "source_url",
    "origin",
    "scale",
    "period",
    "capital_without_unit",
    "same_as",
    "title_original",
)

_WORD = (
    r"(?:PPP|BOT|BTO|BOO|BT|ODA|FDI|DDI|DNTN|direct investment|joint venture|liên doanh"
    r"|100% (?:FDI|DDI|foreign capital|vốn nước ngoài|vốn nhà đầu tư|capital of the investor))"
)
_FORM = re.compile(
    rf"(?:mời gọi )?(?P<form>{_WORD}(?:(?:,| \+| or| hoặc| with) {_WORD})*)(?: list)?",
    re.IGNORECASE,
)
_TITLE_FORM = re.compile(r"\((PPP(?: - (?:BOT|BT))?)\)")
_RANGE = re.compile(r"(\d+(?:\.\d+)?)\s*[-–—]\s*(\d+(?:\.\d+)?)")


def split_range(cell: str) -> tuple[str, str]:
    """Return both ends of "250-300" as written; a single value is both ends, empty stays empty."""
    found = _RANGE.fullmatch(cell)
    return (found[1], found[2]) if found else (cell, cell)


def split_scale(scale: str, title: str) -> tuple[str, str]:
    """Return (form of investment, the rest of the scale); only phrases that state a form count."""
    parts = [part.strip() for part in scale.split(";") if part.strip()]
    found = [(part, _FORM.fullmatch(part)) for part in parts]
    in_title = _TITLE_FORM.search(title)
    forms = [match["form"] for _, match in found if match] or ([in_title[1]] if in_title else [])
    return "; ".join(forms), "; ".join(part for part, match in found if not match)


def open_call(row: Row) -> dict[str, str]:
    """Return the sample's row of one row of `project_calls.csv`."""
    title = row["name_vi"] or row["name_en"]
    form, rest = split_scale(row["scale"], title)
    label = "Quy mô" if row["name_vi"] else "Scale"
    land_min, land_max = split_range(row["land_ha"])
    has_unit = bool(row["capital_unit"])
    low, high = split_range(row["capital_value"]) if has_unit else ("", "")
    return {
        "call_id": row["call_id"],
        "title": title,
        "title_en": row["name_en"],
        "sector": row["sector"],
        "province": row["province"],
        "location": row["location"],
        "country": "Vietnam",
        "description": f"{label}: {rest}" if rest else "",
        "land_ha_min": land_min,
        "land_ha_max": land_max,
        "capital_min": low,
        "capital_max": high,
        "capital_unit": row["capital_unit"],
        "form": form,
        "status": "open",
        "source_url": row["source_url"],
        "origin": "project_calls.csv",
        "scale": row["scale"],
        "period": row["period"],
        "capital_without_unit": "" if has_unit else row["capital_value"],
    }


def closed_call(row: Row) -> dict[str, str]:
    """Return the sample's row of one past project of `market/calls.csv`."""
    land = split_range(row["land_ha_min"])[0], split_range(row["land_ha_max"])[1]
    capital = split_range(row["capital_min"])[0], split_range(row["capital_max"])[1]
    kept = {column: row[column] for column in CALL_COLUMNS if column in row}
    ends = {"land_ha_min": land[0], "land_ha_max": land[1]}
    sums = {"capital_min": capital[0], "capital_max": capital[1]}
    return kept | ends | sums | {"origin": "market/calls.csv"}


def make_calls(
    open_rows: Sequence[Row], past_rows: Sequence[Row], repeats: Mapping[str, str]
) -> list[Row]:
    """Return the open calls, then the past projects, each in the order of its source.

    `repeats` gives for a call that a source lists again the id of its first row (`same_as`).
    Raises ValueError when it names a call that does not exist.
    """
    known = {row["call_id"] for row in open_rows}
    if unknown := sorted((set(repeats) | set(repeats.values())) - known):
        raise ValueError(f"repeats.csv names calls that do not exist: {', '.join(unknown)}.")
    current = ({**open_call(row), "same_as": repeats.get(row["call_id"], "")} for row in open_rows)
    return [*current, *(closed_call(row) for row in past_rows)]
