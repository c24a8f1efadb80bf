"""Import one file: all of it or nothing, and nothing twice."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from data import commands, queries
from data.commands import Changes, ImportRun
from data.errors import KetnoiError
from data.importers.kinds import KINDS
from data.importers.places import place_of
from data.importers.problems import ImportFailed, Problem
from data.importers.programmes import parse_programmes
from data.importers.report import ImportReport
from data.importers.table import Parsed, Progress, load_bytes, parse_table, unknown_references
from data.records import Place
from data.reference.provinces import nearest, resolve_province
from data.session import exists, open_engine, read, write

__all__ = ["KIND_NAMES", "ImportRequest", "import_file"]

KIND_NAMES = (*KINDS, "programmes")
_WRITERS = {
    "calls": commands.upsert_calls,
    "investors": commands.upsert_investors,
    "deals": commands.upsert_deals,
    "programmes": commands.upsert_programmes,
}
_TABLES = {name: kind.table for name, kind in KINDS.items()} | {"programmes": "programme"}


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """A file to import: its kind (`KIND_NAMES`), path, the province of calls that name none."""

    kind: str
    path: Path
    province: str = ""
    dry_run: bool = False


def import_file(
    url: str, request: ImportRequest, *, progress: Progress | None = None
) -> ImportReport:
    """Import a file into the database at a URL and return what was found and done.

    A dry run only looks: it makes no database where there is none. Raises ImportFailed with every
    problem of the file, KetnoiError ("import.kind", "import.province") for a wrong request,
    OSError when the file cannot be read, DatabaseError for the database.
    """
    default = _default_place(request)
    data = load_bytes(request.path)
    if request.kind == "programmes":
        parsed = parse_programmes(request.path, data)
    else:
        kind = KINDS[request.kind]
        parsed = parse_table(kind, request.path, data, default_place=default, progress=progress)
    changes = (
        _preview(url, request, parsed) if request.dry_run else _apply(url, request, parsed, data)
    )
    return ImportReport(
        file=str(request.path),
        kind=request.kind,
        applied=not request.dry_run,
        rows=parsed.rows,
        changes=changes,
        skipped=parsed.skipped,
        totals=parsed.totals,
    )


def _default_place(request: ImportRequest) -> Place:
    if request.kind not in KIND_NAMES:
        raise KetnoiError(
            "import.kind",
            f"{request.kind!r} cannot be imported. Choose one of {', '.join(KIND_NAMES)}.",
            f"Không nhập được loại {request.kind!r}. Hãy chọn {', '.join(KIND_NAMES)}.",
        )
    if not request.province:
        return Place()
    match = resolve_province(request.province)
    if match is None:
        close = ", ".join(nearest(request.province)) or "a name such as Thanh Hóa"
        raise KetnoiError(
            "import.province",
            f"--province {request.province!r} is not a province. Try {close}.",
            f"--province {request.province!r} không phải là tỉnh. Hãy thử {close}.",
        )
    return place_of(match)


def _preview(url: str, request: ImportRequest, parsed: Parsed) -> Changes:
    # Where there is no database yet, one in memory stands for it, so that none is made.
    engine = open_engine(url if exists(url) else "sqlite://")
    try:
        with read(engine) as connection:
            _check_references(connection, request, parsed)
            return commands.preview(connection, _TABLES[request.kind], parsed.records)
    finally:
        engine.dispose()


def _apply(url: str, request: ImportRequest, parsed: Parsed, data: bytes) -> Changes:
    run = ImportRun(request.kind, request.path.name, hashlib.sha256(data).hexdigest())
    engine = open_engine(url)
    try:
        with write(engine) as connection:
            _check_references(connection, request, parsed)
            changes: Changes = _WRITERS[request.kind](connection, parsed.records)  # type: ignore[operator]
            commands.log_import(connection, run, changes)
    finally:
        engine.dispose()
    return changes


def _check_references(connection: Connection, request: ImportRequest, parsed: Parsed) -> None:
    """Refuse deals of investors or calls that the database does not hold."""
    if request.kind != "deals":
        return
    problems: list[Problem] = []
    pairs: Sequence[tuple[str, queries.Kind]] = (
        ("investor_id", "investor"),
        ("call_id", "project_call"),
    )
    for column, kind in pairs:

        def suggest(wrong: str, kind: queries.Kind = kind) -> str:
            near = queries.suggest_ids(connection, kind, wrong)
            return f"The nearest are {', '.join(id_ for id_, _ in near)}." if near else ""

        known = queries.known_ids(connection, kind)
        problems += unknown_references(parsed.rows, column, known, suggest)
    if problems:
        raise ImportFailed(request.path.name, problems)
