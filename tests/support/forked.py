"""A service and its worker, forked from a process that has loaded all: quick to start, to kill.

They run what `ketnoi serve` and `ketnoi worker` run, on connections of their own.
"""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from multiprocessing.process import BaseProcess

import httpx
import uvicorn

import data.migrations.run  # noqa: F401 -- slow to load
from api.app import create_app
from api.edge.logs import set_up_logs
from api.settings import load_settings
from api.work.worker import Worker
from data.session import open_engine
from data.store import table_of
from tests.support.live import free_port

PATIENCE = 120.0


class Forked:
    """A running service with a worker; ready when made, gone without a word by `kill`."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self._processes = [_start(_serve, dict(environ), port), _start(_work, dict(environ))]
        self._wait()

    def kill(self) -> None:
        """End both with SIGKILL."""
        for process in self._processes:
            with suppress(ProcessLookupError):
                os.kill(process.pid or 0, signal.SIGKILL)
        for process in self._processes:
            process.join()

    def _wait(self) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self._processes[0].is_alive():
            with suppress(httpx.TransportError):
                if httpx.get(f"{self.url}/health/ready", timeout=30).status_code == 200:
                    return
            time.sleep(0.02)
        self.kill()
        raise AssertionError("the service did not become ready")


def _start(target: Callable[..., None], *arguments: object) -> BaseProcess:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.support.forked"])
    process = context.Process(target=target, args=arguments, daemon=True)
    process.start()
    return process


def _serve(environ: dict[str, str], port: int) -> None:
    set_up_logs("ERROR")
    app = create_app(load_settings(environ))
    config = uvicorn.Config(app, port=port, log_config=None, access_log=False)
    uvicorn.Server(config).run()


def _work(environ: dict[str, str]) -> None:
    settings = load_settings(environ)
    Worker(settings, open_engine(settings.database_url)).run(threading.Event())


table_of("job")  # loads what is slow to load
