"""The day of many made-up events: how much of each way's schedule is held when people fail.

`python -m training.simulation --figure docs/figures/events-simulation.svg` prints a table and
draws the chart of docs/events.md.
"""

import argparse
import statistics
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from matcher.events.control import Control
from matcher.events.event import Event
from matcher.events.repair import Previous, repair
from matcher.events.schedule import Meeting
from matcher.events.solving.solve import SolveConfig, Solver
from training.event_baselines import monolith, round_robin, self_booking
from training.event_worlds import WORLDS, Turnout, World, draw_event, draw_turnout, with_news

Plan = tuple[Meeting, ...]


@dataclass(frozen=True)
class SimulationConfig:
    """Shares of people (0 to 1), seeds drawn for each shape, seconds for one solve.

    work: for the one big model, in deterministic units of about a second.
    """

    no_show: float = 0.1
    late: float = 0.1
    seeds: int = 5
    seconds: float = 5.0
    work: float = 10.0


@dataclass(frozen=True)
class Outcome:
    """One event's day. Counts, but: score and share (of what hindsight could have had)."""

    planned: float
    held: float
    score: float
    share: float
    nobody: float  # people who came, have listed partners, and met no one
    waiting: float  # idle slots between first and last meeting, mean of those who met
    moved: float  # meetings whose printed time no longer holds


def simulate(world: World, seed: int, config: SimulationConfig) -> dict[str, Outcome]:
    """Every way's day on one event, by name."""
    event = draw_event(world, seed)
    turnout = draw_turnout(event, seed, no_show=config.no_show, late=config.late)
    best = _ceiling(event, turnout, config)
    plans: dict[str, Callable[[], Plan]] = {
        "greedy rounds": lambda: round_robin(event),
        "self-booking": lambda: self_booking(event, seed),
        "one model": lambda: monolith(event, config.work),
    }
    found = {
        name: measure(event, turnout, plan := make(), plan, best) for name, make in plans.items()
    }
    ours = _solve(event, config)
    found["Ketnoi, as planned"] = measure(event, turnout, ours, ours, best)
    found["Ketnoi, re-solved"] = measure(event, turnout, ours, _day(event, turnout, ours), best)
    return found


def _solve(event: Event, config: SimulationConfig) -> Plan:
    return Solver(event, Control(config.seconds), SolveConfig())().meetings


def _ceiling(event: Event, turnout: Turnout, config: SimulationConfig) -> float:
    """Bound of the score had everyone's coming been known, and standby invited."""
    known = with_news(event, turnout, no_shows=True, called_in=True)
    return Solver(known, Control(config.seconds), SolveConfig())().bound


def _day(event: Event, turnout: Turnout, plan: Plan) -> Plan:
    """Two re-solves: when late comers have called, and when the first slot is over."""
    first = with_news(event, turnout, no_shows=False)
    morning = repair(first, Previous(plan), Control(10), SolveConfig()).meetings
    known = with_news(event, turnout, no_shows=True)
    now = event.slots[0].end
    return repair(known, Previous(morning, now), Control(10), SolveConfig()).meetings


def measure(event: Event, turnout: Turnout, told: Plan, final: Plan, best: float) -> Outcome:
    """What was held of the final plan, against the one people were told the day before."""
    order = {slot.id: n for n, slot in enumerate(event.slots)}
    held = [m for m in final if all(turnout.there(p, order[m.slot]) for p in (m.a, m.b))]
    scores = {(pair.a, pair.b): pair.score for pair in event.pairs}
    score = sum(scores[m.a, m.b] for m in held)
    met = Counter(person for m in held for person in (m.a, m.b))
    listed = {person for pair in event.pairs for person in (pair.a, pair.b)}
    came = [p.id for p in event.participants if not p.standby and p.id not in turnout.absent]
    after = {(m.a, m.b): m.slot for m in final}
    return Outcome(
        planned=len(told),
        held=len(held),
        score=score,
        share=score / best if best else 1.0,
        nobody=sum(person in listed and not met[person] for person in came),
        waiting=_waiting(held, order),
        moved=sum(after.get((m.a, m.b), m.slot) != m.slot for m in told),
    )


