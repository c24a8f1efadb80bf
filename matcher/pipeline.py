"""The match from end to end: eligibility → candidates → features → score → order → reasons."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np

from embeddings.encoder import Encoder
from embeddings.meaning import load_activity_model
from matcher.activities import activity_names
from matcher.candidates import CandidateConfig, CandidateGenerator, Neighbours, open_calls
from matcher.eligibility import EligibilityConfig, check_call, check_pair
from matcher.errors import MatcherError
from matcher.explain import ExplainConfig, Explainer
from matcher.features import FeatureConfig, feature_block
from matcher.market import FloatArray, IntArray, Market
from matcher.ranker import Ranker
from matcher.rerank import top
from matcher.search import TextSearch
from matcher.types import Caution, Eligibility, Item, Slate, Verdict


@dataclass(frozen=True, slots=True)
class MatcherConfig:
    """The settings of every stage."""

    eligibility: EligibilityConfig = field(default_factory=EligibilityConfig)
    candidates: CandidateConfig = field(default_factory=CandidateConfig)
    features: FeatureConfig = field(default_factory=FeatureConfig)
    explain: ExplainConfig = field(default_factory=ExplainConfig)


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

    def shortlist(self, call_id: str, *, n: int, today: date) -> Slate:
        """The ``n`` best investors for a call. A closed call is answered too, marked as blocked.

        Raises:
            MatcherError: ``call.unknown``.
        """
        row = self._row(self.market.call_row, call_id, "call")
        call = self.market.calls[row]
        investors = self._candidates(call=row)
        features = self._features(np.array([row]), investors, today)[0]
        scores = self.ranker.score(features)
        ids = [self.market.investors[int(i)].investor_id for i in investors]
        checks = check_call(call, today=today, config=self.config.eligibility)
        items: list[Item] = []
        for place in top(scores, ids, n=n):
            investor = int(investors[place])
            eligibility = check_pair(checks, call, self.market.investors[investor])
            pair = (row, investor)
            items.append(self._item(len(items) + 1, ids[place], pair, features[place], eligibility))
        about = tuple(
            Caution(check.rule, check.vi, check.en)
            for check in checks
            if check.verdict is not Verdict.ELIGIBLE
        )
        return Slate("shortlist", call_id, "call_id", self.release, tuple(items), about)

    def opportunities(self, investor_id: str, *, n: int, today: date) -> Slate:
        """The ``n`` best open calls for an investor.

        Raises:
            MatcherError: ``investor.unknown``.
        """
        row = self._row(self.market.investor_row, investor_id, "investor")
        investor = self.market.investors[row]
        calls = open_calls(self.market, today=today)
        features = self._features(calls, np.array([row]), today)[:, 0]
        scores = self.ranker.score(features)
        ids = [self.market.calls[int(c)].call_id for c in calls]
        items: list[Item] = []
        for place in top(scores, ids, n=n):
            call = self.market.calls[int(calls[place])]
            checks = check_call(call, today=today, config=self.config.eligibility)
            eligibility = check_pair(checks, call, investor)
            pair = (int(calls[place]), row)
            items.append(self._item(len(items) + 1, ids[place], pair, features[place], eligibility))
        return Slate("opportunities", investor_id, "investor_id", self.release, tuple(items))

    def search(self, text: str, *, n: int, today: date) -> Slate:
        """The ``n`` open calls that best answer a free text in any language.

        Raises:
            MatcherError: ``text.empty``.
        """
        if not text.strip():
            raise MatcherError(
                "text.empty",
                "The text is empty. Say what you look for, such as “private hospital, Thanh Hóa”.",
            )
        calls = open_calls(self.market, today=today)
        items: list[Item] = []
        encoder = self.encoder()
        for hit in self._search(text, calls=calls, n=n, encoder=encoder):
            call = self.market.calls[hit.call]
            checks = check_call(call, today=today, config=self.config.eligibility)
            items.append(
                Item(len(items) + 1, call.call_id, hit.score, Eligibility(checks), hit.reasons)
            )
        return Slate("opportunities", text, "text", self.release, tuple(items))

    def _features(self, calls: IntArray, investors: IntArray, today: date) -> FloatArray:
        return feature_block(
            self.market,
            calls=calls,
            investors=investors,
            before=today.toordinal() + 1,
            config=self.config.features,
            wanted=self.ranker.needs,
        )

    def _item(
        self,
        rank: int,
        party_id: str,
        pair: tuple[int, int],
        features: FloatArray,
        eligibility: Eligibility,
    ) -> Item:
        call, investor = pair
        return Item(
            rank=rank,
            party_id=party_id,
            score=round(float(self.ranker.score(features[None])[0]), 4),
            eligibility=eligibility,
            reasons=self._explain.reasons(
                call=call,
                investor=investor,
                names=tuple(self.ranker.names),
                contributions=self.ranker.contributions(features[None])[0],
            ),
            cautions=self._explain.cautions(call=call, investor=investor),
        )

    @cached_property
    def _candidates(self) -> CandidateGenerator:
        return CandidateGenerator(self.market, self.neighbours, self.config.candidates)

    @cached_property
    def _explain(self) -> Explainer:
        return Explainer(self.market, self.config.explain)

    @cached_property
    def _search(self) -> TextSearch:
        model = load_activity_model(self.encoder().id, activity_names())
        return TextSearch(self.market, model)

    @staticmethod
    def _row(rows: dict[str, int], party_id: str, what: str) -> int:
        if party_id not in rows:
            raise MatcherError(f"{what}.unknown", f"There is no {what} {party_id!r}.")
        return rows[party_id]
