"""Figures of docs/events.md: size, proof and gap. Run with `-m benchmark -s`."""

import resource
import time
from collections.abc import Callable
from typing import Any

import pytest

from matcher.events.control import Control
from matcher.events.parsing import parse_event
from matcher.events.repair import Previous
from matcher.events.schedule import Schedule
from matcher.events.schedule_event import schedule_event
from matcher.events.solving.solve import Solver
from tests.support.events import Shape, big_event
from tests.support.schedule_checker import broken_rules

pytestmark = pytest.mark.benchmark

HARD = Shape(windows=0.3, foreign=40, interpreters=6, owned=10, fixed=30)
HUGE = {"a": 5000, "b": 1000, "slots": 20, "tables": 1000}
CASES: list[tuple[str, Shape, float, float]] = [
    ("300 × 92, no windows", Shape(), 30, 0.0),
    ("300 × 92, everything", HARD, 30, 0.01),
    ("5,000 × 1,000", Shape(**HUGE), 120, 0.01),
    ("5,000 × 1,000, windows", Shape(**HUGE, windows=0.3), 120, 0.01),
    (
        "5,000 × 1,000, everything",
        Shape(**HUGE, windows=0.3, foreign=500, interpreters=60, owned=100, fixed=100),
        120,
        0.01,
    ),
]


def timed_solve(document: dict[str, Any], seconds: float) -> tuple[Schedule, float]:
    event = parse_event(document).event
    start = time.perf_counter()
    found = Solver(event, Control(seconds))()
    return found, time.perf_counter() - start


@pytest.mark.parametrize(("name", "shape", "limit", "gap"), CASES, ids=[c[0] for c in CASES])
def test_schedule_is_within_the_gap(name: str, shape: Shape, limit: float, gap: float) -> None:
    document = big_event(shape)
    timed_solve(big_event(Shape(a=5, b=3, slots=3, tables=2, per_a=2)), 5)  # imports
    found, seconds = timed_solve(document, limit)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(  # noqa: T201 -- the figures are the purpose
        f"\n{name}: {found.status}, gap {found.gap:.4%}, {len(found.meetings)} meetings,"
        f" {seconds:.2f} s, {memory:.2f} GB"
    )
    assert found.gap <= gap
    assert broken_rules(document, found.to_json()) == []


GONE = {f"a{n}" for n in range(0, 300, 10)} | {f"b{n}" for n in range(0, 92, 10)}


def no_shows(document: dict[str, Any]) -> None:
    """Every tenth person does not come."""
    for person in document["participants"]:
        if person["id"] in GONE:
            person["max_meetings"] = 0


def late_comers(document: dict[str, Any]) -> None:
    """Every tenth investor misses the first four slots."""
    for person in document["participants"]:
        if person["id"] in GONE and person["side"] == "a":
            person["unavailable"] = sorted({*person["unavailable"], "s0", "s1", "s2", "s3"})


def lost_table(document: dict[str, Any]) -> None:
    """One general table is lost for the whole day."""
    document["tables"][20]["unavailable"] = [slot["id"] for slot in document["slots"]]


@pytest.fixture(scope="module", params=["no windows", "everything"])
def planned(request: pytest.FixtureRequest) -> tuple[Shape, Schedule]:
    shape = HARD if request.param == "everything" else Shape()
    return shape, timed_solve(big_event(shape), 30)[0]


@pytest.mark.parametrize("happens", [no_shows, late_comers, lost_table])
def test_solving_again_is_quick_and_moves_few(
    planned: tuple[Shape, Schedule], happens: Callable[[dict[str, Any]], None]
) -> None:
    shape, before = planned
    document = big_event(shape)
    happens(document)
    document["fixed"] = [
        f for f in document["fixed"] if not {f["a"], f["b"]} & GONE and f["table"] != "t20"
    ]
    event = parse_event(document).event
    start, worked = time.perf_counter(), time.process_time()
    found = schedule_event(event, Control(10), previous=Previous(before.meetings))
    seconds, worked = time.perf_counter() - start, time.process_time() - worked
    print(  # noqa: T201 -- the figures are the purpose
        f"\n{happens.__name__}: {found.status}, {found.quality}, {seconds:.2f} s, {worked:.2f} s"
        " of processor time"
    )
    assert found.quality["moved_is_least"]
    assert happens is not no_shows or found.quality["moved"] == 0
    assert broken_rules(document, found.to_json()) == []
