"""Goods for the command line and the web service: a matcher from the database, lists as JSON."""

import threading
from dataclasses import dataclass, field

from sqlalchemy import Connection
from sqlalchemy import Engine as Database

from api.engine import encoder_of
from api.lists.slates import Json, caution_json, item_json
from api.settings import Settings
from data import queries
from data.errors import KetnoiError
from data.ledger import LoggedSlate, SlateEntry, log_slate
from data.records import Offer, PurchaseRequest
from data.session import read
from data.store import MACHINE, Actor
from embeddings.encoder import Encoder
from matcher.goods_matching import GoodsMatcher, GoodsSlate
from matcher.types import Item


def load_goods(
    settings: Settings, connection: Connection, *, encoder: Encoder | None = None
) -> GoodsMatcher:
    """The matcher of all offers, requests and links of the database; needs no index.

    Without ``encoder`` the one that is set is loaded.

    Raises:
        KetnoiError: ``goods.empty`` where there are neither offers nor requests.
    """
    from embeddings.meaning import load_activity_model  # noqa: PLC0415 -- slow import
    from matcher.activities import activity_names  # noqa: PLC0415 -- slow import

    offers, requests = queries.offers(connection), queries.requests(connection)
    if not offers and not requests:
        raise KetnoiError(
            "goods.empty",
            "There are no goods yet. Import them first: ketnoi import offers FILE, then requests.",
            "Chưa có hàng hóa. Hãy nhập trước: ketnoi import offers FILE, rồi requests.",
        )
    encoder = encoder or encoder_of(settings)()
    return GoodsMatcher(
        offers,
        requests,
        queries.links(connection),
        encoder,
        load_activity_model(encoder, activity_names()),
    )


@dataclass
class KeptGoods:
    """The goods matcher of the rows as they stand; made anew when rows or encoder change."""

    settings: Settings
    database: Database
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)
    _kept: tuple[str, Encoder, GoodsMatcher] | None = field(default=None, init=False)

    def __call__(self, encoder: Encoder) -> GoodsMatcher:
        """See :func:`load_goods`. Who asks while it is being made waits for it."""
        with self._lock, read(self.database) as connection:
            content = queries.content_version(connection)
            kept = self._kept
            if kept is not None and kept[0] == content and kept[1] is encoder:
                return kept[2]
            matcher = load_goods(self.settings, connection, encoder=encoder)
            self._kept = (content, encoder, matcher)
            return matcher


def goods_document(slate: GoodsSlate, matcher: GoodsMatcher, *, slate_id: str) -> Json:
    """The document of `ketnoi goods --json`, of the same shape as a shortlist's."""
    return {
        slate.asked: slate.subject,
        "slate_id": slate_id,
        "release": slate.release,
        "abstained": slate.abstained,
        "cautions": [caution_json(caution) for caution in slate.cautions],
        "items": [_item(item, slate, matcher) for item in slate.items],
    }


def log_goods(
    connection: Connection, slate: GoodsSlate, document: Json, *, by: Actor = MACHINE
) -> LoggedSlate:
    """Write the list to the ledger as it is shown."""
    version = queries.content_version(connection)
    entry = SlateEntry(
        slate.kind, slate.subject, slate.release, version, document["items"], asked_by=by
    )
    return log_slate(connection, entry)


def _item(item: Item, slate: GoodsSlate, matcher: GoodsMatcher) -> Json:
    if slate.kind == "offers":
        party = _offer(next(o for o in matcher.offers if o.offer_id == item.party_id))
    else:
        party = _request(next(r for r in matcher.requests if r.request_id == item.party_id))
    return item_json(item, party)


def _offer(offer: Offer) -> Json:
    return {
        "offer_id": offer.offer_id,
        "product": offer.product,
        "product_en": offer.product_en,
        "seller": offer.seller,
        "category": offer.category,
        "province": {
            "code": offer.place.code,
            "name": offer.place.name,
            "as_written": offer.place.as_written,
        },
        "ocop_stars": offer.ocop_stars,
        "certificates": list(offer.certificates),
        "volume": offer.volume,
    }


def _request(request: PurchaseRequest) -> Json:
    return {
        "request_id": request.request_id,
        "product": request.product,
        "product_en": request.product_en,
        "buyer": request.buyer,
        "buyer_type": request.buyer_type,
        "category": request.category,
        "location": request.location,
        "requirements": request.requirements,
        "volume": request.volume,
    }
