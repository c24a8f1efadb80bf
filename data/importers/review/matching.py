"""Which stored call a row of a list means, and which calls of an earlier list it lacks."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, text

from data.importers.layout.identity import NEW_CALL, call_id, spelt_out
from data.importers.review.content import Content, Item
from data.reference.spelling import compact

_LEAST_SHARED = 0.25
"""Share of an earlier list's calls that a list must have to count as its next edition."""
_ALIKE = 88.0  # per cent, for titles of calls at one place
_LEAST_WORDS = 3  # of a title that another one, longer, may be a new name of
_MOST_COMPARED = 2_000_000  # pairs of titles


@dataclass(frozen=True, slots=True)
class Known:
    """A stored call as far as telling it again goes."""

    call_id: str
    province: str
    title: str
    location: str
    status: str


def known_calls(connection: Connection, provinces: Iterable[str]) -> list[Known]:
    """Return the stored calls of provinces (codes), ordered by id."""
    codes = sorted(set(provinces))
    if not codes:
        return []
    statement = text(
        "SELECT call_id, place_code, title, location, status FROM project_call "
        "WHERE place_code IN :codes ORDER BY call_id"
    ).bindparams(bindparam("codes", expanding=True))
    return [Known(*row) for row in connection.execute(statement, {"codes": codes})]


def identify(content: Content, connection: Connection, items: Sequence[Item] | None = None) -> None:
    """Give each item of a published list the id of the stored call it means.

    Name, province and place decide, written however; a call that may have been renamed or moved
    becomes a doubt. `items` limits this to some of them. Ids stay unique within the content.
    """
    if content.table != "project_call" or not content.understood:
        return
    chosen = content.items if items is None else list(items)
    known = known_calls(connection, (each.record["place_code"] for each in content.items))
    by_identity: dict[str, str] = {}
    for each in known:
        by_identity.setdefault(call_id(each.province, each.title, each.location), each.call_id)
    ids = {each.call_id for each in known}
    places = {id(each) for each in chosen}
    taken = {each.record["call_id"] for each in content.items if id(each) not in places}
    for item in chosen:
        row = item.record
        own = call_id(row["place_code"], row["title"], row["location"])
        made = own if own in ids else by_identity.get(own, own)
        _set_id(item, _unused(made, taken))
        taken.add(item.record["call_id"])
    _ask_renamed(chosen, [each for each in known if each.call_id not in taken], ids)


def _unused(wanted: str, taken: set[str]) -> str:
    made, number = wanted, 2
    while made in taken:
        made = f"{wanted}-{number}"
        number += 1
    return made


def _set_id(item: Item, made: str) -> None:
    item.record["call_id"] = made
    item.fields.setdefault("call_id", {"text": "", "where": item.where, "confidence": 1.0})
    item.fields["call_id"]["value"] = made


def _ask_renamed(items: Sequence[Item], missing: Sequence[Known], ids: set[str]) -> None:
    """Ask about new calls that look like a stored one which the list does not name."""
    new = [item for item in items if item.record["call_id"] not in ids]
    for item in items:
        item.doubts = [each for each in item.doubts if each["code"] != "call.renamed"]
    if not new or not missing or len(new) * len(missing) > _MOST_COMPARED:
        return
    by_province: dict[str, list[Known]] = defaultdict(list)
    for each in missing:
        by_province[each.province].append(each)
    for item in new:
        alike = _alike(item, by_province.get(item.record["place_code"], ()))
        if alike:
            item.doubts.append(_renamed(item, alike))


def _alike(item: Item, known: Sequence[Known]) -> list[Known]:
    from rapidfuzz import fuzz  # noqa: PLC0415 -- slow import

    title, place = spelt_out(item.record["title"]), compact(spelt_out(item.record["location"]))
    found = []
    for each in known:
        theirs, there = spelt_out(each.title), compact(spelt_out(each.location))
        same_title = compact(theirs) == compact(title)
        same_place = bool(place) and place == there
        same_numbers = re.findall(r"\d+", theirs) == re.findall(r"\d+", title)
        close = (
            same_place
            and same_numbers
            and (fuzz.ratio(theirs, title) >= _ALIKE or _contained(theirs, title))
        )
        if same_title or close:
            found.append(each)
    return found[:5]


def _contained(title: str, other: str) -> bool:
    """Tell whether all words of one folded title, three at least, are in the other."""
    words, others = set(title.split()), set(other.split())
    return min(len(words), len(others)) >= _LEAST_WORDS and (words <= others or others <= words)


def _renamed(item: Item, alike: Sequence[Known]) -> dict[str, Any]:
    described = "; ".join(
        f"{each.call_id}: {each.title[:80]}" + (f" ({each.location[:60]})" if each.location else "")
        for each in alike
    )
    return {
        "field": "call_id",
        "where": item.where,
        "code": "call.renamed",
        "question_vi": f"Có phải là dự án đã có, nay đổi tên hoặc địa điểm không? {described}",
        "question": f"Is this a call known already, renamed or moved? {described}",
        "candidates": [*(each.call_id for each in alike), NEW_CALL],
    }


def gone(content: Content, connection: Connection, sha256: str) -> list[dict[str, str]]:
    """Return the open calls that earlier editions of the list named and this one lacks.

    An earlier list counts as an edition when this one has a quarter of its calls at least.
    """
    if content.table != "project_call" or not content.understood:
        return []
    present = {item.record["call_id"] for item in content.items}
    provinces = {item.record["place_code"] for item in content.items}
    lists = _earlier_lists(connection, sha256, present)
    lost = sorted({each for calls in lists for each in calls - present})
    if not lost:
        return []
    by_id = {each.call_id: each for each in known_calls(connection, provinces)}
    return [
        {"call_id": each, "title": by_id[each].title}
        for each in lost
        if each in by_id and by_id[each].status == "open"
    ]


def _earlier_lists(connection: Connection, sha256: str, present: set[str]) -> list[set[str]]:
    found: Mapping[str, set[str]] = defaultdict(set)
    rows = connection.execute(
        text("SELECT sha256, call_id FROM call_listing WHERE sha256 <> :own"), {"own": sha256}
    )
    for listed, named in rows:
        found[listed].add(named)
    return [calls for calls in found.values() if len(calls & present) >= _LEAST_SHARED * len(calls)]
