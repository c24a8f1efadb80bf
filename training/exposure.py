"""What it costs to spread the lists: concentration before and after caps, and nDCG, on the past.

`make exposure` fills the tables of docs/exposure.md: of calls of the past that are ranked as of a
day before they were taken, and of the sample's open calls.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from matcher.calibration import Calibration, Chances
from matcher.market import BoolArray, FloatArray, IntArray, Market
from matcher.ranker import FIRST_RANKER
from matcher.reciprocal import Reciprocal, ReciprocalConfig
from matcher.rerank import Concentration, capped, concentration
from training.calibrate import (
    CalibrationConfig,
    calls_of,
    fit_chances,
    fit_sharpness,
    investors_of,
    look_back,
)
from training.calibration_report import fill_block
from training.house import ROOT, sample_market
from training.metrics import outcome
from training.rolling import Fold

PAGE = ROOT / "docs" / "exposure.md"
N = 10
_WEIGHTS = (0.0, 0.1, 0.25, 0.5, 1.0)
_CAPS = (0.5, 0.3, 0.2, 0.1)  # of the lists


@dataclass(frozen=True, slots=True)
class Spread:
    """One way to make lists: quality for both sides and concentration, means over the folds."""

    name: str
    ndcg: float
    recall: float
    investors_ndcg: float
    gini: float
    five: float
    three_of_five: float
    most: float  # of the lists, the share that the most shown investor is on


def measure(folds: Sequence[Fold], config: CalibrationConfig) -> list[Spread]:
    """All ways, each fold by chances that were learned from the folds before it."""
    found: dict[str, list[tuple[float, ...]]] = {}
    for later in range(config.first_folds, len(folds)):
        fold = folds[later]
        scores = fold.scores[:, fold.known]
        taken = fold.taken[:, fold.known]
        calibration = _known_by(folds[:later])
        n = len(scores)
        for name, weight, cap in _ways(n):
            worth = Reciprocal(calibration, ReciprocalConfig(weight))(scores)
            lists = [
                found_[np.argsort(-worth[row][found_], kind="stable")]
                for row, found_ in enumerate(capped(worth, n=N, cap=cap))
            ]
            values = (*_quality(lists, worth, taken), *_evenness(lists, scores.shape[1]))
            found.setdefault(name, []).append(values)
    means = {name: np.nanmean(np.array(rows), axis=0) for name, rows in found.items()}
    return [Spread(name, *(float(value) for value in row)) for name, row in means.items()]


def _ways(n: int) -> list[tuple[str, float, int]]:
    ways = [(f"investor's side {weight:g}, no cap", weight, n) for weight in _WEIGHTS]
    for share in _CAPS:
        cap = max(1, round(share * n))
        usual = ReciprocalConfig().weight
        ways.append((f"investor's side {usual:g}, cap {share:.0%} of the lists", usual, cap))
    return ways


def _known_by(folds: Sequence[Fold]) -> Calibration:
    """Both sides' chances from some folds; what else a calibration holds is not needed here."""
    chances: Chances = fit_chances([calls_of(fold) for fold in folds])
    choosing = fit_sharpness([investors_of(fold) for fold in folds])
    return Calibration.bare(FIRST_RANKER.id, chances, choosing)


def _quality(
    lists: Sequence[IntArray], worth: FloatArray, taken: BoolArray
) -> tuple[float, float, float]:
    """nDCG@10 and recall@10 of the lists, and nDCG@10 of the calls of each investor by worth."""
    ndcg, recall, other = [], [], []
    for chosen, row, truth in zip(lists, worth, taken, strict=True):
        if truth.any():
            placed = np.full(len(row), -np.inf, dtype=np.float32)
            placed[chosen] = -np.arange(len(chosen))
            got = outcome(placed, truth)
            ndcg.append(got.ndcg_10)
            recall.append(got.recall_10)
    for column, truth in zip(worth.T, taken.T, strict=True):
        if truth.any():
            other.append(outcome(column, truth).ndcg_10)
    return float(np.mean(ndcg)), float(np.mean(recall)), float(np.mean(other))


def _evenness(lists: Sequence[IntArray], columns: int) -> tuple[float, float, float, float]:
    found = concentration(lists, columns)
    return found.gini, found.five, found.three_of_five, found.most / max(found.lists, 1)


def past_table(ways: Sequence[Spread]) -> str:
    """The ways as a Markdown table."""
    lines = [
        "| way | nDCG@10 | recall@10 | nDCG@10, calls for an investor | Gini | five most shown: "
        "places | lists with three of them | lists of the most shown |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {way.name} | {way.ndcg:.3f} | {way.recall:.3f} | {way.investors_ndcg:.3f} | "
        f"{way.gini:.3f} | {way.five:.3f} | {way.three_of_five:.3f} | {way.most:.0%} |"
        for way in ways
    ]
    return "\n".join(lines) + "\n"


def open_table(market: Market, scores: FloatArray, calibration: Calibration) -> str:
    """Concentration of the lists of the sample's open calls, by themselves and under caps."""
    n = len(scores)
    rows: list[tuple[str, Concentration]] = []
    alone = [np.argsort(-row, kind="stable")[:N] for row in scores]
    rows.append(("each by itself", concentration(alone, scores.shape[1])))
    worth = Reciprocal(calibration)(scores)
    for share in (1.0, *_CAPS):
        cap = max(1, round(share * n))
        lists = capped(worth, n=N, cap=cap)
        name = "two-sided" if share == 1.0 else f"two-sided, cap {cap}"
        rows.append((name, concentration(lists, scores.shape[1])))
    lines = [
        f"| lists of {n} open calls, {len(market.investors)} investors | Gini | five most shown: "
        "places | lists with three of them | with all five | most lists of one | shown at all |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {name} | {one.gini:.3f} | {one.five:.3f} | {one.three_of_five:.3f} | "
        f"{one.all_five:.3f} | {one.most} | {one.shown} |"
        for name, one in rows
    ]
    return "\n".join(lines) + "\n"


def open_scores(market: Market) -> FloatArray:
    """(n_open, n_investors) scores of the calls marked open, as of the day after the last deal."""
    from matcher.candidates import calls_marked_open  # noqa: PLC0415 -- only here
    from matcher.features import feature_parts  # noqa: PLC0415 -- only here

    calls = calls_marked_open(market)
    out = np.empty((len(calls), len(market.investors)), dtype=np.float32)
    day = int(market.deal_day.max()) + 1
    for places, part in feature_parts(market, calls=calls, before=day, wanted=FIRST_RANKER.needs):
        out[places] = FIRST_RANKER.score(part)
    return out


def main() -> int:
    """Fill the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, default=Path("var"), help="models and vectors")
    market, dated = sample_market(parser.parse_args().home)
    config = CalibrationConfig()
    folds = look_back(dated, lambda _past: FIRST_RANKER, config)
    fill_block(PAGE, "past", past_table(measure(folds, config)))
    fill_block(PAGE, "open", open_table(market, open_scores(market), _known_by(folds)))
    sys.stdout.write(f"Written: {PAGE.name}.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
