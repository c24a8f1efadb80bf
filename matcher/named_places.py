"""Parks, zones, districts, communes that a text names, found among the places calls stand in.

The names are those of the calls' own locations and of the table of industrial parks; a park of
which no call is in the list still tells its province.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from data.records import ProjectCall
from data.reference.csvtable import table
from data.reference.folding import Folded, fold_with_map
from data.reference.provinces import resolve_province
from data.reference.spelling import fold, nfc

_PARK = (
    r"khu cong nghiep|khu kinh te cua khau|khu kinh te|cum cong nghiep|khu cong nghe cao"
    r"|khu che xuat|khu phi thue quan|kcn|kkt|kktck|ccn|kcnc|kcx"
)
_PARK_EN = (
    r"industrial (?:park|zone|cluster|estate|area)|(?:border[ -]gate )?economic zone|export "
    r"processing zone|hi(?:gh)?-?tech park|non-tariff (?:zone|area)|ip|iz|ez|sez|epz"
    r"|工业园|工业区|经济区|开发区|工業団地|経済区|工業区|산업단지|공업단지|산단|경제구역|경제특구"
)
_AREA = r"thanh pho|tp|thi xa|tx|thi tran|tt|huyen|quan|xa|phuong|p|thon|cac"
_AREA_EN = r"city|town|township|district|commune|ward|village|island|bay|port|area|beach"
_LEAD = re.compile(rf"^(?:(?:{_PARK}|{_AREA}|in|at|near|the)[\s.]+)+")
_TAIL = re.compile(rf"(?:\s+(?:{_PARK_EN}|{_AREA_EN}|provinces?|communes|districts|wards))+$")
_SPLIT = re.compile(r"[,;()/]|\s(?:và|va|and|thuộc|in|of|hoặc|or)\s")
_CUE_BEFORE = re.compile(rf"(?:^|[^a-z])((?:{_PARK}|{_AREA})[\s.]*)$")
_CUE_AFTER = re.compile(rf"\s*(?:{_PARK_EN}|{_AREA_EN})(?![a-z])")
_SPACE = re.compile(r"[^a-z0-9]+")
_LEAST = 5  # letters of a name
_SAME_PROVINCE = 0.5


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A place a text names: ``text[start:end]`` and its name without "KCN", "huyện" …

    ``whole`` spans those words too ("KCN Lam Sơn"); ``codes`` are the provinces that a park of
    this name lies in, where the table knows it.
    """

    start: int
    end: int
    name: str
    whole: tuple[int, int] = (0, 0)
    codes: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Gazetteer:
    """The places of a list of calls, by name; find them in texts, ask which calls they hold."""

    calls: Sequence[ProjectCall]
    _rows: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set), init=False)
    _first: dict[str, set[tuple[str, ...]]] = field(
        default_factory=lambda: defaultdict(set), init=False
    )

    def __post_init__(self) -> None:
        for row, call in enumerate(self.calls):
            for name in _names(call.location):
                self._rows[name].add(row)
        for name in (*self._rows, *_parks()):
            words = tuple(name.split())
            self._first[words[0]].add(words)

    def find(self, text: str) -> list[NamedPlace]:
        """Places named in a text, the longest at each point; tone marks and dashes aside.

        A name must be written with capitals or stand beside a word such as "KCN", "huyện",
        "industrial park", for many are plain words too ("an bình").
        """
        text = nfc(text)
        folded = fold_with_map(text)
        words = [(m.group(), m.start(), m.end()) for m in re.finditer(r"[a-z0-9]+", folded.text)]
        found: list[NamedPlace] = []
        place = 0
        while place < len(words):
            step = 1
            for name in sorted(self._first.get(words[place][0], ()), key=len, reverse=True):
                span = words[place : place + len(name)]
                if tuple(word for word, _, _ in span) != name:
                    continue
                start, end = span[0][1], span[-1][2]
                first, last = folded.starts[start], folded.ends[end - 1]
                if _is_name(text[first:last], folded.text[:start], folded.text[end:]):
                    key = " ".join(name)
                    codes = _parks().get(key, frozenset())
                    whole = _whole(folded, start, end)
                    found.append(NamedPlace(first, last, key, whole, codes))
                    step = len(name)
                    break
            place += step
        return found

    def holds(self, place: NamedPlace, row: int) -> float:
        """How well a call stands in a place: 1 in it, 0.5 in its province, else 0."""
        if row in self._rows.get(place.name, ()):
            return 1.0
        return _SAME_PROVINCE if self.calls[row].place.code in place.codes else 0.0


def _whole(folded: Folded, start: int, end: int) -> tuple[int, int]:
    """The span in the original of a name with the words beside it that say what it is."""
    before = _CUE_BEFORE.search(folded.text[:start])
    after = _CUE_AFTER.match(folded.text, end)
    first = before.start(1) if before else start
    last = after.end() if after else end
    return folded.starts[first], folded.ends[last - 1]


def without_places(text: str, places: Sequence[NamedPlace]) -> str:
    """The text with the places blanked out, every other character in its place."""
    signs = list(text)
    for place in places:
        for at in range(*place.whole):
            signs[at] = " "
    return "".join(signs)


def _is_name(written: str, before: str, after: str) -> bool:
    if _CUE_BEFORE.search(before[-24:]) or _CUE_AFTER.match(after):
        return True
    words = re.findall(r"[^\W\d_]+", written)
    return len(words) > 1 and all(word[0].isupper() for word in words)


def _names(location: str) -> Iterator[str]:
    """Names in a location as written: "KKT Chân Mây – Lăng Cô, xã Lộc Vĩnh" → two."""
    for part in _SPLIT.split(nfc(location)):
        name = _bare(part)
        if len(name) >= _LEAST and " " in name and not _is_province(name):
            yield name


def _bare(part: str) -> str:
    folded = re.sub(r"\s+", " ", fold(part)).strip()
    bare = _TAIL.sub("", _LEAD.sub("", folded))
    return _SPACE.sub(" ", bare).strip()


@cache
def _parks() -> dict[str, frozenset[str]]:
    """Names of the table's parks and the provinces they lie in."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in table("industrial_parks.csv"):
        match = resolve_province(row["province"])
        if match is not None:
            for name in _names(row["name"]):
                found[name].add(match.code)
    return {name: frozenset(codes) for name, codes in found.items()}


@cache
def _is_province(name: str) -> bool:
    return resolve_province(name) is not None
