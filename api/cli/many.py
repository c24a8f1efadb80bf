"""`ketnoi shortlists`: lists for many at once, so that nobody is put forward for everything."""

import json
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.progress import progress_bar
from data.errors import KetnoiError

if TYPE_CHECKING:
    from api.engine import Engine
    from matcher.many import Plan
    from matcher.market import IntArray
    from matcher.types import Slate


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("shortlists")(shortlists)


def shortlists(
    out: Annotated[Path, typer.Option("--out", help="File to write: .xlsx or .jsonl.")],
    province: Annotated[
        str | None, typer.Option("--province", help="Open calls of this province.")
    ] = None,
    all_calls: Annotated[bool, typer.Option("--all", help="All open calls.")] = False,
    top: Annotated[int, typer.Option("--top", min=1, max=100, help="Length of each list.")] = 10,
    cap: Annotated[
        int | None,
        typer.Option("--cap", min=1, help="Lists that one may be on; 3 in 10 if unset."),
    ] = None,
    investors: Annotated[
        bool, typer.Option("--investors", help="Lists of calls for every investor instead.")
    ] = False,
    lang: Annotated[str, typer.Option("--lang", help="vi or en, for people's texts.")] = "vi",
) -> None:
    """Shortlists for all open calls or those of a province, no investor on too many of them."""
    if bool(province) == all_calls:
        raise typer.BadParameter("give either --province NAME or --all")
    if lang not in {"vi", "en"}:
        raise typer.BadParameter(f"{lang!r} is not vi or en", param_hint="--lang")
    if out.suffix not in {".xlsx", ".jsonl"}:
        raise typer.BadParameter(f"{out.name}: give a name ending in .xlsx or .jsonl")
    from api.engine import load_engine  # noqa: PLC0415 -- slow import
    from api.settings import load_settings  # noqa: PLC0415 -- with the engine
    from data.session import open_engine, read  # noqa: PLC0415 -- slow import

    settings = load_settings()
    database = open_engine(settings.database_url)
    with read(database) as connection:
        engine = load_engine(settings, connection)
    for warning in engine.warnings:
        typer.echo(warning, err=True)
    made, following = _planned(engine, province, top=top, cap=cap, investors=investors)
    shown: list[Slate] = []
    with progress_bar("Lists") as report:
        for slate in following:
            shown.append(slate)
            report(len(shown), len(made.subjects))
    _write(out, shown, engine, settings.database_url, lang)
    typer.echo(_told(made, shown, out, lang))


def _planned(
    engine: "Engine", province: str | None, *, top: int, cap: int | None, investors: bool
) -> "tuple[Plan, Iterator[Slate]]":
    """Who stands on which list, and the lists as they are explained one by one."""
    from matcher import many  # noqa: PLC0415 -- slow import

    today, matcher = date.today(), engine.matcher
    calls = _calls(engine, province, today)
    known = len(matcher.market.investors)
    if investors:
        most = cap or many.usual_cap(known, top, len(calls))
        made = many.plan_for_investors(matcher, calls, n=top, cap=most, today=today)
        return made, many.slates_for_investors(matcher, made, today=today)
    most = cap or many.usual_cap(len(calls), top, known)
    made = many.plan(matcher, calls, n=top, cap=most, today=today)
    return made, many.slates(matcher, made, today=today)


def _calls(engine: "Engine", province: str | None, today: date) -> "IntArray":
    """Rows of the open calls that were asked for."""
    import numpy as np  # noqa: PLC0415 -- slow import

    from data.reference.provinces import resolve_province  # noqa: PLC0415 -- with the engine
    from matcher.candidates import open_calls  # noqa: PLC0415 -- slow import

    market = engine.matcher.market
    calls = open_calls(market, today=today)
    if province is not None:
        found = resolve_province(province)
        if found is None or not found.code:
            raise KetnoiError(
                "province.unknown",
                f"{province!r} is no province. Write a name such as “Thanh Hóa”.",
                f"{province!r} không phải tên tỉnh, thành. Hãy viết như “Thanh Hóa”.",
            )
        kept = [market.calls[int(row)].place.code == found.code for row in calls]
        calls = calls[np.array(kept, dtype=np.bool_)]
    if not len(calls):
        raise KetnoiError(
            "shortlists.empty",
            "No call is open there. Look at the calls' status and deadlines, or import more.",
            "Không có dự án nào đang kêu gọi. Hãy xem lại tình trạng, thời hạn hoặc nhập thêm.",
        )
    return calls


def _write(
    out: Path, shown: "Sequence[Slate]", engine: "Engine", database_url: str, lang: str
) -> None:
    """Put every list into the ledger and all of them into the file."""
    from api.lists.many_files import write_many  # noqa: PLC0415 -- slow import
    from api.lists.slates import slate_document  # noqa: PLC0415 -- with the engine
    from data import commands  # noqa: PLC0415 -- slow import
    from data.session import open_engine, write  # noqa: PLC0415 -- slow import

    market = engine.matcher.market
    documents = []
    with write(open_engine(database_url)) as connection:
        for slate in shown:
            document = slate_document(slate, market, slate_id="")
            entry = commands.SlateEntry(
                slate.kind, slate.subject, slate.release, engine.inputs_hash, document["items"]
            )
            slate_id = commands.log_slate(connection, entry).slate_id
            documents.append({**document, "slate_id": slate_id})
    if out.suffix == ".xlsx":
        write_many(out, shown, market, language=lang)
        return
    part = out.with_name(f".{out.name}.part")
    with part.open("w", encoding="utf-8", newline="\n") as stream:
        for document in documents:
            stream.write(json.dumps(document, ensure_ascii=False) + "\n")
    part.replace(out)


def _told(made: "Plan", shown: "Sequence[Slate]", out: Path, lang: str) -> str:
    """What came of it, with what the cap changed."""
    from api.lists import words  # noqa: PLC0415 -- with the engine

    none = sum(slate.abstained for slate in shown)
    short = sum(len(found) == 0 for found in made.lists)
    if short:
        sys.stderr.write(f"{short} lists stayed empty under the cap of {made.cap}; raise --cap.\n")
    before, after = made.alone, made.together
    if lang == "vi":
        return (
            f"{len(shown)} danh sách, {none} không có nhà đầu tư phù hợp; mỗi bên có mặt trong tối "
            f"đa {made.cap} danh sách. Nhiều nhất: {after.most} danh sách (nếu lập riêng từng bên: "
            f"{before.most}); số bên được nêu: {after.shown} ({before.shown}); Gini "
            f"{words.number(after.gini, 'vi', 2)} ({words.number(before.gini, 'vi', 2)}). "
            f"Đã ghi {out}."
        )
    return (
        f"{len(shown)} lists, {none} without a suitable investor; nobody on more than {made.cap}. "
        f"Most lists of one: {after.most} (each list by itself: {before.most}); shown at all: "
        f"{after.shown} ({before.shown}); Gini {after.gini:.2f} ({before.gini:.2f}). "
        f"Written to {out}."
    )
