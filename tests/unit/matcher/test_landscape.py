"""What lies around calls against what a text asks for."""

import numpy as np

from data.records import ProjectCall
from embeddings.tagging import Tag
from matcher.landscape import call_surroundings, landscape_fit, lies_around
from matcher.query import _main_first

CALLS = (
    ProjectCall("c1", "Khu du lịch thác Liêng Nung"),
    ProjectCall("c2", "Tuyen Lam Lake tourist site"),
    ProjectCall("c3", "Eco-tourism at Hac Hai Lagoon"),
    ProjectCall("c4", "Nhà máy chế biến tôm"),
)


def test_call_surroundings_in_its_own_words() -> None:
    assert call_surroundings(CALLS[0]) == {"waterfall": "thác"}
    assert call_surroundings(CALLS[3]) == {}


def test_landscape_fit_same_before_related_before_none() -> None:
    fit = landscape_fit(["lake"], lies_around(CALLS))
    assert fit[1] == 1.0
    assert fit[2] == 0.5  # a lagoon for a lake
    assert fit[0] == fit[3] == 0.0


def test_landscape_fit_more_of_what_is_wanted_is_better() -> None:
    both = (*CALLS, ProjectCall("c5", "Thang Hen Lake and Ban Gioc Waterfall"))
    fit = landscape_fit(["lake", "waterfall"], lies_around(both))
    assert fit[4] == 1.0
    assert fit[0] == fit[1] == 0.75


def test_landscape_fit_nothing_wanted_or_unknown_is_zero() -> None:
    there = lies_around(CALLS)
    assert not landscape_fit([], there).any()
    assert not landscape_fit(["no such thing"], there).any()
    assert landscape_fit(["lake"], there).dtype == np.float32


def test_main_first_what_is_named_later_counts_a_little_less() -> None:
    tags = (Tag("hotel", 1.0, ("hotel",)), Tag("golf-course", 1.0, ("golf",)))
    got = _main_first(tags, "golf course with a hotel", later=0.1)
    assert [(tag.activity_id, tag.confidence) for tag in got] == [
        ("golf-course", 1.0),
        ("hotel", 0.9),
    ]


def test_main_first_leaves_what_only_the_meaning_says() -> None:
    tags = (Tag("hotel", 0.4, (), "meaning"),)
    assert _main_first(tags, "a place to stay", later=0.1) == tags
