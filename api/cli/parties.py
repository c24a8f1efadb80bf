"""`ketnoi parties`: which names are one party; proposals, merges and splits."""

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from data.identity.proposals import Proposal
    from data.parties import Merge

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
By = Annotated[str, typer.Option("--by", help="Who decides; kept with the decision.")]
Why = Annotated[str, typer.Option("--why", help="The reason; kept with the decision.")]
First = Annotated[str, typer.Argument(help="An investor's id.")]
Second = Annotated[str, typer.Argument(help="Another investor's id.")]
_DEFAULT_BY = "command line"


def register(app: typer.Typer) -> None:
    group = typer.Typer(
        help="Which names are one party: proposals, merges, splits.",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    group.command("propose")(propose)
    group.command("merge")(merge)
    group.command("split")(split)
    group.command("apart")(apart)
    group.command("show")(show)
    app.add_typer(group, name="parties")


def propose(
    as_json: AsJson = False,
    party: Annotated[str, typer.Option("--for", help="Only proposals for this id.")] = "",
    at_least: Annotated[
        float, typer.Option("--at-least", min=0.0, max=1.0, help="Lowest probability shown.")
    ] = 0.0,
    merge_sure: Annotated[
        bool, typer.Option("--merge-sure", help="Merge what a rule finds beyond doubt.")
    ] = False,
) -> None:
    """Propose which investors are one, with reasons; only --merge-sure changes anything."""
    from data import parties, queries  # noqa: PLC0415 -- slow import
    from data.session import read, write  # noqa: PLC0415 -- slow import

    engine = _engine()
    done: list[Merge] = []
    if merge_sure:
        with write(engine) as connection:
            done = parties.merge_automatic(connection)
    with read(engine) as connection:
        if party:
            party = queries.investor(connection, party).investor_id
        found = [
            one
            for one in parties.proposals(connection)
            if one.probability >= at_least and (not party or party in (one.first, one.second))
        ]
    if as_json:
        _print_json({
            "merged": [_merge_document(one) for one in done],
            "proposals": [_document(one) for one in found],
        })  # fmt: skip
        return
    for one in done:
        typer.echo(f"Đã gộp / merged: {one.merged} → {one.kept} ({one.reason})")
    for proposal in found:
        _echo(proposal)
    if not found and not done:
        typer.echo("Không có đề xuất nào / nothing to propose.")


def merge(first: First, second: Second, by: By = _DEFAULT_BY, why: Why = "") -> None:
    """Merge two investors: the first id stands for both. Nothing is lost; `split` undoes it."""
    from data import parties  # noqa: PLC0415 -- slow import
    from data.session import write  # noqa: PLC0415 -- slow import

    with write(_engine()) as connection:
        done = parties.merge(connection, first, second, by=by, why=why)
    typer.echo(f"Đã gộp {done.merged} vào {done.kept} / merged {done.merged} into {done.kept}.")
    typer.echo("Chạy `ketnoi index` để danh sách mới dùng kết quả này / run: ketnoi index")


def split(first: First, second: Second, by: By = _DEFAULT_BY) -> None:
    """Undo the merge of two investors; they are not proposed for merging again."""
    from data import parties  # noqa: PLC0415 -- slow import
    from data.session import write  # noqa: PLC0415 -- slow import

    with write(_engine()) as connection:
        undone = parties.split(connection, first, second, by=by)
    typer.echo(f"Đã tách {undone.merged} khỏi {undone.kept} / split them again.")
    typer.echo("Chạy `ketnoi index` để danh sách mới dùng kết quả này / run: ketnoi index")


def apart(first: First, second: Second, by: By = _DEFAULT_BY, why: Why = "") -> None:
    """Say that two investors are not one, so that they are not proposed again."""
    from data import parties  # noqa: PLC0415 -- slow import
    from data.session import write  # noqa: PLC0415 -- slow import

    with write(_engine()) as connection:
        parties.keep_apart(connection, first, second, by=by, why=why)
    typer.echo(f"Đã ghi: {first} và {second} là hai bên khác nhau / they are two parties.")


def show(party_id: First, as_json: AsJson = False) -> None:
    """Show a party as reads see it: its names, the ids merged into it, the merges' history."""
    from data.session import read  # noqa: PLC0415 -- slow import

    with read(_engine()) as connection:
        document = _party_document(connection, party_id)
    if as_json:
        _print_json(document)
        return
    typer.echo(f"{document['investor_id']}  {document['name']}")
    for name in document["aliases"]:
        typer.echo(f"  tên khác / also: {name}")
    for one in document["merged_ids"]:
        typer.echo(f"  đã gộp / merged: {one}")
    for row in document["history"]:
        state = f"tách / split {row['split_at']}" if row["split_at"] else "còn hiệu lực / standing"
        typer.echo(
            f"  {row['merged_at']}  {row['merged']} → {row['kept']}  {row['rule']}, "
            f"{row['merged_by']}: {row['reason'] or '–'} [{state}]"
        )


def _print_json(document: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=1) + "\n")


def _engine() -> Any:
    from api.settings import load_settings  # noqa: PLC0415 -- with the database
    from data.session import open_engine  # noqa: PLC0415 -- slow import

    return open_engine(load_settings().database_url)


def _party_document(connection: "Connection", party_id: str) -> dict[str, Any]:
    from data import parties, queries  # noqa: PLC0415 -- slow import
    from data.identity.merged import kept_ids, members  # noqa: PLC0415 -- slow import

    found = queries.investor(connection, party_id)
    return {
        "investor_id": found.investor_id,
        "name": found.name,
        "aliases": list(found.aliases),
        "merged_ids": members(kept_ids(connection), party_id)[1:],
        "history": [_merge_document(one) for one in parties.history(connection, party_id)],
    }


def _merge_document(one: "Merge") -> dict[str, Any]:
    from dataclasses import asdict  # noqa: PLC0415 -- for output alone

    return asdict(one)


def _document(one: "Proposal") -> dict[str, Any]:
    from data.identity.wording import reason  # noqa: PLC0415 -- with the database

    return {
        "first": one.first,
        "second": one.second,
        "names": list(one.names),
        "relation": one.relation.value,
        "probability": one.probability,
        "automatic": one.automatic,
        "rule": one.evidence.code,
        "doubts": list(one.evidence.doubts),
        "reason": {"vi": reason(one, "vi"), "en": reason(one, "en")},
    }


def _echo(one: "Proposal") -> None:
    from data.identity.wording import RELATIONS, reason  # noqa: PLC0415 -- with the database

    vi, en = RELATIONS[one.relation]
    mark = "*" if one.automatic else " "
    typer.echo(f"{mark}{one.probability:.2f}  {one.first}  {one.names[0]}  ↔  {one.second}  "
               f"{one.names[1]}")  # fmt: skip
    typer.echo(f"       {vi}: {reason(one, 'vi')}")
    typer.echo(f"       {en}: {reason(one, 'en')}")
