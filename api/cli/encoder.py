"""`ketnoi train encoder`: tune the packaged encoder for this field, if it is worth it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.progress import progress_bar
from api.cli.rank import training_group
from api.settings import load_settings
from data.errors import KetnoiError

if TYPE_CHECKING:
    from training.finetune.encoder import Tuned


def register(app: typer.Typer) -> None:
    """Add the command to the group `train`."""
    training_group(app).command("encoder")(train_encoder_command)


def train_encoder_command(
    out: Annotated[Path, typer.Option(help="Folder to write; must not exist yet.")],
    shared: Annotated[
        Path,
        typer.Option(
            exists=True,
            file_okay=False,
            help="Folder of public facts: official titles and the sets to measure with.",
        ),
    ] = Path("../shared"),
    steps: Annotated[int, typer.Option(min=1, help="Steps of training at most.")] = 80,
    seed: Annotated[int, typer.Option(help="Of all that is drawn.")] = 7,
    adapter: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            help="An adapter made before (adapter.safetensors), in place of training.",
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Write the folder even if it does not earn its place.")
    ] = False,
) -> None:
    """Tune the packaged encoder for this field; write it if it beats the untouched one.

    Takes about 20 minutes of processor time. Use it by KETNOI_ENCODER=DIR and `ketnoi index`.
    """
    from training.finetune.encoder import (  # noqa: PLC0415 -- slow import
        FinetuneConfig,
        train_encoder,
    )
    from training.finetune.loop import LoopConfig  # noqa: PLC0415 -- slow import

    if out.exists():
        raise typer.BadParameter(f"{out} exists already; choose another.", param_hint="--out")
    _check(shared)
    config = FinetuneConfig(loop=LoopConfig(steps=steps, seed=seed), force=force)
    with progress_bar("train") as report:
        tuned = train_encoder(
            out,
            home=load_settings().home,
            shared=shared,
            config=config,
            progress=report,
            adapter=adapter,
        )
    typer.echo(_told(tuned, out))


def _check(shared: Path) -> None:
    """Say at once, not after an hour, that a table is missing."""
    from training.finetune.measures import NEEDED  # noqa: PLC0415 -- slow import

    absent = next((path for path in NEEDED if not (shared / path).exists()), None)
    if absent is not None:
        raise KetnoiError(
            "train.shared",
            f"{shared} holds no {absent}, which is needed to train or to measure. Give the folder "
            "of public facts: --shared DIR.",
            f"Trong {shared} không có {absent}, cần để học hoặc để đo. Hãy chỉ thư mục dữ liệu "
            "công khai: --shared DIR.",
        )


def _told(tuned: "Tuned", out: Path) -> str:
    """What came of it, with the figures of both."""
    duel = tuned.duel
    rows = [
        ("profiles, precision at 10", duel.tuned.mean_profiles, duel.base.mean_profiles),
        ("industry titles, first right", duel.tuned.mean_titles, duel.base.mean_titles),
        *(
            (f"passages {way}, first right", duel.tuned.passages[way], figure)
            for way, figure in duel.base.passages.items()
        ),
    ]
    lines = [f"{'':30} {'tuned':>8} {'untouched':>10}"]
    lines += [f"{name:30} {mine:8.3f} {theirs:10.3f}" for name, mine, theirs in rows]
    if duel.won:
        lines.append("The tuned encoder is better.")
    else:
        lines.append(
            f"It does not earn its place: {duel.bar.least_gain:.3f} more on profiles, more on "
            f"titles and at most {duel.bar.most_lost:.3f} less on passages are asked."
        )
    if tuned.folder is None:
        lines.append("Nothing was written; --force writes it all the same.")
    else:
        lines.append(f"Written to {out}. Use it: KETNOI_ENCODER={out.absolute()} ketnoi index")
    return "\n".join(lines)
