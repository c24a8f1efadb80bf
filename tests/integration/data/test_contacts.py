"""Contacts: no purpose, no contact; export and erasure by person; who looked is known."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Connection

from data import contacts, idempotency, mails, store
from data.accounts import Organisation
from data.errors import KetnoiError, NotFound
from data.mails import NewMail
from data.store import Actor, StaleVersion
from tests.integration.data.made_up_service import centre, contact, fill, person

BY = Actor("o1", "u1")


@pytest.fixture
def tenant(connection: Connection) -> Organisation:
    fill(connection)
    return centre(connection)


def test_every_look_is_noted(connection: Connection, tenant: Organisation) -> None:
    made = contacts.create_contact(connection, contact(tenant), by=BY)
    assert contacts.contact(connection, made.contact_id, by=Actor("o1", "u2")) == made
    assert contacts.contacts(connection, by=BY, party=("investor", "v1")) == [made]
    contacts.change_contact(connection, replace(made, phone="0987654321"), by=BY)

    found = contacts.accesses(connection, made.contact_id)
    assert [(each.action, each.user_id) for each in found] == [
        ("create", "u1"), ("read", "u2"), ("read", "u1"), ("change", "u1"),
    ]  # fmt: skip
    assert "Bịa" not in str(found)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"purpose": " "}, "contact.purpose"),
        ({"consent_text": ""}, "contact.consent_text"),
        ({"source": ""}, "contact.source"),
        ({"consented_on": "hôm qua"}, "contact.consented_on"),
        ({"expires_on": "2026-10-01"}, "contact.expires_on"),
        ({"expires_on": "2099-10-01"}, "contact.expires_on"),
        ({"email": "", "phone": "-"}, "contact.reach"),
        ({"name": ""}, "contact.name"),
        ({"party_id": "v9"}, "investor.not_found"),
        ({"party_kind": "call", "party_id": "c9"}, "call.not_found"),
    ],
)
def test_contact_is_refused(
    connection: Connection, tenant: Organisation, fields: dict[str, str], code: str
) -> None:
    with pytest.raises(KetnoiError) as caught:
        contacts.create_contact(connection, contact(tenant, **fields), by=BY)
    assert caught.value.code == code
    assert caught.value.message_vi != caught.value.message


def test_another_organisations_contact_is_not_found(
    connection: Connection, tenant: Organisation
) -> None:
    made = contacts.create_contact(connection, contact(tenant), by=BY)
    other = centre(connection, "Khác").organisation_id

    for act in (
        lambda: contacts.contact(connection, made.contact_id, by=BY, organisation_id=other),
        lambda: contacts.change_contact(connection, made, by=BY, organisation_id=other),
        lambda: contacts.erase_contact(connection, made.contact_id, by=BY, organisation_id=other),
    ):
        with pytest.raises(NotFound):
            act()
    assert contacts.contacts(connection, by=BY, organisation_id=other) == []
    assert contacts.find_person(connection, email="bia@example.org", organisation_id=other) == []


@pytest.mark.parametrize(
    "person", [{"email": " BIA@example.ORG"}, {"phone": "+84 912-345-678"}, {"phone": "0912345678"}]
)
def test_person_is_exported_and_erased(
    connection: Connection, tenant: Organisation, person: dict[str, str]
) -> None:
    made = contacts.create_contact(connection, contact(tenant), by=BY)
    kept = contact(tenant, email="khac@example.org", phone="0900000000", name="Người Khác")
    other = contacts.create_contact(connection, kept, by=BY)
    mails.queue_mail(connection, NewMail("bia@example.org", "Lời mời", "Kính gửi chị Bịa"))

    document = contacts.export_person(connection, by=BY, **person)
    assert [each["name"] for each in document["contacts"]] == ["Trần Thị Bịa"]
    assert [each["action"] for each in document["contacts"][0]["accesses"]] == ["create", "export"]
    assert len(document["mails"]) == (1 if "email" in person else 0)
    assert contacts.erase_person(connection, by=BY, **person) == 1
    assert contacts.contacts(connection, by=BY) == [other]
    assert [each.action for each in contacts.accesses(connection, made.contact_id)][-1] == "erase"
    assert store.counted(connection, "mail") == (0 if "email" in person else 1)


def test_export_holds_the_account_without_its_secrets(
    connection: Connection, tenant: Organisation
) -> None:
    person(connection, tenant)
    document = contacts.export_person(connection, by=BY, email="lan@example.vn")

    assert [each["name"] for each in document["accounts"]] == ["Lan Bịa"]
    assert "password" not in str(document)


def test_erasure_reaches_the_answer_kept_for_a_repeated_request(
    connection: Connection, tenant: Organisation
) -> None:
    made = contacts.create_contact(connection, contact(tenant), by=BY)
    other = contacts.create_contact(
        connection, replace(contact(tenant), email="khac@example.vn", phone=""), by=BY
    )
    whose = [{"principal": "u1", "key": each.contact_id, "request": "r"} for each in (made, other)]
    for kept, each in zip(whose, (made, other), strict=True):
        body = f'{{"contact_id":"{each.contact_id}","email":"{each.email}"}}'
        idempotency.remember(connection, **kept, answer=idempotency.Answer(201, body, {}))

    contacts.erase_person(connection, by=BY, email=made.email)

    assert idempotency.recall(connection, **whose[0]) is None
    assert idempotency.recall(connection, **whose[1]) is not None


def test_nobody_named_erases_nobody(connection: Connection, tenant: Organisation) -> None:
    contacts.create_contact(connection, contact(tenant), by=BY)
    with pytest.raises(KetnoiError) as caught:
        contacts.erase_person(connection, by=BY, email=" ", phone="+")
    assert caught.value.code == "contact.person"


def test_contact_goes_when_its_time_is_over(connection: Connection, tenant: Organisation) -> None:
    made = contacts.create_contact(connection, contact(tenant), by=BY)

    assert contacts.expire_contacts(connection, today=date(2027, 11, 1)) == 0
    assert contacts.expire_contacts(connection, today=date(2027, 11, 2)) == 1
    assert contacts.contacts(connection, by=BY) == []
    assert contacts.accesses(connection, made.contact_id)[-1].action == "expire"


def test_change_needs_the_current_version(connection: Connection, tenant: Organisation) -> None:
    made = contacts.create_contact(connection, contact(tenant), by=BY)
    contacts.change_contact(connection, replace(made, title="Giám đốc"), by=BY)
    with pytest.raises(StaleVersion):
        contacts.change_contact(connection, replace(made, title="Phó giám đốc"), by=BY)
