"""What reading a file gives, before anything is compared with the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from data.importers.report import Remark, ReportRow, Skipped, Total


@dataclass(frozen=True, slots=True)
class Parsed:
    """The records of a file with the rows they came from, in order.

    `understood` tells that the layout had to be understood: a published list, not our columns.
    `remarks` say what a person should know of how the file was read, such as its encoding.
    """

    records: Sequence[Any]
    rows: Sequence[ReportRow]
    skipped: Sequence[Skipped] = ()
    totals: Sequence[Total] = ()
    understood: bool = False
    remarks: Sequence[Remark] = ()
