"""Merges, splits and proposals of parties in a real database, by function and by command."""

import json
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, text

from api.cli.main import main
from api.settings import load_settings
from data import commands, parties, queries
from data.errors import KetnoiError, NotFound
from data.migrations.run import downgrade, upgrade
from data.records import ActivityCorrection, Deal, Investor, PartialDate, Place, ProjectCall
from data.session import open_engine, read, write
from matcher.market import build_market

GROUP = Investor("g1", "Tập đoàn FLC", ("FLC",), country="Vietnam", sectors=("tourism",))
OTHER = Investor(
    "g2",
    "FLC Group",
    country="Vietnam",
    description="Khu nghỉ dưỡng và sân gôn.",
    sectors=("tourism", "agri"),
    provinces_wanted=(Place("38", "Thanh Hóa", "", "Thanh Hóa"),),
)
FAR = Investor("g3", "Goertek Vina", country="China")
KIN = Investor("g4", "Goertek", country="China")


def fill(connection: Connection) -> None:
    commands.upsert_investors(connection, [GROUP, OTHER, FAR, KIN])
    commands.upsert_calls(connection, [ProjectCall("c1", "Sầm Sơn"), ProjectCall("c2", "B")])
    facts = [("g1", "c1"), ("g2", "c1"), ("g2", "c2")]
    commands.upsert_deals(
        connection, [Deal(one, two, PartialDate("2020"), "operating") for one, two in facts]
    )


@pytest.fixture
def filled(connection: Connection) -> Connection:
    """Both kinds of database, with two names of one party and two relatives."""
    fill(connection)
    return connection


def everything(connection: Connection) -> tuple[object, ...]:
    return (queries.investors(connection), queries.deals(connection))


def test_merged_parties_are_read_as_one(filled: Connection) -> None:
    parties.merge(filled, "g1", "g2", by="An")
    one = queries.investor(filled, "g2")
    assert one == queries.investor(filled, "g1")
    assert one.investor_id == "g1"
    assert one.aliases == ("FLC", "FLC Group")
    assert one.description == OTHER.description
    assert one.sectors == ("tourism", "agri")
    assert one.provinces_wanted == OTHER.provinces_wanted
    assert [each.investor_id for each in queries.investors(filled)] == ["g1", "g3", "g4"]
    assert [(d.investor_id, d.call_id) for d in queries.deals(filled)] == [
        ("g1", "c1"),
        ("g1", "c2"),
    ]
    assert queries.deals_of(filled, "g2") == queries.deals(filled)


def test_split_restores_exactly(filled: Connection) -> None:
    before = everything(filled)
    parties.merge(filled, "g1", "g2", by="An")
    assert everything(filled) != before
    parties.split(filled, "g2", "g1", by="Bình")
    assert everything(filled) == before
    assert queries.investors(filled, as_imported=True) == before[0]


def test_chain_of_merges_is_split_at_the_latest_between_two(filled: Connection) -> None:
    parties.merge(filled, "g1", "g2", by="An")
    middle = everything(filled)
    parties.merge(filled, "g3", "g2", by="An")  # g2 stands for g1 now: g3 ← g1 ← g2
    assert {d.investor_id for d in queries.deals(filled)} == {"g3"}
    undone = parties.split(filled, "g3", "g2", by="An")
    assert (undone.kept, undone.merged) == ("g3", "g1")
    assert everything(filled) == middle


def test_merge_may_be_repeated_after_a_split_and_history_keeps_all(filled: Connection) -> None:
    parties.merge(filled, "g1", "g2", by="An", why="cùng trụ sở")
    parties.split(filled, "g1", "g2", by="An")
    parties.merge(filled, "g1", "g2", by="Bình")
    told = parties.history(filled, "g2")
    assert [(one.merged_by, bool(one.split_at)) for one in told] == [("An", True), ("Bình", False)]
    assert told[0].reason == "cùng trụ sở"
    assert parties.told_apart(filled) == []


def test_what_is_one_cannot_be_merged_nor_what_is_two_split(filled: Connection) -> None:
    parties.merge(filled, "g1", "g2", by="An")
    with pytest.raises(KetnoiError, match="one party already") as same:
        parties.merge(filled, "g2", "g1", by="An")
    assert same.value.code == "party.same"
    with pytest.raises(KetnoiError, match="not merged") as two:
        parties.split(filled, "g1", "g3", by="An")
    assert two.value.code == "party.apart"
    with pytest.raises(NotFound):
        parties.merge(filled, "g1", "gone", by="An")
    with pytest.raises(KetnoiError) as merged:
        parties.keep_apart(filled, "g1", "g2", by="An")
    assert merged.value.code == "party.merged"


