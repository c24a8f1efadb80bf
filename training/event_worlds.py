"""Made-up events of many shapes, and who stays away or comes late on their day."""

import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone

from matcher.events.event import Event, Interpreter, Pair, Participant, Side, Slot, Table

FIRST = datetime(2026, 12, 5, 8, 0, tzinfo=timezone(timedelta(hours=7)))
STEP = timedelta(minutes=20)
FOREIGN = ("ko", "ja", "zh")


@dataclass(frozen=True)
class World:
    """Sizes and shares (0 to 1) from which an event is drawn.

    each: partners listed with each of side a. owned: tables that belong to side b, first
    ones first. standby: people of side a beyond `a` who wait to be called in.
    """

    name: str
    a: int
    b: int
    slots: int
    tables: int
    each: int
    windows: float = 0.0
    foreign: float = 0.0
    interpreters: int = 0
    owned: int = 0
    minimum: int = 0
    standby: int = 0


WORLDS = (
    World("round table", 20, 10, 8, 6, 6, minimum=1),
    World("conference", 120, 40, 12, 20, 10, 0.2, 0.25, 5, standby=6),
    World("supply and demand", 160, 24, 12, 24, 6, 0.1, owned=24, minimum=1, standby=8),
    World("few tables", 100, 30, 10, 12, 8, minimum=1),
    World("part of the day", 120, 40, 16, 24, 10, 0.6, minimum=1, standby=6),
    World("many languages", 80, 30, 12, 20, 8, 0.1, 0.6, 4, minimum=1),
)


@dataclass(frozen=True)
class Turnout:
    """What happens: no-shows are known once the first slot is over, late comers from the start.

    late: participant → first slot (by position) in which they are there.
    """

    absent: frozenset[str]
    late: dict[str, int]

    def there(self, person: str, slot: int) -> bool:
        """Is the person there in the slot of this position?"""
        return person not in self.absent and slot >= self.late.get(person, 0)


def draw_event(world: World, seed: int) -> Event:
    """An event of the shape; the same seed draws the same."""
    rng = random.Random(f"{world.name}/{seed}")  # noqa: S311 -- not a secret
    slots = tuple(
        Slot(f"s{n:02}", FIRST + n * STEP, FIRST + (n + 1) * STEP) for n in range(world.slots)
    )
    guests = [_person(rng, world, "a", n) for n in range(world.a + world.standby)]
    hosts = [_person(rng, world, "b", n) for n in range(world.b)]
    appeal = [rng.random() for _ in hosts]
    pairs = [
        Pair(guest.id, hosts[n].id, round(0.5 * appeal[n] + 0.5 * rng.random(), 3))
        for guest in guests
        for n in sorted(rng.sample(range(world.b), world.each))
    ]
    tables = tuple(
        Table(f"t{n:02}", hosts[n].id if n < world.owned else None) for n in range(world.tables)
    )
    helpers = tuple(
        Interpreter(f"k{n}", frozenset({FOREIGN[n % len(FOREIGN)], "vi"}))
        for n in range(world.interpreters)
    )
    return Event(
        id=f"{world.name}-{seed}",
        name=world.name,
        kind="investment",
        timezone="Asia/Ho_Chi_Minh",
        slots=slots,
        tables=tables,
        participants=(*guests, *hosts),
        interpreters=helpers,
        pairs=tuple(pairs),
        vetoes=frozenset(),
        fixed=(),
    )


def _person(rng: random.Random, world: World, side: Side, number: int) -> Participant:
    standby = side == "a" and number >= world.a
    away: frozenset[str] = frozenset()
    if rng.random() < world.windows and not standby:
        half = world.slots // 2
        first = rng.randrange(half + 1)
        away = frozenset(f"s{n:02}" for n in range(world.slots) if not first <= n < first + half)
    foreign = side == "a" and rng.random() < world.foreign
    return Participant(
        id=f"{side}{number:03}",
        side=side,
        min_meetings=world.minimum if side == "a" and not standby else 0,
        max_meetings=6 if side == "a" else None,
        unavailable=away,
        languages=frozenset({rng.choice(FOREIGN) if foreign else "vi"}),
        standby=standby,
    )


def draw_turnout(event: Event, seed: int, *, no_show: float, late: float) -> Turnout:
    """Who stays away and who is late; those on standby wait in the hall."""
    rng = random.Random(f"{event.id}/day/{seed}")  # noqa: S311 -- not a secret
    absent: set[str] = set()
    arrivals: dict[str, int] = {}
    for person in event.participants:
        chance = rng.random()
        slot = rng.randrange(1, max(2, len(event.slots) // 2))
        if person.standby:
            continue
        if chance < no_show:
            absent.add(person.id)
        elif chance < no_show + late:
            arrivals[person.id] = slot
    return Turnout(frozenset(absent), arrivals)


def with_news(event: Event, turnout: Turnout, *, no_shows: bool, called_in: bool = False) -> Event:
    """The event file as the organiser would have it: late comers, and no-shows if known.

    called_in: those on standby count as participants, as in hindsight they would.
    """
    order = [slot.id for slot in event.slots]
    people = []
    for person in event.participants:
        away = frozenset(order[: turnout.late.get(person.id, 0)])
        if no_shows and person.id in turnout.absent:
            person = replace(person, max_meetings=0, min_meetings=0)
        standby = person.standby and not called_in
        people.append(replace(person, unavailable=person.unavailable | away, standby=standby))
    return replace(event, participants=tuple(people))
