"""Leads, contacts, imports, accounts: creates once, edits on the version read, jobs to drafts."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient

from api.settings import load_settings
from api.work.worker import Worker
from data.session import open_engine
from tests.support.service import World

Client = Callable[[str], TestClient]
CONTACT = {
    "party_kind": "investor",
    "party_id": "v1",
    "name": "Nguyễn Thị Lan",
    "email": "Lan@Example.vn",
    "purpose": "Mời họp",
    "consent_text": "Tôi đồng ý",
    "consented_on": "2026-11-01",
    "source": "danh thiếp",
    "expires_on": "2027-11-01",
}


@pytest.fixture
def work(world: World) -> Callable[[], None]:
    """Does all jobs that are due."""

    def run() -> None:
        settings = load_settings({"KETNOI_HOME": str(world.home), "KETNOI_ENCODER": "hashing"})
        database = open_engine(settings.database_url)
        while Worker(settings, database).step():
            pass
        database.dispose()

    return run


def test_a_lead_goes_from_list_to_meeting_with_history(as_: Client) -> None:
    client = as_("staff")
    slate_id = client.get("/api/v1/calls/c1/shortlist").json()["slate_id"]
    body = {"call_id": "c1", "investor_id": "v1", "slate_id": slate_id}
    made = client.post("/api/v1/leads", json=body)
    assert made.status_code == 201, made.text
    path = made.headers["location"]
    moved = client.patch(
        path, json={"stage": "contacted"}, headers={"If-Match": made.headers["etag"]}
    )
    assert (moved.status_code, moved.json()["stage"]) == (200, "contacted")
    stages = [each["stage"] for each in client.get(f"{path}/events").json()["items"]]
    assert stages == ["longlisted", "contacted"]
    decided = client.get(f"/api/v1/slates/{slate_id}").json()["decisions"]
    assert [(each["investor_id"], each["stage"]) for each in decided] == [("v1", "contacted")]
    listed = client.get("/api/v1/leads", params={"stage": "contacted"}).json()["items"]
    assert [each["lead_id"] for each in listed] == [made.json()["lead_id"]]


def test_a_pair_is_followed_up_once(as_: Client) -> None:
    client, body = as_("staff"), {"call_id": "c2", "investor_id": "v2"}
    assert client.post("/api/v1/leads", json=body).status_code == 201
    again = client.post("/api/v1/leads", json=body)
    assert (again.status_code, again.json()["code"]) == (409, "lead.exists")


def test_a_dismissal_needs_a_reason(as_: Client) -> None:
    answer = as_("staff").post(
        "/api/v1/leads", json={"call_id": "c2", "investor_id": "v1", "stage": "dismissed"}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "lead.reason")


def test_a_repeated_create_gives_the_same_answer(as_: Client) -> None:
    client, body = as_("staff"), {"call_id": "c3", "investor_id": "v3"}
    headers = {"Idempotency-Key": "k-1"}
    first = client.post("/api/v1/leads", json=body, headers=headers)
    second = client.post("/api/v1/leads", json=body, headers=headers)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert second.headers["idempotent-replayed"] == "true"
    assert second.headers["etag"] == first.headers["etag"]
    other = client.post("/api/v1/leads", json={**body, "notes": "x"}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency.reused")
    assert as_("neighbour").post("/api/v1/leads", json=body, headers=headers).status_code == 201


def test_of_many_editing_at_once_one_wins_and_the_others_are_told(as_: Client) -> None:
    client = as_("staff")
    made = client.post("/api/v1/leads", json={"call_id": "c1", "investor_id": "v2"})
    path, tag = made.headers["location"], made.headers["etag"]

    def edit(number: int) -> int:
        answer = as_("staff").patch(
            path, json={"notes": f"lần {number}"}, headers={"If-Match": tag}
        )
        return answer.status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(edit, range(8)))
    assert statuses == [200] + [412] * 7
    assert client.get(path).json()["version"] == 2


def test_a_contact_is_kept_with_consent_and_each_look_is_noted(as_: Client) -> None:
    client = as_("staff")
    assert client.post("/api/v1/contacts", json={**CONTACT, "purpose": " "}).status_code == 422
    made = client.post("/api/v1/contacts", json=CONTACT)
    assert made.status_code == 201, made.text
    path = made.headers["location"]
    read = client.get(path)
    changed = client.patch(
        path, json={"title": "Giám đốc"}, headers={"If-Match": read.headers["etag"]}
    )
    assert changed.json()["title"] == "Giám đốc"
    page = client.get("/api/v1/contacts", params={"limit": 1}).json()
    assert len(page["items"]) == 1
    last = client.get("/api/v1/contacts", params={"limit": 1, "cursor": page["next_cursor"]})
    assert last.json() == {"items": [], "next_cursor": None}
    assert client.delete(path).status_code == 204
    assert client.get(path).status_code == 404
    noted = [each["action"] for each in client.get(f"{path}/accesses").json()["items"]]
    assert (noted[0], noted[-1]) == ("create", "erase")
    assert noted.count("read") >= 2


def test_a_file_becomes_a_draft_and_then_rows_that_are_found(
    as_: Client, work: Callable[[], None]
) -> None:
    client = as_("staff")
    text = "call_id,title,sector,province,status\nn1,Cảng Lễ Môn,Logistics,Thanh Hóa,open\n"
    sent = client.post(
        "/api/v1/imports", files={"file": ("c.csv", text.encode())}, data={"kind": "calls"}
    )
    assert (sent.status_code, sent.json()["status"]) == (202, "queued")
    work()
    done = client.get(sent.headers["location"]).json()
    assert (done["status"], done["error"]) == ("done", None)
    path = f"/api/v1/drafts/{done['draft_id']}"
    draft = client.get(path)
    assert [row["status"] for row in draft.json()["rows"]] == ["new"]
    assert client.get("/api/v1/calls/n1").status_code == 404
    headers = {"If-Match": draft.headers["etag"]}
    confirmed = client.post(f"{path}/confirm", json={}, headers=headers)
    assert confirmed.status_code == 200, confirmed.text
    assert (confirmed.json()["new"], confirmed.json()["changed"]) == (1, 0)
    assert client.get("/api/v1/calls/n1").json()["title"] == "Cảng Lễ Môn"
    again = client.post(f"{path}/confirm", json={}, headers=headers)
    assert again.status_code in {409, 412}
    work()
    listed = client.get("/api/v1/releases").json()["items"]
    assert [each["in_use"] for each in listed].count(True) == 1
    assert len(listed) == 2


def test_a_file_that_cannot_be_read_says_why(as_: Client, work: Callable[[], None]) -> None:
    client = as_("administrator")
    sent = client.post(
        "/api/v1/imports", files={"file": ("x.xlsx", b"not a workbook")}, data={"kind": "calls"}
    )
    work()
    vi = client.get(sent.headers["location"], headers={"Accept-Language": "vi"}).json()
    assert vi["status"] == "failed"
    assert vi["error"]["code"].startswith("import.")
    assert vi["draft_id"] is None


def test_a_file_that_is_too_large_is_refused(as_: Client) -> None:
    big = {"file": ("x.csv", b"x" * 50_200_000)}
    answer = as_("staff").post("/api/v1/imports", files=big, data={"kind": "calls"})
    assert (answer.status_code, answer.json()["code"]) == (413, "request.too_large")
    long = as_("staff").post("/api/v1/search", content=b'{"text": "' + b"x" * 1_100_000)
    assert long.status_code == 413


def test_a_new_key_works_until_it_is_revoked_and_no_further_than_its_scope(as_: Client) -> None:
    admin = as_("administrator")
    body = {"name": "cổng thông tin", "role": "reader", "scopes": ["records:read"], "days": 1}
    made = admin.post("/api/v1/keys", json=body).json()
    headers = {"Authorization": f"Bearer {made['key']}"}
    client = as_("")
    assert client.get("/api/v1/calls", headers=headers).status_code == 200
    beyond = client.get("/api/v1/calls/c1/shortlist", headers=headers)
    assert (beyond.status_code, beyond.json()["code"]) == (403, "auth.scope")
    assert "key" not in admin.get("/api/v1/keys").json()["items"][-1]
    assert admin.delete(f"/api/v1/keys/{made['key_id']}").status_code == 204
    assert client.get("/api/v1/calls", headers=headers).status_code == 401


def test_a_key_cannot_make_a_stronger_one(as_: Client) -> None:
    admin = as_("administrator")
    scopes = ["accounts:write"]
    made = admin.post(
        "/api/v1/keys", json={"name": "k", "role": "administrator", "scopes": scopes}
    ).json()
    headers = {"Authorization": f"Bearer {made['key']}"}
    body = {"name": "k2", "role": "administrator", "scopes": ["*"]}
    answer = as_("").post("/api/v1/keys", json=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "key.scope_beyond")


def test_the_platform_makes_organisations_and_people(as_: Client) -> None:
    client = as_("platform")
    body = {"kind": "centre", "name": "Trung tâm Cà Mau", "province_codes": ["96"]}
    made = client.post("/api/v1/organisations", json=body)
    assert made.status_code == 201, made.text
    person = {"email": "minh@example.vn", "name": "Minh", "role": "staff"}
    where = {"organisation_id": made.json()["organisation_id"]}
    user = client.post("/api/v1/users", json={**person, **where})
    assert user.json()["organisation_id"] == where["organisation_id"]
    taken = client.post("/api/v1/users", json={**person, **where})
    assert (taken.status_code, taken.json()["code"]) == (409, "user.email_taken")
    renamed = client.patch(
        made.headers["location"], json={"name": "TT Cà Mau"}, headers={"If-Match": '"1"'}
    )
    assert (renamed.json()["name"], renamed.headers["etag"]) == ("TT Cà Mau", '"2"')
    assert client.delete(user.headers["location"]).status_code == 204
    assert client.get(user.headers["location"]).json()["disabled_at"]
