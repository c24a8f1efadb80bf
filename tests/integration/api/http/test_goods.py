"""Goods over HTTP: offers for a request and back, written to the ledger, for hosts alone."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from api.settings import load_settings
from data import commands
from data.records import Offer, PurchaseRequest
from data.session import connect, write
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
