"""Suggestions on small made-up events: both sides count, vetoes hold, caps bind."""

from collections import Counter

import pytest

from matcher.events.suggest import Possible, SuggestConfig, Wish, reciprocal, suggest


def grid(value: float = 0.8, *, a: int = 3, b: int = 3) -> list[Possible]:
    return [Possible(f"a{i}", f"b{j}", value, value) for i in range(a) for j in range(b)]


def test_one_side_alone_is_nothing() -> None:
    assert reciprocal(1.0, 0.0) == 0.0
    assert suggest([Possible("a", "b", 1.0, 0.0)], {}) == ()


def test_the_worse_side_counts() -> None:
    even, odd = Possible("a", "even", 0.6, 0.6), Possible("a", "odd", 1.0, 0.2)
    assert [one.b for one in suggest([odd, even], {})] == ["even", "odd"]


@pytest.mark.parametrize("by", [("a0", "b0"), ("b0", "a0")])
def test_no_thanks_of_either_side_outweighs_a_must(by: tuple[str, str]) -> None:
    wishes: dict[tuple[str, str], Wish] = {by[::-1]: "must", by: "no_thanks"}
    assert ("a0", "b0") not in {(one.a, one.b) for one in suggest(grid(), wishes)}


def test_a_must_comes_first_and_beyond_the_cap() -> None:
    wishes: dict[tuple[str, str], Wish] = {("a0", "b0"): "must", ("b1", "a0"): "must"}
    found = suggest(grid(), wishes, config=SuggestConfig(cap_a=1, cap_b=1))
    assert [(one.a, one.b, one.must) for one in found[:2]] == [
        ("a0", "b0", True),
        ("a0", "b1", True),
    ]


def test_a_wish_raises_the_score_and_both_more() -> None:
    pair = [Possible("a", "b", 0.4, 0.4)]
    said: list[dict[tuple[str, str], Wish]] = [
        {},
        {("a", "b"): "want"},
        {("a", "b"): "want", ("b", "a"): "want"},
    ]
    none, one, both = (suggest(pair, wishes)[0].score for wishes in said)
    assert none < one < both <= 1.0


def test_who_met_before_comes_later_unless_wished() -> None:
    met = frozenset({("a0", "b0")})
    pairs = [Possible("a0", "b0", 0.9, 0.9), Possible("a0", "b1", 0.6, 0.6)]
    assert suggest(pairs, {}, met=met)[0].b == "b1"
    assert suggest(pairs, {("b0", "a0"): "want"}, met=met)[0].b == "b0"


def test_caps_bind_on_both_sides_and_count_what_was_offered_before() -> None:
    found = suggest(
        grid(a=6, b=4), {}, taken=[("a0", "b0")], config=SuggestConfig(cap_a=2, cap_b=3)
    )
    sides = Counter(one.a for one in found), Counter(one.b for one in found)
    assert max(sides[0].values()) <= 2
    assert sides[0]["a0"] <= 1
    assert max(sides[1].values()) <= 3
    assert sides[1]["b0"] <= 2
    assert ("a0", "b0") not in {(one.a, one.b) for one in found}


def test_everyone_gets_a_first_pair_before_the_liked_get_many() -> None:
    liked = [Possible(f"a{i}", "star", 0.95, 0.95) for i in range(4)]
    plain = [Possible(f"a{i}", f"b{i}", 0.4, 0.4) for i in range(4)]
    found = suggest(liked + plain, {}, config=SuggestConfig(cap_a=1, cap_b=2))
    assert {one.a for one in found} == {"a0", "a1", "a2", "a3"}


def test_the_order_of_the_input_does_not_matter() -> None:
    pairs = grid(a=4, b=4)
    assert suggest(pairs, {}) == suggest(pairs[::-1], {})


def test_a_score_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="a with b"):
        suggest([Possible("a", "b", float("nan"), 1.0)], {})
