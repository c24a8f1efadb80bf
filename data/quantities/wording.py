"""Write quantities so that they read one way only, in Vietnamese as in English.

No thousands are grouped, and no number has three decimals: "1.200 tỷ" is what the question is
about, so an answer must not be written like that.
"""

from collections.abc import Sequence
from decimal import Decimal

from data.quantities.types import Interval, tidy

_MOST_DECIMALS = 2


def plain_amount(interval: Interval, unit: str) -> str:
    """Return "1200 tỷ đồng", "1.2 tỷ đồng", "≥ 5 triệu USD", "500 – 700 ha"; "?" when unknown.

    `unit` is a currency's code, "ha", or "" for a bare number.
    """
    ends = [end for end in (interval.low, interval.high) if end is not None]
    size, name = _size(ends, _sizes(unit))
    low, high = (
        None if end is None else _digits(end / size) for end in (interval.low, interval.high)
    )
    if low == high:
        number = low or "?"
    elif low is None or high is None:
        number = f"≥ {low}" if high is None else f"≤ {high}"
    else:
        number = f"{low} – {high}"
    return f"{number} {name}".strip()


def _sizes(unit: str) -> Sequence[tuple[float, str]]:
    if unit == "ha":
        return ((1.0, "ha"), (1e-4, "m2"))
    if not unit:
        return ((1.0, ""),)
    name = "đồng" if unit == "VND" else unit
    return ((1e9, f"tỷ {name}"), (1e6, f"triệu {name}"), (1.0, name))


def _size(ends: Sequence[float], sizes: Sequence[tuple[float, str]]) -> tuple[float, str]:
    """Return the largest unit in which all ends are short numbers."""
    for size, name in sizes:
        values = [tidy(end / size) for end in ends]
        if (
            all(value == round(value, _MOST_DECIMALS) for value in values)
            and max(values, default=0.0) >= 1
        ):
            return size, name
    return sizes[-1]


def _digits(value: float) -> str:
    text = f"{Decimal(f'{value:.12g}'):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
