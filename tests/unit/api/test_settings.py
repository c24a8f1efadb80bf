import dataclasses
import re
from pathlib import Path

from api.settings import Settings, load_settings

ROOT = Path(__file__).parents[3]


def test_defaults_lie_under_home() -> None:
    settings = load_settings({})
    assert settings.home == Path("var").absolute()
    assert settings.database_url == f"sqlite:///{settings.home}/ketnoi.sqlite"
    assert settings.models.parent == settings.home


def test_an_empty_variable_counts_as_unset() -> None:
    assert load_settings({"KETNOI_HOME": "", "KETNOI_ENCODER": ""}) == load_settings({})


def test_two_homes_share_nothing(tmp_path: Path) -> None:
    one, other = (load_settings({"KETNOI_HOME": str(tmp_path / name)}) for name in "ab")
    for field in dataclasses.fields(Settings):
        if field.name != "encoder":
            assert getattr(one, field.name) != getattr(other, field.name)


def test_every_setting_is_documented() -> None:
    code = (ROOT / "api" / "settings.py").read_text(encoding="utf-8")
    documented = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    used = set(re.findall(r"KETNOI_[A-Z_]+", code))
    assert used == set(re.findall(r"^\| `(KETNOI_[A-Z_]+)`", documented, re.MULTILINE))


def test_the_environment_is_read_in_settings_alone() -> None:
    allowed = {ROOT / "api" / "settings.py", ROOT / "data" / "migrations" / "env.py"}
    readers = {
        path
        for folder in ("api", "training", "matcher", "embeddings", "data")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"os\.environ|getenv", path.read_text(encoding="utf-8"))
    }
    assert readers <= allowed
