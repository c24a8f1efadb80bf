"""The activities of every call and investor: made at indexing, kept in the release, corrected."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.records import ActivityCorrection, Investor, ProjectCall
from data.reference.activities import activities
from embeddings.meaning import ActivityModel
from embeddings.tagging import Tag, Tagger
from embeddings.text import investor_text

FloatArray = NDArray[np.float32]
PartyTags = tuple[Tag, ...]

FILE = "tags.json"
_DETAIL = 0.6  # of a mention in a call's description against one in its title
_MEANING = 0.5  # of the nearest by meaning against what is named
_NEAREST = 20
_LEAST = 0.05


@dataclass(frozen=True, slots=True)
class MarketTags:
    """Tags of calls and investors, in the order of the market's rows."""

    calls: tuple[PartyTags, ...]
    investors: tuple[PartyTags, ...]


def tag_call(call: ProjectCall, tagger: Tagger) -> PartyTags:
    """Activities by the terms of a call's titles, and at less weight of its description."""
    best: dict[str, Tag] = {}
    for text, weight in ((call.title, 1.0), (call.title_en, 1.0), (call.description, _DETAIL)):
        for tag in tagger(text) if text else ():
            sure = round(tag.confidence * weight, 3)
            known = best.get(tag.activity_id)
            if known is None or sure > known.confidence:
                best[tag.activity_id] = Tag(tag.activity_id, sure, tag.words)
    return _ordered(best.values())


def tag_investor(investor: Investor, tagger: Tagger) -> PartyTags:
    """Activities that an investor's profile names."""
    text = investor_text(investor)
    return tagger(text) if text else ()


def add_meaning(
    tags: Sequence[PartyTags], vectors: FloatArray, model: ActivityModel, *, manner: str
) -> tuple[PartyTags, ...]:
    """Parties' tags with what their vectors mean besides; a row of zeros adds nothing.

    Args:
        manner: how the texts speak, see :func:`embeddings.meaning.manner`.
    """
    if not len(vectors):
        return tuple(tags)
    near = _MEANING * model.spread(vectors, manner, n=min(_NEAREST, len(model.names)))
    out = []
    for row, vector, sure in zip(tags, vectors, near, strict=True):
        named = {tag.activity_id for tag in row}
        more = [
            Tag(model.names[column], round(float(sure[column]), 3), (), "meaning")
            for column in np.flatnonzero(sure >= _LEAST if vector.any() else sure < 0)
            if model.names[column] not in named
        ]
        out.append(_ordered([*row, *more]))
    return tuple(out)


def corrected(tags: PartyTags, corrections: Iterable[ActivityCorrection]) -> PartyTags:
    """The tags after a person's corrections, in the order they were made."""
    best = {tag.activity_id: tag for tag in tags}
    for correction in corrections:
        if correction.holds:
            best[correction.activity_id] = Tag(correction.activity_id, 1.0, (), "hand")
        else:
            best.pop(correction.activity_id, None)
    return _ordered(best.values())


def save_tags(folder: Path, tags: Mapping[str, Mapping[str, PartyTags]]) -> None:
    """Write tags by kind ("call", "investor") and id as ``tags.json``."""
    rows = {
        kind: {
            party: [[tag.activity_id, tag.confidence, list(tag.words), tag.how] for tag in found]
            for party, found in parties.items()
            if found
        }
        for kind, parties in tags.items()
    }
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    (folder / FILE).write_text(text, encoding="utf-8")


def load_tags(folder: Path) -> dict[str, dict[str, PartyTags]]:
    """Tags by kind and id; of activities that the table no longer holds, none. {} if no file."""
    path = folder / FILE
    if not path.is_file():
        return {}
    rows: dict[str, dict[str, list[list[Any]]]] = json.loads(path.read_text(encoding="utf-8"))
    known = activities()
    return {
        kind: {
            party: tuple(
                Tag(name, float(sure), tuple(found), how)
                for name, sure, found, how in tags
                if name in known
            )
            for party, tags in parties.items()
        }
        for kind, parties in rows.items()
    }


def _ordered(tags: Iterable[Tag]) -> PartyTags:
    return tuple(sorted(tags, key=lambda tag: (-tag.confidence, tag.activity_id)))
