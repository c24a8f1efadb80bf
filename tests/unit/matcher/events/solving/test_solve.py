"""What a schedule must and must not do, on events whose answer is known by construction."""

from typing import Any

import pytest

from matcher.events.control import Control
from matcher.events.parsing import parse_event
from matcher.events.schedule_event import schedule_event
from tests.support.events import Shape, big_event, make_slots
from tests.support.schedule_checker import broken_rules

Document = dict[str, Any]


def event_of(*, a: int = 2, b: int = 2, slots: int = 2, tables: int = 2) -> Document:
    """Everyone with everyone, score 1 each, no limits."""
    people = [
        {"id": f"{side}{n}", "side": side} for side, k in (("a", a), ("b", b)) for n in range(k)
    ]
    return {
        "event": {"id": "e"},
        "slots": make_slots(slots),
        "tables": [{"id": f"t{n}"} for n in range(tables)],
        "participants": people,
        "pairs": [{"a": f"a{x}", "b": f"b{y}", "score": 1.0} for x in range(a) for y in range(b)],
    }


def solved(document: Document) -> Document:
    event = parse_event(document).event
    result = schedule_event(event, Control(10)).to_json()
    assert broken_rules(document, result) == []
    return result


def test_everyone_meets_everyone_when_slots_suffice() -> None:
    result = solved(event_of(a=3, b=3, slots=3, tables=3))
    assert result["status"] == "optimal"
    assert result["objective"] == {"must_missed": 0, "min_short": 0, "score": 9.0}
    assert result["upper_bound"] == {"score": 9.0}
    assert result["gap"] == 0.0


@pytest.mark.parametrize("empty", ["slots", "tables", "participants", "pairs"])
def test_event_without_something_has_an_empty_optimal_schedule(empty: str) -> None:
    document = event_of()
    document[empty] = []
    if empty == "participants":
        document["pairs"] = []
    result = solved(document)
    assert (result["status"], result["meetings"]) == ("optimal", [])


def test_must_goes_before_minimum_before_score() -> None:
    document = event_of(a=3, b=1, slots=1, tables=1)
    document["pairs"][0] |= {"score": 0.1, "must": True}
    document["participants"][1]["min_meetings"] = 1
    document["pairs"][2]["score"] = 1000
    result = solved(document)
    assert [(m["a"], m["b"]) for m in result["meetings"]] == [("a0", "b0")]
    assert result["objective"] == {"must_missed": 0, "min_short": 1, "score": 0.1}


def test_negative_score_is_held_only_when_it_is_needed() -> None:
    document = event_of(a=2, b=1)
    for pair in document["pairs"]:
        pair["score"] = -1.0
    assert solved(document)["meetings"] == []
    document["participants"][0]["min_meetings"] = 1
    assert [m["a"] for m in solved(document)["meetings"]] == ["a0"]


def test_interpreter_speaks_a_language_of_each_side_and_is_free() -> None:
    document = event_of(a=2, b=1, slots=1, tables=2)
    for person, tongue in zip(document["participants"], ("ko", "vi", "vi"), strict=True):
        person["languages"] = [tongue]
    document["pairs"][0]["score"] = 5.0
    document["interpreters"] = [{"id": "k", "languages": ["ko", "en"]}]
    assert [m["a"] for m in solved(document)["meetings"]] == ["a1"]
    document["interpreters"][0]["languages"] = ["ko", "vi"]
    assert [m["interpreter"] for m in solved(document)["meetings"]] == ["k"]


def test_owned_table_hosts_its_owner_alone() -> None:
    document = event_of(a=2, b=2, slots=1, tables=1)
    document["tables"][0]["owner"] = "b1"
    assert {m["b"] for m in solved(document)["meetings"]} == {"b1"}


def test_overlapping_slots_are_one_time_for_everyone() -> None:
    document = event_of(a=1, b=2, slots=2, tables=2)
    document["slots"][1]["start"] = document["slots"][0]["start"]
    assert solved(document)["objective"]["score"] == 1.0


@pytest.mark.parametrize(
    ("fixed", "words"),
    [
        ([("a0", "b0", "s0"), ("a0", "b1", "s0")], "participant a0 is in fixed[0] at that time"),
        ([("a0", "b0", "s0"), ("a0", "b0", "s1")], "a pair meets once"),
        ([("a1", "b1", "s1")], "are vetoed"),
        ([("a0", "b1", "s1")], "b1 is unavailable in s1"),
    ],
)
def test_fixed_against_a_hard_rule_is_infeasible_and_says_where(
    fixed: list[tuple[str, str, str]], words: str
) -> None:
    document = event_of()
    document["vetoes"] = [["a1", "b1"]]
    document["participants"][3]["unavailable"] = ["s1"]
    document["fixed"] = [{"a": a, "b": b, "slot": s} for a, b, s in fixed]
    result = solved(document)
    assert result["status"] == "infeasible"
    assert any(words in reason["en"] for reason in result["unmet"])
    assert all(reason["place"].startswith("fixed[") for reason in result["unmet"])


def test_one_table_more_is_found_and_is_enough() -> None:
    document = event_of(a=2, b=2, slots=3, tables=0)
    document["participants"][0]["min_meetings"] = 2
    result = solved(document)
    assert result["unmet"][0]["cause"] == "no_table"
    remedy = result["relaxations"][0]
    assert (remedy["change"], remedy["count"], remedy["min_short"]) == ("table", 1, 0)
    assert remedy["slots"] == ["s1", "s2"]


def test_one_interpreter_more_names_languages_and_time() -> None:
    document = event_of(a=1, b=1)
    document["participants"][0] |= {"languages": ["ko"], "unavailable": ["s1"]}
    document["participants"][1]["languages"] = ["vi"]
    document["pairs"][0]["must"] = True
    result = solved(document)
    assert result["unmet"][0]["cause"] == "no_interpreter"
    assert result["unmet"][0]["vi"].startswith("a0 và b0 phải gặp nhau nhưng")
    remedy = result["relaxations"][0]
    assert (remedy["change"], remedy["languages"]) == ("interpreter", ["ko", "vi"])
    assert remedy["slots"] == ["s0"]


def test_same_event_gives_the_same_schedule() -> None:
    document = big_event(Shape(a=40, b=15, slots=8, tables=10, per_a=8, windows=0.5))
    first, second = solved(document), solved(document)
    assert first["meetings"] == second["meetings"]
