"""`ketnoi experiment`: measure what a file describes and keep the result beside it."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli.progress import progress_bar
from api.cli.rank import read_folder
from api.settings import load_settings


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("experiment")(experiment)


def experiment(
    files: Annotated[
        list[Path], typer.Argument(exists=True, dir_okay=False, help="Experiments (.toml).")
    ],
    data: Annotated[
        Path, typer.Option(help="Folder that holds the markets.", file_okay=False)
    ] = Path("../shared/data"),
    results: Annotated[
        Path | None,
        typer.Option(help="Folder of the results; by default beside the file.", file_okay=False),
    ] = None,
) -> None:
    """Measure what each file describes; write NAME.json with seed, hashes and findings."""
    from training.experiments.run import run_experiment, write_result  # noqa: PLC0415 -- slow import
    from training.experiments.spec import load_experiment  # noqa: PLC0415 -- slow import

    settings = load_settings()
    wanted = [load_experiment(path) for path in files]
    for path, each in zip(files, wanted, strict=True):
        with progress_bar(each.name) as report:
            result = run_experiment(
                each,
                data=data,
                open_market=lambda folder: read_folder(folder, settings),
                encoder=settings.encoder,
                step=report,
            )
        typer.echo(write_result(result, results or path.parent / "results"))
