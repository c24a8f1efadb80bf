"""Fewest cancelled, then fewest moved, against a model written apart."""

import random
from typing import Any

from matcher.events.control import Control
from matcher.events.parsing import parse_event
from matcher.events.repair import Previous, repair
from matcher.events.schedule_event import schedule_event
from matcher.events.solving.solve import SolveConfig, Solver
from tests.support.events import Shape, big_event
from tests.support.schedule_checker import broken_rules
from tests.support.schedule_monolith import best
from tests.support.small_events import small_event

Document = dict[str, Any]


def fewest_cancelled(document: Document, couples: set[tuple[str, str]]) -> int:
    """How many of the couples cannot all meet: each is made a must, nothing else counts."""
    pairs = [
        {**pair, "must": True, "score": 0}
        for pair in document["pairs"]
        if (pair["a"], pair["b"]) in couples
    ]
    people = [{**person, "min_meetings": 0} for person in document["participants"]]
    answer = best({**document, "pairs": pairs, "participants": people})
    assert answer is not None
    return answer[0]


def test_no_schedule_cancels_fewer() -> None:
    rng = random.Random(3)
    tried = 0
    for seed in range(100, 140):
        document = {**small_event(seed), "fixed": []}
        before = Solver(parse_event(document).event, Control(10))()
        if len(before.meetings) < 3:
            continue
        names = [slot["id"] for slot in document["slots"]]
        for record in (*document["participants"], *document["tables"], *document["interpreters"]):
            if rng.random() < 0.3:
                record["unavailable"] = rng.sample(names, rng.randint(0, len(names)))
        event = parse_event(document).event
        found = repair(event, Previous(before.meetings), Control(10), SolveConfig())
        assert broken_rules(document, found.to_json()) == [], seed
        couples = {(m.a, m.b) for m in before.meetings}
        assert found.quality["cancelled"] == fewest_cancelled(document, couples), seed
        assert found.quality["moved_is_least"], seed
        tried += 1
    assert tried > 12


def test_one_meeting_trades_places_with_another() -> None:
    """Every table is taken, so who comes late moves, and one other makes room."""
    document = big_event(Shape(a=2, b=2, slots=2, tables=2, per_a=1))
    document["pairs"] = [{"a": f"a{n}", "b": f"b{n}", "score": 1} for n in range(2)]
    document["tables"] = document["tables"][:1]
    before = schedule_event(parse_event(document).event, Control(5))
    first = next(m for m in before.meetings if m.slot == "s0")
    for person in document["participants"]:
        if person["id"] == first.a:
            person["unavailable"] = ["s0"]
    found = schedule_event(
        parse_event(document).event, Control(5), previous=Previous(before.meetings)
    )
    assert (found.quality["moved"], found.quality["cancelled"]) == (2, 0)
    assert found.quality["moved_is_least"]


def test_late_comers_to_a_full_hall_move_few() -> None:
    document = big_event(Shape(a=60, b=20, slots=8, tables=12, per_a=8))
    before = schedule_event(parse_event(document).event, Control(10))
    late = {f"a{n}" for n in range(0, 60, 10)}
    for person in document["participants"]:
        if person["id"] in late:
            person["unavailable"] = ["s0", "s1"]
    found = schedule_event(
        parse_event(document).event, Control(10), previous=Previous(before.meetings)
    )
    displaced = sum(m.a in late and m.slot in ("s0", "s1") for m in before.meetings)
    assert found.quality["cancelled"] == 0
    assert displaced <= found.quality["moved"] <= 3 * displaced
    assert found.quality["moved_is_least"]
