"""Nobody reads or changes another organisation's things: every operation, from the description.

A new endpoint with an id in its path fails here until `OTHERS` and `BODIES` know it; one without
a line in `api.rights` fails as well.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from api.app import create_app
from api.rights import RIGHTS, Tenant
from api.settings import load_settings
from api.work.worker import Worker
from data.session import connect, read
from data.store import table_of
from tests.support.service import ROLES, World

Client = Callable[[str], TestClient]
PROTECTED = (
    "event",
    "event_participant",
    "webhook",
    "lead",
    "contact",
    "draft",
    "job",
    "organisation",
    "project_call",
)
STRANGERS = ("neighbour", "organiser", "business", "rival")
CALLS = "call_id,title,sector,province,status\nx1,Cảng Lễ Môn,Năng lượng,Thanh Hóa,open\n"

BODIES: Mapping[str, Mapping[str, Any]] = {
    "change_call": {"title": "Của người khác"},
    "search_calls": {"text": "điện gió"},
    "create_lead": {"call_id": "c2", "investor_id": "v3"},
    "change_lead": {"notes": "của người khác"},
    "create_contact": {
        "party_kind": "investor", "party_id": "v1", "name": "Trần Văn Kín", "phone": "0912000111",
        "purpose": "mời họp", "consent_text": "đồng ý", "consented_on": "2026-11-01",
        "source": "danh thiếp", "expires_on": "2027-11-01",
    },
    "change_contact": {"name": "Của người khác"},
    "export_person": {"phone": "0912000111"},
    "erase_person": {"phone": "0912000111"},
    "answer_draft": {"question": "1", "answer": "ok"},
    "confirm_draft": {"withdraw": False},
    "create_organisation": {"kind": "centre", "name": "Giả"},
    "change_organisation": {"name": "Giả"},
    "create_user": {"email": "gia@example.vn", "name": "Giả", "role": "reader"},
    "change_user": {"name": "Giả"},
    "sign_in": {"email": "staff@example.vn", "password": "wrong"},
    "search_offers": {"text": "xoài"},
    "create_event": {"name": "Sự kiện kín"},
    "change_event": {"name": "Của người khác"},
    "register_participant": {
        "participant_id": "i9", "side": "a", "consent_text": "đồng ý", "consented_on": "2026-11-01",
    },
    "change_participant": {"name": "Của người khác"},
    "put_wish": {"by": "i9", "of": "i9", "wish": "want"},
    "create_suggestions": {"scores": []},
    "answer_suggestion": {"side": "a", "answer": "accepted"},
    "create_solve": {"seconds": 1},
    "check_in": {"status": "held"},
    "put_outcome": {"days": 30, "outcome": "mou"},
    "create_webhook": {"url": "https://example.vn/kin", "topics": ["event.created"]},
    "create_key": {"name": "giả", "role": "reader", "scopes": ["records:read"]},
}  # fmt: skip
"""A body that would be accepted, for each operation that takes JSON."""


def _description(world: World) -> dict[str, Any]:
    settings = load_settings({"KETNOI_HOME": str(world.home)})
    return create_app(settings).openapi()


def _operations(description: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


@pytest.fixture(scope="module")
def others(as_: Client, world: World) -> dict[str, str]:
    """The id of one thing of the centre (or of the rival) for each parameter of a path."""
    client = as_("administrator")

    def made(path: str, operation: str, key: str) -> str:
        answer = client.post(f"/api/v1/{path}", json=BODIES[operation])
        assert answer.status_code == 201, answer.text
        return str(answer.json()[key])

    file = {"file": ("calls.csv", CALLS.encode())}
    sent = client.post("/api/v1/imports", files=file, data={"kind": "calls"})
    assert sent.status_code == 202, sent.text
    import_id = sent.json()["import_id"]
    settings = load_settings({"KETNOI_HOME": str(world.home), "KETNOI_ENCODER": "hashing"})
    database = connect(settings.database_url)
    assert Worker(settings, database).step()
    database.dispose()
    done = client.get(f"/api/v1/imports/{import_id}").json()
    assert done["draft_id"], done
    return {
        "call_id": "p1",
        "investor_id": "v2",
        "programme_id": "none",
        "slate_id": client.get("/api/v1/calls/c1/shortlist").json()["slate_id"],
        "lead_id": made("leads", "create_lead", "lead_id"),
        "contact_id": made("contacts", "create_contact", "contact_id"),
        "import_id": import_id,
        "draft_id": done["draft_id"],
        "organisation_id": world.organisations["centre"].organisation_id,
        "user_id": world.users["staff"].user_id,
        **_event(made),
        "webhook_id": made("webhooks", "create_webhook", "webhook_id"),
        "request_id": "none",
        "offer_id": "none",
        "key_id": made("keys", "create_key", "key_id"),
    }


def _event(made: Callable[[str, str, str], str]) -> dict[str, str]:
    """An event of the centre with one participant; what it has not is still nobody else's."""
    event_id = made("events", "create_event", "event_id")
    where = f"events/{event_id}/participants"
    return {
        "event_id": event_id,
        "participant_id": made(where, "register_participant", "participant_id"),
        "suggestion_id": "none",
        "job_id": "none",
        "number": "1",
        "a": "i9",
        "b": "i8",
    }


