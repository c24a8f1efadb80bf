"""Organisations, people, sessions and keys: what counts, what no longer does, what is refused."""

import time
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection
from sqlalchemy.engine import Engine

from data import accounts, keys, store
from data.accounts import NewOrganisation, NewUser
from data.errors import KetnoiError, NotFound
from data.keys import NewKey
from data.session import connect, read, write
from data.store import Conflict, Page, StaleVersion
from tests.integration.data.made_up_service import centre, fill, person


def test_organisation_comes_back(connection: Connection) -> None:
    made = centre(connection)

    assert accounts.organisation(connection, made.organisation_id) == made
    assert accounts.organisations(connection) == [made]
    assert made.province_codes == ("38",)


@pytest.mark.parametrize(
    ("new", "code"),
    [
        (NewOrganisation("centre", " "), "organisation.name"),
        (NewOrganisation("club", "x"), "organisation.kind"),  # type: ignore[arg-type]
        (NewOrganisation("centre", "x", ["99"]), "organisation.province"),
        (NewOrganisation("business", "x", investor_id="nobody"), "organisation.investor"),
    ],
)
def test_organisation_is_refused(connection: Connection, new: NewOrganisation, code: str) -> None:
    with pytest.raises(KetnoiError) as caught:
        accounts.create_organisation(connection, new)
    assert caught.value.code == code
    assert caught.value.message_vi != caught.value.message


def test_business_has_a_profile(connection: Connection) -> None:
    fill(connection)
    made = accounts.create_organisation(
        connection, NewOrganisation("business", "Bịa", investor_id="v1")
    )
    assert accounts.organisation(connection, made.organisation_id).investor_id == "v1"


def test_pages_follow_each_other(connection: Connection) -> None:
    made = [centre(connection, f"Trung tâm {number}") for number in range(5)]
    first = accounts.organisations(connection, Page(limit=2))
    second = accounts.organisations(connection, Page(after=first[-1].organisation_id, limit=2))

    assert first + second == made[:4]


def test_email_is_taken_once(connection: Connection) -> None:
    tenant = centre(connection)
    made = person(connection, tenant)

    with pytest.raises(Conflict) as caught:
        person(connection, tenant, "LAN@example.vn")
    assert caught.value.code == "user.email_taken"
    assert accounts.users(connection) == [made]


def test_user_of_another_organisation_is_not_found(connection: Connection) -> None:
    tenant, other = centre(connection), centre(connection, "Khác")
    made = person(connection, tenant)

    assert accounts.user(connection, made.user_id, organisation_id=tenant.organisation_id) == made
    with pytest.raises(NotFound):
        accounts.user(connection, made.user_id, organisation_id=other.organisation_id)
    assert accounts.users(connection, organisation_id=other.organisation_id) == []


@pytest.mark.parametrize("email", ["", "lan", "lan@", "@x.vn", "a b@x.vn"])
def test_bad_email_is_refused(connection: Connection, email: str) -> None:
    tenant = centre(connection)
    with pytest.raises(KetnoiError) as caught:
        accounts.create_user(connection, NewUser(tenant.organisation_id, email, "Lan", "staff"))
    assert caught.value.code == "user.email"


def test_change_needs_the_current_version(connection: Connection) -> None:
    made = person(connection, centre(connection))
    changed = accounts.change_user(connection, replace(made, name="Lan Khác"))

    assert (changed.name, changed.version) == ("Lan Khác", 2)
    with pytest.raises(StaleVersion):
        accounts.change_user(connection, replace(made, name="Lan Cũ"))
    assert accounts.user(connection, made.user_id).name == "Lan Khác"


def test_session_counts_until_it_ends(connection: Connection) -> None:
    made = person(connection, centre(connection))
    session, token = keys.create_session(connection, made.user_id)
    found = keys.check_session(connection, token)

    assert found is not None
    assert found.user == made
    assert keys.check_session(connection, token + "x") is None
    keys.end_session(connection, session.session_id)
    assert keys.check_session(connection, token) is None


@pytest.mark.parametrize("how", ["expired", "user disabled", "tenant disabled", "password"])
def test_session_no_longer_counts(connection: Connection, how: str) -> None:
    tenant = centre(connection)
    made = person(connection, tenant)
    life = timedelta(seconds=-1) if how == "expired" else keys.SESSION_LIFE
    token = keys.create_session(connection, made.user_id, life=life)[1]
    if how == "user disabled":
        accounts.disable_user(connection, made.user_id)
    elif how == "tenant disabled":
        accounts.disable_organisation(connection, tenant.organisation_id)
    elif how == "password":
        keys.set_password(connection, made.user_id, "hash")

    assert keys.check_session(connection, token) is None


def test_key_is_kept_as_hash_alone(connection: Connection) -> None:
    tenant = centre(connection)
    made, whole = keys.create_key(
        connection, NewKey(tenant.organisation_id, "nhập liệu", "staff", ["calls:read"])
    )
    row = store.rows(connection, "api_key", {"key_id": made.key_id})[0]
    holder = keys.check_key(connection, whole)

    assert holder is not None
    assert (holder.key, holder.organisation) == (made, tenant)
    assert whole.split("_", 2)[2] not in str(row)
    assert keys.check_key(connection, whole[:-1]) is None
    assert keys.check_key(connection, "ktn_" + "x" * 50) is None


def test_revoked_key_no_longer_counts(connection: Connection) -> None:
    tenant, other = centre(connection), centre(connection, "Khác")
    new = NewKey(tenant.organisation_id, "x", "reader", ["*"])
    made, whole = keys.create_key(connection, new)

    with pytest.raises(NotFound):
        keys.revoke_key(connection, made.key_id, organisation_id=other.organisation_id)
    assert keys.check_key(connection, whole) is not None
    keys.revoke_key(connection, made.key_id, organisation_id=tenant.organisation_id)
    assert keys.check_key(connection, whole) is None


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"scopes": ()}, "key.scope"),
        ({"scopes": ("Calls read",)}, "key.scope"),
        ({"role": "king"}, "key.role"),
        ({"life": timedelta(days=999)}, "key.life"),
        ({"name": ""}, "key.name"),
    ],
)
def test_key_is_refused(connection: Connection, fields: dict[str, object], code: str) -> None:
    new = NewKey(centre(connection).organisation_id, "x", "reader", ["*"])
    with pytest.raises(KetnoiError) as caught:
        keys.create_key(connection, replace(new, **fields))  # type: ignore[arg-type]
    assert caught.value.code == code


def test_erased_user_is_no_one(connection: Connection) -> None:
    made = person(connection, centre(connection))
    accounts.erase_user(connection, made.user_id)

    row = store.rows(connection, "user_account", {"user_id": made.user_id})[0]
    assert "Lan" not in str(row)
    assert "lan@" not in str(row)


def test_use_is_noted_unless_others_write(engine: Engine, filled_url: str) -> None:
    with write(engine) as connection:
        new = NewKey(centre(connection).organisation_id, "x", "reader", ["*"])
        made = keys.create_key(connection, new)[0]
    other = connect(filled_url)
    with write(other) as connection:
        connection.execute(store.table_of("api_key").update().values(name="y"))
        began = time.monotonic()
        keys.note_use(engine, made)
        assert time.monotonic() - began < 5
    with read(engine) as connection:
        assert keys.key(connection, made.key_id).last_used_at is None
    keys.note_use(engine, made)
    with read(engine) as connection:
        assert keys.seen_lately(keys.key(connection, made.key_id).last_used_at)
    other.dispose()
