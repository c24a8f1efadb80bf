"""A person's answers to the questions of a draft: a candidate, a value of their own, yes or no."""

from collections.abc import Callable, Mapping
from typing import Any

from data.errors import KetnoiError
from data.importers.fields import interval_value
from data.importers.layout.identity import NEW_CALL
from data.importers.places import place_of
from data.importers.review.content import Content, Item, Question
from data.importers.review.fields import columns_of
from data.importers.review.questions import empty_field
from data.quantities import (
    Doubt,
    Interval,
    QuantityError,
    capital_doubts,
    parse_land,
    parse_money,
)
from data.records import PartialDate
from data.reference.provinces import nearest, resolve_province
from data.reference.sectors import resolve_sectors
from data.reference.spelling import fold, nfc

_AS_READ = frozenset({"ok", "yes", "y", "keep", "dung", "giu", "co", "as read", "giu nguyen"})
_UNKNOWN = frozenset({"none", "unknown", "empty", "bo", "bo trong", "de trong", "khong ro"})
_MOST_LIKELY = 26


def meant(question: Question, answer: str) -> str:
    """Return the answer in full: "b" stands for the second candidate."""
    written = nfc(" ".join(answer.split()))
    place = ord(written.lower()) - ord("a") if len(written) == 1 and written.isascii() else -1
    if 0 <= place < min(len(question.candidates), _MOST_LIKELY):
        return question.candidates[place]
    return written


def answer_item(content: Content, question: Question, item: Item, answer: str) -> None:
    """Apply an answer, taken from `meant`, to one item.

    Raises KetnoiError ("draft.answer") when it cannot be read as a value of the field.
    """
    folded = fold(answer)
    if not answer:
        raise _refused(question, answer, "is empty", "đang để trống")
    if question.field in ("call_id", "investor_id"):
        _answer_identity(question, item, answer)
    elif folded in _AS_READ:
        if question.field in item.fields:
            item.fields[question.field]["confidence"] = 1.0
    elif folded in _UNKNOWN:
        if question.field in ("title", "name", "date"):
            raise _refused(question, answer, "may not be empty", "không được để trống")
        empty_field(content.table, item, question.field)
        item.fields[question.field].pop("emptied", None)
    else:
        read = _READERS.get(_kind(question.field))
        if read is None:
            raise _refused(
                question,
                answer,
                "cannot be changed here; answer ok or none, or correct the file",
                "không sửa được ở đây; hãy trả lời ok hoặc bỏ trống, hoặc sửa tệp",
            )
        read(content, question, item, answer)


def _kind(field: str) -> str:
    if field in ("province", "home_province"):
        return "province"
    if field in ("published_on", "closes_on", "signed_on", "date"):
        return "date"
    return "sector" if field in ("sector", "sectors") else field


def _answer_identity(question: Question, item: Item, answer: str) -> None:
    folded = fold(answer)
    if question.code.endswith(".repeated"):
        if folded.startswith(("1", "one", "mot")):
            item.dropped = True
        elif not (folded in _AS_READ or folded.startswith(("2", "two", "hai"))):
            raise _refused(question, answer, "is neither one nor two", "phải là 1 hoặc 2")
        return
    known = [each for each in question.candidates if each != NEW_CALL]
    if answer in known:
        item.record["call_id"] = answer
        item.fields["call_id"] |= {"value": answer, "confidence": 1.0}
    elif not (folded in _AS_READ or folded in (fold(NEW_CALL), "new", "moi", "du an moi")):
        raise _refused(
            question, answer, f"is none of {', '.join(known)}", f"không thuộc {', '.join(known)}"
        )


def _read_capital(_content: Content, question: Question, item: Item, answer: str) -> None:
    text, unit = answer, ""
    if question.code == "money.unit" and not any(sign.isdigit() for sign in answer):
        text, unit = item.fields.get("capital", {}).get("text", ""), answer
    published = item.record.get("published_on")
    year = int(published[:4]) if published else None
    try:
        found = parse_money(text, unit=unit, on=year)
    except QuantityError as error:
        raise _refused(question, answer, error.en, error.vi) from None
    _check(question, answer, found.interval, found.doubts)
    item.record["capital_vnd_low"] = found.interval.low
    item.record["capital_vnd_high"] = found.interval.high
    item.record["capital_text"] = f"{text} {unit}".strip()
    _keep(item, "capital", interval_value(found.interval))
    land = Interval(item.record.get("land_ha_low"), item.record.get("land_ha_high"))
    still = capital_doubts(found.interval, land)
    if still and unit:
        raise _refused(question, answer, still[0].question_en, still[0].question_vi)


