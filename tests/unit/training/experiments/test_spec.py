from pathlib import Path

import pytest

from data.errors import KetnoiError
from training.experiments.spec import load_experiment, shipped_experiments

GOOD = """
kind = "ablation"
title = "A market"
market = "somewhere"
cutoffs = ["2020", "2021"]
years = 1.0
[leave_out]
words = ["word_"]
"""


def test_a_file_is_read_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "small.toml"
    path.write_text(GOOD, encoding="utf-8")
    found = load_experiment(path)
    assert (found.name, found.kind, found.seed) == ("small", "ablation", 7)
    assert found.cutoffs == ("2020", "2021")
    assert found.leave_out == {"words": ("word_",)}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('kind = "ablation"', 'kind = "guess"'), "kind is 'guess'"),
        (('market = "somewhere"', ""), "no market"),
        (("years = 1.0", "yeras = 1.0"), "yeras?"),
        (('cutoffs = ["2020", "2021"]', "cutoffs = ["), "small.toml"),
    ],
)
def test_a_wrong_file_is_refused_in_both_languages(
    tmp_path: Path, change: tuple[str, str], said: str
) -> None:
    path = tmp_path / "small.toml"
    path.write_text(GOOD.replace(*change), encoding="utf-8")
    with pytest.raises(KetnoiError, match=r"small\.toml") as refused:
        load_experiment(path)
    assert said in refused.value.message
    assert "small.toml" in refused.value.message_vi


def test_the_shipped_experiments_can_be_read() -> None:
    names = {each.name for each in shipped_experiments()}
    assert {"vietnam-2022", "defillama-2023", "india-2017", "ycombinator-2012"} <= names
