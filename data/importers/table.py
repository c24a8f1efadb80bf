"""Parse a table file (CSV, TSV, XLSX) of one kind into records, or say all that is wrong."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from data.importers import amounts
from data.importers.bundle import parse_bundle
from data.importers.documents.pdf import read_pdf
from data.importers.documents.word import read_word
from data.importers.documents.xls import read_old_workbook
from data.importers.fields import FileContext, RowReader
from data.importers.grid import LARGEST_FILE, Grid
from data.importers.header import Header, HeaderProblem, fits, intended, read_header
from data.importers.kinds import KINDS, Kind
from data.importers.layout.head import find_header
from data.importers.layout.investors import parse_investors, reads_investors
from data.importers.layout.lists import parse_lists
from data.importers.layout.meaning import NameColumns, named_columns, unknown_titles
from data.importers.legacy.detect import modernise
from data.importers.parsed import Parsed
from data.importers.problems import ImportFailed, Problem, shown
from data.importers.report import Remark, ReportRow, Skipped
from data.importers.scans.photos import read_picture
from data.importers.textfile import TextProblem, read_loose_text, read_text
from data.importers.workbook import read_workbook
from data.records import Place

__all__ = ["Parsed", "Progress", "load_bytes", "parse_table", "unknown_references"]

Progress = Callable[[int, int], None]
_TEXT = {".csv": False, ".tsv": True, ".tab": True, ".txt": True}
_BINARY: Mapping[str, Callable[[bytes], list[Grid]]] = {
    ".xlsx": read_workbook,
    ".xlsm": read_workbook,
    ".xls": read_old_workbook,
    ".docx": read_word,
    ".pdf": read_pdf,
}
_PICTURES = (".png", ".jpg", ".jpeg", ".tif", ".tiff")
"""Lists when given alone; in an archive beside lists they are photographs."""


def load_bytes(path: Path) -> bytes:
    """Return a file's bytes. Raises ImportFailed when there are too many."""
    size = path.stat().st_size
    if size > LARGEST_FILE:
        why = f"The file has {size:,} bytes; {LARGEST_FILE:,} is the most."
        raise ImportFailed(path.name, [Problem("", "", why, "Split it over several files.")])
    return path.read_bytes()


def parse_table(
    kind: Kind,
    path: Path,
    data: bytes,
    *,
    default_place: Place,
    progress: Progress | None = None,
    name_columns: NameColumns | None = None,
) -> Parsed:
    """Return the records of a table file.

    `default_place` stands for an empty province of a call in Vietnam. Calls and investors may also
    come as lists without our column names; `name_columns` tells what their titles mean where no
    word list does. Raises ImportFailed with every problem of the file.
    """
    if path.suffix.lower() == ".zip":
        return parse_bundle(
            path,
            data,
            lambda name, content: parse_table(
                kind,
                name,
                content,
                default_place=default_place,
                progress=progress,
                name_columns=name_columns,
            ),
            (*_BINARY, ".csv", ".tsv"),
            kind.key,
        )
    try:
        grids = modernise(_grids(path, data, kind, named=name_columns is not None))
        remarks = tuple(Remark(*each) for grid in grids for each in grid.remarks)
        found = None
        if kind.name == "calls" and _is_list(grids, kind):
            with named_columns(grids, name_columns):
                found = parse_lists(grids, default_place=default_place, progress=progress)
        elif kind.name == "investors" and _is_list(grids, kind):
            found = parse_investors(grids)
        if found is not None:
            return replace(found, remarks=remarks)
        grid, header, skipped = _choose(grids, kind)
    except TextProblem as error:
        raise ImportFailed(path.name, [error.problem]) from None
    except HeaderProblem as error:
        raise ImportFailed(path.name, error.problems) from None
    parsed = _own_columns(kind, path, (grid, header), default_place, progress)
    return replace(parsed, skipped=[*skipped, *parsed.skipped], remarks=remarks)


def _own_columns(
    kind: Kind,
    path: Path,
    table: tuple[Grid, Header],
    default_place: Place,
    progress: Progress | None,
) -> Parsed:
    """Return the records of a table with our columns, or say all that is wrong with it."""
    grid, header = table
    readers = [RowReader(grid, header, row, FileContext()) for row in grid.rows[1:]]
    capital, land = amounts.styles(readers)
    context = FileContext(capital, land, default_place)
    records, problems = [], []
    for done, reader in enumerate(readers, start=1):
        reader.context = context
        reader.check_faults()
        records.append(kind.build(reader))
        problems += reader.problems
        if progress and (done % 200 == 0 or done == len(readers)):
            progress(done, len(readers))
    if not readers:
        why = "There is a header but no row below it."
        problems.append(Problem(grid.row_place(header.number), "", why, "Add the rows."))
    kept, repeated, again = _unique(kind, readers, records)
    problems += repeated
    if problems:
        raise ImportFailed(path.name, problems)
    return Parsed(
        [records[place] for place in kept],
        [_report(readers[place]) for place in kept],
        again,
    )


