"""Sellers' offers for a buyer's request, and the other way round, with reasons and checks.

The score is that of the goods search (kind of good, meaning, words in common) and what the rows say
beside it: requirements met, a market the seller sells to already, a known delivery to this buyer.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np

from data.records import Offer, PurchaseRequest, SupplyLink
from data.reference.goods import goods
from data.reference.spelling import fold
from embeddings.encoder import Encoder
from embeddings.meaning import ActivityModel
from matcher.errors import MatcherError
from matcher.events.needs.requirements import check_offer
from matcher.goods import FloatArray, GoodsHit, GoodsSearch, GoodText
from matcher.types import Caution, Check, Eligibility, Evidence, Item, Reason, Verdict

Kind = Literal["offers", "requests"]


@dataclass(frozen=True, slots=True)
class GoodsMatchingConfig:
    """What each fact adds to the search's score (0 to about 2), set by judgement; ``pool`` is how
    many hits per line asked for are looked at; below ``least`` nothing is suggested in earnest."""

    requirement: float = 0.1
    category: float = 0.1
    market: float = 0.15
    delivery: float = 0.3
    pool: int = 5
    least: float = 0.35


@dataclass(frozen=True, slots=True)
class GoodsSlate:
    """Offers for a request (or a text), or requests for an offer, best first."""

    kind: Kind  # what is listed
    subject: str
    asked: Literal["request_id", "offer_id", "text"]
    release: str
    items: tuple[Item, ...]
    cautions: tuple[Caution, ...] = ()
    abstained: bool = False


@dataclass(frozen=True)
class GoodsMatcher:
    """Matches the goods of one database. Ids must not repeat within a side."""

    offers: Sequence[Offer]
    requests: Sequence[PurchaseRequest]
    links: Sequence[SupplyLink]
    encoder: Encoder
    model: ActivityModel | None = None
    config: GoodsMatchingConfig = GoodsMatchingConfig()

    def for_request(self, request_id: str, *, n: int) -> GoodsSlate:
        """The ``n`` best offers for a request. Raises MatcherError ``request.not_found``."""
        found = next((one for one in self.requests if one.request_id == request_id), None)
        if found is None:
            raise _missing("request", "yêu cầu mua", request_id)
        return self._offers(found, request_id, "request_id", n)

    def for_text(self, text: str, *, n: int) -> GoodsSlate:
        """The ``n`` best offers for a want in any language; the text may name requirements.

        Raises:
            MatcherError: ``text.empty``.
        """
        if not text.strip():
            raise MatcherError(
                "text.empty", "Say in words what goods are wanted.", "Hãy ghi mặt hàng cần tìm."
            )
        wish = PurchaseRequest("text", text, requirements=text)
        return self._offers(wish, text, "text", n)

    def for_offer(self, offer_id: str, *, n: int) -> GoodsSlate:
        """The ``n`` best requests for an offer. Raises MatcherError ``offer.not_found``."""
        offer = next((one for one in self.offers if one.offer_id == offer_id), None)
        if offer is None:
            raise _missing("offer", "chào hàng", offer_id)
        text = _text(offer.product, offer.product_en)
        hits = self._request_search(text, n=self.config.pool * n, encoder=self.encoder)
        pairs = [(self.requests[hit.offer], hit) for hit in hits]
        items = [self._item(request.request_id, offer, request, hit) for request, hit in pairs]
        return self._slate("requests", offer_id, "offer_id", items, n)

    def worth(self, request: PurchaseRequest) -> dict[str, float]:
        """The score of every offer for a request, by offer id."""
        text = _text(request.product, request.product_en)
        hits = self._offer_search(text, n=len(self.offers), encoder=self.encoder)
        found: dict[str, float] = {}
        for hit in hits:
            offer = self.offers[hit.offer]
            item = self._item(offer.offer_id, offer, request, hit)
            found[offer.offer_id] = item.score
        return found

    def _offers(
        self,
        request: PurchaseRequest,
        subject: str,
        asked: Literal["request_id", "text"],
        n: int,
    ) -> GoodsSlate:
        text = _text(request.product, request.product_en)
        hits = self._offer_search(text, n=self.config.pool * n, encoder=self.encoder)
        pairs = [(self.offers[hit.offer], hit) for hit in hits]
        items = [self._item(offer.offer_id, offer, request, hit) for offer, hit in pairs]
        return self._slate("offers", subject, asked, items, n)

    def _slate(
        self,
        kind: Kind,
        subject: str,
        asked: Literal["request_id", "offer_id", "text"],
        items: Sequence[Item],
        n: int,
    ) -> GoodsSlate:
        ordered = sorted(items, key=lambda item: (-item.score, item.party_id))[:n]
        ranked = tuple(replace(item, rank=place) for place, item in enumerate(ordered, start=1))
        weak = not ranked or ranked[0].score < self.config.least
        cautions = (_NOTHING_NEAR,) if weak else ()
        return GoodsSlate(kind, subject, asked, self.release, ranked, cautions, weak)

    @property
    def release(self) -> str:
        """What made the lists: the search's version and the encoder."""
        return f"goods-1+{self.encoder.id}"

    def _item(self, party_id: str, offer: Offer, request: PurchaseRequest, hit: GoodsHit) -> Item:
        checks = check_offer(request, offer)
        reasons = [*_search_reasons(hit, offer, request), *self._met(checks)]
        reasons += [
            one
            for one in (
                self._same_category(offer, request),
                self._market(offer, request),
                self._delivery(offer, request),
            )
            if one is not None
        ]
        score = round(sum(one.contribution for one in reasons), 4)
        kept = sorted((r for r in reasons if r.contribution), key=lambda r: -r.contribution)
        return Item(0, party_id, score, Eligibility(checks), tuple(kept), _cautions(offer, request))

    def _met(self, checks: Sequence[Check]) -> list[Reason]:
        met = (check for check in checks if check.verdict is Verdict.ELIGIBLE)
        return [Reason(one.rule, one.vi, one.en, self.config.requirement) for one in met]

    def _same_category(self, offer: Offer, request: PurchaseRequest) -> Reason | None:
        if not offer.category or offer.category != request.category or offer.category == "other":
            return None
        return Reason(
            "category",
            f"Cùng ngành hàng ({offer.category}).",
            f"Of the same category ({offer.category}).",
            self.config.category,
        )

    def _market(self, offer: Offer, request: PurchaseRequest) -> Reason | None:
        sold = fold(offer.markets_wanted)
        places = [part.strip() for part in request.location.replace("/", ",").split(",")]
        named = [one for one in places if len(one) > 3 and fold(one) in sold]
        if not named:
            return None
        told = ", ".join(named)
        return Reason(
            "market",
            f"Bên bán đã bán hoặc muốn bán tại thị trường của bên mua: {told}.",
            f"The seller sells, or wants to sell, where the buyer buys: {told}.",
            self.config.market,
            (Evidence(offer.markets_wanted, offer.markets_wanted, offer.source_url),),
        )

    def _delivery(self, offer: Offer, request: PurchaseRequest) -> Reason | None:
        known = self._deliveries.get((_name(offer.seller), _name(request.buyer)), ())
        if not known or not offer.seller or not request.buyer:
            return None
        told = tuple(Evidence(one.product, one.product, one.source_url) for one in known[:3])
        return Reason(
            "delivery",
            f"{offer.seller} đã giao hàng cho {request.buyer}.",
            f"{offer.seller} delivers to {request.buyer} already.",
            self.config.delivery,
            told,
        )

    @cached_property
    def _deliveries(self) -> dict[tuple[str, str], list[SupplyLink]]:
        found: dict[tuple[str, str], list[SupplyLink]] = {}
        for link in self.links:
            found.setdefault((_name(link.seller), _name(link.buyer)), []).append(link)
        return found

    @cached_property
    def _offer_search(self) -> GoodsSearch:
        texts = [GoodText(one.offer_id, one.product, one.product_en) for one in self.offers]
        return GoodsSearch(texts, self._vectors(texts), self.model)

    @cached_property
    def _request_search(self) -> GoodsSearch:
        texts = [GoodText(one.request_id, one.product, one.product_en) for one in self.requests]
        return GoodsSearch(texts, self._vectors(texts), self.model)

    def _vectors(self, texts: Sequence[GoodText]) -> FloatArray:
        if not texts:
            return np.zeros((0, self.encoder.dim), dtype=np.float32)
        return self.encoder.encode_passages([_text(one.text, one.text_en) for one in texts])


