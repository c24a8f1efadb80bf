"""The solver against a model written apart from it, on events of every small shape."""

import pytest

from matcher.events.control import Control
from matcher.events.parsing import parse_event
from matcher.events.solving.search import SearchConfig
from matcher.events.solving.solve import SolveConfig, Solver
from tests.support.schedule_checker import broken_rules
from tests.support.schedule_monolith import best
from tests.support.small_events import small_event

BLOCKS = 10
EVENTS = 1000


@pytest.mark.slow
@pytest.mark.parametrize("block", range(BLOCKS))
def test_solver_agrees_with_the_monolith(block: int) -> None:
    for seed in range(block, EVENTS, BLOCKS):
        document = small_event(seed)
        result = Solver(parse_event(document).event, Control(30))().to_json()
        assert broken_rules(document, result) == [], seed
        expected = best(document)
        assert (expected is None) == (result["status"] == "infeasible"), seed
        if expected is None:
            continue
        goal = result["objective"]
        assert result["status"] == "optimal", seed
        assert (goal["must_missed"], goal["min_short"]) == expected[:2], seed
        assert goal["score"] == pytest.approx(expected[2], abs=2e-5), seed


@pytest.mark.slow
@pytest.mark.parametrize("timed", [0, 10**6], ids=["without time", "in time"])
def test_bounds_of_the_large_methods_hold_on_small_events(timed: int) -> None:
    quick = SearchConfig(rounds=10, patience=4, work=0.1)
    config = SolveConfig(exact_columns=0, timed_columns=timed, search=quick)
    for seed in range(150):
        document = small_event(seed)
        result = Solver(parse_event(document).event, Control(20), config)().to_json()
        assert broken_rules(document, result) == [], seed
        expected = best(document)
        if expected is None:
            continue
        goal = result["objective"]
        reached = (goal["must_missed"], goal["min_short"])
        assert reached >= expected[:2], seed
        if reached == expected[:2]:
            assert result["upper_bound"]["score"] >= expected[2] - 2e-5, seed
        if result["status"] == "optimal":
            assert reached == expected[:2], seed
            assert goal["score"] == pytest.approx(expected[2], abs=2e-5), seed
