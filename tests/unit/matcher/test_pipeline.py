import datetime
from dataclasses import replace

import numpy as np
import pytest

from data.records import PartialDate
from embeddings.encoder import HashingEncoder
from embeddings.text import call_text
from matcher.errors import MatcherError
from matcher.market import FloatArray, Market, Vectors, build_market
from matcher.pipeline import Matcher
from matcher.ranker import FIRST_RANKER
from matcher.types import Verdict
from tests.support.markets import call, small_market

TODAY = datetime.date(2026, 1, 1)


class NobodyNear:
    """No dense neighbours: the other sources of candidates must do."""

    def owners_near(self, vector: FloatArray, *, kind: str, k: int) -> list[str]:  # noqa: ARG002
        return []


def matcher(market: Market | None = None) -> Matcher:
    return Matcher(
        market=market or small_market(),
        neighbours=NobodyNear(),
        ranker=FIRST_RANKER,
        release="test",
        encoder=HashingEncoder,
    )


def test_shortlist_puts_the_builder_of_the_same_first() -> None:
    slate = matcher().shortlist("c1", n=10, today=TODAY)
    assert [item.party_id for item in slate.items] == ["v1", "v3", "v2"]
    assert [item.rank for item in slate.items] == [1, 2, 3]
    scores = [item.score for item in slate.items]
    assert scores == sorted(scores, reverse=True)


def test_reasons_name_the_past_project_with_its_source() -> None:
    first = matcher().shortlist("c1", n=1, today=TODAY).items[0]
    reason = first.reasons[0]
    assert reason.code == "similar_project"
    assert {fact.call_id for fact in reason.evidence} == {"p1", "p2"}
    assert reason.evidence[0].source_url == "https://example.org/p1"
    assert "Gió Biển" in reason.evidence[0].vi
    assert all(r.vi and r.en and r.contribution > 0 for r in first.reasons)


def test_contributions_do_not_exceed_the_score() -> None:
    for item in matcher().shortlist("c1", n=10, today=TODAY).items:
        assert sum(r.contribution for r in item.reasons) <= item.score + 1e-3


def test_cautions_say_what_is_not_known() -> None:
    items = {i.party_id: i for i in matcher().shortlist("c1", n=10, today=TODAY).items}
    codes = {key: [c.code for c in item.cautions] for key, item in items.items()}
    assert codes["v3"] == ["no_track_record", "general_knowledge"]
    assert codes["v2"] == ["new_field"]


def test_a_closed_call_is_answered_but_blocked() -> None:
    slate = matcher().shortlist("p1", n=10, today=TODAY)
    assert slate.items
    assert {item.eligibility.verdict for item in slate.items} == {Verdict.BLOCKED}
    assert [caution.code for caution in slate.cautions] == ["call.open"]


def test_an_old_call_needs_a_check() -> None:
    market = small_market()
    old = build_market(
        investors=market.investors,
        calls=[call("c1", "Điện gió", published_on=PartialDate("2015"))],
        deals=[],
    )
    slate = matcher(old).shortlist("c1", n=1, today=TODAY)
    assert slate.items[0].eligibility.verdict is Verdict.NEEDS_CHECK


def test_opportunities_are_open_calls_alone() -> None:
    slate = matcher().opportunities("v1", n=10, today=TODAY)
    assert [item.party_id for item in slate.items] == ["c1", "c2"]


def test_unknown_ids_are_named() -> None:
    with pytest.raises(MatcherError, match="There is no call 'c99'"):
        matcher().shortlist("c99", n=1, today=TODAY)
    with pytest.raises(MatcherError, match="There is no investor 'v99'"):
        matcher().opportunities("v99", n=1, today=TODAY)


def test_search_finds_words_without_tones() -> None:
    market = small_market()
    encoder = HashingEncoder()
    vectors = Vectors(
        calls=encoder.encode_passages([call_text(c) for c in market.calls]),
        profiles=np.zeros((3, encoder.dim), dtype=np.float32),
    )
    market = build_market(
        investors=market.investors, calls=market.calls, deals=market.deals, vectors=vectors
    )
    slate = matcher(market).search("khu nghi duong", n=1, today=TODAY)
    assert slate.items[0].party_id == "c2"
    assert slate.items[0].reasons


def test_search_for_nothing_is_refused() -> None:
    with pytest.raises(MatcherError, match="The text is empty"):
        matcher().search("  ", n=1, today=TODAY)


@pytest.mark.parametrize("n", [0, 1, 2])
def test_shortlists_are_cut_at_n(n: int) -> None:
    assert len(matcher().shortlist("c1", n=n, today=TODAY).items) == n


def test_opportunities_of_a_day_are_scored_once() -> None:
    one = matcher()
    first = one.opportunities("v1", n=10, today=TODAY)
    assert one.opportunities("v1", n=10, today=TODAY) == first
    assert matcher().opportunities("v1", n=10, today=TODAY) == first
    assert one._boards(TODAY) is one._boards(TODAY)


def test_search_among_some_calls_finds_no_others() -> None:
    market = small_market()
    passages = HashingEncoder().encode_passages([call_text(each) for each in market.calls])
    profiles = np.zeros((len(market.investors), passages.shape[1]), dtype=np.float32)
    one = matcher(replace(market, vectors=Vectors(passages, profiles)))
    found = one.search("điện gió", n=10, today=TODAY).items
    assert found
    row = one.market.call_row[found[-1].party_id]
    among = one.search("điện gió", n=10, today=TODAY, calls=np.array([row])).items
    assert [item.party_id for item in among] == [found[-1].party_id]
    closed = np.array([one.market.call_row["p1"]])
    assert one.search("điện gió", n=10, today=TODAY, calls=closed).items == ()
