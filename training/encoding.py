"""Vectors of a market folder within a budget of time: long texts are cut, the rest is cached."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from data.records import Deal, Investor, ProjectCall
from embeddings.encoder import Encoder
from embeddings.protocol import Vectors as Rows
from embeddings.text import call_text, investor_text
from matcher.market import Market, Vectors, build_market


@dataclass(frozen=True, slots=True)
class EncodingConfig:
    """``characters`` in all, shared by the texts, each within its least and most."""

    characters: int = 3_000_000
    shortest: int = 80
    longest: int = 600


def market_of(
    investors: Sequence[Investor],
    calls: Sequence[ProjectCall],
    deals: Sequence[Deal],
    *,
    encoder: Encoder | None,
    config: EncodingConfig = EncodingConfig(),
) -> Market:
    """The market with its vectors; without an encoder it is known by words and fields alone."""
    bare = build_market(investors=investors, calls=calls, deals=deals)
    if encoder is None:
        return bare
    texts = [call_text(call) for call in bare.calls]
    profiles = [investor_text(investor) for investor in bare.investors]
    n = max(1, sum(1 for text in (*texts, *profiles) if text))
    cut = int(np.clip(config.characters // n, config.shortest, config.longest))
    vectors = Vectors(
        calls=_encoded(texts, cut, encoder.encode_passages, encoder.dim),
        profiles=_encoded(profiles, cut, encoder.encode_queries, encoder.dim),
    )
    return replace(bare, vectors=vectors)


def _encoded(
    texts: Sequence[str], cut: int, encode: Callable[[Sequence[str]], Rows], dim: int
) -> Rows:
    out = np.zeros((len(texts), dim), dtype=np.float32)
    there = [row for row, text in enumerate(texts) if text.strip()]
    if there:
        out[there] = encode([texts[row][:cut] for row in there])
    return out