def test_only_sure_rules_merge_by_themselves(filled: Connection) -> None:
    done = parties.merge_automatic(filled)
    assert [(one.kept, one.merged, one.rule) for one in done] == [("g2", "g1", "name")]
    assert parties.merge_automatic(filled) == []
    left = parties.proposals(filled)
    assert [(one.first, one.second, one.relation.value) for one in left] == [
        ("g3", "g4", "related")
    ]


def test_a_split_or_a_word_ends_the_proposals(filled: Connection) -> None:
    parties.merge_automatic(filled)
    parties.split(filled, "g1", "g2", by="An")
    parties.keep_apart(filled, "g4", "g3", by="An", why="hai công ty")
    assert parties.proposals(filled) == []
    assert parties.merge_automatic(filled) == []


def test_merging_tells_indexes_that_they_are_old(filled: Connection) -> None:
    before = queries.content_version(filled)
    parties.merge(filled, "g1", "g2", by="An")
    merged = queries.content_version(filled)
    parties.split(filled, "g1", "g2", by="An")
    assert len({before, merged, queries.content_version(filled)}) == 3


def test_corrections_of_a_merged_party_hold_for_the_one_kept(filled: Connection) -> None:
    for party, name, holds in (
        ("g2", "hotel", True),
        ("g2", "resort", True),
        ("g1", "resort", False),
    ):
        commands.correct_activity(filled, ActivityCorrection("investor", party, name, holds))
    parties.merge(filled, "g1", "g2", by="An")
    assert queries.activity_corrections(filled) == [
        ActivityCorrection("investor", "g1", "hotel", True),
        ActivityCorrection("investor", "g1", "resort", False),
    ]


def test_a_market_finds_a_merged_party_by_its_old_id(filled: Connection) -> None:
    parties.merge(filled, "g1", "g2", by="An")
    market = build_market(
        investors=queries.investors(filled),
        calls=queries.calls(filled),
        deals=queries.deals(filled),
    )
    assert market.investor_row["g2"] == market.investor_row["g1"]
    assert market.investor_row["g3"] != market.investor_row["g1"]


def test_importing_again_keeps_the_merge(filled: Connection) -> None:
    parties.merge(filled, "g1", "g2", by="An")
    changes = commands.upsert_investors(filled, [GROUP, OTHER])
    assert changes.statuses == ("same", "same")
    assert queries.investor(filled, "g2").investor_id == "g1"


def test_database_refuses_two_standing_merges_of_one_party(filled: Connection) -> None:
    parties.merge(filled, "g1", "g2", by="An")
    with pytest.raises(Exception, match=r"(?i)unique"):
        filled.execute(
            text(
                "INSERT INTO party_merge (kept, merged, rule, reason, merged_by, merged_at) "
                "VALUES ('g3', 'g2', 'person', '', 'An', '2026-01-01')"
            )
        )


def test_commands_propose_merge_show_and_split(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KETNOI_HOME", str(tmp_path))
    monkeypatch.delenv("KETNOI_DATABASE_URL", raising=False)
    engine = open_engine(load_settings().database_url)
    with write(engine) as connection:
        fill(connection)
    assert main(["parties", "propose", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["merged"] == []
    best = document["proposals"][0]
    assert (best["first"], best["second"], best["automatic"]) == ("g1", "g2", True)
    assert set(best["reason"]) == {"vi", "en"}
    assert main(["parties", "merge", "g1", "g2", "--by", "An"]) == 0
    capsys.readouterr()
    assert main(["parties", "show", "g2", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["investor_id"], shown["merged_ids"]) == ("g1", ["g2"])
    assert main(["parties", "split", "g1", "g2"]) == 0
    assert main(["parties", "split", "g1", "g2"]) == 1
    assert "not merged" in capsys.readouterr().err
    with read(engine) as connection:
        assert len(queries.investors(connection)) == 4


def test_tables_go_down_and_up_with_merges_in_them(engine: Engine) -> None:
    with write(engine) as connection:
        fill(connection)
        parties.merge(connection, "g1", "g2", by="An")
        parties.keep_apart(connection, "g3", "g4", by="An")
    with write(engine) as connection:
        downgrade(connection, "0003")
    with write(engine) as connection:
        upgrade(connection)
    with read(engine) as connection:
        assert len(queries.investors(connection)) == 4
        assert parties.told_apart(connection) == []
