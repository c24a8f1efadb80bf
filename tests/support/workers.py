"""Processes to be killed: started quickly, because what they import is loaded once for all."""

import multiprocessing
import time
from collections.abc import Callable
from datetime import timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path

from sqlalchemy import text

import data.migrations.run  # noqa: F401 -- slow to load
from data import jobs
from data.backup import restore, write_backup
from data.session import connect, write
from data.store import table_of

LEASE = timedelta(seconds=0.2)


def start(target: Callable[..., None], *arguments: object) -> BaseProcess:
    """Start a process that runs a function of a module."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.support.workers"])
    process = context.Process(target=target, args=arguments, daemon=True)
    process.start()
    return process


def work_forever(url: str) -> None:
    """Do jobs: each one's effect is a row, written in the transaction that ends the job."""
    engine = connect(url)
    while True:
        with write(engine, alone=False) as connection:
            held = jobs.claim(connection, lease=LEASE)
        if held is None:
            time.sleep(0.01)
            continue
        with write(engine, alone=False) as connection:
            effect = {"id": f"{held.payload['number']}-{held.attempts}"}
            connection.execute(
                text("INSERT INTO idempotency_key VALUES (:id, 'k', '', 0, '{}', '', '', '')"),
                effect,
            )
            time.sleep(0.005)  # a chance to be killed half-way
            jobs.finish(connection, held, {})


def back_up(url: str, path: str) -> None:
    """Write a backup, to be killed while it does."""
    write_backup(connect(url), Path(path))


def bring_back(url: str, path: str) -> None:
    """Restore a backup over what is there, to be killed while it does."""
    restore(url, Path(path), force=True)


table_of("job")  # loads what is slow to load
