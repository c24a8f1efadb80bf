"""A real server on a free port, in a process of its own, for tests that need one."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

_RUN = "from api.cli.main import run; run()"
PATIENCE = 120.0


@contextmanager
def serving(home: Path, *options: str, **environ: str) -> Iterator[str]:
    """Serve a home and give the address; ended when the block ends.

    Raises:
        AssertionError: it is not ready within two minutes; the message holds its log.
    """
    process, url = start_server(home, *options, **environ)
    try:
        yield url
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def start_server(
    home: Path, *options: str, **environ: str
) -> tuple["subprocess.Popen[bytes]", str]:
    """Start a service that the caller ends, wait until it is ready, give it and its address."""
    port = free_port()
    settings = {
        "KETNOI_HOME": str(home),
        "KETNOI_ENCODER": "hashing",
        "KETNOI_RATE": "1000000/minute",
        "KETNOI_SIGN_IN_RATE": "100000/minute",
        "KETNOI_COOKIE_SECURE": "0",
        "OMP_NUM_THREADS": "1",
        **environ,
    }
    log = home.parent / f"serve-{port}.log"
    command = [sys.executable, "-c", _RUN, "serve", "--port", str(port), *options]
    with log.open("wb") as out:
        process = subprocess.Popen(command, env={**os.environ, **settings}, stderr=out)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(url, process, log)
    except BaseException:
        process.kill()
        process.wait()
        raise
    return process, url


def _wait(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            if httpx.get(f"{url}/health/ready").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    raise AssertionError(f"the service did not become ready:\n{log.read_text(encoding='utf-8')}")


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
