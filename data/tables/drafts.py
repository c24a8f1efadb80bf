"""Imports that wait for a person's word, which list named which call, and past states of calls."""

from sqlalchemy import JSON, CheckConstraint, Column, Index
from sqlmodel import Field, SQLModel


def _json() -> Column[object]:
    return Column(JSON(), nullable=False)


class DraftRow(SQLModel, table=True):
    """A file that was read and not yet taken over: nothing of it is in the other tables."""

    __tablename__ = "draft"
    __table_args__ = (
        CheckConstraint("status IN ('draft', 'confirmed', 'discarded')", name="status_known"),
        CheckConstraint("version >= 1", name="version_counts"),
    )

    draft_id: str = Field(primary_key=True)
    owner: str | None = Field(default=None, index=True)  # an organisation; None: whoever runs it
    kind: str
    file_name: str
    sha256: str
    created_at: str  # ISO 8601 with zone
    created_by: str
    status: str = Field(index=True)
    version: int  # grows with every change: the one who changed an older version is told
    summary: dict[str, int] = Field(sa_column=_json())
    content: dict[str, object] = Field(sa_column=_json())


class CallListingRow(SQLModel, table=True):
    """A published list named a call: what a later edition lacks may have been withdrawn."""

    __tablename__ = "call_listing"
    __table_args__ = (Index("ix_call_listing_call_id", "call_id"),)

    sha256: str = Field(primary_key=True)
    call_id: str = Field(primary_key=True)
    file_name: str
    listed_at: str  # ISO 8601 with zone


class CallHistoryRow(SQLModel, table=True):
    """One change of a call: when, by whom, from which file, and each field's old and new value."""

    __tablename__ = "call_history"
    __table_args__ = (
        CheckConstraint("action IN ('new', 'changed', 'withdrawn')", name="action_known"),
    )

    entry_id: int | None = Field(default=None, primary_key=True)
    call_id: str = Field(index=True)
    action: str
    changed_at: str  # ISO 8601 with zone
    changed_by: str
    file_name: str
    sha256: str
    draft_id: str | None
    changes: dict[str, object] = Field(sa_column=_json())  # field: [old, new]
