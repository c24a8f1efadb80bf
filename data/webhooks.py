"""Addresses that are told of what happens at an organisation's events, by jobs in the queue.

What happened and the jobs that tell of it are written in one transaction: nothing is told that did
not happen, and nothing that happened goes untold while attempts are left.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection

from data import jobs, store
from data.errors import KetnoiError
from data.jobs import NewJob
from data.store import Page, Row

KIND = "webhook"
TOPICS = (
    "event.created", "event.changed", "participant.registered", "suggestion.agreed",
    "suggestion.declined", "schedule.solved", "schedule.published", "meeting.checked_in",
)  # fmt: skip
ATTEMPTS = 6
"""10 s, 30 s, 90 s … apart: given up after about 20 minutes."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address and what it wants to hear of; `secret` signs what is sent."""

    webhook_id: str
    organisation_id: str
    url: str
    secret: str
    topics: tuple[str, ...]
    created_at: str


def create_webhook(
    connection: Connection, organisation_id: str, url: str, topics: Sequence[str]
) -> Webhook:
    """Add an address. Raises KetnoiError "webhook.url", "webhook.topic"."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise KetnoiError(
            "webhook.url",
            f"{url!r} is not an address to send to. Give https://host/path without a password.",
            f"{url!r} không phải địa chỉ nhận. Hãy ghi https://máy/chủ không kèm mật khẩu.",
        )
    unknown = next((topic for topic in topics if topic not in TOPICS), None)
    if unknown is not None or not topics:
        raise KetnoiError(
            "webhook.topic",
            f"{unknown!r} is no topic. Choose from {', '.join(TOPICS)}.",
            f"{unknown!r} không phải chủ đề. Hãy chọn trong: {', '.join(TOPICS)}.",
        )
    made = Webhook(
        store.new_id(),
        organisation_id,
        url,
        f"whsec_{secrets.token_urlsafe(32)}",
        tuple(dict.fromkeys(topics)),
        store.now(),
    )
    store.insert(connection, "webhook", asdict(made) | {"topics": list(made.topics)})
    return made


def webhook(
    connection: Connection, webhook_id: str, *, organisation_id: str | None = None
) -> Webhook:
    """Return an address. Raises NotFound "webhook.not_found", also for another organisation's."""
    key = {"webhook_id": webhook_id}
    if organisation_id is not None:
        key["organisation_id"] = organisation_id
    missing = store.not_found("webhook", "webhook", "webhook", webhook_id)
    return store.one(connection, "webhook", key, _of, missing)


def webhooks(
    connection: Connection, organisation_id: str, *, page: Page = store.ALL
) -> list[Webhook]:
    """Return an organisation's addresses, oldest first."""
    target = store.table_of("webhook")
    found = store.listed(
        connection, "webhook", "webhook_id", page, target.c.organisation_id == organisation_id
    )
    return [_of(row) for row in found]


def delete_webhook(connection: Connection, webhook_id: str) -> None:
    """Forget an address; what is still queued for it is dropped when its turn comes."""
    store.delete(connection, "webhook", {"webhook_id": webhook_id})


def tell(
    connection: Connection, organisation_id: str, topic: str, facts: Mapping[str, Any]
) -> None:
    """Queue a message to every address of the organisation that wants the topic."""
    for each in webhooks(connection, organisation_id):
        if topic not in each.topics:
            continue
        body = {"id": store.new_id(), "topic": topic, "at": store.now(), **facts}
        payload = {"webhook_id": each.webhook_id, "body": body}
        new = NewJob(KIND, payload, organisation_id, max_attempts=ATTEMPTS)
        jobs.enqueue(connection, new)


def _of(row: Row) -> Webhook:
    return Webhook(**{**row, "topics": tuple(row["topics"])})
