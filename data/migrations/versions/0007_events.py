"""Events, who comes, suggestions and schedules; webhooks."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_TABLES = (
    "event_seat",
    "event_wish",
    "event_suggestion",
    "event_meeting",
    "event_table",
    "event_slot",
    "event_schedule",
    "event_participant",
    "event_outcome",
    "event_interpreter",
    "webhook",
    "event",
)


def upgrade() -> None:
    op.create_table(
        "event",
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("published", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.Column("updated_at", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('investment', 'supply_demand')", name=op.f("ck_event_kind_known")
        ),
        sa.CheckConstraint("name <> ''", name=op.f("ck_event_name_given")),
        sa.CheckConstraint("published >= 0", name=op.f("ck_event_published_not_negative")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.organisation_id"],
            name=op.f("fk_event_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_event")),
    )
    op.create_index("ix_event_changed", "event", ["organisation_id", "updated_at"], unique=False)
    op.create_table(
        "webhook",
        sa.Column("webhook_id", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.CheckConstraint("url <> ''", name=op.f("ck_webhook_url_given")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.organisation_id"],
            name=op.f("fk_webhook_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("webhook_id", name=op.f("pk_webhook")),
    )
    op.create_index(
        op.f("ix_webhook_organisation_id"), "webhook", ["organisation_id"], unique=False
    )
    op.create_table(
        "event_interpreter",
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("interpreter_id", sa.String(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("unavailable", sa.JSON(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["event.event_id"],
            name=op.f("fk_event_interpreter_event_id_event"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("event_id", "interpreter_id", name=op.f("pk_event_interpreter")),
    )
    op.create_table(
        "event_outcome",
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("a", sa.String(), nullable=False),
        sa.Column("b", sa.String(), nullable=False),
        sa.Column("days", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("noted_at", sa.String(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('nothing', 'talking', 'site_visit', 'mou', 'contract', 'certificate', "
            "'operating')",
            name=op.f("ck_event_outcome_outcome_known"),
        ),
        sa.CheckConstraint("days IN (30, 90, 365)", name=op.f("ck_event_outcome_days_known")),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["event.event_id"],
            name=op.f("fk_event_outcome_event_id_event"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("event_id", "a", "b", "days", name=op.f("pk_event_outcome")),
    )
    op.create_table(
        "event_participant",
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("participant_id", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("party_id", sa.String(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("unavailable", sa.JSON(), nullable=False),
        sa.Column("min_meetings", sa.Integer(), nullable=False),
        sa.Column("max_meetings", sa.Integer(), nullable=True),
        sa.Column("standby", sa.Boolean(), nullable=False),
        sa.Column("consent_text", sa.String(), nullable=False),
        sa.Column("consented_on", sa.String(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.Column("updated_at", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "consent_text <> ''", name=op.f("ck_event_participant_consent_text_given")
        ),
        sa.CheckConstraint("side IN ('a', 'b')", name=op.f("ck_event_participant_side_known")),
        sa.CheckConstraint(
            "max_meetings IS NULL OR max_meetings >= 0",
            name=op.f("ck_event_participant_max_meetings_not_negative"),
        ),
        sa.CheckConstraint(
            "min_meetings >= 0", name=op.f("ck_event_participant_min_meetings_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["event.event_id"],
            name=op.f("fk_event_participant_event_id_event"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("event_id", "participant_id", name=op.f("pk_event_participant")),
    )
    op.create_table(
        "event_schedule",
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("event_document", sa.JSON(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("job_id", sa.String(), nullable=True),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.Column("published_at", sa.String(), nullable=True),
        sa.CheckConstraint("number >= 1", name=op.f("ck_event_schedule_number_positive")),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["event.event_id"],
            name=op.f("fk_event_schedule_event_id_event"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("event_id", "number", name=op.f("pk_event_schedule")),
    )
    op.create_table(
        "event_slot",
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("slot_id", sa.String(), nullable=False),
        sa.Column("starts_at", sa.String(), nullable=False),
        sa.Column("ends_at", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_event_slot_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["event.event_id"],
            name=op.f("fk_event_slot_event_id_event"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("event_id", "slot_id", name=op.f("pk_event_slot")),
    )
    op.create_table(
        "event_table",
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("table_id", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("unavailable", sa.JSON(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["event.event_id"],
            name=op.f("fk_event_table_event_id_event"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("event_id", "table_id", name=op.f("pk_event_table")),
    )
    op.create_table(
        "event_meeting",
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("a", sa.String(), nullable=False),
        sa.Column("b", sa.String(), nullable=False),
        sa.Column("slot_id", sa.String(), nullable=False),
        sa.Column("table_id", sa.String(), nullable=False),
        sa.Column("interpreter_id", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("updated_at", sa.String(), nullable=False),
        sa.CheckConstraint(
            "status IN ('booked', 'held', 'no_show', 'replaced')",
            name=op.f("ck_event_meeting_status_known"),
        ),
        sa.ForeignKeyConstraint(
            ["event_id", "number"],
            ["event_schedule.event_id", "event_schedule.number"],
            name="fk_event_meeting_schedule",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("event_id", "number", "a", "b", name=op.f("pk_event_meeting")),
    )
    op.create_table(
        "event_suggestion",
        sa.Column("suggestion_id", sa.String(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("a", sa.String(), nullable=False),
        sa.Column("b", sa.String(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("band", sa.String(), nullable=False),
        sa.Column("must", sa.Boolean(), nullable=False),
        sa.Column("answer_a", sa.String(), nullable=False),
        sa.Column("answer_b", sa.String(), nullable=False),
        sa.Column("expires_at", sa.String(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.Column("updated_at", sa.String(), nullable=False),
        sa.CheckConstraint(
            "answer_a IN ('pending', 'accepted', 'declined')",
            name=op.f("ck_event_suggestion_answer_a_known"),
        ),
        sa.CheckConstraint(
            "answer_b IN ('pending', 'accepted', 'declined')",
            name=op.f("ck_event_suggestion_answer_b_known"),
        ),
        sa.CheckConstraint(
            "band IN ('high', 'medium', 'low')", name=op.f("ck_event_suggestion_band_known")
        ),
        sa.ForeignKeyConstraint(
            ["event_id", "a"],
            ["event_participant.event_id", "event_participant.participant_id"],
            name="fk_event_suggestion_a",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["event_id", "b"],
            ["event_participant.event_id", "event_participant.participant_id"],
            name="fk_event_suggestion_b",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("suggestion_id", name=op.f("pk_event_suggestion")),
        sa.UniqueConstraint("event_id", "a", "b", name="uq_event_suggestion_pair"),
    )
    op.create_table(
        "event_wish",
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("by_id", sa.String(), nullable=False),
        sa.Column("of_id", sa.String(), nullable=False),
        sa.Column("wish", sa.String(), nullable=False),
        sa.CheckConstraint(
            "wish IN ('must', 'want', 'no_thanks')", name=op.f("ck_event_wish_wish_known")
        ),
        sa.ForeignKeyConstraint(
            ["event_id", "by_id"],
            ["event_participant.event_id", "event_participant.participant_id"],
            name="fk_event_wish_by_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["event_id", "of_id"],
            ["event_participant.event_id", "event_participant.participant_id"],
            name="fk_event_wish_of_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("event_id", "by_id", "of_id", name=op.f("pk_event_wish")),
    )
    op.create_table(
        "event_seat",
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("slot_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("resource_id", sa.String(), nullable=False),
        sa.Column("a", sa.String(), nullable=False),
        sa.Column("b", sa.String(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('person', 'table', 'interpreter')", name=op.f("ck_event_seat_kind_known")
        ),
        sa.ForeignKeyConstraint(
            ["event_id", "number", "a", "b"],
            [
                "event_meeting.event_id",
                "event_meeting.number",
                "event_meeting.a",
                "event_meeting.b",
            ],
            name="fk_event_seat_meeting",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "event_id", "number", "slot_id", "kind", "resource_id", name=op.f("pk_event_seat")
        ),
    )


def downgrade() -> None:
    for table in _TABLES:
        op.drop_table(table)
