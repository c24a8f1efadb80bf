"""Which names are one party: merges, never undone but marked as split, and pairs told apart."""

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel


class PartyMergeRow(SQLModel, table=True):
    """Two investors were found to be one: reads show `merged` as `kept`, both rows stay."""

    __tablename__ = "party_merge"
    __table_args__ = (
        CheckConstraint("kept <> merged", name="two_parties"),
        CheckConstraint("(split_at IS NULL) = (split_by IS NULL)", name="split_whole"),
        # A party may be merged away once at a time, as often as it was split off again.
        Index(
            "uq_party_merge_standing",
            "merged",
            unique=True,
            sqlite_where=text("split_at IS NULL"),
            postgresql_where=text("split_at IS NULL"),
        ),
    )

    merge_id: int | None = Field(default=None, primary_key=True)
    kept: str = Field(index=True, foreign_key="investor.investor_id", ondelete="CASCADE")
    merged: str = Field(foreign_key="investor.investor_id", ondelete="CASCADE")
    rule: str  # a rule's code, or "person"
    reason: str
    merged_by: str
    merged_at: str  # ISO 8601 with zone
    split_by: str | None = None
    split_at: str | None = None


class PartyApartRow(SQLModel, table=True):
    """Two investors that a person told apart: they are not proposed again."""

    __tablename__ = "party_apart"
    __table_args__ = (CheckConstraint("first < second", name="in_order"),)

    first: str = Field(primary_key=True, foreign_key="investor.investor_id", ondelete="CASCADE")
    second: str = Field(primary_key=True, foreign_key="investor.investor_id", ondelete="CASCADE")
    reason: str
    said_by: str
    said_at: str