def test_every_operation_has_a_right_and_no_right_lacks_its_operation(world: World) -> None:
    named = {op["operationId"]: op for _, _, op in _operations(_description(world))}
    assert set(named) == set(RIGHTS)
    for name, operation in named.items():
        signed_in = RIGHTS[name].tenant is not Tenant.PUBLIC
        assert bool(operation.get("security")) == signed_in, name


def test_every_operation_refuses_a_stranger(as_: Client, world: World) -> None:
    stranger = as_("")
    for path, method, operation in _operations(_description(world)):
        if RIGHTS[operation["operationId"]].tenant is not Tenant.PUBLIC:
            filled = path.replace("{", "").replace("}", "")
            answer = stranger.request(method, filled)
            assert (answer.status_code, answer.json()["code"]) == (401, "auth.missing"), path


@pytest.mark.parametrize("who", STRANGERS)
def test_nobody_reaches_the_things_of_another(
    as_: Client, world: World, others: dict[str, str], who: str
) -> None:
    client, before = as_(who), _rows(world)
    for path, method, operation in _operations(_description(world)):
        names = [each["name"] for each in operation.get("parameters", []) if each["in"] == "path"]
        assert set(names) <= set(others), f"{path}: tell OTHERS of {names}"
        name = operation["operationId"]
        if not names or not _is_anothers(name, names, who):
            continue
        answer = client.request(
            method, path.format(**others), json=_body(operation), headers={"If-Match": '"1"'}
        )
        assert answer.status_code in {403, 404}, f"{name}: {answer.status_code} {answer.text}"
        _assert_silent(answer.text, name)
    assert _rows(world) == before


@pytest.mark.parametrize("who", STRANGERS)
def test_no_list_shows_the_things_of_another(
    as_: Client, world: World, others: dict[str, str], who: str
) -> None:
    secret = {name: id_ for name, id_ in others.items() if name not in _SHARED}
    if who == "business":
        secret |= {"investor_id": "v2"}
    for path, method, operation in _operations(_description(world)):
        if method != "get" or "{" in path:
            continue
        answer = as_(who).get(path, params={"limit": 200} if "cursor" in str(operation) else {})
        shown = [value for value in secret.values() if f'"{value}"' in answer.text]
        assert not shown, f"{operation['operationId']} shows {shown}"
        _assert_silent(answer.text, operation["operationId"])


