from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from embeddings.encoder import HashingEncoder
from matcher.market import build_market
from matcher.release import embed
from matcher.search import TextSearch
from matcher.types import Reason
from tests.support.markets import CA_MAU, NGHE_AN, call

ENCODER = HashingEncoder()
CALLS = (
    replace(call("c1", "Wind farm 30 MW"), location="Bãi Ngang"),
    replace(call("c2", "Wind farm 100 MW", place=NGHE_AN), form="PPP - BOT"),
    replace(call("c3", "Wind farm 20 MW", place=CA_MAU), form="100% capital of the investor"),
    replace(call("c4", "Wind farm"), location="Khu kinh tế Nghi Sơn"),
)


@cache
def search() -> TextSearch:
    bare = build_market(investors=(), calls=CALLS, deals=())
    made = build_market(investors=(), calls=CALLS, deals=(), vectors=embed(bare, ENCODER))
    return TextSearch(made)


def part(text: str, code: str) -> dict[str, float]:
    made = search()
    rows = np.arange(len(CALLS))
    values = made.parts(made.read(text, encoder=ENCODER), rows)[code]
    return {made.market.calls[row].call_id: round(float(values[row]), 3) for row in rows}


def reason(text: str, code: str) -> Reason:
    hits = search()(text, calls=np.arange(len(CALLS)), n=4, encoder=ENCODER)
    return next(r for hit in hits for r in hit.reasons if r.code == code)


def test_region_prefers_its_provinces() -> None:
    fit = part("wind farm in the Mekong Delta", "place_fit")
    assert fit["c3"] > 0.0
    assert fit["c1"] == fit["c2"] == fit["c4"] == 0.0


def test_province_counts_more_than_its_region() -> None:
    fit = part("điện gió ở Nghệ An hoặc Đồng bằng sông Cửu Long", "place_fit")
    assert fit["c2"] > fit["c3"] > 0.0


def test_park_counts_more_than_the_province_beside_it() -> None:
    fit = part("điện gió ở KKT Nghi Sơn, tỉnh Thanh Hóa", "place_fit")
    assert fit["c4"] > fit["c1"] > fit["c2"] == 0.0


@pytest.mark.parametrize("text", ["KKT Nghi Sơn", "dự án ở KKT Nghi Sơn", "Nghi Son economic zone"])
def test_place_alone_puts_its_calls_first(text: str) -> None:
    hit = search()(text, calls=np.arange(len(CALLS)), n=1, encoder=ENCODER)[0]
    assert CALLS[hit.call].call_id == "c4"
    query = search().read(text, encoder=ENCODER)
    assert query.only_place


def test_what_a_place_is_called_is_no_wish() -> None:
    query = search().read("điện gió ở Khu kinh tế Nghi Sơn", encoder=ENCODER)
    assert not query.only_place
    assert [tag.activity_id for tag in query.tags.wanted] == ["wind-power"]


def test_power_orders_what_is_alike() -> None:
    fit = part("wind power from 50 MW", "size_fit")
    assert fit["c2"] > fit["c1"] > fit["c4"] - 0.01
    assert fit["c2"] > fit["c4"]


def test_form_is_preferred_where_it_is_stated() -> None:
    fit = part("điện gió theo hình thức BOT", "form_fit")
    assert fit["c2"] > 0.0
    assert fit["c1"] == fit["c3"] == 0.0


def test_nothing_said_prefers_nothing() -> None:
    for code in ("place_fit", "size_fit", "form_fit"):
        assert set(part("wind farm", code).values()) == {0.0}


@pytest.mark.parametrize(
    ("text", "code", "vi", "en"),
    [
        ("wind farm in the Mekong Delta", "region_named", "Thuộc vùng", "In the region"),
        ("wind farm, KKT Nghi Sơn", "site_named", "Ở nơi được nêu: Nghi Sơn", "At the place"),
        ("wind farm ở Nghệ An", "province_named", "Đúng tỉnh", "In the province"),
        ("wind farm PPP", "form_fit", "Hình thức", "Form"),
        ("wind farm 100 MW", "size_fit", "Quy mô: cần 100 MW", "Size: wanted 100 MW"),
    ],
)
def test_reasons_name_what_was_preferred(text: str, code: str, vi: str, en: str) -> None:
    told = reason(text, code)
    assert told.vi.startswith(vi)
    assert told.en.startswith(en)
    assert told.contribution > 0.0
