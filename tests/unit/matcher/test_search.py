from pathlib import Path

import numpy as np
import pytest

from data.records import ActivityCorrection
from embeddings.encoder import HashingEncoder
from embeddings.tagging import Tag
from matcher.market import Market, build_market
from matcher.release import embed
from matcher.search import SearchConfig, TextSearch
from matcher.tags import MarketTags, corrected, load_tags, save_tags
from matcher.wording import WordIndex, words
from tests.support.markets import CA_MAU, NGHE_AN, call, land

ENCODER = HashingEncoder()
CALLS = (
    call("c1", "Bệnh viện quốc tế", "health"),
    call("c2", "General hospital", "health", place=NGHE_AN, land=land(20, 20, "20 ha")),
    call("c3", "Nhà máy điện gió", place=CA_MAU),
    call("c4", "Hotel by the sea", "tourism", place=CA_MAU),
    call("c5", "General hospital", "health", land=land(1, 1, "1 ha")),
)


def market() -> Market:
    bare = build_market(investors=(), calls=CALLS, deals=())
    return build_market(investors=(), calls=CALLS, deals=(), vectors=embed(bare, ENCODER))


def found(text: str, config: SearchConfig | None = None) -> list[str]:
    made = market()
    search = TextSearch(made, config=config or SearchConfig())
    hits = search(text, calls=np.arange(len(CALLS)), n=5, encoder=ENCODER)
    return [made.calls[hit.call].call_id for hit in hits]


@pytest.mark.parametrize(
    "text",
    ["nha dau tu benh vien tu nhan", "민간 병원 투자", "私立医院", "private hospital investor"],
)
def test_activity_crosses_languages_without_any_model(text: str) -> None:
    assert set(found(text)[:3]) == {"c1", "c2", "c5"}


def test_named_province_comes_first_among_equals() -> None:
    assert found("general hospital in Nghệ An")[0] == "c2"
    assert found("general hospital ở tỉnh Thanh Hóa")[0] == "c5"


def test_size_orders_what_is_alike() -> None:
    config = SearchConfig(size=0.5)
    order = found("general hospital, around 20 ha", config)
    assert order.index("c2") < order.index("c5")


def test_refused_activity_falls_behind() -> None:
    order = found("wind power, no hospitals")
    assert order[0] == "c3"
    assert set(order[-3:]) == {"c1", "c2", "c5"}


def test_kin_of_the_refused_falls_behind_too() -> None:
    made = market()
    search = TextSearch(made)
    query = search.read("khách sạn, không làm resort biển", encoder=ENCODER)
    against = search.parts(query, np.arange(len(CALLS)))["not_wanted"]
    assert against.max() <= 0.0
    refused = {tag.activity_id for tag in query.tags.unwanted}
    assert refused and "hotel" not in refused


def test_reasons_add_up_and_name_the_activity_in_both_languages() -> None:
    search = TextSearch(market())
    hit = search("khách sạn", calls=np.arange(len(CALLS)), n=1, encoder=ENCODER)[0]
    first = next(reason for reason in hit.reasons if reason.code == "activity_match")
    assert (first.vi, first.en) == ("Cùng hoạt động: Khách sạn", "Both: Hotel")
    assert "“khách sạn”" in first.evidence[0].vi
    assert "“Hotel”" in first.evidence[0].en
    assert sum(reason.contribution for reason in hit.reasons) == pytest.approx(hit.score, abs=1e-3)


def test_search_in_part_of_the_calls_keeps_to_it() -> None:
    hits = TextSearch(market())("hospital", calls=np.array([2, 3]), n=5, encoder=ENCODER)
    assert {hit.call for hit in hits} == {2, 3}


def test_words_fold_tones_and_pair_neighbours() -> None:
    assert words("Bến cảng") == ["ben", "cang", "ben cang"]
    assert words("太阳能") == ["太阳", "阳能", "太阳 阳能"]


def test_word_index_is_highest_where_most_is_met() -> None:
    index = WordIndex([{"ben": 1, "cang": 1}, {"ben": 1}, {"nha": 1}])
    scores = index.scores({"ben": 1.0, "cang": 1.0})
    assert scores[0] > scores[1] > scores[2] == 0.0
    assert index.scores({}).tolist() == [0.0, 0.0, 0.0]


def test_corrections_win_over_what_was_read() -> None:
    tags = (Tag("hotel", 1.0, ("Hotel",)),)
    said = [
        ActivityCorrection("call", "c4", "hotel", False),
        ActivityCorrection("call", "c4", "marina-yacht", True),
    ]
    assert corrected(tags, said) == (Tag("marina-yacht", 1.0, (), "hand"),)


def test_tags_come_back_as_written(tmp_path: Path) -> None:
    tags = MarketTags(calls=((Tag("hotel", 0.6, ("Hotel",)),), ()), investors=())
    save_tags(tmp_path, {"call": {"c4": tags.calls[0], "c5": ()}, "investor": {}})
    assert load_tags(tmp_path) == {"call": {"c4": tags.calls[0]}, "investor": {}}
    assert load_tags(tmp_path / "none") == {}
