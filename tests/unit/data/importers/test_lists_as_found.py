"""Habits of real lists: hidden rows, two languages, zones as headings; all projects are made up."""

import io
from collections.abc import Sequence

import openpyxl
import pytest

from data.importers.parsed import Parsed
from tests.unit.data.importers.listed import TITLE, codes, listed, parse_bytes, parse_rows

TY = 1e9


def workbook(
    *rows: Sequence[object],
    merged: Sequence[str] = (),
    hidden: Sequence[int] = (),
    name: str = "Sheet1",
    state: str = "visible",
) -> Parsed:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = name
    for row in rows:
        sheet.append([cell if cell != "" else None for cell in row])
    for place in merged:
        sheet.merge_cells(place)
    for number in hidden:
        sheet.row_dimensions[number].hidden = True
    if state != "visible":
        made.create_sheet("Bìa").append(["Bìa"])
        sheet.sheet_state = "hidden"
    stream = io.BytesIO()
    made.save(stream)
    return parse_bytes("danh mục.xlsx", stream.getvalue())


HEADER = ("TT", "Tên dự án", "Địa điểm", "Vốn (tỷ đồng)")
ROWS = [(1, "Kho bịa", "xã Bịa", 5), (2, "Xưởng bịa", "xã Bịa", 7)]


def test_hidden_row_is_asked_about() -> None:
    parsed = workbook((TITLE,), HEADER, *ROWS, hidden=[4])
    assert [codes(parsed, row) for row in range(2)] == [[], ["row.hidden"]]


def test_rows_of_a_hidden_sheet_are_asked_about() -> None:
    parsed = workbook((TITLE,), HEADER, *ROWS, state="hidden")
    assert [codes(parsed, row) for row in range(2)] == [["row.hidden"]] * 2


@pytest.mark.parametrize(
    "text", ["45,5 tỷ/năm", "560 tỷ đồng (giai đoạn 1)", "200 tỷ (GĐ I)", "300 tỷ mỗi năm"]
)
def test_sum_of_a_year_or_a_phase_is_asked_about(text: str) -> None:
    assert codes(listed(("1", "Kho bịa", "x", "", "", text))) == ["money.share"]


def test_sum_for_all_phases_is_no_share() -> None:
    assert codes(listed(("1", "Kho bịa", "x", "", "", "560 tỷ đồng"))) == []


@pytest.mark.parametrize(
    "heading", ["DỰ ÁN KÊU GỌI ĐẦU TƯ TRONG KKT", "NGOÀI KHU KINH TẾ", "Các dự án ngoài KCN"]
)
def test_zones_as_headings_are_no_sector(heading: str) -> None:
    parsed = listed(("A", heading, "", "", "", ""), ("1", "Bệnh viện bịa", "x", "", "", "5"))

    assert parsed.records[0].sectors == ()
    assert parsed.records[0].notes["heading"] == heading


def test_sector_of_the_title_holds_for_the_list() -> None:
    title = "DANH MỤC DỰ ÁN KÊU GỌI ĐẦU TƯ LĨNH VỰC DU LỊCH TỈNH THANH HÓA"
    parsed = parse_rows((title,), HEADER, ("1", "Kho bịa", "xã Bịa", "5"))

    assert parsed.records[0].sectors == ("tourism",)
    assert parsed.rows[0].fields["sector"].confidence == 0.9


def test_sector_of_the_sheets_name_holds_for_it() -> None:
    parsed = workbook((TITLE,), HEADER, *ROWS, name="Du lịch")
    assert {call.sectors for call in parsed.records} == {("tourism",)}


def test_headings_beat_the_title() -> None:
    title = "DANH MỤC DỰ ÁN LĨNH VỰC DU LỊCH TỈNH THANH HÓA"
    rows = [("I", "LĨNH VỰC Y TẾ", "", ""), ("1", "Bệnh viện bịa", "xã Bịa", "5")]
    assert parse_rows((title,), HEADER, *rows).records[0].sectors == ("health",)


def test_title_in_two_languages_is_parted() -> None:
    header = ("TT", "Tên dự án / Project name", "Vốn (tỷ đồng) / Capital (VND billion)")
    parsed = parse_rows((TITLE,), header, ("1", "Kho bịa / Made-up store", "5"))

    assert (parsed.records[0].title, parsed.records[0].title_en) == ("Kho bịa", "Made-up store")
    assert parsed.records[0].capital.vnd.low == 5 * TY