_NOTHING_NEAR = Caution(
    "nothing_near",
    "Không có mặt hàng nào thật sự phù hợp; danh sách chỉ gồm những mặt hàng gần nhất.",
    "Nothing truly fits; the list holds only what is nearest.",
)


def _search_reasons(hit: GoodsHit, offer: Offer, request: PurchaseRequest) -> list[Reason]:
    kind, closeness, common = hit.parts
    both = (
        Evidence(f"Chào bán: {offer.product}", f"Offered: {_english(offer)}", offer.source_url),
        Evidence(f"Cần mua: {request.product}", f"Wanted: {_english(request)}", request.source_url),
    )
    names = [goods()[good] for good in dict.fromkeys(hit.goods)]
    if names:
        vi = "Đúng mặt hàng cần tìm: " + ", ".join(one.name_vi for one in names) + "."
        en = "The goods wanted: " + ", ".join(one.name_en for one in names) + "."
    else:
        vi, en = "Mặt hàng cùng nhóm.", "Goods of a related kind."
    return [
        Reason("good", vi, en, round(kind, 4), both),
        Reason(
            "meaning",
            "Mô tả hai bên gần nghĩa nhau.",
            "The two descriptions are close in meaning.",
            round(closeness, 4),
            both,
        ),
        Reason(
            "words",
            "Mô tả hai bên có từ chung.",
            "The two descriptions share words.",
            round(common, 4),
            both,
        ),
    ]


def _cautions(offer: Offer, request: PurchaseRequest) -> tuple[Caution, ...]:
    found = []
    if not offer.seller:
        found.append(
            Caution(
                "no_seller",
                "Nguồn không nêu tên bên bán.",
                "The source names no seller.",
            )
        )
    spoken = {one.lower() for one in offer.languages}, {one.lower() for one in request.languages}
    if all(spoken) and not spoken[0] & spoken[1]:
        found.append(
            Caution(
                "languages",
                "Hai bên không có ngôn ngữ chung: cần phiên dịch.",
                "The two sides share no language: an interpreter is needed.",
            )
        )
    return tuple(found)


def _english(one: Offer | PurchaseRequest) -> str:
    return one.product_en or one.product


def _text(product: str, product_en: str) -> str:
    return ". ".join(dict.fromkeys(part for part in (product, product_en) if part))


def _name(name: str) -> str:
    """A name to compare by: without marks, brackets and what stands behind them."""
    return fold(name.partition("(")[0]).strip()


def _missing(kind: str, kind_vi: str, wanted: str) -> MatcherError:
    return MatcherError(
        f"{kind}.not_found",
        f"There is no {kind} {wanted!r}. Check the id.",
        f"Không có {kind_vi} {wanted!r}. Hãy kiểm tra lại mã.",
    )
