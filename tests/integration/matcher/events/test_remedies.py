"""What would help, checked by a model written apart: every remedy holds, and none is too large."""

import copy
from datetime import datetime
from itertools import combinations
from typing import Any

import pytest

from matcher.events.control import Control
from matcher.events.parsing import parse_event
from matcher.events.schedule_event import schedule_event
from tests.support.schedule_monolith import best
from tests.support.small_events import small_event

Document = dict[str, Any]


def changed(event: Document, remedy: Document, count: int, slots: list[str]) -> Document:
    """The event with the remedy made, from its JSON alone."""
    event = copy.deepcopy(event)
    away = [slot["id"] for slot in event["slots"] if slot["id"] not in slots]
    what = remedy["change"]
    if what == "table":
        event["tables"] += [
            {"id": f"new{len(event['tables'])}-{n}", "unavailable": away} for n in range(count)
        ]
    elif what == "interpreter":
        helpers = event.get("interpreters") or []
        event["interpreters"] = helpers + [
            {"id": f"new{len(helpers)}-{n}", "languages": remedy["languages"], "unavailable": away}
            for n in range(count)
        ]
    elif what == "slot":
        last = max(datetime.fromisoformat(slot["end"]) for slot in event["slots"])
        model = max(event["slots"], key=lambda s: (s["start"], s["end"]))
        length = datetime.fromisoformat(model["end"]) - datetime.fromisoformat(model["start"])
        event["slots"] += [
            {
                "id": f"+slot{n}",
                "start": (last + n * length).isoformat(),
                "end": (last + (n + 1) * length).isoformat(),
            }
            for n in range(count)
        ]
    elif what == "must":
        pair = next(p for p in event["pairs"] if (p["a"], p["b"]) == (remedy["a"], remedy["b"]))
        pair["must"] = False
    elif what == "fixed":
        dropped = set(remedy["fixed"])
        event["fixed"] = [f for n, f in enumerate(event["fixed"]) if n not in dropped]
    else:
        person = next(p for p in event["participants"] if p["id"] == remedy["participant"])
        if what == "maximum":
            person["max_meetings"] += count
        elif what == "minimum":
            person["min_meetings"] -= count
        else:
            person["unavailable"] = []
    return event


def made(event: Document, remedy: Document) -> Document:
    """The event with every part of the remedy made."""
    for part in remedy.get("parts", [remedy]):
        event = changed(event, part, part["count"], part.get("slots", []))
    return event


def smaller(remedy: Document) -> list[tuple[int, list[str]]]:
    """One of it less, or one slot less at either end."""
    if remedy["change"] in ("combination", "fixed"):
        return []
    slots = remedy.get("slots", [])
    fewer = [(remedy["count"] - 1, slots)] if remedy["count"] > 1 else []
    shorter = [(remedy["count"], slots[1:]), (remedy["count"], slots[:-1])]
    return fewer + (shorter if len(slots) > 1 else [])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("first", "wanted"), [(3000, 8), pytest.param(4000, 60, marks=pytest.mark.benchmark)]
)
def test_remedies_hold_and_nothing_smaller_does(first: int, wanted: int) -> None:
    seen = given = 0
    for seed in range(first, first + 20 * wanted):
        document = small_event(seed)
        now = best(document)
        if now is not None and now[:2] == (0, 0):
            continue
        found = schedule_event(parse_event(document).event, Control(20)).to_json()
        seen += 1
        for remedy in found["relaxations"]:
            given += 1
            stated = (remedy["must_missed"], remedy["min_short"])
            reached = best(made(document, remedy))
            assert reached is not None, (seed, remedy)
            assert reached[:2] == stated, (seed, remedy)
            assert now is None or stated < now[:2], (seed, remedy)
            assert remedy["vi"] != remedy["en"]
            if remedy["change"] == "fixed":
                assert not any(
                    best(changed(document, {**remedy, "fixed": fewer}, 0, []))
                    for fewer in combinations(range(len(document["fixed"])), remedy["count"] - 1)
                ), (seed, remedy)
            for count, slots in smaller(remedy):
                less = best(changed(document, remedy, count, slots))
                assert less is None or less[:2] > stated, (seed, remedy, count, slots)
        if seen == wanted:
            break
    assert seen == wanted
    assert given >= wanted
