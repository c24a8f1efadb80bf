"""What people say calls and investors do, against what was read from their texts."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "activity_correction",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("party_id", sa.String(), nullable=False),
        sa.Column("activity_id", sa.String(), nullable=False),
        sa.Column("holds", sa.Boolean(), nullable=False),
        sa.Column("corrected_at", sa.String(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('call', 'investor')", name=op.f("ck_activity_correction_kind_known")
        ),
        sa.PrimaryKeyConstraint(
            "kind", "party_id", "activity_id", name=op.f("pk_activity_correction")
        ),
    )


def downgrade() -> None:
    op.drop_table("activity_correction")
