"""Made-up organisations, people and leads. Nobody here is real."""

from typing import Any

from sqlalchemy import Connection

from data import accounts, commands, leads
from data.accounts import NewOrganisation, NewUser, Organisation, User
from data.contacts import NewContact
from data.leads import Lead, NewLead
from data.ledger import LoggedSlate, SlateEntry, log_slate
from data.store import Actor
from tests.integration.data.made_up import call, deal, investor


def fill(connection: Connection, count: int = 2) -> None:
    """Write investors v1…, calls c1… and a deal."""
    commands.upsert_investors(connection, [investor(number + 1) for number in range(count)])
    commands.upsert_calls(connection, [call(number + 1) for number in range(count)])
    commands.upsert_deals(connection, [deal(1)])


def centre(connection: Connection, name: str = "Trung tâm bịa") -> Organisation:
    """Make a province's centre."""
    return accounts.create_organisation(connection, NewOrganisation("centre", name, ["38"]))


def person(connection: Connection, tenant: Organisation, email: str = "lan@example.vn") -> User:
    """Make someone of the staff."""
    new = NewUser(tenant.organisation_id, email, "Lan Bịa", "staff")
    return accounts.create_user(connection, new)


def slate(connection: Connection, call_id: str = "c1", by: Actor | None = None) -> LoggedSlate:
    """Log a shortlist that holds v1 and v2."""
    items = [
        {"rank": 1, "investor_id": "v1", "score": 0.5, "name": "Bịa"},
        {"rank": 2, "investor_id": "v2", "score": 0.25, "name": "Bịa 2"},
    ]
    return log_slate(
        connection, SlateEntry("shortlist", call_id, "r1", "h", items, asked_by=by or Actor())
    )


def lead(connection: Connection, tenant: Organisation, **fields: str) -> Lead:
    """Make a lead of c1 and v1."""
    values: dict[str, Any] = {"call_id": "c1", "investor_id": "v1"} | fields
    new = NewLead(tenant.organisation_id, **values)
    return leads.create_lead(connection, new, by=Actor(tenant.organisation_id))


def contact(tenant: Organisation, **fields: str) -> NewContact:
    """What a contact at v1 is made from."""
    values: dict[str, Any] = {
        "party_kind": "investor",
        "party_id": "v1",
        "name": "Trần Thị Bịa",
        "purpose": "mời khảo sát dự án",
        "consent_text": "Tôi đồng ý để Trung tâm bịa liên hệ về dự án kêu gọi đầu tư.",
        "consented_on": "2026-11-01",
        "source": "phiếu đăng ký tại hội nghị bịa",
        "expires_on": "2027-11-01",
        "email": "Bia@Example.org",
        "phone": "0912 345 678",
    }
    return NewContact(organisation_id=tenant.organisation_id, **(values | fields))