def _is_list(grids: Sequence[Grid], kind: Kind) -> bool:
    """Tell whether a file's header is not even meant to be ours: a list as provinces publish it."""
    filled = [grid for grid in grids if grid.rows]
    ours = any(fits(grid, kind.columns) for grid in filled)
    return bool(filled) and not ours and not intended(filled[0], kind.columns)


def _has_header(grid: Grid, kind: Kind, named: bool) -> bool:
    """Tell whether a text file is laid out as a list; `named`: unknown titles may be told."""
    if kind.name == "investors":
        return reads_investors(grid)
    return find_header(grid) is not None or (named and bool(unknown_titles([grid])))


def _grids(path: Path, data: bytes, kind: Kind, *, named: bool = False) -> list[Grid]:
    suffix = path.suffix.lower()
    reader = read_picture if suffix in _PICTURES else _BINARY.get(suffix)
    if reader is not None:
        return reader(data)
    if suffix in _TEXT:
        tabs, known = _TEXT[suffix], frozenset(kind.columns.all)
        lists = kind.name in ("calls", "investors")
        loose = read_loose_text(data, tabs=tabs, known=known) if lists else Grid("")
        [loose] = modernise([loose])
        if _is_list([loose], kind) and _has_header(loose, kind, named):
            return [loose]
        return [read_text(data, tabs=tabs, known=known)]
    why = f"Files ending in {suffix or 'nothing'} cannot be read."
    remedy = "Save the list as .csv (UTF-8), .tsv, .xlsx, .docx or .pdf."
    raise TextProblem(Problem("", path.name, why, remedy))


def _choose(grids: Sequence[Grid], kind: Kind) -> tuple[Grid, Header, list[Skipped]]:
    """Return the first sheet whose header fits, and what is left out."""
    filled = [grid for grid in grids if grid.rows]
    if not filled:
        raise TextProblem(Problem("", "", "The file has no rows.", "Put a header and rows in it."))
    chosen = next((grid for grid in filled if fits(grid, kind.columns)), filled[0])
    kinds = {name: other.columns for name, other in KINDS.items()}
    header = read_header(chosen, kind.columns, kinds)
    skipped = [
        Skipped(f"sheet {grid.sheet!r}", f"only sheet {chosen.sheet!r} was read")
        for grid in filled
        if grid is not chosen
    ]
    return chosen, header, skipped


def _unique(
    kind: Kind, readers: Sequence[RowReader], records: Sequence[Any]
) -> tuple[list[int], list[Problem], list[Skipped]]:
    """Return the rows to keep, problems of repeated ids, and rows left out.

    A deal written twice alike counts once; investors and calls may not come twice at all.
    """
    first: dict[tuple[str, ...], int] = {}
    kept, problems, skipped = [], [], []
    for place, (reader, record) in enumerate(zip(readers, records, strict=True)):
        here = reader.grid.row_place(reader.row.number)
        if reader.left_out:
            skipped.append(Skipped(here, reader.left_out))
            continue
        key = kind.key(record)
        before = first.setdefault(key, place)
        if before == place or not all(key[:1]):
            kept.append(place)
            continue
        earlier = reader.grid.row_place(readers[before].row.number)
        if kind.name in ("deals", "links") and record == records[before]:
            skipped.append(Skipped(here, f"the same as {earlier}"))
            continue
        problems.append(_repeated(kind, reader, key, earlier))
    return kept, problems, skipped


def _repeated(kind: Kind, reader: RowReader, key: tuple[str, ...], earlier: str) -> Problem:
    name = kind.columns.required[0]
    value = " / ".join(part for part in key if part)
    if kind.name == "deals":
        why = f"The deal {shown(value)} is already in {earlier}, with other details."
        return Problem(reader.where(name), value, why, "Keep one of them, or give them stages.")
    why = f"The {name} {shown(value)} is already in {earlier}."
    return Problem(reader.where(name), value, why, "Give one row another id, or remove it.")


def _report(reader: RowReader) -> ReportRow:
    where = reader.grid.row_place(reader.row.number)
    return ReportRow(where, reader.fields, reader.doubts)


def unknown_references(
    named: Sequence[tuple[str, str]],
    column: str,
    known: Iterable[str],
    suggest: Callable[[str], str],
) -> list[Problem]:
    """Return a problem for each id of a column (with its place) that is not known.

    `suggest` gives the nearest known ids of a wrong one, as text; it is asked a few times only.
    """
    ids = set(known)
    problems: list[Problem] = []
    hints: dict[str, str] = {}
    noun = column.removesuffix("_id")
    for value, where in named:
        if value in ids:
            continue
        if value not in hints and len(hints) < 20:
            hints[value] = suggest(value)
        remedy = hints.get(value, "") or f"Import the {noun}s first: `ketnoi import {noun}s FILE`."
        why = f"There is no {noun} {shown(value)} in the database."
        problems.append(Problem(where, value, why, remedy))
    return problems
