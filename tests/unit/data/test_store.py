"""Ids in the order of time, times that sort as text, patterns that mean what was typed."""

from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

from data import store
from data.idempotency import request_hash
from data.ledger import slate_hash


def test_ids_are_made_in_order_and_differ() -> None:
    ids = [store.new_id() for _ in range(2000)]
    assert all(one < next_ for one, next_ in pairwise(ids))
    assert {len(each) for each in ids} == {32}


def test_id_tells_its_millisecond() -> None:
    before = datetime.now(UTC).timestamp() * 1000
    made = int(store.new_id()[:12], 16)
    assert before - 5 <= made <= datetime.now(UTC).timestamp() * 1000 + 5


def test_times_sort_as_text_whatever_their_zone() -> None:
    moment = datetime(2026, 11, 23, 23, 30, tzinfo=timezone(timedelta(hours=7)))
    assert store.at(moment) == "2026-11-23T16:30:00.000+00:00"
    assert store.now(timedelta(seconds=-1)) < store.now() < store.now(timedelta(seconds=1))


def test_pattern_holds_no_wildcards_of_the_text() -> None:
    assert store.like("100%_\\") == "%100\\%\\_\\\\%"


def test_request_hash_tells_parts_apart() -> None:
    hashes = {
        request_hash("POST", "/a", b"bc"),
        request_hash("POST", "/ab", b"c"),
        request_hash("PUT", "/a", b"bc"),
    }
    assert len(hashes) == 3
    assert request_hash("post", "/a", b"bc") in hashes


def test_slate_hash_of_the_first_version_leaves_new_columns_out() -> None:
    names = ("position", "slate_id", "shown_at", "kind", "subject", "release", "inputs_hash",
             "items", "previous_hash")  # fmt: skip
    row = dict.fromkeys(names, "x")
    asked = {"hash_version": 1, "user_id": "u1"}
    assert slate_hash(row | asked) == slate_hash(row | {"hash_version": 1})
    assert slate_hash(row | asked | {"hash_version": 2}) != slate_hash(row | {"hash_version": 2})


def test_slates_of_earlier_versions_keep_the_hash_they_were_written_with() -> None:
    row = {"position": 1, "items": [{"rank": 1, "name": "Gió"}], "user_id": None, "hash": "…"}
    second = "4866355b0ad65789db3a7dc68169d2c0c821184518c4dbc7663ae92d4d1b76b1"
    third = "7bf275d3c88013b173b9638f5d5fe6cd386a0effad04f765bd192c6905aa8070"
    assert slate_hash({**row, "hash_version": 2}) == second
    assert slate_hash({**row, "hash_version": 3}) == third