def test_slash_in_a_name_parts_nothing_below_a_title_of_one_language() -> None:
    parsed = parse_rows((TITLE,), HEADER, ("1", "Kho bịa / ICD", "xã Bịa", "5"))
    assert parsed.records[0].title == "Kho bịa / ICD"


@pytest.mark.parametrize(
    ("title", "text", "low"),
    [
        ("Tổng mức ĐT (nghìn tỷ)", "3,65", 3650 * TY),
        ("Vốn (nghìn tỷ đồng)", "3,65", 3650 * TY),
        ("Est. investment", "VND 12 trillion", 12_000 * TY),
    ],
)
def test_titles_of_capital(title: str, text: str, low: float) -> None:
    parsed = parse_rows((TITLE,), ("TT", "Tên dự án", "Địa điểm", title), ("1", "A", "B", text))
    assert parsed.records[0].capital.vnd.low == low


def test_column_of_sums_is_known_by_its_content_with_a_doubt() -> None:
    header = ("TT", "Tên dự án", "Địa điểm", "Dự toán ban đầu")
    rows = [("1", "Kho bịa", "x", "50 tỷ đồng"), ("2", "Bến bịa", "y", "khoảng 3 triệu USD")]
    parsed = parse_rows((TITLE,), header, *rows, ("3", "Chợ bịa", "z", ""))

    assert parsed.records[0].capital.vnd.low == 50 * TY
    assert codes(parsed, 0) == ["column.meaning"]


def test_column_that_mentions_sums_is_not_taken_for_capital() -> None:
    header = ("TT", "Tên dự án", "Địa điểm", "Thuyết minh")
    long = "Hiện có hạ tầng điện nước đã được đầu tư 50 tỷ đồng từ ngân sách của tỉnh"
    parsed = parse_rows((TITLE,), header, ("1", "Kho", "x", long), ("2", "Bến", "y", long))

    assert not parsed.records[0].capital.vnd.known


def test_phases_of_a_sum_are_no_period() -> None:
    header = ("TT", "Tên dự án", "Vốn (tỷ đồng)", "", ""), ("", "", "Tổng số", "Giai đoạn 1", "2")
    parsed = workbook(
        (TITLE,), *header, (1, "Cảng bịa", 10, 4, 6), merged=["C2:E2", "A2:A3", "B2:B3"]
    )
    assert parsed.records[0].capital.vnd.low == 10 * TY
    assert "period" not in parsed.rows[0].fields


def test_title_of_a_document_holds_for_its_later_tables() -> None:
    import docx

    document = docx.Document()
    document.add_paragraph("DANH MỤC DỰ ÁN KÊU GỌI ĐẦU TƯ TỈNH THANH HÓA")
    for heading, name in (
        ("I. Lĩnh vực logistics", "Kho bịa"),
        ("II. Lĩnh vực du lịch", "Khu bịa"),
    ):
        document.add_paragraph(heading)
        document.add_paragraph("Đơn vị: tỷ đồng")
        table = document.add_table(2, 4)
        for row, cells in zip(
            table.rows, ((*HEADER[:3], "Tổng vốn"), ("1", name, "x", "5")), strict=True
        ):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
    stream = io.BytesIO()
    document.save(stream)
    parsed = parse_bytes("danh mục.docx", stream.getvalue())

    assert [call.place.name for call in parsed.records] == ["Thanh Hóa", "Thanh Hóa"]
    assert [call.sectors for call in parsed.records] == [("logistics-port",), ("tourism",)]
    assert [call.capital.vnd.low for call in parsed.records] == [5 * TY, 5 * TY]


def test_totals_of_one_currency_sum_its_own_column() -> None:
    header = ("TT", "Tên dự án", "VNĐ (tỷ)", "USD (triệu)")
    rows = [
        ("1", "Kho bịa", "2.350", ""),
        ("2", "Sân bịa", "", "45"),
        ("3", "Bến bịa", "150,5", ""),
    ]
    parsed = parse_rows((TITLE,), header, *rows, ("", "Tổng cộng", "2.500,5", "45"))

    assert [call.capital.vnd.low for call in parsed.records] == [2350 * TY, 1183.5 * TY, 150.5 * TY]
    assert [total.agrees for total in parsed.totals] == [True]
