"""Organisations, people, keys and sessions as the API takes and shows them."""

from typing import Annotated, Literal

from pydantic import Field, SecretStr, StringConstraints

from api.schemas.common import Input, Named, Output, PartyId, Whole
from data.accounts import OrganisationKind, Role

Email = Annotated[str, StringConstraints(min_length=3, max_length=254, pattern=r"^[^\x00\s]+$")]
Scope = Annotated[str, StringConstraints(pattern=r"^([a-z_]+:[a-z_]+|\*)$")]
Code = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}$")]
Language = Literal["vi", "en"]
Totp = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]


class OrganisationCreate(Input):
    """A tenant: a province's centre, a business, an organiser of events."""

    kind: OrganisationKind
    name: Named
    province_codes: list[Code] = Field(default=[], max_length=34, examples=[["38"]])
    investor_id: PartyId | None = None


class OrganisationChange(Input):
    """Fields left out stay as they are."""

    name: Named | None = None
    province_codes: list[Code] | None = Field(default=None, max_length=34)
    investor_id: PartyId | None = None


class Organisation(Output):
    """A tenant. ``investor_id`` is a business's profile."""

    organisation_id: str
    kind: OrganisationKind
    name: str
    province_codes: list[str]
    investor_id: str | None
    created_at: str
    disabled_at: str | None
    version: int


class UserCreate(Input):
    """A person; without a password nobody signs in yet."""

    email: Email = Field(examples=["lan@example.vn"])
    name: Named
    role: Role
    language: Language = "vi"
    password: SecretStr | None = Field(default=None, min_length=10, max_length=1000)
    organisation_id: PartyId | None = Field(
        default=None, description="The asker's own unless the platform's administrator asks"
    )


class UserChange(Input):
    """Fields left out stay as they are."""

    name: Named | None = None
    role: Role | None = None
    language: Language | None = None


class User(Output):
    """A person who may sign in."""

    user_id: str
    organisation_id: str
    email: str
    name: str
    role: Role
    language: Language
    created_at: str
    last_sign_in_at: str | None
    disabled_at: str | None
    version: int


class KeyCreate(Input):
    """A program's key. It gets no more than its maker has."""

    name: Named = Field(examples=["Cổng thông tin của trung tâm"])
    role: Role
    scopes: list[Scope] = Field(min_length=1, max_length=50, examples=[["records:read"]])
    days: Whole = Field(default=90, ge=1, le=366)
    organisation_id: PartyId | None = None


class Key(Output):
    """A program's key without its secret; ``prefix`` tells keys apart."""

    key_id: str
    organisation_id: str
    name: str
    prefix: str
    role: Role
    scopes: list[str]
    created_by: str | None
    created_at: str
    expires_at: str
    last_used_at: str | None
    revoked_at: str | None


class NewKey(Key):
    """A new key with its whole text, shown this once."""

    key: str


class SignIn(Input):
    """Address and password, and the code of the authenticator where one is set up."""

    email: Email
    password: SecretStr = Field(min_length=1, max_length=1000)
    totp: Totp | None = None


class SignedIn(Output):
    """Who is signed in; ``csrf_token`` goes into the header X-CSRF-Token of writes."""

    user: User
    csrf_token: str
    expires_at: str


class Me(Output):
    """For whom this key or session speaks."""

    organisation: Organisation
    role: Role
    user: User | None
    key: Key | None
    scopes: list[str]


class PasswordChange(Input):
    """The present password, and the new one; whatever else was signed in ends."""

    password: SecretStr = Field(min_length=1, max_length=1000)
    new_password: SecretStr = Field(min_length=10, max_length=1000)


class TotpStart(Output):
    """The secret for an authenticator; it counts once a code of it was confirmed."""

    secret: str
    uri: str


class TotpConfirm(Input):
    """A code that the authenticator shows now."""

    secret: Annotated[str, StringConstraints(pattern=r"^[A-Z2-7]{16,64}$")]
    code: Totp
