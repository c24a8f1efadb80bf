"""The compose file says nothing that the tests do not exercise outside of containers too."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from api.cli.main import app

ROOT = Path(__file__).parents[3]
OWN = ("migrate", "api", "worker")


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)["services"]
    return found


def test_there_are_api_worker_database_and_migration(services: dict[str, Any]) -> None:
    assert set(services) == {"db", *OWN}


@pytest.mark.parametrize("name", OWN)
def test_each_command_exists_with_its_options(services: dict[str, Any], name: str) -> None:
    program, command, *options = services[name]["command"]
    shown = CliRunner().invoke(app, [command, "--help"])
    assert (program, shown.exit_code) == ("ketnoi", 0)
    assert all(option in shown.output for option in options if option.startswith("--"))


def test_the_image_starts_what_compose_starts(services: dict[str, Any]) -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    found = re.search(r"^CMD \[(.*)\]$", text, re.MULTILINE)
    assert found is not None
    assert re.findall(r'"([^"]*)"', found.group(1)) == services["api"]["command"]


@pytest.mark.parametrize("name", ["db", *OWN])
def test_nobody_is_root_and_nothing_is_written_outside_volumes(
    services: dict[str, Any], name: str
) -> None:
    service = services[name]
    assert service["user"] in {"postgres", "10001:10001"}
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert re.search(r":\d+(\.\d+)+", service["image"]), "an image without a pinned version"


def test_images_of_the_build_are_pinned_and_it_ends_as_nobody() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    bases = re.findall(r"^FROM (\S+)", text, re.MULTILINE)
    assert bases
    assert all(re.search(r":\d+\.\d+\.\d+-", base) for base in bases)
    assert re.findall(r"^USER (\S+)", text, re.MULTILINE) == ["10001:10001"]


def test_order_of_start_and_health(services: dict[str, Any]) -> None:
    assert services["migrate"]["depends_on"] == {"db": {"condition": "service_healthy"}}
    for name in ("api", "worker"):
        done = {"migrate": {"condition": "service_completed_successfully"}}
        assert services[name]["depends_on"] == done
        assert services[name]["healthcheck"]["test"]
    assert "/health/live" in services["api"]["healthcheck"]["test"][-1]


def test_every_setting_is_documented(services: dict[str, Any]) -> None:
    documented = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    given = {name for each in OWN for name in services[each]["environment"]}
    own = {name for name in given if name.startswith("KETNOI_")}
    assert own
    assert all(f"| `{name}`" in documented for name in own)


def test_copied_folders_are_there() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    allowed = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    for line in re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE):
        for name in line.split():
            assert (ROOT / name).exists(), name
            assert f"!{name}" in allowed
