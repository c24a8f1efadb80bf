"""One taxonomy of sectors, and the official headings that lead to it."""

import re
from dataclasses import dataclass
from functools import cache

from data.reference.csvtable import table
from data.reference.spelling import fold, nfc


@dataclass(frozen=True, slots=True)
class Sector:
    """A sector of the taxonomy: stable code and its name in five languages."""

    code: str
    name_vi: str
    name_en: str
    name_ko: str
    name_ja: str
    name_zh: str


@dataclass(frozen=True, slots=True)
class SectorMatch:
    """What a heading means: taxonomy codes, the heading itself, whether it was recognised.

    An unknown heading has no codes and `known` False; it is kept as written, never refused.
    An empty one is not known either.
    """

    codes: tuple[str, ...]
    as_written: str
    known: bool


@cache
def sectors() -> dict[str, Sector]:
    """Return the sectors by code, in the order of sectors.csv."""
    fields = ("code", "name_vi", "name_en", "name_ko", "name_ja", "name_zh")
    rows = (Sector(*(row[field] for field in fields)) for row in table("sectors.csv"))
    return {sector.code: sector for sector in rows}


_NUMBERING = re.compile(r"^(?:(?:[ivxlc]{1,5}|[a-h]|\d{1,2})\s*[.):/-]\s*)+")
_HEAD = re.compile(
    r"^(?:(?:cac )?(?:du an )?(?:thuoc )?(?:linh vuc|nganh|nhom|sector:?)\b[\s:-]*)+"
)
_TAIL = re.compile(r"\s*(?:\b(?:sector|sectors|projects?)\b|\(\d+ [^)]*\))\s*$")


def _key(text: str) -> str:
    return " ".join(fold(text).strip(" .,;:*").split())


def _bare(key: str) -> str:
    """Strip numbering ("A.", "II.") and words such as "lĩnh vực" from a folded heading."""
    return _TAIL.sub("", _HEAD.sub("", _NUMBERING.sub("", key))).strip(" .,;:-")


@cache
def _headings() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for sector in sectors().values():
        for name in (sector.code, sector.name_vi, sector.name_en):
            found[_key(name)] = (sector.code,)
        for name in (sector.name_ko, sector.name_ja, sector.name_zh):
            found[_key(name)] = (sector.code,)
    found |= {
        _key(row["heading"]): tuple(row["codes"].split("|")) for row in table("sector_headings.csv")
    }
    return found


@cache
def _words() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return the word rules, longest phrase first, so that "khu công nghiệp" is no industry."""
    rules = sorted(table("sector_words.csv"), key=lambda row: -len(row["word"]))
    return tuple(
        (re.compile(rf"(?<![a-z0-9]){re.escape(_key(row['word']))}(?![a-z0-9])"), row["code"])
        if row["word"].isascii() or fold(row["word"])[0].isascii()
        else (re.compile(re.escape(_key(row["word"]))), row["code"])
        for row in rules
    )


_LISTED = re.compile(r"\s*[;|]\s*")


def resolve_sectors(text: str) -> SectorMatch:
    """Return the sectors that a heading or a list of headings ("energy; ict") means.

    Looks the heading up as written, then folded and without numbering ("A. LĨNH VỰC CÔNG NGHIỆP"),
    then part by part, then by words. Never raises.
    """
    written = nfc(text).strip()
    codes: list[str] = []
    for part in _LISTED.split(written[:1000]):
        codes += _resolve_one(_key(part)) if part else ()
    unique = tuple(dict.fromkeys(codes))
    return SectorMatch(codes=unique, as_written=written, known=bool(unique))


def _resolve_one(key: str) -> tuple[str, ...]:
    known = _headings()
    bare = _bare(key)
    for candidate in (key, bare, _HEAD.sub("", key)):
        if candidate in known:
            return known[candidate]
    parts = [part.strip() for part in re.split(r"\s*[,/&]\s*|\s+va\s+|\s+and\s+", bare) if part]
    if len(parts) > 1 and all(part in known for part in parts):
        return tuple(dict.fromkeys(code for part in parts for code in known[part]))
    return _by_words(bare)


def _by_words(bare: str) -> tuple[str, ...]:
    found: list[tuple[int, str]] = []
    rest = bare
    for pattern, code in _words():
        hit = pattern.search(rest)
        while hit:
            found.append((hit.start(), code))
            rest = rest[: hit.start()] + "\0" * len(hit.group()) + rest[hit.end() :]
            hit = pattern.search(rest)
    codes = tuple(dict.fromkeys(code for _, code in sorted(found)))
    if "industrial-park" in codes:
        # "Hạ tầng khu công nghiệp" builds a park; roads would be named beside it.
        codes = tuple(code for code in codes if code not in ("infrastructure", "manufacturing"))
    return codes


def sector_name(code: str, language: str) -> str:
    """Return the sector's name in "vi", "en", "ko", "ja" or "zh"; an unknown code as it is."""
    sector = sectors().get(code)
    return str(getattr(sector, f"name_{language}")) if sector else code
