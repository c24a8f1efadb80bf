"""Jobs, mails and idempotency keys: once each, whoever dies or comes at the same time."""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.engine import Engine

from data import idempotency, jobs, mails, store
from data.errors import KetnoiError, NotFound
from data.idempotency import Answer
from data.jobs import NewJob
from data.mails import NewMail
from data.session import read, write
from data.store import Conflict
from tests.support import workers

GONE = timedelta(seconds=-1)


def test_job_is_done_once(connection: Connection) -> None:
    made = jobs.enqueue(connection, NewJob("import", {"kind": "calls"}), {"file": b"\x00\xff"})
    held = jobs.claim(connection)

    assert held is not None
    assert (held.job_id, held.status, held.attempts) == (made.job_id, "running", 1)
    assert jobs.claim(connection) is None
    assert jobs.file_of(connection, held.job_id, "file") == b"\x00\xff"
    jobs.extend(connection, held, progress=(3, 10))
    jobs.finish(connection, held, {"new": 5})
    after = jobs.job(connection, made.job_id)
    assert (after.status, after.result, after.progress_done) == ("done", {"new": 5}, 3)
    assert jobs.claim(connection) is None
    with pytest.raises(NotFound, match="no file"):
        jobs.file_of(connection, held.job_id, "file")


def test_jobs_come_in_order_and_by_kind(connection: Connection) -> None:
    made = [jobs.enqueue(connection, NewJob(kind, {})) for kind in "abab"]
    taken = [jobs.claim(connection, kinds=["b"]), jobs.claim(connection), jobs.claim(connection)]

    assert [job.job_id if job else "" for job in taken] == [
        made[1].job_id, made[0].job_id, made[2].job_id,
    ]  # fmt: skip


def test_job_asked_for_twice_is_one(connection: Connection) -> None:
    new = NewJob("x", {}, unique_key="k")
    assert jobs.enqueue(connection, new).job_id == jobs.enqueue(connection, new).job_id


def test_worker_that_outlived_its_lease_cannot_finish(connection: Connection) -> None:
    jobs.enqueue(connection, NewJob("x", {}))
    slow = jobs.claim(connection, lease=GONE)
    second = jobs.claim(connection)

    assert slow is not None
    assert second is not None
    assert second.attempts == 2
    with pytest.raises(Conflict) as caught:
        jobs.extend(connection, slow)
    with pytest.raises(Conflict):
        jobs.finish(connection, slow, {})
    assert caught.value.code == "job.lease_lost"
    jobs.finish(connection, second, {})


def test_failure_is_tried_again_then_told(connection: Connection) -> None:
    jobs.enqueue(connection, NewJob("x", {}, max_attempts=2))
    error = KetnoiError("x.y", "It broke.", "Hỏng rồi.")
    first = jobs.claim(connection)
    assert first is not None
    jobs.fail(connection, first, error, again=True)
    assert jobs.claim(connection) is None  # not due yet
    connection.execute(text("UPDATE job SET run_after = '2020'"))
    second = jobs.claim(connection)
    assert second is not None
    jobs.fail(connection, second, error, again=True)
    after = jobs.job(connection, first.job_id)
    assert (after.status, after.error_code, after.error_vi) == ("failed", "x.y", "Hỏng rồi.")


def test_job_that_kills_its_workers_is_given_up(connection: Connection) -> None:
    made = jobs.enqueue(connection, NewJob("x", {}, max_attempts=2))
    for _ in range(2):
        assert jobs.claim(connection, lease=GONE) is not None
    assert jobs.claim(connection) is None
    assert jobs.job(connection, made.job_id).error_code == "job.gave_up"


def test_cancelled_job_cannot_be_finished(connection: Connection) -> None:
    made = jobs.enqueue(connection, NewJob("x", {}))
    held = jobs.claim(connection)
    assert held is not None
    assert jobs.cancel(connection, made.job_id).status == "cancelled"
    with pytest.raises(Conflict):
        jobs.finish(connection, held, {})
    with pytest.raises(Conflict) as caught:
        jobs.cancel(connection, made.job_id)
    assert caught.value.code == "job.over"


def test_many_workers_share_without_doubles(engine: Engine) -> None:
    with write(engine) as connection:
        for number in range(30):
            jobs.enqueue(connection, NewJob("x", {"number": number}))

    def work(_: int) -> list[int]:
        done: list[int] = []
        while True:
            with write(engine, alone=False) as connection:
                held = jobs.claim(connection)
            if held is None:
                return done
            with write(engine, alone=False) as connection:
                jobs.finish(connection, held, {})
            done.append(held.payload["number"])

    with ThreadPoolExecutor(4) as pool:
        done = [number for part in pool.map(work, range(4)) for number in part]
    assert sorted(done) == list(range(30))


