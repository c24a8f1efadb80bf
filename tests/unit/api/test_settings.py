import dataclasses
import re
from pathlib import Path

import pytest

from api.settings import ServiceSettings, Settings, load_settings
from data.errors import KetnoiError

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
        if field.name not in {"encoder", "service"}:
            assert getattr(one, field.name) != getattr(other, field.name)


def test_every_setting_is_documented() -> None:
    readers = (ROOT / "api" / "settings.py", ROOT / "api" / "cli" / "language.py")
    code = "".join(path.read_text(encoding="utf-8") for path in readers)
    documented = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    used = set(re.findall(r"KETNOI_[A-Z_]+", code))
    assert used == set(re.findall(r"^\| `(KETNOI_[A-Z_]+)`", documented, re.MULTILINE))


def test_the_environment_is_read_in_settings_alone() -> None:
    language = ROOT / "api" / "cli" / "language.py"
    allowed = {ROOT / "api" / "settings.py", language, ROOT / "data" / "migrations" / "env.py"}
    readers = {
        path
        for folder in ("api", "training", "matcher", "embeddings", "data")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"os\.environ|getenv", path.read_text(encoding="utf-8"))
    }
    assert readers <= allowed


def test_the_service_has_defaults_and_reads_its_own() -> None:
    assert load_settings({}).service == ServiceSettings()
    service = load_settings(
        {"KETNOI_RATE": "5/second", "KETNOI_COOKIE_SECURE": "no", "KETNOI_UPLOAD_MB": "7"}
    ).service
    assert (service.rate, service.cookie_secure, service.upload_mb) == ("5/second", False, 7)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KETNOI_RATE", "many"),
        ("KETNOI_RATE", "0/minute"),
        ("KETNOI_SIGN_IN_RATE", "10"),
        ("KETNOI_UPLOAD_MB", "0"),
        ("KETNOI_UPLOAD_MB", "1.5"),
        ("KETNOI_QUEUE", "x"),
        ("KETNOI_RELOAD_SECONDS", "nan"),
        ("KETNOI_COOKIE_SECURE", "perhaps"),
        ("KETNOI_LOG_LEVEL", "loud"),
    ],
)
def test_a_value_that_cannot_be_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(KetnoiError, match=name) as refused:
        load_settings({name: value})
    assert name in refused.value.message_vi


def test_secrets_do_not_show() -> None:
    settings = load_settings(
        {"KETNOI_SMTP_URL": "smtp://a:hush@h", "KETNOI_OIDC_CLIENT_SECRET": "hush"}
    )
    assert "hush" not in repr(settings)
