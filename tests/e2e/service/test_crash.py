"""Killed at random moments under write load, the service keeps what it acknowledged."""

from pathlib import Path

import pytest

from tests.support.crash import crash
from tests.support.databases import new_database, postgres_server

pytestmark = pytest.mark.slow


def test_nothing_acknowledged_is_lost_on_sqlite(tmp_path: Path) -> None:
    found = crash(tmp_path, runs=2)
    assert found["faults"] == []
    assert int(str(found["acknowledged"])) > 2


@pytest.mark.benchmark  # `make crash-service` does fifty on each database
def test_nothing_acknowledged_is_lost_on_postgresql(tmp_path: Path) -> None:
    with postgres_server() as server:
        found = crash(tmp_path, runs=1, url=new_database(server))
    assert found["faults"] == []
    assert int(str(found["acknowledged"])) > 1
