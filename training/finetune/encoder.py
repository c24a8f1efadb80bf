"""From the packaged encoder to the folder of a tuned one: train, merge, fit the activities, judge.

The folder is written whole or not at all, and only if the tuned encoder earns its place.
"""

import json
import shutil
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path

from embeddings.adapter import Adapter, read_adapter
from embeddings.cache import CachedEncoder, VectorCache
from embeddings.encoder import Encoder, load_encoder
from embeddings.manifest import Json, read_manifest, write_folder_atomically
from embeddings.packaged import KIND, NAME, materialise
from embeddings.protocol import ACTIVITIES
from embeddings.tuned import write_tuned
from training.activities import industry_titles, write_model
from training.finetune.choosing import choosing_set
from training.finetune.loop import Look, LoopConfig, Progress, tune
from training.finetune.lowrank import TunableEncoder
from training.finetune.measures import EncoderDuel, Measures, measure
from training.finetune.texts import activity_concepts, sources, title_concepts, unrelated

METRICS = "metrics.json"


@dataclass(frozen=True, slots=True)
class FinetuneConfig:
    """``rank`` of the change of each matrix of the ``layers`` upper layers; ``strength``: how much
    of what was learnt is kept, 0 to 1; ``force`` keeps an encoder that does not earn its place."""

    rank: int = 4
    layers: int = 6
    strength: float = 0.5
    loop: LoopConfig = field(default_factory=LoopConfig)
    force: bool = False


@dataclass(frozen=True)
class Tuned:
    """What came of it; ``folder`` is None where the packaged encoder stays."""

    folder: Path | None
    looks: tuple[Look, ...]
    duel: EncoderDuel


def train_encoder(
    out: Path,
    *,
    home: Path,
    shared: Path,
    config: FinetuneConfig,
    progress: Progress,
    adapter: Path | None = None,
) -> Tuned:
    """Tune the packaged encoder and write it to ``out`` if it earns its place.

    Args:
        out: folder to create; must not exist.
        home: holds `models` and the cache of training vectors.
        shared: the folder of public facts, for official titles and for measuring.
        progress: called with steps or texts done and to do, anew for each stage.
        adapter: one made before, in place of training.

    Raises:
        ArtifactError: ``out`` exists already.
        OSError: a table of ``shared`` is absent.
    """
    base = materialise(home / "models")
    looks: list[Look] = []
    if adapter is None:
        learnt, looks = _learn(base, shared, config, progress)
    else:
        learnt = read_adapter(adapter)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".tmp-{out.name}-", dir=out.parent) as scratch:
        draft = Path(scratch) / "draft"
        info = _info(shared, config, looks, made=adapter is None)
        manifest = write_tuned(draft, base, learnt, info=info)
        whole = Path(scratch) / "whole"
        _with_activities(draft, whole, home=home, shared=shared, progress=progress)
        duel = _duel(whole, home=home, shared=shared, progress=progress)
        if not (duel.won or config.force):
            return Tuned(None, tuple(looks), duel)

        def fill(folder: Path) -> None:
            _linked(whole, folder)
            _write(folder / METRICS, {"tuned": duel.tuned, "base": duel.base})

        write_folder_atomically(out, fill, kind=KIND, info=manifest.info)
    return Tuned(out, tuple(looks), duel)


def _learn(
    base: Path, shared: Path, config: FinetuneConfig, progress: Progress
) -> tuple[Adapter, list[Look]]:
    encoder = TunableEncoder(base, rank=config.rank, layers=config.layers, seed=config.loop.seed)
    learnt, looks = tune(
        encoder,
        activities=activity_concepts(),
        titles=title_concepts(shared),
        unrelated=unrelated(),
        judge=choosing_set(shared),
        config=config.loop,
        progress=progress,
    )
    return learnt.scaled(config.strength), looks


def _info(
    shared: Path, config: FinetuneConfig, looks: list[Look], *, made: bool
) -> dict[str, Json]:
    """What the adapter was made of; without the settings where it was given ready."""
    if not made:
        return {"tuned": {"adapter": "given"}}
    settings: dict[str, Json] = {
        "rank": config.rank,
        "layers": config.layers,
        "strength": config.strength,
        **asdict(config.loop),
    }
    seen: list[Json] = [{"step": one.step, "measure": round(one.measure, 4)} for one in looks]
    known: dict[str, Json] = dict(sources(shared))
    return {"tuned": {"config": settings, "choosing": seen, "sources": known}}


def _with_activities(
    draft: Path, whole: Path, *, home: Path, shared: Path, progress: Progress
) -> None:
    """The draft's folder again, with the activity model fitted to its vectors."""
    encoder = _cached(str(draft), home, progress)

    def fill(folder: Path) -> None:
        _linked(draft, folder)
        industry = list(industry_titles(shared))
        write_model(folder / ACTIVITIES, encoder=encoder, industry=industry)

    info = read_manifest(draft, kind=KIND, remedy="").info
    write_folder_atomically(whole, fill, kind=KIND, info=info)


def _duel(whole: Path, *, home: Path, shared: Path, progress: Progress) -> EncoderDuel:
    tuned, base = (measure(_cached(name, home, progress), shared) for name in (str(whole), NAME))
    return EncoderDuel(tuned, base)


def _cached(name: str, home: Path, progress: Progress) -> Encoder:
    plain = load_encoder(name, cache_dir=home / "models")
    return CachedEncoder(plain, VectorCache(home / "training-vectors.sqlite"), progress=progress)


def _linked(source: Path, target: Path) -> None:
    """The files of a folder under another name on the same disk, but for its manifest."""
    skip = shutil.ignore_patterns("manifest.json")
    shutil.copytree(source, target, copy_function=_link, ignore=skip, dirs_exist_ok=True)


def _link(source: str, target: str) -> str:
    Path(target).hardlink_to(source)
    return target


def _write(path: Path, measures: dict[str, Measures]) -> None:
    document = {name: one.as_json() for name, one in measures.items()}
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
