"""Sums of money and areas of land, read from text as intervals, with hedges and doubts."""

from data.quantities.find import FoundQuantity, find_quantities
from data.quantities.land import parse_land, parse_number_interval
from data.quantities.money import parse_money
from data.quantities.numbers import infer_style
from data.quantities.plausibility import capital_doubts
from data.quantities.types import (
    Hedge,
    Interval,
    LandParse,
    MoneyParse,
    NumberParse,
    NumberStyle,
    QuantityError,
)
from data.reference.doubts import Doubt

__all__ = [
    "Doubt",
    "FoundQuantity",
    "Hedge",
    "Interval",
    "LandParse",
    "MoneyParse",
    "NumberParse",
    "NumberStyle",
    "QuantityError",
    "capital_doubts",
    "find_quantities",
    "infer_style",
    "parse_land",
    "parse_money",
    "parse_number_interval",
]
