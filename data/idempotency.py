"""Answers to requests that carried an Idempotency-Key, kept for a day and given again.

`remember` belongs into the same `write` block as the effect: then either both are kept or neither,
whenever the program dies.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from data import store
from data.store import Conflict

LIFE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer as it was given."""

    status: int
    body: str
    headers: Mapping[str, str]


def request_hash(method: str, path: str, body: bytes) -> str:
    """Return what tells two requests apart."""
    parts = (method.upper().encode(), path.encode(), body)
    return hashlib.sha256(b"".join(b"%d:%s" % (len(part), part) for part in parts)).hexdigest()


def recall(connection: Connection, *, principal: str, key: str, request: str) -> Answer | None:
    """Return the answer given before, None if the key is new (or forgotten after a day).

    `principal` is whose key it is, such as the user's or API key's id. Call it first in the block
    that writes the effect: on both databases whoever comes second then waits and gets the answer.
    Raises Conflict "idempotency.reused" if the key came with another request.
    """
    found = store.rows(connection, "idempotency_key", {"principal": principal, "key": key})
    if not found or found[0]["expires_at"] <= store.now():
        return None
    if found[0]["request_hash"] != request:
        raise Conflict(
            "idempotency.reused",
            f"The Idempotency-Key {key!r} came with another request before. Make a new key.",
            f"Idempotency-Key {key!r} đã dùng cho yêu cầu khác. Hãy tạo khóa mới.",
        )
    return Answer(found[0]["status"], found[0]["body"], found[0]["headers"])


def remember(
    connection: Connection, *, principal: str, key: str, request: str, answer: Answer
) -> None:
    """Keep the answer. Raises Conflict "idempotency.at_once" if a twin was faster."""
    target = store.table_of("idempotency_key")
    whose = {"principal": principal, "key": key}
    run_out = (target.c.principal == principal, target.c.key == key)
    connection.execute(target.delete().where(*run_out, target.c.expires_at <= store.now()))
    row = {
        **whose,
        "request_hash": request,
        "status": answer.status,
        "headers": dict(answer.headers),
        "body": answer.body,
        "created_at": store.now(),
        "expires_at": store.now(LIFE),
    }
    try:
        with connection.begin_nested():
            store.insert(connection, "idempotency_key", row)
    except IntegrityError:
        raise Conflict(
            "idempotency.at_once",
            f"Another request with the Idempotency-Key {key!r} is under way. Try again.",
            f"Yêu cầu khác với Idempotency-Key {key!r} đang chạy. Hãy thử lại.",
        ) from None


def forget_old(connection: Connection) -> int:
    """Delete answers that have run out; return how many."""
    target = store.table_of("idempotency_key")
    return connection.execute(target.delete().where(target.c.expires_at <= store.now())).rowcount
