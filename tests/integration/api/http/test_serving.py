"""The snapshot in use: taken over when newer, kept when the newer one cannot be loaded."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from api.edge.metrics import Metrics
from api.engine import build_index
from api.lists.serving import Server, SlateWish
from api.settings import Settings, load_settings
from data import commands
from data.errors import KetnoiError
from data.session import open_engine, read, write
from data.store import Actor
from tests.support.markets import call
from tests.support.service import World


@pytest.fixture
def settings(made_world: World, tmp_path: Path) -> Settings:
    home = tmp_path / "home"
    shutil.copytree(made_world.home, home)
    return load_settings(
        {
            "KETNOI_HOME": str(home),
            "KETNOI_ENCODER": "hashing",
            "KETNOI_RELOAD_SECONDS": "3600",
        }
    )


@pytest.fixture
def server(settings: Settings) -> Iterator[Server]:
    database = open_engine(settings.database_url)
    running = Server(settings, database, Metrics())
    running.start()
    yield running
    running.close()
    database.dispose()


def _change(server: Server) -> None:
    with write(server.database) as connection:
        commands.upsert_calls(connection, [call("n1", "Điện gió mới")])


def test_newer_rows_are_taken_over_while_old_holders_keep_theirs(server: Server) -> None:
    before = server.snapshot
    server.refresh()
    assert server.snapshot is before
    _change(server)
    server.refresh()
    assert "n1" in server.snapshot.engine.matcher.market.call_row
    assert "n1" not in before.engine.matcher.market.call_row


def test_a_newer_release_is_taken_over(server: Server, settings: Settings) -> None:
    _change(server)
    with read(server.database) as connection:
        folder = build_index(settings, connection, progress=lambda _done, _total: None)
    server.refresh()
    assert server.snapshot.engine.release.name == folder.name


def test_a_damaged_release_leaves_the_old_one_in_use(server: Server, settings: Settings) -> None:
    before = server.snapshot
    for path in settings.releases.glob("r-*/*.json"):
        path.write_text("{", encoding="utf-8")
    _change(server)
    server.refresh()
    assert server.snapshot is before
    assert server.show(SlateWish(call_id="c1", n=1), Actor()).slate.items


def test_a_list_made_once_is_shown_twice_with_two_entries(server: Server) -> None:
    wish = SlateWish(call_id="c1", n=2)
    first, second = server.show(wish, Actor()), server.show(wish, Actor())
    assert first.slate is second.slate
    assert first.logged.position + 1 == second.logged.position
    assert first.whole["slate_id"] != second.whole["slate_id"]


def test_filters_keep_the_order_and_rank_anew(server: Server) -> None:
    wish = SlateWish(text="điện gió", n=3)
    every = [item.party_id for item in server.show(wish, Actor()).slate.items]
    few = server.show(
        replace(wish, filters=(("not", every[0]),)), Actor(), lambda call: call.call_id != every[0]
    )
    assert [item.party_id for item in few.slate.items] == every[1:]
    assert [item.rank for item in few.slate.items] == [1, 2]


def test_an_unknown_subject_is_told_by_the_apis_code(server: Server) -> None:
    with pytest.raises(KetnoiError) as refused:
        server.show(SlateWish(call_id="none"), Actor())
    assert refused.value.code == "call.not_found"