def test_killed_workers_do_no_job_twice(engine: Engine, filled_url: str) -> None:
    count = 40
    with write(engine) as connection:
        for number in range(count):
            jobs.enqueue(connection, NewJob("x", {"number": number}, max_attempts=99))
    chance = random.Random(1)
    deadline = time.monotonic() + 60
    kills, left = 0, count
    while left and time.monotonic() < deadline:
        worker = workers.start(workers.work_forever, filled_url)
        time.sleep(chance.uniform(0.2, 0.8))
        worker.kill()
        worker.join()
        worker.close()
        kills += 1
        with read(engine) as connection:
            left = store.counted(connection, "job", store.table_of("job").c.status != "done")
    with read(engine) as connection:
        effects = connection.execute(text("SELECT principal FROM idempotency_key")).scalars()
        done = sorted(int(effect.split("-")[0]) for effect in effects)
    assert kills > 1
    assert done == list(range(count))


def test_mail_is_sent_once(engine: Engine) -> None:
    sent: list[EmailMessage] = []
    with write(engine) as connection:
        new = NewMail("Lan@example.vn", "Lời mời", "Kính gửi …", unique_key="m1")
        made = mails.queue_mail(connection, new)
        assert mails.queue_mail(connection, new) == made

    first = mails.send_one(engine, sent.append, sender="ketnoi@example.vn")
    assert first is not None
    assert first.status == "sent"
    assert mails.send_one(engine, sent.append, sender="ketnoi@example.vn") is None
    assert [(each["To"], each["Message-ID"]) for each in sent] == [
        ("lan@example.vn", made.message_id)
    ]


def test_mail_is_tried_again_under_the_same_id(engine: Engine) -> None:
    tried: list[str] = []

    def refuse(message: EmailMessage) -> None:
        tried.append(message["Message-ID"])
        raise ConnectionRefusedError("no server")

    with write(engine) as connection:
        made = mails.queue_mail(connection, NewMail("a@b.vn", "s", "b", max_attempts=2))
    for status in ("queued", "failed"):
        found = mails.send_one(engine, refuse, sender="k@example.vn")
        assert found is not None
        assert (found.status, "no server" in found.last_error) == (status, True)
        with write(engine) as connection:
            connection.execute(text("UPDATE mail SET send_after = '2020'"))
    assert tried == [made.message_id] * 2
    assert mails.send_one(engine, refuse, sender="k@example.vn") is None


@pytest.mark.parametrize("recipient", ["a@b.vn\r\nBcc: x@y.vn", "nobody", ""])
def test_mail_header_cannot_be_injected(connection: Connection, recipient: str) -> None:
    with pytest.raises(KetnoiError) as caught:
        mails.queue_mail(connection, NewMail(recipient, "s", "b"))
    assert caught.value.code == "mail.header"


def test_answer_is_given_again(connection: Connection) -> None:
    request = idempotency.request_hash("post", "/leads", b"{}")
    mine = {"principal": "k1", "key": "abc"}
    assert idempotency.recall(connection, **mine, request=request) is None
    answer = Answer(201, '{"id": "Đ"}', {"ETag": '"1"'})
    idempotency.remember(connection, **mine, request=request, answer=answer)

    assert idempotency.recall(connection, **mine, request=request) == answer
    assert idempotency.recall(connection, principal="k2", key="abc", request=request) is None
    with pytest.raises(Conflict) as caught:
        idempotency.recall(connection, **mine, request=idempotency.request_hash("POST", "/x", b""))
    assert caught.value.code == "idempotency.reused"


def test_answer_is_forgotten_after_a_day(connection: Connection) -> None:
    answer = Answer(200, "", {})
    idempotency.remember(connection, principal="p", key="k", request="r", answer=answer)
    connection.execute(text("UPDATE idempotency_key SET expires_at = '2020'"))

    assert idempotency.recall(connection, principal="p", key="k", request="other") is None
    assert idempotency.forget_old(connection) == 1


def test_twins_at_once_have_one_effect(engine: Engine) -> None:
    def create(_: int) -> str:
        with write(engine) as connection:
            known = idempotency.recall(connection, principal="p", key="k", request="r")
            if known:
                return known.body
            job = jobs.enqueue(connection, NewJob("x", {}))
            answer = Answer(201, job.job_id, {})
            idempotency.remember(connection, principal="p", key="k", request="r", answer=answer)
            return job.job_id

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(create, range(6)))) == 1
    with read(engine) as connection:
        assert store.counted(connection, "job") == 1
