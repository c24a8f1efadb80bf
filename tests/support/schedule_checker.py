"""Checks a schedule against its event from the two documents alone, sharing no solver code."""

import math
from collections import Counter
from datetime import datetime
from itertools import combinations
from typing import Any

Document = dict[str, Any]


def _overlap(one: Document, other: Document) -> bool:
    start, end = (datetime.fromisoformat(one[key]) for key in ("start", "end"))
    begin, finish = (datetime.fromisoformat(other[key]) for key in ("start", "end"))
    return start < finish and begin < end


def _by_id(event: Document, key: str) -> dict[str, Document]:
    return {record["id"]: record for record in event.get(key) or []}


def _away(record: Document, slot: str) -> bool:
    return slot in (record.get("unavailable") or [])


def broken_rules(event: Document, result: Document) -> list[str]:
    """Every hard rule that the schedule breaks, in words; empty when it breaks none."""
    if result["status"] == "infeasible":
        return ["an infeasible event has meetings"] if result["meetings"] else []
    meetings = result["meetings"]
    return [
        *_unknown(event, meetings),
        *(fault for meeting in meetings for fault in _alone(event, meeting)),
        *_together(event, meetings),
        *_counts(event, meetings),
        *_fixed_stay(event, meetings),
        *_figures(event, result),
    ]


def _unknown(event: Document, meetings: list[Document]) -> list[str]:
    listed = {(pair["a"], pair["b"]) for pair in event["pairs"]}
    held = Counter((meeting["a"], meeting["b"]) for meeting in meetings)
    faults = [f"{pair} is not listed" for pair in held if pair not in listed]
    return faults + [f"{pair} meets {count} times" for pair, count in held.items() if count > 1]


def _alone(event: Document, meeting: Document) -> list[str]:
    """Faults of one meeting by itself."""
    people, tables = _by_id(event, "participants"), _by_id(event, "tables")
    slot, faults = meeting["slot"], []
    if slot not in _by_id(event, "slots"):
        return [f"{slot} is not a slot"]
    vetoes = {frozenset(veto) for veto in event.get("vetoes") or []}
    if frozenset((meeting["a"], meeting["b"])) in vetoes:
        faults.append(f"{meeting} is vetoed")
    table = tables[meeting["table"]]
    owner = table.get("owner")
    if owner is not None and owner not in (meeting["a"], meeting["b"]):
        faults.append(f"{meeting} sits at the table of {owner}")
    absent = [
        r["id"] for r in (people[meeting["a"]], people[meeting["b"]], table) if _away(r, slot)
    ]
    faults += [f"{identity} is unavailable in {slot}" for identity in absent]
    return faults + _language(event, meeting, people)


def _language(event: Document, meeting: Document, people: dict[str, Document]) -> list[str]:
    a = set(people[meeting["a"]].get("languages") or [])
    b = set(people[meeting["b"]].get("languages") or [])
    needed = bool(a and b and not a & b)
    helper = meeting["interpreter"]
    if helper is None:
        return [f"{meeting} needs an interpreter"] if needed else []
    record = _by_id(event, "interpreters")[helper]
    faults = (
        [f"{helper} is unavailable in {meeting['slot']}"] if _away(record, meeting["slot"]) else []
    )
    spoken = set(record["languages"])
    asked = any(f.get("interpreter") and f["a"] == meeting["a"] for f in event.get("fixed") or [])
    if not needed and not asked:
        faults.append(f"{meeting} needs no interpreter")
    if needed and not (spoken & a and spoken & b):
        faults.append(f"{helper} cannot interpret {meeting}")
    return faults


def _together(event: Document, meetings: list[Document]) -> list[str]:
    """Nobody and nothing in two meetings at once."""
    slots = _by_id(event, "slots")
    names = list(slots)
    clash = {(s, t) for s, t in combinations(names, 2) if _overlap(slots[s], slots[t])}
    faults = []
    for key in ("person", "table", "interpreter"):
        uses: dict[str, list[str]] = {}
        for meeting in meetings:
            users = [meeting["a"], meeting["b"]] if key == "person" else [meeting[key]]
            for user in users:
                if user is not None:
                    uses.setdefault(user, []).append(meeting["slot"])
        for user, taken in uses.items():
            for s, t in combinations(taken, 2):
                if s == t or (s, t) in clash or (t, s) in clash:
                    faults.append(f"{key} {user} is in two meetings at once ({s}, {t})")
    return faults


def _counts(event: Document, meetings: list[Document]) -> list[str]:
    held = Counter(m[side] for m in meetings for side in ("a", "b"))
    return [
        f"{person['id']} has {held[person['id']]} meetings"
        for person in event["participants"]
        if person.get("max_meetings") is not None and held[person["id"]] > person["max_meetings"]
    ]


def _fixed_stay(event: Document, meetings: list[Document]) -> list[str]:
    faults = []
    for fixed in event.get("fixed") or []:
        wanted = {key: value for key, value in fixed.items() if value is not None}
        if not any(wanted.items() <= meeting.items() for meeting in meetings):
            faults.append(f"fixed {fixed} did not stay")
    return faults


def figures(event: Document, meetings: list[Document]) -> tuple[int, int, float]:
    """Musts missed, total shortfall and score of a list of meetings."""
    couples = {(meeting["a"], meeting["b"]) for meeting in meetings}
    held = Counter(m[side] for m in meetings for side in ("a", "b"))
    missed = sum(p.get("must", False) and (p["a"], p["b"]) not in couples for p in event["pairs"])
    short = sum(max(0, (p.get("min_meetings") or 0) - held[p["id"]]) for p in event["participants"])
    score = math.fsum(p["score"] for p in event["pairs"] if (p["a"], p["b"]) in couples)
    return missed, short, score


def _figures(event: Document, result: Document) -> list[str]:
    """The figures that the result states of itself."""
    missed, short, score = figures(event, result["meetings"])
    stated, bound = result["objective"], result["upper_bound"]["score"]
    tolerance = 1e-9 * max(1.0, abs(score))
    faults = []
    if (stated["must_missed"], stated["min_short"]) != (missed, short):
        faults.append(f"stated {stated}, counted {missed} missed and {short} short")
    if abs(stated["score"] - score) > tolerance:
        faults.append(f"stated score {stated['score']}, counted {score}")
    if bound < score - tolerance:
        faults.append(f"bound {bound} is below the score {score}")
    if result["status"] == "optimal" and bound > score + 1e-6 * max(1.0, abs(score)):
        faults.append(f"optimal with bound {bound} above score {score}")
    return faults
