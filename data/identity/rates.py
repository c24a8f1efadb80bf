"""How often each rule was right: counted on known aliases, with a prior where few were seen."""

from functools import cache

from data.identity.compare import Evidence
from data.reference.csvtable import read_table

PRIOR = {
    "tax_code": 0.998,
    "name": 0.98,
    "script": 0.97,
    "known_name": 0.97,
    "stated_acronym": 0.97,
    "sound": 0.6,
    "acronym": 0.45,
    "slip": 0.4,
    "same_partners": 0.8,
    "country": 0.85,
    "local": 0.7,
    "field": 0.65,
    "some_fields": 0.6,
    "sister": 0.4,
    "number": 0.5,
    "plain_words": 0.5,
    "longer": 0.55,
    "contained": 0.4,
    "begins": 0.3,
    "family": 0.3,
    "in_brackets": 0.85,
    "both_brackets": 0.6,
    "joined": 0.7,
    "venture": 0.9,
    "shared_partner": 0.5,
}
"""What each rule was thought to be worth before counting."""

PRIOR_WEIGHT = 6.0
_DOUBT = 0.35  # each doubt takes the odds down to this part of them
_STRONG_DOUBT = 0.03
_MOST_DOUBTED = 30.0  # odds before the doubts, however often the rule was right without them


@cache
def counted() -> dict[str, tuple[int, int]]:
    """Return for each code how many of the pairs that it joined belonged together, of how many."""
    rows = read_table(__file__, "rates.csv")
    return {row["code"]: (int(row["same"]), int(row["total"])) for row in rows}


def probability(evidence: Evidence, counts: dict[str, tuple[int, int]] | None = None) -> float:
    """Return the probability (0..1, two digits) that the parties belong together as stated."""
    same, total = (counted() if counts is None else counts).get(evidence.code, (0, 0))
    prior = PRIOR.get(evidence.code, 0.3)
    share = (same + PRIOR_WEIGHT * prior) / (total + PRIOR_WEIGHT)
    odds = share / max(1.0 - share, 1e-3)
    if evidence.doubts:
        odds = min(odds, _MOST_DOUBTED)
    for doubt in evidence.doubts:
        odds *= _STRONG_DOUBT if doubt == "tax_codes_differ" else _DOUBT
    return round(min(odds / (1.0 + odds), 0.999), 2 if odds < 50 else 3)
