"""What the command line (and the web service) stand on: database, release and matcher together."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Connection

from api.settings import Settings
from data import queries
from data.errors import KetnoiError
from data.reference.rules import load_rules, rules_version
from embeddings.encoder import Encoder
from embeddings.manifest import exclusive
from matcher.calibration import Calibration
from matcher.eligibility import EligibilityConfig
from matcher.indexing import (
    encode_missing,
    fresh_investors,
    indexed,
    market_tags,
    market_vectors,
)
from matcher.market import Market, build_market
from matcher.pipeline import Matcher, MatcherConfig
from matcher.ranker import FIRST_RANKER, LinearRanker
from matcher.release import (
    Release,
    current_calibration,
    current_ranker,
    current_release,
    up_to_date,
    write_release,
)

Progress = Callable[[int, int], None]
MOST_FRESH = 64
"""Texts that are embedded on the spot, about a second's worth; more wait for `ketnoi index`."""


@dataclass(frozen=True)
class Engine:
    """A matcher ready to answer, and what a person should know of its state."""

    matcher: Matcher
    release: Release
    warnings: tuple[str, ...]
    inputs_hash: str  # names the state of database and rules that the answers rest on


def load_engine(settings: Settings, connection: Connection, *, call_id: str = "") -> Engine:
    """Load the current release and the records of the database.

    Calls and investors that came after the index was built are embedded on the spot, up to
    ``MOST_FRESH`` of them; of more, only the call asked for.

    Raises:
        KetnoiError: ``engine.empty`` without records; ``engine.no_index`` without an index;
            ``rules.table`` where the home's own rules have faults.
        embeddings.errors.ArtifactError: the release is damaged.
    """
    release = current_release(settings.releases)
    if release is None:
        raise KetnoiError(
            "engine.no_index",
            "There is no index yet. Import calls, investors and deals, then run: ketnoi index",
            message_vi="Chưa có chỉ mục. Hãy nhập dữ liệu rồi chạy: ketnoi index",
        )
    market = stored_market(connection)
    vectors, missing = market_vectors(market, release)
    encoder = encoder_of(settings, made_by=release.index.info.encoder_id)
    few = missing if len(missing) <= MOST_FRESH else missing.only(market.call_row.get(call_id))
    if len(few):
        encode_missing(market, vectors, few, encoder())
    content = queries.content_version(connection)
    rules = load_rules(settings.eligibility_rules)
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
        calibration=release.calibration,
        fresh=fresh_investors(market, release),
        config=MatcherConfig(eligibility=EligibilityConfig(rules=rules)),
    )
    warnings = _warnings(release, content, left=len(missing) - len(few))
    return Engine(matcher, release, warnings, f"{content}.{rules_version(rules)}")


def _warnings(release: Release, content: str, *, left: int) -> tuple[str, ...]:
    """What a person should know before trusting a list."""
    out: list[str] = []
    if left:
        out.append(
            f"{left} calls and investors came after the index and are not compared by meaning. "
            "Run: ketnoi index"
        )
    elif release.content != content:
        out.append(
            "The index is older than the database: what is new counts, but how sure the lists are "
            "was not learned anew. Run: ketnoi index"
        )
    if release.calibration is None:
        out.append(
            f"The release {release.name} is of a version that told no probabilities. "
            "Run: ketnoi index"
        )
    return tuple(out)


def build_index(settings: Settings, connection: Connection, *, progress: Progress) -> Path:
    """Embed all records and publish a release that holds them, with the ranker now in use.

    The last release stays in use until the new one is whole; a crash leaves it so.

    Raises:
        KetnoiError: ``engine.empty``: nothing to index.
    """
    with exclusive(settings.releases / ".building"):  # or the older of two might publish last
        return _build(settings, connection, progress)


def _build(settings: Settings, connection: Connection, progress: Progress) -> Path:
    market = stored_market(connection)
    if not market.calls and not market.investors:
        raise KetnoiError(
            "engine.empty",
            "The database is empty. Import first: ketnoi import investors FILE, then calls, deals.",
            message_vi="Cơ sở dữ liệu trống. Hãy nhập dữ liệu: ketnoi import investors FILE.",
        )
    encoder = encoder_of(settings, progress)()
    ranker = current_ranker(settings.releases)
    content = queries.content_version(connection)
    same = up_to_date(settings.releases, encoder_id=encoder.id, ranker=ranker, content=content)
    if same:
        return same
    market = indexed(market, encoder)
    return write_release(
        settings.releases,
        market=market,
        encoder=encoder,
        ranker=ranker,
        content=content,
        calibration=_calibration(settings, market, ranker, encoder),
    )


def _calibration(
    settings: Settings, market: Market, ranker: LinearRanker, encoder: Encoder
) -> Calibration | None:
    """A learned ranker keeps what was measured when it was learned; a rule is judged anew."""
    if ranker.origin != FIRST_RANKER.origin:
        return current_calibration(settings.releases, ranker)
    from training.publish import calibrate  # noqa: PLC0415 -- only where an index is made

    return calibrate(market, ranker, encoder)


def stored_market(connection: Connection) -> Market:
    """Everything that is matched, as the database holds it now."""
    return build_market(
        investors=queries.investors(connection),
        calls=queries.calls(connection),
        deals=queries.deals(connection),
        programmes=queries.programmes(connection),
    )


def encoder_of(
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
