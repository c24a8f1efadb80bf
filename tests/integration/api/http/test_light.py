"""Serving loads nothing that serving does not need: a start after a crash takes seconds."""

import subprocess
import sys

from tests.support.service import World

HEAVY = {
    "training", "torch", "transformers", "sentence_transformers", "sklearn", "lightgbm", "pandas",
    "ortools", "reportlab", "openpyxl", "docx", "pdfplumber", "pypdfium2", "onnx", "alembic",
    "icalendar", "joserfc", "matplotlib",
}  # fmt: skip
SCRIPT = """
import sys
from fastapi.testclient import TestClient
from api.app import create_app
from api.settings import load_settings
import api.cli.main
settings = load_settings({"KETNOI_HOME": sys.argv[1], "KETNOI_ENCODER": "hashing"})
headers = {"Authorization": f"Bearer {sys.argv[2]}"}
with TestClient(create_app(settings), headers=headers) as client:
    for path in ("calls", "calls/c1/shortlist", "investors/v1/opportunities", "events", "leads"):
        client.get(f"/api/v1/{path}").raise_for_status()
    client.post("/api/v1/search", json={"text": "wind"}).raise_for_status()
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


def test_reads_lists_and_searches_load_no_heavy_library(world: World) -> None:
    command = [sys.executable, "-c", SCRIPT, str(world.home), world.keys["administrator"]]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert HEAVY & set(run.stdout.split()) == set()
    assert "api" in run.stdout.split()
