"""`ketnoi shortlist` and `ketnoi opportunities`: ranked slates with reasons."""

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from data.reference.spelling import nfc

if TYPE_CHECKING:
    from api.engine import Engine
    from matcher.types import Slate

Top = Annotated[int, typer.Option("--top", min=1, max=1000, help="How many to show.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]
Export = Annotated[
    Path | None, typer.Option("--export", help="Write the slate to a .xlsx or .docx file.")
]
Language = Annotated[str, typer.Option("--lang", help="vi or en, for people's texts.")]


def register(app: typer.Typer) -> None:
    app.command("shortlist")(shortlist)
    app.command("opportunities")(opportunities)


def shortlist(
    call_id: Annotated[str, typer.Argument(help="The call's id, such as C0001.")],
    top: Top = 10,
    as_json: AsJson = False,
    export: Export = None,
    lang: Language = "vi",
) -> None:
    """Investors for a call, best first, each with reasons and cautions."""
    _show(_Wish(call_id=call_id), top=top, as_json=as_json, export=export, lang=lang)


def opportunities(
    investor: Annotated[str | None, typer.Option("--investor", help="An investor's id.")] = None,
    text: Annotated[
        str | None, typer.Option("--text", help="What you look for, in any language.")
    ] = None,
    top: Top = 10,
    as_json: AsJson = False,
    export: Export = None,
    lang: Language = "vi",
) -> None:
    """Open calls for an investor, or for a free text in any language."""
    if bool(investor) == (text is not None):
        raise typer.BadParameter("give either --investor ID or --text “…”")
    if text is not None and _broken(text):
        raise typer.BadParameter("the text is not UTF-8; set the terminal to UTF-8")
    wish = _Wish(investor_id=investor or "", text=text)
    _show(wish, top=top, as_json=as_json, export=export, lang=lang)


def _broken(text: str) -> bool:
    """Whether bytes came in that are no text: they arrive as lone surrogates."""
    return any("\ud800" <= sign <= "\udfff" for sign in text)


class _Wish:
    """What was asked for: exactly one of the three."""

    def __init__(
        self, *, call_id: str = "", investor_id: str = "", text: str | None = None
    ) -> None:
        self.call_id, self.investor_id = nfc(call_id).strip(), nfc(investor_id).strip()
        self.text = text

    def slate(self, engine: "Engine", n: int) -> "Slate":
        today = date.today()
        if self.text is not None:
            return engine.matcher.search(self.text, n=n, today=today)
        if self.investor_id:
            return engine.matcher.opportunities(self.investor_id, n=n, today=today)
        return engine.matcher.shortlist(self.call_id, n=n, today=today)


def _show(wish: _Wish, *, top: int, as_json: bool, export: Path | None, lang: str) -> None:
    if lang not in {"vi", "en"}:
        raise typer.BadParameter(f"{lang!r} is not vi or en", param_hint="--lang")
    if export is not None and export.suffix not in {".xlsx", ".docx"}:
        raise typer.BadParameter(f"{export.name}: give a name ending in .xlsx or .docx")
    from api.engine import load_engine  # noqa: PLC0415 -- slow import
    from api.lists.slates import slate_document  # noqa: PLC0415 -- with the engine
    from api.settings import load_settings  # noqa: PLC0415 -- with the engine
    from data import commands, queries  # noqa: PLC0415 -- slow import
    from data.session import open_engine, read, write  # noqa: PLC0415 -- slow import

    settings = load_settings()
    database = open_engine(settings.database_url)
    with read(database) as connection:
        if wish.call_id:
            queries.call(connection, wish.call_id)
        if wish.investor_id:
            queries.investor(connection, wish.investor_id)
        engine = load_engine(settings, connection, call_id=wish.call_id)
    for warning in engine.warnings:
        typer.echo(warning, err=True)
    market = engine.matcher.market
    slate = wish.slate(engine, top)
    items = slate_document(slate, market, slate_id="")["items"]
    entry = commands.SlateEntry(slate.kind, slate.subject, slate.release, engine.inputs_hash, items)
    with write(database) as connection:
        slate_id = commands.log_slate(connection, entry).slate_id
    if export is not None:
        from api.lists.files import write_slate  # noqa: PLC0415 -- slow import

        write_slate(export, slate, market, slate_id=slate_id, language=lang)
        typer.echo(f"{export}", err=as_json)
    if as_json:
        document = slate_document(slate, market, slate_id=slate_id)
        typer.echo(json.dumps(document, ensure_ascii=False, indent=1))
    elif export is None:
        from api.cli.render import slate_text  # noqa: PLC0415 -- with the engine

        typer.echo(slate_text(slate, market, language=lang))
