"""How well lists are read that are laid out as provinces lay them out: accuracy by field.

make eval-documents
"""

import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from data.importers.kinds import KINDS
from data.importers.parsed import Parsed
from data.importers.problems import ImportFailed
from data.importers.table import parse_table
from data.quantities import Interval
from data.records import Place, ProjectCall
from tests.support.list_facts import Expected, Fiche, fiches
from tests.support.list_writers import FONT
from tests.support.province_lists import Document, make
from tests.support.scanned import make_unruled
from tests.support.strange_lists import make_strange

DOCUMENTS = int(os.environ.get("KETNOI_DOCUMENTS", "500"))
FIRST_SEED = int(os.environ.get("KETNOI_FIRST_SEED", "0"))
FIELDS = ("title", "province", "sector", "capital", "land")


@dataclass
class Score:
    """Rows expected and right by field; what went wrong without a doubt."""

    rows: int = 0
    right: Counter[str] = field(default_factory=Counter)
    silent: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    doubted: int = 0
    extra: int = 0
    totals: Counter[bool] = field(default_factory=Counter)

    def add(self, document: Document, parsed: Parsed) -> None:
        pairs = _aligned(document.expected, parsed)
        self.extra += len(parsed.records) - sum(place is not None for _, place in pairs)
        for expected, place in pairs:
            self.rows += 1
            if place is None:
                self.failures.append(f"{document.name}: {expected.title!r} is missing")
                continue
            self._row(document, expected, parsed.records[place], parsed.rows[place].doubts)
        found = [total.agrees for total in parsed.totals if total.field == "capital"]
        self.totals[tuple(found) == document.totals] += 1
        if tuple(found) != document.totals:
            self.failures.append(f"{document.name}: totals {found}, not {document.totals}")

    def _row(self, document: Document, expected: Expected, call: ProjectCall, doubts) -> None:  # type: ignore[no-untyped-def]
        doubted = {each.field.removesuffix("_ha") for each in doubts}
        self.doubted += "capital" in doubted
        checks = {
            "title": call.title == expected.title,
            "province": call.place.code == expected.province,
            "sector": call.sectors == expected.sectors,
            "capital": same(call.capital.vnd, expected.capital),
            "land": same(call.land.ha, expected.land),
        }
        self.right.update(name for name, right in checks.items() if right)
        where = f"{document.name} {document.layout}"
        for name, right in checks.items():
            if not right:
                found = {"title": call.title, "province": call.place, "sector": call.sectors,
                         "capital": call.capital, "land": call.land}[name]  # fmt: skip
                said = "" if name in ("capital", "land") and name in doubted else "SILENT "
                self.failures.append(f"{said}{name}: {found} not {expected} in {where}")
        if not checks["capital"] and "capital" not in doubted:
            self.silent.append(f"{call.capital} not {expected.capital} in {where}")


def same(found: Interval, expected: Interval) -> bool:
    ends = zip((found.low, found.high), (expected.low, expected.high), strict=True)
    return all(
        (a is None and b is None) or (a is not None and b is not None and abs(a - b) <= 1e-6 * b)
        for a, b in ends
    )


def _aligned(expected: tuple[Expected, ...], parsed: Parsed) -> list[tuple[Expected, int | None]]:
    if len(expected) == len(parsed.records):
        return list(zip(expected, range(len(expected)), strict=True))
    places = list(range(len(parsed.records)))
    pairs: list[tuple[Expected, int | None]] = []
    for each in expected:
        hit = next((at for at in places if parsed.records[at].title == each.title), None)
        if hit is not None:
            places.remove(hit)
        pairs.append((each, hit))
    return pairs


def measure(count: int, write: Callable[[int, Sequence[Fiche]], Document] = make) -> Score:
    """Read made documents and return how much of them came through."""
    known, score = fiches(), Score()
    for seed in range(FIRST_SEED, FIRST_SEED + count):
        document = write(seed, known)
        try:
            parsed = parse_table(
                KINDS["calls"], Path(document.name), document.data, default_place=Place()
            )
        except ImportFailed as error:
            score.rows += len(document.expected)
            score.failures.append(f"{document.name} {document.layout}: refused: {error}")
            continue
        score.add(document, parsed)
    return score


@pytest.mark.benchmark
@pytest.mark.parametrize(
    "write",
    [make, make_strange, make_unruled],
    ids=["as-published", "as-strangers-write", "pdf-without-lines"],
)
def test_documents_are_read(
    capsys: pytest.CaptureFixture[str], write: Callable[[int, Sequence[Fiche]], Document]
) -> None:
    if not FONT.is_file():
        pytest.skip(f"needs the font {FONT} to draw PDF files")
    score = measure(DOCUMENTS, write)
    with capsys.disabled():
        print(f"\n{write.__name__}: {DOCUMENTS} documents, {score.rows} projects")  # noqa: T201
        for name in FIELDS:
            print(f"{name:10} {100 * score.right[name] / score.rows:7.2f} %")  # noqa: T201
        print(f"silent errors in capital: {len(score.silent)}")  # noqa: T201
        print(f"rows with a doubt about capital: {100 * score.doubted / score.rows:.1f} %")  # noqa: T201
        print(f"documents whose totals were judged rightly: {score.totals[True]}")  # noqa: T201

    assert score.silent == []
    for name in ("title", "province", "sector"):
        assert score.right[name] >= 0.99 * score.rows, name
    for name in ("capital", "land"):
        assert score.right[name] >= 0.98 * score.rows, name
