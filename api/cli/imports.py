"""`ketnoi import`: files into the database, all or nothing per file."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.language import language
from api.cli.person import person
from api.cli.progress import progress_bar
from api.cli.review import MOST_SHOWN, Words
from api.settings import load_settings

if TYPE_CHECKING:
    from data.importers.importing import ImportRequest
    from data.importers.report import ImportReport


class Kind(StrEnum):
    """What a file holds."""

    calls = "calls"
    investors = "investors"
    deals = "deals"
    programmes = "programmes"
    offers = "offers"
    requests = "requests"
    links = "links"


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
    draft: Annotated[
        bool, typer.Option("--draft", help="Keep it as a draft, whatever it holds.")
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Take it over at once as read, doubts and changes too.")
    ] = False,
    withdraw: Annotated[
        bool,
        typer.Option("--withdraw", help="Close the calls that the list has no more."),
    ] = False,
    accept_below: Annotated[
        float | None,
        typer.Option(
            min=0.0,
            max=1.0,
            help="Leave values read with a smaller confidence empty, take the others as read.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Import a file: all of it or nothing; importing it again changes nothing.

    A published list that leaves a doubt, or changes or lacks calls, waits as a draft.
    """
    from data.importers.importing import ImportRequest  # noqa: PLC0415 -- slow import

    if draft and yes:
        raise typer.BadParameter("--draft and --yes exclude each other.")
    request = ImportRequest(
        kind.value, file, province, dry_run=dry_run, draft=draft, yes=yes, withdraw=withdraw,
        accept_below=accept_below, by=person(),
    )  # fmt: skip
    _run(request, as_json)


def _run(request: "ImportRequest", as_json: bool) -> None:
    from data.errors import KetnoiError  # noqa: PLC0415 -- slow import with its siblings
    from data.importers.importing import import_file  # noqa: PLC0415 -- slow import
    from data.importers.problems import ImportFailed  # noqa: PLC0415 -- slow import

    try:
        with progress_bar(f"Reading {request.path.name}") as report:
            found = import_file(
                load_settings().database_url,
                request,
                progress=report,
                name_columns=_name_columns,
            )
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
        _print_report(found, request, sys.stdout.write)


def _name_columns(titles: Sequence[str]) -> Sequence[str]:
    """Tell what titles mean by the encoder; nothing where it cannot be loaded."""
    from api.cli.column_names import column_namer  # noqa: PLC0415 -- slow import
    from embeddings.encoder import load_encoder  # noqa: PLC0415 -- slow import
    from embeddings.errors import EmbeddingsError  # noqa: PLC0415 -- slow import with its siblings

    settings = load_settings()
    made = settings.models.is_dir() and any(settings.models.iterdir())
    if settings.encoder.startswith("e5-small") and not made:
        return [""] * len(titles)  # making the model takes a minute: too long for a file
    try:
        return column_namer(lambda: load_encoder(settings.encoder, cache_dir=settings.models))(
            titles
        )
    except EmbeddingsError:
        return [""] * len(titles)


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


def _print_report(
    found: "ImportReport", request: "ImportRequest", write: Callable[[str], object]
) -> None:
    words = Words(language())
    document = found.as_json()
    counts = words.counts(Path(found.file).name, found.kind, len(found.rows), document["counts"])
    write(f"{counts}\n")
    for line in _lines(found, request, document, words):
        write(f"{line}\n")


def _lines(
    found: "ImportReport", request: "ImportRequest", document: dict[str, Any], words: Words
) -> Iterator[str]:
    if request.dry_run:
        yield words.say("Chạy thử: không ghi gì.", "Dry run: nothing was written.")
    review = document["review"] or {}
    yield from words.remarks(document["remarks"])
    yield from words.differences(review.get("rows", ()))
    yield from words.gone(review.get("gone", ()), withdrawn=found.applied and request.withdraw)
    yield from words.skipped(document["skipped"])
    yield from words.totals(document["totals"])
    yield from words.emptied(document["emptied"])
    if found.draft:
        yield from words.questions(review["questions"])
        yield from words.next_steps(found.draft)
    else:
        yield from _doubts(found, words)


def _doubts(found: "ImportReport", words: Words) -> Iterator[str]:
    """Give each question once, with its first place and how often it comes."""
    places: dict[tuple[str, str], list[str]] = {}
    for row in found.rows:
        for each in row.doubts:
            answers = " / ".join(each.doubt.candidates)
            question = words.say(each.doubt.question_vi, each.doubt.question_en)
            places.setdefault((question, answers), []).append(each.where)
    if not places:
        return
    count = sum(map(len, places.values()))
    noun = "doubt" if count == 1 else "doubts"
    yield words.say(f"{count} chỗ cần xem lại:", f"{count} {noun} to look at:")
    for (question, answers), wheres in list(places.items())[:MOST_SHOWN]:
        more = len(wheres) - 1
        others = words.say(f" (và {more} chỗ nữa)", f" (and {more} more)") if more else ""
        yield f"  {words.place(wheres[0])}{others}: {question}{f' [{answers}]' if answers else ''}"
    left = len(places) - MOST_SHOWN
    if left > 0:
        yield words.say(
            f"  … và {left} câu hỏi nữa; --json liệt kê tất cả.",
            f"  … and {left} more questions; --json lists them all.",
        )