@pytest.mark.parametrize("who", STRANGERS)
def test_a_person_is_exported_and_erased_within_the_own_organisation(
    as_: Client, others: dict[str, str], who: str
) -> None:
    assert others["contact_id"]
    export = as_(who).post("/api/v1/persons/export", json=BODIES["export_person"])
    assert export.status_code == 403 or export.json()["contacts"] == []
    erased = as_(who).post("/api/v1/persons/erase", json=BODIES["erase_person"])
    assert erased.status_code == 403 or erased.json() == {"erased": 0}
    own = as_("staff").post("/api/v1/persons/export", json=BODIES["export_person"]).json()
    assert [each["contact_id"] for each in own["contacts"]] == [others["contact_id"]]


def test_ids_of_another_inside_a_body_are_refused(as_: Client, others: dict[str, str]) -> None:
    client = as_("neighbour")
    pair = {"call_id": "c1", "investor_id": "v1"}
    lead = client.post("/api/v1/leads", json={**pair, "slate_id": others["slate_id"]})
    assert (lead.status_code, lead.json()["code"]) == (404, "slate.not_found")
    owned = client.post("/api/v1/leads", json={**pair, "owner_id": others["user_id"]})
    assert (owned.status_code, owned.json()["code"]) == (422, "lead.owner")
    where = {"organisation_id": others["organisation_id"]}
    for path, body in (("users", "create_user"), ("keys", "create_key")):
        answer = client.post(f"/api/v1/{path}", json={**BODIES[body], **where})
        assert answer.status_code == 404, answer.text


def test_a_centre_takes_over_calls_of_its_own_provinces_alone(
    as_: Client, world: World, others: dict[str, str]
) -> None:
    assert others
    client = as_("neighbour")  # of Nghệ An; the file is of Thanh Hóa
    sent = client.post(
        "/api/v1/imports", files={"file": ("c.csv", CALLS.encode())}, data={"kind": "calls"}
    )
    settings = load_settings({"KETNOI_HOME": str(world.home), "KETNOI_ENCODER": "hashing"})
    database = connect(settings.database_url)
    Worker(settings, database).step()
    database.dispose()
    draft_id = client.get(f"/api/v1/imports/{sent.json()['import_id']}").json()["draft_id"]
    tag = client.get(f"/api/v1/drafts/{draft_id}").headers["etag"]
    answer = client.post(f"/api/v1/drafts/{draft_id}/confirm", json={}, headers={"If-Match": tag})
    assert (answer.status_code, answer.json()["code"]) == (403, "draft.other_province")


def test_roles_of_the_world_cover_all_roles() -> None:
    assert {role for _, role in ROLES.values()} == {
        "administrator", "staff", "organiser", "business", "reader",
    }  # fmt: skip


_SHARED = {"call_id", "investor_id", "programme_id"}
"""Ids of what all organisations but businesses see."""


def _is_anothers(name: str, params: list[str], who: str) -> bool:
    """Whether the ids of `OTHERS` in that path are none of the asker's business."""
    if RIGHTS[name].tenant in {Tenant.ORGANISATION, Tenant.PLATFORM, Tenant.SELF}:
        return True
    if who == "business":
        return bool(set(params) & {"call_id", "investor_id"})
    return who == "rival" and "call_id" in params


def _body(operation: Mapping[str, Any]) -> Mapping[str, Any] | None:
    if "application/json" not in operation.get("requestBody", {}).get("content", {}):
        return None
    name = operation["operationId"]
    assert name in BODIES, f"tell BODIES what {name} takes"
    return BODIES[name]


def _assert_silent(text: str, name: str) -> None:
    for word in ("Trần Văn Kín", "0912000111", "staff@example.vn"):
        assert word not in text, f"{name} shows {word}"


def _rows(world: World) -> dict[str, list[Any]]:
    database = connect(f"sqlite:///{world.home / 'ketnoi.sqlite'}")
    with read(database) as connection:
        found = {
            name: [tuple(row) for row in connection.execute(select(table_of(name)))]
            for name in PROTECTED
        }
        found["user_account"] = [
            tuple(row) for row in connection.execute(select(table_of("user_account").c.email))
        ]
        keys = table_of("api_key").c
        found["api_key"] = [
            tuple(row) for row in connection.execute(select(keys.key_id, keys.revoked_at))
        ]
    database.dispose()
    return found
