"""Tables of what was understood say what was measured, and whether a goal is met."""

from training.understanding_sets import WAYS
from training.understanding_tables import understanding


def profile(precision: float) -> dict[str, tuple[float, float, float]]:
    return {
        "before": (0.3, 0.2, 0.4),
        "precision": (precision, precision - 0.1, precision + 0.05),
        "ndcg": (0.8, 0.7, 0.9),
        "overlap": (0.75, 0.7, 0.8),
    }


def test_only_what_was_measured_is_told() -> None:
    text = understanding({"questions": {"vi→vi": 0.895}})
    assert text.splitlines()[2] == "| vi→vi | 0.895 |"
    assert "titles" not in text


def test_goals_are_met_or_missed_by_the_fresh_part() -> None:
    ways = {way: profile(0.88) for way in WAYS}
    text = understanding({"profiles": {"choose": ways, "fresh": ways}})
    assert "| vi | 0.300 → 0.880 | 0.300 → 0.880 |" in text
    assert "| vi | 0.300 | 0.880 [0.78, 0.93] | 0.90, **missed** | 0.800 [0.70, 0.90] | 1 |" in text
    assert "| ko | 0.300 | 0.880 [0.78, 0.93] | 0.87, met |" in text


def test_without_the_fresh_part_no_goal_is_judged() -> None:
    text = understanding({"profiles": {"choose": {way: profile(0.99) for way in WAYS}}})
    assert "goal" not in text


def test_titles_count_by_the_half_that_was_not_learnt_from() -> None:
    one = {"choose before": (0.6, 0.5, 0.7), "choose found": (0.9, 0.8, 1.0)}
    one |= {"report before": (0.64, 0.5, 0.7), "report found": (0.84, 0.8, 0.9)}
    (line,) = understanding({"titles": {"toneless → en": one}}).splitlines()[-1:]
    assert line == ("| no tones → en | 0.600 → 0.900 | 0.640 → 0.840 [0.80, 0.90] | 0.75, met |")
