"""A change to an event that might help: what it is, the event with it, and its words."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from matcher.events.clock import build_clock
from matcher.events.event import Event, Interpreter, Participant, Slot, Table

Reach = tuple[int, int]  # musts missed, shortfall


@dataclass(frozen=True)
class Change:
    """`copies` of one thing more, or of one demand less.

    what: table or interpreter (there in a run of slots: positions in time order), slot,
    maximum, window (present throughout), minimum (lowered), must (a wish only), fixed (let go).
    """

    what: str
    languages: tuple[str, ...] = ()
    person: str = ""
    pair: tuple[str, str] = ("", "")
    fixed: tuple[int, ...] = ()
    copies: int = 1
    first: int = 0
    last: int = 0

    @property
    def size(self) -> int:
        """How much is asked for, to prefer the smaller of two."""
        if self.what in ("table", "interpreter"):
            return self.copies * (self.last - self.first + 1)
        return self.copies


def in_order(event: Event) -> list[Slot]:
    """Slots in order of time."""
    return [event.slots[n] for n in build_clock(event.slots).order]


def apply_change(event: Event, change: Change) -> Event:
    """The event with the change made; new things get ids that start with `+`."""
    makers: dict[str, Callable[[Event, Change], Event]] = {
        "table": _more_tables,
        "interpreter": _more_interpreters,
        "slot": _more_slots,
        "maximum": lambda e, c: _person(e, c, _raised),
        "minimum": lambda e, c: _person(e, c, _lowered),
        "window": lambda e, c: _person(e, c, _present),
        "must": _wish,
        "fixed": _let_go,
    }
    return makers[change.what](event, change)


def _fresh(taken: Collection[str], stem: str, copies: int) -> list[str]:
    """New ids that nothing has."""
    found: list[str] = []
    number = 0
    while len(found) < copies:
        if f"+{stem}{number}" not in taken:
            found.append(f"+{stem}{number}")
        number += 1
    return found


def _away(event: Event, change: Change) -> frozenset[str]:
    inside = {slot.id for slot in in_order(event)[change.first : change.last + 1]}
    return frozenset(slot.id for slot in event.slots if slot.id not in inside)


def _more_tables(event: Event, change: Change) -> Event:
    away = _away(event, change)
    ids = _fresh({table.id for table in event.tables}, "table", change.copies)
    return replace(event, tables=(*event.tables, *(Table(i, None, away) for i in ids)))


def _more_interpreters(event: Event, change: Change) -> Event:
    away, languages = _away(event, change), frozenset(change.languages)
    ids = _fresh({helper.id for helper in event.interpreters}, "interpreter", change.copies)
    more = (Interpreter(i, languages, away) for i in ids)
    return replace(event, interpreters=(*event.interpreters, *more))


def _more_slots(event: Event, change: Change) -> Event:
    """Slots after the last, as long as it is."""
    end = max(slot.end for slot in event.slots)
    last = in_order(event)[-1]
    length: timedelta = last.end - last.start
    ids = _fresh({slot.id for slot in event.slots}, "slot", change.copies)
    more = (Slot(i, end + n * length, end + (n + 1) * length) for n, i in enumerate(ids))
    return replace(event, slots=(*event.slots, *more))


def _person(event: Event, change: Change, make: Callable[[Participant, int], Participant]) -> Event:
    return replace(
        event,
        participants=tuple(
            make(p, change.copies) if p.id == change.person else p for p in event.participants
        ),
    )


def _raised(person: Participant, more: int) -> Participant:
    return replace(person, max_meetings=(person.max_meetings or 0) + more)


def _lowered(person: Participant, less: int) -> Participant:
    return replace(person, min_meetings=max(0, person.min_meetings - less))


def _present(person: Participant, _: int) -> Participant:
    return replace(person, unavailable=frozenset())


def _wish(event: Event, change: Change) -> Event:
    return replace(
        event,
        pairs=tuple(
            replace(p, must=False) if (p.a, p.b) == change.pair else p for p in event.pairs
        ),
    )


def _let_go(event: Event, change: Change) -> Event:
    kept = (f for n, f in enumerate(event.fixed) if n not in change.fixed)
    return replace(event, fixed=tuple(kept))


def describe(event: Event, change: Change, reached: Reach) -> dict[str, Any]:
    """The remedy of one change as data and in words; `event` is as before the change."""
    vi, en = _words(event, change)
    return {**_data(event, change), **_outcome(reached, vi, en)}


def describe_all(parts: Sequence[tuple[Event, Change]], reached: Reach) -> dict[str, Any]:
    """The remedy of several changes together, each with the event as before it."""
    if len(parts) == 1:
        return describe(*parts[0], reached)
    words = [_words(event, change) for event, change in parts]
    document = {
        "change": "combination",
        "count": len(parts),
        "parts": [_data(event, change) for event, change in parts],
    }
    vi, en = "; ".join(vi for vi, _ in words), "; ".join(en for _, en in words)
    return {**document, **_outcome(reached, vi, en)}


def _data(event: Event, change: Change) -> dict[str, Any]:
    document: dict[str, Any] = {"change": change.what, "count": change.copies}
    if change.what in ("table", "interpreter"):
        inside = in_order(event)[change.first : change.last + 1]
        document["slots"] = [slot.id for slot in inside]
    if change.languages:
        document["languages"] = list(change.languages)
    if change.person:
        document["participant"] = change.person
    if change.what == "must":
        document |= {"a": change.pair[0], "b": change.pair[1]}
    if change.what == "fixed":
        document["fixed"] = list(change.fixed)
    return document


def _outcome(reached: Reach, vi: str, en: str) -> dict[str, Any]:
    left_vi = f"còn {reached[0]} cuộc bắt buộc bị lỡ, thiếu {reached[1]} cuộc so với tối thiểu"
    left_en = f"then {reached[0]} musts are missed and {reached[1]} meetings are short"
    if reached == (0, 0):
        left_vi, left_en = "khi đó không còn thiếu gì", "then nothing is missing"
    figures = {"must_missed": reached[0], "min_short": reached[1], "verified": True}
    return {**figures, "vi": f"{vi}: {left_vi}.", "en": f"{en}: {left_en}."}


def _words(event: Event, change: Change) -> tuple[str, str]:
    count, plural = change.copies, "s" if change.copies > 1 else ""
    if change.what in ("table", "interpreter"):
        return _resource_words(event, change)
    if change.what == "slot":
        return f"thêm {count} lượt sau lượt cuối", f"{count} slot{plural} more after the last"
    if change.what == "fixed":
        places = ", ".join(f"fixed[{n}]" for n in change.fixed)
        return f"bỏ ấn định {places}", f"let {places} go"
    if change.what == "must":
        a, b = (label(event, identity) for identity in change.pair)
        vetoed = change.pair in event.vetoes
        return (
            f"không bắt buộc {a} gặp {b}" + (" (hoặc hỏi lại bên đã từ chối)" if vetoed else ""),
            f"do not insist that {a} meets {b}"
            + (" (or ask who declined again)" if vetoed else ""),
        )
    who = label(event, change.person)
    if change.what == "maximum":
        return f"tăng mức tối đa của {who} thêm {count}", f"raise the maximum of {who} by {count}"
    if change.what == "minimum":
        return (
            f"hạ mức tối thiểu của {who} đi {count} (hoặc tìm thêm đối tác cho bên này)",
            f"lower the minimum of {who} by {count} (or find them more partners)",
        )
    return f"{who} có mặt cả sự kiện", f"{who} is there throughout"


def _resource_words(event: Event, change: Change) -> tuple[str, str]:
    order, count = in_order(event), change.copies
    plural = "s" if count > 1 else ""
    start, end = order[change.first].start, order[change.last].end
    vi, en = f"từ {start:%H:%M} đến {end:%H:%M}", f"from {start:%H:%M} to {end:%H:%M}"
    if change.what == "table":
        return f"thêm {count} bàn {vi}", f"{count} table{plural} more {en}"
    tongue = "–".join(change.languages)
    return (
        f"thêm {count} phiên dịch {tongue} {vi}",
        f"{count} interpreter{plural} {tongue} more {en}",
    )


def label(event: Event, identity: str) -> str:
    """Name and id of a participant, the id alone when there is no name."""
    name = next((p.name for p in event.participants if p.id == identity), "")
    return f"{name} ({identity})" if name and name != identity else identity
