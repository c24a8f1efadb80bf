"""The ledger: chained, never forked, and whoever tampers with a row is found out."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import JSON, Connection, column, table, text
from sqlalchemy.engine import Engine

from data import ledger
from data.commands import SlateEntry, log_slate, slate_hash
from data.ledger import Decision, log_decision, verify_ledger
from data.migrations.run import downgrade, upgrade
from data.session import read, write
from data.store import Actor
from tests.integration.data.made_up_service import slate

ASKER = Actor("o1", "u1", "k1")


@pytest.fixture
def chained(connection: Connection) -> Connection:
    """Five slates and three decisions."""
    logged = [slate(connection, f"c{number}", ASKER) for number in range(1, 6)]
    for each in logged[:3]:
        log_decision(connection, Decision("c1", "v1", "met", slate_id=each.slate_id, by=ASKER))
    return connection


def rows(connection: Connection) -> list[dict[str, object]]:
    found = connection.execute(
        text("SELECT * FROM slate ORDER BY position").columns(items=JSON())
    ).mappings()
    return [dict(row) for row in found]


def test_ledger_is_chained(chained: Connection) -> None:
    found = rows(chained)
    hashes = [row["hash"] for row in found]

    assert [row["position"] for row in found] == [1, 2, 3, 4, 5]
    assert [row["previous_hash"] for row in found] == ["", *hashes[:-1]]
    assert [slate_hash(row) for row in found] == hashes
    assert (found[0]["organisation_id"], found[0]["user_id"], found[0]["key_id"]) == (
        "o1", "u1", "k1",
    )  # fmt: skip
    check = verify_ledger(chained)
    assert (check.whole, check.slates, check.decisions) == (True, 5, 3)


def test_empty_ledger_is_whole(connection: Connection) -> None:
    assert verify_ledger(connection).whole


@pytest.mark.parametrize(
    ("statement", "chain", "position"),
    [
        ("UPDATE slate SET subject = 'c9' WHERE position = 3", "slate", 3),
        ("UPDATE slate SET user_id = 'u2' WHERE position = 2", "slate", 2),
        ("UPDATE slate SET organisation_id = NULL WHERE position = 5", "slate", 5),
        ("UPDATE slate SET hash_version = 1 WHERE position = 4", "slate", 4),
        ("UPDATE slate SET items = '[]' WHERE position = 1", "slate", 1),
        ("UPDATE slate SET hash = 'x' WHERE position = 4", "slate", 4),
        ("DELETE FROM slate WHERE position = 4", "slate", 4),
        ("DELETE FROM slate WHERE position = 5", "slate", 5),
        ("DELETE FROM slate WHERE position >= 4", "slate", 4),
        ("UPDATE decision SET stage = 'mou' WHERE position = 2", "decision", 2),
        ("DELETE FROM decision WHERE position = 3", "decision", 3),
        ("DELETE FROM decision", "decision", 1),
    ],
)
def test_tampering_is_found(chained: Connection, statement: str, chain: str, position: int) -> None:
    chained.execute(text(statement))
    check = verify_ledger(chained)

    assert (check.chain, check.position) == (chain, position)
    assert check.message
    assert check.message_vi != check.message


def test_reordering_is_found(chained: Connection) -> None:
    for old, new in ((4, 99), (5, 4), (99, 5)):
        move = text("UPDATE slate SET position = :new WHERE position = :old")
        chained.execute(move, {"new": new, "old": old})
    assert verify_ledger(chained).position == 4


def test_row_made_up_with_a_fitting_hash_is_found(chained: Connection) -> None:
    """One who knows how hashes are made would have to write all later rows anew."""
    forged = rows(chained)[2] | {"subject": "c9"}
    chained.execute(
        text("UPDATE slate SET subject = 'c9', hash = :hash WHERE position = 3"),
        {"hash": slate_hash(forged)},
    )
    assert verify_ledger(chained).position == 4


def test_appending_at_once_never_forks(engine: Engine) -> None:
    def append(number: int) -> None:
        with write(engine, alone=False) as connection:
            entry = SlateEntry("shortlist", f"c{number}", "r", "h", [{"rank": number}])
            log_slate(connection, entry)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(append, range(40)))
    with read(engine) as connection:
        check = verify_ledger(connection)
    assert (check.whole, check.slates) == (True, 40)


def test_slates_from_before_keep_their_hashes(engine: Engine) -> None:
    """What release 0.1 logged, before it was kept who asked."""
    old: dict[str, object] = {
        "position": 1,
        "slate_id": "old",
        "shown_at": "2026-01-01T00:00:00+00:00",
        "kind": "shortlist",
        "subject": "c1",
        "release": "r",
        "inputs_hash": "h",
        "items": [{"rank": 1, "name": "Công ty Bịa"}],
        "previous_hash": "",
    }
    whole = old | {"hash": slate_hash(old)}
    assert whole["hash"] == "285f6665a2b3ac4b8ff7e13d399e6c7a0beea52b34ad804271e3c92d2e00e02f"
    columns = (column(name, JSON() if name == "items" else None) for name in whole)
    with write(engine) as connection:
        downgrade(connection, "0004")
        connection.execute(table("slate", *columns).insert(), whole)
        upgrade(connection)
        slate(connection)
        assert verify_ledger(connection).whole
        connection.execute(text("UPDATE slate SET subject = 'c2' WHERE position = 1"))
        assert verify_ledger(connection).position == 1


def test_slate_and_its_decisions_are_found(chained: Connection) -> None:
    first = str(rows(chained)[0]["slate_id"])
    found = ledger.slate(chained, first)

    assert found is not None
    assert found["items"][1]["investor_id"] == "v2"
    assert [row["stage"] for row in ledger.decisions_of(chained, first)] == ["met"]
    assert ledger.slate(chained, "none") is None


def test_score_that_is_no_number_is_kept_as_unknown(connection: Connection) -> None:
    items = [{"rank": 1, "score": float("nan"), "names": ("a", "Đ")}]
    logged = log_slate(connection, SlateEntry("shortlist", "c1", "r", "h", items))
    found = ledger.slate(connection, logged.slate_id)

    assert found is not None
    assert found["items"] == [{"rank": 1, "score": None, "names": ["a", "Đ"]}]
    assert verify_ledger(connection).whole
