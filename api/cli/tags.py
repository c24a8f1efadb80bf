"""`ketnoi tags`: what a call or an investor is understood to do, and a person's corrections."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sqlalchemy import Connection

Activities = Annotated[
    list[str] | None, typer.Option(help="An activity's id, such as container-terminal; repeatable.")
]


def register(app: typer.Typer) -> None:
    app.command("tags")(tags)


def tags(
    party_id: Annotated[str, typer.Argument(help="A call's or an investor's id.")],
    add: Activities = None,
    remove: Activities = None,
) -> None:
    """Show the activities read from a call or an investor; --add and --remove correct them.

    Corrections are kept and win over what is read, at once and after every `ketnoi index`.
    """
    from api.engine import load_engine  # noqa: PLC0415 -- slow import
    from api.settings import load_settings  # noqa: PLC0415 -- with the engine
    from data import commands, queries  # noqa: PLC0415 -- slow import
    from data.records import ActivityCorrection  # noqa: PLC0415 -- with the queries
    from data.reference.activities import activities  # noqa: PLC0415 -- slow import
    from data.session import open_engine, read, write  # noqa: PLC0415 -- slow import

    settings = load_settings()
    database = open_engine(settings.database_url)
    with read(database) as connection:
        kind = _kind(connection, party_id)
    said = {**dict.fromkeys(add or (), True), **dict.fromkeys(remove or (), False)}
    for name in said:
        _check(name)
    with write(database) as connection:
        for name, holds in said.items():
            commands.correct_activity(connection, ActivityCorrection(kind, party_id, name, holds))
    with read(database) as connection:
        engine = load_engine(settings, connection)
        removed = [
            correction.activity_id
            for correction in queries.activity_corrections(connection)
            if (correction.kind, correction.party_id) == (kind, party_id) and not correction.holds
        ]
    market = engine.matcher.market
    rows = market.call_row if kind == "call" else market.investor_row
    found = market.tags.calls if kind == "call" else market.tags.investors
    for tag in found[rows[party_id]]:
        activity = activities()[tag.activity_id]
        proof = ", ".join(f"“{word}”" for word in tag.words) or _HOW[tag.how]
        typer.echo(
            f"{tag.confidence:.2f}  {tag.activity_id:28} {activity.name_vi} / {activity.name_en}: "
            f"{proof}"
        )
    for name in removed:
        typer.echo(f"  --  {name:28} {_HOW['hand']}")


_HOW = {
    "term": "từ ngữ / by its words",
    "meaning": "theo nghĩa / by meaning",
    "hand": "do người dùng sửa / corrected by hand",
}


def _kind(connection: "Connection", party_id: str) -> str:
    """Whether the id is a call's or an investor's; an unknown one is refused."""
    from data import queries  # noqa: PLC0415 -- slow import

    if party_id in queries.known_ids(connection, "investor"):
        return "investor"
    queries.call(connection, party_id)
    return "call"


def _check(name: str) -> None:
    from data.reference.activities import activities  # noqa: PLC0415 -- slow import

    if name not in activities():
        from rapidfuzz import process  # noqa: PLC0415 -- slow import, for errors alone

        near = [found[0] for found in process.extract(name, list(activities()), limit=3)]
        raise typer.BadParameter(f"there is no activity {name!r}; near it: {', '.join(near)}")
