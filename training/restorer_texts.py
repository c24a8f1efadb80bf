"""Texts the tone restorer learns from: Vietnamese cells of tables, split into runs of words."""

import csv
import json
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from data.reference.spelling import fold, nfc, tone_placement
from embeddings.restoration.syllables import WORD, is_folded_syllable, is_plain, is_syllable, plain

_BREAK = re.compile(r"[.,;:!?()\[\]|/\"“”\n\t•+]+|\s[-–—]\s")
_TOKEN = re.compile(rf"\d[\w.,]*|{WORD.pattern}")
_ABBREVIATION = re.compile(r"^(?:[A-ZĐ]{2,}\d*|[A-Z][a-z]+[A-Z]\w*)$")
MEASURED = frozenset({"project_calls.csv", "deals.csv", "profiles.csv", "supply_offers.csv"})


@dataclass(frozen=True)
class Source:
    """Tables to read: a file pattern below a root, the weight of what they say."""

    root: Path
    pattern: str
    weight: float
    columns: tuple[str, ...] = ()  # all when empty


def sources(repository: Path, shared: Path) -> tuple[Source, ...]:
    """Return what the shipped model is made from; none of it is a test text."""
    reference, vn = repository / "data" / "reference", shared / "data" / "vn"
    return (
        Source(reference, "activities*.csv", 2.0, ("name_vi", "terms_vi")),
        Source(reference, "goods.csv", 2.0, ("name_vi", "terms_vi")),
        Source(reference, "glossary.csv", 1.0, ("vi",)),
        Source(reference, "sector*.csv", 2.0),
        Source(reference, "phrases_vi.csv", 2.0, ("text",)),
        Source(reference, "province_aliases.csv", 1.0, ("alias",)),
        Source(reference, "provinces_*.csv", 4.0),
        Source(reference, "regions.csv", 2.0),
        Source(vn, "*.csv", 1.0),
        Source(vn, "programmes.json", 1.0),
        Source(shared / "data" / "reference" / "industry_codes", "*.tsv", 1.0),
        Source(shared / "data" / "reference" / "vn_admin_units", "*.tsv", 0.15),
    )


@dataclass(frozen=True)
class Cell:
    """One text of a table and the row it stands in."""

    text: str
    weight: float
    file: str
    row: str


def cells(wanted: Iterable[Source]) -> Iterator[Cell]:
    """Yield every cell of the sources once per distinct text and file."""
    for source in wanted:
        for path in sorted(source.root.glob(source.pattern)):
            seen: set[str] = set()
            for row, text in _file_cells(path, source.columns):
                cleaned = tone_placement(nfc(text))
                if cleaned not in seen:
                    seen.add(cleaned)
                    yield Cell(cleaned, source.weight, path.name, row)


def _file_cells(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if path.suffix == ".json":
        yield from (("0", text) for text in _strings(json.loads(path.read_text("utf-8"))))
        return
    delimiter = "\t" if path.suffix == ".tsv" else ","
    with path.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle, delimiter=delimiter):
            key = next(iter(row.values())) or ""
            for name, text in row.items():
                if isinstance(text, str) and text and (not columns or name in columns):
                    yield key, text


def _strings(node: object) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, list):
        for part in node:
            yield from _strings(part)
    elif isinstance(node, dict):
        for part in node.values():
            yield from _strings(part)


def runs(text: str) -> Iterator[list[str]]:
    """Yield runs of lower-case words between punctuation; numbers and codes are empty strings."""
    for piece in _BREAK.split(text):
        shouted = piece.isupper()
        words = [_word(token, shouted=shouted) for token in _TOKEN.findall(piece)]
        if words:
            yield words


def _word(token: str, *, shouted: bool) -> str:
    if token[0].isdigit() or (not shouted and _ABBREVIATION.match(token) and is_plain(token)):
        return ""
    return token.lower()


def is_vietnamese(words: list[str]) -> bool:
    """Tell whether a run is toned Vietnamese: mostly possible syllables, some with marks."""
    known = [word for word in words if word]
    marked = sum(not is_plain(word) for word in known)
    fitting = sum(is_syllable(word) or is_folded_syllable(plain(word)) for word in known)
    wrong = sum(
        is_plain(word) and is_folded_syllable(word) and not is_syllable(word) for word in known
    )
    return marked > 0 and fitting >= 0.6 * len(known) and wrong <= 0.25 * len(known)


def held_out(cell: Cell, share: float) -> bool:
    """Tell whether a cell's row of a project file belongs to the part kept for measuring."""
    if cell.file not in MEASURED:
        return False
    return zlib.crc32(f"{cell.file}/{cell.row}".encode()) % 1000 < 1000 * share


def key_of(text: str) -> str:
    """Return what makes two texts the same for keeping tests out of training."""
    return fold(text)
