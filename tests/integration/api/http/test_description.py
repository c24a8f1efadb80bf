"""The API's description: complete, stable, and true of a live server."""

import shutil
from dataclasses import replace
from typing import Any

import pytest

from api.app import create_app
from api.settings import load_settings
from tests.support.fuzz import fuzz
from tests.support.service import World


@pytest.fixture(scope="module")
def document(made_world: World) -> dict[str, Any]:
    return create_app(load_settings({"KETNOI_HOME": str(made_world.home)})).openapi()


def _operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for methods in document["paths"].values() for each in methods.values()]


def test_operation_ids_are_names_and_differ(document: dict[str, Any]) -> None:
    names = [each["operationId"] for each in _operations(document)]
    assert len(names) == len(set(names))
    assert all(name.isidentifier() for name in names)
    assert {"list_calls", "get_shortlist", "search_calls", "create_lead"} <= set(names)


def test_every_operation_says_what_it_does(document: dict[str, Any]) -> None:
    assert all(each.get("description") and each.get("tags") for each in _operations(document))


def test_errors_are_problems_everywhere(document: dict[str, Any]) -> None:
    for path, methods in document["paths"].items():
        for each in methods.values():
            for status, answer in each["responses"].items():
                if status >= "400" and not path.startswith("/health"):
                    assert set(answer["content"]) == {"application/problem+json"}, path
    assert document["components"]["schemas"]["Problem"]["examples"]


def test_edits_need_the_version_and_creates_take_a_key(document: dict[str, Any]) -> None:
    for path, methods in document["paths"].items():
        if "patch" in methods:
            sent = {each["name"]: each for each in methods["patch"]["parameters"]}
            assert sent["if-match"]["required"], path
            assert {"412", "428"} <= set(methods["patch"]["responses"]), path
        created = "201" in methods.get("post", {"responses": {}})["responses"]
        if created and path not in {"/api/v1/keys", "/api/v1/sessions"}:
            names = {each["name"] for each in methods["post"]["parameters"]}
            assert "idempotency-key" in names, path


@pytest.mark.benchmark  # `make fuzz` does the same for every role and both databases
def test_a_live_server_keeps_to_it(
    made_world: World, tmp_path_factory: pytest.TempPathFactory
) -> None:
    home = tmp_path_factory.mktemp("fuzz") / "home"
    shutil.copytree(made_world.home, home)
    world = replace(made_world, home=home)
    assert fuzz(world, "administrator", cases=1, phases="fuzzing", whole=False) == 0
