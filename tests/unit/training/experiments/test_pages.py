"""The page says what the results say, to the last digit."""

import json
from pathlib import Path

import pytest

from data.errors import KetnoiError
from training.experiments.pages import PAGE, filled
from training.experiments.run import write_result
from training.experiments.spec import RESULTS, shipped_experiments

CURVE = {
    "deals": {"0.5": 100, "1": 200},
    "lines": {"model": {"0.5": [0.25, 0.2, 0.3], "1": [0.5, 0.4, 0.6]}},
}


def test_the_page_equals_the_committed_results() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert filled(text) == text, "run: make quality"


def test_every_block_of_the_page_is_closed() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text.count("<!-- begin ") == text.count("<!-- end -->") > 5


def test_every_shipped_experiment_has_its_result() -> None:
    for experiment in shipped_experiments():
        kept = json.loads((RESULTS / f"{experiment.name}.json").read_text(encoding="utf-8"))
        assert kept["experiment"] == json.loads(json.dumps(experiment.as_json()))
        assert len(kept["data_sha256"]) == 64
        assert kept["seed"] == experiment.seed


def test_a_block_is_written_anew_and_the_rest_is_kept(tmp_path: Path) -> None:
    write_result({"experiment": {"name": "small"}, "found": CURVE}, tmp_path)
    page = "Before.\n<!-- begin curve small -->\nold 0.9\n<!-- end -->\nAfter.\n"
    assert filled(page, tmp_path) == (
        "Before.\n<!-- begin curve small -->\n"
        "| past calls known | deals | model |\n| --- | --- | --- |\n"
        "| 50% | 100 | 0.250 [0.200, 0.300] |\n| 100% | 200 | 0.500 [0.400, 0.600] |\n"
        "<!-- end -->\nAfter.\n"
    )


@pytest.mark.parametrize(
    ("head", "said"), [("curve none", "ketnoi experiment"), ("poem none", "unknown kind")]
)
def test_a_block_that_cannot_be_written_says_why(tmp_path: Path, head: str, said: str) -> None:
    with pytest.raises(KetnoiError, match=said):
        filled(f"<!-- begin {head} -->\n<!-- end -->\n", tmp_path)
