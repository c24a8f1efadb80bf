"""An experiment as a TOML file: the market, the days, what to leave out, the seed."""

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from data.errors import KetnoiError

__all__ = ["FOLDER", "KINDS", "RESULTS", "Experiment", "load_experiment", "shipped_experiments"]

FOLDER = Path(__file__).parent
RESULTS = FOLDER / "results"

KINDS = ("benchmark", "ways", "ablation", "curve")


@dataclass(frozen=True)
class Experiment:
    """What to measure. The name is the file's own.

    Args:
        kind: "benchmark", model and baselines at one day; "ways", rankers that may ship, at
            several days; "ablation", groups of features left out; "curve", fewer and fewer deals.
        market: folder of the market, under the folder of data.
        cutoffs: days such as 2022 or 2022-07.
        years: calls that came within so many years after a cutoff are judged; 0: all.
        clusters: CSV of near-duplicates under the folder of data; sisters of a past call are not
            judged.
        leave_out: names of features (or beginnings of names) to be left out, by group.
        shares: shares of the past calls to learn from.
    """

    name: str
    kind: str
    title: str
    market: str
    cutoffs: tuple[str, ...]
    years: float = 0.0
    clusters: str = ""
    seed: int = 7
    leave_out: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    shares: tuple[float, ...] = ()

    def as_json(self) -> dict[str, object]:
        return asdict(self)


def load_experiment(path: Path) -> Experiment:
    """Read a file.

    Raises:
        KetnoiError: naming the file, the entry and what it may be.
    """
    try:
        body = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise _wrong(path, str(error), str(error)) from None
    known = {each.name for each in fields(Experiment)} - {"name"}
    strange = sorted(set(body) - known)
    missing = sorted({"kind", "title", "market", "cutoffs"} - set(body))
    if strange or missing:
        wrong = ", ".join([*(f"{name}?" for name in strange), *(f"no {name}" for name in missing)])
        raise _wrong(
            path,
            f"{wrong}. Entries are {', '.join(sorted(known))}.",
            f"{wrong}. Các mục được phép: {', '.join(sorted(known))}.",
        )
    if body["kind"] not in KINDS:
        raise _wrong(
            path,
            f"kind is {body['kind']!r}; it must be one of {', '.join(KINDS)}.",
            f"kind là {body['kind']!r}; phải là một trong {', '.join(KINDS)}.",
        )
    body["cutoffs"] = tuple(body["cutoffs"])
    body["shares"] = tuple(body.get("shares", ()))
    groups = body.get("leave_out", {})
    body["leave_out"] = {name: tuple(columns) for name, columns in groups.items()}
    return Experiment(name=path.stem, **body)


def shipped_experiments() -> list[Experiment]:
    """The experiments behind docs/quality.md, by name."""
    return [load_experiment(path) for path in sorted(FOLDER.glob("*.toml"))]


def _wrong(path: Path, message: str, message_vi: str) -> KetnoiError:
    return KetnoiError("experiment.file", f"{path}: {message}", f"{path}: {message_vi}")
