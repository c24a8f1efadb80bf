"""`ketnoi releases`: what can be gone back to, and going back."""

import json
from dataclasses import asdict
from typing import Annotated

import typer

from api.settings import load_settings


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(help="Releases: index, ranker and calibration, kept together.")
    group.callback(invoke_without_command=True)(releases)
    group.command("use")(use)
    app.add_typer(group, name="releases")


def releases(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> None:
    """List the releases that are kept, the newest first; * marks the one in use."""
    if context.invoked_subcommand:
        return
    from api.lists import words  # noqa: PLC0415 -- slow import
    from matcher import release  # noqa: PLC0415 -- slow import

    found = release.releases(load_settings().releases)
    if as_json:
        typer.echo(json.dumps({"releases": [asdict(each) for each in found]}, ensure_ascii=False))
        return
    if not found:
        typer.echo("No release yet. Run: ketnoi index")
    for each in found:
        mark = "*" if each.in_use else " "
        sure = "no probabilities" if each.ece is None else f"ECE {each.ece:.3f}"
        facts = each.problem or (
            f"{each.made_at}  {words.number(each.rows, 'en')} vectors by {each.encoder}  "
            f"{each.ranker} ranker  {sure}"
        )
        typer.echo(f"{mark} {each.name}  {facts}")


def use(name: Annotated[str, typer.Argument(help="A name of `ketnoi releases`.")]) -> None:
    """Put a kept release to use again, all of it or nothing."""
    from matcher.release import use_release  # noqa: PLC0415 -- slow import

    use_release(load_settings().releases, name)
    typer.echo(f"Release {name} is in use.")
