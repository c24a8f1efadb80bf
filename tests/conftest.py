"""Fixtures that every scope may use."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of public facts and test sets that may lie beside the repository."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("needs the folder `shared` beside the repository")
    return folder


@pytest.fixture(scope="session")
def model_cache() -> Path:
    """Where the encoder is materialised: once for all runs, as `make demo` does."""
    folder = ROOT / "var" / "models"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
