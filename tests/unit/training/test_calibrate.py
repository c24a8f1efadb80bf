"""Chances that were drawn from a known law are found again, and judged fairly."""

from pathlib import Path

import numpy as np
import pytest

from matcher.calibration import Chances
from training.calibrate import (
    CalibrationConfig,
    calls_of,
    fit_chances,
    judge_forward,
    reliability,
    wilson,
)
from training.calibration_report import fill_block
from training.rolling import Fold

LAW = Chances(sharpness=1.5, offset=3.0, trust=0.5, takers=1.0)


def folds(n: int, calls: int = 300, investors: int = 40) -> list[Fold]:
    """Calls whose taker is drawn by ``LAW``, or is somebody unknown."""
    rng = np.random.default_rng(5)
    out = []
    for day in range(n):
        scores = rng.normal(3.0, 1.5, size=(calls, investors + 1)).astype(np.float32)
        known = np.append(np.ones(investors, dtype=np.bool_), False)
        chances = LAW(scores[:, :investors]).astype(np.float64)
        taken = np.zeros((calls, investors + 1), dtype=np.bool_)
        for row, chance in enumerate(chances):
            none = max(0.0, 1.0 - float(chance.sum()))
            taker = rng.choice(investors + 1, p=np.append(chance, none) / (chance.sum() + none))
            taken[row, taker] = True
        out.append(Fold(day, day + 1, np.arange(calls), scores, taken, known, {}))
    return out


def test_the_law_is_found_again() -> None:
    found = fit_chances([calls_of(fold) for fold in folds(6)])
    assert found.sharpness == pytest.approx(LAW.sharpness, rel=0.1)
    assert found.trust == pytest.approx(LAW.trust, rel=0.35)
    scores = folds(1)[0].scores[:50, :40]
    np.testing.assert_allclose(found(scores).sum(axis=1), LAW(scores).sum(axis=1), atol=0.06)


def test_what_is_said_forward_in_time_comes_true() -> None:
    config = CalibrationConfig()
    judged = judge_forward(folds(6), config)
    rows, ece = reliability(judged.chance.ravel(), judged.right.ravel(), config.bins)
    assert len(judged) == 4 * 300
    assert ece < 0.01
    assert sum(count for _, _, count in rows) == judged.chance.size


def test_nothing_is_judged_by_what_came_after() -> None:
    """The last fold obeys another law; chances of the folds before it stay as they were."""
    made = folds(5)
    before = judge_forward(made[:4], CalibrationConfig())
    turned = Fold(
        made[4].day, made[4].until, made[4].calls, -made[4].scores, made[4].taken, made[4].known, {}
    )
    after = judge_forward([*made[:4], turned], CalibrationConfig())
    np.testing.assert_array_equal(after.chance[: len(before)], before.chance)


def test_reliability_of_the_certain_is_perfect() -> None:
    right = np.array([True] * 50 + [False] * 50)
    rows, ece = reliability(right.astype(np.float32), right, 2)
    assert rows == ((0.0, 0.0, 50), (1.0, 1.0, 50))
    assert ece == 0.0


@pytest.mark.parametrize(("hits", "n"), [(0, 10), (10, 10), (3, 10), (0, 0)])
def test_intervals_hold_the_share(hits: int, n: int) -> None:
    low, high = wilson(hits, n)
    assert low <= (hits / n if n else 0.5) <= high + 1e-9
    assert high > low


def test_a_block_is_filled_and_filled_again(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("a\n<!-- x -->\nold\n<!-- /x -->\nb\n", encoding="utf-8")
    for text in ("new", "newer\n"):
        fill_block(page, "x", text)
    assert page.read_text(encoding="utf-8") == "a\n<!-- x -->\nnewer\n<!-- /x -->\nb\n"
    with pytest.raises(ValueError, match="has no marks"):
        fill_block(page, "y", "z")
