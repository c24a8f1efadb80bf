"""Read cells that name provinces and sectors."""

import re
from collections.abc import Sequence
from functools import lru_cache

from data.importers.fields import NO_PLACE, FieldValue, RowReader
from data.importers.problems import shown
from data.records import Place
from data.reference.doubts import Doubt
from data.reference.provinces import ProvinceMatch, nearest, resolve_province, resolve_provinces
from data.reference.sectors import resolve_sectors
from data.reference.spelling import compact, fold

_VIETNAM = frozenset({"vietnam", "vn", "chxhcnvietnam", "베트남", "越南", "ベトナム"})
_ANYWHERE = frozenset(
    {"ca nuoc", "toan quoc", "nationwide", "any", "all", "all provinces", "viet nam", "vietnam"}
)
_one = lru_cache(maxsize=4096)(resolve_province)
_many = lru_cache(maxsize=4096)(resolve_provinces)
_sectors = lru_cache(maxsize=4096)(resolve_sectors)


def in_vietnam(country: str) -> bool:
    """Tell whether a country cell may mean Vietnam; an empty one may."""
    parts = re.split(r"[/,;&|]", country)
    return not country or any(compact(part) in _VIETNAM for part in parts)


def place_value(place: Place) -> dict[str, str]:
    """Return a place as JSON shows it."""
    return {"code": place.code, "name": place.name, "as_written": place.as_written}


def place_of(match: ProvinceMatch) -> Place:
    """Return the record of a resolved province."""
    return Place(match.code, match.name, match.old_name or "", match.as_written)


def read_place(row: RowReader, name: str, country: str, *, default: Place = NO_PLACE) -> Place:
    """Return the province that a cell names; a name that is not known is a problem.

    Outside of Vietnam the cell is kept as written. Of several provinces the first counts, with a
    doubt. `default` stands for an empty cell.
    """
    text = row.raw(name)
    match = _one(text) if text else None
    place = Place(as_written=text)
    doubts: tuple[Doubt, ...] = ()
    if match is not None:
        place, doubts = place_of(match), match.doubts
    elif not text:
        place = default if in_vietnam(country) else Place()
    elif several := _many(text):
        place = place_of(several[0])
        place = Place(place.code, place.name, place.old_name, text)
        doubts = (_several(text, several),)
    elif in_vietnam(country):
        row.problem(name, text, f"{shown(text)} is not a province.", _remedy(text))
    row.ask(name, name, doubts)
    if row.has(name) or place.code:
        confidence = 0.5 if doubts else 1.0
        row.fields[name] = FieldValue(place_value(place), text, row.where(name), confidence)
    return place


def read_places(row: RowReader, name: str, country: str) -> tuple[Place, ...]:
    """Return the provinces of a cell separated by "|" (or written as a list of names)."""
    places: dict[tuple[str, str], Place] = {}
    for part in (part.strip() for part in row.raw(name).split("|")):
        if not part or fold(part) in _ANYWHERE:
            continue
        match = _one(part)
        found = (match,) if match else _many(part)
        for each in found:
            row.ask(name, name, each.doubts)
            places.setdefault((each.code, each.old_name or ""), place_of(each))
        if not found and in_vietnam(country):
            row.problem(name, part, f"{shown(part)} is not a province.", _remedy(part))
    row.keep(name, [place_value(place) for place in places.values()])
    return tuple(places.values())


def read_sectors(row: RowReader, name: str) -> tuple[tuple[str, ...], str]:
    """Return the codes of a sector cell and its text; a heading not known is kept, with a doubt."""
    text = row.raw(name)
    match = _sectors(text.replace("|", ";"))
    row.keep(name, list(match.codes), confidence=1.0 if match.known or not text else 0.0)
    if text and not match.known:
        question = Doubt(
            "sector.unknown",
            f"Không biết lĩnh vực {shown(text)}; là lĩnh vực nào?",
            f"The sector {shown(text)} is not known; which one is it?",
        )
        row.ask(name, name, (question,))
    return match.codes, text


def _several(text: str, found: Sequence[ProvinceMatch]) -> Doubt:
    names = tuple(dict.fromkeys(match.name for match in found))
    return Doubt(
        "province.several",
        f"{shown(text)} ghi nhiều tỉnh; lấy {names[0]} được không?",
        f"{shown(text)} names several provinces; is {names[0]} the one?",
        names,
    )


def _remedy(text: str) -> str:
    close = nearest(text)
    if close:
        return f"The nearest are {', '.join(close)}: write one, or leave it empty."
    return "Write one of the 34 provinces or of the 63 before July 2025, or leave it empty."
