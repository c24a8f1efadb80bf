"""Event files: what is wrong is named, with its place; what can be handled is."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from matcher.events.fields import EventError
from matcher.events.parsing import parse_event, read_event
from tests.support.events import Shape, big_event

Document = dict[str, Any]


@pytest.fixture
def event() -> Document:
    return big_event(Shape(a=4, b=3, slots=3, tables=2, per_a=2, interpreters=1))


def problems_of(document: object) -> list[str]:
    with pytest.raises(EventError) as caught:
        parse_event(document)
    return [str(problem) for problem in caught.value.problems]


def set_at(*path: Any) -> Callable[[Document], None]:
    """A change: follow the path but its last two, then set."""

    def change(document: Document) -> None:
        target: Any = document
        for step in path[:-2]:
            target = target[step]
        target[path[-2]] = path[-1]

    return change


def delete_at(*path: Any) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        target: Any = document
        for step in path[:-1]:
            target = target[step]
        del target[path[-1]]

    return change


BAD: list[tuple[Callable[[Document], None], str]] = [
    (set_at("pairs", 1, "a", "nobody"), "pairs[1].a: 'nobody' is not a participant's id"),
    (set_at("pairs", 1, "a", "b0"), "pairs[1].a: 'b0' is on side b, not a"),
    (set_at("pairs", 0, "score", float("nan")), "pairs[0].score: must be a finite number"),
    (set_at("pairs", 0, "score", float("inf")), "pairs[0].score: must be a finite number"),
    (set_at("pairs", 0, "score", 1e300), "pairs[0].score: must lie within"),
    (set_at("pairs", 0, "score", 10**400), "pairs[0].score: must lie within"),
    (set_at("pairs", 0, "score", "0.5"), "pairs[0].score: must be a number"),
    (set_at("pairs", 0, "score", True), "pairs[0].score: must be a number"),
    (set_at("pairs", 0, "must", "yes"), "pairs[0].must: must be true or false"),
    (set_at("pairs", 3, None), "pairs[3]: must be an object"),
    (delete_at("slots", 2, "end"), "slots[2].end: is missing"),
    (set_at("slots", 2, "end", "noon"), "slots[2].end: 'noon' is not an ISO 8601 time"),
    (set_at("slots", 0, "end", "2026-12-04T08:00:00+07:00"), "slots[0].end:"),
    (set_at("slots", 1, "id", "s0"), "slots[1].id: 's0' is already the id of slots[0]"),
    (set_at("slots", {}), "slots: must be a list"),
    (delete_at("slots"), "slots: is missing"),
    (set_at("tables", 0, "owner", "x"), "tables[0].owner: 'x' is not a participant's id"),
    (set_at("tables", 0, "unavailable", ["s9"]), "tables[0].unavailable[0]: 's9' is not a slot"),
    (set_at("participants", 2, "max_meetings", -1), "participants[2].max_meetings: must be 0"),
    (set_at("participants", 2, "max_meetings", 1.5), "participants[2].max_meetings: must be a"),
    (set_at("participants", 0, "side", "c"), "participants[0].side: must be 'a' or 'b'"),
    (set_at("participants", 1, "id", "a0"), "participants[1].id: 'a0' is already"),
    (set_at("participants", 0, "languages", "vi"), "participants[0].languages: must be a list"),
    (set_at("participants", 0, "unavailable", [3]), "participants[0].unavailable[0]: must be"),
    (set_at("interpreters", 0, "id", 7), "interpreters[0].id: must be a non-empty text"),
    (set_at("vetoes", [["a0"]]), "vetoes[0]: must be a list of two"),
    (set_at("vetoes", [["a0", ["b0"]]]), "vetoes[0][1]: ['b0'] is not"),
    (set_at("fixed", [{"a": "a0", "b": "b0", "slot": "s7"}]), "fixed[0].slot: 's7' is not a slot"),
    (set_at("event", "timezone", "Mars/Base"), "event.timezone: 'Mars/Base' is not"),
    (set_at("event", None), "event: is missing"),
]


@pytest.mark.parametrize(
    ("change", "expected"), BAD, ids=[f"{n} {expected[:30]}" for n, (_, expected) in enumerate(BAD)]
)
def test_event_with_fault_names_the_place(
    event: Document, change: Callable[[Document], None], expected: str
) -> None:
    change(event)
    assert any(problem.startswith(expected) for problem in problems_of(event))


def test_minimum_above_maximum_is_named(event: Document) -> None:
    event["participants"][1] |= {"min_meetings": 3, "max_meetings": 2}
    assert problems_of(event) == ["participants[1].min_meetings: 3 is more than the maximum, 2"]


def test_same_pair_twice_names_both(event: Document) -> None:
    event["pairs"].append(copy.deepcopy(event["pairs"][0]))
    assert problems_of(event)[0].endswith("is already pairs[0]")


def test_all_faults_are_named_at_once(event: Document) -> None:
    event["pairs"][0]["score"] = None
    event["participants"][0]["max_meetings"] = -4
    del event["slots"][0]["start"]
    assert len(problems_of(event)) == 3


@pytest.mark.parametrize("document", [None, [], 3, "event", True])
def test_document_that_is_no_object_is_refused(document: object) -> None:
    assert problems_of(document)[0].startswith("file: must hold an object")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (b"{", "line 1 column 2"),
        (b"\xff\xfe{", "byte 0"),
        (b"", "line 1 column 1"),
        (b"[" * 100_000, "file"),
        (b'{"slots": ' + b"9" * 5000 + b"}", "file"),
    ],
    ids=["cut", "not utf-8", "empty", "deep", "huge number"],
)
def test_file_that_is_not_json_is_refused(tmp_path: Path, text: bytes, place: str) -> None:
    path = tmp_path / "event.json"
    path.write_bytes(text)
    with pytest.raises(EventError) as caught:
        read_event(path)
    assert caught.value.problems[0].place == place


def test_time_without_zone_is_taken_in_the_events(event: Document) -> None:
    event["slots"][0]["start"] = "2026-12-05T08:00:00"
    parsed = parse_event(event)
    assert parsed.event.slots[0].start.isoformat() == "2026-12-05T08:00:00+07:00"
    assert [notice.place for notice in parsed.notices] == ["slots[0].start"]


def test_overlapping_slots_and_unknown_fields_are_noticed(event: Document) -> None:
    event["slots"][1]["start"] = event["slots"][0]["start"]
    event["participants"][0]["max_meeting"] = 3
    notices = [str(notice) for notice in parse_event(event).notices]
    assert any("overlap in time" in notice for notice in notices)
    assert any(notice.startswith("participants[0].max_meeting:") for notice in notices)


def test_event_survives_the_way_through_a_file(event: Document, tmp_path: Path) -> None:
    path = tmp_path / "event.json"
    path.write_text(json.dumps(event), encoding="utf-8-sig")
    assert read_event(path).event == parse_event(event).event


def test_veto_is_understood_in_either_order(event: Document) -> None:
    event["vetoes"] = [["b0", "a1"], ["a2", "b1"]]
    assert parse_event(event).event.vetoes == {("a1", "b0"), ("a2", "b1")}


@pytest.mark.parametrize("depth", [100, 900, 5_000, 100_000])
@pytest.mark.parametrize("where", ["pairs", "participants", "event", "other"])
def test_deep_nesting_is_named_or_ignored(tmp_path: Path, depth: int, where: str) -> None:
    event = json.dumps(big_event(Shape(a=2, b=2, slots=1, tables=1, per_a=1)))[:-1]
    path = tmp_path / "event.json"
    path.write_text(f'{event}, "{where}": {"[" * depth}{"]" * depth}}}', encoding="utf-8")
    try:
        parsed = read_event(path)
    except EventError as error:
        assert error.problems[0].place.startswith((where, "file"))
        assert len(str(error)) < 500
    else:
        assert where == "other"
        assert [notice.place for notice in parsed.notices] == ["other"]


def test_nan_and_infinity_in_the_text_are_named(event: Document, tmp_path: Path) -> None:
    event["pairs"][0]["score"], event["pairs"][1]["score"] = float("nan"), float("-inf")
    path = tmp_path / "event.json"
    path.write_text(json.dumps(event), encoding="utf-8")
    with pytest.raises(EventError) as caught:
        read_event(path)
    assert [p.place for p in caught.value.problems] == ["pairs[0].score", "pairs[1].score"]


def test_hundred_thousand_people_are_read(event: Document) -> None:
    event["participants"] += [{"id": f"x{n}", "side": "b"} for n in range(100_000)]
    assert len(parse_event(event).event.participants) == 100_007


def test_thousands_of_faults_are_counted_but_not_all_shown(event: Document) -> None:
    event["pairs"] = [{"a": "nobody", "b": "b0", "score": 1}] * 3000
    with pytest.raises(EventError) as caught:
        parse_event(event)
    assert len(caught.value.problems) == 3000
    assert str(caught.value).endswith("… and 2950 more")


def test_half_a_character_is_named(event: Document) -> None:
    event["tables"][0]["id"] = "t\ud800"
    assert problems_of(event) == ["tables[0].id: holds half a character: 't\\ud800'"]


def test_names_are_kept_clean_and_others_left_out(event: Document) -> None:
    event["event"]["place"] = "Thanh Ho\u0301a"
    event["participants"][0]["name"] = " C\u00f4ng  ty\nA\x1b[31m\u202e "
    event["participants"][1]["name"] = 7
    parsed = parse_event(event)
    assert parsed.event.place == "Thanh Hóa"
    assert [p.name for p in parsed.event.participants[:2]] == ["Công ty A[31m", ""]
    assert [notice.place for notice in parsed.notices] == ["participants[1].name"]


def test_standby_must_be_true_or_false(event: Document) -> None:
    event["participants"][0]["standby"] = "yes"
    assert problems_of(event) == ["participants[0].standby: must be true or false, not 'yes'"]
