"""`ketnoi serve` and `ketnoi worker`: the HTTP service, and the process that does its long work."""

import gc
import os
import signal
import subprocess
import sys
import threading
from types import TracebackType
from typing import Annotated

import typer

_RUN = "from api.cli.main import run; run()"
SWITCH = 0.001
"""Seconds after which a thread that computes lets others on: those who only read wait less."""
LOOKS = (50_000, 20, 20)
"""When garbage is looked for: a list of 10,000 rows costs half as much as with the usual 700."""
NICE = 10  # how far the worker beside steps back from the processors
RESTART = 1.0  # seconds before a worker that died is started again
GRACE = 30  # seconds that requests under way and the worker's job may take to end


def register(app: typer.Typer) -> None:
    app.command("serve")(serve)
    app.command("worker")(worker)
    app.command("migrate")(migrate)


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on.")] = 8000,
    with_worker: Annotated[
        bool, typer.Option("--worker/--no-worker", help="Run a worker beside it.")
    ] = True,
) -> None:
    """Serve the HTTP API, with a worker beside it; Ctrl-C ends both when their work is done."""
    import uvicorn  # noqa: PLC0415 -- slow import

    from api.app import create_app  # noqa: PLC0415 -- slow import
    from api.edge.logs import set_up_logs  # noqa: PLC0415 -- with the application
    from api.settings import load_settings  # noqa: PLC0415 -- with the application

    sys.setswitchinterval(SWITCH)
    gc.set_threshold(*LOOKS)
    settings = load_settings()
    set_up_logs(settings.service.log_level)
    app = create_app(settings)
    # The description takes a second to make; made in a request it would hold up all others.
    threading.Thread(target=app.openapi, name="description", daemon=True).start()
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=settings.service.proxies,
        timeout_graceful_shutdown=GRACE,
    )
    if not with_worker:
        uvicorn.Server(config).run()
        return
    with _WorkerBeside():
        uvicorn.Server(config).run()


def worker(
    attached: Annotated[
        bool, typer.Option("--attached", hidden=True, help="End when the input ends.")
    ] = False,
) -> None:
    """Do the service's long work: read files, make indexes, send mails. Several may run at once."""
    from api.edge.logs import set_up_logs  # noqa: PLC0415 -- with the worker
    from api.settings import load_settings  # noqa: PLC0415 -- with the worker
    from api.work.worker import Worker  # noqa: PLC0415 -- slow import
    from data.session import open_engine  # noqa: PLC0415 -- slow import

    settings = load_settings()
    set_up_logs(settings.service.log_level)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    gc.set_threshold(*LOOKS)
    if attached:
        os.nice(NICE)
        threading.Thread(target=_wait_for_end, args=(stop,), daemon=True).start()
    Worker(settings, open_engine(settings.database_url)).run(stop)


def migrate() -> None:
    """Bring the database to this release's schema and say which that is; safe to repeat."""
    from api.settings import load_settings  # noqa: PLC0415 -- with the database
    from data.session import open_engine, revisions  # noqa: PLC0415 -- slow import

    open_engine(load_settings().database_url).dispose()
    typer.echo(f"The database is at version {revisions()[-1]}.")


def _wait_for_end(stop: threading.Event) -> None:
    """Stop when the service that started this worker is gone, however it ended."""
    sys.stdin.buffer.read()
    stop.set()


class _WorkerBeside:
    """A worker as a process of its own: its work must not slow the answers down.

    It is started again if it dies, and ends when the service does: the pipe between them closes
    even when the service is killed.
    """

    def __enter__(self) -> "_WorkerBeside":
        self._ending = threading.Event()
        self._process = self._start()
        self._keeper = threading.Thread(target=self._keep, name="worker-keeper", daemon=True)
        self._keeper.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ending.set()
        self._process.terminate()
        try:
            self._process.wait(GRACE)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._keeper.join(1)

    def _keep(self) -> None:
        while not self._ending.is_set():
            self._process.wait()
            if not self._ending.wait(RESTART):
                self._process = self._start()

    @staticmethod
    def _start() -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-c", _RUN, "worker", "--attached"]
        return subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)  # noqa: S603 -- fixed words
