"""A release: the vectors of a market, the ranker that goes with them and how sure it is.

One folder, written whole, checked by sha256 when opened, put to use by swapping the file
`current`. Whatever happens in between, the last good release stays in use.
"""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from data.reference.csvtable import FOLDER
from embeddings.encoder import Encoder
from embeddings.errors import EmbeddingsError
from embeddings.index import VectorIndex, load_files
from embeddings.manifest import (
    Manifest,
    current,
    exclusive,
    publish,
    read_manifest,
    remove_leftovers,
    sha256_of,
    verify,
    write_folder_atomically,
)
from embeddings.meaning import FILE as ACTIVITY_MODEL
from embeddings.tagging import TAGGING_VERSION
from embeddings.text import TEMPLATE_VERSION
from matcher import calibration as calibrations
from matcher.calibration import Calibration
from matcher.errors import MatcherError
from matcher.indexing import (
    embed,
    indexed,
    make_index,
    make_tags,
    market_tags,
    market_vectors,
    tags_by_id,
)
from matcher.market import FloatArray, Market
from matcher.ranker import FIRST_RANKER, LinearRanker
from matcher.tags import PartyTags, load_tags, save_tags

__all__ = [
    "KIND",
    "Release",
    "Summary",
    "current_calibration",
    "current_ranker",
    "current_release",
    "embed",
    "indexed",
    "make_index",
    "make_tags",
    "market_tags",
    "market_vectors",
    "releases",
    "up_to_date",
    "use_release",
    "write_release",
]

KIND = "release"
KEPT = 5
"""Releases that stay for going back; older ones are deleted when a new one is published."""
METRICS = "metrics.json"
REMEDY = "Run `ketnoi index`."


@dataclass(frozen=True)
class Release:
    """An opened release. ``content`` names the state of the database it was made from.

    ``calibration`` is ``None`` in a release of a version that had none, or of another rule.
    """

    name: str
    content: str
    index: VectorIndex
    ranker: LinearRanker
    activities: str = ""
    tags: Mapping[str, Mapping[str, PartyTags]] = field(default_factory=dict)
    calibration: Calibration | None = None

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


@dataclass(frozen=True, slots=True)
class Summary:
    """A release as a list shows it. ``problem`` is what is wrong with it, "" if nothing is."""

    name: str
    in_use: bool
    made_at: str = ""
    encoder: str = ""
    rows: int = 0
    ranker: str = ""  # house | learned
    ece: float | None = None
    content: str = ""
    problem: str = ""


def current_release(root: Path) -> Release | None:
    """Open the release in use; ``None`` if none was published yet.

    Raises:
        ArtifactError: it is damaged or was made by another version; the message says what to do.
    """
    folder = current(root)
    if folder is None:
        return None
    manifest = verify(folder, kind=KIND, remedy=REMEDY)
    _check_template(folder, manifest)
    ranker = LinearRanker.load(folder)
    return Release(
        name=folder.name,
        content=str(manifest.info.get("content", "")),
        index=load_files(folder, info=manifest.info),
        ranker=ranker,
        activities=str(manifest.info.get("activities", "")),
        tags=load_tags(folder),
        calibration=_calibration(folder, ranker),
    )


def _check_template(folder: Path, manifest: Manifest) -> None:
    if manifest.info.get("template_version") != TEMPLATE_VERSION:
        raise MatcherError(
            "release.template",
            f"The release {folder.name} holds texts of another version. {REMEDY}",
            f"Bản phát hành {folder.name} giữ văn bản của phiên bản khác. Hãy chạy `ketnoi index`.",
        )


def _calibration(folder: Path, ranker: LinearRanker) -> Calibration | None:
    """The calibration of a release, if it has one that belongs to its ranker."""
    path = folder / calibrations.FILE
    if not path.is_file():
        return None
    found = Calibration.load(path)
    return found if found.ranker == ranker.id else None


def releases(root: Path) -> list[Summary]:
    """All releases that are kept, the newest first, damaged ones too."""
    named = _named(root)
    return [_summary(folder, folder == named) for folder in sorted(root.glob("r-*"), reverse=True)]


