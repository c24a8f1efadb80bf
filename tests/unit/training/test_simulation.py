"""The simulation: baselines keep the rules, the day counts what people would count."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from matcher.events.day import count
from matcher.events.event import Event
from matcher.events.schedule import Meeting, Schedule
from matcher.events.verify import find_faults
from training.event_baselines import monolith, round_robin, self_booking
from training.event_worlds import Turnout, World, draw_event, draw_turnout, with_news
from training.simulation import SimulationConfig, as_table, draw, measure, run

WORLD = World("small", 12, 5, 5, 3, 3, 0.3, 0.3, 2, owned=1, standby=2)
CONFIG = SimulationConfig(seeds=1, seconds=3, work=1.0)


@pytest.fixture(scope="module")
def event() -> Event:
    return draw_event(WORLD, 0)


@pytest.mark.parametrize(
    "make",
    [round_robin, lambda e: self_booking(e, 1), lambda e: monolith(e, 1.0)],
    ids=["rounds", "self-booking", "one model"],
)
def test_baseline_keeps_every_rule(
    event: Event, make: Callable[[Event], tuple[Meeting, ...]]
) -> None:
    meetings = make(event)
    assert meetings
    schedule = Schedule("feasible", count(event, meetings), float("inf"), meetings)
    assert find_faults(event, schedule) == []
    standby = {p.id for p in event.participants if p.standby}
    assert not standby & {m.a for m in meetings}


def test_event_of_one_seed_is_always_the_same(event: Event) -> None:
    assert draw_event(WORLD, 0) == event
    assert draw_event(WORLD, 1) != event


def test_turnout_draws_the_asked_shares() -> None:
    large = draw_event(World("large", 900, 100, 10, 10, 1), 0)
    turnout = draw_turnout(large, 0, no_show=0.2, late=0.1)
    assert 150 < len(turnout.absent) < 250
    assert 60 < len(turnout.late) < 140
    assert all(1 <= slot < 5 for slot in turnout.late.values())


def test_only_meetings_of_people_who_are_there_count(event: Event) -> None:
    pairs = [p for p in event.pairs if p.a in ("a000", "a001")][:2]
    plan = tuple(Meeting(p.a, p.b, f"s{n:02}", "t01") for n, p in enumerate(pairs))
    everyone = measure(event, Turnout(frozenset(), {}), plan, plan, 10.0)
    assert (everyone.held, everyone.share) == (2, sum(p.score for p in pairs) / 10)
    one_gone = measure(event, Turnout(frozenset({pairs[0].a}), {}), plan, plan, 10.0)
    late = measure(event, Turnout(frozenset(), {pairs[1].a: 2}), plan, plan, 10.0)
    assert late.held == (0 if pairs[0].a == pairs[1].a else 1)
    assert one_gone.held <= 1


def test_waiting_and_moves_are_counted(event: Event) -> None:
    a = event.pairs[0].a
    mine = [p for p in event.pairs if p.a == a][:2]
    told = tuple(Meeting(p.a, p.b, f"s0{n}", "t01") for n, p in enumerate(mine))
    final = (told[0], replace(told[1], slot="s03"))
    outcome = measure(event, Turnout(frozenset(), {}), told, final, 1.0)
    assert outcome.moved == 1
    assert outcome.waiting == pytest.approx(2 / 3)  # a waits two slots, both hosts none


def test_news_of_the_day_reach_the_event(event: Event) -> None:
    turnout = Turnout(frozenset({"a000"}), {"b001": 2})
    people = {p.id: p for p in with_news(event, turnout, no_shows=True).participants}
    assert people["a000"].max_meetings == 0
    assert {"s00", "s01"} <= people["b001"].unavailable
    known = with_news(event, turnout, no_shows=False)
    assert {p.id: p for p in known.participants}["a000"].max_meetings == 6


def test_whole_simulation_reports_and_draws(tmp_path: Path) -> None:
    found = run(CONFIG, [WORLD])
    ways = found["small"]
    assert ways["Ketnoi, re-solved"].held >= ways["Ketnoi, as planned"].held
    assert all(0 <= outcome.share <= 1 for outcome in ways.values())
    assert as_table(found).count("\n") == 1 + len(ways)
    draw(found, tmp_path / "chart.svg")
    assert "<svg" in (tmp_path / "chart.svg").read_text(encoding="utf-8")
