"""Every block of docs/api.md runs against a live server with its worker."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.live import serving
from tests.support.service import World

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[4]
PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")


def _blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def live(made_world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of the page's blocks: a live server's address and a key."""
    home = tmp_path_factory.mktemp("live") / "home"
    shutil.copytree(made_world.home, home)
    world = replace(made_world, home=home)
    with serving(home) as url:
        yield {**os.environ, "KETNOI_URL": url, "KETNOI_KEY": world.keys["administrator"]}


def test_the_page_shows_five_tasks_both_ways() -> None:
    assert len(re.findall(r"^## [1-5]\. ", PAGE, re.MULTILINE)) == 5
    assert len(_blocks("bash")) == 5
    assert len(_blocks("python")) == 6


def test_the_curl_blocks_work(live: dict[str, str], tmp_path: Path) -> None:
    for number, block in enumerate(_blocks("bash"), start=1):
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", block],
            cwd=tmp_path, env=live, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"task {number}: {done.stdout}{done.stderr}"
    assert '"new":1' in done.stdout
    assert (tmp_path / "shortlist.xlsx").stat().st_size > 1000


def test_the_python_blocks_work(live: dict[str, str], tmp_path: Path) -> None:
    script = "\n".join(_blocks("python"))
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        cwd=tmp_path, env=live | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 new" in done.stdout
    assert (tmp_path / "shortlist.docx").is_file()


def test_the_page_names_the_codes_of_the_web() -> None:
    used: set[str] = set()
    for path in (ROOT / "api").glob("**/*.py"):
        if path.parent.name == "cli" or path.name in {"engine.py", "export.py", "client.py"}:
            continue
        text = path.read_text(encoding="utf-8")
        used |= set(re.findall(r"ProblemError\(\s*\d+,\s*\"([a-z_.]+)\"", text))
    missing = {code for code in used if f"`{code}`" not in PAGE}
    assert missing <= {"contact.not_found"}
