"""What is written of a calibration: tables for a page of the documentation, and a diagram."""

from collections.abc import Sequence
from pathlib import Path

from matcher.calibration import Abstention, Calibration
from matcher.market import BoolArray, FloatArray
from matcher.types import Band
from training.calibrate import (
    CalibrationConfig,
    Judged,
    measured_bands,
    refusals,
    reliability,
    wilson,
)
from training.calibration_ways import WayFound


def tables(
    made: Calibration, judged: Judged, ways: Sequence[WayFound], config: CalibrationConfig
) -> str:
    """Bands, abstention, reliability and the ways that were tried, in Markdown."""
    learned = made.learned
    first, _ = reliability(judged.chance[:, 0], judged.right[:, 0], 5)
    parts = [
        f"Learned from {learned['calls']} calls of the past ({learned['taken_by_a_known_investor']}"
        f" taken by an investor known before), judged on the {learned['judged_calls']} after the "
        f"first looks; the ten first suggestions of each. ECE {made.ece:.4f} over all ten, "
        f"{made.first_ece:.4f} over the first alone.\n",
        _bands(made.bands),
        f"“No suitable investor” is said where nobody reaches {made.abstention.least:.4f}:\n",
        _abstention(made.abstention),
        *_halves(judged, config),
        _rows("probability given, mean", made.reliability),
        _rows("first of the list alone", first),
        _ways(ways),
    ]
    return "\n".join(parts)


def _halves(judged: Judged, config: CalibrationConfig) -> list[str]:
    """The same on the later half of the judged calls, the nearest to today."""
    half = len(judged) // 2
    late = Judged(judged.chance[half:], judged.right[half:])
    return [
        "The same on the later half of these calls alone:\n",
        _bands(measured_bands(late, config)),
        _abstention(refusals(late, config)),
    ]


def _bands(bands: Sequence[Band]) -> str:
    lines = [
        "| band | probability from | suggestions | right | 95 % interval |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {band.name} | {band.least:.2f} | {band.count:,} | {band.precision:.3f} | "
        f"{band.low:.3f}–{band.high:.3f} |"
        for band in bands
    ]
    return "\n".join(lines) + "\n"


def _abstention(found: Abstention) -> str:
    return (
        "| lists | share | first right | right one among ten |\n|---|---|---|---|\n"
        f"| refused | {found.share:.3f} | {found.refused_first:.3f} | {found.refused_ten:.3f} |\n"
        f"| kept | {1 - found.share:.3f} | {found.kept_first:.3f} | {found.kept_ten:.3f} |\n"
    )


def _rows(title: str, rows: Sequence[tuple[float, float, int]]) -> str:
    lines = [f"| {title} | were right | 95 % interval | suggestions |", "|---|---|---|---|"]
    for mean, share, count in rows:
        low, high = wilson(round(share * count), count)
        lines.append(f"| {mean:.3f} | {share:.3f} | {low:.3f}–{high:.3f} | {count:,} |")
    return "\n".join(lines) + "\n"


def _ways(ways: Sequence[WayFound]) -> str:
    lines = ["| way | log loss | Brier | ECE | ECE of the first |", "|---|---|---|---|---|"]
    lines += [
        f"| {way.name} | {way.log_loss:.4f} | {way.brier:.4f} | {way.ece:.4f} | "
        f"{way.first_ece:.4f} |"
        for way in ways
    ]
    return "\n".join(lines) + "\n"


def fill_block(page: Path, name: str, text: str) -> None:
    """Put a text between the marks ``<!-- name -->`` and ``<!-- /name -->`` of a page.

    Raises:
        ValueError: the page lacks the marks.
    """
    whole = page.read_text(encoding="utf-8")
    start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    if start not in whole or end not in whole:
        raise ValueError(f"{page.name} has no marks {start} … {end}. Put them where it belongs.")
    before, rest = whole.split(start, 1)
    after = rest.split(end, 1)[1]
    page.write_text(f"{before}{start}\n{text.strip()}\n{end}{after}", encoding="utf-8")


def diagram(made: Calibration, chance: FloatArray, right: BoolArray, path: Path) -> None:
    """Draw what was said against what came: all ten suggestions, and the first alone."""
    import matplotlib as mpl  # noqa: PLC0415 -- slow import

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "ketnoi"
    from matplotlib import pyplot as plt  # noqa: PLC0415 -- after the choice of the drawer

    figure, axis = plt.subplots(figsize=(5.2, 4.6))
    axis.plot([0, 0.5], [0, 0.5], color="#999999", linewidth=1, label="as said")
    for rows, colour, label in (
        (made.reliability, "#1f6f8b", "ten suggestions"),
        (reliability(chance, right, 5)[0], "#c8553d", "the first alone"),
    ):
        said = [mean for mean, _, _ in rows]
        came = [share for _, share, _ in rows]
        bounds = [wilson(round(share * count), count) for _, share, count in rows]
        spread = [
            [value - low for value, (low, _) in zip(came, bounds, strict=True)],
            [high - value for value, (_, high) in zip(came, bounds, strict=True)],
        ]
        axis.errorbar(said, came, yerr=spread, fmt="o-", color=colour, label=label, capsize=2)
    axis.set_xlabel("probability given")
    axis.set_ylabel("share that was right")
    axis.legend(frameon=False)
    figure.tight_layout()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
