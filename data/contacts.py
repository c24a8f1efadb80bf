"""People at investors and at calls' authorities: kept with purpose, consent, source and an end.

Every look, change, export and erasure is noted in the access log, which names no one and outlives
the contact (Law 91/2025/QH15 on personal data protection; Decree 356/2025/NĐ-CP). `docs/privacy.md`
says what is kept and why.
"""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, date, datetime
from typing import Any, Literal

from sqlalchemy import Connection, or_

from data import queries, store
from data.errors import KetnoiError
from data.identity.merged import kept_ids, members
from data.store import Actor, Page, Row

PartyKind = Literal["investor", "call"]
Action = Literal["create", "read", "change", "export", "erase", "expire"]
LONGEST_YEARS = 5
"""A consent without another date given ends after so many years, and can be given anew."""
_EDITABLE = (
    "name", "title", "email", "phone", "language", "purpose", "consent_text", "consented_on",
    "source", "expires_on",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewContact:
    """What a contact is made from. Days are YYYY-MM-DD; `expires_on` is the last day it is kept."""

    organisation_id: str
    party_kind: PartyKind
    party_id: str
    name: str
    purpose: str
    consent_text: str
    consented_on: str
    source: str
    expires_on: str
    title: str = ""
    email: str = ""
    phone: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """A person to write to or call, and why that is allowed."""

    contact_id: str
    organisation_id: str
    party_kind: PartyKind
    party_id: str
    name: str
    title: str
    email: str
    phone: str
    language: str
    purpose: str
    consent_text: str
    consented_on: str
    source: str
    expires_on: str
    created_at: str
    updated_at: str
    version: int


@dataclass(frozen=True, slots=True)
class Access:
    """Who did what with a contact, and when."""

    access_id: str
    contact_id: str
    organisation_id: str | None
    at: str
    action: Action
    by_organisation_id: str | None
    user_id: str | None
    key_id: str | None


def create_contact(connection: Connection, new: NewContact, *, by: Actor) -> Contact:
    """Keep a contact.

    Raises KetnoiError "contact.<field>" where purpose, consent, source or a date is missing or
    wrong; NotFound for a party that is not there.
    """
    if new.party_kind == "investor":
        standing = queries.investor(connection, new.party_id).investor_id  # of those merged
        new = replace(new, party_id=standing)
    else:
        queries.call(connection, new.party_id)
    moment = store.now()
    made = Contact(
        **asdict(new), contact_id=store.new_id(), created_at=moment, updated_at=moment, version=1
    )
    _check(made)
    store.insert(connection, "contact", asdict(made) | _folded(made))
    log_access(connection, [made], "create", by=by)
    return made


def contact(
    connection: Connection, contact_id: str, *, by: Actor, organisation_id: str | None = None
) -> Contact:
    """Return a contact and note that it was read: call it within `write`.

    Raises NotFound ("contact.not_found"), also for another organisation's.
    """
    found = _contact(connection, contact_id, organisation_id)
    log_access(connection, [found], "read", by=by)
    return found


def contacts(
    connection: Connection,
    *,
    by: Actor,
    organisation_id: str | None = None,
    party: tuple[PartyKind, str] | None = None,
    page: Page = store.ALL,
) -> list[Contact]:
    """Return contacts, oldest first, and note that each was read: call it within `write`."""
    target = store.table_of("contact")
    conditions = [] if organisation_id is None else [target.c.organisation_id == organisation_id]
    if party is not None:
        kept = kept_ids(connection) if party[0] == "investor" else {}
        ids = members(kept, party[1])  # those merged into it, too
        conditions += [target.c.party_kind == party[0], target.c.party_id.in_(ids)]
    rows = store.listed(connection, "contact", "contact_id", page, *conditions)
    found = [_contact_of(row) for row in rows]
    log_access(connection, found, "read", by=by)
    return found


def change_contact(
    connection: Connection, changed: Contact, *, by: Actor, organisation_id: str | None = None
) -> Contact:
    """Keep the editable fields of a record read before; its version must be the current one.

    Raises StaleVersion "version.stale", NotFound, and what `create_contact` raises.
    """
    _contact(connection, changed.contact_id, organisation_id)
    _check(changed)
    values: Row = {name: getattr(changed, name) for name in _EDITABLE} | _folded(changed)
    key = {"contact_id": changed.contact_id}
    store.set_versioned(
        connection, "contact", key, values | {"updated_at": store.now()}, version=changed.version
    )
    after = _contact(connection, changed.contact_id, None)
    log_access(connection, [after], "change", by=by)
    return after


def export_person(
    connection: Connection,
    *,
    by: Actor,
    email: str = "",
    phone: str = "",
    organisation_id: str | None = None,
) -> dict[str, Any]:
    """Return everything kept of a person, known by e-mail address or telephone number, as JSON.

    Contacts with who saw them, mails sent to the address, the account with it. Noted as exports.
    """
    reached = _fold_email(email)
    found = find_person(connection, email=email, phone=phone, organisation_id=organisation_id)
    log_access(connection, found, "export", by=by)
    document = [
        asdict(each)
        | {"accesses": [asdict(access) for access in accesses(connection, each.contact_id)]}
        for each in found
    ]
    return {
        "made_at": store.now(),
        "asked_for": {"email": email, "phone": phone},
        "contacts": document,
        "mails": _with_address(connection, "mail", reached, organisation_id),
        "accounts": _with_address(connection, "user_account", reached, organisation_id),
    }


def erase_person(
    connection: Connection,
    *,
    by: Actor,
    email: str = "",
    phone: str = "",
    organisation_id: str | None = None,
) -> int:
    """Delete all contacts of a person and the mails to the address; return how many contacts.

    The access log keeps that it was done, with ids alone. Backups made before still hold the
    person: `docs/privacy.md` says what to do with them.
    """
    found = find_person(connection, email=email, phone=phone, organisation_id=organisation_id)
    _delete(connection, found, "erase", by=by)
    if email:
        target = store.table_of("mail")
        statement = target.delete().where(target.c.recipient == _fold_email(email))
        if organisation_id is not None:
            statement = statement.where(target.c.organisation_id == organisation_id)
        connection.execute(statement)
    return len(found)


def erase_contact(
    connection: Connection, contact_id: str, *, by: Actor, organisation_id: str | None = None
) -> None:
    """Delete one contact. Raises NotFound ("contact.not_found")."""
    _delete(connection, [_contact(connection, contact_id, organisation_id)], "erase", by=by)


def expire_contacts(connection: Connection, *, today: date | None = None) -> int:
    """Delete the contacts whose last day has passed; return how many. The retention job's work."""
    day = (today or datetime.now(UTC).date()).isoformat()
    target = store.table_of("contact")
    rows = store.listed(connection, "contact", "contact_id", store.ALL, target.c.expires_on < day)
    _delete(connection, [_contact_of(row) for row in rows], "expire", by=store.MACHINE)
    return len(rows)


def find_person(
    connection: Connection, *, email: str = "", phone: str = "", organisation_id: str | None = None
) -> list[Contact]:
    """Return the contacts with that e-mail address or telephone number, however it is written.

    Raises KetnoiError "contact.person" if neither is given.
    """
    folded, digits = _fold_email(email), _digits(phone)
    if not folded and not digits:
        raise KetnoiError(
            "contact.person",
            "Nobody is named. Give the person's e-mail address or telephone number.",
            "Chưa nêu người nào. Hãy ghi địa chỉ thư điện tử hoặc số điện thoại.",
        )
    target = store.table_of("contact")
    ways = [target.c.email_folded == folded] if folded else []
    ways += [target.c.phone_digits == digits] if digits else []
    tenant = [] if organisation_id is None else [target.c.organisation_id == organisation_id]
    rows = store.listed(connection, "contact", "contact_id", store.ALL, or_(*ways), *tenant)
    return [_contact_of(row) for row in rows]


def accesses(connection: Connection, contact_id: str) -> list[Access]:
    """Return what was done with a contact, oldest first, also after it is gone."""
    found = store.rows(
        connection, "contact_access", {"contact_id": contact_id}, order=("access_id",)
    )
    return [Access(**row) for row in found]


def log_access(
    connection: Connection, found: Sequence[Contact], action: Action, *, by: Actor
) -> None:
    """Note what is done with contacts."""
    rows: list[Row] = [
        {
            "access_id": store.new_id(),
            "contact_id": each.contact_id,
            "organisation_id": each.organisation_id,
            "at": store.now(),
            "action": action,
            "by_organisation_id": by.organisation_id,
            "user_id": by.user_id,
            "key_id": by.key_id,
        }
        for each in found
    ]
    if rows:
        connection.execute(store.table_of("contact_access").insert(), rows)


def _contact(connection: Connection, contact_id: str, organisation_id: str | None) -> Contact:
    key = {"contact_id": contact_id}
    if organisation_id is not None:
        key["organisation_id"] = organisation_id
    missing = store.not_found("contact", "contact", "người liên hệ", contact_id)
    return store.one(connection, "contact", key, _contact_of, missing)


def _delete(connection: Connection, found: Sequence[Contact], action: Action, *, by: Actor) -> None:
    log_access(connection, found, action, by=by)
    answers = store.table_of("idempotency_key")
    for each in found:
        store.delete(connection, "contact", {"contact_id": each.contact_id})
        # The answer to its creation holds it once more, for a day.
        kept = answers.c.body.contains(each.contact_id, autoescape=True)
        connection.execute(answers.delete().where(kept))


_EXPORTED = {
    "mail": ("recipient", ("mail_id", "subject", "body", "status", "created_at", "sent_at")),
    "user_account": (
        "email",
        ("user_id", "organisation_id", "email", "name", "role", "created_at", "last_sign_in_at"),
    ),
}


def _with_address(
    connection: Connection, table: str, email: str, organisation_id: str | None
) -> list[Row]:
    if not email:
        return []
    column, names = _EXPORTED[table]
    wanted: Row = {column: email}
    if organisation_id is not None:
        wanted["organisation_id"] = organisation_id
    found = store.rows(connection, table, wanted, order=names[:1])
    return [{name: row[name] for name in names} for row in found]


def _check(made: Contact) -> None:
    labels = {
        "name": ("The person's name", "Tên người liên hệ"),
        "purpose": ("The purpose", "Mục đích"),
        "consent_text": ("The text consented to", "Nội dung đồng ý"),
        "source": ("The source", "Nguồn"),
    }
    for name, (label, label_vi) in labels.items():
        if not getattr(made, name).strip():
            raise KetnoiError(
                f"contact.{name}",
                f"{label} is missing. No contact is kept without it.",
                f"{label_vi} còn thiếu. Không lưu người liên hệ khi thiếu mục này.",
            )
    if not _fold_email(made.email) and not _digits(made.phone):
        raise KetnoiError(
            "contact.reach",
            "There is neither an e-mail address nor a telephone number. Give one.",
            "Chưa có thư điện tử hay số điện thoại. Hãy ghi một trong hai.",
        )
    given, end = _day("consented_on", made.consented_on), _day("expires_on", made.expires_on)
    if end < given or end.year - given.year > LONGEST_YEARS:
        raise KetnoiError(
            "contact.expires_on",
            f"The contact cannot be kept until {made.expires_on}: the end lies after the consent, "
            f"by at most {LONGEST_YEARS} years. Choose another day or renew the consent.",
            f"Không thể lưu đến {made.expires_on}: hạn phải sau ngày đồng ý và không quá "
            f"{LONGEST_YEARS} năm. Hãy chọn ngày khác hoặc xin đồng ý lại.",
        )


def _day(name: str, text: str) -> date:
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise KetnoiError(
        f"contact.{name}",
        f"{text!r} is no day for {name}. Write it as YYYY-MM-DD.",
        f"{text!r} không phải ngày cho {name}. Hãy ghi dạng YYYY-MM-DD.",
    )


def _folded(made: Contact) -> Row:
    return {"email_folded": _fold_email(made.email), "phone_digits": _digits(made.phone)}


def _fold_email(email: str) -> str:
    return email.strip().lower()


def _digits(phone: str) -> str:
    """Digits alone; the Vietnamese 0… and +84… are one number."""
    digits = re.sub(r"\D", "", phone)
    return f"84{digits[1:]}" if digits.startswith("0") and not digits.startswith("00") else digits


def _contact_of(row: Row) -> Contact:
    return Contact(**{field.name: row[field.name] for field in fields(Contact)})
