"""Regions of Vietnam: six socio-economic, two former, and the broad ones."""

from dataclasses import dataclass
from functools import cache

from data.reference.csvtable import table
from data.reference.spelling import compact, nfc


@dataclass(frozen=True, slots=True)
class Region:
    """A region: code, names, kind ("current", "former", "broad") and its units' codes.

    ``old_provinces`` names the former provinces where the region cuts through units of today.
    """

    code: str
    name_vi: str
    name_en: str
    kind: str
    provinces: tuple[str, ...]
    old_provinces: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()

    def holds(self, code: str, old_name: str = "") -> bool:
        """Tell whether a province (of the 34 by code, of the 63 by name if known) lies in it."""
        if old_name and self.old_provinces:
            return old_name in self.old_provinces
        return code in self.provinces


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
            old_provinces=tuple(filter(None, row["old_provinces"].split("|"))),
            aliases=tuple(filter(None, row["aliases"].split("|"))),
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
