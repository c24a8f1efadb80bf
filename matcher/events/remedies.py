"""The smallest changes that would help, each verified by solving the changed event."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from matcher.events.clock import build_clock
from matcher.events.control import Control
from matcher.events.event import Event, Interpreter, Slot, Table, needs_interpreter
from matcher.events.schedule import Schedule
from matcher.events.search import SearchConfig
from matcher.events.solve import SolveConfig, Solver

Reach = tuple[int, int]  # musts missed, shortfall
MAX_COPIES = 3


@dataclass(frozen=True)
class RemedyConfig:
    """How long to look: seconds in all and for one solve, and how many remedies to give."""

    seconds: float = 20.0
    each: float = 5.0
    most: int = 6
    solve: SolveConfig = field(default_factory=SolveConfig)


@dataclass(frozen=True)
class Change:
    """`copies` of one thing more, there in a run of slots (positions in time order)."""

    what: str
    languages: tuple[str, ...] = ()
    person: str = ""
    copies: int = 1
    first: int = 0
    last: int = 0


class _Trials:
    """Solves changed events within a budget; the answers are remembered."""

    def __init__(self, event: Event, control: Control, config: RemedyConfig) -> None:
        self.event, self.control, self.config = event, control, config
        self.order = [event.slots[n] for n in build_clock(event.slots).order]
        self.budget = Control(config.seconds)
        self.known: dict[Change, Reach | None] = {}
        quick = SearchConfig(
            rounds=30, patience=10, work=0.5, seed=config.solve.seed, reach_only=True
        )
        self.solve = replace(config.solve, search=quick, timed_columns=0)

    def reach(self, change: Change) -> Reach | None:
        """What the change achieves; None when time is over."""
        if change not in self.known:
            if self.budget.left() <= 0 or self.control.stopped:
                return None
            self.control.report(f"would one more help: {change.what}")
            inner = Control(min(self.config.each, self.budget.left()))
            changed = apply_change(self.event, change)
            self.known[change] = Solver(changed, inner, self.solve).reach()
        return self.known[change]

    def helps(self, change: Change, wanted: Reach) -> bool:
        """True when the change achieves `wanted` or better."""
        reached = self.reach(change)
        return reached is not None and reached <= wanted


def find_remedies(
    event: Event, found: Schedule, control: Control, config: RemedyConfig
) -> tuple[dict[str, Any], ...]:
    """Changes that lower musts missed or the shortfall, best and smallest first.

    Each figure is that of a schedule found for the changed event, so it can be had; a
    change not listed may still help if its solve ran out of time.
    """
    now = (found.objective.must_missed, found.objective.min_short)
    trials = _Trials(event, control, config)
    remedies: list[tuple[Reach, int, dict[str, Any]]] = []
    for change in _candidates(event, found):
        best = _enough(trials, change, now)
        if best is None:
            continue
        best = _shrink(trials, best)
        reached = trials.known[best]
        if reached is not None:
            size = best.copies * (best.last - best.first + 1)
            remedies.append((reached, size, describe(trials.order, best, reached)))
    remedies.sort(key=lambda remedy: (remedy[0], remedy[1]))
    return tuple(remedy for _, _, remedy in remedies[: config.most])


def _candidates(event: Event, found: Schedule) -> Iterator[Change]:
    last = len(event.slots) - 1
    if event.slots:
        yield Change("table", last=last)
    for languages in _tongues(event, found):
        yield Change("interpreter", languages=languages, last=last)
    if event.slots:
        yield Change("slot")
    people = {person.id: person for person in event.participants}
    touched: dict[str, None] = {}
    for reason in found.unmet:
        for key in ("a", "b", "participant"):
            if key in reason:
                touched[reason[key]] = None
    for identity in list(touched)[:8]:
        if people[identity].max_meetings is not None:
            yield Change("maximum", person=identity)
        if people[identity].unavailable:
            yield Change("window", person=identity)


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
    for copies in range(1, MAX_COPIES + 1):
        tried = replace(change, copies=copies)
        found = trials.reach(tried)
        if found is None or found >= reached:
            break
        best, reached = tried, found
        if found == (0, 0):
            break
        if change.what == "window":
            break
    return best


def _shrink(trials: _Trials, change: Change) -> Change:
    """The shortest run of slots with the same gain: latest start, then earliest end."""
    wanted = trials.known[change]
    if wanted is None or change.what not in ("table", "interpreter"):
        return change
    low, high = change.first, change.last
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


def apply_change(event: Event, change: Change) -> Event:
    """The event with the change made; new things get ids that start with `+`."""
    order = [event.slots[n] for n in build_clock(event.slots).order]
    inside = {slot.id for slot in order[change.first : change.last + 1]}
    away = frozenset(slot.id for slot in event.slots if slot.id not in inside)
    makers: dict[str, Callable[[], Event]] = {
        "table": lambda: replace(
            event,
            tables=(
                *event.tables,
                *(Table(f"+table{n}", None, away) for n in range(change.copies)),
            ),
        ),
        "interpreter": lambda: replace(
            event,
            interpreters=(
                *event.interpreters,
                *(
                    Interpreter(f"+interpreter{n}", frozenset(change.languages), away)
                    for n in range(change.copies)
                ),
            ),
        ),
        "slot": lambda: replace(event, slots=(*event.slots, *_later(event, order, change.copies))),
        "maximum": lambda: _for_person(event, change, more=change.copies),
        "window": lambda: _for_person(event, change, more=0),
    }
    return makers[change.what]()


def _later(event: Event, order: list[Slot], copies: int) -> list[Slot]:
    """Slots after the last, as long as it is."""
    end = max(slot.end for slot in event.slots)
    length: timedelta = order[-1].end - order[-1].start
    return [Slot(f"+slot{n}", end + n * length, end + (n + 1) * length) for n in range(copies)]


def _for_person(event: Event, change: Change, *, more: int) -> Event:
    people = []
    for person in event.participants:
        if person.id != change.person:
            people.append(person)
        elif more:
            people.append(replace(person, max_meetings=(person.max_meetings or 0) + more))
        else:
            people.append(replace(person, unavailable=frozenset()))
    return replace(event, participants=tuple(people))


def describe(order: list[Slot], change: Change, reached: Reach) -> dict[str, Any]:
    """The remedy as data and in words."""
    vi, en = _words(order, change)
    document: dict[str, Any] = {"change": change.what, "count": change.copies}
    if change.what in ("table", "interpreter"):
        document["slots"] = [slot.id for slot in order[change.first : change.last + 1]]
    if change.languages:
        document["languages"] = list(change.languages)
    if change.person:
        document["participant"] = change.person
    document |= {"must_missed": reached[0], "min_short": reached[1], "verified": True}
    left_vi = f"còn {reached[0]} cuộc bắt buộc bị lỡ, thiếu {reached[1]} cuộc"
    left_en = f"then {reached[0]} musts are missed and {reached[1]} meetings are short"
    return {**document, "vi": f"{vi}: {left_vi}.", "en": f"{en}: {left_en}."}


def _words(order: list[Slot], change: Change) -> tuple[str, str]:
    count, plural = change.copies, "s" if change.copies > 1 else ""
    if change.what == "slot":
        return f"thêm {count} lượt sau lượt cuối", f"{count} slot{plural} more after the last"
    if change.what == "maximum":
        who = change.person
        return f"tăng mức tối đa của {who} thêm {count}", f"raise the maximum of {who} by {count}"
    if change.what == "window":
        who = change.person
        return f"{who} có mặt cả sự kiện", f"{who} is there throughout"
    start, end = order[change.first].start, order[change.last].end
    vi = f"từ {start:%H:%M} đến {end:%H:%M}"
    en = f"from {start:%H:%M} to {end:%H:%M}"
    if change.what == "table":
        return f"thêm {count} bàn {vi}", f"{count} table{plural} more {en}"
    tongue = "–".join(change.languages)
    return (
        f"thêm {count} phiên dịch {tongue} {vi}",
        f"{count} interpreter{plural} {tongue} more {en}",
    )
