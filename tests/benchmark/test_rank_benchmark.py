"""`ketnoi rank` on a made-up market of 50,000 deals: within ten minutes and six gigabytes."""

import csv
import os
import random
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.benchmark

INVESTORS, CALLS, OPEN, DEALS = 7_500, 2_800, 600, 50_000
MINUTES, GIGABYTES = 10, 6
FIELDS = ("energy", "port", "tourism", "dairy", "steel", "textile", "school", "hospital")
THINGS = ("plant", "park", "farm", "centre", "line", "terminal", "village", "network")


def write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every investor keeps to two fields; a few make most of the deals."""
    folder = tmp_path_factory.mktemp("big")
    rng = random.Random(7)
    calls = [
        {
            "call_id": f"c{number:04}",
            "title": f"{rng.choice(FIELDS)} {rng.choice(THINGS)} {number}",
            "sector": FIELDS[number % len(FIELDS)],
            "status": "open" if number >= CALLS - OPEN else "closed",
        }
        for number in range(CALLS)
    ]
    weights = [1 / (1 + number) ** 0.8 for number in range(INVESTORS)]
    deals: set[tuple[str, str, str]] = set()
    while len(deals) < DEALS:
        investor = rng.choices(range(INVESTORS), weights)[0]
        call = rng.randrange(CALLS - OPEN)
        if call % len(FIELDS) in {investor % len(FIELDS), (investor * 3) % len(FIELDS)}:
            date = f"{2010 + call * 14 // CALLS}-{1 + call % 12:02}"
            deals.add((f"v{investor:04}", f"c{call:04}", date))
    write(folder / "calls.csv", calls)
    write(
        folder / "investors.csv",
        [{"investor_id": f"v{n:04}", "name": f"investor {n}"} for n in range(INVESTORS)],
    )
    rows = [{"investor_id": i, "call_id": c, "date": d} for i, c, d in sorted(deals)]
    write(folder / "deals.csv", rows)
    return folder


def test_a_large_market_is_ranked_in_time(market: Path, tmp_path: Path) -> None:
    home = {"KETNOI_HOME": str(tmp_path / "home"), "KETNOI_ENCODER": "hashing"}
    command = [sys.executable, "-c", "from api.cli.main import run; run()"]
    began = time.monotonic()
    subprocess.run(
        [*command, "rank", str(market), "--out", str(tmp_path / "out")],
        check=True,
        env={**os.environ, **home},
    )
    minutes = (time.monotonic() - began) / 60
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    gigabytes = used.ru_maxrss / 1024**2
    sys.stdout.write(
        f"\n{minutes:.1f} min by the clock, {(used.ru_utime + used.ru_stime) / 60:.1f} min of "
        f"processor time, {gigabytes:.2f} GB\n"
    )
    assert minutes < MINUTES
    assert gigabytes < GIGABYTES
    assert len((tmp_path / "out" / "for_calls.jsonl").read_text().splitlines()) == OPEN
