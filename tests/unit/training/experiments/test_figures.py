from pathlib import Path

from training.experiments.figures import FIGURES, draw
from training.experiments.pages import PAGE
from training.experiments.run import load_result


def test_figures_show_the_kept_results(tmp_path: Path) -> None:
    made = {path.stem: path.read_text(encoding="utf-8") for path in draw(tmp_path)}
    assert set(made) == set(FIGURES)
    result = load_result("vietnam-2022")
    assert result is not None
    for one in result["found"]["slices"]:
        assert f"{one['name']} ({one['questions']})" in made["slices"]


def test_the_page_shows_every_figure() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for name in FIGURES:
        assert f"figures/{name}.svg" in text
        assert (PAGE.parent / "figures" / f"{name}.svg").is_file()
