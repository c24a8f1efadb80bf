"""A market without what investors said on an unknown day, so that the past is not told its future.

Stated interests are often later than the deals that are judged, and sometimes about the same
project. For a list made today they are good reasons; for a look back they would be hindsight.
"""

from collections.abc import Mapping
from dataclasses import replace

from data.quantities import Interval
from data.records import Investor, Money
from embeddings.encoder import Encoder
from embeddings.tagging import Tagger
from embeddings.text import investor_text
from matcher.market import Market, Vectors
from matcher.tags import MarketTags, tag_investor

_INTERESTS = ("looking_for", "interest_description")


def without_interests(investor: Investor) -> Investor:
    """The investor's profile alone. Where an interest was stated, its fields cannot be told from
    those of the profile, and go too."""
    stated = any(investor.notes.get(name) for name in _INTERESTS)
    if not (stated or investor.provinces_wanted or investor.capital.text):
        return investor
    notes: Mapping[str, str] = {
        name: value for name, value in investor.notes.items() if name not in _INTERESTS
    }
    return replace(
        investor,
        notes=notes,
        provinces_wanted=(),
        capital=Money(Interval(None, None)),
        sectors=() if stated else investor.sectors,
        sectors_as_written="" if stated else investor.sectors_as_written,
    )


def dated_market(market: Market, encoder: Encoder) -> Market:
    """The market as its deals and profiles tell it, without stated interests.

    Args:
        market: with vectors and tags, as :func:`matcher.indexing.indexed` gives it.
        encoder: makes the vectors of the profiles that changed; they are few.
    """
    plain = tuple(without_interests(investor) for investor in market.investors)
    pairs = zip(market.investors, plain, strict=True)
    rows = [row for row, (old, new) in enumerate(pairs) if investor_text(old) != investor_text(new)]
    profiles = market.vectors.profiles.copy()
    tags = list(market.tags.investors)
    tagger = Tagger()
    for row in rows:
        profiles[row] = 0.0
        tags[row] = tag_investor(plain[row], tagger)
    told = [row for row in rows if investor_text(plain[row])]
    if told:
        profiles[told] = encoder.encode_queries([investor_text(plain[row]) for row in told])
    return replace(
        market,
        investors=plain,
        vectors=Vectors(market.vectors.calls, profiles),
        known_tags=MarketTags(market.tags.calls, tuple(tags)),
    )
