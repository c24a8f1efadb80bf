"""Lists for many at once, so that no investor, and no call, is put forward for everything.

Each list by itself is fair to its call; together they may send everybody to the same five doors.
Here pairs are valued from both sides and handed out under a cap on the lists of each investor.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from matcher.errors import MatcherError
from matcher.market import FloatArray, IntArray
from matcher.pipeline import Matcher, Ranked, Seen
from matcher.reciprocal import Reciprocal, contested
from matcher.rerank import Concentration, capped, concentration
from matcher.types import Slate

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Plan:
    """Who stands on which list: ``subjects`` are the rows of the calls (or investors) that get a
    list, ``lists`` the rows of the other side, best first; how evenly they stand there with every
    list by itself, and as planned. ``scores`` is (n_calls, n_investors) of the ``calls``."""

    calls: IntArray
    scores: FloatArray
    subjects: IntArray
    lists: tuple[IntArray, ...]
    alone: Concentration
    together: Concentration
    cap: int


def usual_cap(lists: int, n: int, parties: int) -> int:
    """A cap that leaves room: three lists in ten, which cost little on the past; at least 3."""
    even = lists * n / max(parties, 1)  # below it lists would stay short
    return int(max(3, np.ceil(0.3 * lists), np.ceil(2 * even)))


def plan(matcher: Matcher, calls: IntArray, *, n: int, cap: int, today: date) -> Plan:
    """Choose the investors of many calls together; no investor on more than ``cap`` lists.

    Args:
        calls: rows of the calls.

    Raises:
        MatcherError: ``plan.calibration``: without chances, calls can't be compared.
    """
    scores, worth = _valued(matcher, calls, today)
    own = np.argsort(-scores, axis=1, kind="stable")[:, :n]
    found = capped(worth, n=n, cap=cap)
    lists = [_by(row, each) for each, row in zip(found, scores, strict=True)]
    return Plan(
        calls=calls,
        scores=scores,
        subjects=calls,
        lists=tuple(lists),
        alone=concentration(list(own), scores.shape[1]),
        together=concentration(lists, scores.shape[1]),
        cap=cap,
    )


def plan_for_investors(matcher: Matcher, calls: IntArray, *, n: int, cap: int, today: date) -> Plan:
    """Choose calls for every investor together; no call on more than ``cap`` lists.

    Raises:
        MatcherError: ``plan.calibration``.
    """
    scores, worth = _valued(matcher, calls, today)
    chances = matcher.judge.chances(scores)
    assert chances is not None  # noqa: S101 -- what is valued is calibrated
    own = np.argsort(-chances.T, axis=1, kind="stable")[:, :n]
    found = capped(np.ascontiguousarray(worth.T), n=n, cap=cap)
    lists = [_by(row, each) for each, row in zip(found, chances.T, strict=True)]
    return Plan(
        calls=calls,
        scores=scores,
        subjects=np.arange(scores.shape[1]),
        lists=tuple(calls[each] for each in lists),
        alone=concentration(list(own), len(calls)),
        together=concentration(lists, len(calls)),
        cap=cap,
    )


def slates(matcher: Matcher, made: Plan, *, today: date) -> Iterator[Slate]:
    """The planned lists of calls with reasons, in the order of the calls."""
    order: dict[int, Slate] = {}
    following = 0
    for places, part in matcher.parts(made.calls, today):
        for place, features in zip(places.tolist(), part, strict=True):
            chances = matcher.judge.chances(made.scores[place])
            shown = made.lists[place]
            ranked = Ranked(
                call=int(made.calls[place]),
                investors=shown,
                features=features[shown],
                chances=None if chances is None else chances[shown],
                abstained=matcher.judge.nobody(chances),
            )
            order[place] = matcher.slate(ranked, today=today)
        while following in order:
            yield order.pop(following)
            following += 1


def slates_for_investors(matcher: Matcher, made: Plan, *, today: date) -> Iterator[Slate]:
    """The planned lists of investors with reasons, in the order of the investors."""
    chances = matcher.judge.chances(made.scores)
    assert chances is not None and matcher.calibration is not None  # noqa: S101 -- planned
    place_of = {call: place for place, call in enumerate(made.calls.tolist())}
    known: dict[tuple[int, int], FloatArray] = {}
    wanted: dict[int, list[int]] = {}
    for investor, listed in zip(made.subjects.tolist(), made.lists, strict=True):
        for call in listed.tolist():
            wanted.setdefault(place_of[call], []).append(investor)
    for places, part in matcher.parts(made.calls, today):
        for place, features in zip(places.tolist(), part, strict=True):
            for investor in wanted.get(place, ()):
                known[investor, place] = features[investor].copy()
    sharp = matcher.calibration.for_calls.sharpness
    for investor, listed in zip(made.subjects.tolist(), made.lists, strict=True):
        own = made.scores[:, investor]
        free = np.isfinite(own)
        lowered = np.full_like(own, -np.inf)
        lowered[free] = own[free] - contested(own[free], chances[free, investor], sharp)
        at = np.array([place_of[call] for call in listed.tolist()], dtype=np.int64)
        rows = [known[investor, place] for place in at.tolist()]
        features = np.stack(rows) if rows else np.zeros((0, len(matcher.ranker.names)), np.float32)
        seen = Seen(investor, listed, features, lowered[at], chances[at, investor])
        yield matcher.opportunity_slate(seen, today=today)


def _valued(matcher: Matcher, calls: IntArray, today: date) -> tuple[FloatArray, FloatArray]:
    """(n_calls, n_investors) scores and two-sided worth; minus infinity for whom a rule bars."""
    if matcher.calibration is None:
        raise MatcherError(
            "plan.calibration",
            f"The release {matcher.release} tells no probabilities, which lists for many calls "
            "need. Run: ketnoi index",
            f"Bản phát hành {matcher.release} không có xác suất, cần để lập nhiều danh sách cùng "
            "lúc. Hãy chạy: ketnoi index",
        )
    scores = np.empty((len(calls), len(matcher.market.investors)), dtype=np.float32)
    for places, part in matcher.parts(calls, today):
        scores[places] = matcher.ranker.score(part)
    worth = Reciprocal(matcher.calibration)(scores)
    for place, call in enumerate(calls.tolist()):
        barred = matcher.barred(call, today)
        worth[place, barred] = -np.inf
        scores[place, barred] = -np.inf
    return scores, worth


def _by(values: FloatArray, found: IntArray) -> IntArray:
    """The positions found, the highest values first."""
    return found[np.argsort(-values[found], kind="stable")]
