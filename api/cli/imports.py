"""`ketnoi import`: files into the database, all or nothing per file."""

import json
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.progress import progress_bar
from api.settings import load_settings

if TYPE_CHECKING:
    from data.importers.importing import ImportRequest
    from data.importers.report import ImportReport

MOST_SHOWN = 20


class Kind(StrEnum):
    """What a file holds."""

    calls = "calls"
    investors = "investors"
    deals = "deals"
    programmes = "programmes"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("import")(import_command)


def import_command(
    kind: Annotated[Kind, typer.Argument(help="What the file holds.")],
    file: Annotated[
        Path,
        typer.Argument(
            exists=True,
            dir_okay=False,
            help=".csv, .tsv, .xlsx, .xls, .docx, .pdf; programmes: .json",
        ),
    ],
    province: Annotated[
        str, typer.Option(help="Province of the calls whose own cell is empty.")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would happen; write nothing.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Import a file: all of it or nothing; importing it again changes nothing."""
    from data.errors import KetnoiError  # noqa: PLC0415 -- slow import with its siblings
    from data.importers.importing import (  # noqa: PLC0415 -- slow import
        ImportRequest,
        import_file,
    )
    from data.importers.problems import ImportFailed  # noqa: PLC0415 -- slow import

    request = ImportRequest(kind.value, file, province, dry_run)
    try:
        with progress_bar(f"Reading {file.name}") as report:
            found = import_file(load_settings().database_url, request, progress=report)
    except ImportFailed as error:
        if as_json:
            _print_json(_failure(request, error))
        raise
    except KetnoiError as error:
        if error.code == "import.province":
            raise typer.BadParameter(error.message) from None
        raise
    if as_json:
        _print_json(found.as_json())
    else:
        _print_report(found, sys.stdout.write)


def _failure(request: "ImportRequest", error: Exception) -> dict[str, object]:
    problems = [
        {"where": each.where, "value": each.value, "why": each.why, "remedy": each.remedy}
        for each in getattr(error, "problems", ())
    ]
    return {
        "file": str(request.path),
        "kind": request.kind,
        "applied": False,
        "rows": [],
        "skipped": [],
        "totals": [],
        "problems": problems,
    }


def _print_json(document: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")


def _print_report(found: "ImportReport", write: Callable[[str], object]) -> None:
    changes = found.changes
    kind = found.kind if len(found.rows) != 1 else found.kind.removesuffix("s")
    write(
        f"{Path(found.file).name}: {len(found.rows)} {kind}: {changes.new} new, "
        f"{changes.changed} changed, {changes.same} the same.\n"
    )
    if not found.applied:
        write("Dry run: nothing was written.\n")
    for skipped in found.skipped[:MOST_SHOWN]:
        write(f"Left out: {skipped.where}, {skipped.why}.\n")
    if len(found.skipped) > MOST_SHOWN:
        write(f"Left out: {len(found.skipped) - MOST_SHOWN} more; --json lists them all.\n")
    _print_doubts(found, write)


def _print_doubts(found: "ImportReport", write: Callable[[str], object]) -> None:
    """Write each question once, with its first place and how often it comes."""
    places: dict[tuple[str, str], list[str]] = {}
    for row in found.rows:
        for each in row.doubts:
            answers = " / ".join(each.doubt.candidates)
            places.setdefault((each.doubt.question_en, answers), []).append(each.where)
    if not places:
        return
    count = sum(map(len, places.values()))
    write(f"{count} {'doubt' if count == 1 else 'doubts'} to look at:\n")
    for (question, answers), wheres in list(places.items())[:MOST_SHOWN]:
        more = f" (and {len(wheres) - 1} more)" if len(wheres) > 1 else ""
        write(f"  {wheres[0]}{more}: {question}{f' [{answers}]' if answers else ''}\n")
    if len(places) > MOST_SHOWN:
        write(f"  … and {len(places) - MOST_SHOWN} more questions; --json lists them all.\n")
