"""The commands as a person runs them, on a made-up market, with the hashing encoder."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from api.cli.main import main

INVESTORS = """investor_id,name,country,description,provinces_wanted
v1,Gió Biển,Vietnam,Nhà phát triển điện gió,Thanh Hóa
v2,Cát Vàng,Thailand,Chủ đầu tư khu nghỉ dưỡng biển,
"""
CALLS = """call_id,title,sector,province,capital_min,capital_unit,status
c1,Nhà máy điện gió Mai Lâm,Năng lượng,Thanh Hóa,2000,tỷ đồng,open
c2,Khu nghỉ dưỡng biển Hải Tiến,Du lịch,Thanh Hóa,,,open
p1,Nhà máy điện gió Hòn Me,Năng lượng,Nghệ An,1000,tỷ đồng,closed
"""
DEALS = """investor_id,call_id,date,stage,source_url
v1,p1,2021,operating,https://example.org/p1
"""
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    monkeypatch.setenv("KETNOI_HOME", str(folder))
    monkeypatch.setenv("KETNOI_ENCODER", "hashing")
    monkeypatch.delenv("KETNOI_DATABASE_URL", raising=False)
    return folder


@pytest.fixture
def run(home: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(list(arguments))
        out = capsys.readouterr()
        return code, out.out, out.err

    assert home
    return call


@pytest.fixture
def market(tmp_path: Path, run: Run) -> Path:
    """The folder of a small market, imported and indexed."""
    for name, text in (("investors", INVESTORS), ("calls", CALLS), ("deals", DEALS)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        assert run("import", name, str(tmp_path / f"{name}.csv"))[0] == 0
    assert run("index")[0] == 0
    return tmp_path


@pytest.mark.usefixtures("market")
def test_shortlist_as_json_is_one_document(run: Run) -> None:
    code, out, err = run("shortlist", "c1", "--json")
    document = json.loads(out)
    assert (code, err) == (0, "")
    assert [item["investor_id"] for item in document["items"]] == ["v1", "v2"]
    first = document["items"][0]["reasons"][0]
    assert first["code"] == "similar_project"
    assert first["evidence"][0]["source_url"] == "https://example.org/p1"


@pytest.mark.usefixtures("market")
def test_opportunities_by_investor_and_by_text(run: Run) -> None:
    by_investor = json.loads(run("opportunities", "--investor", "v2", "--json")[1])
    assert {item["call_id"] for item in by_investor["items"]} == {"c1", "c2"}
    by_text = json.loads(
        run("opportunities", "--text", "khu nghi duong", "--json", "--top", "1")[1]
    )
    assert [item["call_id"] for item in by_text["items"]] == ["c2"]


@pytest.mark.usefixtures("market")
def test_every_slate_is_in_the_ledger(run: Run, home: Path) -> None:
    import sqlite3

    ids = [json.loads(run("shortlist", "c1", "--json")[1])["slate_id"] for _ in range(2)]
    with sqlite3.connect(home / "ketnoi.sqlite") as database:
        rows = database.execute("SELECT slate_id, subject FROM slate ORDER BY position").fetchall()
    assert rows == [(ids[0], "c1"), (ids[1], "c1")]


@pytest.mark.usefixtures("market")
def test_wrong_ids_suggest_the_right_one(run: Run) -> None:
    code, out, err = run("shortlist", "c1x", "--json")
    assert (code, out) == (1, "")
    assert "no call 'c1x'" in err
    assert "c1 (" in err


@pytest.mark.parametrize(
    "arguments",
    [
        ["opportunities"],
        ["opportunities", "--investor", "v1", "--text", "x"],
        ["shortlist"],
        ["shortlist", "c1", "--top", "0"],
        ["shortlist", "c1", "--export", "x.pdf"],
        ["shortlist", "c1", "--lang", "fr"],
        ["no-such-command"],
        ["import", "calls", "/no/such/file.csv"],
    ],
)
def test_a_wrong_call_exits_with_2(run: Run, arguments: list[str]) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert err


def test_an_empty_home_says_what_to_do(run: Run) -> None:
    code, _, err = run("index")
    assert code == 1
    assert "ketnoi import" in err
    code, _, err = run("opportunities", "--text", "x")
    assert code == 1
    assert "ketnoi index" in err


def test_rows_after_the_index_are_found_with_a_warning(market: Path, run: Run) -> None:
    more = CALLS + "c3,Nhà máy điện gió Bãi Đông,Năng lượng,Thanh Hóa,,,open\n"
    (market / "more.csv").write_text(more, encoding="utf-8")
    assert run("import", "calls", str(market / "more.csv"))[0] == 0
    code, out, err = run("shortlist", "c3", "--json")
    assert code == 0
    assert "ketnoi index" in err
    reasons = json.loads(out)["items"][0]["reasons"]
    assert "similar_project" in {reason["code"] for reason in reasons}


def test_export_writes_the_file(market: Path, run: Run) -> None:
    path = market / "slate.xlsx"
    code, out, _ = run("shortlist", "c1", "--export", str(path))
    assert code == 0
    assert path.stat().st_size > 4000
    assert str(path) in out


@pytest.mark.usefixtures("market")
def test_a_damaged_release_names_the_remedy(run: Run, home: Path) -> None:
    release = home / "releases" / (home / "releases" / "current").read_text().strip()
    (release / "vectors.faiss").write_bytes(b"garbage")
    code, _, err = run("shortlist", "c1")
    assert code == 1
    assert "ketnoi index" in err
    assert run("index")[0] == 0
    assert run("shortlist", "c1")[0] == 0


@pytest.mark.usefixtures("market")
def test_killing_an_index_build_leaves_the_last_one(run: Run, home: Path) -> None:
    before = (home / "releases" / "current").read_text()
    for delay in (0.3, 0.6, 0.9, 1.2):
        process = subprocess.Popen(
            [sys.executable, "-c", "from api.cli.main import run; run()", "index"],
            env={**os.environ, "KETNOI_HOME": str(home)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert run("shortlist", "c1", "--json")[0] == 0
    assert (home / "releases" / before.strip()).is_dir()


@pytest.mark.usefixtures("market")
def test_two_index_builds_at_once_take_turns(home: Path) -> None:
    from embeddings.manifest import exclusive

    command = [sys.executable, "-c", "from api.cli.main import run; run()", "index"]
    with exclusive(home / "releases" / ".building"):
        waiting = subprocess.Popen(
            command, env={**os.environ, "KETNOI_HOME": str(home)}, stdout=subprocess.DEVNULL
        )
        with pytest.raises(subprocess.TimeoutExpired):
            waiting.wait(timeout=4)
    assert waiting.wait(timeout=60) == 0
