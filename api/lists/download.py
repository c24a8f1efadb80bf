"""A slate as a file to download: an Excel sheet, a Word page, or CSV for other programs."""

import csv
import io
import tempfile
from pathlib import Path
from typing import Any

from fastapi import Response

from api.lists.files import safe_cell, write_slate
from api.lists.serving import Shown, Snapshot
from api.schemas.slates import MEDIA_TYPES, Format


def slate_file(shown: Shown, snapshot: Snapshot, *, format: Format, language: str) -> Response:
    """The slate as a file named after the ledger's entry, in the given language."""
    if format == "csv":
        content = slate_csv(shown.whole, language=language)
    else:
        content = _written(shown, snapshot, format, language)
    name = f"ketnoi-{shown.logged.slate_id}.{format}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Language": language,
    }
    return Response(content, headers=headers, media_type=MEDIA_TYPES[format])


def slate_csv(document: dict[str, Any], *, language: str) -> bytes:
    """One line an item: rank, party, score, verdict, reasons, cautions.

    UTF-8 with a byte order mark, without which Excel garbles Vietnamese; no cell is a formula.
    """
    shortlist = "call_id" in document
    party = ("investor_id", "name") if shortlist else ("call_id", "title")
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(
        ["rank", *party, "score", "band", "eligibility", "reasons", "cautions", "slate_id"]
    )
    for item in document["items"]:
        reasons = "; ".join(each[language] for each in item["reasons"])
        cautions = "; ".join(each[language] for each in item["cautions"])
        texts = [*(item[name] for name in party)]
        writer.writerow(
            [
                item["rank"],
                *(safe_cell(text) for text in texts),
                item["score"],
                item["band"] or "",
                item["eligibility"]["verdict"],
                safe_cell(reasons),
                safe_cell(cautions),
                document["slate_id"],
            ]
        )
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _written(shown: Shown, snapshot: Snapshot, format: str, language: str) -> bytes:
    market = snapshot.engine.matcher.market
    with tempfile.TemporaryDirectory(prefix="ketnoi-") as folder:
        path = Path(folder) / f"slate.{format}"
        slate_id = shown.logged.slate_id
        write_slate(path, shown.slate, market, slate_id=slate_id, language=language)
        return path.read_bytes()
