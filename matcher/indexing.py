"""Between records and a release: vectors, rows to search and tags, made and put back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from data.records import ActivityCorrection
from embeddings.encoder import Encoder
from embeddings.index import VectorIndex, VectorRow
from embeddings.meaning import PASSAGES, PROFILES, load_activity_model
from embeddings.tagging import Tagger
from embeddings.text import TEMPLATE_VERSION, call_text, investor_text
from matcher.activities import activity_names
from matcher.market import FloatArray, Market, Vectors
from matcher.tags import (
    MarketTags,
    PartyTags,
    add_meaning,
    corrected,
    tag_call,
    tag_investor,
)

if TYPE_CHECKING:
    from matcher.release import Release


def indexed(market: Market, encoder: Encoder) -> Market:
    """The market with the vectors and tags that a release of it would hold."""
    vectors = embed(market, encoder)
    return replace(market, vectors=vectors, known_tags=make_tags(market, vectors, encoder))


def embed(market: Market, encoder: Encoder) -> Vectors:
    """Vectors of a market's calls and profiles; zero rows for parties without any text."""
    return Vectors(
        calls=_encode([call_text(call) for call in market.calls], encoder.encode_passages, encoder),
        profiles=_encode(
            [investor_text(investor) for investor in market.investors],
            encoder.encode_queries,
            encoder,
        ),
    )


def make_index(market: Market, vectors: Vectors, *, encoder_id: str) -> VectorIndex:
    """The searchable rows: each call, each profile, and each past project under its investor."""
    rows: list[VectorRow] = []
    stack: list[FloatArray] = []

    def add(owner: str, kind: str, ref: str, vector: FloatArray) -> None:
        if vector.any():
            rows.append(VectorRow(owner, kind, ref))
            stack.append(vector)

    for number, call in enumerate(market.calls):
        add(call.call_id, "call", "", vectors.calls[number])
    for number, investor in enumerate(market.investors):
        add(investor.investor_id, "profile", "", vectors.profiles[number])
    projects = sorted({(d.investor_id, d.call_id) for d in market.deals})
    for investor_id, call_id in projects:
        add(investor_id, "project", call_id, vectors.calls[market.call_row[call_id]])
    matrix = np.stack(stack) if stack else np.zeros((0, vectors.calls.shape[1]), np.float32)
    return VectorIndex(rows, matrix, encoder_id=encoder_id, template_version=TEMPLATE_VERSION)


def make_tags(market: Market, vectors: Vectors, encoder: Encoder) -> MarketTags:
    """Tag every call and investor by their words and vectors."""
    model = load_activity_model(encoder, activity_names())
    tagger = Tagger()
    calls = tuple(tag_call(call, tagger) for call in market.calls)
    investors = tuple(tag_investor(investor, tagger) for investor in market.investors)
    if model is not None:
        calls = add_meaning(calls, vectors.calls, model, manner=PASSAGES)
        investors = add_meaning(investors, vectors.profiles, model, manner=PROFILES)
    return MarketTags(calls, investors)


def tags_by_id(market: Market, tags: MarketTags) -> dict[str, dict[str, PartyTags]]:
    """The tags by kind of party and its id."""
    calls = zip(market.calls, tags.calls, strict=True)
    investors = zip(market.investors, tags.investors, strict=True)
    return {
        "call": {call.call_id: found for call, found in calls},
        "investor": {investor.investor_id: found for investor, found in investors},
    }


def market_tags(
    market: Market, release: "Release", corrections: Sequence[ActivityCorrection] = ()
) -> MarketTags:
    """The release's tags in the market's order, corrected; who came since is read on the spot."""
    by_party: dict[tuple[str, str], list[ActivityCorrection]] = {}
    for correction in corrections:
        by_party.setdefault((correction.kind, correction.party_id), []).append(correction)
    tagger = Tagger()
    indexed = release.row_of

    def of(kind: str, party: str, fresh: Callable[[], PartyTags]) -> PartyTags:
        found = release.tags.get(kind, {}).get(party)
        if found is None:
            there = (_INDEX_KIND[kind], party) in indexed and bool(release.tags)
            found = () if there else fresh()
        return corrected(found, by_party.get((kind, party), ()))

    return MarketTags(
        tuple(of("call", c.call_id, partial(tag_call, c, tagger)) for c in market.calls),
        tuple(
            of("investor", i.investor_id, partial(tag_investor, i, tagger))
            for i in market.investors
        ),
    )


@dataclass(frozen=True, slots=True)
class Missing:
    """Rows of calls and of investors that have a text but no vector in the release."""

    calls: tuple[int, ...] = ()
    investors: tuple[int, ...] = ()

    def __len__(self) -> int:
        return len(self.calls) + len(self.investors)

    def only(self, call: int | None) -> "Missing":
        """Nobody but that call, if it is missing."""
        return Missing(tuple(row for row in self.calls if row == call))


_INDEX_KIND = {"call": "call", "investor": "profile"}


def market_vectors(market: Market, release: "Release") -> tuple[Vectors, Missing]:
    """The release's vectors in the market's order, and who came since it was made."""
    where = release.row_of
    matrix = release.index.matrix
    calls = np.zeros((len(market.calls), matrix.shape[1]), dtype=np.float32)
    profiles = np.zeros((len(market.investors), matrix.shape[1]), dtype=np.float32)
    new_calls: list[int] = []
    new_investors: list[int] = []
    for number, call in enumerate(market.calls):
        row = where.get(("call", call.call_id))
        if row is not None:
            calls[number] = matrix[row]
        elif call_text(call):
            new_calls.append(number)
    for number, investor in enumerate(market.investors):
        row = where.get(("profile", investor.investor_id))
        if row is not None:
            profiles[number] = matrix[row]
        elif investor_text(investor):
            new_investors.append(number)
    return Vectors(calls, profiles), Missing(tuple(new_calls), tuple(new_investors))


def fresh_investors(market: Market, release: "Release") -> tuple[int, ...]:
    """Rows of investors that the release does not know, or that have a deal it does not know."""
    known = {(row.owner, row.ref) for row in release.index.rows if row.kind == "project"}
    new = {
        market.investor_row[deal.investor_id]
        for deal in market.deals
        if (deal.investor_id, deal.call_id) not in known
    }
    where = release.row_of
    new |= {
        row
        for row, investor in enumerate(market.investors)
        if ("profile", investor.investor_id) not in where and investor_text(investor)
    }
    return tuple(sorted(new))


def encode_missing(market: Market, vectors: Vectors, missing: Missing, encoder: Encoder) -> None:
    """Fill in the vectors of those who came after the release was made."""
    texts = [call_text(market.calls[row]) for row in missing.calls]
    if texts:
        vectors.calls[list(missing.calls)] = encoder.encode_passages(texts)
    texts = [investor_text(market.investors[row]) for row in missing.investors]
    if texts:
        vectors.profiles[list(missing.investors)] = encoder.encode_queries(texts)


def _encode(
    texts: list[str], encode: Callable[[Sequence[str]], FloatArray], encoder: Encoder
) -> FloatArray:
    out = np.zeros((len(texts), encoder.dim), dtype=np.float32)
    there = [number for number, text in enumerate(texts) if text]
    if there:
        out[there] = encode([texts[number] for number in there])
    return out
