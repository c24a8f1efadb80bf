"""Shortlists, opportunities, search and their files; each showing is in the ledger."""

import csv
import io
import zipfile
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from api.schemas import slates
from data.ledger import slate, verify_ledger
from data.session import connect, read
from tests.support.service import World

Client = Callable[[str], TestClient]


def test_shortlist_has_the_documented_shape_and_order(as_: Client) -> None:
    answer = as_("staff").get("/api/v1/calls/c1/shortlist", params={"top": 2})
    assert answer.status_code == 200, answer.text
    document = slates.Shortlist.model_validate(answer.json())
    assert [item.rank for item in document.items] == [1, 2]
    assert document.items[0].investor_id == "v1"
    assert document.call_id == "c1"


def test_each_showing_is_in_the_ledger_with_who_asked(as_: Client, world: World) -> None:
    client = as_("staff")
    first, second = (client.get("/api/v1/calls/c2/shortlist").json() for _ in range(2))
    assert first["slate_id"] != second["slate_id"]
    assert first["items"] == second["items"]
    database = connect(f"sqlite:///{world.home / 'ketnoi.sqlite'}")
    with read(database) as connection:
        row = slate(connection, first["slate_id"])
        assert verify_ledger(connection).whole
    database.dispose()
    assert row is not None
    assert row["organisation_id"] == world.organisations["centre"].organisation_id
    assert row["key_id"]


def test_business_may_ask_for_itself_alone(as_: Client) -> None:
    client = as_("business")
    own = client.get("/api/v1/investors/v1/opportunities")
    assert slates.Opportunities.model_validate(own.json()).items[0].call_id == "c1"
    assert client.get("/api/v1/investors/v2/opportunities").status_code == 404
    assert client.get("/api/v1/calls/c1/shortlist").json()["code"] == "auth.role"


@pytest.mark.parametrize("path", ["calls/none/shortlist", "investors/none/opportunities"])
def test_an_unknown_subject_is_not_found(as_: Client, path: str) -> None:
    assert as_("staff").get(f"/api/v1/{path}").status_code == 404


def test_search_finds_and_filters(as_: Client) -> None:
    client = as_("business")
    found = client.post("/api/v1/search", json={"text": "khu nghi duong bien", "top": 1})
    assert found.status_code == 200, found.text
    document = slates.Found.model_validate(found.json())
    assert [item.call_id for item in document.items] == ["c2"]
    wish = {"text": "khu nghi duong bien", "filters": {"provinces": ["38"]}}
    filtered = client.post("/api/v1/search", json=wish).json()
    assert {item["call_id"] for item in filtered["items"]} == {"c1", "c3"}
    assert [item["rank"] for item in filtered["items"]] == [1, 2]


def test_an_empty_text_is_refused(as_: Client) -> None:
    answer = as_("staff").post("/api/v1/search", json={"text": "  "})
    assert answer.status_code == 422


@pytest.mark.parametrize("kind", ["xlsx", "docx"])
def test_a_list_as_a_document(as_: Client, kind: str) -> None:
    answer = as_("reader").get("/api/v1/calls/c1/shortlist/export", params={"format": kind})
    assert answer.status_code == 200
    assert f'.{kind}"' in answer.headers["content-disposition"]
    assert zipfile.ZipFile(io.BytesIO(answer.content)).testzip() is None


def test_a_list_as_csv_for_excel(as_: Client) -> None:
    answer = as_("business").get(
        "/api/v1/investors/v1/opportunities/export",
        params={"format": "csv"},
        headers={"Accept-Language": "vi"},
    )
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert answer.headers["content-language"] == "vi"
    assert rows[0]["title"] == "Điện gió Mai Lâm"
    assert rows[0]["slate_id"] in answer.headers["content-disposition"]
