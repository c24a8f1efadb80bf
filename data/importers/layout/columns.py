"""What a column's title means: its role, and the units it states."""

import re
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from rapidfuzz import fuzz, process

from data.importers.layout.wording import role_by_words
from data.reference.csvtable import table
from data.reference.spelling import fold, nfc

_MOST_OTHER_WORDS = 4
_LONGEST_TITLE = 140
_TYPO = 88.0  # per cent alike, for a title with a slip of the pen
_SIZES = {
    "nghin": "nghìn",
    "ngan": "nghìn",
    "thousand": "nghìn",
    "1000": "nghìn",
    "1.000": "nghìn",
    "1,000": "nghìn",
    "trieu": "triệu",
    "tr": "triệu",
    "tr.": "triệu",
    "million": "triệu",
    "mil": "triệu",
    "mil.": "triệu",
    "mln": "triệu",
    "mn": "triệu",
    "ty": "tỷ",
    "ti": "tỷ",
    "billion": "tỷ",
    "bil": "tỷ",
    "bil.": "tỷ",
    "bn": "tỷ",
}
_CURRENCIES = {
    "dong": "đồng",
    "vnd": "đồng",
    "viet nam dong": "đồng",
    "d": "đồng",
    "usd": "USD",
    "us$": "USD",
    "$": "USD",
    "do la my": "USD",
    "do la": "USD",
    "do": "USD",
    "dollars": "USD",
    "eur": "EUR",
    "euro": "EUR",
    "yen": "JPY",
    "jpy": "JPY",
    "krw": "KRW",
    "won": "KRW",
    "cny": "CNY",
    "rmb": "CNY",
}


def _either(words: dict[str, str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_SIZE = rf"(?:(?:{_either(_SIZES)})(?![a-z0-9])\.?\s*)"
_CURRENCY = rf"(?:{_either(_CURRENCIES)})(?![a-z0-9])"
_MONEY = re.compile(
    rf"(?<![a-z0-9])(?:(?P<sizes>{_SIZE}{{1,2}})\(?\s*(?P<currency>{_CURRENCY})"
    rf"|(?P<currency2>{_CURRENCY})[\s(,]*(?P<sizes2>{_SIZE}{{1,2}})"
    r"|(?P<short>trd|tr\.?d|tyd)(?![a-z0-9])"
    rf"|(?<=\()\s*(?P<alone>{_SIZE}{{1,2}}|{_CURRENCY})\s*(?=\)))"
)
_ALONE = re.compile(rf"(?P<alone>{_SIZE}{{1,2}}|{_CURRENCY})")
_LAND = re.compile(
    r"(?<![a-z0-9])(?P<unit>nghin ha|1000 ?ha|ha|hec ?ta|hectares?|m2|km2|sqm)(?![a-z0-9])"
)
_LAND_UNITS = {"nghin ha": "nghìn ha", "1000ha": "nghìn ha", "1000 ha": "nghìn ha", "sqm": "m2"}
_ABOUT_MONEY = re.compile(r"\b(?:von|dau tu|chi phi|kinh phi|invest\w*|capital)\b")
_BRACKETS = re.compile(r"[(\[][^()\[\]]*[)\]]")
_WHOLE_ONLY = frozenset({"du an", "danh muc", "so tt"})  # they begin names of projects too
_PARTS = {
    "capital": re.compile(
        r"\b(?:ngan sach|vay|tu co|chu so huu|da thuc hien|giai ngan|gpmb|giai phong|boi thuong|"
        r"thiet bi|xay lap|dieu le|phap dinh|suat|con lai|budget|loan|equity)\b"
    ),
    "land": re.compile(r"\b(?:san|xay dung|cay xanh|rung|lua|chuyen muc dich|con lai|floor)\b"),
}
"""Words of titles that hold a share of the capital or the land, not all of it."""
_EDGES = " .,;:*-/()[]"


@dataclass(frozen=True, slots=True)
class Title:
    """A title read: `role` ("" unknown), money and land unit ("" none), whether it is short.

    `exact` tells that the title is a known phrase as it stands; `units` counts the money units.
    """

    text: str
    role: str = ""
    money: str = ""
    land: str = ""
    exact: bool = False
    units: int = 0

    @property
    def bare_unit(self) -> bool:
        """Whether the title is nothing but a unit, such as "Triệu USD" below a merged cell."""
        return not self.role and bool(self.money or self.land)


def money_units(text: str) -> list[str]:
    """Return the units of money a text states, as `parse_money` takes them: "tỷ đồng"."""
    folded = fold(text)
    found = [_money_unit(hit) for hit in _MONEY.finditer(folded)]
    alone = _ALONE.fullmatch(folded.strip(_EDGES))
    if not found and alone:
        found = [_money_unit(alone)]
    return list(dict.fromkeys(found))


def land_unit(text: str) -> str:
    """Return the unit of area a text states, "" if none."""
    found = _LAND.search(fold(text.replace("²", "2")))
    if not found:
        return ""
    unit = found["unit"]
    return _LAND_UNITS.get(unit, "ha" if unit.startswith(("ha", "hec")) else unit)


def _money_unit(hit: re.Match[str]) -> str:
    groups = hit.groupdict()
    if groups.get("short"):
        return "tỷ đồng" if groups["short"].startswith("ty") else "triệu đồng"
    if groups.get("alone"):
        word = groups["alone"].strip()
        if word in _CURRENCIES:
            return _CURRENCIES[word]
        return " ".join([*(_SIZES[size] for size in word.split()), "đồng"])
    sizes = (groups.get("sizes") or groups.get("sizes2") or "").split()
    currency = groups.get("currency") or groups.get("currency2") or "dong"
    return " ".join([*(_SIZES[size] for size in sizes), _CURRENCIES[currency]])


@cache
def _phrases() -> dict[str, str]:
    return {_key(row["phrase"]): row["role"] for row in table("column_names.csv")}


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str, str], ...]:
    longest_first = sorted(_phrases().items(), key=lambda item: -len(item[0]))
    return tuple(
        (re.compile(rf"(?<![a-z0-9]){re.escape(phrase)}(?![a-z0-9])"), phrase, role)
        for phrase, role in longest_first
        if " " in phrase and phrase not in _WHOLE_ONLY
    )


