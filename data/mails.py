"""The outbox: mails are queued in the transaction that gives cause, and sent by a worker.

A mail is queued once per `unique_key`. Sending leaves the database, so a worker killed between the
server's "accepted" and our note sends again; the message id stays the same, by which mail systems
recognise the copy.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import timedelta
from email.message import EmailMessage

from sqlalchemy import Connection, Engine, and_, or_, select
from sqlalchemy.exc import IntegrityError

from data import store
from data.errors import KetnoiError
from data.session import write
from data.store import Row

LEASE = timedelta(minutes=2)
WAIT = timedelta(minutes=1)
"""Before the second attempt; each further one waits three times as long."""
Send = Callable[[EmailMessage], None]


@dataclass(frozen=True, slots=True)
class NewMail:
    """What a mail is made from: plain text to one address."""

    recipient: str
    subject: str
    body: str
    organisation_id: str | None = None
    unique_key: str | None = None
    max_attempts: int = 5


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail and whether it was sent."""

    mail_id: str
    message_id: str
    organisation_id: str | None
    recipient: str
    subject: str
    body: str
    status: str  # queued, sending, sent, failed
    attempts: int
    max_attempts: int
    created_at: str
    sent_at: str | None
    last_error: str
    lease_token: str | None = None


def queue_mail(connection: Connection, new: NewMail) -> Mail:
    """Put a mail into the outbox; the same `unique_key` again gives the first one.

    Raises KetnoiError "mail.header" for an address or subject with a line break in it.
    """
    if any(mark in new.recipient + new.subject for mark in "\r\n\0") or "@" not in new.recipient:
        raise KetnoiError(
            "mail.header",
            "The mail's address or subject holds a line break, or there is no address. Mend it.",
            "Địa chỉ hoặc tiêu đề thư có dấu xuống dòng, hoặc thiếu địa chỉ. Hãy sửa lại.",
        )
    mail_id = store.new_id()
    row: Row = {
        "mail_id": mail_id,
        "message_id": f"<{mail_id}@ketnoi.invalid>",
        "unique_key": new.unique_key,
        "organisation_id": new.organisation_id,
        "recipient": new.recipient.strip().lower(),
        "subject": new.subject,
        "body": new.body,
        "status": "queued",
        "attempts": 0,
        "max_attempts": new.max_attempts,
        "send_after": store.now(),
        "last_error": "",
        "created_at": store.now(),
    }
    try:
        with connection.begin_nested():
            store.insert(connection, "mail", row)
    except IntegrityError:
        return _mail_of(store.rows(connection, "mail", {"unique_key": new.unique_key})[0])
    return mail(connection, mail_id)


def mail(connection: Connection, mail_id: str) -> Mail:
    """Return a mail. Raises NotFound ("mail.not_found")."""
    missing = store.not_found("mail", "mail", "thư", mail_id)
    return store.one(connection, "mail", {"mail_id": mail_id}, _mail_of, missing)


def send_one(engine: Engine, send: Send, *, sender: str) -> Mail | None:
    """Send the oldest mail that is due and note how it went; None if none is due.

    `send` raises OSError (as `smtplib` does) when it could not.
    """
    with write(engine, alone=False) as connection:
        held = claim_mail(connection)
    if held is None:
        return None
    try:
        send(as_message(held, sender=sender))
    except OSError as error:  # smtplib's errors are of this kind
        failure = f"{type(error).__name__}: {error}"[:500]
    else:
        failure = ""
    with write(engine, alone=False) as connection:
        note_sending(connection, held, failure)
        return mail(connection, held.mail_id)


def as_message(held: Mail, *, sender: str) -> EmailMessage:
    """Return the mail as it goes to the server."""
    message = EmailMessage()
    message["From"], message["To"] = sender, held.recipient
    message["Subject"], message["Message-ID"] = held.subject, held.message_id
    message.set_content(held.body)
    return message


def claim_mail(connection: Connection, *, lease: timedelta = LEASE) -> Mail | None:
    """Take the oldest mail that is due, or whose sender's lease has run out."""
    target, moment = store.table_of("mail"), store.now()
    ready = or_(
        and_(target.c.status == "queued", target.c.send_after <= moment),
        and_(target.c.status == "sending", target.c.lease_until <= moment),
    )
    statement = select(target.c.mail_id, target.c.attempts).where(ready)
    statement = statement.order_by(target.c.mail_id).limit(1).with_for_update(skip_locked=True)
    found = connection.execute(statement).first()
    if found is None:
        return None
    values: Row = {
        "status": "sending",
        "attempts": found.attempts + 1,
        "lease_token": store.new_id(),
        "lease_until": store.now(lease),
    }
    store.update(connection, "mail", {"mail_id": found.mail_id}, values)
    return mail(connection, found.mail_id)


def note_sending(connection: Connection, held: Mail, failure: str) -> None:
    """Note that a mail was sent (`failure` empty), is to be tried again, or could not be sent."""
    key = {"mail_id": held.mail_id, "lease_token": held.lease_token, "status": "sending"}
    values: Row = {"lease_until": None, "last_error": failure}
    if not failure:
        values |= {"status": "sent", "sent_at": store.now()}
    elif held.attempts < held.max_attempts:
        wait = WAIT * 3 ** (held.attempts - 1)
        values |= {"status": "queued", "send_after": store.now(wait)}
    else:
        values |= {"status": "failed"}
    store.update(connection, "mail", key, values)


def _mail_of(row: Row) -> Mail:
    return Mail(**{field.name: row[field.name] for field in fields(Mail)})
