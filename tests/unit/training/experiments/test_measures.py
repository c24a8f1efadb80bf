"""Each kind of experiment on a market whose right answer is known."""

from pathlib import Path
from typing import Any

import pytest

from data.errors import KetnoiError
from tests.unit.training.worlds import checkerboard
from training.experiments.measures import MEASURES
from training.experiments.run import load_result, run_experiment, write_result
from training.experiments.spec import Experiment
from training.experiments.tables import ablation, curve, ways

WORLD = checkerboard(years=4, per_field=3)


def found(kind: str, **more: Any) -> Any:
    experiment = Experiment("small", kind, "Small", "market", ("2002",), 1.0, **more)
    return MEASURES[kind](WORLD, experiment, frozenset(), lambda _done, _of: None)


def test_an_ablation_finds_what_decides() -> None:
    everything = ("text_", "word_", "sector_", "best", "same", "neigh", "learned", "tag_", "does")
    result = found("ablation", leave_out={"all evidence": everything, "land": ("land_fit",)})
    by_name = {row["name"]: row["ndcg"][0] for row in result["for_calls"]}
    assert by_name["nothing"] > by_name["all evidence"] + 0.2
    assert by_name["land"] == by_name["nothing"]
    assert "| land |" in ablation(result)


def test_ways_are_measured_against_the_house_rule() -> None:
    result = found("ways")
    first, *others = result["rows"]
    assert first["name"] == "house rule"
    assert first["gain"]["ndcg"] == (0.0, 0.0, 0.0)
    assert {row["name"] for row in others} >= {"logit", "`ketnoi rank`"}
    assert result["questions"]["ndcg"] == 18
    assert ways(result).count("\n") == len(result["rows"]) + 2


def test_more_deals_are_better() -> None:
    result = found("curve", shares=(0.1, 1.0))
    line = result["lines"]["dense kNN"]
    assert line["1"][0] > line["0.1"][0]
    assert result["deals"]["1"] > result["deals"]["0.1"]
    assert "| 10% |" in curve(result)


def test_a_cutoff_after_all_deals_is_refused() -> None:
    experiment = Experiment("small", "ways", "Small", "market", ("2050",))
    with pytest.raises(KetnoiError, match="2050"):
        MEASURES["ways"](WORLD, experiment, frozenset(), lambda _done, _of: None)


def test_a_result_is_kept_with_what_it_rests_on(tmp_path: Path) -> None:
    (tmp_path / "market").mkdir()
    (tmp_path / "market" / "deals.csv").write_text("x\n", encoding="utf-8")
    experiment = Experiment("small", "ablation", "Small", "market", ("2002",), 1.0)
    result = run_experiment(
        experiment, data=tmp_path, open_market=lambda _: WORLD, encoder="hashing"
    )
    write_result(result, tmp_path)
    kept = load_result("small", tmp_path)
    assert kept is not None
    assert kept["encoder"] == "hashing"
    assert kept["seed"] == 7
    assert len(kept["data_sha256"]) == 64
    assert kept["found"]["for_calls"][0]["name"] == "nothing"


def test_a_market_that_is_not_there_is_named(tmp_path: Path) -> None:
    experiment = Experiment("small", "ablation", "Small", "nowhere", ("2003",))
    with pytest.raises(KetnoiError, match="nowhere"):
        run_experiment(experiment, data=tmp_path, open_market=lambda _: WORLD, encoder="hashing")
