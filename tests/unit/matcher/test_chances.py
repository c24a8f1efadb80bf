"""A list says that it holds nobody, and what it lacks."""

import datetime
from dataclasses import replace

import numpy as np

from embeddings.tagging import Tag
from matcher.activities import activity_names, columns
from matcher.calibration import Abstention, Calibration, Chances
from matcher.chances import Judge
from matcher.doing import covers, main_activities, main_tags, shared
from matcher.market import build_market
from matcher.pipeline import Matcher
from matcher.tags import MarketTags
from tests.support.markets import call, deal, investor, small_market
from tests.unit.matcher.test_pipeline import NobodyNear, matcher

TODAY = datetime.date(2026, 1, 1)
SURE = Calibration.bare("r", Chances(1.0, 0.0, 0.5), 1.0)


def with_calibration(least: float) -> Matcher:
    return replace(matcher(), calibration=replace(SURE, abstention=Abstention(least)))


def test_a_list_without_anybody_likely_abstains_and_still_shows_the_nearest() -> None:
    slate = with_calibration(0.99).shortlist("c2", n=3, today=TODAY)
    assert slate.abstained
    assert slate.cautions[0].code == "no_suitable_investor"
    first = slate.cautions[0]
    assert "99,0 %" in first.vi
    assert "99.0 %" in first.en
    assert "capital" in first.en
    assert len(slate.items) == 3


def test_a_list_with_somebody_likely_does_not() -> None:
    slate = with_calibration(0.01).shortlist("c1", n=3, today=TODAY)
    assert not slate.abstained
    assert "no_suitable_investor" not in {caution.code for caution in slate.cautions}


def test_items_tell_probability_and_band() -> None:
    items = with_calibration(0.01).shortlist("c1", n=3, today=TODAY).items
    chances = [item.probability or 0.0 for item in items]
    assert chances == sorted(chances, reverse=True)
    assert 0 < sum(chances) <= 1
    assert {item.band for item in items} == {"low"}


def test_a_pair_has_one_probability_from_either_side() -> None:
    made = with_calibration(0.01)
    one = {i.party_id: i.probability for i in made.shortlist("c1", n=3, today=TODAY).items}
    other = {i.party_id: i.probability for i in made.opportunities("v1", n=3, today=TODAY).items}
    assert one["v1"] == other["c1"]


def test_without_a_calibration_nothing_is_said() -> None:
    slate = matcher().shortlist("c1", n=3, today=TODAY)
    assert not slate.abstained
    assert {(item.probability, item.band) for item in slate.items} == {(None, None)}


def test_a_list_names_who_does_it_when_nobody_on_it_does() -> None:
    market = build_market(
        investors=[investor("v1", "Giấy Việt"), investor("v2", "Gió Biển")],
        calls=[call("c", "Nhà máy giấy"), call("p", "Nhà máy bột giấy")],
        deals=[deal("v1", "p", "2020")],
    )
    judge = Judge(market, None)
    none = judge.cautions(call=0, shown=np.array([1]), abstained=False)
    assert [caution.code for caution in none] == ["activity_not_on_list"]
    assert "Giấy Việt" in none[0].vi
    assert judge.cautions(call=0, shown=np.array([0, 1]), abstained=False) == ()


def test_a_kind_of_the_activity_counts_and_its_parent_does_not() -> None:
    where = columns()
    does = np.zeros((2, len(activity_names())), dtype=np.bool_)
    does[0, where["lng-power"]] = True
    does[1, where["thermal-power"]] = True
    reach = covers(does)
    assert reach[0, where["thermal-power"]]
    assert not reach[1, where["lng-power"]]


def test_main_activities_are_the_strongest_that_are_named() -> None:
    tags = (
        Tag("paper-pulp", 1.0, ("giấy",)),
        Tag("biomass-power", 0.6, ("sinh khối",)),
        Tag("printing", 0.9, (), "meaning"),
    )
    assert [tag.activity_id for tag in main_tags(tags)] == ["paper-pulp"]
    named = np.zeros((1, len(activity_names())), dtype=np.float32)
    named[0, columns()["paper-pulp"]], named[0, columns()["biomass-power"]] = 1.0, 0.6
    assert np.flatnonzero(main_activities(named)[0]).tolist() == [columns()["paper-pulp"]]
    assert shared(tags, (Tag("paper-pulp", 1.0, ("paper",)),))
    assert shared(tags, (Tag("biomass-power", 1.0, ("biomass",)),)) == ()
    assert main_tags(()) == ()


def test_a_project_without_the_activity_is_not_called_similar() -> None:
    base = small_market()
    wind = (Tag("wind-power", 1.0, ("gió",)),)
    paper = (Tag("paper-pulp", 1.0, ("giấy",)),)
    for other, start in ((wind, "Có dự án tương tự"), (paper, "Dự án gần nhất")):
        tags = MarketTags(
            tuple(wind if c.call_id == "c1" else other for c in base.calls),
            ((),) * len(base.investors),
        )
        made = replace(matcher(), market=replace(base, known_tags=tags), neighbours=NobodyNear())
        first = made.shortlist("c1", n=1, today=TODAY).items[0]
        told = next(r for r in first.reasons if r.code == "similar_project")
        assert told.vi.startswith(start)
