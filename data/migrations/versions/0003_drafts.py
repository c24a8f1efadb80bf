"""Drafts of imports, the lists that named calls, and the history of calls."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "draft",
        sa.Column("draft_id", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "status IN ('draft', 'confirmed', 'discarded')", name=op.f("ck_draft_status_known")
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_draft_version_counts")),
        sa.PrimaryKeyConstraint("draft_id", name=op.f("pk_draft")),
    )
    op.create_index(op.f("ix_draft_owner"), "draft", ["owner"])
    op.create_index(op.f("ix_draft_status"), "draft", ["status"])
    op.create_table(
        "call_listing",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("listed_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", "call_id", name=op.f("pk_call_listing")),
    )
    op.create_index("ix_call_listing_call_id", "call_listing", ["call_id"])
    op.create_table(
        "call_history",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("changed_at", sa.String(), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("draft_id", sa.String(), nullable=True),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "action IN ('new', 'changed', 'withdrawn')", name=op.f("ck_call_history_action_known")
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_call_history")),
    )
    op.create_index(op.f("ix_call_history_call_id"), "call_history", ["call_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_call_history_call_id"), table_name="call_history")
    op.drop_table("call_history")
    op.drop_index("ix_call_listing_call_id", table_name="call_listing")
    op.drop_table("call_listing")
    op.drop_index(op.f("ix_draft_status"), table_name="draft")
    op.drop_index(op.f("ix_draft_owner"), table_name="draft")
    op.drop_table("draft")
