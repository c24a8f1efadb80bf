"""The smallest changes that would help, each verified by solving the changed event."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Any

from matcher.events.changing import Change, Reach, apply_change, describe, describe_all, in_order
from matcher.events.control import Control
from matcher.events.event import Event, Participant, needs_interpreter
from matcher.events.faults.contradictions import Fault, find_contradictions
from matcher.events.faults.infeasibility import explain_unmet
from matcher.events.schedule import Schedule
from matcher.events.solving.problem import compile_event
from matcher.events.solving.search import SearchConfig
from matcher.events.solving.solve import SolveConfig, Solver

MAX_COPIES = 3
MAX_PARTS = 4
MAX_PEOPLE = 8
MAX_NAMED = 24  # fixed meetings among which every two are tried
ALL_MET: Reach = (0, 0)
OF_THEIR_OWN = ("few_pairs", "few_slots", "met_all")  # causes that no resource can mend


@dataclass(frozen=True)
class RemedyConfig:
    """How long to look: seconds in all and for one solve, and how many remedies to give."""

    seconds: float = 20.0
    each: float = 5.0
    most: int = 6
    solve: SolveConfig = field(default_factory=SolveConfig)


class _Trials:
    """Solves changed events within a budget; the answers are remembered."""

    def __init__(
        self, event: Event, control: Control, config: RemedyConfig, budget: Control
    ) -> None:
        self.event, self.control, self.config, self.budget = event, control, config, budget
        self.known: dict[Change, Reach | None] = {}
        quick = SearchConfig(
            rounds=30, patience=10, work=0.5, seed=config.solve.seed, reach_only=True
        )
        self.solve = replace(config.solve, search=quick, timed_columns=0)

    def reach(self, change: Change) -> Reach | None:
        """What the change achieves; None when time is over or there is no schedule."""
        if change not in self.known:
            if self.over:
                return None
            self.control.report(f"would one more help: {change.what}")
            self.known[change] = self.solver(apply_change(self.event, change)).reach()
        return self.known[change]

    @property
    def over(self) -> bool:
        return self.budget.left() <= 0 or self.control.stopped

    def solver(self, event: Event) -> Solver:
        """A short solve of an event."""
        return Solver(event, Control(min(self.config.each, self.budget.left())), self.solve)

    def helps(self, change: Change, wanted: Reach) -> bool:
        """True when the change achieves `wanted` or better."""
        reached = self.reach(change)
        return reached is not None and reached <= wanted


Found = tuple[Reach, Change]
Steps = tuple[Reach, list[Change]]


def find_remedies(
    event: Event, found: Schedule, control: Control, config: RemedyConfig
) -> tuple[dict[str, Any], ...]:
    """Changes that lower musts missed or the shortfall, best and smallest first.

    Single changes; when none of them mends everything, also what helps both sides of a missed
    must, and a combination that does better. Demands are lowered where nothing else helps.
    Each figure is that of a schedule found for the changed event, so it can be had; a change
    not listed may still help if its solve ran out of time.
    """
    budget = Control(config.seconds)
    trials = _Trials(event, control, config, budget)
    now = (found.objective.must_missed, found.objective.min_short)
    single = _best(trials, found, now)
    remedies = [describe(event, change, reached) for reached, change in single[: config.most]]
    if not single or single[0][0] != ALL_MET:
        both = None if trials.over else _both_sides(trials, found, now)
        start: Steps = both or ((single[0][0], [single[0][1]]) if single else (now, []))
        together = None if trials.over else _combination(trials, start, found)
        if together is not None and (not single or together[0] < single[0][0]):
            reached, parts = together
            remedies.insert(0, describe_all(_before_each(event, parts), reached))
    return tuple(remedies)


def _both_sides(trials: _Trials, found: Schedule, now: Reach) -> Steps | None:
    """The missed must for which a change to both its sides does most; None if none does."""
    best: Steps | None = None
    for reason in found.unmet[:MAX_PEOPLE]:
        what = {"no_common_slot": "window", "maximum": "maximum"}.get(reason["cause"])
        if reason["kind"] != "must" or what is None:
            continue
        parts = [Change(what, person=reason[side]) for side in ("a", "b")]
        people = {p.id: p for p in trials.event.participants}
        if what == "maximum" and any(people[p.person].max_meetings is None for p in parts):
            continue
        reached = trials.solver(_all(trials.event, parts)).reach()
        if reached is not None and reached < (best[0] if best else now):
            best = reached, parts
    return best


def _best(trials: _Trials, found: Schedule, now: Reach, *, demands: bool = False) -> list[Found]:
    """Every single change that helps, in its smallest form; best, then smallest, first.

    demands: lower demands alone, whatever the cause.
    """
    helpful: list[Found] = []
    choices = _demands(found, every=True) if demands else _candidates(trials.event, found)
    for change in choices:
        best = _enough(trials, change, now)
        if best is None:
            continue
        best = _shrink(trials, best)
        reached = trials.known[best]
        if reached is not None:
            helpful.append((reached, best))
    return sorted(helpful, key=lambda one: (one[0], one[1].what == "minimum", one[1].size))


def _combination(trials: _Trials, start: Steps, found: Schedule) -> Steps | None:
    """Changes one after the other, each the best then; those made needless are dropped."""
    reached, parts = start
    parts = list(parts)
    while reached != ALL_MET and len(parts) < MAX_PARTS and not trials.over:
        event = _all(trials.event, parts)
        inner = _Trials(event, trials.control, trials.config, trials.budget)
        if parts:
            found = inner.solver(event)()
            found = replace(found, unmet=explain_unmet(event, found))
        following = _best(inner, found, reached) or _best(inner, found, reached, demands=True)
        if not following:
            break
        reached, change = following[0]
        parts.append(change)
    parts, final = _needed(trials, parts)
    return None if final is None or not parts else (final, parts)


def _needed(trials: _Trials, parts: list[Change]) -> tuple[list[Change], Reach | None]:
    """The parts without those that the others make needless, and what they achieve."""
    final = trials.solver(_all(trials.event, parts)).reach()
    for part in list(parts):
        fewer = [other for other in parts if other is not part]
        if len(fewer) > 1 and trials.solver(_all(trials.event, fewer)).reach() == final:
            parts = fewer
    return parts, final


def _all(event: Event, parts: list[Change]) -> Event:
    for part in parts:
        event = apply_change(event, part)
    return event


def _before_each(event: Event, parts: list[Change]) -> list[tuple[Event, Change]]:
    found = []
    for part in parts:
        found.append((event, part))
        event = apply_change(event, part)
    return found


def find_releases(
    event: Event, control: Control, config: RemedyConfig, positions: Sequence[int] | None = None
) -> tuple[dict[str, Any], ...]:
    """Fewest fixed meetings to let go so that there is a schedule at all.

    Fewest is certain for one and two; a larger set is one of which none can stay. positions:
    the places of the event's fixed meetings in the file, when it holds only some of them.
    """
    places = range(len(event.fixed)) if positions is None else positions
    trials = _Trials(event, control, config, Control(config.seconds))
    remedies = []
    for fixed in _releases(event, trials):
        change = Change("fixed", fixed=fixed, copies=len(fixed))
        reached = trials.reach(change)
        if reached is not None:
            shown = replace(change, fixed=tuple(places[n] for n in fixed))
            remedies.append((reached, describe(event, shown, reached)))
    remedies.sort(key=lambda one: one[0])
    return tuple(remedy for _, remedy in remedies[: config.most])


def _releases(event: Event, trials: _Trials) -> list[tuple[int, ...]]:
    named = _named(_faults(event, ()))
    for size in (1, 2):
        if len(named) > MAX_NAMED and size > 1:
            break
        found = [c for c in combinations(named, size) if not trials.over and _sound(event, c)]
        if found:
            return found
    dropped: list[int] = []
    while (faults := _faults(event, dropped)) and not trials.over:
        left = [n for n in _named(faults) if n not in dropped]
        dropped.append(left[-1] if left else len(event.fixed) - 1 - len(dropped))
    for number in list(dropped):
        fewer = tuple(n for n in dropped if n != number)
        if _sound(event, fewer):
            dropped.remove(number)
    return [tuple(sorted(dropped))] if _sound(event, tuple(dropped)) else []


def _faults(event: Event, dropped: list[int] | tuple[int, ...]) -> list[Fault]:
    """What still speaks against the fixed meetings; their positions are the event's own."""
    kept = [n for n in range(len(event.fixed)) if n not in dropped]
    changed = replace(event, fixed=tuple(event.fixed[n] for n in kept))

    def renumber(text: str) -> str:
        return re.sub(r"fixed\[(\d+)\]", lambda m: f"fixed[{kept[int(m[1])]}]", text)

    return [
        Fault(renumber(f.place), renumber(f.en), renumber(f.vi))
        for f in find_contradictions(compile_event(changed))
    ]


