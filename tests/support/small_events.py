"""Seeded random small events of every shape: tight, empty, overlapping, contradictory."""

import random
from datetime import timedelta
from typing import Any

from tests.support.events import FIRST, make_slots

TONGUES = ("vi", "en", "ko", "ja")


def _some(rng: random.Random, items: list[str], share: float) -> list[str]:
    return [item for item in items if rng.random() < share]


def _slots(rng: random.Random) -> list[dict[str, str]]:
    count = rng.choice([0, 1] + [2, 3, 3, 4, 4, 5, 5] * 3)
    if rng.random() < 0.7:
        return make_slots(count)
    slots = []
    for n in range(count):
        start = FIRST + timedelta(minutes=10 * rng.randrange(8))
        end = start + timedelta(minutes=10 * rng.randint(1, 3))
        slots.append({"id": f"s{n}", "start": start.isoformat(), "end": end.isoformat()})
    return slots


def _person(
    rng: random.Random, identity: str, slots: list[str], traits: dict[str, bool]
) -> dict[str, Any]:
    low = rng.choice([0, 0, 0, 1, 2]) if traits["minima"] else 0
    high = rng.choice([None, max(low, 1), low + 1, 4])
    person: dict[str, Any] = {"id": identity, "side": identity[0], "min_meetings": low}
    person["max_meetings"] = 0 if low == 0 and rng.random() < 0.05 else high
    person["unavailable"] = _some(rng, slots, 0.3) if traits["windows"] else []
    person["languages"] = (
        rng.sample(TONGUES, rng.choice([0, 1, 1, 2])) if traits["languages"] else []
    )
    return person


def _pairs(rng: random.Random, a: list[str], b: list[str], must: float) -> list[dict[str, Any]]:
    low = rng.choice([0.0, 0.0, -0.5])
    digits = rng.choice([1, 3, 16])
    density = rng.choice([0.4, 0.7, 1.0])
    return [
        {
            "a": x,
            "b": y,
            "score": round(rng.uniform(low, 1.0), digits),
            "must": rng.random() < must,
        }
        for x in a
        for y in b
        if rng.random() < density
    ]


def _fixed(rng: random.Random, event: dict[str, Any]) -> list[dict[str, Any]]:
    """Fixed meetings at random: they may contradict anything."""
    fixed = []
    for pair in event["pairs"]:
        if rng.random() >= 0.08:
            continue
        meeting = {"a": pair["a"], "b": pair["b"], "slot": rng.choice(event["slots"])["id"]}
        if event["tables"] and rng.random() < 0.5:
            meeting["table"] = rng.choice(event["tables"])["id"]
        fixed.append(meeting)
    return fixed[:4]


def small_event(seed: int) -> dict[str, Any]:
    """The event of this seed; at most 6 × 6 people, 5 slots, 4 tables, 3 interpreters."""
    rng = random.Random(seed)
    traits = {k: rng.random() < 0.5 for k in ("minima", "windows", "languages", "owned", "fixed")}
    slots = _slots(rng)
    names = [slot["id"] for slot in slots]
    a = [f"a{n}" for n in range(rng.choice([0] + [2, 3, 4, 5, 6] * 4))]
    b = [f"b{n}" for n in range(rng.randint(1, 6))]
    people = [_person(rng, identity, names, traits) for identity in a + b]
    tables = [
        {
            "id": f"t{n}",
            "owner": rng.choice(a + b) if traits["owned"] and rng.random() < 0.4 else None,
            "unavailable": _some(rng, names, 0.25) if traits["windows"] else [],
        }
        for n in range(rng.choice([0] + [1, 2, 2, 3, 3, 4] * 3))
    ]
    helpers = [
        {
            "id": f"k{n}",
            "languages": rng.sample(TONGUES, 2),
            "unavailable": _some(rng, names, 0.25) if traits["windows"] else [],
        }
        for n in range(rng.randint(0, 3))
    ]
    event: dict[str, Any] = {
        "event": {
            "id": f"e{seed}",
            "name": "",
            "kind": "investment",
            "timezone": "Asia/Ho_Chi_Minh",
        },
        "slots": slots,
        "tables": tables,
        "participants": people,
        "interpreters": helpers if traits["languages"] else [],
        "pairs": _pairs(rng, a, b, rng.choice([0.0, 0.2])),
    }
    event["vetoes"] = [[p["b"], p["a"]] for p in event["pairs"] if rng.random() < 0.05]
    event["fixed"] = _fixed(rng, event) if traits["fixed"] and slots else []
    return event
