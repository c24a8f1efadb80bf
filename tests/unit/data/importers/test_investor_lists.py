"""Lists of investors without our column names. All of them are made up."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from data.importers.kinds import KINDS
from data.importers.parsed import Parsed
from data.importers.table import parse_table
from data.records import Place

TITLE = ("DANH SÁCH NHÀ ĐẦU TƯ QUAN TÂM",)
HEADER = (
    "STT",
    "Tên nhà đầu tư",
    "Quốc gia",
    "Lĩnh vực quan tâm",
    "Vốn dự kiến (triệu USD)",
    "Liên hệ",
)


def parsed(*rows: Sequence[str]) -> Parsed:
    stream = io.StringIO()
    csv.writer(stream).writerows(rows)
    data = stream.getvalue().encode()
    return parse_table(KINDS["investors"], Path("x.csv"), data, default_place=Place())


def test_list_of_investors_is_read() -> None:
    found = parsed(
        TITLE, HEADER,
        ("1", "Công ty Gió Bịa", "Hàn Quốc", "Năng lượng", "20-30", "Ông X"),
        ("2", "Imaginary Resorts", "Japan", "Du lịch", "15", ""),
        ("", "Tổng cộng", "", "", "45", ""),
    )  # fmt: skip
    first, second = found.records

    assert (first.name, first.country, first.sectors) == (
        "Công ty Gió Bịa",
        "Hàn Quốc",
        ("energy",),
    )
    assert first.notes == {"Liên hệ": "Ông X"}
    assert first.capital.vnd.low is not None and first.capital.vnd.high is not None
    assert first.capital.vnd.high == 1.5 * first.capital.vnd.low
    assert second.sectors == ("tourism",)
    assert found.understood
    assert [each.why for each in found.skipped] == ["a total"]


def test_headings_give_country_and_sector() -> None:
    found = parsed(
        HEADER,
        ("I", "Nhật Bản", "", "", "", ""),
        ("1", "Alpha Bịa", "", "Logistics", "", ""),
        ("II", "Du lịch", "", "", "", ""),
        ("2", "Beta Bịa", "", "", "", ""),
    )
    assert [each.country for each in found.records] == ["Nhật Bản", "Nhật Bản"]
    assert found.records[1].sectors == ("tourism",)


def test_ids_do_not_depend_on_writing() -> None:
    one = parsed(HEADER, ("1", "Công ty Gió Bịa", "Vietnam", "Năng lượng", "", ""))
    other = parsed(HEADER, ("1", "CÔNG TY GIÓ BỊA", "Vietnam", "Năng lượng", "", ""))
    assert one.records[0].investor_id == other.records[0].investor_id


def test_repeated_name_is_asked_about() -> None:
    row = ("1", "Công ty Gió Bịa", "", "Năng lượng", "", "")
    found = parsed(HEADER, row, ("2", *row[1:]))
    assert [each.doubt.code for each in found.rows[1].doubts] == ["investor.repeated"]
    assert len({each.investor_id for each in found.records}) == 2


@pytest.mark.parametrize(
    "header",
    [("Company", "Country", "Sector"), ("No.", "Enterprise name", "Nationality", "Business"),
     ("TT", "Doanh nghiệp", "Nước", "Ngành nghề"), ("Nhà đầu tư", "Địa chỉ", "Website")],
)  # fmt: skip
def test_headers_of_other_words_are_known(header: tuple[str, ...]) -> None:
    row = tuple("1" if title in ("No.", "TT") else f"giá trị {title}" for title in header)
    found = parsed(header, row)
    assert found.records[0].name.startswith("giá trị")


def test_call_list_is_no_list_of_investors() -> None:
    from data.importers.problems import ImportFailed

    with pytest.raises(ImportFailed):
        parsed(("TT", "Tên dự án", "Địa điểm"), ("1", "Kho bịa", "xã X"))


def test_header_of_two_rows_and_merged_cells() -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for row in (
        ["DANH SÁCH NHÀ ĐẦU TƯ"],
        ["STT", "Tên nhà đầu tư", "Quốc gia", "Nhu cầu đầu tư", None, "Liên hệ"],
        [None, None, None, "Lĩnh vực", "Vốn (tỷ đồng)", None],
        [1, "Công ty Bịa A", "Hàn Quốc", "Năng lượng", 500, None],
        [2, "Công ty Bịa B", None, "Du lịch", "700 - 900", None],
    ):
        sheet.append(row)
    for place in ("A2:A3", "B2:B3", "C2:C3", "D2:E2", "F2:F3", "C4:C5"):
        sheet.merge_cells(place)
    stream = io.BytesIO()
    made.save(stream)
    parsed = parse_table(
        KINDS["investors"], Path("nhà đầu tư.xlsx"), stream.getvalue(), default_place=Place()
    )

    assert [each.name for each in parsed.records] == ["Công ty Bịa A", "Công ty Bịa B"]
    assert [each.sectors for each in parsed.records] == [("energy",), ("tourism",)]
    assert [each.capital.vnd.low for each in parsed.records] == [500e9, 700e9]
    assert {each.country for each in parsed.records} == {parsed.records[0].country}
    assert parsed.records[0].country