def _sound(event: Event, dropped: tuple[int, ...]) -> bool:
    return not _faults(event, dropped)


def _named(faults: list[Fault]) -> list[int]:
    """Positions of the fixed meetings that the faults speak of."""
    return sorted({int(n) for f in faults for n in re.findall(r"fixed\[(\d+)\]", f.place + f.en)})


def _candidates(event: Event, found: Schedule) -> Iterator[Change]:
    last = len(event.slots) - 1
    if event.slots:
        yield Change("table", last=last)
    for languages in _tongues(event, found):
        yield Change("interpreter", languages=languages, last=last)
    if event.slots:
        yield Change("slot")
    for person in _concerned(event, found):
        if person.max_meetings is not None:
            yield Change("maximum", person=person.id)
        if person.unavailable:
            yield Change("window", person=person.id)
    yield from _demands(found)


def _demands(found: Schedule, *, every: bool = False) -> Iterator[Change]:
    """Demands that could be less: where nothing else can help, or every one."""
    for reason in found.unmet[:MAX_PEOPLE]:
        if reason["kind"] == "minimum" and (every or reason["cause"] in OF_THEIR_OWN):
            yield Change("minimum", person=reason["participant"], copies=reason["short"])
        if reason["kind"] == "must" and (every or reason["cause"] == "veto"):
            yield Change("must", pair=(reason["a"], reason["b"]))


