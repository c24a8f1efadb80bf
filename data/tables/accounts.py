"""Organisations, people, their keys and sessions."""

from sqlalchemy import JSON, CheckConstraint, Column, Index
from sqlmodel import Field, SQLModel


class OrganisationRow(SQLModel, table=True):
    """A tenant: the platform itself, a province's centre, a business, an organiser of events."""

    __tablename__ = "organisation"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('platform', 'centre', 'business', 'organiser')", name="kind_known"
        ),
        CheckConstraint("name <> ''", name="name_given"),
    )

    organisation_id: str = Field(primary_key=True)
    kind: str
    name: str
    province_codes: list[str] = Field(sa_column=Column(JSON(), nullable=False))  # of a centre
    investor_id: str | None = Field(default=None, index=True)  # the profile of a business
    created_at: str  # as all times here: ISO 8601 in UTC with milliseconds
    disabled_at: str | None = None
    version: int


class UserRow(SQLModel, table=True):
    """A person who signs in. The password is kept as its argon2 hash alone."""

    __tablename__ = "user_account"
    __table_args__ = (
        CheckConstraint(
            "role IN ('administrator', 'staff', 'organiser', 'business', 'reader')",
            name="role_known",
        ),
        CheckConstraint("failed_sign_ins >= 0", name="failed_sign_ins_not_negative"),
        CheckConstraint("language IN ('vi', 'en')", name="language_known"),
    )

    user_id: str = Field(primary_key=True)
    organisation_id: str = Field(foreign_key="organisation.organisation_id", index=True)
    email: str = Field(unique=True)  # in lower case
    name: str
    role: str
    language: str
    password_hash: str | None = None
    totp_secret: str | None = None
    totp_last_step: int | None = None  # a code is good once
    failed_sign_ins: int
    locked_until: str | None = None
    created_at: str
    last_sign_in_at: str | None = None
    disabled_at: str | None = None
    version: int


class SessionRow(SQLModel, table=True):
    """A signed-in browser; only the hash of its token is kept."""

    __tablename__ = "user_session"

    session_id: str = Field(primary_key=True)
    token_hash: str = Field(unique=True)
    user_id: str = Field(foreign_key="user_account.user_id", index=True, ondelete="CASCADE")
    created_at: str
    expires_at: str = Field(index=True)
    last_seen_at: str
    revoked_at: str | None = None


class ApiKeyRow(SQLModel, table=True):
    """A program's key; only the sha256 of its secret is kept."""

    __tablename__ = "api_key"
    __table_args__ = (
        CheckConstraint(
            "role IN ('administrator', 'staff', 'organiser', 'business', 'reader')",
            name="role_known",
        ),
        Index("ix_api_key_organisation_id", "organisation_id"),
    )

    key_id: str = Field(primary_key=True)
    organisation_id: str = Field(foreign_key="organisation.organisation_id")
    created_by: str | None = None  # user
    name: str
    prefix: str = Field(unique=True)  # tells keys apart, no secret
    secret_hash: str
    role: str
    scopes: list[str] = Field(sa_column=Column(JSON(), nullable=False))
    created_at: str
    expires_at: str
    last_used_at: str | None = None
    revoked_at: str | None = None
