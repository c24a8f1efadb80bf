"""The worker: reads files that were sent in, makes indexes, sends mails, forgets what has run out.

It may be killed at any moment: a job's effects and its end are one transaction, and a job whose
lease has run out is taken up again. Several workers may run at once.
"""

import hashlib
import smtplib
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import unquote, urlsplit

from sqlalchemy import Engine as Database

from api.edge.logs import SERVICE
from api.engine import build_index
from api.routes.drafts import INDEX
from api.routes.imports import FILE
from api.routes.imports import KIND as IMPORT
from api.settings import Settings
from api.work.solving import SOLVE, deliver, solve
from data import contacts, drafts, idempotency, jobs, mails
from data.errors import DatabaseError, KetnoiError
from data.importers.parse import ImportRequest, parse_file
from data.importers.review.references import check_references
from data.jobs import Job
from data.session import read, write
from data.store import Conflict
from data.webhooks import KIND as WEBHOOK

IDLE = 0.5  # seconds between looks at an empty queue
TELL_EVERY = 5.0  # seconds between notes of progress
INDEX_LEASE = timedelta(minutes=30)
HOUSEKEEPING = 3600.0
_FAULT = KetnoiError(
    "job.fault",
    "The work failed for a reason that lies in the service. It is tried again; an administrator "
    "finds the cause in the worker's log.",
    "Công việc thất bại do lỗi hệ thống và sẽ được thử lại; quản trị viên xem nguyên nhân trong "
    "nhật ký của tiến trình xử lý.",
)


@dataclass(frozen=True)
class Worker:
    """Takes jobs one after the other."""

    settings: Settings
    database: Database

    def run(self, stop: threading.Event) -> None:
        """Work until ``stop`` is set; the job at hand is finished first."""
        kept_at = 0.0
        while not stop.is_set():
            try:
                if time.monotonic() - kept_at > HOUSEKEEPING or not kept_at:
                    kept_at = time.monotonic()
                    self.keep_house()
                busy = self.step() or self.send()
            except DatabaseError as error:  # busy or away for a moment
                SERVICE.warning("the worker waits: %s", error.message)
                busy = False
            if not busy:
                stop.wait(IDLE)

    def step(self) -> bool:
        """Do one job; False if none is due."""
        works: Mapping[str, Callable[[Job], None]] = {
            IMPORT: self._import,
            INDEX: self._index,
            SOLVE: lambda job: solve(self.database, job),
            WEBHOOK: self._deliver,
        }
        with write(self.database, alone=False) as connection:
            job = jobs.claim(connection, kinds=list(works))
        if job is None:
            return False
        facts = {"job": job.job_id, "kind": job.kind, "attempt": job.attempts}
        SERVICE.info("job begins", extra={"facts": facts})
        try:
            works[job.kind](job)
        except Conflict as error:
            SERVICE.warning("job dropped: %s", error.message, extra={"facts": facts})
        except DatabaseError as error:
            self._fail(job, error, again=True)
        except KetnoiError as error:
            SERVICE.info("job refused: %s", error.code, extra={"facts": facts})
            self._fail(job, error, again=False)
        except Exception:
            SERVICE.exception("job failed", extra={"facts": facts})
            self._fail(job, _FAULT, again=True)
        else:
            SERVICE.info("job done", extra={"facts": facts})
        return True

    def send(self) -> bool:
        """Send one mail; False if none is due or no server is set."""
        service = self.settings.service
        if not service.smtp_url:
            return False
        sent = mails.send_one(
            self.database,
            lambda message: _send(service.smtp_url, message),
            sender=service.mail_from,
        )
        return sent is not None

    def keep_house(self) -> None:
        """Erase contacts whose last day has passed, and answers kept for repeated requests."""
        with write(self.database) as connection:
            contacts.expire_contacts(connection)
            idempotency.forget_old(connection)

    def _import(self, job: Job) -> None:
        """Read the file without holding anything up, then keep draft and end in one go."""
        with read(self.database) as connection:
            content = jobs.file_of(connection, job.job_id, FILE)
        request = ImportRequest(
            str(job.payload["kind"]),
            Path(str(job.payload["file_name"])),
            str(job.payload.get("province", "")),
            draft=True,
            owner=job.organisation_id,
            by=f"user:{job.user_id}" if job.user_id else f"key:{job.key_id}",
        )
        parsed = parse_file(request, content, progress=self._teller(job))
        sha256 = hashlib.sha256(content).hexdigest()
        with read(self.database) as connection:
            check_references(connection, request.kind, request.path.name, parsed.rows)
            prepared, found = drafts.prepare(connection, request, parsed, sha256)
        with write(self.database) as connection:
            draft_id = drafts.store_draft(connection, request, prepared, found, sha256)
            jobs.finish(connection, job, {"draft_id": draft_id})

    def _deliver(self, job: Job) -> None:
        try:
            deliver(self.database, job, private=self.settings.service.webhooks_private)
        except KetnoiError as error:
            if not error.code.startswith("webhook."):
                raise
            SERVICE.info("message not delivered: %s", error.message)
            self._fail(job, error, again=error.code != "webhook.private")

    def _index(self, job: Job) -> None:
        with write(self.database, alone=False) as connection:
            jobs.extend(connection, job, lease=INDEX_LEASE)
        with read(self.database) as connection:
            folder = build_index(self.settings, connection, progress=self._teller(job))
        with write(self.database, alone=False) as connection:
            jobs.finish(connection, job, {"release": folder.name})

    def _teller(self, job: Job) -> Callable[[int, int], None]:
        """A function that notes progress now and then, and holds the job while it does."""
        told = time.monotonic()

        def tell(done: int, total: int) -> None:
            nonlocal told
            if time.monotonic() - told < TELL_EVERY:
                return
            told = time.monotonic()
            with write(self.database, alone=False) as connection:
                jobs.extend(connection, job, progress=(done, total))

        return tell

    def _fail(self, job: Job, error: KetnoiError, *, again: bool) -> None:
        try:
            with write(self.database, alone=False) as connection:
                jobs.fail(connection, job, error, again=again)
        except KetnoiError as second:  # its lease will run out by itself
            SERVICE.warning("a job's failure could not be noted: %s", second.message)


def _send(url: str, message: EmailMessage) -> None:
    """Send through the server of an smtp:// or smtps:// address, encrypted wherever it can be."""
    parts = urlsplit(url)
    host, secure = parts.hostname or "localhost", parts.scheme == "smtps"
    checked = ssl.create_default_context()
    if secure:
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, parts.port or 465, timeout=30, context=checked
        )
    else:
        server = smtplib.SMTP(host, parts.port or 587, timeout=30)
    with server:
        server.ehlo()
        if not secure and server.has_extn("starttls"):
            server.starttls(context=checked)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)
