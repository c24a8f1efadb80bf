"""Leads, their history, contacts and who saw them, as the API takes and shows them."""

from typing import Any, Literal

from pydantic import Field

from api.schemas.common import Day, Input, Long, Named, Output, PartyId, Short
from data.leads import Stage


class LeadCreate(Input):
    """An investor to follow up for a call; ``slate_id`` names the list that put it forward."""

    call_id: PartyId = Field(examples=["C0061"])
    investor_id: PartyId = Field(examples=["p988f1b8"])
    stage: Stage = "longlisted"
    reason: Short = ""
    owner_id: PartyId | None = None
    next_action: Short = ""
    next_action_on: Day | None = None
    notes: Long = ""
    slate_id: PartyId | None = None


class LeadChange(Input):
    """Fields left out stay as they are. ``dismissed`` needs a reason."""

    stage: Stage | None = Field(default=None, examples=["contacted"])
    reason: Short | None = None
    owner_id: PartyId | None = None
    next_action: Short | None = None
    next_action_on: Day | None = None
    notes: Long | None = None


class Lead(Output):
    """One investor followed up for one call by one organisation."""

    lead_id: str
    call_id: str
    investor_id: str
    stage: Stage
    reason: str
    owner_id: str | None
    next_action: str
    next_action_on: str | None
    notes: str
    slate_id: str | None
    created_at: str
    updated_at: str
    version: int


class LeadEvent(Output):
    """One change of a lead: ``changes`` holds [before, after] of each field that changed."""

    position: int
    at: str
    user_id: str | None
    key_id: str | None
    stage_before: Stage | None
    stage: Stage
    changes: dict[str, Any]


class ContactCreate(Input):
    """A person, with purpose, consent, source and the last day that the entry may be kept."""

    party_kind: Literal["investor", "call"]
    party_id: PartyId
    name: Named = Field(examples=["Nguyễn Thị Lan"])
    title: Short = ""
    email: Short = Field(default="", examples=["lan@example.vn"])
    phone: Short = ""
    language: Short = ""
    purpose: Named = Field(examples=["Mời tham dự hội nghị xúc tiến đầu tư"])
    consent_text: Named
    consented_on: Day
    source: Named
    expires_on: Day


class ContactChange(Input):
    """Fields left out stay as they are."""

    name: Named | None = None
    title: Short | None = None
    email: Short | None = None
    phone: Short | None = None
    language: Short | None = None
    purpose: Named | None = None
    consent_text: Named | None = None
    consented_on: Day | None = None
    source: Named | None = None
    expires_on: Day | None = None


class Contact(Output):
    """A person to write to or call, and why that is allowed. Each look is noted."""

    contact_id: str
    party_kind: Literal["investor", "call"]
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


class Access(Output):
    """Who did what with a contact, and when."""

    at: str
    action: str
    by_organisation_id: str | None
    user_id: str | None
    key_id: str | None


class Person(Input):
    """A person as they name themselves; at least one of the two."""

    email: Short = Field(default="", examples=["lan@example.vn"])
    phone: Short = ""


class PersonExport(Output):
    """Everything that this organisation keeps of a person."""

    made_at: str
    asked_for: dict[str, str]
    contacts: list[dict[str, Any]]
    mails: list[dict[str, Any]]


class Erased(Output):
    """How many contacts of the person were erased."""

    erased: int