def _read_land(_content: Content, question: Question, item: Item, answer: str) -> None:
    try:
        found = parse_land(answer, unit="ha")
    except QuantityError as error:
        raise _refused(question, answer, error.en, error.vi) from None
    _check(question, answer, found.interval, found.doubts)
    item.record["land_ha_low"] = found.interval.low
    item.record["land_ha_high"] = found.interval.high
    item.record["land_text"] = answer
    _keep(item, "land_ha", interval_value(found.interval))


def _check(question: Question, answer: str, interval: Interval, doubts: tuple[Doubt, ...]) -> None:
    if not interval.known:
        raise _refused(question, answer, "gives no value", "không cho giá trị nào")
    if doubts:
        raise _refused(
            question,
            answer,
            f"can be read in two ways ({doubts[0].question_en}). Write the number without "
            "separators, with its unit",
            f"có thể hiểu hai cách ({doubts[0].question_vi}). Hãy ghi số không có dấu phân "
            "cách, kèm đơn vị",
        )


def _read_province(content: Content, question: Question, item: Item, answer: str) -> None:
    match = resolve_province(answer)
    if match is None:
        close = ", ".join(nearest(answer)) or "Thanh Hóa"
        raise _refused(
            question,
            answer,
            f"is not a province. Try {close}",
            f"không phải là tỉnh. Hãy thử {close}",
        )
    place = place_of(match)
    columns = columns_of(content.table, question.field)
    values = (place.code, place.name, place.old_name, place.as_written)
    item.record |= dict(zip(columns, values, strict=True))
    value = {"code": place.code, "name": place.name, "as_written": place.as_written}
    _keep(item, question.field, value)


def _read_sector(content: Content, question: Question, item: Item, answer: str) -> None:
    match = resolve_sectors(answer.replace("|", ";"))
    if not match.known:
        raise _refused(
            question,
            answer,
            "is not a known sector. Write such as Du lịch, Năng lượng, Công nghiệp chế biến",
            "không phải lĩnh vực đã biết. Hãy ghi như Du lịch, Năng lượng, Công nghiệp chế biến",
        )
    codes, written = columns_of(content.table, question.field)
    item.record[codes] = list(match.codes)
    item.record[written] = item.record[written] or answer
    _keep(item, question.field, list(match.codes))


def _read_date(_content: Content, question: Question, item: Item, answer: str) -> None:
    try:
        date = PartialDate(answer)
    except ValueError as error:
        raise _refused(question, answer, str(error), "phải là YYYY, YYYY-MM hoặc YYYY-MM-DD") from (
            None
        )
    item.record[question.field] = date.text
    _keep(item, question.field, date.text)


def _read_text(_content: Content, question: Question, item: Item, answer: str) -> None:
    item.record[question.field] = answer
    _keep(item, question.field, answer)


def _keep(item: Item, name: str, value: Any) -> None:
    before = item.fields.get(name, {"text": "", "where": item.where})
    kept = {key: each for key, each in before.items() if key != "emptied"}
    item.fields[name] = kept | {"value": value, "confidence": 1.0}


def _refused(question: Question, answer: str, why_en: str, why_vi: str) -> KetnoiError:
    listed = "; ".join(
        f"{chr(ord('a') + place)}) {each}"
        for place, each in enumerate(question.candidates[:_MOST_LIKELY])
    )
    return KetnoiError(
        "draft.answer",
        f"Question {question.number}: {answer!r} {why_en.rstrip('.')}."
        + (f" Choose {listed}; or write a value, ok (as read), none (leave empty)."
           if listed else " Write a value, ok (as read), or none (leave empty)."),
        f"Câu hỏi {question.number}: {answer!r} {why_vi.rstrip('.')}."
        + (f" Hãy chọn {listed}; hoặc ghi giá trị, ok (như đã đọc), bỏ (để trống)."
           if listed else " Hãy ghi giá trị, ok (như đã đọc), hoặc bỏ (để trống)."),
    )  # fmt: skip


_READERS: Mapping[str, Callable[[Content, Question, Item, str], None]] = {
    "capital": _read_capital,
    "land_ha": _read_land,
    "province": _read_province,
    "sector": _read_sector,
    "date": _read_date,
    "title": _read_text,
    "location": _read_text,
    "description": _read_text,
    "form": _read_text,
    "title_en": _read_text,
}
