"""Import one file: all of it or nothing, and nothing twice; what is open waits as a draft."""

import hashlib

from sqlalchemy import Connection

from data import drafts
from data.commands import Changes
from data.history import Origin
from data.importers.parse import (
    KIND_NAMES,
    ImportRequest,
    NameColumns,
    Progress,
    parse_file,
)
from data.importers.parsed import Parsed
from data.importers.report import ImportReport
from data.importers.review.content import Content
from data.importers.review.diff import Review
from data.importers.review.references import check_references
from data.importers.review.shown import content_json
from data.importers.review.taking_over import take_over
from data.importers.table import load_bytes
from data.session import exists, open_engine, read, write

__all__ = ["KIND_NAMES", "ImportRequest", "import_file"]


def import_file(
    url: str,
    request: ImportRequest,
    *,
    progress: Progress | None = None,
    name_columns: NameColumns | None = None,
) -> ImportReport:
    """Import a file into the database at a URL and return what was found and done.

    A published list that leaves a doubt, changes or lacks calls becomes a draft (`report.draft`),
    unless `request.yes`. A dry run only looks: it makes no database where there is none. Raises
    ImportFailed with every problem of the file, KetnoiError ("import.kind", "import.province") for
    a wrong request, OSError when the file cannot be read, DatabaseError for the database.
    """
    data = load_bytes(request.path)
    sha256 = hashlib.sha256(data).hexdigest()
    parsed = parse_file(request, data, progress=progress, name_columns=name_columns)
    # Where there is no database yet, one in memory stands for it, so that a dry run makes none.
    engine = open_engine(url if not request.dry_run or exists(url) else "sqlite://")
    try:
        if request.dry_run:
            with read(engine) as connection:
                content, found = _prepare(connection, request, parsed, sha256)
            return _report(request, parsed, content, found)
        with write(engine) as connection:
            content, found = _prepare(connection, request, parsed, sha256)
            if _waits(request, content, found):
                draft_id = drafts.store_draft(connection, request, content, found, sha256)
                return _report(request, parsed, content, found, draft=draft_id)
            origin = Origin(request.by, request.path.name, sha256)
            done = take_over(connection, content, found, origin, withdraw=request.withdraw)
            return _report(request, parsed, content, found, changes=done.changes)
    finally:
        engine.dispose()


def _prepare(
    connection: Connection, request: ImportRequest, parsed: Parsed, sha256: str
) -> tuple[Content, Review]:
    check_references(connection, request.kind, request.path.name, parsed.rows)
    return drafts.prepare(connection, request, parsed, sha256)


def _waits(request: ImportRequest, content: Content, found: Review) -> bool:
    """Tell whether a person should look before anything is taken over."""
    if request.yes:
        return False
    if request.draft:
        return True
    asked = bool(content.questions) and request.accept_below is None
    lacks = bool(content.gone) and not request.withdraw
    return content.understood and (asked or lacks or bool(found.count("changed")))


def _report(
    request: ImportRequest,
    parsed: Parsed,
    content: Content,
    found: Review,
    *,
    changes: Changes | None = None,
    draft: str = "",
) -> ImportReport:
    statuses = tuple(each.status for each in found.rows)
    told = Changes(found.count("new"), found.count("changed"), found.count("same"), statuses)
    return ImportReport(
        file=str(request.path),
        kind=request.kind,
        applied=changes is not None,
        rows=parsed.rows,
        changes=changes or told,
        skipped=parsed.skipped,
        totals=parsed.totals,
        remarks=parsed.remarks,
        draft=draft,
        review=content_json(content, found) if content.understood or draft else None,
        emptied=content.emptied,
    )
