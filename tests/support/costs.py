"""What one request costs the serving process: its processor time, read from the system's account.

Processor time hardly depends on what else the machine does. `make bench-service` prints figures.
"""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from pathlib import Path

import httpx

PROVINCE = "38"
GOODS = ("gạo", "cà phê", "hạt điều", "tôm đông lạnh", "mây tre đan", "mật ong", "chè", "nước mắm")


def processor_seconds(pid: int) -> float:
    """Processor time that a process has taken so far, all its threads together."""
    ticks = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[11:13]
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def costs(http: httpx.Client, pid: int, *, times: int) -> dict[str, dict[str, float]]:
    """Processor milliseconds and milliseconds until the answer of each kind of request: means over
    so many by one client. The system counts in steps of 10 ms."""
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
