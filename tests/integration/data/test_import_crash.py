"""Imports that are killed, or that meet: the last good state stays, nothing is half done."""

import random
import subprocess
import sys
import time
from pathlib import Path

from data import queries
from data.importers.importing import ImportRequest, import_file
from data.session import connect, read

ROOT = Path(__file__).parents[3]
ROWS = 3000


def calls(folder: Path, title: str) -> Path:
    """Write a list of made-up calls."""
    path = folder / f"{title}.csv"
    rows = "".join(f"c{number},{title} {number}\n" for number in range(ROWS))
    path.write_text(f"call_id,title\n{rows}", encoding="utf-8")
    return path


def start(url: str, path: Path) -> subprocess.Popen[bytes]:
    code = (
        "from pathlib import Path\n"
        "from data.importers.importing import ImportRequest, import_file\n"
        "print('ready', flush=True)\n"
        f"import_file({url!r}, ImportRequest('calls', Path({str(path)!r})))"
    )
    return subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def titles(url: str) -> set[str]:
    """Return the first words of all titles: one word when the database is of one piece."""
    with read(connect(url)) as connection:
        found = queries.calls(connection)
    assert len(found) == ROWS
    return {call.title.split()[0] for call in found}


def test_killed_import_leaves_last_good_state(url: str, tmp_path: Path) -> None:
    files = [calls(tmp_path, "first"), calls(tmp_path, "second")]
    import_file(url, ImportRequest("calls", files[0]))
    chance = random.Random(1)
    for attempt in range(4):
        process = start(url, files[(attempt + 1) % 2])
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(chance.uniform(0.0, 1.5))
        process.kill()
        process.communicate()

        assert len(titles(url)) == 1
    import_file(url, ImportRequest("calls", files[1]))
    assert titles(url) == {"second"}


def test_two_imports_at_once_take_turns(url: str, tmp_path: Path) -> None:
    running = [start(url, calls(tmp_path, title)) for title in ("first", "second")]
    errors = [process.communicate(timeout=120)[1].decode() for process in running]

    assert errors == ["", ""]
    assert len(titles(url)) == 1
