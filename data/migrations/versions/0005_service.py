"""Organisations, people, keys, leads, contacts, jobs, mails; who asked for a slate."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_ASKER = ("organisation_id", "user_id", "key_id")


def upgrade() -> None:
    # Rows that are there keep their hashes: version 1 does not cover the new columns.
    op.add_column(
        "slate", sa.Column("hash_version", sa.Integer(), server_default="1", nullable=False)
    )
    for name in _ASKER:
        op.add_column("slate", sa.Column(name, sa.String(), nullable=True))
    op.create_table(
        "contact_access",
        sa.Column("access_id", sa.String(), nullable=False),
        sa.Column("contact_id", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.String(), nullable=True),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("by_organisation_id", sa.String(), nullable=True),
        sa.Column("user_id", sa.String(), nullable=True),
        sa.Column("key_id", sa.String(), nullable=True),
        sa.CheckConstraint(
            "action IN ('create', 'read', 'change', 'export', 'erase', 'expire')",
            name=op.f("ck_contact_access_action_known"),
        ),
        sa.PrimaryKeyConstraint("access_id", name=op.f("pk_contact_access")),
    )
    op.create_index(op.f("ix_contact_access_at"), "contact_access", ["at"], unique=False)
    op.create_index(
        op.f("ix_contact_access_contact_id"), "contact_access", ["contact_id"], unique=False
    )
    op.create_index(
        op.f("ix_contact_access_organisation_id"),
        "contact_access",
        ["organisation_id"],
        unique=False,
    )
    op.create_table(
        "idempotency_key",
        sa.Column("principal", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("request_hash", sa.String(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.Column("expires_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("principal", "key", name=op.f("pk_idempotency_key")),
    )
    op.create_index(
        op.f("ix_idempotency_key_expires_at"), "idempotency_key", ["expires_at"], unique=False
    )
    op.create_table(
        "ledger_head",
        sa.Column("chain", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.CheckConstraint(
            "chain IN ('slate', 'decision')", name=op.f("ck_ledger_head_chain_known")
        ),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_ledger_head")),
    )
    op.create_table(
        "organisation",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("province_codes", sa.JSON(), nullable=False),
        sa.Column("investor_id", sa.String(), nullable=True),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.Column("disabled_at", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('platform', 'centre', 'business', 'organiser')",
            name=op.f("ck_organisation_kind_known"),
        ),
        sa.CheckConstraint("name <> ''", name=op.f("ck_organisation_name_given")),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_organisation")),
    )
    op.create_index(
        op.f("ix_organisation_investor_id"), "organisation", ["investor_id"], unique=False
    )
    op.create_table(
        "api_key",
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("created_by", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("prefix", sa.String(), nullable=False),
        sa.Column("secret_hash", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.Column("expires_at", sa.String(), nullable=False),
        sa.Column("last_used_at", sa.String(), nullable=True),
        sa.Column("revoked_at", sa.String(), nullable=True),
        sa.CheckConstraint(
            "role IN ('administrator', 'staff', 'organiser', 'business', 'reader')",
            name=op.f("ck_api_key_role_known"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.organisation_id"],
            name=op.f("fk_api_key_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("prefix", name=op.f("uq_api_key_prefix")),
    )
    op.create_index("ix_api_key_organisation_id", "api_key", ["organisation_id"], unique=False)
    op.create_table(
        "contact",
        sa.Column("contact_id", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("party_kind", sa.String(), nullable=False),
        sa.Column("party_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("email_folded", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("phone_digits", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("consent_text", sa.String(), nullable=False),
        sa.Column("consented_on", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("expires_on", sa.String(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.Column("updated_at", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("consent_text <> ''", name=op.f("ck_contact_consent_text_given")),
        sa.CheckConstraint(
            "party_kind IN ('investor', 'call')", name=op.f("ck_contact_party_kind_known")
        ),
        sa.CheckConstraint("purpose <> ''", name=op.f("ck_contact_purpose_given")),
        sa.CheckConstraint("source <> ''", name=op.f("ck_contact_source_given")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.organisation_id"],
            name=op.f("fk_contact_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_contact")),
    )
    op.create_index(op.f("ix_contact_email_folded"), "contact", ["email_folded"], unique=False)
    op.create_index(op.f("ix_contact_expires_on"), "contact", ["expires_on"], unique=False)
    op.create_index(
        op.f("ix_contact_organisation_id"), "contact", ["organisation_id"], unique=False
    )
    op.create_index("ix_contact_party", "contact", ["party_kind", "party_id"], unique=False)
    op.create_index(op.f("ix_contact_phone_digits"), "contact", ["phone_digits"], unique=False)
    op.create_table(
        "decision",
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("decision_id", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("investor_id", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("slate_id", sa.String(), nullable=True),
        sa.Column("lead_id", sa.String(), nullable=True),
        sa.Column("organisation_id", sa.String(), nullable=True),
        sa.Column("user_id", sa.String(), nullable=True),
        sa.Column("key_id", sa.String(), nullable=True),
        sa.Column("previous_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.CheckConstraint(
            "stage IN ('longlisted', 'shortlisted', 'contacted', 'interested', 'met', 'site_visit', 'mou', 'certificate', 'operating', 'dismissed')",
            name=op.f("ck_decision_stage_known"),
        ),
        sa.ForeignKeyConstraint(
            ["slate_id"], ["slate.slate_id"], name=op.f("fk_decision_slate_id_slate")
        ),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_decision")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_decision_decision_id")),
        sa.UniqueConstraint("previous_hash", name=op.f("uq_decision_previous_hash")),
    )
    op.create_index(op.f("ix_decision_call_id"), "decision", ["call_id"], unique=False)
    op.create_index(op.f("ix_decision_investor_id"), "decision", ["investor_id"], unique=False)
    op.create_index(op.f("ix_decision_slate_id"), "decision", ["slate_id"], unique=False)
    op.create_table(
        "job",
        sa.Column("job_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.String(), nullable=True),
        sa.Column("user_id", sa.String(), nullable=True),
        sa.Column("key_id", sa.String(), nullable=True),
        sa.Column("unique_key", sa.String(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("max_attempts", sa.Integer(), nullable=False),
        sa.Column("run_after", sa.String(), nullable=False),
        sa.Column("lease_until", sa.String(), nullable=True),
        sa.Column("lease_token", sa.String(), nullable=True),
        sa.Column("progress_done", sa.Integer(), nullable=False),
        sa.Column("progress_total", sa.Integer(), nullable=False),
        sa.Column("result", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("error_code", sa.String(), nullable=False),
        sa.Column("error_en", sa.String(), nullable=False),
        sa.Column("error_vi", sa.String(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.Column("started_at", sa.String(), nullable=True),
        sa.Column("finished_at", sa.String(), nullable=True),
        sa.CheckConstraint(
            "status IN ('queued', 'running', 'done', 'failed', 'cancelled')",
            name=op.f("ck_job_status_known"),
        ),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_job_attempts_not_negative")),
        sa.CheckConstraint("max_attempts >= 1", name=op.f("ck_job_max_attempts_positive")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.organisation_id"],
            name=op.f("fk_job_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_job")),
        sa.UniqueConstraint("unique_key", name=op.f("uq_job_unique_key")),
    )
    op.create_index("ix_job_due", "job", ["status", "run_after"], unique=False)
    op.create_index(op.f("ix_job_organisation_id"), "job", ["organisation_id"], unique=False)
    op.create_table(
        "mail",
        sa.Column("mail_id", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("unique_key", sa.String(), nullable=True),
        sa.Column("organisation_id", sa.String(), nullable=True),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("max_attempts", sa.Integer(), nullable=False),
        sa.Column("send_after", sa.String(), nullable=False),
        sa.Column("lease_until", sa.String(), nullable=True),
        sa.Column("lease_token", sa.String(), nullable=True),
        sa.Column("last_error", sa.String(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.Column("sent_at", sa.String(), nullable=True),
        sa.CheckConstraint(
            "status IN ('queued', 'sending', 'sent', 'failed')", name=op.f("ck_mail_status_known")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.organisation_id"],
            name=op.f("fk_mail_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("mail_id", name=op.f("pk_mail")),
        sa.UniqueConstraint("message_id", name=op.f("uq_mail_message_id")),
        sa.UniqueConstraint("unique_key", name=op.f("uq_mail_unique_key")),
    )
    op.create_index("ix_mail_due", "mail", ["status", "send_after"], unique=False)
    op.create_index(op.f("ix_mail_organisation_id"), "mail", ["organisation_id"], unique=False)
    op.create_table(
        "user_account",
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("totp_secret", sa.String(), nullable=True),
        sa.Column("totp_last_step", sa.Integer(), nullable=True),
        sa.Column("failed_sign_ins", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.String(), nullable=True),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.Column("last_sign_in_at", sa.String(), nullable=True),
        sa.Column("disabled_at", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("language IN ('vi', 'en')", name=op.f("ck_user_account_language_known")),
        sa.CheckConstraint(
            "role IN ('administrator', 'staff', 'organiser', 'business', 'reader')",
            name=op.f("ck_user_account_role_known"),
        ),
        sa.CheckConstraint(
            "failed_sign_ins >= 0", name=op.f("ck_user_account_failed_sign_ins_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.organisation_id"],
            name=op.f("fk_user_account_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("email", name=op.f("uq_user_account_email")),
    )
    op.create_index(
        op.f("ix_user_account_organisation_id"), "user_account", ["organisation_id"], unique=False
    )
    op.create_table(
        "job_file",
        sa.Column("job_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"], ["job.job_id"], name=op.f("fk_job_file_job_id_job"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("job_id", "name", name=op.f("pk_job_file")),
    )
    op.create_table(
        "lead",
        sa.Column("lead_id", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("investor_id", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("owner_id", sa.String(), nullable=True),
        sa.Column("next_action", sa.String(), nullable=False),
        sa.Column("next_action_on", sa.String(), nullable=True),
        sa.Column("notes", sa.String(), nullable=False),
        sa.Column("slate_id", sa.String(), nullable=True),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.Column("updated_at", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "stage <> 'dismissed' OR reason <> ''", name=op.f("ck_lead_dismissal_has_reason")
        ),
        sa.CheckConstraint(
            "stage IN ('longlisted', 'shortlisted', 'contacted', 'interested', 'met', 'site_visit', 'mou', 'certificate', 'operating', 'dismissed')",
            name=op.f("ck_lead_stage_known"),
        ),
        sa.ForeignKeyConstraint(
            ["call_id"], ["project_call.call_id"], name=op.f("fk_lead_call_id_project_call")
        ),
        sa.ForeignKeyConstraint(
            ["investor_id"], ["investor.investor_id"], name=op.f("fk_lead_investor_id_investor")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.organisation_id"],
            name=op.f("fk_lead_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["user_account.user_id"],
            name=op.f("fk_lead_owner_id_user_account"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("lead_id", name=op.f("pk_lead")),
        sa.UniqueConstraint("organisation_id", "call_id", "investor_id", name="uq_lead_pair"),
    )
    op.create_index("ix_lead_call_id", "lead", ["call_id"], unique=False)
    op.create_index("ix_lead_investor_id", "lead", ["investor_id"], unique=False)
    op.create_index(op.f("ix_lead_owner_id"), "lead", ["owner_id"], unique=False)
    op.create_table(
        "user_session",
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.Column("expires_at", sa.String(), nullable=False),
        sa.Column("last_seen_at", sa.String(), nullable=False),
        sa.Column("revoked_at", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.user_id"],
            name=op.f("fk_user_session_user_id_user_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_user_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_user_session_token_hash")),
    )
    op.create_index(
        op.f("ix_user_session_expires_at"), "user_session", ["expires_at"], unique=False
    )
    op.create_index(op.f("ix_user_session_user_id"), "user_session", ["user_id"], unique=False)
    op.create_table(
        "lead_event",
        sa.Column("lead_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=True),
        sa.Column("key_id", sa.String(), nullable=True),
        sa.Column("stage_before", sa.String(), nullable=True),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lead_id"], ["lead.lead_id"], name=op.f("fk_lead_event_lead_id_lead")
        ),
        sa.PrimaryKeyConstraint("lead_id", "position", name=op.f("pk_lead_event")),
    )
    op.execute(
        "INSERT INTO ledger_head (chain, position, hash) "
        "SELECT 'slate', position, hash FROM slate ORDER BY position DESC LIMIT 1"
    )


def downgrade() -> None:
    """Slates written since lose who asked, and with it what their hash covers."""
    op.drop_table("lead_event")
    op.drop_index(op.f("ix_user_session_user_id"), table_name="user_session")
    op.drop_index(op.f("ix_user_session_expires_at"), table_name="user_session")
    op.drop_table("user_session")
    op.drop_index(op.f("ix_lead_owner_id"), table_name="lead")
    op.drop_index("ix_lead_investor_id", table_name="lead")
    op.drop_index("ix_lead_call_id", table_name="lead")
    op.drop_table("lead")
    op.drop_table("job_file")
    op.drop_index(op.f("ix_user_account_organisation_id"), table_name="user_account")
    op.drop_table("user_account")
    op.drop_index(op.f("ix_mail_organisation_id"), table_name="mail")
    op.drop_index("ix_mail_due", table_name="mail")
    op.drop_table("mail")
    op.drop_index(op.f("ix_job_organisation_id"), table_name="job")
    op.drop_index("ix_job_due", table_name="job")
    op.drop_table("job")
    op.drop_index(op.f("ix_decision_slate_id"), table_name="decision")
    op.drop_index(op.f("ix_decision_investor_id"), table_name="decision")
    op.drop_index(op.f("ix_decision_call_id"), table_name="decision")
    op.drop_table("decision")
    op.drop_index(op.f("ix_contact_phone_digits"), table_name="contact")
    op.drop_index("ix_contact_party", table_name="contact")
    op.drop_index(op.f("ix_contact_organisation_id"), table_name="contact")
    op.drop_index(op.f("ix_contact_expires_on"), table_name="contact")
    op.drop_index(op.f("ix_contact_email_folded"), table_name="contact")
    op.drop_table("contact")
    op.drop_index("ix_api_key_organisation_id", table_name="api_key")
    op.drop_table("api_key")
    op.drop_index(op.f("ix_organisation_investor_id"), table_name="organisation")
    op.drop_table("organisation")
    op.drop_table("ledger_head")
    op.drop_index(op.f("ix_idempotency_key_expires_at"), table_name="idempotency_key")
    op.drop_table("idempotency_key")
    op.drop_index(op.f("ix_contact_access_organisation_id"), table_name="contact_access")
    op.drop_index(op.f("ix_contact_access_contact_id"), table_name="contact_access")
    op.drop_index(op.f("ix_contact_access_at"), table_name="contact_access")
    op.drop_table("contact_access")
    for name in (*_ASKER, "hash_version"):
        op.execute(f"ALTER TABLE slate DROP COLUMN {name}")
