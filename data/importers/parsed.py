"""What reading a file gives, before anything is compared with the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from data.importers.report import ReportRow, Skipped, Total


@dataclass(frozen=True, slots=True)
class Parsed:
    """The records of a file with the rows they came from, in order."""

    records: Sequence[Any]
    rows: Sequence[ReportRow]
    skipped: Sequence[Skipped] = ()
    totals: Sequence[Total] = ()
