"""Reading and writing the CSV tables of the sample dataset."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

Row = Mapping[str, str]


def read_rows(path: Path) -> list[Row]:
    """Return the rows of a UTF-8 CSV file, cells stripped and in NFC.

    Raises FileNotFoundError, naming the path, when the file is missing.
    """
    with path.open(encoding="utf-8", newline="") as handle:
        return [
            {
                column: unicodedata.normalize("NFC", cell or "").strip()
                for column, cell in row.items()
            }
            for row in csv.DictReader(handle)
        ]


def _tidy(cell: str | None) -> str:
    return unicodedata.normalize("NFC", cell or "").strip()


def write_rows(columns: Sequence[str], rows: Iterable[Row]) -> str:
    """Return CSV text with the columns in this order.

    A cell that a row lacks is empty; a cell without a column raises ValueError, naming it.
    """
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


def listed(cell: str, separator: str = "|") -> list[str]:
    """Return the non-empty parts of a list cell."""
    return [part.strip() for part in cell.split(separator) if part.strip()]


def joined(parts: Iterable[str]) -> str:
    """Return one list cell, each part once, in the order met."""
    return "|".join(dict.fromkeys(part for part in parts if part))
