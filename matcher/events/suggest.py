"""Who should meet whom: pairs valued from both sides, wishes heard, no one put forward too often.

A suggestion is only offered. It becomes a pair of the event when both sides accept: see `standing`
in `data.event_suggestions`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, sqrt
from typing import Literal

Wish = Literal["must", "want", "no_thanks"]
Band = Literal["high", "medium", "low"]
Couple = tuple[str, str]  # a's id, b's id


@dataclass(frozen=True, slots=True)
class Possible:
    """A pair that may meet: how well it suits each side, 0 to 1."""

    a: str
    b: str
    for_a: float
    for_b: float


@dataclass(frozen=True, slots=True)
class SuggestConfig:
    """How often one may be put forward on each side, and what wishes and an earlier meeting do to
    the score. Bands begin at ``high`` and ``medium``. All set by judgement."""

    cap_a: int = 8
    cap_b: int = 8
    want: float = 0.5
    met: float = 0.5
    least: float = 0.05
    high: float = 0.6
    medium: float = 0.3


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A pair put forward; ``score`` is 0 to 1, for sorting: people are shown the band."""

    a: str
    b: str
    score: float
    band: Band
    must: bool = False


def reciprocal(for_a: float, for_b: float) -> float:
    """One number from both sides, 0 to 1: the geometric mean, so that one side alone is nothing.

    >>> reciprocal(1.0, 0.25), reciprocal(1.0, 0.0)
    (0.5, 0.0)
    """
    return sqrt(max(0.0, min(1.0, for_a)) * max(0.0, min(1.0, for_b)))


def suggest(
    possible: Iterable[Possible],
    wishes: Mapping[Couple, Wish],
    *,
    met: frozenset[Couple] = frozenset(),
    taken: Sequence[Couple] = (),
    config: SuggestConfig = SuggestConfig(),
) -> tuple[Suggestion, ...]:
    """Choose the pairs to put forward, best first.

    A no-thanks of either side is a veto: the pair is worth zero and never put forward, whatever
    the other side wishes. Musts go first and are put forward even beyond the caps. Then everyone
    gets their best pair before anyone gets a second one, and so on, within the caps.

    Args:
        wishes: by (who says it, of whom).
        met: couples that met before: worth less unless someone wishes it again.
        taken: couples put forward already; they count for the caps and are left out.

    Raises:
        ValueError: a score is not a finite number.
    """
    gone = set(taken)
    valued = [
        found
        for one in possible
        if (one.a, one.b) not in gone and (found := _value(one, wishes, met, config)) is not None
    ]
    valued.sort(key=lambda one: (not one.must, -one.score, one.a, one.b))
    load_a, load_b = Counter(a for a, _ in gone), Counter(b for _, b in gone)
    chosen = [one for one in valued if one.must]
    load_a.update(one.a for one in chosen)
    load_b.update(one.b for one in chosen)
    rest = [one for one in valued if not one.must]
    chosen += _in_rounds(rest, (load_a, load_b), config)
    return tuple(sorted(chosen, key=lambda one: (not one.must, -one.score, one.a, one.b)))


def is_vetoed(a: str, b: str, wishes: Mapping[Couple, Wish]) -> bool:
    """Whether either side said no thanks."""
    return "no_thanks" in (wishes.get((a, b)), wishes.get((b, a)))


def band_of(score: float, config: SuggestConfig = SuggestConfig()) -> Band:
    """The band of a score.

    >>> band_of(0.7), band_of(0.4), band_of(0.1)
    ('high', 'medium', 'low')
    """
    if score >= config.high:
        return "high"
    return "medium" if score >= config.medium else "low"


def _value(
    one: Possible,
    wishes: Mapping[Couple, Wish],
    met: frozenset[Couple],
    config: SuggestConfig,
) -> Suggestion | None:
    if not (isfinite(one.for_a) and isfinite(one.for_b)):
        raise ValueError(f"the score of {one.a} with {one.b} is not a finite number")
    if is_vetoed(one.a, one.b, wishes):
        return None
    said = [wishes.get((one.a, one.b)), wishes.get((one.b, one.a))]
    score = reciprocal(one.for_a, one.for_b)
    if (one.a, one.b) in met and not any(said):
        score *= config.met
    for wish in said:
        if wish is not None:  # each wish takes a share of what is missing to 1
            score += config.want * (1.0 - score)
    must = "must" in said
    if score < config.least and not must:
        return None
    score = round(score, 6)
    return Suggestion(one.a, one.b, score, band_of(score, config), must)


def _in_rounds(
    rest: Sequence[Suggestion], loads: tuple[Counter[str], Counter[str]], config: SuggestConfig
) -> list[Suggestion]:
    """Raise the caps from one to their ends: nobody's second pair comes before another's first."""
    load_a, load_b = loads
    chosen: list[Suggestion] = []
    left = list(rest)
    for level in range(1, max(config.cap_a, config.cap_b) + 1):
        room_a, room_b = min(level, config.cap_a), min(level, config.cap_b)
        later = []
        for one in left:
            # Whoever still lacks is served, though the other side be ahead, up to its own cap.
            lacks = load_a[one.a] < room_a or load_b[one.b] < room_b
            if lacks and load_a[one.a] < config.cap_a and load_b[one.b] < config.cap_b:
                chosen.append(one)
                load_a[one.a] += 1
                load_b[one.b] += 1
            else:
                later.append(one)
        left = later
    return chosen
