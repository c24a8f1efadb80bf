"""Sums and areas of a list: units from outside the cell, and no reading that is not proven."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from data.importers.layout.two_currencies import Weighed, weigh
from data.importers.problems import shown
from data.quantities import (
    Interval,
    LandParse,
    MoneyParse,
    NumberStyle,
    QuantityError,
    find_quantities,
    infer_style,
    parse_land,
    parse_money,
)
from data.quantities.numbers import TOKEN, style_of
from data.quantities.wording import plain_amount
from data.reference.doubts import Doubt
from data.reference.spelling import fold

_DECIMAL = {NumberStyle.VIETNAMESE: ",", NumberStyle.ENGLISH: "."}
_OTHER = {
    NumberStyle.VIETNAMESE: NumberStyle.ENGLISH,
    NumberStyle.ENGLISH: NumberStyle.VIETNAMESE,
}
_PHASE = re.compile(r"\b(?:giai doan|gd|phase)\s*(?:\d|[ivx]+\b|dau)")
_LEFT_OPEN = re.compile(
    r"de xuat|xac dinh|cap nhat|lap du an|nha dau tu|thoa thuan|quy hoach|nghien cuu|to be|tbd|n/a|"
    r"investor|chua co|khong|theo du an|lua chon"
)
_BETWEEN = re.compile(
    r"[^a-z0-9]*(?:tuong duong|tuong ung|equivalent(?: to)?|hay|or|hoac|~|≈)?[^a-z0-9]*"
)


@dataclass(frozen=True, slots=True)
class Style:
    """How a column writes numbers.

    `proven`: its totals say so; `contested`: it writes both ways.
    """

    style: NumberStyle = NumberStyle.GUESS
    proven: bool = False
    contested: bool = False


UNSETTLED = Style()
_UNKNOWN = Interval()


@dataclass(frozen=True, slots=True)
class Unit:
    """The unit that holds for a cell, and the year of its exchange rate."""

    name: str = ""
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """An interval in VND or hectares with what is doubtful about it.

    Of a sum, `currency` is the one it is written in and `original` the sum in it.
    """

    interval: Interval = _UNKNOWN
    doubts: tuple[Doubt, ...] = ()
    notes: tuple[str, ...] = ()
    confidence: float = 1.0
    currency: str = ""
    original: Interval = _UNKNOWN


def open_tokens(texts: Sequence[str]) -> list[str]:
    """Return the numbers that read either way, as "5.000" and "3,840" do."""
    tokens = [token for text in texts for token in TOKEN.findall(text)]
    return [
        token
        for token in tokens
        if style_of(token) is NumberStyle.GUESS and re.search(r"[.,]", token)
    ]


def style_of_texts(texts: Sequence[str], others: Sequence[str]) -> Style:
    """Return how texts write numbers; where they do not show it, as `others` (of the file) do."""
    own = infer_style(texts)
    votes = {style_of(token) for text in texts for token in TOKEN.findall(text)}
    votes.discard(NumberStyle.GUESS)
    signs = {sign for token in open_tokens(texts) for sign in token if sign in ".,"}
    contested = len(votes) > 1 or (not votes and len(signs) > 1)
    if own is NumberStyle.GUESS and not contested:
        own = infer_style(others)
    return Style(own, False, contested)


def read_money(text: str, numeric: bool, unit: Unit, style: Style) -> Reading:
    """Return a sum in VND. A reading that is not settled carries a doubt; never raises."""
    if numeric:
        style = Style(NumberStyle.ENGLISH, proven=True)

    def parse(part: str, way: NumberStyle) -> MoneyParse:
        return parse_money(part, unit=unit.name, style=way, on=unit.year)

    if not re.search(r"\d", text):
        return _worded("money", text, parse)
    twice = _in_two_currencies(text, parse, style, unit.year)
    if twice is not None:
        return twice
    try:
        found = parse(text, style.style)
    except QuantityError as error:
        return _first_of("money", text, error, parse, style)
    doubts = found.doubts + _style_doubt("money", text, parse, style, found)
    doubts += _share_doubt(text, found)
    weighed = _other_currency(found, unit, style)
    return Reading(
        weighed.interval,
        doubts + weighed.doubts,
        found.notes,
        currency=found.currency,
        original=found.original,
    )


def read_land(text: str, numeric: bool, unit: str, style: Style) -> Reading:
    """Return an area in hectares, likewise."""
    if numeric:
        style = Style(NumberStyle.ENGLISH, proven=True)

    def parse(part: str, way: NumberStyle) -> LandParse:
        return parse_land(part, unit=unit or "ha", style=way)

    if not re.search(r"\d", text):
        return _worded("land", text, parse)
    try:
        found = parse(text, style.style)
    except QuantityError as error:
        return _first_of("land", text, error, parse, style)
    doubts = found.doubts + _style_doubt("land", text, parse, style, found)
    return Reading(found.interval, doubts, found.notes)


Parse = Callable[[str, NumberStyle], MoneyParse] | Callable[[str, NumberStyle], LandParse]


def _worded(kind: str, text: str, parse: Parse) -> Reading:
    """Read a cell without digits: left open by known words, else a doubt."""
    try:
        parse(text, NumberStyle.VIETNAMESE)
    except QuantityError:
        if _LEFT_OPEN.search(fold(text)):
            return Reading(notes=("open",))
        return Reading(doubts=(unreadable(kind, text),), confidence=0.0)
    return Reading()


def unreadable(kind: str, text: str) -> Doubt:
    """Ask for a value that could not be read."""
    noun_vi, noun_en = ("vốn", "capital") if kind == "money" else ("diện tích", "land")
    return Doubt(
        f"{kind}.unreadable",
        f"Không đọc được {noun_vi} từ {shown(text)}; là bao nhiêu?",
        f"The {noun_en} cannot be read from {shown(text)}; how much is it?",
    )


def _first_of(kind: str, text: str, error: QuantityError, parse: Parse, style: Style) -> Reading:
    """Take the first quantity of a longer text, with a doubt; leave open what has none."""
    if not any(part in error.code for part in ("negative", "rate", "percent")):
        for found in find_quantities(text):
            if found.kind == kind:
                part = text[found.start : found.end]
                try:
                    interval = parse(part, style.style).interval
                except QuantityError:
                    continue
                return Reading(interval, (_part_doubt(kind, text, part),), (), 0.5)
    return Reading(doubts=(unreadable(kind, text),), confidence=0.0)


def _part_doubt(kind: str, text: str, part: str) -> Doubt:
    return Doubt(
        f"{kind}.part",
        f"{shown(text)}: lấy {part!r} được không?",
        f"{shown(text)}: is {part!r} the value?",
        (part,),
    )


def _share_doubt(text: str, found: MoneyParse) -> tuple[Doubt, ...]:
    """Ask about a sum that is said to be a year's or a phase's, not the whole."""
    yearly = "per_year" in found.notes
    if not yearly and not (_PHASE.search(fold(text)) and found.interval.known):
        return ()
    vi, en = ("một năm", "a year") if yearly else ("một giai đoạn", "a phase")
    return (
        Doubt(
            "money.share",
            f"{shown(text)} là vốn của {vi}; tổng vốn là bao nhiêu?",
            f"{shown(text)} is the sum of {en}; how much is the whole?",
            (found.text,),
        ),
    )


def _style_doubt(
    kind: str, text: str, parse: Parse, style: Style, found: MoneyParse | LandParse
) -> tuple[Doubt, ...]:
    """Ask about digits that read either way where the file does not prove which."""
    tokens = open_tokens([text])
    if style.proven or not tokens or any(".style" in doubt.code for doubt in found.doubts):
        return ()
    sign = _DECIMAL.get(style.style)
    decimals = sign is not None and any(sign in token for token in tokens)
    if not decimals and not style.contested:
        return ()
    readings = []
    for way in _DECIMAL:
        try:
            readings.append(parse(text, way).interval)
        except QuantityError:
            continue
    if len(set(readings)) < 2:
        return ()
    shown_both = [plain_amount(each, "VND" if kind == "money" else "ha") for each in readings]
    return (
        Doubt(
            f"{kind}.style",
            f"{text!r} là {shown_both[0]} hay {shown_both[1]}?",
            f"Does {text!r} mean {shown_both[0]} or {shown_both[1]}?",
            tuple(shown_both),
        ),
    )


def _in_two_currencies(text: str, parse: Parse, style: Style, year: int | None) -> Reading | None:
    """Read "21,5 triệu USD / 500 tỷ đồng" as one sum if both agree."""
    sums = [found for found in find_quantities(text) if found.kind == "money"]
    if len(sums) != 2 or not _BETWEEN.fullmatch(fold(text[sums[0].end : sums[1].start])):
        return None
    parts = [text[found.start : found.end] for found in sums]
    outside = fold(text[: sums[0].start] + text[sums[1].end :]).strip(" ()[].,;")
    try:
        reads = [parse(part, style.style) for part in parts]
    except QuantityError:
        return None
    money = [read for read in reads if isinstance(read, MoneyParse)]
    if len({read.currency for read in money}) != 2 or outside:
        return None
    weighed = weigh(money[0], money[1], year, style=style.style, beside=False)
    main = next((read for read in money if read.interval == weighed.interval), money[0])
    doubts = main.doubts + _style_doubt("money", main.text, parse, style, main)
    return Reading(
        weighed.interval,
        doubts + weighed.doubts,
        main.notes,
        currency=main.currency,
        original=main.original,
    )


def _other_currency(found: MoneyParse, unit: Unit, style: Style) -> Weighed:
    """Check a sum in brackets, "500 tỷ (tương đương 21,5 triệu USD)", against the sum itself."""
    for note in found.notes:
        inside = note.removeprefix("bracketed:")
        if inside == note or not re.search(r"tuong duong|tuong ung|equiv|~|≈|usd|dong", inside):
            continue
        sums = [each for each in find_quantities(inside) if each.kind == "money"]
        if len(sums) == 1:
            part = inside[sums[0].start : sums[0].end]
            try:
                other = parse_money(part, style=style.style, on=unit.year)
            except QuantityError:
                continue
            if other.currency and other.currency != found.currency:
                return weigh(found, other, unit.year, style=style.style, beside=False)
    return Weighed(found.interval)


def inside_text(kind: str, text: str, unit: str, style: Style) -> Reading:
    """Return the land or money that a longer text mentions: "Diện tích 20 ha; công suất …".

    One is taken with less confidence, of several the first with a doubt.
    """
    found = [each for each in find_quantities(text) if each.kind == kind and each.unit == unit]
    found = [each for each in found if not _per_unit(text, each.end)]
    if not found:
        return Reading()
    parts = tuple(text[each.start : each.end] for each in found)
    first = Reading(found[0].interval, (), (), 0.7)
    if kind == "land" and _is_known(style):
        try:
            first = replace(first, interval=parse_land(parts[0], style=style.style).interval)
        except QuantityError:
            return replace(first, doubts=(_part_doubt(kind, text, parts[0]),))
    if kind == "land" and len(set(parts)) == 1 and not open_tokens(parts):
        return first
    return replace(first, doubts=(replace(_part_doubt(kind, text, parts[0]), candidates=parts),))


def _is_known(style: Style) -> bool:
    return style.style is not NumberStyle.GUESS and not style.contested


def _per_unit(text: str, end: int) -> bool:
    return bool(re.match(r"\s*/", text[end : end + 2]))
