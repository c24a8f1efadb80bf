"""Settings, read from the environment here and nowhere else. `docs/settings.md` lists them all."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that differs between two installations."""

    home: Path
    database_url: str
    encoder: str

    @property
    def models(self) -> Path:
        """Folder of materialised encoders."""
        return self.home / "models"

    @property
    def vector_cache(self) -> Path:
        return self.home / "vectors.sqlite"

    @property
    def releases(self) -> Path:
        return self.home / "releases"


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from ``environ`` (default: the process environment).

    An empty variable counts as unset, as in a compose file with nothing after the colon.
    """
    env = os.environ if environ is None else environ
    home = Path(env.get("KETNOI_HOME") or "var").absolute()
    return Settings(
        home=home,
        database_url=env.get("KETNOI_DATABASE_URL") or f"sqlite:///{home / 'ketnoi.sqlite'}",
        encoder=env.get("KETNOI_ENCODER") or "e5-small",
    )
