"""What passes between the stages of a match: checks, reasons, items, slates."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Verdict(StrEnum):
    """The answer to "may this pair go ahead?", worst last."""

    ELIGIBLE = "eligible"
    NEEDS_CHECK = "needs check"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Check:
    """One rule's verdict, with the text it rests on and what would make the pair eligible."""

    rule: str
    verdict: Verdict
    citation: str
    vi: str = ""
    en: str = ""
    remedy_vi: str = ""
    remedy_en: str = ""


@dataclass(frozen=True, slots=True)
class Eligibility:
    checks: tuple[Check, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The worst of the checks; no check is no obstacle."""
        order = list(Verdict)
        return max((check.verdict for check in self.checks), key=order.index, default=order[0])


@dataclass(frozen=True, slots=True)
class Evidence:
    """A fact behind a reason: in words of both languages, with its source."""

    vi: str
    en: str
    source_url: str = ""
    call_id: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a pair fits. ``contribution`` is in units of the score; all reasons of a pair add up to
    what the named features put into it."""

    code: str
    vi: str
    en: str
    contribution: float
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Caution:
    """What speaks against a pair, or what is not known of it."""

    code: str
    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a slate: the other party of the pair, scored, explained and checked.

    ``probability`` is the chance that this investor is among those who take the call, if the call
    finds an investor in the next year or two (see :mod:`matcher.calibration`); ``band`` is "high",
    "medium" or "low". Both are ``None`` without a calibration, and for a search by free text.
    """

    rank: int
    party_id: str
    score: float
    eligibility: Eligibility
    reasons: tuple[Reason, ...] = ()
    cautions: tuple[Caution, ...] = ()
    probability: float | None = None
    band: str | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """Probabilities from ``least`` on. Of ``count`` suggestions of the past with such a
    probability, the share ``precision`` was right, 95 % interval ``low``–``high``."""

    name: str
    least: float
    count: int
    precision: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Slate:
    """An ordered list made once for one subject, by one release."""

    kind: Literal["shortlist", "opportunities"]  # investors for a call; calls for an investor
    subject: str  # the call's or investor's id, or the text
    asked: Literal["call_id", "investor_id", "text"]  # what the subject is
    release: str
    items: tuple[Item, ...]
    cautions: tuple[Caution, ...] = ()  # about the subject itself, and the list as a whole
    abstained: bool = False  # nobody is suggested in earnest: the items are only the nearest
    bands: tuple[Band, ...] = ()  # what the items' bands are worth, the highest first
