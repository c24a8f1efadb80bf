"""A load run: many clients at once against a live service, from a process of its own.

``python -m tests.support.load URL --key ktn_… --clients 200 --seconds 60`` prints a JSON document:
for each kind of request how many, errors, and the 50th, 95th and 99th percentile in milliseconds.
Each client asks, waits ``--think`` seconds on average, and asks again.
"""

import argparse
import asyncio
import json
import random
import sys
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import httpx

TEXTS = (
    "nhà đầu tư bệnh viện tư nhân",
    "nha may dien gio thanh hoa",
    "renewable energy, solar and wind",
    "해상 풍력 발전 투자",
    "工业园区 基础设施",
    "khu nghỉ dưỡng ven biển 5 sao",
)
MIX: Mapping[str, int] = {"shortlist": 4, "opportunities": 2, "search": 2, "calls": 3, "call": 3}


@dataclass
class Figures:
    """Milliseconds by kind of request, and what went wrong by kind and status."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def document(self, seconds: float) -> dict[str, object]:
        """The figures as JSON: counts, percentiles, errors."""
        total = sum(map(len, self.times.values()))
        return {
            "requests": total,
            "per_second": round(total / seconds, 1),
            "errors": dict(self.errors),
            "ms": {name: percentiles(found) for name, found in sorted(self.times.items())},
        }


@dataclass(frozen=True)
class Plan:
    """What is asked: by how many, for how long, with which pauses, about which ids."""

    clients: int
    seconds: float
    think: float
    calls: Sequence[str]
    investors: Sequence[str]


async def run(url: str, key: str, plan: Plan) -> Figures:
    """Ask until the time is over; health is asked ten times a second besides."""
    figures = Figures()
    limits = httpx.Limits(max_connections=plan.clients + 5, max_keepalive_connections=None)
    headers = {"Authorization": f"Bearer {key}"}
    until = time.monotonic() + plan.seconds
    async with httpx.AsyncClient(base_url=url, headers=headers, limits=limits, timeout=60) as http:
        people = [
            _person(http, plan, random.Random(n), until, figures) for n in range(plan.clients)
        ]
        await asyncio.gather(_health(http, until, figures), *people)
    return figures


async def _person(
    http: httpx.AsyncClient, plan: Plan, chance: random.Random, until: float, figures: Figures
) -> None:
    await asyncio.sleep(chance.uniform(0, plan.think))
    while time.monotonic() < until:
        kind = chance.choices(list(MIX), list(MIX.values()))[0]
        await _ask(http, kind, *_request(kind, plan, chance), figures)
        await asyncio.sleep(chance.uniform(0, 2 * plan.think))


async def _health(http: httpx.AsyncClient, until: float, figures: Figures) -> None:
    while time.monotonic() < until:
        await _ask(http, "health", "GET", "/health/ready", None, figures)
        await asyncio.sleep(0.1)


def _request(
    kind: str, plan: Plan, chance: random.Random
) -> tuple[str, str, dict[str, object] | None]:
    if kind == "search":
        return "POST", "/api/v1/search", {"text": chance.choice(TEXTS)}
    if kind == "calls":
        return "GET", f"/api/v1/calls?limit=20&sort={chance.choice(['', '-capital'])}", None
    if kind == "opportunities":
        return "GET", f"/api/v1/investors/{chance.choice(plan.investors)}/opportunities", None
    path = f"/api/v1/calls/{chance.choice(plan.calls)}"
    return "GET", path + ("/shortlist" if kind == "shortlist" else ""), None


async def _ask(
    http: httpx.AsyncClient,
    kind: str,
    method: str,
    path: str,
    body: dict[str, object] | None,
    figures: Figures,
) -> None:
    started = time.perf_counter()
    try:
        answer = await http.request(method, path, json=body)
    except httpx.HTTPError as error:
        figures.errors[f"{kind} {type(error).__name__}"] += 1
        return
    figures.times[kind].append((time.perf_counter() - started) * 1000)
    if not answer.is_success:
        figures.errors[f"{kind} {answer.status_code}"] += 1


def percentiles(found: Sequence[float]) -> dict[str, float]:
    """How many, and the 50th, 95th and 99th percentile."""
    ordered = sorted(found)
    places = {f"p{share}": ordered[min(len(ordered) - 1, len(ordered) * share // 100)]
              for share in (50, 95, 99)}  # fmt: skip
    return {"count": len(ordered), **{name: round(each, 1) for name, each in places.items()}}


def _warm(url: str, key: str) -> None:
    """Wait until the encoder is loaded, as in a service that has run for a while."""
    headers = {"Authorization": f"Bearer {key}"}
    body = {"text": "khu công nghiệp", "top": 1}
    httpx.post(f"{url}/api/v1/search", json=body, headers=headers, timeout=60).raise_for_status()


def _ids(url: str, key: str, path: str, name: str) -> list[str]:
    headers = {"Authorization": f"Bearer {key}"}
    answer = httpx.get(f"{url}/api/v1/{path}", params={"limit": 200}, headers=headers, timeout=60)
    return [each[name] for each in answer.raise_for_status().json()["items"]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the arguments ask for; 1 if any request failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--key", required=True)
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--think", type=float, default=5.0)
    given = parser.parse_args(arguments)
    _warm(given.url, given.key)
    plan = Plan(
        given.clients,
        given.seconds,
        given.think,
        _ids(given.url, given.key, "calls", "call_id"),
        _ids(given.url, given.key, "investors", "investor_id"),
    )
    figures = asyncio.run(run(given.url, given.key, plan))
    sys.stdout.write(json.dumps(figures.document(given.seconds), indent=1) + "\n")
    return int(bool(figures.errors))


if __name__ == "__main__":
    sys.exit(main())
