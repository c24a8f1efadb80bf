"""Quantities of goods as written: weights, pieces and containers, once or per period."""

import re
from dataclasses import dataclass

from data.reference.spelling import fold

_UNITS = {
    "tan": ("kg", 1000.0), "tonnes": ("kg", 1000.0), "tonne": ("kg", 1000.0),
    "tons": ("kg", 1000.0), "ton": ("kg", 1000.0), "mt": ("kg", 1000.0), "ta": ("kg", 100.0),
    "kg": ("kg", 1.0), "kilogram": ("kg", 1.0), "kilograms": ("kg", 1.0),
    "lit": ("litre", 1.0), "litre": ("litre", 1.0), "litres": ("litre", 1.0),
    "liters": ("litre", 1.0), "container": ("container", 1.0), "containers": ("container", 1.0),
    "cont": ("container", 1.0), "banh": ("piece", 1.0), "chiec": ("piece", 1.0),
    "cai": ("piece", 1.0), "hop": ("piece", 1.0), "chai": ("piece", 1.0), "pieces": ("piece", 1.0),
    "bags": ("bag", 1.0), "bao": ("bag", 1.0),
}  # fmt: skip
_PERIODS = {
    "ngay": 365.0, "day": 365.0, "tuan": 52.0, "week": 52.0, "thang": 12.0, "month": 12.0,
    "quy": 4.0, "quarter": 4.0, "nam": 1.0, "year": 1.0, "vu": 1.0, "season": 1.0,
}  # fmt: skip
_SCALES = {"nghin": 1e3, "ngan": 1e3, "thousand": 1e3, "trieu": 1e6, "million": 1e6}
_NUMBER = r"\d+(?:[.,]\d+)*"
_WRITTEN = re.compile(
    rf"(?P<low>{_NUMBER})(?:\s*(?:-|–|den|to)\s*(?P<high>{_NUMBER}))?"
    rf"\s*(?P<scale>{'|'.join(_SCALES)})?\s*"
    rf"(?P<unit>{'|'.join(sorted(_UNITS, key=len, reverse=True))})\b"
    rf"(?:\s+[a-z]+){{0,2}}?(?:\s*(?:/|moi|per|a|mot)\s*(?P<period>{'|'.join(_PERIODS)})\b)?"
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount in a base unit, a year's worth where ``yearly``; ``text`` as written."""

    unit: str
    low: float
    high: float
    yearly: bool
    text: str

    def comparable(self, other: "Quantity") -> bool:
        """Whether both are of one unit and both once, or both per period."""
        return self.unit == other.unit and self.yearly == other.yearly

    def enough_for(self, wanted: "Quantity") -> bool:
        """Whether the most that is offered covers the least that is wanted."""
        return self.high >= wanted.low


def quantities(text: str) -> tuple[Quantity, ...]:
    """All quantities in a text, in order; areas and money are none.

    >>> [(q.unit, q.low, q.high, q.yearly) for q in quantities("35-40 tấn/ngày")]
    [('kg', 12775000.0, 14600000.0, True)]
    """
    folded = fold(text)
    found = []
    for hit in _WRITTEN.finditer(folded):
        unit, size = _UNITS[hit["unit"]]
        size *= _SCALES.get(hit["scale"] or "", 1.0)
        per_year = _PERIODS[hit["period"]] if hit["period"] else 1.0
        low = _number(hit["low"]) * size * per_year
        high = _number(hit["high"]) * size * per_year if hit["high"] else low
        written = text[hit.start() : hit.end()] if len(folded) == len(text) else hit[0]
        found.append(Quantity(unit, min(low, high), max(low, high), bool(hit["period"]), written))
    return tuple(found)


def _number(text: str) -> float:
    """A number with either sign for thousands; groups of three are thousands, as in lists."""
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", text):
        return float(re.sub(r"[.,]", "", text))
    whole, _, rest = text.replace(",", ".").rpartition(".")
    return float(f"{whole.replace('.', '')}.{rest}") if whole else float(rest)
