"""First tables: investors, calls, deals, programmes, imports, ledger."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "content_version",
        sa.Column("one", sa.Integer(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.CheckConstraint("one = 1", name=op.f("ck_content_version_one_row")),
        sa.PrimaryKeyConstraint("one", name=op.f("pk_content_version")),
    )
    op.create_table(
        "import_run",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("imported_at", sa.String(), nullable=False),
        sa.Column("rows_new", sa.Integer(), nullable=False),
        sa.Column("rows_changed", sa.Integer(), nullable=False),
        sa.Column("rows_same", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_import_run")),
    )
    op.create_table(
        "investor",
        sa.Column("investor_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_folded", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("home_code", sa.String(), nullable=False),
        sa.Column("home_name", sa.String(), nullable=False),
        sa.Column("home_old_name", sa.String(), nullable=False),
        sa.Column("home_as_written", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("sectors", sa.JSON(), nullable=False),
        sa.Column("sectors_as_written", sa.String(), nullable=False),
        sa.Column("activities", sa.JSON(), nullable=False),
        sa.Column("provinces_wanted", sa.JSON(), nullable=False),
        sa.Column("capital_vnd_low", sa.Float(precision=53), nullable=True),
        sa.Column("capital_vnd_high", sa.Float(precision=53), nullable=True),
        sa.Column("capital_text", sa.String(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("website", sa.String(), nullable=False),
        sa.Column("source_url", sa.String(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.CheckConstraint("investor_id <> ''", name=op.f("ck_investor_investor_id_given")),
        sa.CheckConstraint("name <> ''", name=op.f("ck_investor_name_given")),
        sa.CheckConstraint(
            "capital_vnd_high IS NULL OR capital_vnd_high >= 0",
            name=op.f("ck_investor_capital_vnd_high_not_negative"),
        ),
        sa.CheckConstraint(
            "capital_vnd_low IS NULL OR capital_vnd_high IS NULL OR capital_vnd_low <= capital_vnd_high",
            name=op.f("ck_investor_capital_vnd_in_order"),
        ),
        sa.CheckConstraint(
            "capital_vnd_low IS NULL OR capital_vnd_low >= 0",
            name=op.f("ck_investor_capital_vnd_low_not_negative"),
        ),
        sa.PrimaryKeyConstraint("investor_id", name=op.f("pk_investor")),
    )
    op.create_index(op.f("ix_investor_home_code"), "investor", ["home_code"], unique=False)
    op.create_index(op.f("ix_investor_name_folded"), "investor", ["name_folded"], unique=False)
    op.create_table(
        "programme",
        sa.Column("programme_id", sa.String(), nullable=False),
        sa.Column("name_vi", sa.String(), nullable=False),
        sa.Column("partners", sa.JSON(), nullable=False),
        sa.Column("counterparts", sa.JSON(), nullable=False),
        sa.Column("fields_as_written", sa.JSON(), nullable=False),
        sa.Column("sectors", sa.JSON(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("signed_on", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("programme_id", name=op.f("pk_programme")),
    )
    op.create_table(
        "project_call",
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("title_en", sa.String(), nullable=False),
        sa.Column("sectors", sa.JSON(), nullable=False),
        sa.Column("sector_as_written", sa.String(), nullable=False),
        sa.Column("place_code", sa.String(), nullable=False),
        sa.Column("place_name", sa.String(), nullable=False),
        sa.Column("place_old_name", sa.String(), nullable=False),
        sa.Column("place_as_written", sa.String(), nullable=False),
        sa.Column("location", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("land_ha_low", sa.Float(precision=53), nullable=True),
        sa.Column("land_ha_high", sa.Float(precision=53), nullable=True),
        sa.Column("land_text", sa.String(), nullable=False),
        sa.Column("capital_vnd_low", sa.Float(precision=53), nullable=True),
        sa.Column("capital_vnd_high", sa.Float(precision=53), nullable=True),
        sa.Column("capital_text", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("published_on", sa.String(), nullable=True),
        sa.Column("closes_on", sa.String(), nullable=True),
        sa.Column("source_url", sa.String(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.CheckConstraint("call_id <> ''", name=op.f("ck_project_call_call_id_given")),
        sa.CheckConstraint(
            "status IN ('open', 'closed')", name=op.f("ck_project_call_status_known")
        ),
        sa.CheckConstraint("title <> ''", name=op.f("ck_project_call_title_given")),
        sa.CheckConstraint(
            "capital_vnd_high IS NULL OR capital_vnd_high >= 0",
            name=op.f("ck_project_call_capital_vnd_high_not_negative"),
        ),
        sa.CheckConstraint(
            "capital_vnd_low IS NULL OR capital_vnd_high IS NULL OR capital_vnd_low <= capital_vnd_high",
            name=op.f("ck_project_call_capital_vnd_in_order"),
        ),
        sa.CheckConstraint(
            "capital_vnd_low IS NULL OR capital_vnd_low >= 0",
            name=op.f("ck_project_call_capital_vnd_low_not_negative"),
        ),
        sa.CheckConstraint(
            "land_ha_high IS NULL OR land_ha_high >= 0",
            name=op.f("ck_project_call_land_ha_high_not_negative"),
        ),
        sa.CheckConstraint(
            "land_ha_low IS NULL OR land_ha_high IS NULL OR land_ha_low <= land_ha_high",
            name=op.f("ck_project_call_land_ha_in_order"),
        ),
        sa.CheckConstraint(
            "land_ha_low IS NULL OR land_ha_low >= 0",
            name=op.f("ck_project_call_land_ha_low_not_negative"),
        ),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_project_call")),
    )
    op.create_index(
        op.f("ix_project_call_place_code"), "project_call", ["place_code"], unique=False
    )
    op.create_index(op.f("ix_project_call_status"), "project_call", ["status"], unique=False)
    op.create_table(
        "slate",
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("slate_id", sa.String(), nullable=False),
        sa.Column("shown_at", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("release", sa.String(), nullable=False),
        sa.Column("inputs_hash", sa.String(), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("previous_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('shortlist', 'opportunities')", name=op.f("ck_slate_kind_known")
        ),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_slate")),
        sa.UniqueConstraint("previous_hash", name=op.f("uq_slate_previous_hash")),
        sa.UniqueConstraint("slate_id", name=op.f("uq_slate_slate_id")),
    )
    op.create_index(op.f("ix_slate_subject"), "slate", ["subject"], unique=False)
    op.create_table(
        "deal",
        sa.Column("investor_id", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("date", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("source_url", sa.String(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.CheckConstraint("date <> ''", name=op.f("ck_deal_date_given")),
        sa.ForeignKeyConstraint(
            ["call_id"], ["project_call.call_id"], name=op.f("fk_deal_call_id_project_call")
        ),
        sa.ForeignKeyConstraint(
            ["investor_id"], ["investor.investor_id"], name=op.f("fk_deal_investor_id_investor")
        ),
        sa.PrimaryKeyConstraint("investor_id", "call_id", "date", "stage", name=op.f("pk_deal")),
    )
    op.create_index("ix_deal_call_id", "deal", ["call_id"], unique=False)
    op.create_table(
        "investor_alias",
        sa.Column("investor_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("alias", sa.String(), nullable=False),
        sa.Column("alias_folded", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["investor_id"],
            ["investor.investor_id"],
            name=op.f("fk_investor_alias_investor_id_investor"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("investor_id", "position", name=op.f("pk_investor_alias")),
    )
    op.create_index(
        op.f("ix_investor_alias_alias_folded"), "investor_alias", ["alias_folded"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_investor_alias_alias_folded"), table_name="investor_alias")
    op.drop_table("investor_alias")
    op.drop_index("ix_deal_call_id", table_name="deal")
    op.drop_table("deal")
    op.drop_index(op.f("ix_slate_subject"), table_name="slate")
    op.drop_table("slate")
    op.drop_index(op.f("ix_project_call_status"), table_name="project_call")
    op.drop_index(op.f("ix_project_call_place_code"), table_name="project_call")
    op.drop_table("project_call")
    op.drop_table("programme")
    op.drop_index(op.f("ix_investor_name_folded"), table_name="investor")
    op.drop_index(op.f("ix_investor_home_code"), table_name="investor")
    op.drop_table("investor")
    op.drop_table("import_run")
    op.drop_table("content_version")
