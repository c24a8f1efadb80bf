"""Industrial parks, zones and clusters as places: "KCN Lam Sơn – Sao Vàng" lies in Thanh Hóa."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from data.reference.csvtable import table
from data.reference.provinces import ProvinceMatch, resolve_province
from data.reference.spelling import fold, nfc

_WORD = re.compile(r"[^\W_]+")
_HINT = re.compile(
    r"\b(?:khu|cum|k[ck][nt]\w*|kcx|ccn|vsip|wha|trung tam|parks?|zones?|cluster|e?pz|[ie][pz])\b"
)
_STAGE = re.compile(r"\b(?:giai doan|dot \d|phase|stage|mo rong|tong the)\b.*$")
_SHORT = {"kkt": "khu kinh te", "kcn": "khu cong nghiep", "ccn": "cum cong nghiep",
          "kcx": "khu che xuat", "kcnc": "khu cong nghe cao", "kktck": "khu kinh te cua khau",
          "kktcs": "khu kinh te"}  # fmt: skip
_KINDS = {
    "industrial park": "khu cong nghiep|khu cn|industrial park|industrial zone|ip|iz",
    "economic zone": "khu kinh te|economic zone|ez",
    "cluster": "cum cong nghiep|cum cn|industrial cluster",
    "export processing zone": "khu che xuat|export processing zone|epz",
    "hi-tech park": "khu cong nghe cao|hi tech park|high tech park|hitech park",
}
_EXTRA = r"(?:ho tro|cua khau quoc te|cua khau|quoc te|lang nghe|tap trung|mo|ven bien|dac biet)"
_HEAD = re.compile(
    "^(?:" + "|".join(part for words in _KINDS.values() for part in words.split("|"))
    + rf")(?:\s+{_EXTRA})*\s+"
)  # fmt: skip
_TAIL = re.compile(
    r"\s+(?:international border gate |border gate )?(?:"
    + "|".join(part for words in _KINDS.values() for part in words.split("|"))
    + ")$"
)
_NUMBER = re.compile(r"(?:\s+(?:so\s+)?(?:\d+|[ivx]+|[a-e]))+$")
_COUNTED = re.compile(r"\d+|ii|iii|iv|vi|vii")
_EXTRAS = {
    "economic zone": ("cua khau", "cua khau quoc te", "mo", "ven bien"),
    "industrial park": ("ho tro", "tap trung"),
    "cluster": ("lang nghe", "tap trung"),
}
_LEAST_WORDS = 2
_MANY = 50
_LONGEST = 12  # words of the longest name


@dataclass(frozen=True, slots=True)
class Park:
    """A park, zone or cluster of the table. ``province`` is as the table has it, of the 63."""

    name: str
    province: str
    kind: str
    area_ha: float | None
    source_url: str


@dataclass(frozen=True, slots=True)
class ParkMention:
    """A park named in a text, at ``start:end``; several when its name is in several provinces.

    ``province`` is the one place that all of them mean, None when that stays open.
    """

    text: str
    start: int
    end: int
    parks: tuple[Park, ...]
    province: ProvinceMatch | None


@cache
def parks() -> tuple[Park, ...]:
    """Return all parks of the table."""
    return tuple(
        Park(
            row["name"],
            row["province"],
            row["kind"],
            float(row["area_ha"]) if row["area_ha"] else None,
            row["source_url"],
        )
        for row in table("industrial_parks.csv")
    )


@lru_cache(maxsize=16_384)
def find_parks(text: str) -> tuple[ParkMention, ...]:
    """Return the parks, zones and clusters that a text names, in order.

    A name counts with its kind before ("KCN Nghi Sơn", "khu kinh tế Nghi Sơn") or after it
    ("Nghi Son Economic Zone"); tones, dashes and stages ("giai đoạn 1", "I", "2") do not matter.
    "Nghi Sơn" alone is a commune too and is not taken for the zone. Positions are those of the
    text in composed form (NFC).
    """
    text = nfc(text)
    if not _HINT.search(fold(text)):
        return ()
    words, spans = _words(text)
    found = []
    at = 0
    while at < len(words):
        best = _longest(words, at)
        if best is None:
            at += 1
            continue
        size, known = best
        start, end = spans[at][0], spans[at + size - 1][1]
        found.append(ParkMention(text[start:end], start, end, known, _province(known)))
        at += size
    return tuple(found)


def park_place(text: str) -> ProvinceMatch | None:
    """Return the province that all parks of a text lie in, None when none or several."""
    places = [mention.province for mention in find_parks(text)]
    codes = {place.code for place in places if place is not None}
    if not places or None in places or len(codes) != 1:
        return None
    names = {place.old_name for place in places if place is not None}
    first = places[0]
    return first if len(names) == 1 else resolve_province(first.name) if first else None


def _words(text: str) -> tuple[list[str], list[tuple[int, int]]]:
    """The folded words with abbreviations of kinds written out, and where each stands."""
    words: list[str] = []
    spans: list[tuple[int, int]] = []
    for match in _WORD.finditer(text):
        for word in _spelt(match[0]):
            words.append(word)
            spans.append(match.span())
    return words, spans


@lru_cache(maxsize=16_384)
def _spelt(word: str) -> tuple[str, ...]:
    folded = fold(word)
    return tuple(_SHORT.get(folded, folded).split())


def _longest(words: list[str], at: int) -> tuple[int, tuple[Park, ...]] | None:
    by_first = _names()
    known = by_first.get(words[at])
    if known is None:
        return None
    longest = max(len(name.split()) for name in known) if len(known) < _MANY else _LONGEST
    for size in range(min(longest + 1, len(words) - at), _LEAST_WORDS - 1, -1):
        piece = words[at : at + size]
        name = " ".join(piece)
        if name in known:
            return size, known[name]
        if not _COUNTED.fullmatch(piece[-1]):  # "Que Vo II Industrial Park"
            name = " ".join(word for word in piece if not _COUNTED.fullmatch(word))
            if name in known:
                return size, known[name]
    return None


@cache
def _names() -> dict[str, dict[str, tuple[Park, ...]]]:
    """Return the parks by every way of naming them, by the first word of that."""
    found: dict[str, dict[str, dict[tuple[str, str], Park]]] = {}
    for park in parks():
        for name in _ways(park):
            first = found.setdefault(name.split()[0], {})
            first.setdefault(name, {}).setdefault((park.name, park.province), park)
    return {
        first: {name: tuple(each.values()) for name, each in known.items()}
        for first, known in found.items()
    }


def _ways(park: Park) -> set[str]:
    """Return the names with their kind before, in Vietnamese, and after, in English."""
    outside, *brackets = re.split(r"[()]", park.name)
    out: set[str] = set()
    for written in (outside, *brackets):
        spelt = " ".join(_words(written)[0])
        spelt = _STAGE.sub("", spelt).strip()
        bare = _TAIL.sub("", _HEAD.sub("", spelt)).strip()
        headed = bool(_HEAD.match(spelt)) or bool(_TAIL.search(spelt))
        if written is not outside and not headed:
            continue  # brackets often hold a district
        if not headed and len(spelt.split()) >= _LEAST_WORDS:
            out.add(spelt)  # "VSIP Nghệ An" names a park by itself
        stem = _NUMBER.sub("", bare)
        for name in {bare, stem}:
            if len(name.split()) >= _LEAST_WORDS or (name and name not in _PLAIN and len(name) > 4):
                out |= _headed(name, park.kind)
    return out


def _headed(name: str, kind: str) -> set[str]:
    kinds = _KINDS.get(kind, _KINDS["industrial park"]).split("|")
    out = set()
    for each in kinds:
        if each.isascii() and (each.startswith(("khu", "cum"))):
            out.add(f"{each} {name}")
            out.update(f"{each} {extra} {name}" for extra in _EXTRAS.get(kind, ()))
        else:
            out.add(f"{name} {each}")
    if kind == "economic zone":
        out.add(f"{name} border gate economic zone")
    return out


def _province(known: tuple[Park, ...]) -> ProvinceMatch | None:
    places = {park.province: resolve_province(park.province) for park in known}
    codes = {place.code for place in places.values() if place is not None}
    if len(codes) != 1:
        return None
    first = next(place for place in places.values() if place is not None)
    return first if len(places) == 1 else resolve_province(first.name)


_PLAIN = frozenset(fold(word) for word in ("phía", "số", "trung", "dịch vụ", "đô thị"))
