"""Read a market folder (investors, calls, deals) into records, leniently and without a database.

What a cell of another country's market does not say in a way that can be read stays unknown; only
rows without an id, and deals without a date or of unknown calls, are left out.
"""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.errors import KetnoiError
from data.importers import amounts
from data.importers.fields import FileContext, RowReader
from data.importers.grid import Grid, GridRow, RawCell
from data.importers.header import Header, column_key
from data.importers.kinds import KINDS, Kind
from data.importers.workbook import read_workbook
from data.records import Deal, Investor, ProjectCall

__all__ = ["MarketFiles", "read_market"]

_SUFFIXES = (".csv", ".tsv", ".xlsx")
_LONGEST_CELL = 1_000_000
_KEYS = {
    "investors": ("investor_id",),
    "calls": ("call_id",),
    "deals": ("investor_id", "call_id", "date"),
}
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class MarketFiles:
    """The records of a market folder, and how many rows were left out."""

    investors: tuple[Investor, ...]
    calls: tuple[ProjectCall, ...]
    deals: tuple[Deal, ...]
    left_out: int = 0


def read_market(folder: Path, *, progress: Progress | None = None) -> MarketFiles:
    """Return the records of ``investors``, ``calls`` and ``deals`` (.csv, .tsv or .xlsx).

    An investor that only the deals name becomes one known by its id alone. The first row of an id
    counts, later ones are left out.

    Raises:
        KetnoiError: ``market.file``, ``market.columns``: a file or a needed column is missing.
        OSError: a file cannot be read.
    """
    investors, no_investor = _records(folder, "investors", progress)
    calls, no_call = _records(folder, "calls", progress)
    deals, no_deal = _records(folder, "deals", progress)
    by_id: dict[str, Investor] = {}
    for investor in investors:
        by_id.setdefault(investor.investor_id, investor)
    known_calls: dict[str, ProjectCall] = {}
    for call in calls:
        known_calls.setdefault(call.call_id, call)
    kept = [deal for deal in deals if deal.call_id in known_calls]
    for deal in kept:
        by_id.setdefault(deal.investor_id, Investor(deal.investor_id, deal.investor_id))
    repeated = len(investors) + len(calls) - len(known_calls)
    repeated -= sum(1 for investor in investors if by_id[investor.investor_id] is investor)
    lost = no_investor + no_call + no_deal + len(deals) - len(kept) + repeated
    return MarketFiles(tuple(by_id.values()), tuple(known_calls.values()), tuple(kept), lost)


def _records(folder: Path, name: str, progress: Progress | None) -> tuple[list[Any], int]:
    """The records of one file and the number of rows that none could be made of."""
    kind = KINDS[name]
    path = next((p for s in _SUFFIXES if (p := folder / f"{name}{s}").is_file()), None)
    if path is None:
        raise KetnoiError(
            "market.file",
            f"{folder} holds no {name}.csv (nor .tsv, .xlsx). A market folder needs investors, "
            "calls and deals.",
        )
    readers = _readers(path, kind, _KEYS[name])
    context = FileContext(*amounts.styles(readers)) if name != "deals" else FileContext()
    records: list[Any] = []
    for done, reader in enumerate(readers, start=1):
        if all(reader.raw(key) for key in _KEYS[name]):
            reader.context = context
            record = kind.build(reader)
            if name != "deals" or not any("date" in p.where for p in reader.problems):
                records.append(record)
        if progress and (done % 1000 == 0 or done == len(readers)):
            progress(done, len(readers))
    return records, len(readers) - len(records)


def _readers(path: Path, kind: Kind, keys: Sequence[str]) -> list[RowReader]:
    grid = _grid(path, keys)
    titles = [column_key(cell.text) for cell in grid.rows[0].cells] if grid.rows else []
    missing = [key for key in keys if key not in titles]
    if missing:
        raise KetnoiError(
            "market.columns",
            f"{path.name} has no column {', '.join(missing)}; its first row reads "
            f"{', '.join(titles[:12]) or 'nothing'}. Name the columns in the first row.",
        )
    known = {title: titles.index(title) for title in titles if title in kind.columns.all}
    others = {title: titles.index(title) for title in titles if title and title not in known}
    header = Header(grid.rows[0].number, known, others)
    return [RowReader(grid, header, row, FileContext()) for row in grid.rows[1:]]


def _grid(path: Path, keys: Sequence[str]) -> Grid:
    if path.suffix == ".xlsx":
        grids = [grid for grid in read_workbook(path.read_bytes()) if grid.rows]
        fitting = (g for g in grids if {column_key(c.text) for c in g.rows[0].cells} >= set(keys))
        return next(fitting, grids[0] if grids else Grid("", []))
    text = path.read_bytes().decode("utf-8-sig", errors="replace").replace("\0", "")
    csv.field_size_limit(_LONGEST_CELL)
    lines = csv.reader(
        io.StringIO(text, newline=""), delimiter="," if path.suffix == ".csv" else "\t"
    )
    rows = [
        GridRow(number, [RawCell(cell) for cell in cells])
        for number, cells in enumerate(lines, start=1)
        if any(cell.strip() for cell in cells)
    ]
    return Grid("", rows)
