"""Turn what was scanned into one interval, and settle the number style or raise a doubt."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from data.quantities.lexicon import ENGLISH, VIETNAMESE
from data.quantities.scan import Amount, Reading, Token
from data.quantities.types import Hedge, Interval, NumberStyle, QuantityError
from data.reference.doubts import Doubt

LONGEST = 500
_BRACKETS = re.compile(r"\s*[(\[（]([^()\[\]（）]*)[)\]）]")


@dataclass(frozen=True, slots=True)
class Expectation:
    """What kind of quantity is read, with the words that errors use for it."""

    kind: str
    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class Bounds:
    """An interval with the two amounts it came from."""

    interval: Interval
    low: Amount
    high: Amount


def refuse(code: str, text: str, expected: Expectation, why_vi: str, why_en: str) -> QuantityError:
    """Build the error for a text, cut to a readable length."""
    shown = text if len(text) <= 60 else text[:57] + "…"
    return QuantityError(
        f"{expected.kind}.{code}",
        text=shown,
        vi=f"{shown!r}: {why_vi}; cần {expected.vi}.",
        en=f"{shown!r}: {why_en}; expected {expected.en}.",
    )


def unbracket(text: str) -> tuple[str, tuple[str, ...]]:
    """Split "1.500 tỷ (chưa gồm GPMB)" into the text and the contents of its brackets."""
    outside = _BRACKETS.sub(" ", text).strip()
    return outside, tuple(found.strip() for found in _BRACKETS.findall(text) if found.strip())


def check(reading: Reading, text: str, expected: Expectation) -> None:
    """Raise unless the reading has numbers, none of them negative, and nothing unexplained."""
    if reading.negative:
        raise refuse("negative", text, expected, "là số âm", "is negative")
    if reading.leftovers:
        words = " ".join(reading.leftovers)[:40]
        raise refuse(
            "garbage", text, expected, f"không hiểu {words!r}", f"{words!r} is not understood"
        )
    if not reading.amounts:
        raise refuse("garbage", text, expected, "không có số", "has no number")
    if any(number > 1e30 for amount in reading.amounts for number, _ in amount.parts):
        raise refuse("garbage", text, expected, "số quá lớn", "is too large a number")


def bounds(
    reading: Reading,
    *,
    text: str,
    expected: Expectation,
    factor: Callable[[Amount], float],
    default_size: float,
) -> Bounds:
    """Return the interval of the amounts, each times the `factor` of its unit.

    "500-700 tỷ": the first end takes the magnitude and unit of the last. "over" and "under" leave
    the other end open. Raises QuantityError when the ends are upside down.
    """
    low, high = reading.amounts[0], reading.amounts[-1]
    if low is not high:
        low, high = _share(low, high)
    first = low.value(default_size) * factor(low)
    last = high.value(default_size) * factor(high)
    if reading.joined and first > last:
        raise refuse(
            "range", text, expected, "cận dưới lớn hơn cận trên", "its low end is above its high"
        )
    ends = sorted((first, last))
    interval = Interval(ends[0], ends[1]).scaled(1.0)
    if low is high and reading.hedge is Hedge.OVER:
        interval = Interval(interval.low, None)
    elif low is high and reading.hedge is Hedge.UNDER:
        interval = Interval(None, interval.high)
    return Bounds(interval, low, high)


def _share(low: Amount, high: Amount) -> tuple[Amount, Amount]:
    """Let the ends of a range share the magnitude and the unit that only one of them has."""
    if high.sized and not low.sized:
        size = high.parts[-1][1] if len(high.parts) == 1 else high.parts[0][1]
        low = replace(low, parts=[(number, size) for number, _ in low.parts], sized=True)
    return replace(low, unit=low.unit or high.unit), replace(high, unit=high.unit or low.unit)


def context_style(tokens: list[Token], separators: set[str], base_unit: bool) -> NumberStyle:
    """Return the style that the words of the cell settle, GUESS when they do not.

    Vietnamese words beside "45.500" and English ones beside "3,500" settle it; whole units
    ("1.200 m2", "5,000 USD") are never written with exactly three decimals.
    """
    if base_unit and len(separators) == 1:
        return NumberStyle.VIETNAMESE if separators == {"."} else NumberStyle.ENGLISH
    words = {word for token in tokens if token.kind != "number" for word in token.text.split()}
    if separators == {"."} and words & VIETNAMESE:
        return NumberStyle.VIETNAMESE
    if separators == {","} and words & ENGLISH - VIETNAMESE:
        return NumberStyle.ENGLISH
    return NumberStyle.GUESS


def open_separators(tokens: list[Token]) -> set[str]:
    """Return the separators of the numbers among the tokens."""
    return {sign for token in tokens if token.kind == "number" for sign in token.text} & {".", ","}


def round_numbers(tokens: list[Token]) -> bool:
    """Tell whether every number ends in 0: "45.500" is hardly 45.5 with idle zeros."""
    return all(token.text.endswith("0") for token in tokens if token.kind == "number")


def style_doubt(kind: str, text: str, candidates: tuple[str, str]) -> Doubt:
    """Ask which of two readings of "5.000" is meant, the likelier first."""
    first, second = candidates
    return Doubt(
        code=f"{kind}.style",
        question_vi=f"{text!r} là {first} hay {second}?",
        question_en=f"Does {text!r} mean {first} or {second}?",
        candidates=candidates,
    )


def grouping_doubt(kind: str, text: str, value: str) -> Doubt:
    """Ask about digits grouped in no known way, such as "15,000,00"."""
    return Doubt(
        code=f"{kind}.grouping",
        question_vi=f"{text!r} có nhóm chữ số lạ; có phải {value} không?",
        question_en=f"{text!r} groups its digits oddly; is {value} meant?",
        candidates=(value,),
    )
