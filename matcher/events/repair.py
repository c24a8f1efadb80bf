"""The day itself: solve again keeping to a schedule already given out.

What has taken place is settled. Of the rest, first as many meetings as possible stay, then
as many as possible of those stay in their slot; both are proven when the solve ends in time.
What stays is then fixed, and the holes are filled like any event, standby called in.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from matcher.events.changes import compare
from matcher.events.control import Control
from matcher.events.day import Day, join, read_day, remaining
from matcher.events.event import Event
from matcher.events.fields import EventError, Problem, Reader, is_object, shorten
from matcher.events.schedule import Meeting, MeetingStatus, Schedule
from matcher.events.solving.keeping import Kept, keep_meetings
from matcher.events.solving.search import SearchConfig
from matcher.events.solving.solve import SolveConfig, Solver

STATUSES = ("booked", "held", "no_show", "replaced")


@dataclass(frozen=True)
class Previous:
    """The schedule that people hold in their hands, and the time it is (None: not begun)."""

    meetings: tuple[Meeting, ...]
    now: datetime | None = None


def read_previous(path: Path, now: datetime | None = None) -> Previous:
    """Read a schedule file. Raises EventError naming what is wrong in it."""
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise _unusable(
            path.name,
            f"is not a schedule in JSON: {error}",
            f"không phải lịch gặp dạng JSON ({error})",
        ) from None
    if not is_object(document):
        got = shorten(document)
        raise _unusable(
            path.name, f"must hold an object, not {got}", f"phải là một đối tượng, không phải {got}"
        )
    reader = Reader()
    meetings = tuple(
        Meeting(
            a=reader.text(source, "a", place),
            b=reader.text(source, "b", place),
            slot=reader.text(source, "slot", place),
            table=reader.text(source, "table", place),
            interpreter=reader.optional_text(source, "interpreter", place),
            status=_status(reader, source, place),
        )
        for place, source in reader.records(document, "meetings", required=True)
    )
    _check_repeats(reader, meetings)
    if reader.problems:
        raise EventError(
            [replace(each, place=f"{path.name}: {each.place}") for each in reader.problems]
        )
    return Previous(meetings, now)


def _unusable(place: str, message: str, message_vi: str) -> EventError:
    return EventError([Problem(place, message, message_vi)])


def _status(reader: Reader, source: Mapping[str, Any], place: str) -> MeetingStatus:
    status = source.get("status")
    if status is None:
        return "booked"
    if status not in STATUSES:
        known = ", ".join(STATUSES)
        reader.unfit(f"{place}.status", (f"one of {known}", f"một trong {known}"), status)
        return "booked"
    return cast(MeetingStatus, status)


def _check_repeats(reader: Reader, meetings: Sequence[Meeting]) -> None:
    """Two meetings of one couple: one of them may have been missed, but not more."""
    seen: dict[tuple[str, str], int] = {}
    for number, meeting in enumerate(meetings):
        first = seen.setdefault((meeting.a, meeting.b), number)
        if first != number:
            a, b = shorten(meeting.a), shorten(meeting.b)
            reader.fail(
                f"meetings[{number}]",
                f"{a} with {b} is already meetings[{first}]",
                f"{a} với {b} đã có ở meetings[{first}]",
            )


def repair(event: Event, previous: Previous, control: Control, config: SolveConfig) -> Schedule:
    """A schedule for the event as it is now, as near the previous one as can be.

    Held meetings never move, slots that have begun are closed, no-shows and replaced meetings
    are not kept. `quality` of the result counts kept (same slot), moved, cancelled, missed and
    new meetings, and says whether cancelled and moved are proven the fewest; `changes` lists
    them. Raises EventError when a held meeting is not of this event.
    """
    day = read_day(event, previous.meetings, previous.now)
    kept, left = _fill(remaining(event, day), day, control, config)
    found = join(event, day, left)
    if found.status == "infeasible":
        return found
    return replace(
        found,
        quality={**left.quality, **_counts(found, previous, day, kept)},
        changes=compare(event, _told(previous, day), found.meetings),
    )


def _told(previous: Previous, day: Day) -> list[Meeting]:
    """The earlier meetings, those nobody could have held marked as missed."""
    stand = {(m.a, m.b) for m in (*day.settled, *day.standing)}
    return [
        m if (m.a, m.b) in stand or m.status == "replaced" else replace(m, status="no_show")
        for m in previous.meetings
    ]


def _counts(found: Schedule, previous: Previous, day: Day, kept: Kept) -> dict[str, Any]:
    missed = {(m.a, m.b) for m in previous.meetings} - {
        (m.a, m.b) for m in (*day.settled, *day.standing)
    }
    before = {(m.a, m.b): m.slot for m in previous.meetings if (m.a, m.b) not in missed}
    held = {(m.a, m.b): m.slot for m in found.meetings}
    same = sum(held.get(couple) == slot for couple, slot in before.items())
    both = sum(couple in held for couple in before)
    return {
        "kept": same,
        "moved": both - same,
        "cancelled": len(before) - both,
        "missed": len(missed),
        "new": len(held) - both,
        "moved_is_least": kept.proven and kept.moved == both - same,
    }


def _fill(event: Event, day: Day, control: Control, config: SolveConfig) -> tuple[Kept, Schedule]:
    """What stays of the meetings to come, and the schedule around it."""
    possible = _possible(event, day.standing)
    kept = keep_meetings(event, possible, control)
    quick = SearchConfig(rounds=20, patience=6, work=0.3, seed=config.seed)
    # without interpreters and owners the flow's bound is tight: the relaxation is not needed
    tight = not event.interpreters and all(table.owner is None for table in event.tables)
    timed = 6_000 if tight else 30_000
    config = replace(config, search=quick, core_columns=4000, timed_columns=timed)
    return kept, Solver(replace(event, fixed=kept.fixed), control, config)()


def _possible(event: Event, standing: Iterable[Meeting]) -> list[Meeting]:
    """Earlier meetings whose pair may still meet and that are not fixed anew."""
    pairs = {(pair.a, pair.b) for pair in event.pairs}
    open_pairs = pairs - {(f.a, f.b) for f in event.fixed} - event.vetoes
    return [m for m in standing if (m.a, m.b) in open_pairs]
