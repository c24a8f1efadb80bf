"""`ketnoi index`: make the vectors anew from the database and publish them as a release."""

import typer

from api.cli.progress import progress_bar


def register(app: typer.Typer) -> None:
    app.command("index")(index)


def index() -> None:
    """Embed every call and investor of the database and put the new index to use."""
    from api.engine import build_index  # noqa: PLC0415 -- slow import
    from api.settings import load_settings  # noqa: PLC0415 -- with the engine
    from data.session import open_engine, read  # noqa: PLC0415 -- slow import

    settings = load_settings()
    with read(open_engine(settings.database_url)) as connection, progress_bar("index") as report:
        folder = build_index(settings, connection, progress=report)
    typer.echo(f"Release {folder.name} is in use.")
