"""Find province names in free text in five languages; precision before recall."""

import re
from dataclasses import dataclass
from functools import cache

from data.reference.folding import fold_with_map
from data.reference.provinces import Alias, ProvinceMatch, aliases, resolve_province
from data.reference.spelling import fold, has_marks, nfc, tone_placement


@dataclass(frozen=True, slots=True)
class ProvinceMention:
    """A province named in a text: where (`text[start:end]`) and what it means."""

    start: int
    end: int
    match: ProvinceMatch


PLAIN_WORDS = frozenset(
    [
        "hue",
        "son la",
        "an giang",
        "long an",
        "gia lai",
        "ha nam",
        "ca mau",
        "hoa binh",
        "thai binh",
        "hai duong",
        "can tho",
        "da nang",
        "binh dinh",
        "binh duong",
        "dong nai",
        "dong thap",
        "ben tre",
        "nam dinh",
        "ha tinh",
        "lam dong",
        "cao bang",
        "lang son",
        "hai phong",
        "dien bien",
        "nghe an",
        "tuyen quang",
        "phu tho",
        "tien giang",
        "hau giang",
        "lao cai",
        "quang tri",
        "binh thuan",
        "phu yen",
        "yen bai",
        "lai chau",
        "sapa",
        "sa pa",
        "ha tay",
        "tth",
        "sg",
        "hn",
        "minh hai",
        "hcm",
    ]
)
"""Folded names that are also plain words without tones ("da nang": đa năng, multi-purpose)."""
_NEVER = frozenset({"tth", "sg", "hn", "tinh thanh"})
_PHRASES = ("thai binh duong", "hai duong hoc", "dien bien phu")
_CUE_BEFORE = re.compile(
    r"(?:^|[^a-z])(?:tinh|tp\.?|thanh pho|o|tai|in|at|near|from|dia ban|province of|city of|"
    r"va|and|hoac|or|ubnd|den|,|-)[\s.]*$"
)
_STRONG_CUE = re.compile(r"(?:^|[^a-z])(?:tinh|tp\.?|thanh pho|dia ban|province of|city of)[\s.]*$")
_CUE_AFTER = re.compile(r"^[\s,]*(?:province|city|vietnam|viet nam)\b")
_CJK_AFTER = re.compile(r"^\s*(?:省|市|성|시(?![가-힣])|시(?:에|의|를|로|와|는|은|가|내))")
_COUNTRY = re.compile(r"viet ?nam|베트남|越南|ベトナム")


def find_provinces(text: str) -> list[ProvinceMention]:
    """Return the province names in a free text, in order, longest match first, not overlapping.

    Spans index the text as given (NFC or NFD). Names written with tones or capitals are taken;
    tone-less lower-case ones too ("o thanh hoa") unless they are plain words ("da nang", "hue"),
    which need a cue such as "tinh", "tp", "o", "tai". Chinese, Japanese and Korean names that are
    plain words there (和平, 후에) need 省, 市, 성, 시 behind them or Vietnam named in the text.
    """
    folded = fold_with_map(text)
    country = bool(_COUNTRY.search(folded.text))
    mentions: list[ProvinceMention] = []
    at = 0
    while found := _pattern().search(folded.text, at):
        start, end = folded.starts[found.start()], folded.ends[found.end() - 1]
        written = text[start:end]
        alias = _by_folded().get(_squeeze(found.group()))
        accepted = alias is not None and _accept(alias, written, found, folded.text, country)
        match = resolve_province(written) if accepted else None
        if match is None:
            skip = alias is None
            at = found.end() if skip else found.start() + 1
            continue
        mentions.append(ProvinceMention(start, end, match))
        at = found.end()
    return mentions


def _squeeze(folded: str) -> str:
    return "".join(sign for sign in folded if sign.isalnum())


@cache
def _by_folded() -> dict[str, Alias]:
    found: dict[str, Alias] = {}
    for alias in aliases():
        if fold(alias.text) not in _NEVER:
            found.setdefault(_squeeze(fold(alias.text)), alias)
    return found


@cache
def _pattern() -> re.Pattern[str]:
    latin: set[str] = set(_PHRASES)
    other: set[str] = set()
    for alias in _by_folded().values():
        (latin if fold(alias.text)[0].isascii() else other).add(fold(alias.text))
    words = sorted((_flexible(name) for name in latin), key=len, reverse=True)
    names = sorted((_flexible(name) for name in other), key=len, reverse=True)
    kana = "\u30a0-\u30fa\u30fc-\u30ff"
    return re.compile(
        rf"(?<![a-z0-9])(?:{'|'.join(words)})(?![a-z0-9])"
        rf"|(?<![{kana}가-힣])(?:{'|'.join(names)})(?![{kana}])"
    )


def _flexible(name: str) -> str:
    parts = [part for part in re.split(r"[\s.\-・]+", name) if part]
    return r"[\s.\-–_・]{0,3}".join(re.escape(part) for part in parts)


def _accept(alias: Alias, written: str, found: re.Match[str], text: str, country: bool) -> bool:
    if alias.lang in ("ko", "ja", "zh"):
        after = bool(_CJK_AFTER.match(text[found.end() :]))
        return not alias.caution or country or (alias.caution == "risky" and after)
    before, after_text = text[: found.start()][-20:], text[found.end() :][:20]
    strong = bool(_STRONG_CUE.search(before) or _CUE_AFTER.match(after_text))
    if not _tones_agree(alias, written):
        return False
    if not re.search(r"[^\W_]", before + after_text):
        return True
    words = re.findall(r"[^\W\d_]+", nfc(written))
    if all(word[0].isupper() for word in words):
        return len("".join(words)) > 2
    if has_marks(written):
        return alias.caution != "toned" or strong
    plain = " ".join(re.split(r"[\s.\-–_]+", found.group()))
    if plain not in PLAIN_WORDS and plain != "tinh thanh":
        return len(plain) > 4 or strong
    weak = bool(_CUE_BEFORE.search(before)) and plain not in ("hue", "hcm")
    return (
        strong or weak or (plain in ("hue", "hcm") and bool(re.search(r"\b(?:o|tai)\s$", before)))
    )


def _tones_agree(alias: Alias, written: str) -> bool:
    """Tell whether every syllable written with marks has the marks of some known spelling."""
    spelt = tone_placement(written).lower()
    mine = re.findall(r"[^\W\d_]+", spelt)
    for other in _spellings(alias.code, alias.old_code):
        theirs = re.findall(r"[^\W\d_]+", other)
        if len(theirs) == len(mine) and all(
            a == b or (not has_marks(a) and fold(a) == fold(b))
            for a, b in zip(mine, theirs, strict=True)
        ):
            return True
    return not has_marks(written)


@cache
def _spellings(code: str, old_code: str | None) -> tuple[str, ...]:
    return tuple(
        tone_placement(alias.text).lower()
        for alias in aliases()
        if alias.code == code and (old_code is None or alias.old_code in (old_code, None))
    )
