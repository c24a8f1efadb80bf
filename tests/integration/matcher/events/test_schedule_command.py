"""`ketnoi schedule` as users call it: files in, files out, exit codes, Ctrl-C."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.support.events import Shape, big_event
from tests.support.schedule_checker import broken_rules

ROOT = Path(__file__).parents[4]
RUN = "import sys; from api.cli.main import main; sys.exit(main())"
KEYS = [
    "status",
    "objective",
    "upper_bound",
    "gap",
    "meetings",
    "unmet",
    "relaxations",
]


def call(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", RUN, "schedule", *map(str, arguments)]
    spoken = {**os.environ, "KETNOI_LANG": "en"}
    return subprocess.run(
        command, cwd=ROOT, env=spoken, capture_output=True, text=True, check=False
    )


@pytest.fixture
def event(tmp_path: Path) -> Path:
    path = tmp_path / "event.json"
    document = big_event(Shape(a=20, b=8, slots=6, tables=6, per_a=5))
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def load(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document


@pytest.mark.slow
def test_schedule_is_written_and_keeps_every_rule(event: Path, tmp_path: Path) -> None:
    out = tmp_path / "schedule.json"
    done = call(event, "--out", out)
    assert (done.returncode, done.stderr) == (0, "")
    result = load(out)
    assert list(result)[: len(KEYS)] == KEYS
    assert broken_rules(load(event), result) == []
    assert result["status"] == "optimal"


@pytest.mark.slow
def test_json_is_the_only_thing_on_stdout_and_equals_the_file(event: Path, tmp_path: Path) -> None:
    out = tmp_path / "schedule.json"
    done = call(event, "--out", out, "--json")
    printed = json.loads(done.stdout)
    assert printed["meetings"] == load(out)["meetings"]


@pytest.mark.slow
def test_bad_event_names_the_place_and_writes_nothing(event: Path, tmp_path: Path) -> None:
    document = load(event)
    del document["slots"][2]["end"]
    event.write_text(json.dumps(document), encoding="utf-8")
    done = call(event, "--out", tmp_path / "schedule.json")
    assert done.returncode == 1
    assert "slots[2].end: is missing" in done.stderr
    assert not (tmp_path / "schedule.json").exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments", [["--out", "x.json"], ["EVENT"], ["EVENT", "--out", "nowhere/x.json"]]
)
def test_wrong_call_is_exit_2(event: Path, arguments: list[str]) -> None:
    assert call(*(str(event) if a == "EVENT" else a for a in arguments)).returncode == 2


@pytest.mark.slow
def test_contradictory_fixed_meetings_are_infeasible_and_named(event: Path, tmp_path: Path) -> None:
    document = load(event)
    pair = document["pairs"][0]
    other = next(p for p in document["pairs"][1:] if p["a"] == pair["a"])
    document["fixed"] = [{"a": p["a"], "b": p["b"], "slot": "s0"} for p in (pair, other)]
    event.write_text(json.dumps(document), encoding="utf-8")
    done = call(event, "--out", tmp_path / "schedule.json")
    assert load(tmp_path / "schedule.json")["status"] == "infeasible"
    assert done.returncode == 0
    assert "fixed[1]: participant" in done.stderr


@pytest.mark.slow
def test_previous_schedule_is_kept(event: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    assert call(event, "--out", first).returncode == 0
    assert call(event, "--previous", first, "--out", second).returncode == 0
    assert load(second)["quality"]["moved"] == 0
    assert load(second)["meetings"] == load(first)["meetings"]


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals differ")
def test_ctrl_c_writes_the_best_so_far(event: Path, tmp_path: Path) -> None:
    out = tmp_path / "schedule.json"
    started = time.perf_counter()
    call(event, "--out", out)  # how long this machine takes to get going
    warm = time.perf_counter() - started
    shape = Shape(windows=0.3, foreign=40, interpreters=6, owned=10, fixed=30)  # not soon done
    event.write_text(json.dumps(big_event(shape)), encoding="utf-8")
    command = [sys.executable, "-c", RUN, "schedule", str(event), "--out", str(out)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE) as process:
        time.sleep(2 + warm)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    assert process.returncode == 0
    assert broken_rules(load(event), load(out)) == []
