"""The market folders of real facts import whole, alike from CSV and from XLSX."""

import csv
import random
from pathlib import Path

import openpyxl
import pytest

from data import queries
from data.commands import Changes
from data.importers.importing import ImportRequest, import_file
from data.importers.problems import ImportFailed
from data.session import connect, exists, read

ROOT = Path(__file__).parents[3]
KINDS = ("investors", "calls", "deals")


def import_all(url: str, folder: Path, suffix: str = ".csv") -> list[Changes]:
    requests = (ImportRequest(kind, folder / f"{kind}{suffix}") for kind in KINDS)
    return [import_file(url, request).changes for request in requests]


def to_workbooks(source: Path, target: Path) -> None:
    """Copy a market folder as workbooks, numbers as numbers."""
    for kind in KINDS:
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet("Danh mục")
        with (source / f"{kind}.csv").open(encoding="utf-8", newline="") as handle:
            for row in csv.reader(handle):
                sheet.append([float(cell) if cell.isdecimal() else cell for cell in row])
        book.save(target / f"{kind}.xlsx")


@pytest.mark.parametrize(
    ("folder", "counts"),
    [
        ("vn/market", (376, 725, 793)),
        ("public/yc_startups_2005_2014", (764, 264, 1827)),
        ("public/india_funding_2015_2020", (3091, 2190, 5790)),
        ("public/defillama_raises", (7464, 2778, 21937)),
    ],
)
def test_market_folder_imports_whole(
    shared: Path, tmp_path: Path, folder: str, counts: tuple[int, ...]
) -> None:
    url = f"sqlite:///{tmp_path / 'k.sqlite'}"
    changes = import_all(url, shared / "data" / folder)

    assert tuple(each.new for each in changes) == counts
    with read(connect(url)) as connection:
        assert tuple(queries.counts(connection).values()) == (*counts, 0)


def test_workbooks_say_the_same_as_text_files(shared: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'k.sqlite'}"
    import_all(url, shared / "data" / "vn" / "market")
    to_workbooks(shared / "data" / "vn" / "market", tmp_path)

    assert [(each.new, each.changed) for each in import_all(url, tmp_path, ".xlsx")] == [(0, 0)] * 3


def test_programmes_import(shared: Path, tmp_path: Path) -> None:
    path = shared / "data" / "vn" / "programmes.json"
    url = f"sqlite:///{tmp_path / 'k.sqlite'}"

    assert import_file(url, ImportRequest("programmes", path)).changes.new == 5
    assert import_file(url, ImportRequest("programmes", path)).changes.same == 5


@pytest.mark.parametrize("name", ["investors.csv", "calls.csv", "deals.csv", "programmes.json"])
def test_sample_file_cut_anywhere_is_refused(tmp_path: Path, name: str) -> None:
    data = (ROOT / "data" / "sample" / name).read_bytes()
    url = f"sqlite:///{tmp_path / 'k.sqlite'}"
    for place in random.Random(5).sample(range(len(data) - 2), 50):
        if data[:place].endswith(b"\n") and name.endswith(".csv"):
            continue  # a cut right after a row leaves a shorter list, which nothing tells apart
        path = tmp_path / name
        path.write_bytes(data[:place])
        with pytest.raises(ImportFailed):
            import_file(url, ImportRequest(path.stem, path))
    assert not exists(url)
