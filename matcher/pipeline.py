"""The match from end to end: eligibility → candidates → features → score → order → reasons."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from embeddings.encoder import Encoder
from embeddings.meaning import load_activity_model
from matcher.activities import activity_names
from matcher.board import Board, Boards
from matcher.calibration import Calibration
from matcher.candidates import CandidateConfig, CandidateGenerator, Neighbours, open_calls
from matcher.chances import Judge
from matcher.eligibility import EligibilityConfig, applying, blocked, check_call, check_pair
from matcher.errors import MatcherError
from matcher.explain import ExplainConfig, Explainer
from matcher.features import FeatureConfig, feature_block, feature_parts
from matcher.legal import Applied, blocking
from matcher.market import BoolArray, FloatArray, IntArray, Market
from matcher.ranker import Ranker
from matcher.reciprocal import contested
from matcher.rerank import top
from matcher.types import Band, Caution, Check, Eligibility, Item, Slate, Verdict

if TYPE_CHECKING:
    from matcher.search import TextSearch


@dataclass(frozen=True, slots=True)
class MatcherConfig:
    """The settings of every stage."""

    eligibility: EligibilityConfig = field(default_factory=EligibilityConfig)
    candidates: CandidateConfig = field(default_factory=CandidateConfig)
    features: FeatureConfig = field(default_factory=FeatureConfig)
    explain: ExplainConfig = field(default_factory=ExplainConfig)


@dataclass(frozen=True, slots=True)
class Ranked:
    """The investors that stand on a call's list, before they are explained.

    ``features`` (n, n_features) and ``chances`` (n,), best first; ``abstained``: nobody at all is
    likely enough.
    """

    call: int
    investors: IntArray
    features: FloatArray
    chances: FloatArray | None
    abstained: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """The calls that stand on an investor's list, best first, before they are explained; all
    (n, …), chances NaN where they are not known."""

    investor: int
    calls: IntArray
    features: FloatArray
    scores: FloatArray
    chances: FloatArray


@dataclass(frozen=True)
class Matcher:
    """Slates for one market, by one release.

    ``encoder`` is called only for free text: known calls and investors have their vectors.
    """

    market: Market
    neighbours: Neighbours
    ranker: Ranker
    release: str
    encoder: Callable[[], Encoder]
    config: MatcherConfig = field(default_factory=MatcherConfig)
    calibration: Calibration | None = None
    fresh: tuple[int, ...] = ()  # rows of investors that came after the release was made

    def shortlist(self, call_id: str, *, n: int, today: date) -> Slate:
        """The ``n`` best investors for a call. A closed call is answered too, marked as blocked.

        Where no investor is likely enough, the slate says so and holds the nearest.

        Raises:
            MatcherError: ``call.unknown``.
        """
        row = self._row(self.market.call_row, call_id, "call", "dự án")
        everybody = np.arange(len(self.market.investors))
        features = self._features(np.array([row]), everybody, today)[0]
        scores = self.ranker.score(features)
        chances = self.judge.chances(scores)
        investors = self._candidates(call=row)
        investors = investors[~self.barred(row, today)[investors]]
        ids = [self.market.investors[int(i)].investor_id for i in investors]
        shown = investors[top(scores[investors], ids, n=n)]
        ranked = Ranked(
            call=row,
            investors=shown,
            features=features[shown],
            chances=None if chances is None else chances[shown],
            abstained=self.judge.nobody(chances),
        )
        return self.slate(ranked, today=today)

    def slate(self, ranked: Ranked, *, today: date) -> Slate:
        """A call's list with reasons, cautions and checks."""
        call = self.market.calls[ranked.call]
        rules = self._rules(ranked.call, today)
        checks = check_call(call, today=today, config=self.config.eligibility, rules=rules)
        items = []
        for place, investor in enumerate(ranked.investors.tolist()):
            party = self.market.investors[investor]
            where = Place(place + 1, ranked.call, investor, party.investor_id)
            chance = None if ranked.chances is None else float(ranked.chances[place])
            eligibility = check_pair(checks, call, party, rules=rules)
            items.append(self._item(where, ranked.features[place], chance, eligibility))
        told = self.judge.cautions(
            call=ranked.call, shown=ranked.investors, abstained=ranked.abstained
        )
        return Slate(
            kind="shortlist",
            subject=call.call_id,
            asked="call_id",
            release=self.release,
            items=tuple(items),
            cautions=(*told, *_about(checks)),
            abstained=ranked.abstained,
            bands=self._bands,
        )

    def opportunities(self, investor_id: str, *, n: int, today: date) -> Slate:
        """The ``n`` best open calls for an investor.

        Both sides count: calls stand in the order of the probability that it is this investor who
        takes them, so one that many others suit better stands lower. Its score is lowered alike.

        Raises:
            MatcherError: ``investor.unknown``.
        """
        row = self._row(self.market.investor_row, investor_id, "investor", "nhà đầu tư")
        board = self._boards(today)
        free = self._open_to(row, board.calls, today)
        calls, scores = board.calls[free], board.scores[free, row]
        chances = np.full(len(calls), np.nan, dtype=np.float32)
        if self.calibration is not None and board.chances is not None:
            chances = board.chances[free, row]
            scores = scores - contested(scores, chances, self.calibration.for_calls.sharpness)
        ids = [self.market.calls[int(c)].call_id for c in calls]
        best = top(scores, ids, n=n)
        own = self._features(calls[best], np.array([row]), today)[:, 0]
        seen = Seen(row, calls[best], own, scores[best], chances[best])
        return self.opportunity_slate(seen, today=today)

    def opportunity_slate(self, seen: Seen, *, today: date) -> Slate:
        """An investor's list of calls with reasons, cautions and checks."""
        party = self.market.investors[seen.investor]
        items = []
        for place, row in enumerate(seen.calls.tolist()):
            call, rules = self.market.calls[row], self._rules(row, today)
            checks = check_call(call, today=today, config=self.config.eligibility, rules=rules)
            chance = float(seen.chances[place])
            item = self._item(
                Place(place + 1, row, seen.investor, call.call_id),
                seen.features[place],
                None if np.isnan(chance) else chance,
                check_pair(checks, call, party, rules=rules),
                score=float(seen.scores[place]),
            )
            items.append(item)
        return Slate(
            kind="opportunities",
            subject=party.investor_id,
            asked="investor_id",
            release=self.release,
            items=tuple(items),
            bands=self._bands,
        )

    def search(self, text: str, *, n: int, today: date, calls: IntArray | None = None) -> Slate:
        """The ``n`` open calls that best answer a free text in any language.

        Args:
            calls: rows of the calls to choose among; those that are not open are left out.

        Raises:
            MatcherError: ``text.empty``.
        """
        if not text.strip():
            raise MatcherError(
                "text.empty",
                "The text is empty. Say what you look for, such as “private hospital, Thanh Hóa”.",
                "Chưa nhập nội dung. Hãy nêu điều cần tìm, ví dụ “bệnh viện tư nhân, Thanh Hóa”.",
            )
        invite = open_calls(self.market, today=today)
        calls = invite if calls is None else np.intersect1d(invite, calls)
        if not len(calls):
            return Slate("opportunities", text, "text", self.release, ())
        items: list[Item] = []
        encoder = self.encoder()
        for hit in self._search(text, calls=calls, n=n, encoder=encoder):
            call = self.market.calls[hit.call]
            rules = self._rules(hit.call, today)
            checks = check_call(call, today=today, config=self.config.eligibility, rules=rules)
            items.append(
                Item(len(items) + 1, call.call_id, hit.score, Eligibility(checks), hit.reasons)
            )
        return Slate("opportunities", text, "text", self.release, tuple(items))

    def parts(self, calls: IntArray, today: date) -> Iterator[tuple[IntArray, FloatArray]]:
        """Features of some calls against all investors, a few calls at a time, with their places.

        See :func:`matcher.features.feature_parts`.
        """
        return feature_parts(
            self.market,
            calls=calls,
            before=today.toordinal() + 1,
            config=self.config.features,
            wanted=self.ranker.needs,
        )

    def barred(self, call: int, today: date) -> BoolArray:
        """(n_investors,) whom a rule blocks from a call."""
        return blocked(self._rules(call, today), self.market.investors)

    @cached_property
    def judge(self) -> Judge:
        return Judge(self.market, self.calibration)

    def _features(self, calls: IntArray, investors: IntArray, today: date) -> FloatArray:
        """(n_calls, n_investors, n_features)"""
        return feature_block(
            self.market,
            calls=calls,
            investors=investors,
            before=today.toordinal() + 1,
            config=self.config.features,
            wanted=self.ranker.needs,
        )

    @cached_property
    def _boards(self) -> Boards:
        return Boards(self._board)

    def _board(self, today: date) -> Board:
        """What the open calls and all investors are to one another."""
        calls = open_calls(self.market, today=today)
        scores = np.empty((len(calls), len(self.market.investors)), dtype=np.float32)
        for places, part in self.parts(calls, today):
            scores[places] = self.ranker.score(part)
        return Board(calls, scores, self.judge.chances(scores))

    def _open_to(self, investor: int, calls: IntArray, today: date) -> IntArray:
        """Positions of the calls that no rule bars the investor from."""
        rules = blocking(self.config.eligibility.rules, today=today)
        if not rules:
            return np.arange(len(calls))
        party = [self.market.investors[investor]]
        config = replace(self.config.eligibility, rules=rules)  # the others never bar anybody
        free = [not blocked(self._rules(int(c), today, config), party)[0] for c in calls]
        return np.flatnonzero(free)

    def _rules(
        self, call: int, today: date, config: EligibilityConfig | None = None
    ) -> tuple[Applied, ...]:
        return applying(
            self.market.calls[call],
            tags=self.market.tags.calls[call],
            today=today,
            config=config or self.config.eligibility,
        )

    def _item(
        self,
        place: "Place",
        features: FloatArray,
        chance: float | None,
        eligibility: Eligibility,
        *,
        score: float | None = None,
    ) -> Item:
        own = float(self.ranker.score(features[None])[0]) if score is None else score
        return Item(
            rank=place.rank,
            party_id=place.party_id,
            score=round(own, 4),
            eligibility=eligibility,
            reasons=self._explain.reasons(
                call=place.call,
                investor=place.investor,
                names=tuple(self.ranker.names),
                contributions=self.ranker.contributions(features[None])[0],
            ),
            cautions=self._explain.cautions(call=place.call, investor=place.investor),
            probability=None if chance is None else round(chance, 4),
            band=self.judge.band(chance),
        )

    @property
    def _bands(self) -> tuple[Band, ...]:
        return () if self.calibration is None else self.calibration.bands

    @cached_property
    def _candidates(self) -> CandidateGenerator:
        return CandidateGenerator(self.market, self.neighbours, self.config.candidates, self.fresh)

    @cached_property
    def _explain(self) -> Explainer:
        return Explainer(self.market, self.config.explain)

    @cached_property
    def _search(self) -> "TextSearch":
        from matcher.search import TextSearch  # noqa: PLC0415 -- slow import, for texts alone

        model = load_activity_model(self.encoder(), activity_names())
        return TextSearch(self.market, model)

    @staticmethod
    def _row(rows: dict[str, int], party_id: str, what: str, what_vi: str) -> int:
        if party_id not in rows:
            raise MatcherError(
                f"{what}.unknown",
                f"There is no {what} {party_id!r}.",
                f"Không có {what_vi} {party_id!r}.",
            )
        return rows[party_id]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a pair stands on a slate: its rank, the rows of both, the id of the one shown."""

    rank: int
    call: int
    investor: int
    party_id: str


def _about(checks: Sequence[Check]) -> tuple[Caution, ...]:
    """What the checks of a call itself warn of."""
    return tuple(
        Caution(check.rule, check.vi, check.en)
        for check in checks
        if check.verdict is not Verdict.ELIGIBLE
    )
