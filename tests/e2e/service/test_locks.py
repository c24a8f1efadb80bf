"""Several processes on one SQLite file: none takes away what another has committed."""

import subprocess
import sys
from pathlib import Path

from sqlalchemy import text

from data.session import open_engine

_LOOK = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute({!r}); c.close()"


def test_the_log_stays_while_a_service_holds_connections(tmp_path: Path) -> None:
    path = tmp_path / "k.sqlite"
    engine = open_engine(f"sqlite:///{path}")
    with engine.connect() as first, engine.connect() as second:  # the second must free no lock
        first.execute(text("SELECT 1 FROM alembic_version"))
        second.execute(text("SELECT 1 FROM alembic_version"))
        first.rollback()
        second.rollback()
        look = _LOOK.format("SELECT 1 FROM alembic_version")
        subprocess.run([sys.executable, "-c", look, str(path)], check=True)
        assert path.with_name("k.sqlite-wal").exists()
    engine.dispose()
