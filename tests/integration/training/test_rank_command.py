"""`ketnoi rank` and `ketnoi benchmark` on folders whose right answer is known."""

import csv
import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from api.cli import rank
from matcher.market import Market
from tests.unit.training.worlds import checkerboard, field_of


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> typer.Typer:
    monkeypatch.setenv("KETNOI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("KETNOI_ENCODER", "hashing")
    made = typer.Typer()
    rank.register(made)
    return made


def write(path: Path, rows: list[dict[str, str]], columns: list[str]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, fieldnames=columns)
        writer.writeheader()
        writer.writerows(rows)


def folder_of(market: Market, folder: Path) -> Path:
    folder.mkdir()
    write(
        folder / "investors.csv",
        [{"investor_id": i.investor_id, "name": i.name} for i in market.investors],
        ["investor_id", "name"],
    )
    write(
        folder / "calls.csv",
        [
            {
                "call_id": c.call_id,
                "title": c.title,
                "sector": c.sector_as_written,
                "status": c.status,
            }
            for c in market.calls
        ],
        ["call_id", "title", "sector", "status"],
    )
    write(
        folder / "deals.csv",
        [
            {"investor_id": d.investor_id, "call_id": d.call_id, "date": str(d.date)}
            for d in market.deals
        ],
        ["investor_id", "call_id", "date"],
    )
    return folder


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def run(app: typer.Typer, *arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == 0, (result.output, result.exception)
    return result.stdout


def test_rank_puts_investors_of_the_field_first(app: typer.Typer, tmp_path: Path) -> None:
    market = checkerboard()
    folder, out = folder_of(market, tmp_path / "market"), tmp_path / "out"
    run(app, "rank", str(folder), "--out", str(out))
    ranked = lines(out / "for_calls.jsonl")
    still_open = {c.call_id for c in market.calls if c.status == "open"}
    assert {row["call_id"] for row in ranked} == still_open
    right = 0
    for row in ranked:
        items = row["items"]
        assert isinstance(items, list)
        assert len(items) == len(market.investors)
        scores = [item["score"] for item in items]
        assert scores == sorted(scores, reverse=True)
        field = field_of(str(row["call_id"]))
        right += sum(field_of(item["investor_id"]) == field for item in items[:4])
    assert right > 0.8 * 4 * len(ranked)


def test_rank_mirrors_for_every_investor(app: typer.Typer, tmp_path: Path) -> None:
    market = checkerboard()
    folder, out = folder_of(market, tmp_path / "market"), tmp_path / "out"
    run(app, "rank", str(folder), "--out", str(out), "--top", "3")
    ranked = lines(out / "for_investors.jsonl")
    assert [row["investor_id"] for row in ranked] == [i.investor_id for i in market.investors]
    right = 0
    for row in ranked:
        items = row["items"]
        assert isinstance(items, list)
        assert len(items) == 3
        own = field_of(str(row["investor_id"]))
        right += sum(field_of(item["call_id"]) == own for item in items)
    assert right > 0.8 * 3 * len(ranked)


def test_the_same_folder_gives_the_same_bytes(app: typer.Typer, tmp_path: Path) -> None:
    folder = folder_of(checkerboard(years=5), tmp_path / "market")
    for name in ("one", "two"):
        run(app, "rank", str(folder), "--out", str(tmp_path / name))
    for name in ("for_calls.jsonl", "for_investors.jsonl"):
        one, two = (tmp_path / run_ / name for run_ in ("one", "two"))
        assert one.read_bytes() == two.read_bytes()


@pytest.mark.parametrize("deals", [0, 1, 5])
def test_rank_works_with_almost_no_deals(app: typer.Typer, tmp_path: Path, deals: int) -> None:
    folder = folder_of(checkerboard(years=3), tmp_path / "market")
    kept = (folder / "deals.csv").read_text(encoding="utf-8").splitlines()[: deals + 1]
    (folder / "deals.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    run(app, "rank", str(folder), "--out", str(tmp_path / "out"))
    assert len(lines(tmp_path / "out" / "for_calls.jsonl")) == 24


def test_benchmark_prints_one_document(app: typer.Typer, tmp_path: Path) -> None:
    folder = folder_of(checkerboard(), tmp_path / "market")
    text = run(app, "benchmark", str(folder), "--cutoff", "2005", "--json")
    found = json.loads(text)
    by_name = {
        row["name"]: row["metrics"]["ndcg_10"][0]
        for row in found["rows"]
        if row["side"] == "investors for a call"
    }
    assert by_name["model"] > by_name["popularity"] + 0.2
    assert by_name["model"] > by_name["random"] + 0.2
    assert found["sizes"]["open calls"] == 48


def test_a_cutoff_after_all_deals_is_refused(app: typer.Typer, tmp_path: Path) -> None:
    folder = folder_of(checkerboard(years=3), tmp_path / "market")
    result = CliRunner().invoke(app, ["benchmark", str(folder), "--cutoff", "2050"])
    assert result.exit_code == 1
    assert "No investor known before 2050" in str(result.exception)


def test_a_cutoff_that_is_no_date_is_a_wrong_call(app: typer.Typer, tmp_path: Path) -> None:
    folder = folder_of(checkerboard(years=3), tmp_path / "market")
    result = CliRunner().invoke(app, ["benchmark", str(folder), "--cutoff", "soon"])
    assert result.exit_code == 2
