"""The pipeline of leads, their history, decisions on slates, contacts and who saw them."""

from sqlalchemy import JSON, CheckConstraint, Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

_STAGES = (
    "'longlisted', 'shortlisted', 'contacted', 'interested', 'met', 'site_visit', 'mou', "
    "'certificate', 'operating', 'dismissed'"
)


class LeadRow(SQLModel, table=True):
    """One investor followed up for one call by one organisation."""

    __tablename__ = "lead"
    __table_args__ = (
        CheckConstraint(f"stage IN ({_STAGES})", name="stage_known"),
        CheckConstraint("stage <> 'dismissed' OR reason <> ''", name="dismissal_has_reason"),
        UniqueConstraint("organisation_id", "call_id", "investor_id", name="uq_lead_pair"),
        Index("ix_lead_call_id", "call_id"),
        Index("ix_lead_investor_id", "investor_id"),
    )

    lead_id: str = Field(primary_key=True)
    organisation_id: str = Field(foreign_key="organisation.organisation_id")
    call_id: str = Field(foreign_key="project_call.call_id")
    investor_id: str = Field(foreign_key="investor.investor_id")
    stage: str
    reason: str  # why it was dismissed
    owner_id: str | None = Field(
        default=None, foreign_key="user_account.user_id", index=True, ondelete="SET NULL"
    )
    next_action: str
    next_action_on: str | None = None  # YYYY-MM-DD
    notes: str
    slate_id: str | None = None  # the list it came from
    created_at: str
    updated_at: str
    version: int


class LeadEventRow(SQLModel, table=True):
    """One change of a lead, kept for good: who, when, what was and what is."""

    __tablename__ = "lead_event"

    lead_id: str = Field(primary_key=True, foreign_key="lead.lead_id")
    position: int = Field(primary_key=True)
    at: str
    user_id: str | None = None
    key_id: str | None = None
    stage_before: str | None = None  # none when the lead was made
    stage: str
    changes: dict[str, object] = Field(sa_column=Column(JSON(), nullable=False))


class DecisionRow(SQLModel, table=True):
    """What a person decided, or what came, of a pair: append-only and hash-chained as slates are.

    `slate_id` names the list that put the pair forward, if one did.
    """

    __tablename__ = "decision"
    __table_args__ = (CheckConstraint(f"stage IN ({_STAGES})", name="stage_known"),)

    position: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    decision_id: str = Field(unique=True)
    at: str
    call_id: str = Field(index=True)
    investor_id: str = Field(index=True)
    stage: str
    reason: str
    slate_id: str | None = Field(default=None, foreign_key="slate.slate_id", index=True)
    lead_id: str | None = None
    organisation_id: str | None = None
    user_id: str | None = None
    key_id: str | None = None
    previous_hash: str = Field(unique=True)
    hash: str


class LedgerHeadRow(SQLModel, table=True):
    """The last row of each chain: appending locks it, and a cut-off end shows against it."""

    __tablename__ = "ledger_head"
    __table_args__ = (CheckConstraint("chain IN ('slate', 'decision')", name="chain_known"),)

    chain: str = Field(primary_key=True)
    position: int
    hash: str


class ContactRow(SQLModel, table=True):
    """A person at an investor or at a call's authority, with the consent it rests on."""

    __tablename__ = "contact"
    __table_args__ = (
        CheckConstraint("party_kind IN ('investor', 'call')", name="party_kind_known"),
        CheckConstraint("purpose <> ''", name="purpose_given"),
        CheckConstraint("consent_text <> ''", name="consent_text_given"),
        CheckConstraint("source <> ''", name="source_given"),
        Index("ix_contact_party", "party_kind", "party_id"),
    )

    contact_id: str = Field(primary_key=True)
    organisation_id: str = Field(foreign_key="organisation.organisation_id", index=True)
    party_kind: str
    party_id: str
    name: str
    title: str
    email: str
    email_folded: str = Field(index=True)
    phone: str
    phone_digits: str = Field(index=True)
    language: str
    purpose: str
    consent_text: str
    consented_on: str  # YYYY-MM-DD
    source: str
    expires_on: str = Field(index=True)  # YYYY-MM-DD, the last day it may be kept
    created_at: str
    updated_at: str
    version: int


class ContactAccessRow(SQLModel, table=True):
    """Who did what with a contact, and when. Stays after the contact is erased; names no one."""

    __tablename__ = "contact_access"
    __table_args__ = (
        CheckConstraint(
            "action IN ('create', 'read', 'change', 'export', 'erase', 'expire')",
            name="action_known",
        ),
    )

    access_id: str = Field(primary_key=True)
    contact_id: str = Field(index=True)  # no foreign key: the contact may be gone
    organisation_id: str | None = Field(default=None, index=True)  # that the contact belongs to
    at: str = Field(index=True)
    action: str
    by_organisation_id: str | None = None
    user_id: str | None = None
    key_id: str | None = None