def _concerned(event: Event, found: Schedule) -> list[Participant]:
    """Those who are short, then those whom they could have met."""
    short: dict[str, None] = {}
    for reason in found.unmet:
        for key in ("a", "b", "participant"):
            if key in reason:
                short[reason[key]] = None
    held = {(m.a, m.b) for m in found.meetings}
    others: dict[str, None] = {}
    for pair in event.pairs:
        if (pair.a, pair.b) not in held:
            for one, other in ((pair.a, pair.b), (pair.b, pair.a)):
                if one in short and other not in short:
                    others[other] = None
    people = {person.id: person for person in event.participants}
    return [people[i] for i in [*list(short)[:MAX_PEOPLE], *list(others)[:MAX_PEOPLE]]]


def _tongues(event: Event, found: Schedule) -> list[tuple[str, ...]]:
    """Language pairs that an unmet must or a short participant would need, commonest first."""
    people = {person.id: person for person in event.participants}
    short = {reason.get("participant") for reason in found.unmet}
    missed = {(reason.get("a"), reason.get("b")) for reason in found.unmet}
    wanted: dict[tuple[str, ...], int] = {}
    for pair in event.pairs:
        if pair.a not in short and pair.b not in short and (pair.a, pair.b) not in missed:
            continue
        a, b = people[pair.a].languages, people[pair.b].languages
        if not needs_interpreter(a, b):
            continue
        for one in a:
            for other in b:
                key = tuple(sorted((one, other)))
                wanted[key] = wanted.get(key, 0) + 1
    return sorted(wanted, key=lambda key: (-wanted[key], key))[:4]


def _enough(trials: _Trials, change: Change, now: Reach) -> Change | None:
    """The change with as many copies as keep helping, or None when one doesn't help."""
    best, reached = None, now
    most = MAX_COPIES if change.what in ("table", "interpreter", "slot", "maximum") else 1
    for copies in range(change.copies, change.copies + most):
        tried = replace(change, copies=copies)
        found = trials.reach(tried)
        if found is None or found >= reached:
            break
        best, reached = tried, found
        if found == ALL_MET:
            break
    return best


def _shrink(trials: _Trials, change: Change) -> Change:
    """The shortest run of slots with the same gain: latest start, then earliest end."""
    wanted = trials.known[change]
    if wanted is None or change.what not in ("table", "interpreter"):
        return change
    last = len(in_order(trials.event)) - 1
    low, high = 0, last
    while low < high:
        middle = (low + high + 1) // 2
        if trials.helps(replace(change, first=middle), wanted):
            low = middle
        else:
            high = middle - 1
    change = replace(change, first=low)
    low, high = change.first, change.last
    while low < high:
        middle = (low + high) // 2
        if trials.helps(replace(change, last=middle), wanted):
            high = middle
        else:
            low = middle + 1
    change = replace(change, last=high)
    trials.reach(change)
    return change
