"""Vietnam's provinces: the 34 units in force since 2025-07-01, the 63 before, any spelling."""

import difflib
import re
from dataclasses import dataclass
from functools import cache

from data.reference.csvtable import table
from data.reference.doubts import Doubt
from data.reference.spelling import compact, fold, nfc, tone_placement

IN_FORCE_SINCE = "2025-07-01"


@dataclass(frozen=True, slots=True)
class Province:
    """One of the 34 units: code ("38"), short and full names, region code of regions.csv."""

    code: str
    name: str
    name_en: str
    full_name: str
    full_name_en: str
    region: str


@dataclass(frozen=True, slots=True)
class FormerProvince:
    """One of the 63 provinces of before July 2025; `code` is the unit that holds it now."""

    old_code: str
    old_name: str
    old_name_en: str
    code: str
    merged: bool
    region: str


@dataclass(frozen=True, slots=True)
class ProvinceMatch:
    """What a written province name means.

    `code`, `name`, `name_en` are the unit's of today. `old_name` is the former province meant,
    None when the name written is that of a unit of today. Units of today that swallowed others
    kept one name ("Gia Lai" took in Bình Định): then `ambiguous` is True and `candidates` lists
    the former provinces that the name may stand for; the code is right all the same.
    """

    code: str
    name: str
    name_en: str
    old_name: str | None
    as_written: str
    ambiguous: bool = False
    candidates: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class Alias:
    """A spelling in the table: text, language, and the former or present province it names.

    `caution` is "toned" or "risky" for names that are also plain words, see province_mentions.
    """

    text: str
    lang: str
    scope: str
    caution: str
    code: str
    old_code: str | None


@cache
def provinces() -> dict[str, Province]:
    """Return the 34 units by code, in the order of their codes."""
    fields = ("code", "name", "name_en", "full_name", "full_name_en", "region")
    rows = (Province(*(row[field] for field in fields)) for row in table("provinces_34.csv"))
    return {province.code: province for province in rows}


@cache
def former_provinces() -> dict[str, FormerProvince]:
    """Return the 63 provinces of before July 2025 by their old code."""
    return {
        row["old_code"]: FormerProvince(
            old_code=row["old_code"],
            old_name=row["old_name"],
            old_name_en=row["old_name_en"],
            code=row["code"],
            merged=row["merged"] == "1",
            region=row["region"],
        )
        for row in table("provinces_63.csv")
    }


@cache
def aliases() -> tuple[Alias, ...]:
    """Return every known spelling, names of today's units before those of former ones."""
    found = []
    for row in table("province_aliases.csv"):
        current = row["scope"] == "new"
        code = row["code"] if current else former_provinces()[row["code"]].code
        old_code = None if current else row["code"]
        found.append(Alias(row["alias"], row["lang"], row["scope"], row["caution"], code, old_code))
    return tuple(sorted(found, key=lambda alias: alias.scope != "new"))


@cache
def former_names(code: str) -> tuple[str, ...]:
    """Return the names of the former provinces that make up the unit, its namesake first."""
    name = provinces()[code].name
    names = [old.old_name for old in former_provinces().values() if old.code == code]
    return tuple(sorted(names, key=lambda old: old != name))


@cache
def neighbours(code: str) -> frozenset[str]:
    """Return the codes of the units that share a land border with the unit."""
    return frozenset(
        row["neighbour"] for row in table("province_neighbours.csv") if row["code"] == code
    )


@cache
def _lookup() -> dict[str, Alias]:
    found: dict[str, Alias] = {}
    for alias in aliases():
        found.setdefault(compact(alias.text), alias)
    return found


_BEFORE = re.compile(
    r"^(?:(?:tinh|thanh pho|tp|t\.?p|t\.|thanh pho thu do|dia ban|province of|city of|"
    r"former|old|cuu|u\.?b\.?n\.?d\.?|provinz)\b[\s.:,-]*)+"
)
_AFTER = re.compile(
    r"(?:[\s,.()-]*\b(?:province|city|prov|tinh|viet ?nam|vn|cu|old|former|municipality)\b"
    r"|[\s,.()-]*(?:베트남|越南|ベトナム))+[\s.,;:()-]*$"
)
_CJK_UNIT = re.compile(r"(?:省|市|성|시|특별시|직할시)$")
_NOW = re.compile(
    r"^(?P<main>.+?)[\s,;]*[(\[\-–]*\s*(?:nay|hiện nay|bây giờ|now|currently|present-day)"
    r"(?:\s+(?:là|thuộc|of|part of|in))*\s+(?P<now>[^()\[\]]+?)\s*[)\]]?\s*$",
    re.IGNORECASE,
)
_BEFORE_THAT = re.compile(
    r"^(?P<now>.+?)\s*[(\[]\s*(?:(?:trước đây|trước kia|trước|formerly|former|cựu|old|tỉnh)"
    r"(?:\s+(?:là|thuộc|tỉnh))*\s+(?P<old>[^()\[\]]+?)(?:\s+cũ)?|(?P<old2>[^()\[\]]+?)(?:\s+cũ)?)"
    r"\s*[)\]]\s*$",
    re.IGNORECASE,
)


