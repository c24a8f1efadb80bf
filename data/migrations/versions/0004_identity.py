"""Which names are one party."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def _investor(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column],
        ["investor.investor_id"],
        name=op.f(f"fk_{table}_{column}_investor"),
        ondelete="CASCADE",
    )


def upgrade() -> None:
    op.create_table(
        "party_merge",
        sa.Column("merge_id", sa.Integer(), nullable=False),
        sa.Column("kept", sa.String(), nullable=False),
        sa.Column("merged", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("merged_by", sa.String(), nullable=False),
        sa.Column("merged_at", sa.String(), nullable=False),
        sa.Column("split_by", sa.String(), nullable=True),
        sa.Column("split_at", sa.String(), nullable=True),
        sa.CheckConstraint("kept <> merged", name=op.f("ck_party_merge_two_parties")),
        sa.CheckConstraint(
            "(split_at IS NULL) = (split_by IS NULL)", name=op.f("ck_party_merge_split_whole")
        ),
        _investor("party_merge", "kept"),
        _investor("party_merge", "merged"),
        sa.PrimaryKeyConstraint("merge_id", name=op.f("pk_party_merge")),
    )
    op.create_index(op.f("ix_party_merge_kept"), "party_merge", ["kept"])
    op.create_index(
        "uq_party_merge_standing",
        "party_merge",
        ["merged"],
        unique=True,
        sqlite_where=sa.text("split_at IS NULL"),
        postgresql_where=sa.text("split_at IS NULL"),
    )
    op.create_table(
        "party_apart",
        sa.Column("first", sa.String(), nullable=False),
        sa.Column("second", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("said_by", sa.String(), nullable=False),
        sa.Column("said_at", sa.String(), nullable=False),
        sa.CheckConstraint("first < second", name=op.f("ck_party_apart_in_order")),
        _investor("party_apart", "first"),
        _investor("party_apart", "second"),
        sa.PrimaryKeyConstraint("first", "second", name=op.f("pk_party_apart")),
    )


def downgrade() -> None:
    op.drop_table("party_apart")
    op.drop_table("party_merge")
