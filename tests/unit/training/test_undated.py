"""A look back is not told what was said on an unknown day."""

from data.quantities import Interval
from data.records import Money
from embeddings.encoder import HashingEncoder
from matcher.indexing import indexed
from matcher.market import build_market
from tests.support.markets import THANH_HOA, call, deal, investor
from training.undated import dated_market, without_interests


def test_a_profile_stays_and_an_interest_goes() -> None:
    party = investor(
        "v",
        "A",
        activities=("điện gió",),
        sectors=("energy",),
        provinces_wanted=(THANH_HOA,),
        capital=Money(Interval(1e12, None), "từ 1.000 tỷ"),
        notes={"looking_for": "nhà máy giấy", "knowledge": "sourced"},
    )
    plain = without_interests(party)
    assert plain.activities == ("điện gió",)
    assert (plain.provinces_wanted, plain.sectors, plain.capital.text) == ((), (), "")
    assert dict(plain.notes) == {"knowledge": "sourced"}
    untold = investor("w", "B", sectors=("energy",))
    assert without_interests(untold) is untold


def test_vectors_and_tags_follow_the_plain_profile() -> None:
    parties = [
        investor("v", "A", activities=("điện gió",), notes={"looking_for": "nhà máy giấy"}),
        investor("w", "B", activities=("nhà máy giấy",)),
    ]
    market = build_market(investors=parties, calls=[call("c", "x")], deals=[deal("v", "c", "2020")])
    encoder = HashingEncoder()
    whole = indexed(market, encoder)
    plain = dated_market(whole, encoder)
    assert "paper-pulp" in {tag.activity_id for tag in whole.tags.investors[0]}
    assert "paper-pulp" not in {tag.activity_id for tag in plain.tags.investors[0]}
    assert (plain.vectors.profiles[0] != whole.vectors.profiles[0]).any()
    assert (plain.vectors.profiles[1] == whole.vectors.profiles[1]).all()
    assert plain.tags.investors[1] == whole.tags.investors[1]
