"""Seeded random events of many shapes, as the JSON documents users write."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

HANOI = timezone(timedelta(hours=7))
FIRST = datetime(2026, 12, 5, 8, 0, tzinfo=HANOI)
TONGUES = ("vi", "en", "ko", "ja", "zh")


@dataclass(frozen=True)
class Shape:
    """Sizes and shares from which an event is drawn; shares lie in 0..1."""

    a: int = 300
    b: int = 92
    slots: int = 16
    tables: int = 60
    per_a: int = 20
    windows: float = 0.0
    foreign: int = 0
    interpreters: int = 0
    owned: int = 0
    fixed: int = 0
    musts: int = 0
    minimum: int = 0
    maximum: int | None = None
    decimals: int = 3


def make_slots(count: int, minutes: int = 20) -> list[dict[str, str]]:
    """Back-to-back slots from eight in the morning."""
    step = timedelta(minutes=minutes)
    return [
        {
            "id": f"s{n}",
            "start": (FIRST + n * step).isoformat(),
            "end": (FIRST + (n + 1) * step).isoformat(),
        }
        for n in range(count)
    ]


def _people(rng: random.Random, shape: Shape) -> list[dict[str, Any]]:
    people: list[dict[str, Any]] = []
    for side, count in (("a", shape.a), ("b", shape.b)):
        for n in range(count):
            person: dict[str, Any] = {
                "id": f"{side}{n}",
                "side": side,
                "min_meetings": shape.minimum if side == "a" else 0,
                "max_meetings": shape.maximum if side == "a" else None,
                "unavailable": [],
                "languages": ["vi"],
            }
            if rng.random() < shape.windows:
                first = rng.randrange(max(1, shape.slots // 2))
                length = max(1, shape.slots // 2)
                person["unavailable"] = [
                    f"s{s}" for s in range(shape.slots) if not first <= s < first + length
                ]
            if side == "a" and n < shape.foreign:
                person["languages"] = [("ko", "ja")[n % 2]]
            people.append(person)
    return people


def _fixed(rng: random.Random, shape: Shape, event: dict[str, Any]) -> list[dict[str, Any]]:
    """Fixed meetings that agree with each other and with all windows."""
    people = {person["id"]: person for person in event["participants"]}
    owners = {table["owner"] for table in event["tables"]}
    busy: set[tuple[str, str]] = set()
    fixed: list[dict[str, Any]] = []
    for pair in rng.sample(event["pairs"], len(event["pairs"])):
        if len(fixed) == shape.fixed:
            break
        slot, table = f"s{rng.randrange(shape.slots)}", f"t{rng.randrange(shape.tables)}"
        sides = [people[pair["a"]], people[pair["b"]]]
        held = {(person["id"], slot) for person in sides} | {(table, slot)}
        apart = not set(sides[0]["languages"]) & set(sides[1]["languages"])
        owned = table in {t["id"] for t in event["tables"] if t["owner"]}
        guest = any(person["id"] in owners for person in sides)
        away = any(slot in person["unavailable"] for person in sides)
        if held & busy or away or apart or owned or guest:
            continue
        busy |= held
        fixed.append({"a": pair["a"], "b": pair["b"], "slot": slot, "table": table})
    return fixed


def big_event(shape: Shape, seed: int = 0) -> dict[str, Any]:
    """A large event in the manner of a promotion conference."""
    rng = random.Random(seed)
    appeal = [rng.random() for _ in range(shape.b)]
    pairs: list[dict[str, Any]] = []
    for a in range(shape.a):
        for b in sorted(rng.sample(range(shape.b), min(shape.per_a, shape.b))):
            score = round(0.5 * appeal[b] + 0.5 * rng.random(), shape.decimals)
            pairs.append({"a": f"a{a}", "b": f"b{b}", "score": score, "must": False})
    for pair in rng.sample(pairs, shape.musts):
        pair["must"] = True
    tables: list[dict[str, Any]] = [
        {"id": f"t{n}", "owner": f"b{n}" if n < shape.owned else None, "unavailable": []}
        for n in range(shape.tables)
    ]
    interpreters = [
        {"id": f"k{n}", "languages": [("ko", "ja")[n % 2], "vi"], "unavailable": []}
        for n in range(shape.interpreters)
    ]
    event: dict[str, Any] = {
        "event": {"id": "e", "name": "e", "kind": "investment", "timezone": "Asia/Ho_Chi_Minh"},
        "slots": make_slots(shape.slots),
        "tables": tables,
        "participants": _people(rng, shape),
        "interpreters": interpreters,
        "pairs": pairs,
        "vetoes": [],
    }
    event["fixed"] = _fixed(rng, shape, event)
    return event
