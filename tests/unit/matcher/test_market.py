import random

import numpy as np
import pytest

from data.records import Place, Programme, ProjectCall
from matcher.market import Vectors, build_market, call_fields, tied_provinces
from tests.support.markets import CA_MAU, NGHE_AN, THANH_HOA, call, deal, investor, small_market


def test_rows_do_not_depend_on_the_order_of_arrival() -> None:
    market = small_market()
    draw = random.Random(7)
    again = build_market(
        investors=draw.sample(market.investors, len(market.investors)),
        calls=draw.sample(market.calls, len(market.calls)),
        deals=draw.sample(market.deals, len(market.deals)),
        vectors=market.vectors,
    )
    assert again.investors == market.investors
    assert again.deals == market.deals
    np.testing.assert_array_equal(again.deal_call, market.deal_call)


def test_vectors_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match="2 call and 0 profile vectors for 1 calls"):
        build_market(
            investors=[],
            calls=[call("c1", "x")],
            deals=[],
            vectors=Vectors(np.zeros((2, 3), np.float32), np.zeros((0, 3), np.float32)),
        )


def test_deals_of_strangers_are_left_out() -> None:
    market = build_market(
        investors=[investor("v1", "A")],
        calls=[call("c1", "x")],
        deals=[deal("v1", "c1", "2020"), deal("v9", "c1", "2020"), deal("v1", "c9", "2020")],
    )
    assert [d.call_id for d in market.deals] == ["c1"]
    assert market.deals[0].investor_id == "v1"


def test_a_heading_without_code_is_its_own_field() -> None:
    one = ProjectCall("c", "x", sector_as_written="E-Commerce, Analytics; Social")
    assert call_fields(one) == ("e-commerce", "analytics", "social")
    assert call_fields(call("c", "x", "energy")) == ("energy",)


def test_programme_ties_the_two_sides() -> None:
    across = Programme("p", "x", partners=(THANH_HOA,), counterparts=(NGHE_AN, CA_MAU))
    assert tied_provinces(across, "38") == ("40", "96")
    assert tied_provinces(across, "96") == ("38",)
    assert tied_provinces(across, "01") == ()
    among = Programme("p", "x", partners=(THANH_HOA, NGHE_AN), counterparts=())
    assert tied_provinces(among, "38") == ("40",)
    assert tied_provinces(among, "96") == ()


def test_programme_tie_column() -> None:
    home = investor("v1", "A", home_province=Place("01", "Hà Nội"))
    market = build_market(
        investors=[home, investor("v2", "B")],
        calls=[call("c1", "x")],
        deals=[],
        programmes=[
            Programme("p", "x", partners=(Place("01", "Hà Nội"),), counterparts=(THANH_HOA,))
        ],
    )
    column = market.province_names.index("38")
    assert market.programme_tie[:, column].tolist() == [True, False]
