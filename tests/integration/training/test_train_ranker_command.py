"""`ketnoi train ranker` from files to a shortlist, with the hashing encoder."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli.main import app
from matcher.ranker import FIRST_RANKER, LinearRanker
from tests.integration.training.test_rank_command import folder_of
from tests.unit.training.worlds import checkerboard, field_of


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == 0, (result.output, result.exception)
    return result.stdout


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    monkeypatch.setenv("KETNOI_HOME", str(home))
    monkeypatch.setenv("KETNOI_ENCODER", "hashing")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return home


def load_world(tmp_path: Path) -> None:
    folder = folder_of(checkerboard(years=5), tmp_path / "market")
    for kind in ("investors", "calls", "deals"):
        run("import", kind, str(folder / f"{kind}.csv"))


def test_train_ranker_keeps_a_house_rule_that_is_as_good(home: Path, tmp_path: Path) -> None:
    load_world(tmp_path)
    said = run("train", "ranker")
    assert "nDCG@10 0.971 learned, 0.971 house rule" in said
    assert "the house rule is in use; --force" in said
    release = next(line for line in said.splitlines() if line.startswith("Release")).split()[1]
    assert LinearRanker.load(home / "releases" / release) == FIRST_RANKER


def test_train_ranker_puts_a_learned_ranker_to_use(home: Path, tmp_path: Path) -> None:
    load_world(tmp_path)
    said = run("train", "ranker", "--force")
    assert "Learned from" in said
    release = next(line for line in said.splitlines() if line.startswith("Release")).split()[1]
    ranker = LinearRanker.load(home / "releases" / release)
    assert ranker.origin == "learned"
    assert any(weight > 0 for weight in ranker.weights.values())
    slate = json.loads(run("shortlist", "2004-wind-0", "--top", "4", "--json"))
    assert slate["release"] == release
    assert {field_of(item["investor_id"]) for item in slate["items"]} == {"wind"}


def test_train_ranker_without_deals_says_what_to_do(home: Path) -> None:
    result = CliRunner().invoke(app, ["train", "ranker"])
    assert result.exit_code == 1
    assert "ketnoi import deals" in str(result.exception)
    assert not (home / "releases").exists()
