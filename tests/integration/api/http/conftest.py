"""The service on a small world, made once and copied for each module that changes it."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.support.service import World, client_of, make_world

Client = Callable[[str], TestClient]


@pytest.fixture(scope="session")
def made_world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return make_world(tmp_path_factory.mktemp("world") / "home")


@pytest.fixture(scope="module")
def world(made_world: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    """A copy of the world for one module."""
    home = tmp_path_factory.mktemp("copy") / "home"
    shutil.copytree(made_world.home, home)
    return replace(made_world, home=home)


@pytest.fixture(scope="module")
def as_(world: World) -> Iterator[Client]:
    """Gives a client of one running service, signed in as the one named; "" is a stranger."""
    with ExitStack() as stack:
        running = stack.enter_context(client_of(world))

        def signed_in(name: str) -> TestClient:
            headers = world.headers(name) if name else {}
            return TestClient(running.app, headers=headers)

        yield signed_in


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path
