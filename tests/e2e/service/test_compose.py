"""What docker-compose.yml starts, started outside of Docker: migration, API, worker, health checks.

The words are the file's own; only addresses and ports are this machine's.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.support.databases import new_database, postgres_server
from tests.support.live import free_port

ROOT = Path(__file__).parents[3]
_RUN = "from api.cli.main import run; run()"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)["services"]
    return found


@pytest.fixture(scope="module")
def environ(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    with postgres_server() as server:
        home = tmp_path_factory.mktemp("ketnoi") / "home"
        yield {"KETNOI_HOME": str(home), "KETNOI_DATABASE_URL": new_database(server)}


def started(
    service: Mapping[str, Any],
    environ: Mapping[str, str],
    port: int,
    stdout: int = subprocess.DEVNULL,
) -> "subprocess.Popen[str]":
    """The service's command with its environment; those of its settings without a value unset."""
    given = {
        name: "" if "${" in str(value) else str(value)
        for name, value in service["environment"].items()
    }
    words = [str(port) if word == "8000" else word for word in service["command"][1:]]
    words = ["127.0.0.1" if word == "0.0.0.0" else word for word in words]  # noqa: S104 -- replaced
    return subprocess.Popen(
        [sys.executable, "-c", _RUN, *words],
        env={**os.environ, **given, **environ, "KETNOI_ENCODER": "hashing"},
        text=True,
        stdout=stdout,
        stderr=subprocess.DEVNULL,
    )


def healthy(service: Mapping[str, Any], process: "subprocess.Popen[str]", port: int) -> bool:
    """Whether the service's health check passes, its port and process number put in."""
    kind, program, *words = service["healthcheck"]["test"]
    assert (kind, program) == ("CMD", "python")
    words = [word.replace(":8000", f":{port}").replace("/proc/1/", f"/proc/{process.pid}/")
             for word in words]  # fmt: skip
    run = subprocess.run([sys.executable, *words], capture_output=True, check=False)
    return run.returncode == 0


def wait_until_healthy(
    service: Mapping[str, Any], process: "subprocess.Popen[str]", port: int
) -> None:
    until = time.monotonic() + 60
    while not healthy(service, process, port):
        assert process.poll() is None, "it ended"
        assert time.monotonic() < until, "it did not become healthy"
        time.sleep(0.2)


def test_the_stack_starts_in_order_is_healthy_and_stops(
    services: dict[str, Any], environ: dict[str, str]
) -> None:
    migration = started(services["migrate"], environ, 0, subprocess.PIPE)
    told, _ = migration.communicate(timeout=60)
    assert migration.returncode == 0
    assert "version" in told
    port = free_port()
    running = {name: started(services[name], environ, port) for name in ("api", "worker")}
    try:
        for name, process in running.items():
            wait_until_healthy(services[name], process, port)
        live = httpx.get(f"http://127.0.0.1:{port}/health/live")
        ready = httpx.get(f"http://127.0.0.1:{port}/health/ready")
        assert live.status_code == 200
        assert ready.json()["problem"] == "engine.no_index"  # nothing was imported yet
        running["api"].kill()
        running["api"].wait(10)
        assert not healthy(services["api"], running["api"], port)
    finally:
        for process in running.values():
            process.terminate()
            process.wait(30)
    assert running["worker"].returncode == 0
