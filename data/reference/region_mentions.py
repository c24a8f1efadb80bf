"""Find regions of Vietnam in free text in five languages: "ở Tây Nguyên", "메콩 델타", "北部"."""

import re
from dataclasses import dataclass
from functools import cache

from data.reference.folding import fold_with_map
from data.reference.province_mentions import find_provinces
from data.reference.regions import Region, regions, resolve_region
from data.reference.spelling import fold

_NOWHERE = frozenset({"nationwide"})
# names that are also plain directions or other places: only after a word that makes them a region
_NEEDS_CUE = frozenset(
    [
        "tay bac",
        "dong bac",
        "mien tay",
        "phia bac",
        "phia nam",
        "northwest",
        "northeast",
        "southeast",
        "south east",
        "southeastern",
        "north",
        "south",
        "central",
        "northern",
        "southern",
        "south central",
        "north central",
    ]
)
_CUE = re.compile(
    r"(?:^|\W)(?:o|tai|vung|mien|khu vuc|cac tinh|dia ban|tinh|ven bien|bien|in|in the|the"
    r"|across|throughout|region of|provinces? (?:of|in) the)\s+$"
)
_CUE_AFTER = re.compile(r"^\s+(?:viet\s?nam|region|provinces?|coast|area)\b")
# a direction within something, or another part of the world: "phía Bắc thành phố"
_WITHIN = re.compile(
    r"^\s+(?:thanh pho|thi xa|thi tran|huyen|quan|xa|phuong|duong|song|cau|ga|of(?! viet)"
    r"|asia|asian|korean?|africa|america)\b"
)


@dataclass(frozen=True, slots=True)
class RegionMention:
    """A region named in a text: where (`text[start:end]`) and which."""

    start: int
    end: int
    region: Region


def find_regions(text: str) -> list[RegionMention]:
    """Return the regions a free text names, longest name first, none inside another or a province.

    The whole country is no region. Bare directions ("Tây Bắc", "southern") count only where a word
    beside them makes a region of them ("vùng Tây Bắc", "southern Vietnam").
    """
    folded = fold_with_map(text)
    taken = [(mention.start, mention.end) for mention in find_provinces(text)]
    found: list[RegionMention] = []
    for match in _pattern().finditer(folded.text):
        start, end = folded.starts[match.start()], folded.ends[match.end() - 1]
        region = _by_folded().get(_squeeze(match.group()))
        if region is None or any(start < last and first < end for first, last in taken):
            continue
        if _accept(match, folded.text):
            found.append(RegionMention(start, end, region))
    return found


def _accept(match: re.Match[str], text: str) -> bool:
    before, after = text[max(0, match.start() - 24) : match.start()], text[match.end() :]
    if _WITHIN.match(after):
        return False
    name = " ".join(re.split(r"[\s.\-–_]+", match.group()))
    return name not in _NEEDS_CUE or bool(_CUE.search(before) or _CUE_AFTER.match(after))


def _squeeze(folded: str) -> str:
    return "".join(sign for sign in folded if sign.isalnum())


@cache
def _by_folded() -> dict[str, Region]:
    found: dict[str, Region] = {}
    for name, region in _names():
        found.setdefault(_squeeze(fold(name)), region)
    return found


def _names() -> list[tuple[str, Region]]:
    named = []
    for region in regions().values():
        if region.code in _NOWHERE:
            continue
        named += [
            (name, region)
            for name in (region.name_vi, region.name_en, *region.aliases)
            if resolve_region(name) is region
        ]
    return named


@cache
def _pattern() -> re.Pattern[str]:
    names = sorted({fold(name) for name, _ in _names()}, key=len, reverse=True)
    latin = "|".join(_flexible(name) for name in names if name[0].isascii())
    other = "|".join(_flexible(name) for name in names if not name[0].isascii())
    return re.compile(rf"(?<![a-z0-9])(?:{latin})(?![a-z0-9])|(?:{other})")


def _flexible(name: str) -> str:
    parts = [part for part in re.split(r"[\s.\-]+", name) if part]
    return r"[\s.\-–_]{0,3}".join(re.escape(part) for part in parts)