def _waiting(held: Iterable[Meeting], order: dict[str, int]) -> float:
    places: dict[str, list[int]] = {}
    for meeting in held:
        for person in (meeting.a, meeting.b):
            places.setdefault(person, []).append(order[meeting.slot])
    idle = [max(at) - min(at) + 1 - len(at) for at in places.values()]
    return statistics.fmean(idle) if idle else 0.0


def run(config: SimulationConfig, worlds: Sequence[World]) -> dict[str, dict[str, Outcome]]:
    """World → way → mean outcome over the seeds."""
    found: dict[str, dict[str, Outcome]] = {}
    for world in worlds:
        days = [simulate(world, seed, config) for seed in range(config.seeds)]
        found[world.name] = {name: _mean([day[name] for day in days]) for name in days[0]}
        sys.stderr.write(f"{world.name} done\n")
    return found


def _mean(outcomes: Sequence[Outcome]) -> Outcome:
    return Outcome(
        *(statistics.fmean(getattr(o, field.name) for o in outcomes) for field in fields(Outcome))
    )


def as_table(found: dict[str, dict[str, Outcome]]) -> str:
    """The outcomes in Markdown."""
    lines = [
        "| event | way | planned | held | score | of hindsight | met no one | waiting | moved |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for world, ways in found.items():
        lines += [
            f"| {world} | {way} | {o.planned:.0f} | {o.held:.0f} | {o.score:.1f} | {o.share:.1%} "
            f"| {o.nobody:.1f} | {o.waiting:.2f} | {o.moved:.1f} |"
            for way, o in ways.items()
        ]
    return "\n".join(lines)


def draw(found: dict[str, dict[str, Outcome]], path: Path) -> None:
    """Two charts: share of hindsight's score held, and people who met no one."""
    import matplotlib as mpl  # noqa: PLC0415 -- slow import
    from matplotlib.figure import Figure  # noqa: PLC0415 -- slow import

    mpl.rcParams["svg.hashsalt"] = "ketnoi"
    figure = Figure(figsize=(10, 6.4), layout="constrained")
    axes: Any = figure.subplots(2, 1, sharex=True)
    colours = ("#b8b8b8", "#8c8c8c", "#d9a441", "#8fb8de", "#1f4e79")
    ways = list(next(iter(found.values())))
    width = 0.8 / len(ways)
    for number, (way, colour) in enumerate(zip(ways, colours, strict=True)):
        at = [place + (number - 2) * width for place in range(len(found))]
        outcomes = [world[way] for world in found.values()]
        axes[0].bar(at, [100 * o.share for o in outcomes], width, label=way, color=colour)
        axes[1].bar(at, [o.nobody for o in outcomes], width, color=colour)
    axes[0].set_ylabel("score held,\n% of hindsight's best")
    axes[0].set_ylim(0, 100)
    axes[0].legend(ncols=len(ways), fontsize=8, loc="lower center", bbox_to_anchor=(0.5, 1.0))
    axes[1].set_ylabel("people who came\nand met no one")
    axes[1].set_xticks(range(len(found)), list(found))
    for axis in axes:
        axis.spines[["top", "right"]].set_visible(False)
        axis.grid(axis="y", alpha=0.3)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)


def main() -> None:
    """Run the simulation from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--figure", type=Path)
    parser.add_argument("--seeds", type=int, default=SimulationConfig.seeds)
    parser.add_argument("--work", type=float, default=SimulationConfig.work)
    arguments = parser.parse_args()
    config = SimulationConfig(seeds=arguments.seeds, work=arguments.work)
    found = run(config, WORLDS)
    sys.stdout.write(as_table(found) + "\n")
    if arguments.figure is not None:
        draw(found, arguments.figure)


if __name__ == "__main__":
    main()
