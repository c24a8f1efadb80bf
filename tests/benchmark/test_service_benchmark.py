"""The service at the sample's size: under 200 clients, and while a large list is imported.

Figures for docs/performance.md; both are asked from a process of their own.
"""

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.engine import build_index
from api.settings import load_settings
from data import accounts, keys
from data.accounts import NewOrganisation
from data.importers.importing import ImportRequest, import_file
from data.session import open_engine, read, write
from tests.support.costs import costs
from tests.support.live import serving, start_server
from tests.support.load import percentiles

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
CLIENTS, SECONDS = 200, 60
ROWS = 10_000
MOST_MS = 150  # of processor time that a list may cost
EVERY = 0.02  # seconds between two looks at the service's health
INDEXING = 20.0  # seconds of making the new index that are looked at


@pytest.fixture
def home(tmp_path: Path, model_cache: Path) -> Path:
    """A home with the sample and its index; the vectors known from earlier runs are taken over."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "models").symlink_to(model_cache)
    known = model_cache.parent / "vectors.sqlite"
    if known.is_file():
        shutil.copy(known, home / known.name)
    settings = load_settings({"KETNOI_HOME": str(home)})
    for kind in ("investors", "calls", "deals"):
        import_file(settings.database_url, ImportRequest(kind, SAMPLE / f"{kind}.csv", ""))
    database = open_engine(settings.database_url)
    with read(database) as connection:
        build_index(settings, connection, progress=lambda _done, _total: None)
    database.dispose()
    return home


@pytest.fixture
def key(home: Path) -> str:
    """The key of an administrator of the platform, which may take over calls of any province."""
    database = open_engine(load_settings({"KETNOI_HOME": str(home)}).database_url)
    with write(database) as connection:
        where = accounts.create_organisation(connection, NewOrganisation("platform", "Vận hành"))
        new = keys.NewKey(where.organisation_id, "load", "administrator", ["*"])
        made = keys.create_key(connection, new)[1]
    database.dispose()
    return made


def _told(**figures: object) -> None:
    figures = {"load": round(os.getloadavg()[0], 1), **figures}
    sys.stdout.write(json.dumps(figures, indent=1) + "\n")


@pytest.mark.benchmark
def test_200_clients_get_no_error(home: Path, key: str) -> None:
    with serving(home, "--no-worker", KETNOI_ENCODER="e5-small") as url:
        command = [sys.executable, "-m", "tests.support.load", url, "--key", key]
        command += ["--clients", str(CLIENTS), "--seconds", str(SECONDS)]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
    figures = json.loads(run.stdout)
    _told(**figures)
    assert figures["errors"] == {}


@pytest.mark.benchmark
def test_the_service_answers_while_10_000_rows_are_imported(home: Path, key: str) -> None:
    headers = {"Authorization": f"Bearer {key}"}
    with (
        serving(home, KETNOI_ENCODER="e5-small") as url,
        httpx.Client(base_url=f"{url}/api/v1", headers=headers, timeout=120) as http,
    ):
        with _watched(url) as idle:
            time.sleep(5)
        with _watched(url) as reading:
            draft_id = _draft(http, _calls())
        with _watched(url) as confirming:
            tag = http.get(f"/drafts/{draft_id}").raise_for_status().headers["ETag"]
            where, answer = f"/drafts/{draft_id}/confirm", {"If-Match": tag}
            done = http.post(where, json={}, headers=answer).raise_for_status().json()
        with _watched(url) as indexing:
            time.sleep(INDEXING)
    parts = {"idle": idle, "reading": reading, "confirming": confirming, "indexing": indexing}
    figures = {name: percentiles(times) for name, times in parts.items()}
    _told(**figures)
    assert done["new"] == ROWS


@pytest.mark.benchmark
def test_what_a_request_costs(home: Path, key: str) -> None:
    process, url = start_server(home, "--no-worker", KETNOI_ENCODER="e5-small")
    try:
        headers = {"Authorization": f"Bearer {key}"}
        with httpx.Client(base_url=f"{url}/api/v1", headers=headers, timeout=60) as http:
            http.post("/search", json={"text": "gạo"}).raise_for_status()  # loads the encoder
            found = costs(http, process.pid, times=100)
    finally:
        process.terminate()
        process.wait(60)
    _told(**found)
    most = ("shortlist, first time", "opportunities, first time", "search, new text")
    assert all(found[name]["processor_ms"] < MOST_MS for name in most)


def _calls() -> bytes:
    provinces = ("Thanh Hóa", "Nghệ An", "Hà Tĩnh", "Cần Thơ", "Gia Lai")
    sectors = ("Năng lượng", "Du lịch", "Logistics", "Nông nghiệp", "Y tế")
    lines = ["call_id,title,sector,province,capital_min,capital_unit,status"]
    lines += [
        f"big{n},Dự án số {n} về {sectors[n % 5].lower()},{sectors[n % 5]},{provinces[n // 5 % 5]},"
        f"{50 + n % 900},tỷ đồng,open"
        for n in range(ROWS)
    ]
    return "\n".join([*lines, ""]).encode()


def _draft(http: httpx.Client, content: bytes) -> str:
    sent = http.post("/imports", data={"kind": "calls"}, files={"file": ("big.csv", content)})
    where = f"/imports/{sent.raise_for_status().json()['import_id']}"
    until = time.monotonic() + 600
    while time.monotonic() < until:
        found: dict[str, Any] = http.get(where).raise_for_status().json()
        if found["draft_id"]:
            return str(found["draft_id"])
        assert found["status"] != "failed", found
        time.sleep(0.5)
    raise AssertionError("the file was not read within ten minutes")


@contextmanager
def _watched(url: str) -> Iterator[list[float]]:
    """Milliseconds that `/health/ready` takes, asked again and again while the block runs."""
    times: list[float] = []
    over = threading.Event()

    def look() -> None:
        with httpx.Client(base_url=url, timeout=60) as http:
            while not over.wait(EVERY):
                began = time.perf_counter()
                http.get("/health/ready").raise_for_status()
                times.append((time.perf_counter() - began) * 1000)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield times
    finally:
        over.set()
        thread.join()