def _key(text: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9#]+", " ", fold(text)).split())


learnt_roles: ContextVar[Mapping[str, str] | None] = ContextVar("learnt_roles", default=None)
"""Roles by `title_key` that were told from outside, for titles that no word list knows."""


def title_key(text: str) -> str:
    """Return a title folded, without brackets, units and signs."""
    return _key(_unitless(fold(text.replace("²", "2"))))


def read_title(text: str) -> Title:
    """Return what a column's title means: "Vốn đầu tư dự kiến (tỷ đồng)" is capital, in tỷ đồng.

    Tones, case, line breaks and brackets do not matter. Never raises.
    """
    found = _read_title(text)
    learnt = learnt_roles.get()
    if learnt and not found.role and found.text:
        return replace(found, role=learnt.get(title_key(found.text), ""))
    return found


@lru_cache(maxsize=4096)
def _read_title(text: str) -> Title:
    written = " ".join(nfc(text).split())
    if not written or len(written) > _LONGEST_TITLE:
        return Title(written)
    monies = money_units(written)
    land = land_unit(written)
    role, exact = _role(written)
    if role == "scale" and land and not monies:
        role = "land"  # "Quy mô (ha)"
    if role == "scale" and monies:
        role = "capital"  # "Quy mô (tỷ đồng)"
    if not role and monies and _ABOUT_MONEY.search(fold(written)):
        role = "capital"
    money = monies[0] if len(monies) == 1 else ""
    return Title(written, role, money, land, exact, len(monies))


def _role(written: str) -> tuple[str, bool]:
    folded = fold(written.replace("²", "2"))
    known = _phrases()
    for candidate in (_key(folded), _key(_BRACKETS.sub(" ", folded)), _key(_unitless(folded))):
        if candidate in known:
            return known[candidate], True
    bare = _key(_unitless(folded))
    if not bare:
        return "", False
    words = len(bare.split())
    for pattern, phrase, role in _patterns():
        if pattern.search(bare) and words <= len(phrase.split()) + _MOST_OTHER_WORDS:
            part = _PARTS.get(role)
            return ("remark" if part and part.search(bare) else role), False
    by_words = role_by_words(bare)
    if by_words:
        return by_words, False
    if len(bare) >= 6:
        close = process.extractOne(bare, known.keys(), scorer=fuzz.ratio, score_cutoff=_TYPO)
        if close:
            return known[close[0]], False
    return "", False


def _unitless(folded: str) -> str:
    return _LAND.sub(" ", _MONEY.sub(" ", _BRACKETS.sub(" ", folded)))
