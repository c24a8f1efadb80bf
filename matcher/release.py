"""A release: the vectors of a market and the ranker that goes with them, as one folder.

Written whole, checked by sha256 when opened, put to use by swapping the file `current`. Whatever
happens in between, the last good release stays in use.
"""

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path

import numpy as np

from data.records import ActivityCorrection
from data.reference.csvtable import FOLDER
from embeddings.encoder import Encoder
from embeddings.errors import EmbeddingsError
from embeddings.index import VectorIndex, VectorRow, load_files
from embeddings.manifest import (
    current,
    exclusive,
    publish,
    remove_leftovers,
    sha256_of,
    verify,
    write_folder_atomically,
)
from embeddings.meaning import PASSAGES, PROFILES, load_activity_model
from embeddings.tagging import Tagger
from embeddings.text import TEMPLATE_VERSION, call_text, investor_text
from matcher.activities import activity_names
from matcher.errors import MatcherError
from matcher.market import FloatArray, Market, Vectors
from matcher.ranker import FIRST_RANKER, LinearRanker, Ranker
from matcher.tags import (
    MarketTags,
    PartyTags,
    add_meaning,
    corrected,
    load_tags,
    save_tags,
    tag_call,
    tag_investor,
)

KIND = "release"
KEPT = 5
"""Releases that stay for going back; older ones are deleted when a new one is published."""
REMEDY = "Run `ketnoi index`."


@dataclass(frozen=True)
class Release:
    """An opened release. ``content`` names the state of the database it was made from."""

    name: str
    content: str
    index: VectorIndex
    ranker: LinearRanker
    activities: str = ""
    tags: Mapping[str, Mapping[str, PartyTags]] = field(default_factory=dict)

    def owners_near(self, vector: FloatArray, *, kind: str, k: int) -> list[str]:
        """See :class:`matcher.candidates.Neighbours`."""
        hits = self.index.search(vector[None], k, kinds=(kind,))[0]
        return [hit.what.owner for hit in hits]

    @cached_property
    def row_of(self) -> dict[tuple[str, str], int]:
        """Row of the index by kind and owner, past projects left out."""
        return {
            (row.kind, row.owner): number
            for number, row in enumerate(self.index.rows)
            if row.kind != "project"
        }


def current_release(root: Path) -> Release | None:
    """Open the release in use; ``None`` if none was published yet.

    Raises:
        ArtifactError: it is damaged or was made by another version; the message says what to do.
    """
    folder = current(root)
    if folder is None:
        return None
    manifest = verify(folder, kind=KIND, remedy=REMEDY)
    if manifest.info.get("template_version") != TEMPLATE_VERSION:
        raise MatcherError(
            "release.template",
            f"The release {folder.name} holds texts of another version. {REMEDY}",
        )
    return Release(
        name=folder.name,
        content=str(manifest.info.get("content", "")),
        index=load_files(folder, info=manifest.info),
        ranker=LinearRanker.load(folder),
        activities=str(manifest.info.get("activities", "")),
        tags=load_tags(folder),
    )


def current_ranker(root: Path) -> LinearRanker:
    """The ranker in use; if its release is damaged, that of the newest one that has it whole."""
    named = [folder] if (folder := _named(root)) else []
    for each in (*named, *sorted(root.glob("r-*"), reverse=True)):
        try:
            found = LinearRanker.load(each)
            return FIRST_RANKER if found.origin == FIRST_RANKER.origin else found
        except (MatcherError, OSError, ValueError, KeyError):
            continue
    return FIRST_RANKER


def up_to_date(root: Path, *, encoder_id: str, ranker: Ranker, content: str) -> Path | None:
    """The folder of the release in use if making it anew would give the same; else ``None``."""
    try:
        release = current_release(root)
    except (EmbeddingsError, MatcherError, OSError, ValueError, KeyError):
        return None
    if release is None or release.content != content or release.ranker != ranker:
        return None
    if release.activities != _activities_version():
        return None
    return root / release.name if release.index.info.encoder_id == encoder_id else None


def _activities_version() -> str:
    """Changes with the table that the tags of a release were read by."""
    return sha256_of(FOLDER / "activities.csv")[:16]


def _named(root: Path) -> Path | None:
    try:
        return current(root)
    except EmbeddingsError:
        return None


def write_release(
    root: Path,
    *,
    market: Market,
    encoder: Encoder,
    ranker: Ranker,
    content: str,
) -> Path:
    """Embed the market, write a release under ``root`` and put it to use.

    Args:
        market: its vectors are not looked at.
        content: names the state of the database, kept in the manifest.
    """
    vectors = embed(market, encoder)
    index = make_index(market, vectors, encoder_id=encoder.id)

    tags = make_tags(market, vectors, encoder_id=encoder.id)

    def fill(folder: Path) -> None:
        index.save(folder)
        save_tags(folder, tags_by_id(market, tags))
        ranker.save(folder)

    with exclusive(root / ".lock"):
        remove_leftovers(root)
        stamp = datetime.now(UTC).strftime("r-%Y%m%d-%H%M%S-%f")
        folder = root / stamp
        info = {**index.describe(), "content": content, "activities": _activities_version()}
        write_folder_atomically(folder, fill, kind=KIND, info=info)
        publish(root, folder.name)
        for old in sorted(root.glob("r-*"))[:-KEPT]:
            shutil.rmtree(old, ignore_errors=True)
    return folder


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


def make_tags(market: Market, vectors: Vectors, *, encoder_id: str) -> MarketTags:
    """Tag every call and investor by their words and vectors."""
    model = load_activity_model(encoder_id, activity_names())
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
    market: Market, release: Release, corrections: Sequence[ActivityCorrection] = ()
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


_INDEX_KIND = {"call": "call", "investor": "profile"}


def market_vectors(market: Market, release: Release) -> tuple[Vectors, frozenset[int]]:
    """The release's vectors in the market's order, and the rows of calls that it lacks."""
    where = release.row_of
    matrix = release.index.matrix
    calls = np.zeros((len(market.calls), matrix.shape[1]), dtype=np.float32)
    profiles = np.zeros((len(market.investors), matrix.shape[1]), dtype=np.float32)
    missing: set[int] = set()
    for number, call in enumerate(market.calls):
        row = where.get(("call", call.call_id))
        if row is None:
            missing.add(number)
        else:
            calls[number] = matrix[row]
    for number, investor in enumerate(market.investors):
        row = where.get(("profile", investor.investor_id))
        if row is not None:
            profiles[number] = matrix[row]
    return Vectors(calls, profiles), frozenset(missing)


def _encode(
    texts: list[str], encode: Callable[[Sequence[str]], FloatArray], encoder: Encoder
) -> FloatArray:
    out = np.zeros((len(texts), encoder.dim), dtype=np.float32)
    there = [number for number, text in enumerate(texts) if text]
    if there:
        out[there] = encode([texts[number] for number in there])
    return out
