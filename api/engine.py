"""What the command line (and the web service) stand on: database, release and matcher together."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Connection

from api.settings import Settings
from data import queries
from data.errors import KetnoiError
from embeddings.encoder import Encoder
from embeddings.manifest import exclusive
from matcher.market import Market, build_market
from matcher.pipeline import Matcher
from matcher.release import (
    Release,
    current_ranker,
    current_release,
    market_tags,
    market_vectors,
    up_to_date,
    write_release,
)

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Engine:
    """A matcher ready to answer, and what a person should know of its state."""

    matcher: Matcher
    release: Release
    warnings: tuple[str, ...]
    inputs_hash: str  # names the state of the database that the answers rest on


def load_engine(settings: Settings, connection: Connection, *, call_id: str = "") -> Engine:
    """Load the current release and the records of the database.

    A call that came after the index was built is embedded on the spot if it is the one asked for.

    Raises:
        KetnoiError: ``engine.empty`` without records; ``engine.no_index`` without an index.
        embeddings.errors.ArtifactError: the release is damaged.
    """
    release = current_release(settings.releases)
    if release is None:
        raise KetnoiError(
            "engine.no_index",
            "There is no index yet. Import calls, investors and deals, then run: ketnoi index",
            message_vi="Chưa có chỉ mục. Hãy nhập dữ liệu rồi chạy: ketnoi index",
        )
    market = _market(connection)
    vectors, missing = market_vectors(market, release)
    warnings: list[str] = []
    content = queries.content_version(connection)
    if release.content != content:
        warnings.append(
            "The index is older than the database; results may miss what is new. Run: ketnoi index"
        )
    encoder = _encoder_of(settings, made_by=release.index.info.encoder_id)
    row = market.call_row.get(call_id)
    if row is not None and row in missing:
        from embeddings.text import call_text  # noqa: PLC0415 -- only for a call without vector

        vectors.calls[row] = encoder().encode_passages([call_text(market.calls[row])])[0]
    matcher = Matcher(
        market=replace(
            market,
            vectors=vectors,
            known_tags=market_tags(market, release, queries.activity_corrections(connection)),
        ),
        neighbours=release,
        ranker=release.ranker,
        release=release.name,
        encoder=encoder,
    )
    return Engine(matcher, release, tuple(warnings), content)


def build_index(settings: Settings, connection: Connection, *, progress: Progress) -> Path:
    """Embed all records and publish a release that holds them, with the ranker now in use.

    The last release stays in use until the new one is whole; a crash leaves it so.

    Raises:
        KetnoiError: ``engine.empty``: nothing to index.
    """
    with exclusive(settings.releases / ".building"):  # or the older of two might publish last
        return _build(settings, connection, progress)


def _build(settings: Settings, connection: Connection, progress: Progress) -> Path:
    market = _market(connection)
    if not market.calls and not market.investors:
        raise KetnoiError(
            "engine.empty",
            "The database is empty. Import first: ketnoi import investors FILE, then calls, deals.",
            message_vi="Cơ sở dữ liệu trống. Hãy nhập dữ liệu: ketnoi import investors FILE.",
        )
    encoder = _encoder_of(settings, progress)()
    ranker = current_ranker(settings.releases)
    content = queries.content_version(connection)
    same = up_to_date(settings.releases, encoder_id=encoder.id, ranker=ranker, content=content)
    return same or write_release(
        settings.releases, market=market, encoder=encoder, ranker=ranker, content=content
    )


def _market(connection: Connection) -> Market:
    return build_market(
        investors=queries.investors(connection),
        calls=queries.calls(connection),
        deals=queries.deals(connection),
        programmes=queries.programmes(connection),
    )


def _encoder_of(
    settings: Settings, progress: Progress | None = None, *, made_by: str = ""
) -> Callable[[], Encoder]:
    """A function that loads the encoder with its cache once, when first called.

    With ``made_by``, the id of the encoder that made the index, another one is refused: vectors
    of two models say nothing of each other.
    """
    loaded: list[Encoder] = []

    def load() -> Encoder:
        if not loaded:
            from embeddings.cache import CachedEncoder, VectorCache  # noqa: PLC0415 -- slow import
            from embeddings.encoder import load_encoder  # noqa: PLC0415 -- slow import

            encoder = load_encoder(settings.encoder, cache_dir=settings.models)
            if made_by and encoder.id != made_by:
                raise KetnoiError(
                    "engine.encoder",
                    f"The index was made by the encoder {made_by}; the one set is {encoder.id}. "
                    "Run: ketnoi index, or set KETNOI_ENCODER as it was.",
                    message_vi=f"Chỉ mục do bộ mã hóa {made_by} tạo, bộ đang đặt là {encoder.id}. "
                    "Hãy chạy: ketnoi index, hoặc đặt lại KETNOI_ENCODER.",
                )
            cache = VectorCache(settings.vector_cache)
            loaded.append(CachedEncoder(encoder, cache, progress=progress))
        return loaded[0]

    return load
