"""Regions of Vietnam: six socio-economic, two former, and the broad ones."""

from dataclasses import dataclass
from functools import cache

from data.reference.csvtable import table
from data.reference.spelling import compact, nfc


@dataclass(frozen=True, slots=True)
class Region:
    """A region: code, names, kind ("current", "former", "broad") and its units' codes."""

    code: str
    name_vi: str
    name_en: str
    kind: str
    provinces: tuple[str, ...]


@cache
def regions() -> dict[str, Region]:
    """Return all regions by code."""
    return {
        row["code"]: Region(
            code=row["code"],
            name_vi=row["name_vi"],
            name_en=row["name_en"],
            kind=row["kind"],
            provinces=tuple(row["provinces"].split("|")),
        )
        for row in table("regions.csv")
    }


@cache
def _lookup() -> dict[str, str]:
    found: dict[str, str] = {}
    for row in table("regions.csv"):
        for name in (row["code"], row["name_vi"], row["name_en"], *row["aliases"].split("|")):
            if name:
                found.setdefault(compact(name), row["code"])
    return found


def resolve_region(text: str) -> Region | None:
    """Return the region that a name such as "Tây Nguyên", "ĐBSCL", "Mekong Delta" means, or None.

    A former region that cut through units of today ("Tây Nguyên") lists every unit it reaches.
    """
    key = compact(nfc(text))
    for lead in ("", "vung", "khuvuc", "cactinh", "the"):
        if key.startswith(lead) and key[len(lead) :] in _lookup():
            return regions()[_lookup()[key[len(lead) :]]]
    return None
