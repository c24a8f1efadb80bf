"""Organisations as tenants, and the people in them. How they prove who they are: `data.keys`.

Functions take a connection of `data.session.read` or `write`. Where `organisation_id` is a keyword
it is the tenant that the asker may see: another's rows are "not found"; None sees all.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Literal

from sqlalchemy import ColumnElement, Connection
from sqlalchemy.exc import IntegrityError

from data import store
from data.errors import KetnoiError
from data.store import Conflict, Page, Row

OrganisationKind = Literal["platform", "centre", "business", "organiser"]
Role = Literal["administrator", "staff", "organiser", "business", "reader"]
KINDS: tuple[OrganisationKind, ...] = ("platform", "centre", "business", "organiser")
ROLES: tuple[Role, ...] = ("administrator", "staff", "organiser", "business", "reader")
ERASED = "erased"
"""Name of a person whose data was erased; the account's id stays in histories."""


@dataclass(frozen=True, slots=True)
class Organisation:
    """A tenant. `province_codes` are a centre's provinces; `investor_id` a business's profile."""

    organisation_id: str
    kind: OrganisationKind
    name: str
    province_codes: tuple[str, ...] = ()
    investor_id: str | None = None
    created_at: str = ""
    disabled_at: str | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class User:
    """A person who may sign in; the password's hash and the TOTP secret are not in here."""

    user_id: str
    organisation_id: str
    email: str
    name: str
    role: Role
    language: Literal["vi", "en"] = "vi"
    created_at: str = ""
    last_sign_in_at: str | None = None
    disabled_at: str | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class NewOrganisation:
    """What an organisation is made from."""

    kind: OrganisationKind
    name: str
    province_codes: Sequence[str] = ()
    investor_id: str | None = None


@dataclass(frozen=True, slots=True)
class NewUser:
    """What an account is made from. Without `password_hash` (see `data.keys`) nobody signs in."""

    organisation_id: str
    email: str
    name: str
    role: Role
    language: Literal["vi", "en"] = "vi"
    password_hash: str | None = None


def create_organisation(connection: Connection, new: NewOrganisation) -> Organisation:
    """Add an organisation.

    Raises KetnoiError "organisation.kind", ".name", ".province", ".investor" for what cannot be.
    """
    _check_organisation(connection, new.kind, new.name, new.province_codes, new.investor_id)
    made = Organisation(
        organisation_id=store.new_id(),
        kind=new.kind,
        name=new.name.strip(),
        province_codes=tuple(new.province_codes),
        investor_id=new.investor_id,
        created_at=store.now(),
    )
    row = asdict(made) | {"province_codes": list(made.province_codes)}
    store.insert(connection, "organisation", row)
    return made


def organisation(connection: Connection, organisation_id: str) -> Organisation:
    """Return the organisation. Raises NotFound ("organisation.not_found")."""
    missing = store.not_found("organisation", "organisation", "tổ chức", organisation_id)
    key = {"organisation_id": organisation_id}
    return store.one(connection, "organisation", key, _organisation_of, missing)


def organisations(connection: Connection, page: Page = store.ALL) -> list[Organisation]:
    """Return organisations, oldest first."""
    found = store.listed(connection, "organisation", "organisation_id", page)
    return [_organisation_of(row) for row in found]


def change_organisation(connection: Connection, changed: Organisation) -> Organisation:
    """Keep name, provinces and investor of a record read before; its version must be current.

    Raises StaleVersion ("version.stale"), NotFound, and what `create_organisation` raises.
    """
    organisation(connection, changed.organisation_id)
    _check_organisation(
        connection, changed.kind, changed.name, changed.province_codes, changed.investor_id
    )
    values = {
        "name": changed.name.strip(),
        "province_codes": list(changed.province_codes),
        "investor_id": changed.investor_id,
    }
    key = {"organisation_id": changed.organisation_id}
    store.set_versioned(connection, "organisation", key, values, version=changed.version)
    return organisation(connection, changed.organisation_id)


def disable_organisation(connection: Connection, organisation_id: str) -> None:
    """Shut an organisation out: its sessions and keys no longer count. Nothing is deleted."""
    organisation(connection, organisation_id)
    key = {"organisation_id": organisation_id, "disabled_at": None}
    store.update(connection, "organisation", key, {"disabled_at": store.now()})


def create_user(connection: Connection, new: NewUser) -> User:
    """Add a person to an organisation.

    Raises Conflict "user.email_taken"; KetnoiError "user.email", "user.role", "user.name";
    NotFound "organisation.not_found".
    """
    organisation(connection, new.organisation_id)
    email = _check_user(new.email, new.role, new.name)
    if store.rows(connection, "user_account", {"email": email}):
        raise _email_taken(email)
    made = User(
        user_id=store.new_id(),
        organisation_id=new.organisation_id,
        email=email,
        name=new.name.strip(),
        role=new.role,
        language=new.language,
        created_at=store.now(),
    )
    row = asdict(made) | {"password_hash": new.password_hash, "failed_sign_ins": 0}
    try:
        with connection.begin_nested():
            store.insert(connection, "user_account", row)
    except IntegrityError:  # another transaction was faster
        raise _email_taken(email) from None
    return made


