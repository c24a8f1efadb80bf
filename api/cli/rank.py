"""`ketnoi rank`: learn from a market folder's deals alone and rank both sides of its open calls."""

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.progress import progress_bar
from api.settings import Settings, load_settings
from data.errors import KetnoiError

if TYPE_CHECKING:
    from matcher.market import Market
    from training.publish import Trained

_FOLDER = typer.Argument(
    exists=True, file_okay=False, help="Folder with investors, calls and deals (.csv, .tsv, .xlsx)."
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("rank")(rank)
    app.command("benchmark")(benchmark)
    training_group(app).command("ranker")(train_ranker_command)


def training_group(app: typer.Typer) -> typer.Typer:
    """The group `train`, made when it is first asked for."""
    group = next(
        (each.typer_instance for each in app.registered_groups if each.name == "train"), None
    )
    if group is None:
        group = typer.Typer(
            help="Learn the ranker from the database, the encoder from the taxonomy.",
            no_args_is_help=True,
        )
        app.add_typer(group, name="train")
    return group


def rank(
    market: Annotated[Path, _FOLDER],
    out: Annotated[Path, typer.Option(help="Folder for the two files.", file_okay=False)],
    top: Annotated[int, typer.Option(min=1, help="Length of each list.")] = 100,
) -> None:
    """Rank every investor for each open call, and every open call for each investor."""
    from matcher.candidates import calls_marked_open  # noqa: PLC0415 -- slow import
    from training.ranking import (  # noqa: PLC0415 -- slow import
        RankingConfig,
        learn,
        lines,
        next_day,
        score_calls,
    )

    whole = read_folder(market, load_settings())
    calls = calls_marked_open(whole)
    config = RankingConfig()
    with progress_bar("Learning") as report:
        learned = learn(
            whole,
            config,
            horizon=len(calls),
            stage=lambda _, done, total: report(done, total),
        )
    with progress_bar("Ranking") as report:
        scores = score_calls(
            whole,
            learned,
            calls=calls,
            day=next_day(whole),
            config=config,
            stage=lambda _, done, total: report(done, total),
        )
    for_calls, for_investors = lines(scores, whole, top=top)
    out.mkdir(parents=True, exist_ok=True)
    write_lines(out / "for_calls.jsonl", for_calls)
    write_lines(out / "for_investors.jsonl", for_investors)
    if not len(calls):
        sys.stderr.write(f"No call of {market / 'calls.csv'} is open: the lists are empty.\n")
    typer.echo(
        f"{len(calls)} open calls, {len(whole.investors)} investors, {len(whole.deals)} deals "
        f"learned from. Investors by: {learned.for_calls.name}; calls by: "
        f"{learned.for_investors.name}. Written to {out}."
    )


def benchmark(
    market: Annotated[Path, _FOLDER],
    cutoff: Annotated[str, typer.Option(help="YYYY, YYYY-MM or YYYY-MM-DD.")],
    clusters: Annotated[
        Path | None,
        typer.Option(
            dir_okay=False,
            exists=True,
            help="CSV of near-duplicates (cluster, call_id): later sisters of a past call are "
            "not tested.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Learn from the deals before a day, and judge model and baselines on what came after."""
    from training.dataset import (  # noqa: PLC0415 -- slow import
        cutoff_day,
        near_duplicates,
        split_at,
    )
    from training.evaluate import benchmark as measure  # noqa: PLC0415 -- slow import
    from training.experiments.run import data_hash  # noqa: PLC0415 -- slow import
    from training.ranking import RankingConfig  # noqa: PLC0415 -- slow import
    from training.report import as_table  # noqa: PLC0415 -- slow import

    try:
        day = cutoff_day(cutoff)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--cutoff") from None
    whole = read_folder(market, load_settings())
    leave_out = near_duplicates(whole, clusters, day) if clusters else frozenset()
    split = split_at(whole, day, leave_out=leave_out)
    if not len(split.asked_calls) or not len(split.known):
        raise KetnoiError(
            "benchmark.empty",
            f"No investor known before {cutoff} has a deal on a call that came after. "
            "Choose a cutoff within the dates of deals.csv.",
        )
    config = RankingConfig()
    with progress_bar("Learning and ranking") as report:
        found = measure(split, config, cutoff, lambda _, done, total: report(done, total))
    if as_json:
        document = {
            **found.as_json(),
            "data_sha256": data_hash(market),
            "seed": config.samples.seed,
        }
        sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write(as_table(found))


def train_ranker_command(
    force: Annotated[
        bool, typer.Option("--force", help="Use what was learned even if the house rule is better.")
    ] = False,
) -> None:
    """Learn the ranker from deals and decisions; use it if it beats the house rule on the past."""
    from api.engine import stored_market  # noqa: PLC0415 -- slow import
    from data import queries  # noqa: PLC0415 -- slow import
    from data.feedback import signals  # noqa: PLC0415 -- slow import
    from data.session import open_engine, read  # noqa: PLC0415 -- slow import
    from embeddings.cache import CachedEncoder, VectorCache  # noqa: PLC0415 -- slow import
    from embeddings.encoder import load_encoder  # noqa: PLC0415 -- slow import
    from matcher.release import (  # noqa: PLC0415 -- slow import
        current_calibration,
        current_ranker,
        indexed,
        write_release,
    )
    from training.publish import (  # noqa: PLC0415 -- slow import
        PublishConfig,
        calibrate,
        train_ranker,
    )
    from training.undated import dated_market  # noqa: PLC0415 -- slow import

    settings = load_settings()
    with read(open_engine(settings.database_url)) as connection, progress_bar("train") as report:
        market = stored_market(connection)
        if not market.calls or not market.deals:
            raise KetnoiError(
                "train.empty",
                "The database holds no calls with deals to learn from. Import calls, investors "
                "and deals first: ketnoi import deals FILE.",
                "Cơ sở dữ liệu chưa có dự án nào có thương vụ để học. Hãy nhập dự án, nhà đầu tư "
                "và thương vụ trước: ketnoi import deals FILE.",
            )
        plain = load_encoder(settings.encoder, cache_dir=settings.models)
        encoder = CachedEncoder(plain, VectorCache(settings.vector_cache), progress=report)
        market = indexed(market, encoder)
        decided = signals(connection)
        in_use = current_ranker(settings.releases)
        trained = train_ranker(
            dated_market(market, encoder),
            config=PublishConfig(force=force),
            progress=report,
            feedback=decided,
            in_use=in_use,
        )
        ranker = trained.ranker or in_use
        sure = trained.calibration or current_calibration(settings.releases, ranker)
        if sure is None and not trained.learned and trained.ranker is not None:
            sure = calibrate(market, ranker, encoder)
        folder = write_release(
            settings.releases,
            market=market,
            encoder=encoder,
            ranker=ranker,
            content=queries.content_version(connection),
            calibration=sure,
        )
    typer.echo(_told(trained, len(decided)))
    typer.echo(f"Release {folder.name} is in use.")


def _told(trained: "Trained", decisions: int) -> str:
    """What came of it, with the figures of both."""
    lines = [f"Moved by {decisions} decisions of people."] if decisions else []
    if trained.duel is not None:
        found, gain = trained.duel, trained.duel.gain
        lines.append(
            f"On {found.calls} calls of the past that it had not seen: nDCG@10 {found.learned:.3f} "
            f"learned, {found.house:.3f} house rule (difference {gain.mean:+.3f}, 95 % interval "
            f"{gain.low:+.3f} to {gain.high:+.3f})."
        )
    if trained.learned:
        lines.append(f"Learned from {trained.groups} looks at past calls.")
    elif trained.duel is not None:
        lines.append(
            "What was learned ranks no better, so the house rule is in use; --force uses what was "
            "learned."
        )
    else:
        lines.append(
            f"Only {trained.groups} past calls to learn from or to judge by: "
            "the ranker stays as it was."
        )
    return "\n".join(lines)


def read_folder(folder: Path, settings: Settings) -> "Market":
    """The market of a folder with vectors; without an encoder, by words and fields alone."""
    from data.importers.market import read_market  # noqa: PLC0415 -- slow import
    from embeddings.cache import CachedEncoder, VectorCache  # noqa: PLC0415 -- slow import
    from embeddings.encoder import load_encoder  # noqa: PLC0415 -- slow import
    from embeddings.errors import EmbeddingsError  # noqa: PLC0415 -- slow import
    from training.encoding import market_of  # noqa: PLC0415 -- slow import

    with progress_bar("Reading") as report:
        files = read_market(folder, progress=report)
    if files.left_out:
        sys.stderr.write(f"{files.left_out} rows of {folder} could not be used.\n")
    with progress_bar("Encoding") as report:
        try:
            plain = load_encoder(settings.encoder, cache_dir=settings.models)
            encoder = CachedEncoder(plain, VectorCache(settings.vector_cache), progress=report)
            return market_of(files.investors, files.calls, files.deals, encoder=encoder)
        except EmbeddingsError as error:
            sys.stderr.write(f"{error} Ranking goes on by words and fields alone.\n")
            return market_of(files.investors, files.calls, files.deals, encoder=None)


def write_lines(path: Path, rows: Iterable[Mapping[str, object]]) -> None:
    """Write JSON lines whole: a file that is there is complete."""
    part = path.with_name(path.name + ".part")
    with part.open("w", encoding="utf-8", newline="\n") as stream:
        for row in rows:
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")
    part.replace(path)
