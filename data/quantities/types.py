"""What reading a quantity gives: intervals with unknown ends, parses and errors."""

from dataclasses import dataclass
from enum import StrEnum

from data.reference.doubts import Doubt


@dataclass(frozen=True, slots=True)
class Interval:
    """A closed interval of non-negative numbers; None is an unknown or open end."""

    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        """Refuse negative ends and low above high."""
        ends = [end for end in (self.low, self.high) if end is not None]
        if any(not 0 <= end < float("inf") for end in ends) or ends != sorted(ends):
            message = f"Interval {self.low} to {self.high}: ends must be finite, >= 0 and in order."
            raise ValueError(message)

    @property
    def known(self) -> bool:
        """Tell whether at least one end is known."""
        return self.low is not None or self.high is not None

    def scaled(self, factor: float) -> "Interval":
        """Return the interval with both ends multiplied by a positive factor."""
        return Interval(
            None if self.low is None else tidy(self.low * factor),
            None if self.high is None else tidy(self.high * factor),
        )


def tidy(number: float) -> float:
    """Drop the noise that decimal fractions leave after multiplication (15 digits hold)."""
    return float(f"{number:.15g}")


class NumberStyle(StrEnum):
    """How a file writes numbers: 36.523,5 (Vietnamese), 36,523.5 (English), or to be guessed."""

    VIETNAMESE = "vi"
    ENGLISH = "en"
    GUESS = "guess"


class Hedge(StrEnum):
    """How exact a text says its number is."""

    NONE = ""
    ABOUT = "about"
    OVER = "over"
    UNDER = "under"
    NEAR = "near"


class QuantityError(ValueError):
    """A text that is not a quantity of the kind expected.

    `code` is stable ("money.garbage"); `vi` and `en` name the text and what was expected.
    """

    def __init__(self, code: str, *, text: str, vi: str, en: str) -> None:
        """Keep the code and both messages; the English one is the exception's text."""
        super().__init__(en)
        self.code = code
        self.text = text
        self.vi = vi
        self.en = en


@dataclass(frozen=True, slots=True)
class NumberParse:
    """An interval read from a text, with hedge and doubts, before any unit is applied."""

    interval: Interval
    hedge: Hedge = Hedge.NONE
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class MoneyParse:
    """A sum of money.

    `interval` is in VND (unknown when empty), `original` in `currency`; `text` is as written.
    `currency` is an ISO code, empty when the sum is unknown. `notes` are codes of remarks:
    "per_year", "excludes_clearance", "undisclosed", "bracketed:…". `doubts` want a person.
    """

    interval: Interval
    currency: str
    text: str
    original: Interval = Interval()
    hedge: Hedge = Hedge.NONE
    notes: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class LandParse:
    """An area: `interval` in hectares, `unit` ("ha", "m2", "km2") and `text` as written."""

    interval: Interval
    unit: str
    text: str
    hedge: Hedge = Hedge.NONE
    notes: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()
