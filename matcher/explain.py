"""Why a pair scores as it does, in both languages, from the same features the ranker saw.

A reason's contribution is the sum of what its features put into the score, so the reasons account
for the score and a reason without weight is not shown. Each names the facts it rests on.
"""

from dataclasses import dataclass
from functools import cached_property

from matcher import reason_words as words
from matcher.cautions import pair_cautions
from matcher.evidence import BEYOND, ONLY_WORDS, Facts, of_capital, of_programme, said, said_of
from matcher.market import FloatArray, Market
from matcher.types import Caution, Evidence, Reason

_FEATURES_OF = {
    "similar_project": (
        "best_project",
        "same_project",
        "neighbours",
        "text_votes",
        "text_votes_recent",
        "text_lift",
        "word_best",
        "word_votes",
        "word_sum",
        "text_sum",
        "word_lift",
        "learned_text",
        "tag_votes",
        "tag_lift",
    ),
    "activity_match": ("does_activity", "tag_match", "tag_profile"),
    "profile_match": ("profile",),
    "sector_history": (
        "sector_history",
        "sector_votes",
        "sector_votes_recent",
        "sector_lift",
        "sector_profile",
    ),
    "sector_stated": ("sector_stated",),
    "place_history": ("province_history", "region_history", "place_lift"),
    "province_wanted": ("province_wanted",),
    "capital_fit": ("capital_fit", "capital_lift"),
    "land_fit": ("land_fit",),
    "track_record": ("breadth", "recency", "activity_recent", "activity_medium"),
    "similar_investors": ("partner_votes", "taste_votes", "peer_votes", "country_votes"),
    "programme_tie": ("programme_tie",),
}
REASON_OF = {feature: code for code, features in _FEATURES_OF.items() for feature in features}
"""Which reason each feature speaks for: a dozen codes that a person understands."""

Made = tuple[words.Told, list[Evidence]]


@dataclass(frozen=True, slots=True)
class ExplainConfig:
    """Only reasons of at least ``least_share`` of the strongest one are worth a line.

    ``most_evidence`` deals prove a reason; where each of them would do by itself, as with what
    the investor does, up to ``most_alike`` are told.
    """

    least_share: float = 0.05
    most_evidence: int = 3
    most_alike: int = 12


@dataclass(frozen=True)
class Explainer:
    """Reasons and cautions of single pairs of a market."""

    market: Market
    config: ExplainConfig = ExplainConfig()

    def reasons(
        self, *, call: int, investor: int, names: tuple[str, ...], contributions: FloatArray
    ) -> tuple[Reason, ...]:
        """Strongest first. ``contributions`` is (len(names),), in units of the score."""
        weight: dict[str, float] = {}
        for name, value in zip(names, contributions.tolist(), strict=True):
            if name in REASON_OF:  # the others say something of the call, alike for all investors
                weight[REASON_OF[name]] = weight.get(REASON_OF[name], 0.0) + value
        strongest = max(weight.values(), default=0.0)
        out: list[Reason] = []
        for code, value in sorted(weight.items(), key=lambda item: (-item[1], item[0])):
            if value > 0 and value >= self.config.least_share * strongest:
                made = self._made(code, call, investor)
                if made is not None:
                    told, facts = made
                    out.append(Reason(code, *told, round(value, 4), tuple(facts)))
        return tuple(out)

    def cautions(self, *, call: int, investor: int) -> tuple[Caution, ...]:
        return pair_cautions(self.market, call=call, investor=investor)

    @cached_property
    def facts(self) -> Facts:
        return Facts(self.market)

    def _made(self, code: str, call: int, investor: int) -> Made | None:
        """What a reason says and the facts it rests on; ``None`` if there are none."""
        target, party = self.market.calls[call], self.market.investors[investor]
        if code == "activity_match":
            return self._activity(call, investor)
        if code == "similar_investors":
            return self._peers(call, investor)
        if code == "programme_tie":
            ties = self.facts.programmes(target, party)[: self.config.most_evidence]
            made = [of_programme(tie) for tie in ties]
            return (words.programme_tie(target, party, ties[0]), made) if ties else None
        if code in words.FROM_PROFILE:
            told = words.FROM_PROFILE[code](target, party)
            return (told, [said(party)]) if told else None
        if code == "capital_fit" and self.facts.stated_capital(call, investor):
            return words.capital_stated(target, party), [of_capital(party)]
        return self._from_deals(code, call, investor)

    def _from_deals(self, code: str, call: int, investor: int) -> Made | None:
        deals = self.facts.supporting(code, call, investor)
        if not deals:
            return None
        told = words.FROM_DEALS[code](self.market.calls[call], self._past(call, deals))
        return told, [self.facts.of_deal(deal) for deal in deals[: self.config.most_evidence]]

    def _past(self, call: int, deals: list[int]) -> words.Past:
        """The most that the deals prove, and of which of the call's activities the first is."""
        stages = {deal: self.market.deals[deal].stage for deal in deals}
        proof = [deal for deal in deals if stages[deal] in BEYOND]
        only_words = all(stage in ONLY_WORDS for stage in stages.values())
        standing = "invested" if proof else "proposed" if only_words else "recorded"
        return words.Past(
            standing,
            tuple(self.facts.project(deal) for deal in proof or deals),
            tuple(want.activity_id for want, _ in self.facts.same(call, deals[0])),
        )

    def _activity(self, call: int, investor: int) -> Made:
        """By name in the profile or in past projects; else by what comes near."""
        party = self.market.investors[investor]
        in_profile = self.facts.named(call, investor)
        deals = self.facts.doing(call, investor)[: self.config.most_alike]
        if not in_profile and not deals:
            near = self.facts.nearest_tags(call, investor)
            ids = [tag.activity_id for tag in near[:2] if tag.words]
            return words.near_activity(ids), [said_of(party, near[:4])]
        ids = [want.activity_id for want, _ in in_profile]
        ids += [want.activity_id for deal in deals for want, _ in self.facts.same(call, deal)]
        facts = [said_of(party, [has for _, has in in_profile])] if in_profile else []
        return words.does_activity(ids), [*facts, *map(self.facts.of_deal, deals)]

    def _peers(self, call: int, investor: int) -> Made:
        deals = self.facts.of_peers(call, investor)[: self.config.most_evidence]
        facts = [self.facts.of_deal(deal) for deal in deals]
        return words.SIMILAR_INVESTORS, facts or [said(self.market.investors[investor])]
