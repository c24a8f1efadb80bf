"""Months in which goods are wanted or to be had, as written in Vietnamese or English."""

import re
from typing import Literal

from data.reference.spelling import fold

_NAMES = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_NAME = "|".join(f"{name}|{name[:3]}" for name in _NAMES if name != "may")
_NAME += r"|(?<=in )may|(?<=from )may|(?<=until )may|(?<=to )may|may(?=\s*(?:-|–|to|until)\s)"
"""“may” alone is a verb, and in Vietnamese without marks a machine."""
_TO = r"\s*(?:-|–|den|to|until|toi)\s*"
_VI = re.compile(
    rf"\bthang\s+(\d{{1,2}})(?!\d|/\d{{4}}/)(?:{_TO}(?:het\s+)?(?:thang\s+)?(\d{{1,2}})\b)?"
)
_EN = re.compile(rf"\b({_NAME})\b(?:{_TO}({_NAME}|may)\b)?")
_QUARTER = re.compile(r"\b(?:quy\s+|q)(iv|iii|ii|i|[1-4])\b")
_ALWAYS = re.compile(r"\bquanh nam\b|\bca nam\b|\byear[- ]round\b|\ball year\b")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


def months_of(text: str) -> frozenset[int]:
    """The months named, 1 to 12; empty when none is. A range may pass the year's end.

    >>> sorted(months_of("từ tháng 11 đến tháng 2"))
    [1, 2, 11, 12]
    """
    folded = fold(text)
    if _ALWAYS.search(folded):
        return frozenset(range(1, 13))
    found: set[int] = set()
    for first, last in _VI.findall(folded):
        found |= _range(int(first), int(last or first))
    for first, last in _EN.findall(folded):
        found |= _range(_number(first), _number(last or first))
    for quarter in _QUARTER.findall(folded):
        number = _ROMAN.get(quarter) or int(quarter)
        found |= _range(3 * number - 2, 3 * number)
    return frozenset(found)


def months_text(months: frozenset[int], language: Literal["vi", "en"]) -> str:
    """The months in words: "tháng 1–3, 11–12", "January–March, November–December"."""
    if len(months) == 12:
        return "quanh năm" if language == "vi" else "the whole year"
    runs: list[list[int]] = []
    for month in sorted(months):
        if runs and runs[-1][1] == month - 1:
            runs[-1][1] = month
        else:
            runs.append([month, month])
    name = str if language == "vi" else (lambda month: _NAMES[month - 1].title())
    told = ", ".join(name(a) if a == b else f"{name(a)}–{name(b)}" for a, b in runs)
    return f"tháng {told}" if language == "vi" else told


def _range(first: int, last: int) -> set[int]:
    if not (1 <= first <= 12 and 1 <= last <= 12):
        return set()
    return {(first - 1 + step) % 12 + 1 for step in range((last - first) % 12 + 1)}


def _number(name: str) -> int:
    return next(place for place, full in enumerate(_NAMES, start=1) if full.startswith(name[:3]))
