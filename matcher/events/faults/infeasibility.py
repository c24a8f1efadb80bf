"""Who is short, and why, in words: the first reason that suffices is given."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from matcher.events.clock import build_clock
from matcher.events.event import Event, Pair, Participant, can_interpret, needs_interpreter
from matcher.events.schedule import Schedule

Words = tuple[str, str, str]  # code, Vietnamese, English


class _Facts:
    """The event and its schedule, arranged for questions about one pair or person."""

    def __init__(self, event: Event, schedule: Schedule) -> None:
        self.event = event
        self.people = {person.id: person for person in event.participants}
        self.clock = build_clock(event.slots)
        self.number = {slot.id: n for n, slot in enumerate(event.slots)}
        self.held = {(m.a, m.b) for m in schedule.meetings}
        self.count = Counter(p for m in schedule.meetings for p in (m.a, m.b))
        self.busy: dict[str, set[str]] = {}
        for meeting in schedule.meetings:
            for what in (meeting.a, meeting.b):
                self.busy.setdefault(f"p:{what}", set()).add(meeting.slot)
            self.busy.setdefault(f"t:{meeting.table}", set()).add(meeting.slot)
            self.busy.setdefault(f"k:{meeting.interpreter}", set()).add(meeting.slot)

    def label(self, identity: str) -> str:
        """Name and id of a participant."""
        name = self.people[identity].name
        return f"{name} ({identity})" if name and name != identity else identity

    def open(self, person: Participant) -> set[str]:
        return {slot.id for slot in self.event.slots if slot.id not in person.unavailable}

    def free(self, what: str, slot: str) -> bool:
        """True when the thing is in no meeting that overlaps the slot."""
        row = self.clock.conflicts[self.number[slot]]
        return not any(row[self.number[other]] for other in self.busy.get(what, ()))

    def table(self, pair: Pair, slot: str, *, free: bool) -> bool:
        """Is a table open (and free) for the pair in the slot?"""
        return any(
            table.owner in (None, pair.a, pair.b)
            and slot not in table.unavailable
            and (not free or self.free(f"t:{table.id}", slot))
            for table in self.event.tables
        )

    def interpreter(self, pair: Pair, slot: str | None, *, free: bool) -> bool:
        """Can someone interpret for the pair (in the slot, if given), or is it not needed?"""
        spoken = self.people[pair.a].languages, self.people[pair.b].languages
        if not needs_interpreter(*spoken):
            return True
        return any(
            can_interpret(helper.languages, *spoken)
            and (slot is None or slot not in helper.unavailable)
            and (slot is None or not free or self.free(f"k:{helper.id}", slot))
            for helper in self.event.interpreters
        )


def explain_unmet(event: Event, schedule: Schedule) -> tuple[dict[str, Any], ...]:
    """Every missed must and every participant below the minimum, with a reason."""
    facts = _Facts(event, schedule)
    found: list[dict[str, Any]] = []
    for pair in event.pairs:
        if pair.must and (pair.a, pair.b) not in facts.held:
            code, vi, en = why_not(facts, pair)
            a, b = facts.label(pair.a), facts.label(pair.b)
            found.append(
                {
                    "kind": "must",
                    "a": pair.a,
                    "b": pair.b,
                    "cause": code,
                    "vi": f"{a} và {b} phải gặp nhau nhưng {vi}.",
                    "en": f"{a} and {b} must meet, but {en}.",
                }
            )
    partners: dict[str, list[Pair]] = {}
    for pair in event.pairs:
        partners.setdefault(pair.a, []).append(pair)
        partners.setdefault(pair.b, []).append(pair)
    for person in event.participants:
        lacking = person.min_meetings - facts.count[person.id]
        if lacking > 0:
            found.append(_short(facts, person, lacking, partners.get(person.id, [])))
    return tuple(found)


def _short(facts: _Facts, person: Participant, lacking: int, pairs: list[Pair]) -> dict[str, Any]:
    code, vi, en = _why_short(facts, person, pairs)
    have, want = facts.count[person.id], person.min_meetings
    who = facts.label(person.id)
    return {
        "kind": "minimum",
        "participant": person.id,
        "short": lacking,
        "cause": code,
        "vi": f"{who} có {have} trên tối thiểu {want} cuộc gặp vì {vi}.",
        "en": f"{who} has {have} of at least {want} meetings because {en}.",
    }


def _why_short(facts: _Facts, person: Participant, pairs: list[Pair]) -> Words:
    if len(pairs) < person.min_meetings:
        return (
            "few_pairs",
            f"danh sách chỉ có {len(pairs)} cặp với bên này",
            f"only {len(pairs)} pairs with them are listed",
        )
    slots = len(facts.open(person))
    if slots < person.min_meetings:
        return (
            "few_slots",
            f"bên này chỉ rảnh {slots} lượt",
            f"they are available in {slots} slots only",
        )
    reasons = [why_not(facts, p) for p in pairs if (p.a, p.b) not in facts.held]
    common = Counter(code for code, _, _ in reasons)
    if not reasons:
        return (
            "met_all",
            "đã gặp mọi bên trong danh sách",
            "they meet everyone they are listed with",
        )
    code = min(common, key=lambda c: (-common[c], c))
    _, vi, en = next(reason for reason in reasons if reason[0] == code)
    return (
        code,
        f"{common[code]} trên {len(reasons)} cặp còn lại vướng: {vi}",
        f"of {len(reasons)} other pairs {common[code]} are held up: {en}",
    )


def why_not(facts: _Facts, pair: Pair) -> Words:
    """The first thing that keeps a pair apart in this schedule."""
    return _never(facts, pair) or _not_now(facts, pair, _common(facts, pair))


def _common(facts: _Facts, pair: Pair) -> list[str]:
    both = facts.open(facts.people[pair.a]) & facts.open(facts.people[pair.b])
    return [slot.id for slot in facts.event.slots if slot.id in both]


def _never(facts: _Facts, pair: Pair) -> Words | None:
    """Reasons that no choice of meetings could change."""
    if (pair.a, pair.b) in facts.event.vetoes:
        return "veto", "một bên đã từ chối", "one side has declined"
    common = _common(facts, pair)
    if not common:
        return "no_common_slot", "hai bên không có lượt rảnh chung", "they share no slot"
    if not facts.interpreter(pair, None, free=False):
        spoken = _languages(facts.people, pair)
        return (
            "no_interpreter",
            f"không có phiên dịch {spoken}",
            f"no interpreter speaks {spoken}",
        )
    if not any(facts.interpreter(pair, slot, free=False) for slot in common):
        return (
            "interpreter_away",
            "phiên dịch vắng trong các lượt rảnh chung",
            "no interpreter is there in the slots they share",
        )
    if not any(facts.table(pair, slot, free=False) for slot in common):
        return "no_table", "không có bàn cho các lượt rảnh chung", "no table is open in those slots"
    return None


def _languages(people: Mapping[str, Participant], pair: Pair) -> str:
    return "–".join("/".join(sorted(people[p].languages)) for p in (pair.a, pair.b))


def _not_now(facts: _Facts, pair: Pair, common: list[str]) -> Words:
    """What is used up by the meetings that were chosen instead."""
    for identity in (pair.a, pair.b):
        limit = facts.people[identity].max_meetings
        if limit is not None and facts.count[identity] >= limit:
            return (
                "maximum",
                f"{facts.label(identity)} đã đủ {limit} cuộc gặp tối đa",
                f"{facts.label(identity)} already has the maximum of {limit}",
            )
    if not any(facts.interpreter(pair, slot, free=True) for slot in common):
        return (
            "interpreters_busy",
            "phiên dịch đều bận trong các lượt rảnh chung",
            "all interpreters are busy in the slots they share",
        )
    if not any(facts.table(pair, slot, free=True) for slot in common):
        return (
            "tables_full",
            "mọi bàn đã kín trong các lượt rảnh chung",
            "all tables are taken in the slots they share",
        )
    both = [s for s in common if facts.free(f"p:{pair.a}", s) and facts.free(f"p:{pair.b}", s)]
    if not both:
        return (
            "busy",
            "trong mọi lượt chung có một bên bận gặp người khác",
            "in every slot they share one of them meets someone else",
        )
    if not any(facts.table(pair, slot, free=True) for slot in both):
        return "tables_full", "mọi bàn đã kín khi hai bên cùng rảnh", "all tables are taken then"
    if not any(facts.interpreter(pair, slot, free=True) for slot in both):
        return (
            "interpreters_busy",
            "phiên dịch đều bận khi hai bên cùng rảnh",
            "all interpreters are busy when both are free",
        )
    return (
        "not_chosen",
        "chọn cặp này làm mất điều quan trọng hơn hoặc chưa tìm được cách xếp",
        "holding it would cost something more important, or no way was found in time",
    )
