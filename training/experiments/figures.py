"""Draw docs/figures/ from the kept results: `make figures`."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from training.experiments.pages import PAGE
from training.experiments.run import load_result

__all__ = ["FIGURES", "draw"]

FOLDER = PAGE.parent / "figures"
_BLUE, _GREY, _ORANGE, _GREEN = "#1f5fa8", "#8a8a8a", "#d9822b", "#3a8f5c"
_COLOURS = (_BLUE, _GREEN, _ORANGE, _GREY)


def learning_curve(found: Mapping[str, Any], axes: Any) -> None:
    """nDCG@10 against the number of deals learned from."""
    deals = list(found["deals"].values())
    for (name, line), colour in zip(found["lines"].items(), _COLOURS, strict=True):
        means, lows, highs = zip(*line.values(), strict=True)
        axes.plot(deals, means, marker="o", color=colour, label=name)
        if name == "model":
            axes.fill_between(deals, lows, highs, color=colour, alpha=0.12, linewidth=0)
    axes.set_xlabel("deals learned from (mean of the cutoffs)")
    axes.set_ylabel("nDCG@10, investors for a call")
    axes.set_ylim(bottom=0)
    axes.legend(frameon=False)


def slices(found: Mapping[str, Any], axes: Any) -> None:
    """The model on parts of the questions, with its interval; the best baseline as a mark."""
    parts = list(reversed(found["slices"]))
    places = range(len(parts))
    means = [one["model"][0] for one in parts]
    gaps = [
        [one["model"][0] - one["model"][1] for one in parts],
        [one["model"][2] - one["model"][0] for one in parts],
    ]
    axes.barh(places, means, xerr=gaps, color=_BLUE, alpha=0.75, ecolor=_GREY, label="model")
    marks = [(place, one["baseline"]) for place, one in zip(places, parts, strict=True)]
    known = [(place, value) for place, value in marks if value is not None]
    axes.plot(
        [value for _, value in known],
        [place for place, _ in known],
        linestyle="none",
        marker="D",
        color=_ORANGE,
        label="best baseline",
    )
    axes.set_yticks(list(places), [f"{one['name']} ({one['questions']})" for one in parts])
    axes.set_xlabel("nDCG@10, investors for a call")
    axes.legend(frameon=False, loc="lower right")


FIGURES: Mapping[str, tuple[str, Callable[[Mapping[str, Any], Any], None], tuple[float, float]]] = {
    "learning-curve": ("vietnam-curve", learning_curve, (7.0, 4.2)),
    "slices": ("vietnam-2022", slices, (8.0, 8.0)),
}
"""Name of the figure: the experiment it shows, how it is drawn, inches."""


def draw(folder: Path = FOLDER) -> list[Path]:
    """Draw every figure whose experiment was run.

    Returns:
        the files, SVG; the same results give the same bytes.
    """
    import matplotlib as mpl  # noqa: PLC0415 -- slow import

    mpl.use("Agg")
    import matplotlib.pyplot as plt  # noqa: PLC0415 -- slow import

    mpl.rcParams.update(
        {"svg.hashsalt": "ketnoi", "svg.fonttype": "none", "font.size": 9, "axes.spines.top": False,
         "axes.spines.right": False}
    )  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for name, (experiment, paint, size) in FIGURES.items():
        result = load_result(experiment)
        if result is None:
            continue
        figure, axes = plt.subplots(figsize=size, layout="constrained")
        paint(result["found"], axes)
        axes.set_title(result["experiment"]["title"], loc="left", fontsize=10)
        path = folder / f"{name}.svg"
        figure.savefig(path, metadata={"Date": None, "Creator": None})
        plt.close(figure)
        text = path.read_text(encoding="utf-8")
        path.write_text(
            "\n".join(line.rstrip() for line in text.splitlines()) + "\n", encoding="utf-8"
        )
        made.append(path)
    return made


if __name__ == "__main__":
    draw()
