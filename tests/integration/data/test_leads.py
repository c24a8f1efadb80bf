"""The pipeline: history, versions, tenants, and the decisions that reach the ledger."""

from dataclasses import replace

import pytest
from sqlalchemy import Connection
from sqlalchemy.engine import Engine

from data import leads, ledger, store
from data.accounts import Organisation
from data.errors import KetnoiError, NotFound
from data.leads import LeadFilter, NewLead
from data.session import read, write
from data.store import Actor, Conflict, StaleVersion
from tests.integration.data.made_up_service import centre, fill, lead, person, slate


@pytest.fixture
def tenant(connection: Connection) -> Organisation:
    fill(connection)
    return centre(connection)


def test_lead_walks_the_pipeline(connection: Connection, tenant: Organisation) -> None:
    owner = person(connection, tenant)
    by = Actor(tenant.organisation_id, owner.user_id)
    found = lead(connection, tenant, slate_id=slate(connection).slate_id)
    for stage in ("shortlisted", "contacted", "met", "mou"):
        found = leads.change_lead(connection, replace(found, stage=stage), by=by)
    found = leads.change_lead(
        connection, replace(found, next_action="gửi hồ sơ", next_action_on="2026-12-01"), by=by
    )
    events = leads.history(connection, found.lead_id)
    decided = ledger.decisions_of(connection, str(found.slate_id))

    assert [event.stage for event in events] == [
        "longlisted", "shortlisted", "contacted", "met", "mou", "mou",
    ]  # fmt: skip
    assert events[-1].changes == {
        "next_action": ["", "gửi hồ sơ"],
        "next_action_on": [None, "2026-12-01"],
    }
    assert events[-1].user_id == owner.user_id
    assert [row["stage"] for row in decided] == ["shortlisted", "contacted", "met", "mou"]
    assert {row["user_id"] for row in decided} == {owner.user_id}
    assert ledger.verify_ledger(connection).whole


def test_second_change_of_one_version_is_told(connection: Connection, tenant: Organisation) -> None:
    found = lead(connection, tenant)
    leads.change_lead(connection, replace(found, notes="một"), by=Actor())

    with pytest.raises(StaleVersion) as caught:
        leads.change_lead(connection, replace(found, notes="hai"), by=Actor())
    assert caught.value.code == "version.stale"
    assert leads.lead(connection, found.lead_id).notes == "một"
    assert len(leads.history(connection, found.lead_id)) == 2


def test_pair_is_followed_up_once_an_organisation(
    connection: Connection, tenant: Organisation
) -> None:
    found = lead(connection, tenant)
    with pytest.raises(Conflict, match=found.lead_id) as caught:
        lead(connection, tenant)
    assert caught.value.code == "lead.exists"
    assert lead(connection, centre(connection, "Khác")).lead_id != found.lead_id


def test_dismissal_has_a_reason(connection: Connection, tenant: Organisation) -> None:
    found = lead(connection, tenant)
    with pytest.raises(KetnoiError) as caught:
        leads.change_lead(connection, replace(found, stage="dismissed"), by=Actor())
    assert caught.value.code == "lead.reason"

    out = leads.change_lead(
        connection, replace(found, stage="dismissed", reason="đã rút"), by=Actor()
    )
    back = leads.change_lead(connection, replace(out, stage="contacted"), by=Actor())
    assert (out.reason, back.reason) == ("đã rút", "")


def test_another_organisations_lead_is_not_found(
    connection: Connection, tenant: Organisation
) -> None:
    found, other = lead(connection, tenant), centre(connection, "Khác")

    with pytest.raises(NotFound):
        leads.lead(connection, found.lead_id, organisation_id=other.organisation_id)
    with pytest.raises(NotFound):
        stolen = replace(found, organisation_id=other.organisation_id)
        leads.change_lead(connection, stolen, by=Actor())
    assert leads.leads(connection, organisation_id=other.organisation_id) == []
    assert leads.leads(connection) == [found]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"stage": "won"}, "lead.stage"),
        ({"next_action_on": "1/2/2026"}, "lead.date"),
        ({"owner_id": "nobody"}, "lead.owner"),
        ({"notes": "x" * 20_001}, "lead.notes"),
        ({"slate_id": "none"}, "slate.not_found"),
        ({"call_id": "c9"}, "call.not_found"),
        ({"investor_id": "v9"}, "investor.not_found"),
    ],
)
def test_lead_is_refused(
    connection: Connection, tenant: Organisation, fields: dict[str, str], code: str
) -> None:
    with pytest.raises(KetnoiError) as caught:
        lead(connection, tenant, **fields)
    assert caught.value.code == code
    assert caught.value.message_vi != caught.value.message


def test_slate_must_hold_the_pair_and_be_ones_own(
    connection: Connection, tenant: Organisation
) -> None:
    other = centre(connection, "Khác")
    of_c2 = slate(connection, "c2").slate_id
    of_other = slate(connection, "c1", Actor(other.organisation_id)).slate_id

    for slate_id, code in ((of_c2, "lead.slate"), (of_other, "slate.not_found")):
        with pytest.raises(KetnoiError) as caught:
            lead(connection, tenant, slate_id=slate_id)
        assert caught.value.code == code


def test_filters(connection: Connection, tenant: Organisation) -> None:
    first = lead(connection, tenant, next_action_on="2026-12-01")
    second = lead(connection, tenant, investor_id="v2", stage="met")

    def ids(wanted: LeadFilter) -> list[str]:
        return [each.lead_id for each in leads.leads(connection, wanted=wanted)]

    assert ids(LeadFilter(stage="met")) == ids(LeadFilter(investor_id="v2")) == [second.lead_id]
    assert ids(LeadFilter(due_by="2026-12-01")) == [first.lead_id]
    assert ids(LeadFilter(due_by="2026-11-30")) == []
    counts = leads.stage_counts(connection, organisation_id=tenant.organisation_id)
    assert (counts["longlisted"], counts["met"], counts["mou"]) == (1, 1, 0)


def test_two_changes_at_once_one_wins(engine: Engine) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with write(engine) as connection:
        fill(connection)
        made = lead(connection, centre(connection))

    def change(number: int) -> bool:
        try:
            with write(engine, alone=False) as connection:
                leads.change_lead(connection, replace(made, notes=f"{number}"), by=Actor())
        except StaleVersion:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(change, range(8)))
    with read(engine) as connection:
        after = leads.lead(connection, made.lead_id)
        assert len(leads.history(connection, made.lead_id)) == 2
    assert won.count(True) == 1
    assert after.notes == str(won.index(True))


def test_two_creations_at_once_one_wins(engine: Engine) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with write(engine) as connection:
        fill(connection)
        tenant = centre(connection)

    def create(_: int) -> str:
        try:
            with write(engine, alone=False) as connection:
                new = NewLead(tenant.organisation_id, "c1", "v1", stage="shortlisted")
                return leads.create_lead(connection, new, by=Actor()).lead_id
        except Conflict as error:
            return error.code

    with ThreadPoolExecutor(6) as pool:
        made = list(pool.map(create, range(6)))
    assert made.count("lead.exists") == 5
    with read(engine) as connection:
        assert store.counted(connection, "decision") == 1
