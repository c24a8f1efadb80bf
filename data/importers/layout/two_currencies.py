"""One sum written in two currencies: which counts, and whether the two agree."""

import re
from dataclasses import dataclass

from data.quantities import Interval, MoneyParse, NumberStyle
from data.quantities.numbers import TOKEN, read_number
from data.reference.currencies import rate
from data.reference.doubts import Doubt

_YEARS_AROUND = 3  # whose rates a document may have converted by
_YEARS_BACK = 8  # the same, for a document without a date
_COARSE = 0.005  # of a sum: half of the last digit of "46 tỷ" is more, of "460 tỷ" less
_SAME_SUM = (0.75, 1.34)  # two foreign currencies of one sum
_EPSILON = 1e-9


@dataclass(frozen=True, slots=True)
class Weighed:
    """The sum that counts in VND, with what is doubtful about it."""

    interval: Interval
    doubts: tuple[Doubt, ...] = ()


def weigh(
    first: MoneyParse, second: MoneyParse, year: int | None, *, style: NumberStyle, beside: bool
) -> Weighed:
    """Return the sum that two readings of it mean.

    `second` is the equivalent of `first`, or (`beside`) stands in a column of its own. A sum in
    dong counts as written, whatever rate it was converted by. An equivalent in dong that is the
    rounded foreign sum yields to that sum; a rounded one of which that is not certain is asked
    about, and so are two sums of which one is a bound or a range and the other is not, and two
    that no rate of the years around makes the same, at either end.
    """
    if not first.interval.known or not second.interval.known:
        return Weighed((first if first.interval.known else second).interval)
    if "VND" not in (first.currency, second.currency):
        near = _SAME_SUM[0] <= _end(second.interval) / max(_end(first.interval), 1.0)
        near = near and _end(second.interval) <= _SAME_SUM[1] * _end(first.interval)
        return Weighed(first.interval, () if near else (_doubt(first, second),))
    dong, foreign = (first, second) if first.currency == "VND" else (second, first)
    slack = _half_digit(dong, style)
    alike = _shape(dong.interval) == _shape(foreign.interval)
    ends = list(zip(_ends(dong.interval), _ends(foreign.interval), strict=True)) if alike else []
    agree = alike and all(abs(a - b) <= slack + _EPSILON * a for a, b in ends)
    exact = alike and all(abs(a - b) <= _EPSILON * a for a, b in ends)
    coarse = slack > _COARSE * _end(dong.interval)
    if agree and dong is second and not beside:
        return Weighed(foreign.interval)
    asked = not alike or not _some_rate(dong, foreign, year, style)
    asked = asked or (coarse and not exact and (beside or dong is second))
    return Weighed(dong.interval, (_doubt(first, second),) if asked else ())


def _some_rate(dong: MoneyParse, foreign: MoneyParse, year: int | None, style: NumberStyle) -> bool:
    """Tell whether rates of the years around make the sums the same, but for their rounding.

    Each end is compared: of "20 – 30 triệu USD, 500 – 7.000 tỷ đồng" the second is a slip.
    """
    own = rate(foreign.currency, on=year).year
    first = own - (_YEARS_BACK if year is None else _YEARS_AROUND)
    rates = [
        rate(foreign.currency, on=each).vnd_per_unit
        for each in range(first, own + _YEARS_AROUND + 1)
    ]
    rounding, slack = _half_digit(foreign, style), _half_digit(dong, style)
    written, stated = _ends(foreign.original), _ends(dong.interval)
    return len(written) == len(stated) and all(
        (there - rounding) * min(rates) - slack <= here * (1 + _EPSILON)
        and here <= (there + rounding) * max(rates) + slack
        for here, there in zip(stated, written, strict=True)
    )


def _half_digit(parse: MoneyParse, style: NumberStyle) -> float:
    """Return half a unit of the last digit that a sum is written with, in its own currency."""
    tokens = TOKEN.findall(parse.text)
    ends = _ends(parse.original)
    if not tokens or not ends:
        return 0.0
    way = NumberStyle.VIETNAMESE if style is NumberStyle.GUESS else style
    number, _ = read_number(tokens[0], way)
    decimals = re.search(r"\.(\d*?)0*$", f"{number:.10f}")
    digits = len(decimals[1]) if decimals else 0
    return 0.5 * 10.0**-digits * (ends[0] / number if number else 0.0)


def _shape(interval: Interval) -> tuple[bool, bool, bool]:
    """Which ends are known, and whether they are one number."""
    low, high = interval.low, interval.high
    return low is not None, high is not None, low == high


def _ends(interval: Interval) -> tuple[float, ...]:
    return tuple(end for end in (interval.low, interval.high) if end is not None)


def _end(interval: Interval) -> float:
    return next(iter(_ends(interval)), 0.0)


def _doubt(first: MoneyParse, second: MoneyParse) -> Doubt:
    return Doubt(
        "money.currencies",
        f"{first.text!r} và {second.text!r} không khớp hẳn nhau: số nào đúng?",
        f"{first.text!r} and {second.text!r} are not quite the same sum: which is right?",
        (first.text, second.text),
    )
