"""Offers, purchase requests and known links; slates of goods in the ledger."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_KINDS = "kind IN ('shortlist', 'opportunities', 'offers', 'requests')"


def upgrade() -> None:
    with op.batch_alter_table("slate") as slate:
        slate.drop_constraint(op.f("ck_slate_kind_known"), type_="check")
        slate.create_check_constraint(op.f("ck_slate_kind_known"), _KINDS)
    op.create_table(
        "offer",
        sa.Column("offer_id", sa.String(), nullable=False),
        sa.Column("product", sa.String(), nullable=False),
        sa.Column("product_en", sa.String(), nullable=False),
        sa.Column("seller", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("place_code", sa.String(), nullable=False),
        sa.Column("place_name", sa.String(), nullable=False),
        sa.Column("place_old_name", sa.String(), nullable=False),
        sa.Column("place_as_written", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("ocop_stars", sa.Integer(), nullable=True),
        sa.Column("certificates", sa.JSON(), nullable=False),
        sa.Column("volume", sa.String(), nullable=False),
        sa.Column("season", sa.String(), nullable=False),
        sa.Column("markets_wanted", sa.String(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("source_url", sa.String(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.CheckConstraint("offer_id <> ''", name=op.f("ck_offer_offer_id_given")),
        sa.CheckConstraint("product <> ''", name=op.f("ck_offer_product_given")),
        sa.CheckConstraint(
            "ocop_stars IS NULL OR ocop_stars BETWEEN 1 AND 5",
            name=op.f("ck_offer_ocop_stars_known"),
        ),
        sa.PrimaryKeyConstraint("offer_id", name=op.f("pk_offer")),
    )
    op.create_index(op.f("ix_offer_seller"), "offer", ["seller"], unique=False)
    op.create_index(op.f("ix_offer_place_code"), "offer", ["place_code"], unique=False)
    op.create_table(
        "purchase_request",
        sa.Column("request_id", sa.String(), nullable=False),
        sa.Column("product", sa.String(), nullable=False),
        sa.Column("product_en", sa.String(), nullable=False),
        sa.Column("buyer", sa.String(), nullable=False),
        sa.Column("buyer_type", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("location", sa.String(), nullable=False),
        sa.Column("requirements", sa.String(), nullable=False),
        sa.Column("volume", sa.String(), nullable=False),
        sa.Column("season", sa.String(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("source_url", sa.String(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.CheckConstraint("request_id <> ''", name=op.f("ck_purchase_request_request_id_given")),
        sa.CheckConstraint("product <> ''", name=op.f("ck_purchase_request_product_given")),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_purchase_request")),
    )
    op.create_index(op.f("ix_purchase_request_buyer"), "purchase_request", ["buyer"], unique=False)
    op.create_table(
        "supply_link",
        sa.Column("seller", sa.String(), nullable=False),
        sa.Column("buyer", sa.String(), nullable=False),
        sa.Column("product", sa.String(), nullable=False),
        sa.Column("date", sa.String(), nullable=False),
        sa.Column("source_url", sa.String(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("seller", "buyer", "product", "date", name=op.f("pk_supply_link")),
    )


def downgrade() -> None:
    op.drop_table("supply_link")
    op.drop_table("purchase_request")
    op.drop_table("offer")
    # The ledger only grows: its rows of the newer kinds stay, and so does the check that lets them.
