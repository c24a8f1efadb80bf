"""Rows of tables told by the fields that people speak of: what differs, in words and as JSON."""

from collections.abc import Mapping
from typing import Any

from data.quantities import Interval
from data.quantities.wording import plain_amount
from data.rows import Row

Change = tuple[Any, Any]
"""Old and new value of a field, as plain JSON."""

_GROUPS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "project_call": {
        "sector": ("sectors", "sector_as_written"),
        "province": ("place_code", "place_name", "place_old_name", "place_as_written"),
        "land_ha": ("land_ha_low", "land_ha_high", "land_text"),
        "capital": ("capital_vnd_low", "capital_vnd_high", "capital_text"),
    },
    "investor": {
        "sectors": ("sectors", "sectors_as_written"),
        "home_province": ("home_code", "home_name", "home_old_name", "home_as_written"),
        "capital": ("capital_vnd_low", "capital_vnd_high", "capital_text"),
    },
}
_DERIVED = ("name_folded",)


def columns_of(table: str, name: str) -> tuple[str, ...]:
    """Return the columns in which a table keeps a field."""
    return _GROUPS.get(table, {}).get(name, (name,))


def fields_of(table: str, row: Row) -> dict[str, Any]:
    """Return a row's columns grouped by field; a grouped field is a mapping of its columns."""
    groups = _GROUPS.get(table, {})
    grouped = {column for columns in groups.values() for column in columns}
    found: dict[str, Any] = {
        name: value for name, value in row.items() if name not in grouped and name not in _DERIVED
    }
    for name, columns in groups.items():
        found[name] = {column: row[column] for column in columns if column in row}
    return found


def changes_between(table: str, old: Row | None, new: Row) -> dict[str, Change]:
    """Return each field that differs with its old (None: no row yet) and new value.

    Notes are told one by one ("notes.Ghi chú").
    """
    before, after = fields_of(table, old) if old else {}, fields_of(table, new)
    found: dict[str, Change] = {}
    for name, value in after.items():
        was = before.get(name)
        if was == value:
            continue
        if name == "notes" and isinstance(value, Mapping) and isinstance(was, Mapping):
            keys = list(dict.fromkeys([*was, *value]))
            found |= {
                f"notes.{key}": (was.get(key), value.get(key))
                for key in keys
                if was.get(key) != value.get(key)
            }
        else:
            found[name] = (was, value)
    return found


def shown(value: Any) -> str:
    """Return a field's value in a few words: "500 tỷ đồng", "12 ha", "–" when unknown."""
    if value in (None, "", [], {}):
        return "–"
    if isinstance(value, Mapping):
        return _shown_group(value)
    if isinstance(value, list):
        return ", ".join(_name_in(each) for each in value)
    text = " ".join(str(value).split())
    return text if len(text) <= 80 else f"{text[:79]}…"


def _name_in(value: Any) -> str:
    return str(value.get("name", value)) if isinstance(value, Mapping) else str(value)


def _shown_group(value: Mapping[str, Any]) -> str:
    if "capital_vnd_low" in value:
        low, high = value["capital_vnd_low"], value["capital_vnd_high"]
        return _interval(low, high, "VND", str(value["capital_text"]))
    if "land_ha_low" in value:
        return _interval(value["land_ha_low"], value["land_ha_high"], "ha", value["land_text"])
    for name in ("place_name", "home_name"):
        if name in value:
            return str(value[name] or value[name.replace("_name", "_as_written")] or "–")
    for name in ("sector_as_written", "sectors_as_written"):
        if name in value:
            return str(value[name] or "–")
    return ", ".join(f"{name}: {each}" for name, each in value.items())


def _interval(low: float | None, high: float | None, unit: str, text: str) -> str:
    if low is None and high is None:
        return f"– ({text})" if text else "–"
    return plain_amount(Interval(low, high), unit)
