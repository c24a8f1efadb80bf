"""The sample, imported and indexed once with the real encoder."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from api.engine import Engine, build_index, load_engine
from api.settings import Settings, load_settings
from data.importers.importing import ImportRequest, import_file
from data.session import open_engine, read

SAMPLE = Path(__file__).parents[2] / "data" / "sample"


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Settings:
    """A home of its own that shares the models and known vectors of ``var``."""
    home = tmp_path_factory.mktemp("sample-home")
    (home / "models").symlink_to(model_cache)
    vectors = model_cache.parent / "vectors.sqlite"
    if vectors.is_file():
        shutil.copy(vectors, home / vectors.name)
    return load_settings({"KETNOI_HOME": str(home)})


@pytest.fixture(scope="session")
def connection(settings: Settings) -> Iterator[Connection]:
    """A database that holds the sample, with its index built."""
    for kind in ("investors", "calls", "deals"):
        path = SAMPLE / f"{kind}.csv"
        import_file(settings.database_url, ImportRequest(kind, path, "", dry_run=False))
    programmes = SAMPLE / "programmes.json"
    import_file(settings.database_url, ImportRequest("programmes", programmes, "", dry_run=False))
    with read(open_engine(settings.database_url)) as connection:
        build_index(settings, connection, progress=lambda _done, _total: None)
        yield connection


@pytest.fixture(scope="session")
def engine(settings: Settings, connection: Connection) -> Engine:
    return load_engine(settings, connection)