def user(connection: Connection, user_id: str, *, organisation_id: str | None = None) -> User:
    """Return the person. Raises NotFound ("user.not_found")."""
    key = {"user_id": user_id} | _tenant(organisation_id)
    missing = store.not_found("user", "user", "người dùng", user_id)
    return store.one(connection, "user_account", key, user_of, missing)


def users(
    connection: Connection, *, organisation_id: str | None = None, page: Page = store.ALL
) -> list[User]:
    """Return people, oldest first, of one organisation or of all."""
    column = store.table_of("user_account").c.organisation_id
    conditions: list[ColumnElement[bool]] = (
        [] if organisation_id is None else [column == organisation_id]
    )
    found = store.listed(connection, "user_account", "user_id", page, *conditions)
    return [user_of(row) for row in found]


def change_user(connection: Connection, changed: User) -> User:
    """Keep name, role and language of a record read before; its version must be current.

    Raises StaleVersion ("version.stale"), NotFound, and what `create_user` raises.
    """
    user(connection, changed.user_id)
    _check_user(changed.email, changed.role, changed.name)
    values = {"name": changed.name.strip(), "role": changed.role, "language": changed.language}
    key = {"user_id": changed.user_id}
    store.set_versioned(connection, "user_account", key, values, version=changed.version)
    return user(connection, changed.user_id)


def disable_user(connection: Connection, user_id: str) -> None:
    """Let a person no longer sign in, and end what is signed in. Histories keep the id."""
    user(connection, user_id)
    moment = store.now()
    store.update(
        connection, "user_account", {"user_id": user_id, "disabled_at": None},
        {"disabled_at": moment},
    )  # fmt: skip
    store.update(
        connection, "user_session", {"user_id": user_id, "revoked_at": None}, {"revoked_at": moment}
    )


def erase_user(connection: Connection, user_id: str) -> None:
    """Disable an account and erase what tells who the person was; its id stays in histories."""
    disable_user(connection, user_id)
    values: Row = {
        "email": f"{ERASED}-{user_id}@invalid",
        "name": ERASED,
        "password_hash": None,
        "totp_secret": None,
    }
    store.update(connection, "user_account", {"user_id": user_id}, values)
    store.delete(connection, "user_session", {"user_id": user_id})


def user_of(row: Row) -> User:
    """Return the person that a row of `user_account` holds."""
    return User(**{field.name: row[field.name] for field in fields(User)})


def _organisation_of(row: Row) -> Organisation:
    return Organisation(**{**row, "province_codes": tuple(row["province_codes"])})


def _tenant(organisation_id: str | None) -> Row:
    return {} if organisation_id is None else {"organisation_id": organisation_id}


def _check_organisation(
    connection: Connection,
    kind: str,
    name: str,
    province_codes: Sequence[str],
    investor_id: str | None,
) -> None:
    if kind not in KINDS:
        raise KetnoiError(
            "organisation.kind",
            f"{kind!r} is no kind of organisation. Choose one of {', '.join(KINDS)}.",
            f"{kind!r} không phải loại tổ chức. Hãy chọn một trong: {', '.join(KINDS)}.",
        )
    if not name.strip():
        raise KetnoiError(
            "organisation.name",
            "The organisation's name is empty. Give it one.",
            "Tên tổ chức đang trống. Hãy nhập tên.",
        )
    _check_provinces(province_codes)
    if investor_id is not None and not store.rows(
        connection, "investor", {"investor_id": investor_id}
    ):
        raise KetnoiError(
            "organisation.investor",
            f"There is no investor {investor_id!r} to be this organisation's profile. "
            "Import it first or leave the profile empty.",
            f"Không có nhà đầu tư {investor_id!r} để làm hồ sơ của tổ chức. "
            "Hãy nhập nhà đầu tư trước hoặc để trống.",
        )


def _check_provinces(codes: Sequence[str]) -> None:
    from data.reference.provinces import provinces  # noqa: PLC0415 -- read on demand

    known = provinces()
    wrong = next((code for code in codes if code not in known), None)
    if wrong is not None:
        raise KetnoiError(
            "organisation.province",
            f"{wrong!r} is not the code of one of the 34 provinces. Use two digits such as 38.",
            f"{wrong!r} không phải mã của 34 tỉnh, thành phố. Hãy dùng hai chữ số, ví dụ 38.",
        )


def _check_user(email: str, role: str, name: str) -> str:
    folded = email.strip().lower()
    local, _, domain = folded.partition("@")
    if not local or "." not in domain or len(folded) > 254 or any(c.isspace() for c in folded):
        raise KetnoiError(
            "user.email",
            f"{email!r} is not an e-mail address. Write one such as lan@example.vn.",
            f"{email!r} không phải địa chỉ thư điện tử. Hãy ghi dạng lan@example.vn.",
        )
    if role not in ROLES:
        raise KetnoiError(
            "user.role",
            f"{role!r} is no role. Choose one of {', '.join(ROLES)}.",
            f"{role!r} không phải vai trò. Hãy chọn một trong: {', '.join(ROLES)}.",
        )
    if not name.strip():
        raise KetnoiError(
            "user.name", "The person's name is empty. Give it.", "Tên người dùng trống. Hãy nhập."
        )
    return folded


def _email_taken(email: str) -> Conflict:
    return Conflict(
        "user.email_taken",
        f"{email} already has an account. Use that one, or another address.",
        f"{email} đã có tài khoản. Hãy dùng tài khoản đó hoặc địa chỉ khác.",
    )
