"""Turn the doubts of rows into a short numbered list of questions, equal ones asked once."""

from collections.abc import Iterable
from typing import Any

from data.importers.report import Emptied
from data.importers.review.content import Content, Item, Question
from data.importers.review.fields import columns_of

_BY_CODE = {
    "money.unit": (
        "{count} số tiền không ghi đơn vị ({texts}); là đơn vị nào?",
        "{count} sums state no currency or unit ({texts}); of what?",
    ),
}
"""Questions that one answer settles for all rows, whatever the texts in them."""
_LONGEST_TEXTS = 3
_NEVER_EMPTIED = frozenset(
    {
        "call_id",
        "investor_id",
        "programme_id",
        "title",
        "name",
        "name_vi",
        "date",
        "stage",
        "status",
    }
)


def number_questions(content: Content) -> None:
    """Number the doubts of the items anew; questions with answers keep them and their number."""
    answered = [each for each in content.questions if each.answers]
    known = {(each.field, each.code, each.en): each for each in answered}
    groups: dict[tuple[str, ...], Question] = {}
    for place, item in enumerate(content.items):
        if item.dropped:
            continue
        for doubt in item.doubts:
            shared = _BY_CODE.get(doubt["code"])
            key = (
                (doubt["field"], doubt["code"])
                if shared
                else (doubt["field"], doubt["code"], doubt["question"], *doubt["candidates"])
            )
            found = groups.setdefault(key, _question(doubt))
            if place not in found.items:
                found.items.append(place)
    for (_, code, *_rest), found in groups.items():
        if code in _BY_CODE:
            _word_together(content, found)
        before = known.get((found.field, found.code, found.en))
        found.answers = dict(before.answers) if before else {}
    content.questions = list(groups.values())
    for number, found in enumerate(content.questions, start=1):
        found.number = number


def _question(doubt: dict[str, Any]) -> Question:
    return Question(
        0,
        doubt["field"],
        doubt["code"],
        doubt["question_vi"],
        doubt["question"],
        list(doubt["candidates"]),
        [],
    )


def _word_together(content: Content, found: Question) -> None:
    if len(found.items) < 2:
        return
    texts = [
        content.items[place].fields.get(found.field, {}).get("text", "") for place in found.items
    ]
    listed = ", ".join(repr(text) for text in dict.fromkeys(texts[:_LONGEST_TEXTS]))
    listed += ", …" if len(set(texts)) > _LONGEST_TEXTS else ""
    vi, en = _BY_CODE[found.code]
    found.vi = vi.format(count=len(found.items), texts=listed)
    found.en = en.format(count=len(found.items), texts=listed)


def settle_by_confidence(content: Content, threshold: float) -> None:
    """Empty the values read with a confidence below the threshold, and list them.

    Doubts about values at or above it are settled as read; those about emptied ones stay, for a
    person who may know better.
    """
    for item in content.items:
        emptied = set(_empty_below(content, item, threshold))
        kept = []
        for doubt in item.doubts:
            field = item.fields.get(doubt["field"])
            below = field is not None and field["confidence"] < threshold
            if doubt["field"] in emptied or below:
                kept.append(doubt)
        item.doubts = kept


def _empty_below(content: Content, item: Item, threshold: float) -> Iterable[str]:
    for name, field in item.fields.items():
        if field["confidence"] >= threshold or name in _NEVER_EMPTIED:
            continue
        if field["value"] in (None, "", [], {}) and not field["text"]:
            continue
        empty_field(content.table, item, name)
        content.emptied.append(Emptied(field["where"], name, field["text"], field["confidence"]))
        yield name


def empty_field(table: str, item: Item, name: str) -> None:
    """Make a field of an item unknown, keeping what was written in `fields`."""
    for column in columns_of(table, name):
        if column not in item.record:
            continue  # a remark, which only the draft shows
        value = item.record[column]
        if isinstance(value, list):
            item.record[column] = []
        elif isinstance(value, str):
            item.record[column] = ""
        else:
            item.record[column] = None
    if name in ("published_on", "closes_on", "signed_on"):
        item.record[name] = None
    item.fields.setdefault(name, {"text": "", "where": item.where})
    item.fields[name] |= {"value": None, "confidence": 0.0, "emptied": True}
