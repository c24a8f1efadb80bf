"""The event to be scheduled, as frozen records."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Side = Literal["a", "b"]


@dataclass(frozen=True, slots=True)
class Slot:
    """A period in which meetings take place; `start` < `end`, both with a time zone."""

    id: str
    start: datetime
    end: datetime
    name: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table; with an owner it hosts that participant's meetings only."""

    id: str
    owner: str | None = None
    unavailable: frozenset[str] = frozenset()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Participant:
    """One side of a meeting; `max_meetings` None means as many as there are slots.

    Who is on `standby` is left out of the first schedule and may fill holes on the day.
    """

    id: str
    side: Side
    min_meetings: int = 0
    max_meetings: int | None = None
    unavailable: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    name: str = ""
    standby: bool = False


@dataclass(frozen=True, slots=True)
class Interpreter:
    """Someone who can join one meeting at a time and speaks `languages`."""

    id: str
    languages: frozenset[str]
    unavailable: frozenset[str] = frozenset()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two participants who may meet, once; the score may be negative."""

    a: str
    b: str
    score: float
    must: bool = False


@dataclass(frozen=True, slots=True)
class Fixed:
    """A meeting that stays in its slot; table and interpreter are chosen when not given."""

    a: str
    b: str
    slot: str
    table: str | None = None
    interpreter: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """A whole event, checked: every id is known and used once, every number is in range."""

    id: str
    name: str
    kind: str
    timezone: str
    slots: tuple[Slot, ...]
    tables: tuple[Table, ...]
    participants: tuple[Participant, ...]
    interpreters: tuple[Interpreter, ...]
    pairs: tuple[Pair, ...]
    vetoes: frozenset[tuple[str, str]]
    fixed: tuple[Fixed, ...]
    place: str = ""


def needs_interpreter(a: frozenset[str], b: frozenset[str]) -> bool:
    """True when both language lists are given and share none."""
    return bool(a) and bool(b) and not a & b


def can_interpret(interpreter: frozenset[str], a: frozenset[str], b: frozenset[str]) -> bool:
    """True when the interpreter speaks a language of each side."""
    return bool(interpreter & a) and bool(interpreter & b)
