"""The sets that understanding is judged on: profiles, titles, goods; see data/evaluation."""

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal

from data.importers.kinds import KINDS
from data.importers.table import load_bytes, parse_table
from data.records import Place, ProjectCall
from data.reference.spelling import fold
from matcher.goods import GoodText

WAYS = ("vi", "vi-toneless", "en", "ko", "ja", "zh")
Half = Literal["choose", "report"]
HALVES: tuple[Half, ...] = ("choose", "report")
Part = Literal["choose", "report", "third", "fourth", "fresh"]
PARTS: tuple[Part, ...] = ("choose", "report", "third", "fourth", "fresh")
_FILES: Mapping[Part, tuple[str, ...]] = {"third": ("c",), "fourth": ("d",), "fresh": ("e",)}

EVALUATION = Path(__file__).parents[1] / "data" / "evaluation"
SAMPLE = Path(__file__).parents[1] / "data" / "sample"


@dataclass(frozen=True, slots=True)
class Question:
    """One text and the grades (1 or 2) of the documents that answer it."""

    theme: str
    way: str
    text: str
    grades: Mapping[str, int]


def profiles(part: Part, folder: Path = EVALUATION) -> list[Question]:
    """The investors' profiles of one part, in six ways of writing each.

    "third" and "fourth" are those of `profiles_c.csv` and `profiles_d.csv`, fresh once and since
    then used for choosing; "fresh" those of `profiles_e.csv`; the others share the files a and b.
    """
    half: Half = "choose" if part == "choose" else "report"
    questions = []
    for name in _FILES.get(part, ("a", "b")):
        grades = _grades(folder / f"judgments_{name}.csv", "profile_id", "call_id")
        questions += _questions(folder / f"profiles_{name}.csv", "profile_id", half, grades)
    return questions


def goods(half: Half, folder: Path = EVALUATION) -> list[Question]:
    """Buyers' wants of one half."""
    grades = _grades(folder / "goods_judgments.csv", "query_id", "offer_id")
    return _questions(folder / "goods_queries.csv", "query_id", half, grades)


def offers(shared: Path) -> list[GoodText]:
    """The sellers' offers that the wants were judged against."""
    rows = _rows(shared / "data" / "vn" / "supply_offers.csv")
    return [GoodText(row["offer_id"], row["product_vi"], row["product_en"]) for row in rows]


def sample_calls(path: Path = SAMPLE / "calls.csv") -> tuple[ProjectCall, ...]:
    """The open calls of the sample, which the profiles were judged against."""
    parsed = parse_table(KINDS["calls"], path, load_bytes(path), default_place=Place())
    return tuple(call for call in parsed.records if call.status == "open")


@dataclass(frozen=True, slots=True)
class Title:
    """An industry group of VSIC and ISIC: its code and its official titles."""

    code: str
    vi: str
    en: str

    @property
    def toneless(self) -> str:
        """The Vietnamese title as typed without tone marks."""
        return fold(self.vi)


def titles(shared: Path) -> list[Title]:
    """All groups of the industry classification."""
    path = shared / "data" / "reference" / "industry_codes" / "groups_vi_en.tsv"
    return [Title(row["code"], row["title_vi"], row["title_en"]) for row in _rows(path, "\t")]


def half_of_code(code: str) -> Half:
    """The half of an industry code: that of its group, its first three figures, by hash."""
    return "choose" if sha256(code[:3].encode()).digest()[0] % 2 == 0 else "report"


def official_titles(shared: Path) -> Iterator[tuple[str, str, str]]:
    """Code, English and Vietnamese titles of the choosing half: groups, and classes of groups.

    The other half is left for measuring and must not be learnt from.
    """
    for title in titles(shared):
        if half_of_code(title.code) == "choose":
            yield title.code, title.en, title.vi
    folder = shared / "data" / "reference" / "industry_codes"
    isic = {row["code"]: row["title_en"] for row in _rows(folder / "isic_rev4_en.tsv", "\t")}
    for name in ("vsic_2007_vi.tsv", "vsic_2025_level4_5_vi.tsv"):
        for row in _rows(folder / name, "\t"):
            code = row["code"]
            if len(code) == 4 and code in isic and half_of_code(code) == "choose":
                yield code, isic[code], row["title_vi"]


def _grades(path: Path, theme: str, document: str) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for row in _rows(path):
        if int(row["grade"]) > 0:
            found[row[theme]][row[document]] = int(row["grade"])
    return found


def _questions(
    path: Path, theme: str, half: Half, grades: Mapping[str, Mapping[str, int]]
) -> list[Question]:
    return [
        Question(row[theme], row["way"], row["text"], grades.get(row[theme], {}))
        for row in _rows(path)
        if row["half"] == half
    ]


def _rows(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=delimiter))