def resolve_province(text: str) -> ProvinceMatch | None:
    """Return the unit that a cell's province name means, or None when it is not known.

    Accepts former names, missing or misplaced tones, any case, NFC or NFD, prefixes such as
    "Tỉnh", "TP.", suffixes such as "Province", and names in English, Korean, Japanese and Chinese.
    "Hà Nam (nay Ninh Bình)" keeps both facts; if the second contradicts the crosswalk the result
    carries a doubt. Several names of one unit ("Quảng Nam - Đà Nẵng") give it, with candidates;
    names of different units give None: use `resolve_provinces`.
    """
    written = nfc(text).strip()
    direct = _find(written)
    if direct is not None:
        return _match(direct, written)
    paired = _resolve_pair(written)
    if paired is not None:
        return paired
    parts = resolve_provinces(written)
    if not parts or len({part.code for part in parts}) > 1:
        return None
    names = tuple(dict.fromkeys(part.old_name or part.name for part in parts))
    return ProvinceMatch(
        code=parts[0].code,
        name=parts[0].name,
        name_en=parts[0].name_en,
        old_name=None,
        as_written=written,
        ambiguous=len(names) > 1,
        candidates=names,
    )


_SEPARATORS = re.compile(
    r"\s*(?:[;|/&+\n]|,|\s[-–—]\s|\bvà\b|\bva\b|\band\b|、|，|및)\s*", re.IGNORECASE
)


def resolve_provinces(text: str) -> tuple[ProvinceMatch, ...]:
    """Return every province named in a cell that lists one or more, in the order written.

    Empty when any part is not a province (use `find_provinces` for free text).
    """
    written = nfc(text).strip()
    direct = _find(written)
    if direct is not None:
        return (_match(direct, written),)
    paired = _resolve_pair(written)
    if paired is not None:
        return (paired,)
    found = []
    parts = [part for part in _SEPARATORS.split(written) if part.strip(" .")]
    for part in parts if len(parts) > 1 else []:
        alias = _find(part)
        match = _match(alias, part.strip()) if alias else _resolve_pair(part.strip())
        if match is None:
            return ()
        found.append(match)
    return tuple(found)


def _resolve_pair(written: str) -> ProvinceMatch | None:
    """Read "old (nay new)" and "new (old cũ)"."""
    found = _NOW.match(written)
    if found:
        old, now = _find(found["main"]), _find(found["now"])
        stated = found["now"]
    else:
        found = _BEFORE_THAT.match(written)
        if not found:
            return None
        old, now = _find(found["old"] or found["old2"]), _find(found["now"])
        stated = found["now"]
        if old and now and old.code == now.code and _old_name(old) == provinces()[old.code].name:
            old, now = now, old  # "Bình Thuận (Lâm Đồng)": the unit of today is in brackets
    if old is None:
        return None
    if now is None:
        return _match(old, written, doubts=(_unknown_now(stated, old),))
    doubts = () if now.code == old.code else (_conflict(old, now),)
    return _match(old, written, doubts=doubts, pair=True)


def _conflict(old: Alias, now: Alias) -> Doubt:
    before, truth, stated = _old_name(old), provinces()[old.code].name, provinces()[now.code].name
    return Doubt(
        code="province.crosswalk",
        question_vi=f"{before} nay thuộc {truth}, nhưng văn bản ghi {stated}: chọn nơi nào?",
        question_en=f"{before} is in {truth} now, but the text says {stated}: which is meant?",
        candidates=(truth, stated),
    )


def _unknown_now(stated: str, old: Alias) -> Doubt:
    truth = provinces()[old.code].name
    return Doubt(
        code="province.unknown",
        question_vi=f"Không biết tỉnh {stated!r}; có phải {truth} không?",
        question_en=f"Province {stated!r} is not known; is {truth} meant?",
        candidates=(truth,),
    )


def _keys(written: str) -> list[str]:
    """Return look-up keys of a name, the barest last."""
    folded = fold(written).strip(" .,;:-*()[]\"'")
    bare = _AFTER.sub("", _BEFORE.sub("", folded))
    cjk = _CJK_UNIT.sub("", _AFTER.sub("", folded).strip())
    return [compact(key) for key in (folded, bare, _AFTER.sub("", folded), cjk)]


def _find(written: str) -> Alias | None:
    known = _lookup()
    return next((known[key] for key in _keys(written) if key in known), None)


def _old_name(alias: Alias) -> str:
    if alias.old_code is None:
        return provinces()[alias.code].name
    return former_provinces()[alias.old_code].old_name


def _match(
    alias: Alias, written: str, *, doubts: tuple[Doubt, ...] = (), pair: bool = False
) -> ProvinceMatch:
    unit = provinces()[alias.code]
    old = _old_name(alias)
    namesake = old == unit.name
    options = former_names(alias.code) if namesake and not pair else ()
    return ProvinceMatch(
        code=unit.code,
        name=unit.name,
        name_en=unit.name_en,
        old_name=None if namesake and not pair else old,
        as_written=written,
        ambiguous=len(options) > 1,
        candidates=options if len(options) > 1 else (),
        doubts=doubts,
    )


def nearest(text: str, *, limit: int = 3) -> tuple[str, ...]:
    """Return up to `limit` known names closest to the text, for "did you mean …?" in errors.

    Closest first; names of today's units and of former ones; empty when nothing is similar.
    """
    wanted = [key for key in dict.fromkeys(_keys(text)[:2]) if key]
    known = {key: alias for key, alias in _lookup().items() if alias.lang == "vi"}
    close = [
        key
        for want in wanted
        for key in difflib.get_close_matches(want, list(known), n=4 * limit, cutoff=0.6)
    ]
    names = (tone_placement(_old_name(known[key])) for key in close)
    return tuple(dict.fromkeys(names))[:limit]
