"""What is written is read back, once, in order, with changes told apart."""

import time
from dataclasses import replace

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from data import commands, queries
from data.errors import KetnoiError, NotFound
from data.records import Interval, Land, Place, Programme
from data.session import open_engine, write
from tests.integration.data.made_up import call, deal, investor

PLACE = Place("38", "Thanh Hóa", "", "Thanh Hóa")
PROGRAMME = Programme("p1", "Chương trình bịa", (PLACE,), (), facts={"events": [{"year": 2024}]})


@pytest.fixture
def filled(connection: Connection) -> Connection:
    commands.upsert_investors(connection, [investor(1), investor(2)])
    commands.upsert_calls(connection, [call(1), replace(call(2), status="closed")])
    commands.upsert_deals(connection, [deal(1)])
    commands.upsert_programmes(connection, [PROGRAMME])
    return connection


def test_records_come_back_equal(filled: Connection) -> None:
    assert queries.investors(filled) == [investor(1), investor(2)]
    assert queries.investor(filled, "v2") == investor(2)
    assert queries.call(filled, "c1") == call(1)
    assert queries.deals(filled) == queries.deals_of(filled, "v1") == [deal(1)]
    assert queries.programmes(filled) == [PROGRAMME]


def test_calls_by_status(filled: Connection) -> None:
    assert [found.call_id for found in queries.calls(filled, "closed")] == ["c2"]
    assert [found.call_id for found in queries.calls(filled)] == ["c1", "c2"]


def test_counts(filled: Connection) -> None:
    assert queries.counts(filled) == {"investors": 2, "calls": 2, "deals": 1, "programmes": 1}


def test_second_write_changes_nothing(filled: Connection) -> None:
    before = queries.content_version(filled)
    again = commands.upsert_investors(filled, [investor(1), investor(2)])

    assert (again.new, again.changed, again.same) == (0, 0, 2)
    assert queries.content_version(filled) == before


def test_change_of_alias_alone_counts(filled: Connection) -> None:
    before = queries.content_version(filled)
    renamed = replace(investor(1), aliases=("Only one",))
    changes = commands.upsert_investors(filled, [renamed, investor(2)])

    assert changes.statuses == ("changed", "same")
    assert queries.investor(filled, "v1") == renamed
    assert queries.content_version(filled) != before


def test_preview_writes_nothing(filled: Connection) -> None:
    before = queries.content_version(filled)
    records = [replace(call(1), title="Tên khác"), call(3)]

    assert commands.preview(filled, "project_call", records).statuses == ("changed", "new")
    assert queries.content_version(filled) == before
    assert queries.call(filled, "c1") == call(1)


def test_equal_writes_give_equal_content_versions(connection: Connection) -> None:
    with write(open_engine("sqlite://")) as other:
        for each in (connection, other):
            commands.upsert_calls(each, [call(1), call(2)])
        assert queries.content_version(connection) == queries.content_version(other) != ""


def test_repeated_id_is_refused(connection: Connection) -> None:
    with pytest.raises(KetnoiError, match="c1 comes twice"):
        commands.upsert_calls(connection, [call(1), call(1)])


def test_missing_call_names_the_nearest(filled: Connection) -> None:
    with pytest.raises(NotFound, match=r"There is no call 'c11'\. Did you mean c1 ") as caught:
        queries.call(filled, "c11")
    assert caught.value.code == "call.not_found"
    assert "Có phải là c1" in caught.value.message_vi


def test_suggest_ids_by_name_without_tones(filled: Connection) -> None:
    assert queries.suggest_ids(filled, "investor", "cong ty bia 2")[0][0] == "v2"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE project_call SET capital_vnd_low = -1",
        "UPDATE project_call SET land_ha_low = 9, land_ha_high = 1",
        "UPDATE project_call SET status = 'maybe'",
        "UPDATE investor SET name = ''",
        "INSERT INTO deal VALUES ('v1', 'nowhere', '2020', '', '', '{}')",
    ],
)
def test_database_refuses_what_no_record_holds(filled: Connection, statement: str) -> None:
    with pytest.raises(IntegrityError), filled.begin_nested():
        filled.execute(text(statement))


def test_ten_thousand_calls_take_seconds(connection: Connection) -> None:
    records = [
        replace(call(number), land=Land(Interval(1.0, None), "1")) for number in range(10_000)
    ]
    began = time.monotonic()
    changes = commands.upsert_calls(connection, records)

    assert changes.new == 10_000
    assert time.monotonic() - began < 15  # measured 1 to 2 s; slow machines get a margin
