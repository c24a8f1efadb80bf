"""Releases: listed, rolled back, of the version before; rows that came after one."""

import json
import shutil
from pathlib import Path

import pytest

from tests.integration.api.test_commands import CALLS, INVESTORS, Run, home, market, run

__all__ = ["home", "market", "run"]  # fixtures


def releases(run: Run) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(run("releases", "--json")[1])["releases"]
    return found


def more_calls(folder: Path, run: Run) -> None:
    text = CALLS + "c3,Nhà máy điện gió Bãi Đông,Năng lượng,Thanh Hóa,,,open\n"
    (folder / "more.csv").write_text(text, encoding="utf-8")
    assert run("import", "calls", str(folder / "more.csv"))[0] == 0


def test_going_back_is_one_command(market: Path, run: Run) -> None:
    first = releases(run)[0]["name"]
    more_calls(market, run)
    assert run("index")[0] == 0
    assert [each["in_use"] for each in releases(run)] == [True, False]
    code, out, _ = run("releases", "use", str(first))
    assert (code, out.strip()) == (0, f"Release {first} is in use.")
    assert [each["in_use"] for each in releases(run)] == [False, True]
    document = json.loads(run("shortlist", "c1", "--json")[1])
    assert document["release"] == first


@pytest.mark.usefixtures("market")
def test_an_unknown_release_names_those_that_are_kept(run: Run) -> None:
    name = str(releases(run)[0]["name"])
    code, out, err = run("releases", "use", "r-nothing")
    assert (code, out) == (1, "")
    assert name in err


def test_a_damaged_release_is_not_put_to_use(market: Path, run: Run, home: Path) -> None:
    first = str(releases(run)[0]["name"])
    more_calls(market, run)
    assert run("index")[0] == 0
    (home / "releases" / first / "ranker.json").write_text("{}", encoding="utf-8")
    code, _, err = run("releases", "use", first)
    assert code == 1
    assert "ketnoi releases" in err
    assert [each["in_use"] for each in releases(run)] == [True, False]
    assert releases(run)[1]["problem"]


@pytest.mark.usefixtures("market")
def test_a_release_is_made_anew_when_texts_are_read_otherwise(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("index")[0] == 0
    assert len(releases(run)) == 1
    monkeypatch.setattr("matcher.release.TAGGING_VERSION", "next")
    assert run("index")[0] == 0
    assert [each["in_use"] for each in releases(run)] == [True, False]


@pytest.mark.usefixtures("market")
def test_a_release_holds_calibration_and_metrics(run: Run, home: Path) -> None:
    folder = home / "releases" / str(releases(run)[0]["name"])
    names = {path.name for path in folder.iterdir()}
    assert {"ranker.json", "calibration.json", "metrics.json", "manifest.json"} <= names
    listed = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"]
    assert {"calibration.json", "metrics.json"} <= set(listed)
    metrics = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
    assert metrics["market"] == "sample"  # the small market has too short a past of its own
    items = json.loads(run("shortlist", "c1", "--json")[1])["items"]
    assert items[0]["probability"] > 0
    assert all(0 <= item["probability"] < 1 for item in items)
    assert {item["band"] for item in items} <= {"high", "medium", "low"}


@pytest.mark.usefixtures("market")
def test_a_release_of_the_version_before_still_answers(run: Run, home: Path) -> None:
    """It has no calibration, and no such files in its manifest."""
    folder = home / "releases" / str(releases(run)[0]["name"])
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for name in ("calibration.json", "metrics.json"):
        (folder / name).unlink()
        del manifest["files"][name]
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    code, out, err = run("shortlist", "c1", "--json")
    assert code == 0
    assert "told no probabilities" in err
    assert "ketnoi index" in err
    items = json.loads(out)["items"]
    assert {(item["probability"], item["band"]) for item in items} == {(None, None)}
    assert run("index")[0] == 0
    assert len(releases(run)) == 2
    assert run("shortlist", "c1", "--json")[2] == ""


def test_an_investor_that_came_after_the_index_is_found(market: Path, run: Run) -> None:
    more = INVESTORS + "v3,Gió Bãi Đông,Vietnam,Nhà phát triển điện gió ngoài khơi,Thanh Hóa\n"
    (market / "more.csv").write_text(more, encoding="utf-8")
    assert run("import", "investors", str(market / "more.csv"))[0] == 0
    code, out, err = run("shortlist", "c1", "--json")
    assert code == 0
    assert "ketnoi index" in err
    items = {item["investor_id"]: item for item in json.loads(out)["items"]}
    codes = {reason["code"] for reason in items["v3"]["reasons"]}
    assert {"activity_match", "province_wanted"} <= codes


def test_too_many_new_rows_wait_for_the_index(market: Path, run: Run) -> None:
    rows = [f"n{n},Nhà đầu tư {n},Vietnam,Chế biến thủy sản số {n}," for n in range(70)]
    (market / "more.csv").write_text(INVESTORS + "\n".join(rows) + "\n", encoding="utf-8")
    assert run("import", "investors", str(market / "more.csv"))[0] == 0
    code, _, err = run("shortlist", "c1", "--json")
    assert code == 0
    assert "70 calls and investors" in err


def test_lists_for_many_calls(market: Path, run: Run, tmp_path: Path) -> None:
    path = tmp_path / "lists.jsonl"
    code, out, _ = run("shortlists", "--all", "--out", str(path), "--cap", "1", "--lang", "en")
    assert code == 0
    assert "2 lists" in out
    lists = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [each["call_id"] for each in lists] == ["c1", "c2"]
    shown = [item["investor_id"] for each in lists for item in each["items"]]
    assert len(shown) == len(set(shown))
    assert all(each["slate_id"] for each in lists)
    other = tmp_path / "calls.jsonl"
    assert run("shortlists", "--all", "--investors", "--out", str(other), "--cap", "1")[0] == 0
    lists = [json.loads(line) for line in other.read_text(encoding="utf-8").splitlines()]
    assert [each["investor_id"] for each in lists] == ["v1", "v2"]
    offered = [item["call_id"] for each in lists for item in each["items"]]
    assert len(offered) == len(set(offered)) == 2
    sheet = tmp_path / "lists.xlsx"
    assert run("shortlists", "--province", "Thanh Hóa", "--out", str(sheet))[0] == 0
    assert sheet.stat().st_size > 4000
    assert market


@pytest.mark.usefixtures("market")
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--out", "x.xlsx"], 2),
        (["--all", "--province", "Thanh Hóa", "--out", "x.xlsx"], 2),
        (["--all", "--out", "x.pdf"], 2),
        (["--all", "--out", "x.xlsx", "--lang", "fr"], 2),
        (["--province", "Atlantis", "--out", "x.xlsx"], 1),
        (["--province", "Cà Mau", "--out", "x.xlsx"], 1),
    ],
)
def test_wrong_calls_for_many_lists(run: Run, arguments: list[str], code: int) -> None:
    found, out, err = run("shortlists", *arguments)
    assert (found, out) == (code, "")
    assert err


def test_releases_of_a_new_home_are_none(run: Run, home: Path) -> None:
    assert releases(run) == []
    assert "ketnoi index" in run("releases")[1]
    shutil.rmtree(home, ignore_errors=True)
