"""Headings inside a list: what they say about the rows below, and how they nest."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from data.importers.fields import NO_PLACE
from data.importers.layout.caption import mentions
from data.importers.places import place_of
from data.records import Place
from data.reference.provinces import resolve_province
from data.reference.sectors import resolve_sectors
from data.reference.spelling import fold

_ROMAN = re.compile(r"(?=[IVXLC])(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_LETTER = re.compile(r"[A-ZĐ]")
_MARKER = re.compile(
    r"\s*(?P<marker>[IVXLC]{1,6}|[A-ZĐ]|\d{1,2}(?:\.\d{1,2})*|[a-h])\s*(?:[.):/–-]\s*|\s(?=\S*[A-ZĐÀ-Ỹ]{2}))"
)
_COUNT = re.compile(
    r"\s*[:(–-]*\s*(?:gồm|có)?\s*\d+\s*(?:dự án|DỰ ÁN|projects?)\s*\)?\s*$|\s*:\s*$"
)
_SECTOR = re.compile(
    r"^(?:cac )?(?:du an )?(?:thuoc )?(?:linh vuc|nganh|nhom nganh|sector)\b|\bsectors?$"
)
_WHERE = re.compile(
    r"\b(?:trong|ngoai|tai|inside|outside)\s+(?:cac\s+)?(?:kkt|kcn|ccn|khu kinh te|khu cong nghiep|"
    r"cum cong nghiep|industrial|economic)\b"
)
"""Inside or outside of zones: no sector, and no place that is known."""
_FORM = re.compile(
    r"\b(?:hinh thuc|dau gia|dau thau|ppp|bot|xa hoi hoa|100% von|lien doanh|form of|"
    r"public-private|doi tac cong tu|chap thuan nha dau tu)\b"
)
_SITE = re.compile(
    r"^(?:tren )?(?:dia ban )?(?:huyen|thi xa|thanh pho|tp\.?|tx\.?|quan|xa|phuong|khu kinh te|kkt|"
    r"khu cong nghiep|kcn|cum cong nghiep|ccn|khu vuc|dia ban|district)\s+(?P<name>[a-z0-9].*)"
)
_NO_NAME = re.compile(
    r"^(?:va|hoac|cong nghe|sinh thai|tap trung|kinh te|do thi)\b"
    r"|cum cong nghiep|khu kinh te|ha tang"
)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: its bare text, place in the file, kind, and the province if it names one.

    `kind` is province, site (a district, zone or park), zone (inside or outside of zones), form,
    sector or other. `level` tells
    headings of one depth from those of another.
    """

    text: str
    where: str
    kind: str
    level: str
    place: Place = NO_PLACE


@dataclass(slots=True)
class Outline:
    """The headings that hold for the next row, outermost first."""

    open: list[Heading] = field(default_factory=list)
    last_letter: str = ""
    kinds: dict[str, str] = field(default_factory=dict)  # of the last heading of each level

    def level_of(self, marker: str, kind: str) -> str:
        """Return the level of a marker; I and C may be numerals or letters, by what came before.

        A heading of the same kind as those of one level belongs to it.
        """
        bare = marker.strip(" .):-(")
        if not bare:
            return "plain"
        if re.fullmatch(r"\d+(?:\.\d+)*", bare):
            return f"arabic{bare.count('.')}"
        if len(bare) == 1 and bare.islower():
            return "small"
        roman = bool(_ROMAN.fullmatch(bare))
        letter = bool(_LETTER.fullmatch(bare))
        follows = letter and bool(self.last_letter) and ord(bare) == ord(self.last_letter) + 1
        if roman and follows:
            alike = self.kinds.get("letter") == kind and self.kinds.get("roman") != kind
            roman = not (alike or (bare != "I" and self.kinds.get("roman") != kind))
        level = "roman" if roman else "letter" if letter else "plain"
        if level == "letter":
            self.last_letter = bare
        self.kinds[level] = kind
        return level

    def add(self, heading: Heading) -> int:
        """Open a heading, closing those that it ends; return how many stay open above it."""
        levels = [each.level for each in self.open]
        kinds = [each.kind for each in self.open]
        if heading.level != "plain":
            if heading.level in levels:
                del self.open[levels.index(heading.level) :]
        elif heading.kind in kinds:
            # An unmarked heading ends the one of its own kind and stands in its place.
            heading = replace(heading, level=levels[kinds.index(heading.kind)])
            del self.open[kinds.index(heading.kind) :]
        elif heading.kind != "other" and heading.level in levels:
            # … and an unmarked one of another kind, but a remark amid the rows ends none.
            del self.open[levels.index(heading.level) :]
        self.open.append(heading)
        return len(self.open) - 1

    def clear(self) -> None:
        self.open.clear()
        self.last_letter = ""
        self.kinds.clear()


def split_marker(text: str) -> tuple[str, str]:
    """Split "II. LĨNH VỰC DU LỊCH" into "II" and the rest; the marker is "" when there is none."""
    found = _MARKER.match(text)
    if not found:
        return "", text.strip()
    marker = found["marker"]
    roman = bool(_ROMAN.fullmatch(marker))
    if len(marker) > 1 and marker.isalpha() and not roman:
        return "", text.strip()
    return marker, text[found.end() :].strip()


def heading_of(text: str, where: str, marker: str, outline: Outline) -> Heading:
    """Return what a heading means, its marker taken off; the outline tells its level."""
    bare = _COUNT.sub("", text).strip(" .;:-*")
    kind, place = _interpret(bare)
    return Heading(bare, where, kind, outline.level_of(marker, kind), place)


@lru_cache(maxsize=2048)
def _interpret(bare: str) -> tuple[str, Place]:
    folded = fold(bare)
    province = resolve_province(bare) if len(bare) < 80 else None
    if province is not None:
        return "province", place_of(province)
    if _SECTOR.search(folded):
        return "sector", Place()
    if _WHERE.search(folded):
        return "zone", Place()
    if _FORM.search(folded):
        return "form", Place()
    site = _SITE.match(folded)
    if site and not _NO_NAME.search(site["name"]):
        named = mentions(bare)
        codes = {match.code for match in named}
        return "site", place_of(named[0]) if len(codes) == 1 else Place()
    if resolve_sectors(bare).known:
        return "sector", Place()
    named = mentions(bare)
    if len({match.code for match in named}) == 1:
        return "province", place_of(named[0])
    return "other", Place()


def innermost(headings: Sequence[Heading], *kinds: str) -> Heading | None:
    """Return the last heading of one of the kinds."""
    return next((each for each in reversed(headings) if each.kind in kinds), None)


def looks_like_heading(text: str) -> bool:
    """Tell whether a lone text reads as a heading: marked, in capitals, or of a known kind."""
    marker, bare = split_marker(text)
    letters = [sign for sign in bare if sign.isalpha()]
    capitals = len(letters) > 3 and all(sign.isupper() for sign in letters)
    return bool(marker) or capitals or _interpret(bare)[0] != "other"
