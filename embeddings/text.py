"""Canonical texts: what of a record is embedded, and in which order.

The activity comes first; names of investors and places stay out. Measured on real deals, an
investor's name says nothing about what it invests in, and a place in the text draws together
everything in one province whatever it is (docs/quality.md). Places are compared as places.
"""

from collections.abc import Iterable

from data.records import Investor, ProjectCall
from data.reference.sectors import sector_name
from data.reference.spelling import nfc

TEMPLATE_VERSION = "1"


def call_text(call: ProjectCall) -> str:
    """The passage embedded for a call or a past project: title in both languages, field, detail."""
    sector = _sector_words(call.sectors) or call.sector_as_written
    return _sentences(call.title, call.title_en, sector, call.description)


def investor_text(investor: Investor) -> str:
    """The text embedded for an investor's profile: what it does and looks for, not its name."""
    sector = _sector_words(investor.sectors) or investor.sectors_as_written
    wishes = investor.notes.get("looking_for", "").split("|")
    return _sentences(", ".join(investor.activities), *wishes, investor.description, sector)


def _sector_words(codes: Iterable[str]) -> str:
    return ", ".join(sector_name(code, "vi") for code in codes)


def _sentences(*parts: str) -> str:
    seen: dict[str, None] = {}
    for part in parts:
        cleaned = nfc(part).strip().rstrip(".")
        if cleaned:
            seen.setdefault(cleaned)
    return ". ".join(seen)
