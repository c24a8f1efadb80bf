"""What one request costs the serving process: its processor time, read from the system's account.

``python -m tests.support.costs HOME --key ktn_…`` serves the home and prints a JSON document: for
each kind of request the processor milliseconds and the milliseconds until the answer, means over
``--times`` requests by one client. Processor time hardly depends on what else the machine does.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from pathlib import Path

import httpx

from tests.support.live import start_server

PROVINCE = "38"
GOODS = ("gạo", "cà phê", "hạt điều", "tôm đông lạnh", "mây tre đan", "mật ong", "chè", "nước mắm")


def processor_seconds(pid: int) -> float:
    """Processor time that a process has taken so far, all its threads together."""
    ticks = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[11:13]
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def costs(http: httpx.Client, pid: int, *, times: int) -> dict[str, dict[str, float]]:
    """Ask each kind of request so often; the system counts in steps of 10 ms."""
    calls = _ids(http, "/calls?status=open&limit=200", "call_id")
    investors = _ids(http, "/investors?limit=200", "investor_id")
    fresh = count()

    def search(**filters: object) -> httpx.Response:
        text = f"{GOODS[next(fresh) % len(GOODS)]} số {next(fresh)}"
        return http.post("/search", json={"text": text, "filters": filters})

    def lists(path: str, ids: Sequence[str], last: str) -> Callable[[int], httpx.Response]:
        return lambda n: http.get(f"/{path}/{ids[n % len(ids)]}/{last}")

    shortlists = lists("calls", calls, "shortlist")
    opportunities = lists("investors", investors, "opportunities")
    kinds: dict[str, Callable[[int], httpx.Response]] = {
        "health": lambda _n: http.get(str(http.base_url.join("/health/ready"))),
        "call": lambda n: http.get(f"/calls/{calls[n % len(calls)]}"),
        "calls": lambda _n: http.get("/calls?limit=20"),
        "shortlist, first time": shortlists,
        "shortlist again": shortlists,
        "opportunities, first time": opportunities,
        "opportunities again": opportunities,
        "search, new text": lambda _n: search(),
        "search again": lambda _n: http.post("/search", json={"text": GOODS[0]}),
        "search within a province, new text": lambda _n: search(provinces=[PROVINCE]),
    }
    return dict(_measured(kinds, pid, times))


def _measured(
    kinds: dict[str, Callable[[int], httpx.Response]], pid: int, times: int
) -> Iterator[tuple[str, dict[str, float]]]:
    for name, ask in kinds.items():
        used, began = processor_seconds(pid), time.monotonic()
        for number in range(times):
            ask(number).raise_for_status()
        took, used = time.monotonic() - began, processor_seconds(pid) - used
        figures = {"processor_ms": 1000 * used / times, "ms": 1000 * took / times}
        yield name, {each: round(value, 1) for each, value in figures.items()}


def _ids(http: httpx.Client, path: str, name: str) -> list[str]:
    answer = http.get(path).raise_for_status()
    return [each[name] for each in answer.json()["items"]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve the home and print what its requests cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--key", required=True)
    parser.add_argument("--times", type=int, default=100)
    given = parser.parse_args(arguments)
    process, url = start_server(given.home, "--no-worker", KETNOI_ENCODER="e5-small")
    try:
        began = processor_seconds(process.pid)
        headers = {"Authorization": f"Bearer {given.key}"}
        with httpx.Client(base_url=f"{url}/api/v1", headers=headers, timeout=60) as http:
            http.post("/search", json={"text": GOODS[0]}).raise_for_status()  # loads the encoder
            http.get("/calls", params={"limit": 1}).raise_for_status()
            found = costs(http, process.pid, times=given.times)
    finally:
        process.terminate()
        process.wait(60)
    document = {"ready": round(began, 1), "load": round(os.getloadavg()[0], 1), "requests": found}
    sys.stdout.write(json.dumps(document, indent=1, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
