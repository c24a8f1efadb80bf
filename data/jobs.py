"""Work that is done once, whatever dies in between: a queue in the database, held by leases.

A worker claims a job in one short transaction, works, then writes the job's effects and its end in
ONE transaction by `finish`. Killed before that, nothing of it was kept and the job is claimed again
when its lease has run out; a worker that outlived its lease cannot finish.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, and_, or_, select
from sqlalchemy.exc import IntegrityError

from data import store
from data.errors import KetnoiError, NotFound
from data.store import MACHINE, Actor, Conflict, Page, Row

Status = Literal["queued", "running", "done", "failed", "cancelled"]
LEASE = timedelta(minutes=2)
WAIT = timedelta(seconds=10)
"""Before the second attempt; each further one waits three times as long."""


@dataclass(frozen=True, slots=True)
class NewJob:
    """What a job is made from. `unique_key`: asking for the same again gives the first one."""

    kind: str
    payload: Mapping[str, Any]
    organisation_id: str | None = None
    asked_by: Actor = MACHINE
    unique_key: str | None = None
    max_attempts: int = 3
    delay: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work and how far it is."""

    job_id: str
    kind: str
    payload: Mapping[str, Any]
    status: Status
    organisation_id: str | None
    user_id: str | None
    key_id: str | None
    attempts: int
    max_attempts: int
    progress_done: int
    progress_total: int
    result: Mapping[str, Any] | None
    error_code: str
    error_en: str
    error_vi: str
    run_after: str
    created_at: str
    started_at: str | None
    finished_at: str | None
    lease_token: str | None = None


def enqueue(connection: Connection, new: NewJob, files: Mapping[str, bytes] | None = None) -> Job:
    """Put a job into the queue, with the files it reads, together with whatever asks for it."""
    if new.unique_key is not None:
        found = store.rows(connection, "job", {"unique_key": new.unique_key})
        if found:
            return _job_of(found[0])
    row: Row = {
        "job_id": store.new_id(),
        "kind": new.kind,
        "payload": dict(new.payload),
        "status": "queued",
        "organisation_id": new.organisation_id,
        "user_id": new.asked_by.user_id,
        "key_id": new.asked_by.key_id,
        "unique_key": new.unique_key,
        "attempts": 0,
        "max_attempts": new.max_attempts,
        "run_after": store.now(new.delay),
        "progress_done": 0,
        "progress_total": 0,
        "created_at": store.now(),
        **_error("", "", ""),
    }
    try:
        with connection.begin_nested():
            store.insert(connection, "job", row)
    except IntegrityError:
        found = store.rows(connection, "job", {"unique_key": new.unique_key})
        if new.unique_key is None or not found:
            raise
        return _job_of(found[0])
    for name, content in (files or {}).items():
        digest = hashlib.sha256(content).hexdigest()
        file = {"job_id": row["job_id"], "name": name, "sha256": digest, "content": content}
        store.insert(connection, "job_file", file)
    return job(connection, row["job_id"])


def job(connection: Connection, job_id: str, *, organisation_id: str | None = None) -> Job:
    """Return a job. Raises NotFound ("job.not_found"), also for another organisation's."""
    key = {"job_id": job_id}
    if organisation_id is not None:
        key["organisation_id"] = organisation_id
    missing = store.not_found("job", "job", "công việc", job_id)
    return store.one(connection, "job", key, _job_of, missing)


def jobs(
    connection: Connection,
    *,
    organisation_id: str | None = None,
    status: Status | None = None,
    page: Page = store.ALL,
) -> list[Job]:
    """Return jobs, oldest first, of one organisation or of all."""
    wanted = {"organisation_id": organisation_id, "status": status}
    target = store.table_of("job")
    conditions = [target.c[name] == value for name, value in wanted.items() if value is not None]
    return [_job_of(row) for row in store.listed(connection, "job", "job_id", page, *conditions)]


def file_of(connection: Connection, job_id: str, name: str) -> bytes:
    """Return a file's bytes. Raises NotFound "job.no_file" once the job is over."""
    found = store.rows(connection, "job_file", {"job_id": job_id, "name": name})
    if not found:
        raise NotFound(
            "job.no_file",
            f"The job {job_id} has no file {name!r} (any more). Send the file again.",
            f"Công việc {job_id} không (còn) có tệp {name!r}. Hãy gửi lại tệp.",
        )
    return bytes(found[0]["content"])


def claim(
    connection: Connection, *, kinds: Sequence[str] | None = None, lease: timedelta = LEASE
) -> Job | None:
    """Take the oldest job that is due, or whose worker's lease has run out; None if there is none.

    A job whose last attempt's lease ran out is given up as failed ("job.gave_up"). Two workers
    never get the same job: on PostgreSQL each skips the rows the other is looking at.
    """
    while True:
        found = connection.execute(_due(kinds)).mappings().first()
        if found is None:
            return None
        if found["attempts"] >= found["max_attempts"]:
            _give_up(connection, found["job_id"])
            continue
        values: Row = {
            "status": "running",
            "attempts": found["attempts"] + 1,
            "lease_token": store.new_id(),
            "lease_until": store.now(lease),
            "started_at": store.now(),
            "progress_done": 0,
            "progress_total": 0,
        }
        store.update(connection, "job", {"job_id": found["job_id"]}, values)
        return job(connection, found["job_id"])


