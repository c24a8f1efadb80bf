"""The service under 200 clients at the sample's size: figures for docs/performance.md."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from api.engine import build_index
from api.settings import load_settings
from data import accounts, keys
from data.accounts import NewOrganisation
from data.importers.importing import ImportRequest, import_file
from data.session import open_engine, read, write
from tests.support.live import serving

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
CLIENTS, SECONDS = 200, 60


def _sample_home(home: Path, model_cache: Path) -> str:
    """Fill a home with the sample and its index; give a key of a centre's administrator."""
    home.mkdir()
    (home / "models").symlink_to(model_cache)
    known = model_cache.parent / "vectors.sqlite"
    if known.is_file():
        shutil.copy(known, home / known.name)
    settings = load_settings({"KETNOI_HOME": str(home)})
    for kind in ("investors", "calls", "deals"):
        import_file(settings.database_url, ImportRequest(kind, SAMPLE / f"{kind}.csv", ""))
    database = open_engine(settings.database_url)
    with read(database) as connection:
        build_index(settings, connection, progress=lambda _done, _total: None)
    with write(database) as connection:
        where = accounts.create_organisation(connection, NewOrganisation("centre", "Trung tâm"))
        new = keys.NewKey(where.organisation_id, "load", "administrator", ["*"])
        key = keys.create_key(connection, new)[1]
    database.dispose()
    return key


@pytest.mark.benchmark
def test_200_clients_get_no_error(tmp_path: Path, model_cache: Path) -> None:
    key = _sample_home(tmp_path / "home", model_cache)
    with serving(tmp_path / "home", "--no-worker", KETNOI_ENCODER="e5-small") as url:
        command = [sys.executable, "-m", "tests.support.load", url, "--key", key]
        command += ["--clients", str(CLIENTS), "--seconds", str(SECONDS)]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
    figures = json.loads(run.stdout)
    load = os.getloadavg()[0]
    sys.stdout.write(json.dumps({"load": round(load, 1), **figures}, indent=1) + "\n")
    assert figures["errors"] == {}
