"""Run an experiment and keep what it found with all that is needed to make it again."""

import hashlib
import json
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from data.errors import KetnoiError
from matcher.market import Market
from training.dataset import cutoff_day, near_duplicates
from training.experiments.measures import MEASURES
from training.experiments.spec import FOLDER, RESULTS, Experiment

__all__ = ["code_hash", "data_hash", "load_result", "run_experiment", "write_result"]

Step = Callable[[int, int], None]
_ROOT = FOLDER.parent.parent
_CODE = ("matcher", "training", "embeddings", "data")


def run_experiment(
    experiment: Experiment,
    *,
    data: Path,
    open_market: Callable[[Path], Market],
    encoder: str,
    step: Step = lambda _done, _of: None,
) -> dict[str, object]:
    """Measure and describe.

    Args:
        data: folder of data; the experiment's market and clusters are below it.
        open_market: reads a market folder, vectors and all.
        encoder: id of the encoder of the vectors.

    Raises:
        KetnoiError: the market's folder is not there, or a cutoff lies outside its deals.
    """
    folder = data / experiment.market
    if not folder.is_dir():
        raise KetnoiError(
            "experiment.market",
            f"{experiment.name}: no folder {folder}. Give the folder of data with --data.",
            f"{experiment.name}: không có thư mục {folder}. Hãy chỉ thư mục dữ liệu bằng --data.",
        )
    market = open_market(folder)
    leave_out: frozenset[str] = frozenset()
    if experiment.clusters:
        day = cutoff_day(min(experiment.cutoffs))
        leave_out = near_duplicates(market, data / experiment.clusters, day)
    found = MEASURES[experiment.kind](market, experiment, leave_out, step)
    return {
        "experiment": experiment.as_json(),
        "data_sha256": data_hash(folder),
        "seed": experiment.seed,
        "encoder": encoder,
        "version": version("ketnoi"),
        "code_sha256": code_hash(),
        "found": found,
    }


def write_result(result: Mapping[str, object], folder: Path = RESULTS) -> Path:
    """Write ``NAME.json`` whole."""
    experiment: Any = result["experiment"]
    path = folder / f"{experiment['name']}.json"
    folder.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    text = json.dumps(result, ensure_ascii=False, indent=1)
    part.write_text(text + "\n", encoding="utf-8", newline="\n")
    part.replace(path)
    return path


def load_result(name: str, folder: Path = RESULTS) -> dict[str, Any] | None:
    """What an experiment found, ``None`` if it was not run."""
    path = folder / f"{name}.json"
    if not path.is_file():
        return None
    body: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return body


def data_hash(folder: Path) -> str:
    """sha256 of the folder's tables, names and contents, in the order of the names."""
    digest = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        if path.stem in {"investors", "calls", "deals"} and path.is_file():
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def code_hash() -> str:
    """The start of the sha256 of the code that a result rests on."""
    digest = hashlib.sha256()
    for package in _CODE:
        for path in sorted((_ROOT / package).rglob("*.py")):
            digest.update(str(path.relative_to(_ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
