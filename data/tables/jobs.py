"""Work to be done once: jobs, the files they read, mails to send, idempotency keys."""

from sqlalchemy import JSON, CheckConstraint, Column, Index, LargeBinary
from sqlmodel import Field, SQLModel


class JobRow(SQLModel, table=True):
    """A piece of work. A worker holds it by a lease; whoever holds no lease may not finish it."""

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint(
            "status IN ('queued', 'running', 'done', 'failed', 'cancelled')", name="status_known"
        ),
        CheckConstraint("attempts >= 0", name="attempts_not_negative"),
        CheckConstraint("max_attempts >= 1", name="max_attempts_positive"),
        Index("ix_job_due", "status", "run_after"),
    )

    job_id: str = Field(primary_key=True)
    kind: str
    payload: dict[str, object] = Field(sa_column=Column(JSON(), nullable=False))
    status: str
    organisation_id: str | None = Field(
        default=None, foreign_key="organisation.organisation_id", index=True
    )
    user_id: str | None = None
    key_id: str | None = None
    unique_key: str | None = Field(default=None, unique=True)  # asked for twice, done once
    attempts: int
    max_attempts: int
    run_after: str
    lease_until: str | None = None
    lease_token: str | None = None
    progress_done: int
    progress_total: int
    result: dict[str, object] | None = Field(
        default=None, sa_column=Column(JSON(none_as_null=True), nullable=True)
    )
    error_code: str
    error_en: str
    error_vi: str
    created_at: str
    started_at: str | None = None
    finished_at: str | None = None


class JobFileRow(SQLModel, table=True):
    """A file that a job reads, kept in the database so that any worker finds it."""

    __tablename__ = "job_file"

    job_id: str = Field(primary_key=True, foreign_key="job.job_id", ondelete="CASCADE")
    name: str = Field(primary_key=True)
    sha256: str
    content: bytes = Field(sa_column=Column(LargeBinary(), nullable=False))


class MailRow(SQLModel, table=True):
    """A mail to send. Its message id stays the same however often it is tried."""

    __tablename__ = "mail"
    __table_args__ = (
        CheckConstraint("status IN ('queued', 'sending', 'sent', 'failed')", name="status_known"),
        Index("ix_mail_due", "status", "send_after"),
    )

    mail_id: str = Field(primary_key=True)
    message_id: str = Field(unique=True)
    unique_key: str | None = Field(default=None, unique=True)
    organisation_id: str | None = Field(
        default=None, foreign_key="organisation.organisation_id", index=True
    )
    recipient: str
    subject: str
    body: str
    status: str
    attempts: int
    max_attempts: int
    send_after: str
    lease_until: str | None = None
    lease_token: str | None = None
    last_error: str
    created_at: str
    sent_at: str | None = None


class IdempotencyRow(SQLModel, table=True):
    """The answer that a request with an Idempotency-Key got, to be given again."""

    __tablename__ = "idempotency_key"

    principal: str = Field(primary_key=True)  # whose key it is: nobody else's can meet it
    key: str = Field(primary_key=True)
    request_hash: str
    status: int
    headers: dict[str, str] = Field(sa_column=Column(JSON(), nullable=False))
    body: str
    created_at: str
    expires_at: str = Field(index=True)