def extend(
    connection: Connection,
    held: Job,
    *,
    progress: tuple[int, int] | None = None,
    lease: timedelta = LEASE,
) -> None:
    """Hold a job longer and tell how far it is: (done, total).

    Raises Conflict "job.lease_lost" if another worker holds it by now or it was cancelled.
    """
    values: Row = {"lease_until": store.now(lease)}
    if progress is not None:
        values |= {"progress_done": progress[0], "progress_total": progress[1]}
    _set_held(connection, held, values)


def finish(connection: Connection, held: Job, result: Mapping[str, Any]) -> None:
    """End a job well. Call it in the transaction that writes its effects, before or after them.

    Raises Conflict "job.lease_lost" if another worker holds the job by now, or it was cancelled:
    let the error end the `write` block, so that the effects are not kept.
    """
    values: Row = {"status": "done", "result": dict(result), "finished_at": store.now()}
    _set_held(connection, held, values | _error("", "", "") | {"lease_until": None})
    store.delete(connection, "job_file", {"job_id": held.job_id})


def fail(connection: Connection, held: Job, error: KetnoiError, *, again: bool = False) -> None:
    """End a job badly; with `again` it is tried once more later if attempts are left."""
    told = _error(error.code, error.message, error.message_vi) | {"lease_until": None}
    if again and held.attempts < held.max_attempts:
        wait = WAIT * 3 ** (held.attempts - 1)
        _set_held(connection, held, told | {"status": "queued", "run_after": store.now(wait)})
        return
    _set_held(connection, held, told | {"status": "failed", "finished_at": store.now()})
    store.delete(connection, "job_file", {"job_id": held.job_id})


def cancel(connection: Connection, job_id: str, *, organisation_id: str | None = None) -> Job:
    """Stop a job that is not over; whoever works on it can no longer finish it.

    Raises Conflict "job.over" if it is over.
    """
    found = job(connection, job_id, organisation_id=organisation_id)
    target = store.table_of("job")
    open_ = and_(target.c.job_id == job_id, target.c.status.in_(("queued", "running")))
    values = {"status": "cancelled", "finished_at": store.now(), "lease_token": None}
    if not connection.execute(target.update().where(open_).values(**values)).rowcount:
        raise Conflict(
            "job.over",
            f"The job {job_id} is over ({found.status}); it cannot be cancelled.",
            f"Công việc {job_id} đã kết thúc ({found.status}), không hủy được.",
        )
    store.delete(connection, "job_file", {"job_id": job_id})
    return job(connection, job_id)


def _due(kinds: Sequence[str] | None) -> Any:
    target, moment = store.table_of("job"), store.now()
    ready = or_(
        and_(target.c.status == "queued", target.c.run_after <= moment),
        and_(target.c.status == "running", target.c.lease_until <= moment),
    )
    conditions: list[ColumnElement[bool]] = [ready]
    if kinds is not None:
        conditions.append(target.c.kind.in_(kinds))
    columns = (target.c.job_id, target.c.attempts, target.c.max_attempts)
    statement = select(*columns).where(*conditions).order_by(target.c.job_id).limit(1)
    return statement.with_for_update(skip_locked=True)


def _give_up(connection: Connection, job_id: str) -> None:
    told = _error(
        "job.gave_up",
        "The worker stopped without a word at each attempt. Look at the worker's log, then ask "
        "for the work again.",
        "Tiến trình xử lý dừng đột ngột ở mọi lần thử. Hãy xem nhật ký rồi yêu cầu lại.",
    )
    values: Row = {"status": "failed", "finished_at": store.now(), "lease_token": None}
    store.update(connection, "job", {"job_id": job_id}, values | told | {"lease_until": None})
    store.delete(connection, "job_file", {"job_id": job_id})


def _set_held(connection: Connection, held: Job, values: Row) -> None:
    key = {"job_id": held.job_id, "lease_token": held.lease_token, "status": "running"}
    if held.lease_token is None or not store.update(connection, "job", key, values):
        raise Conflict(
            "job.lease_lost",
            f"The job {held.job_id} is no longer this worker's: it took too long or was "
            "cancelled. Nothing of it was kept.",
            f"Công việc {held.job_id} không còn thuộc tiến trình này: quá hạn hoặc đã hủy. "
            "Không có gì được ghi lại.",
        )


def _error(code: str, message: str, message_vi: str) -> Row:
    return {"error_code": code, "error_en": message, "error_vi": message_vi}


def _job_of(row: Row) -> Job:
    return Job(**{field.name: row[field.name] for field in fields(Job)})
