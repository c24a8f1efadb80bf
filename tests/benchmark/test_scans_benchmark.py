"""How well scans of published lists are read: made lists, printed, tilted, noisy, at 200 dpi.

make eval-scans
"""

import os
import time

import pytest

from data.importers.scans.tesseract import HOW_TO_INSTALL, available
from tests.benchmark.test_documents_benchmark import FIELDS, measure
from tests.support.list_writers import FONT
from tests.support.scanned import make_scan

SCANS = int(os.environ.get("KETNOI_SCANS", "60"))


@pytest.mark.benchmark
def test_scans_are_read(capsys: pytest.CaptureFixture[str]) -> None:
    if not available():
        pytest.skip(f"needs Tesseract with Vietnamese: {HOW_TO_INSTALL}")
    if not FONT.is_file():
        pytest.skip(f"needs the font {FONT} to draw pages")
    started = time.monotonic()
    score = measure(SCANS, make_scan)
    seconds = time.monotonic() - started
    with capsys.disabled():
        print(f"\n{SCANS} scans, {score.rows} projects, {seconds / SCANS:.1f} s each")  # noqa: T201
        for name in FIELDS:
            wrong = sum(each.startswith(f"SILENT {name}") for each in score.failures)
            print(f"{name:10} {100 * score.right[name] / score.rows:7.2f} %")  # noqa: T201
            if name not in ("capital", "land"):
                print(f"  exactly as printed; {wrong} wrong")  # noqa: T201
        print(f"silent errors in capital: {len(score.silent)}")  # noqa: T201
        print(f"rows with a doubt about capital: {100 * score.doubted / score.rows:.1f} %")  # noqa: T201
        for each in score.failures:
            print(f"  {each[:200]}")  # noqa: T201

    assert score.silent == []
    assert score.right["title"] >= 0.95 * score.rows
    assert score.right["capital"] >= 0.97 * score.rows
