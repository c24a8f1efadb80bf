"""What differs between two schedules of an event, for those who must be told."""

from collections.abc import Iterable
from typing import Any

from matcher.events.event import Event
from matcher.events.schedule import Meeting

GONE = ("no_show", "replaced")


def compare(
    event: Event, before: Iterable[Meeting], after: Iterable[Meeting]
) -> tuple[dict[str, Any], ...]:
    """Each meeting that is new, moved to another slot, at another table, or gone.

    Records are ready for JSON: `kind` (new, moved, table, cancelled, no_show, replaced), `a`,
    `b`, `from` and `to` (slot, table, interpreter; None for a side that has none). A meeting
    that is gone names under `filled_by` the new meetings of those it left free, in its slot.
    """
    old = {(m.a, m.b): m for m in before}
    new = {(m.a, m.b): m for m in after}
    fresh: dict[str, list[Meeting]] = {}
    for couple, m in new.items():
        if couple not in old or _slot(old[couple]) != m.slot:
            fresh.setdefault(m.slot, []).append(m)
    order = {slot.id: n for n, slot in enumerate(event.slots)}
    found: list[tuple[int, dict[str, Any]]] = []
    for couple in sorted(old.keys() | new.keys()):
        was, now = old.get(couple), new.get(couple)
        kind = _kind(was, now)
        if kind is None:
            continue
        record: dict[str, Any] = {"kind": kind, "a": couple[0], "b": couple[1]}
        record |= {"from": _seat(was), "to": _seat(now)}
        if was is not None and now is None:
            record["filled_by"] = [
                {"a": m.a, "b": m.b} for m in fresh.get(was.slot, ()) if _fills(m, was)
            ]
        at = now or was
        found.append((order.get(at.slot, len(order)) if at else 0, record))
    return tuple(record for _, record in sorted(found, key=lambda item: item[0]))


def _slot(meeting: Meeting) -> str | None:
    return None if meeting.status in GONE else meeting.slot


def _fills(new: Meeting, gone: Meeting) -> bool:
    return new.a == gone.a or new.b == gone.b


def _kind(was: Meeting | None, now: Meeting | None) -> str | None:
    if was is None:
        return "new"
    if now is None:
        return was.status if was.status in GONE else "cancelled"
    if now.slot != was.slot:
        return "moved"
    if (now.table, now.interpreter) != (was.table, was.interpreter):
        return "table"
    return None


def _seat(meeting: Meeting | None) -> dict[str, Any] | None:
    if meeting is None:
        return None
    return {"slot": meeting.slot, "table": meeting.table, "interpreter": meeting.interpreter}
