"""What the lines above a list say about all of it: province, period, date, unit."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from data.importers.fields import NO_PLACE
from data.importers.layout.columns import land_unit, money_units
from data.records import PartialDate, Place
from data.reference.province_mentions import ProvinceMention, find_provinces
from data.reference.provinces import ProvinceMatch
from data.reference.sectors import resolve_sectors
from data.reference.spelling import fold

_UNIT = re.compile(r"(?:don vi(?: tinh)?(?: tien)?|dvt|unit|currency)\s*:?\s*(?P<unit>.+)")
_PERIOD = re.compile(r"(?<!\d)(20\d\d)\s*(?:-|den|to)\s*(?:nam\s*)?(20\d\d)(?!\d)")
_YEAR = re.compile(r"\b(?:nam|year|in)\s+(20\d\d)(?!\d)")
_DAY = re.compile(
    r"\bngay\s+(\d{1,2})(?:\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*|\s+thang\s+(\d{1,2})\s+nam\s+)(20\d\d)"
)
_OF_SECTOR = re.compile(
    r"(?:lĩnh vực|ngành)\s+(?P<name>.+?)(?=\s+(?:trên|vào|tại|của|giai đoạn|năm|tỉnh|thành phố)\b|"
    r"\s*[(,;:\d]|$)",
    re.IGNORECASE,
)
_LIST = re.compile(r"\b(?:danh muc|du an|list of|projects?|keu goi|thu hut)\b")


@dataclass(frozen=True, slots=True)
class Caption:
    """What was found, with the place of the line that names the province."""

    place: Place = NO_PLACE
    where: str = ""
    period: str = ""
    published: PartialDate | None = None
    money: str = ""
    land: str = ""
    sector: str = ""


def read_caption(lines: Iterable[tuple[str, str]], before: Caption | None = None) -> Caption:
    """Return what lines (text, place) say; what they leave open is taken from `before`."""
    known = before or Caption()
    listed = [(text, where) for text, where in lines if text.strip()]
    folded = [fold(text) for text, _ in listed]
    place, where = _place(listed)
    period = next((f"{hit[1]}-{hit[2]}" for text in folded if (hit := _PERIOD.search(text))), "")
    if not period:
        titles = (text for text in folded if _LIST.search(text))
        period = next((hit[1] for text in titles if (hit := _YEAR.search(text))), "")
    money, land = _units(listed)
    return Caption(
        place if place.code else known.place,
        where if place.code else known.where,
        period or known.period,
        _date(folded) or known.published,
        money or known.money,
        land or known.land,
        _sector(listed) or known.sector,
    )


def _sector(lines: Iterable[tuple[str, str]]) -> str:
    """Return the one sector that the list's own title names after "lĩnh vực"."""
    for text, _ in lines:
        found = _OF_SECTOR.search(text)
        name = " ".join(found["name"].split()) if found else ""
        if name and _LIST.search(fold(text)) and resolve_sectors(name).known:
            return name
    return ""


def unit_line(text: str) -> str:
    """Return what follows "Đơn vị tính:" in a line, "" when it is no such line."""
    found = _UNIT.search(fold(text))
    return found["unit"] if found else ""


def _units(lines: Iterable[tuple[str, str]]) -> tuple[str, str]:
    for text, _ in lines:
        unit = unit_line(text)
        monies = money_units(unit) if unit else []
        if unit and (monies or land_unit(unit)):
            return (monies[0] if len(monies) == 1 else ""), land_unit(unit)
    return "", ""


def _date(folded: Iterable[str]) -> PartialDate | None:
    for text in folded:
        for hit in _DAY.finditer(text):
            day, month = int(hit[1]), int(hit[2] or hit[3])
            try:
                return PartialDate(f"{hit[4]}-{month:02}-{day:02}")
            except ValueError:
                continue
    return None


def _place(lines: list[tuple[str, str]]) -> tuple[Place, str]:
    """Return the one province that the lines name, those of the list's own title first."""
    titles = [line for line in lines if _LIST.search(fold(line[0]))]
    for group in (titles, lines):
        found: dict[str, tuple[ProvinceMatch, str]] = {}
        for text, where in group:
            for match in mentions(text):
                found.setdefault(match.code, (match, where))
        if len(found) == 1:
            match, where = next(iter(found.values()))
            return Place(match.code, match.name, match.old_name or "", match.as_written), where
        if found:
            break
    return Place(), ""


def mentions(text: str) -> list[ProvinceMatch]:
    """Return the provinces a short text names."""
    return [mention.match for mention in _mentions(text[:500])]


@lru_cache(maxsize=4096)
def _mentions(text: str) -> tuple[ProvinceMention, ...]:
    return tuple(find_provinces(text))
