"""One constraint model of a whole small event, written apart from the product's solver.

Every meeting is a choice of slot, table and interpreter; nothing is grouped, split or
bounded beforehand, so it can disagree with the product where that is wrong.
"""

from collections import defaultdict
from datetime import datetime
from typing import Any

from ortools.sat.python import cp_model

Document = dict[str, Any]
SCALE = 10**6


def _instants(slots: list[Document]) -> list[list[str]]:
    """The slots that hold each slot's first instant."""
    times = {
        s["id"]: (datetime.fromisoformat(s["start"]), datetime.fromisoformat(s["end"]))
        for s in slots
    }
    return [
        [other for other, (start, end) in times.items() if start <= times[s][0] < end]
        for s in times
    ]


def _helpers(event: Document, pair: Document) -> list[str | None]:
    spoken = {p["id"]: set(p.get("languages") or []) for p in event["participants"]}
    a, b = spoken[pair["a"]], spoken[pair["b"]]
    if not a or not b or a & b:
        return [None]
    return [
        k["id"]
        for k in event.get("interpreters") or []
        if set(k["languages"]) & a and set(k["languages"]) & b
    ]


def _choices(event: Document) -> list[tuple[int, str, str, str | None]]:
    """(pair, slot, table, interpreter) that no rule forbids by itself."""
    away = {
        (record["id"], slot)
        for key in ("participants", "tables", "interpreters")
        for record in event.get(key) or []
        for slot in record.get("unavailable") or []
    }
    vetoes = {frozenset(veto) for veto in event.get("vetoes") or []}
    found = []
    for number, pair in enumerate(event["pairs"]):
        if frozenset((pair["a"], pair["b"])) in vetoes:
            continue
        for slot in (s["id"] for s in event["slots"]):
            if (pair["a"], slot) in away or (pair["b"], slot) in away:
                continue
            for table in event["tables"]:
                if (table["id"], slot) in away:
                    continue
                if table.get("owner") not in (None, pair["a"], pair["b"]):
                    continue
                found += [
                    (number, slot, table["id"], helper)
                    for helper in _helpers(event, pair)
                    if (helper, slot) not in away
                ]
    return found


def best(event: Document) -> tuple[int, int, float] | None:
    """Musts missed, shortfall and score of an optimal schedule; None when infeasible."""
    model = cp_model.CpModel()
    choices = _choices(event)
    used = [model.new_bool_var("") for _ in choices]
    by: dict[Any, list[Any]] = defaultdict(list)
    for (number, slot, table, helper), x in zip(choices, used, strict=True):
        pair = event["pairs"][number]
        by["pair", number].append(x)
        for person in (pair["a"], pair["b"]):
            by["count", person].append(x)
            by["at", "person", person, slot].append(x)
        by["at", "table", table, slot].append(x)
        if helper is not None:
            by["at", "interpreter", helper, slot].append(x)
    for number in range(len(event["pairs"])):
        model.add(sum(by["pair", number]) <= 1)
    users = {key[1:3] for key in list(by) if key[0] == "at"}
    for slots in _instants(event["slots"]):
        for user in users:
            model.add(sum(x for slot in slots for x in by[("at", *user, slot)]) <= 1)
    for fixed in event.get("fixed") or []:
        wanted = [x for c, x in zip(choices, used, strict=True) if _matches(event, c, fixed)]
        model.add(sum(wanted) == 1)
    return _optimise(event, model, by)


def _matches(event: Document, choice: tuple[int, str, str, str | None], fixed: Document) -> bool:
    pair = event["pairs"][choice[0]]
    if (pair["a"], pair["b"], choice[1]) != (fixed["a"], fixed["b"], fixed["slot"]):
        return False
    return fixed.get("table") in (None, choice[2]) and fixed.get("interpreter") in (
        None,
        choice[3],
    )


def _optimise(event: Document, model: Any, by: Any) -> tuple[int, int, float] | None:
    shorts = []
    for person in event["participants"]:
        count = sum(by["count", person["id"]])
        if person.get("max_meetings") is not None:
            model.add(count <= person["max_meetings"])
        if person.get("min_meetings"):
            short = model.new_int_var(0, person["min_meetings"], "")
            model.add(short >= person["min_meetings"] - count)
            shorts.append(short)
    held = [sum(by["pair", n]) for n in range(len(event["pairs"]))]
    missed = sum(1 - h for h, p in zip(held, event["pairs"], strict=True) if p.get("must"))
    score = sum(round(p["score"] * SCALE) * h for h, p in zip(held, event["pairs"], strict=True))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    levels: list[int] = []
    for level in (missed, sum(shorts), -score):
        model.minimize(level)
        if solver.solve(model) != cp_model.OPTIMAL:
            return None
        levels.append(round(solver.objective_value))
        model.add(level <= levels[-1])
    return levels[0], levels[1], -levels[2] / SCALE
