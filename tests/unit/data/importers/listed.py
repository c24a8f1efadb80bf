"""Published lists held in memory as CSV; the projects in them are made up."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from data.importers.kinds import KINDS
from data.importers.parsed import Parsed
from data.importers.table import parse_table
from data.records import Place, ProjectCall

TITLE = "DANH MỤC DỰ ÁN KÊU GỌI ĐẦU TƯ TỈNH THANH HÓA GIAI ĐOẠN 2021-2025"
HEADER = ("TT", "Tên dự án", "Địa điểm", "Diện tích (ha)", "Quy mô", "Vốn đầu tư (tỷ đồng)")


def parse_rows(*rows: Sequence[str], default: Place | None = None) -> Parsed:
    """Return what a CSV of the rows holds."""
    stream = io.StringIO()
    csv.writer(stream).writerows(rows)
    data = stream.getvalue().encode()
    return parse_table(KINDS["calls"], Path("bịa.csv"), data, default_place=default or Place())


def listed(*rows: Sequence[str]) -> Parsed:
    """Return what a list of Thanh Hóa with the usual header holds."""
    return parse_rows((TITLE,), HEADER, *rows)


def call_of(*cells: str) -> ProjectCall:
    """Return the call of one row below the usual header."""
    found = listed(cells).records[0]
    assert isinstance(found, ProjectCall)
    return found


def codes(parsed: Parsed, row: int = 0) -> list[str]:
    """Return the codes of a row's doubts."""
    return [each.doubt.code for each in parsed.rows[row].doubts]


def parse_bytes(name: str, data: bytes) -> Parsed:
    """Return what a file of a name holds."""
    return parse_table(KINDS["calls"], Path(name), data, default_place=Place())