def _summary(folder: Path, in_use: bool) -> Summary:
    try:
        manifest = read_manifest(folder, kind=KIND, remedy=REMEDY)
        ranker = LinearRanker.load(folder)
        found = _calibration(folder, ranker)
    except (EmbeddingsError, MatcherError, OSError, ValueError, KeyError) as error:
        return Summary(folder.name, in_use, problem=str(error))
    return Summary(
        name=folder.name,
        in_use=in_use,
        made_at=manifest.created_at,
        encoder=str(manifest.info.get("encoder_id", "")),
        rows=int(str(manifest.info.get("rows", 0))),
        ranker=ranker.origin,
        ece=None if found is None else found.ece,
        content=str(manifest.info.get("content", "")),
    )


def use_release(root: Path, name: str) -> None:
    """Put a kept release to use again: whole and checked, or nothing changes.

    Raises:
        MatcherError: ``release.unknown``, with those that are kept.
        ArtifactError: it is damaged.
    """
    kept = sorted(folder.name for folder in root.glob("r-*"))
    if name not in kept:
        listed = ", ".join(kept) or "none"
        raise MatcherError(
            "release.unknown",
            f"There is no release {name!r}. Kept are: {listed}.",
            f"Không có bản phát hành {name!r}. Đang giữ: {listed}.",
        )
    with exclusive(root / ".lock"):
        remedy = "Choose another one: ketnoi releases."
        _check_template(root / name, verify(root / name, kind=KIND, remedy=remedy))
        LinearRanker.load(root / name)
        publish(root, name)


def current_ranker(root: Path) -> LinearRanker:
    """The ranker in use; if its release is damaged, that of the newest one that has it whole."""
    return _newest(root)[0]


def current_calibration(root: Path, ranker: LinearRanker) -> Calibration | None:
    """What was learned of that ranker's sureness, from the release that it comes from."""
    folder = _newest(root)[1]
    try:
        return None if folder is None else _calibration(folder, ranker)
    except (MatcherError, OSError, ValueError, KeyError, TypeError):
        return None


def _newest(root: Path) -> tuple[LinearRanker, Path | None]:
    named = [folder] if (folder := _named(root)) else []
    for each in (*named, *sorted(root.glob("r-*"), reverse=True)):
        try:
            found = LinearRanker.load(each)
        except (MatcherError, OSError, ValueError, KeyError):
            continue
        return (FIRST_RANKER if found.origin == FIRST_RANKER.origin else found), each
    return FIRST_RANKER, None


def up_to_date(root: Path, *, encoder_id: str, ranker: LinearRanker, content: str) -> Path | None:
    """The folder of the release in use if making it anew would give the same; else ``None``."""
    try:
        release = current_release(root)
    except (EmbeddingsError, MatcherError, OSError, ValueError, KeyError, TypeError):
        return None
    if release is None or release.content != content or release.ranker != ranker:
        return None
    if release.activities != _activities_version() or release.calibration is None:
        return None
    return root / release.name if release.index.info.encoder_id == encoder_id else None


def _activities_version() -> str:
    """Changes with the table, the model and the way that the tags of a release were read."""
    table, model = sha256_of(FOLDER / "activities.csv"), sha256_of(ACTIVITY_MODEL)
    return f"{table[:8]}{model[:8]}-{TAGGING_VERSION}"


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
    ranker: LinearRanker,
    content: str,
    calibration: Calibration | None = None,
) -> Path:
    """Write a release under ``root`` and put it to use.

    Args:
        market: as :func:`matcher.indexing.indexed` gives it; one without tags is embedded here.
        content: names the state of the database, kept in the manifest.
        calibration: of this ranker; without it lists tell no probabilities.
    """
    if market.known_tags is None:
        market = indexed(market, encoder)
    index = make_index(market, market.vectors, encoder_id=encoder.id)

    def fill(folder: Path) -> None:
        index.save(folder)
        save_tags(folder, tags_by_id(market, market.tags))
        ranker.save(folder)
        if calibration is not None:
            calibration.save(folder / calibrations.FILE)
            text = json.dumps(calibration.metrics(), indent=1, ensure_ascii=False)
            (folder / METRICS).write_text(text + "\n", encoding="utf-8")

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
