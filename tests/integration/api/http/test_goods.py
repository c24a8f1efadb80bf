"""Goods over HTTP: offers for a request and back, written to the ledger, for hosts alone."""

from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import load_settings
from data import accounts, commands, keys
from data.records import Offer, PurchaseRequest
from data.session import connect, open_engine, write
from tests.support.service import World

Client = Callable[[str], TestClient]


@pytest.fixture(scope="module", autouse=True)
def goods(world: World) -> None:
    database = connect(load_settings({"KETNOI_HOME": str(world.home)}).database_url)
    with write(database) as connection:
        commands.upsert_offers(connection, [Offer("o1", "Xoài cát", "mango", seller="HTX Bịa")])
        commands.upsert_requests(connection, [PurchaseRequest("r1", "xoài", "mango")])
    database.dispose()


def test_lists_of_goods_are_shown_and_logged(as_: Client) -> None:
    client = as_("organiser")
    for answer, key in (
        (client.get("/api/v1/requests/r1/offers"), "offer_id"),
        (client.get("/api/v1/offers/o1/requests"), "request_id"),
        (client.post("/api/v1/offers/search", json={"text": "mango"}), "offer_id"),
    ):
        assert answer.status_code == 200, answer.text
        found = answer.json()
        assert found["items"][0][key] in {"o1", "r1"}
        logged = client.get(f"/api/v1/slates/{found['slate_id']}")
        assert logged.json()["items"] == found["items"]


def test_unknown_goods_are_not_found_and_businesses_are_refused(as_: Client) -> None:
    assert as_("organiser").get("/api/v1/requests/r9/offers").status_code == 404
    assert as_("business").get("/api/v1/requests/r1/offers").status_code == 403


def test_the_matcher_is_kept_until_rows_change(as_: Client, world: World) -> None:
    client = as_("organiser")
    server = client.app.state.service.server  # type: ignore[attr-defined]
    client.get("/api/v1/requests/r1/offers").raise_for_status()
    kept = server.goods
    client.get("/api/v1/requests/r1/offers").raise_for_status()
    assert server.goods is kept
    database = connect(load_settings({"KETNOI_HOME": str(world.home)}).database_url)
    with write(database) as connection:
        commands.upsert_offers(connection, [Offer("o2", "Xoài cát Hòa Lộc", "mango", seller="B")])
    database.dispose()
    found = client.get("/api/v1/requests/r1/offers").raise_for_status().json()
    assert {item["offer_id"] for item in found["items"]} == {"o1", "o2"}


def test_goods_need_no_index(tmp_path: Path) -> None:
    settings = load_settings({"KETNOI_HOME": str(tmp_path), "KETNOI_ENCODER": "hashing"})
    database = open_engine(settings.database_url)
    with write(database) as connection:
        commands.upsert_offers(connection, [Offer("o1", "Xoài cát", "mango", seller="HTX Bịa")])
        commands.upsert_requests(connection, [PurchaseRequest("r1", "xoài", "mango")])
        new = accounts.NewOrganisation("organiser", "Ban tổ chức")
        where = accounts.create_organisation(connection, new).organisation_id
        _, key = keys.create_key(connection, keys.NewKey(where, "k", "organiser", ["*"]))
    database.dispose()
    with TestClient(create_app(settings), headers={"Authorization": f"Bearer {key}"}) as client:
        assert client.get("/api/v1/requests/r1/offers").status_code == 200
