"""Lists as provinces publish them: headers, headings, totals, and what each row then says."""

from pathlib import Path

import pytest

from data.importers.grid import Grid, GridRow, Merge, RawCell
from data.importers.kinds import KINDS
from data.importers.layout.lists import parse_lists
from data.importers.problems import ImportFailed
from data.importers.table import parse_table
from data.records import Interval, Place
from tests.unit.data.importers.listed import HEADER, TITLE, call_of, codes, listed, parse_rows

TY = 1e9


def test_province_and_period_come_from_the_title() -> None:
    call = call_of("1", "Nhà máy bịa", "Nghi Sơn", "20", "", "500")

    assert call.place == Place("38", "Thanh Hóa", "", "THANH HÓA")
    assert call.notes["period"] == "2021-2025"


def test_row_is_read_by_the_header() -> None:
    parsed = listed(("1", "Nhà máy bịa", "Nghi Sơn", "20,5", "600 tấn/năm", "1.500,5"))
    call, fields = parsed.records[0], parsed.rows[0].fields

    assert (call.title, call.location, call.description) == (
        "Nhà máy bịa", "Nghi Sơn", "Quy mô: 600 tấn/năm",
    )  # fmt: skip
    assert call.land.ha == Interval(20.5, 20.5)
    assert call.capital.vnd == Interval(1500.5 * TY, 1500.5 * TY)
    assert fields["capital"].where == "row 3, column F (Vốn đầu tư (tỷ đồng))"
    assert fields["province"].confidence < fields["title"].confidence == 1.0


def test_header_of_two_rows_with_a_group_is_understood() -> None:
    parsed = parse_rows(
        (TITLE,),
        ("TT", "Danh mục dự án", "Quy mô dự án", "", "Tổng mức đầu tư", ""),
        ("", "", "Diện tích (m2)", "Công suất", "Tỷ đồng", "Triệu USD"),
        ("1", "2", "3", "4", "5", "6"),
        ("1", "Nhà máy bịa", "15.000", "30 MW", "", "2,5"),
    )
    call = parsed.records[0]

    assert len(parsed.records) == 1
    assert call.land.ha == Interval(1.5, 1.5)
    assert call.notes["Quy mô dự án – Công suất"] == "30 MW"
    assert call.capital.text == "2,5 triệu USD"


def test_shares_of_the_capital_are_not_the_capital() -> None:
    parsed = parse_rows(
        (TITLE,),
        ("TT", "Tên dự án", "Vốn đầu tư (tỷ đồng)", "", ""),
        ("", "", "Tổng số", "Ngân sách", "Khác"),
        ("1", "Cầu bịa", "300", "100", "200"),
    )
    assert parsed.records[0].capital.vnd == Interval(300 * TY, 300 * TY)


def test_english_list_is_understood() -> None:
    parsed = parse_rows(
        ("LIST OF PROJECTS CALLING FOR INVESTMENT IN NGHE AN PROVINCE",),
        ("No.", "Project name", "Location", "Area (ha)", "Total investment (million USD)"),
        ("1", "Made-up port", "Cua Lo", "12.5", "35.5"),
    )
    call = parsed.records[0]

    assert (call.place.name, call.land.ha.low) == ("Nghệ An", 12.5)
    assert call.capital.text == "35.5 triệu USD"


def test_headings_carry_down_and_nest() -> None:
    parsed = parse_rows(
        ("DANH MỤC DỰ ÁN",),
        HEADER,
        ("A", "TỈNH NGHỆ AN"),
        ("I", "Lĩnh vực du lịch"),
        ("1", "Khu nghỉ bịa", "Cửa Lò", "", "", ""),
        ("II", "Năng lượng"),
        ("1", "Điện gió bịa", "Quỳnh Lưu", "", "", ""),
        ("B", "TỈNH HÀ TĨNH"),
        ("1", "Kho bịa", "Vũng Áng", "", "", ""),
    )
    found = [(call.place.name, call.sectors) for call in parsed.records]

    assert found == [
        ("Nghệ An", ("tourism",)), ("Nghệ An", ("energy",)), ("Hà Tĩnh", ()),
    ]  # fmt: skip


def test_letter_i_after_h_goes_on_with_the_letters() -> None:
    names = ["Nghệ An", "Hà Tĩnh", "Huế", "Đà Nẵng", "Gia Lai", "Đắk Lắk", "Lâm Đồng", "Đồng Nai"]
    rows = []
    for letter, name in zip("ABCDEFGHI", [*names, "Cà Mau"], strict=True):
        rows += [(letter, f"TỈNH {name.upper()}"), ("I", "Du lịch"), ("1", f"Dự án {letter}", "x")]
    parsed = parse_rows(("DANH MỤC DỰ ÁN",), HEADER, *rows)

    assert [call.place.name for call in parsed.records] == [*names, "Cà Mau"]
    assert all(call.sectors == ("tourism",) for call in parsed.records)


def test_form_of_a_heading_is_the_form_of_its_rows() -> None:
    parsed = listed(("I", "DỰ ÁN ĐẦU TƯ THEO HÌNH THỨC PPP"), ("1", "Cầu bịa", "x", "", "", "100"))
    assert parsed.records[0].form == "DỰ ÁN ĐẦU TƯ THEO HÌNH THỨC PPP"


@pytest.mark.parametrize(("stated", "agrees"), [("800", True), ("810", False)])
def test_total_is_checked_and_not_imported(stated: str, agrees: bool) -> None:
    parsed = listed(
        ("", "TỔNG SỐ", "", "", "", stated),
        ("1", "Nhà máy bịa", "x", "", "", "500"),
        ("2", "Kho bịa", "y", "", "", "300"),
    )
    total = parsed.totals[0]

    assert [call.title for call in parsed.records] == ["Nhà máy bịa", "Kho bịa"]
    assert (total.field, total.computed, total.agrees) == ("capital", 800 * TY, agrees)
    assert parsed.skipped == []


def test_subtotals_sum_their_own_section() -> None:
    parsed = listed(
        ("I", "Du lịch", "", "30", "", "500"),
        ("1", "Khu bịa", "x", "30", "", "500"),
        ("II", "Năng lượng", "", "", "", "900"),
        ("1", "Điện bịa", "x", "", "", "400"),
        ("2", "Điện gió bịa", "x", "", "", "500"),
        ("", "Tổng cộng", "", "", "", "1.400"),
    )
    found = [(total.where, total.field, total.agrees) for total in parsed.totals]

    assert found == [
        ("row 3", "capital", True), ("row 5", "capital", True), ("row 8", "capital", True),
        ("row 3", "land_ha", True),
    ]  # fmt: skip


def test_a_park_is_no_total() -> None:
    assert call_of("1", "Công viên bịa", "x", "", "", "5").title == "Công viên bịa"


@pytest.mark.parametrize(
    ("first", "second", "total", "low"),
    [("1.500", "500", "2.000", 1500 * TY), ("1.500", "2.250", "3.75", 1.5 * TY)],
)
def test_totals_settle_the_number_style(first: str, second: str, total: str, low: float) -> None:
    parsed = listed(
        ("1", "Nhà máy bịa", "x", "", "", first),
        ("2", "Kho bịa", "y", "", "", second),
        ("", "Cộng", "", "", "", total),
    )
    assert parsed.records[0].capital.vnd.low == low
    assert codes(parsed) == []


def test_number_that_reads_both_ways_is_asked_about() -> None:
    parsed = listed(("1", "Nhà máy bịa", "x", "", "", "1.500"))

    assert "money.style" in codes(parsed)
    assert parsed.rows[0].fields["capital"].confidence == 0.5


def test_both_styles_in_one_column_are_asked_about() -> None:
    parsed = listed(
        ("1", "Nhà máy bịa", "x", "", "", "1.500 tỷ"), ("2", "Kho bịa", "y", "", "", "3,840 tỷ")
    )
    assert "money.style" in codes(parsed, 0)
    assert "money.style" in codes(parsed, 1)


def test_capital_without_a_unit_is_unknown_with_doubt() -> None:
    parsed = parse_rows((TITLE,), ("TT", "Tên dự án", "Tổng vốn"), ("1", "Kho bịa", "500"))

    assert parsed.records[0].capital.vnd == Interval()
    assert "money.unit" in codes(parsed)


def test_unit_comes_from_the_caption() -> None:
    parsed = parse_rows(
        (TITLE,), ("Đơn vị: triệu đồng",), ("TT", "Tên dự án", "Tổng vốn"), ("1", "Kho bịa", "500")
    )
    assert parsed.records[0].capital.vnd == Interval(5e8, 5e8)


@pytest.mark.parametrize(
    ("text", "interval", "doubt"),
    [
        ("500 tỷ (tương đương 21,5 triệu USD)", (500 * TY, 500 * TY), ""),
        ("500 tỷ (tương đương 215 triệu USD)", (500 * TY, 500 * TY), "money.currencies"),
        ("21,5 triệu USD / 500 tỷ đồng", (500 * TY, 500 * TY), ""),
        ("khoảng 500", (500 * TY, 500 * TY), ""),
        ("trên 500", (500 * TY, None), ""),
        ("300 VND billion", (300 * TY, 300 * TY), ""),
        ("Theo đề xuất của nhà đầu tư", (None, None), ""),
        ("Theo QĐ phê duyệt", (None, None), "money.unreadable"),
        ("500, trong đó vốn vay 200 tỷ", (200 * TY, 200 * TY), "money.part"),
        ("-500", (None, None), "money.unreadable"),
    ],
)
def test_capital_cell(text: str, interval: tuple[float | None, ...], doubt: str) -> None:
    parsed = listed(("1", "Nhà máy bịa", "x", "", "", text))

    assert parsed.records[0].capital.vnd == Interval(*interval)
    assert (doubt in codes(parsed)) if doubt else codes(parsed) == []


def test_two_currency_columns_are_compared() -> None:
    header = ("TT", "Tên dự án", "Vốn (tỷ đồng)", "Vốn (triệu USD)")
    parsed = parse_rows(
        (TITLE,), header, ("1", "Nhà máy bịa", "500", "21,5"), ("2", "Kho bịa", "500", "2,15")
    )
    assert codes(parsed, 0) == []
    assert codes(parsed, 1) == ["money.currencies"]


def test_area_inside_the_scale_is_taken_with_less_confidence() -> None:
    parsed = listed(("1", "Nhà máy bịa", "x", "", "Diện tích 20 ha; 600 tấn/năm", "50"))

    assert parsed.records[0].land.ha == Interval(20, 20)
    assert parsed.rows[0].fields["land_ha"].confidence == 0.7


@pytest.mark.parametrize(
    ("location", "name"),
    [
        ("KCN Gia Lách", "Hà Tĩnh"),
        ("khu công nghiệp Long Đức, TP Trà Vinh", "Vĩnh Long"),
        ("xã Bịa, tỉnh Vĩnh Phúc", "Phú Thọ"),
        ("xã Bịa", ""),
    ],
)
def test_province_comes_from_the_place_where_nothing_else_names_it(
    location: str, name: str
) -> None:
    parsed = parse_rows(("DANH MỤC DỰ ÁN",), HEADER, ("1", "Nhà máy bịa", location, "", "", ""))

    assert parsed.records[0].place.name == name
    assert ("province.missing" in codes(parsed)) == (not name)


def test_province_of_the_caller_comes_before_the_title() -> None:
    place = Place("40", "Nghệ An", "", "Nghệ An")
    parsed = parse_rows((TITLE,), HEADER, ("1", "Nhà máy bịa", "x", "", "", ""), default=place)

    assert parsed.records[0].place == place


def test_id_stays_when_spelling_and_sums_change() -> None:
    before = call_of("1", "Nhà máy bịa", "KKT Nghi Sơn", "20", "", "500")
    after = call_of("7", "NHÀ MÁY  BỊA", "Khu kinh tế Nghi Sơn", "25", "", "900")

    assert before.call_id == after.call_id
    assert before.call_id.startswith("thanh-hoa-nha-may-bia-")


def test_same_name_and_place_are_told_apart_with_doubt() -> None:
    row = ("1", "Nhà máy bịa", "x", "", "", "5")
    parsed = listed(row, row)

    assert len({call.call_id for call in parsed.records}) == 2
    assert codes(parsed, 1) == ["call.repeated"]


def test_repeated_header_numbering_and_remarks_are_dropped() -> None:
    parsed = listed(
        ("1", "2", "3", "4", "5", "6"),
        ("1", "Nhà máy bịa", "x", "", "", "5"),
        HEADER,
        ("2", "Kho bịa", "y", "", "", "6"),
        ("", "Ghi chú: số liệu dự kiến"),
    )
    assert [call.title for call in parsed.records] == ["Nhà máy bịa", "Kho bịa"]
    assert parsed.skipped[0].where == "row 7"


def test_second_table_has_its_own_header_and_unit() -> None:
    parsed = listed(
        ("1", "Nhà máy bịa", "x", "", "", "5"),
        ("DANH MỤC DỰ ÁN TỈNH NGHỆ AN",),
        ("STT", "Địa điểm", "Tên dự án", "Vốn đầu tư (triệu USD)", "Ghi chú"),
        ("1", "Cửa Lò", "Kho bịa", "2,5", "x"),
    )
    call = parsed.records[1]

    assert (call.title, call.location, call.place.name) == ("Kho bịa", "Cửa Lò", "Nghệ An")
    assert call.capital.text == "2,5 triệu USD"


def test_table_without_known_columns_is_refused() -> None:
    with pytest.raises(ImportFailed, match="columns are missing: call_id, title"):
        parse_rows(("x", "y"), ("1", "2"))


def test_share_of_the_capital_in_front_is_not_taken_for_it() -> None:
    header = ("TT", "Tên dự án", "Vốn đầu tư từ ngân sách (tỷ đồng)", "Tổng vốn đầu tư (tỷ đồng)")
    parsed = parse_rows((TITLE,), header, ("1", "Cầu bịa", "100", "300"))

    assert parsed.records[0].capital.vnd == Interval(300 * TY, 300 * TY)
    assert codes(parsed) == []


def test_sum_merged_over_several_projects_is_asked_about() -> None:
    rows = [["TT", "Tên dự án", "Địa điểm", "Vốn (tỷ đồng)"], ["1", "Kho bịa", "x", "500"],
            ["2", "Cảng bịa", "", ""]]  # fmt: skip
    cells = [GridRow(at, [RawCell(text) for text in row]) for at, row in enumerate(rows, start=1)]
    grid = Grid("Danh mục", cells, [Merge(2, 2, 3, 2), Merge(2, 3, 3, 3)])
    parsed = parse_lists([grid], default_place=Place())

    assert parsed is not None
    assert [call.location for call in parsed.records] == ["x", "x"]
    assert [call.capital.vnd for call in parsed.records] == [Interval(), Interval()]
    assert "cell.shared" in codes(parsed, 0)
    assert "cell.shared" in codes(parsed, 1)


def test_table_goes_on_over_pages() -> None:
    header = ["TT", "Tên dự án", "Địa điểm", "Vốn (tỷ đồng)"]
    pages = (
        [header, ["I", "Du lịch", "", ""], ["1", "Khu nghỉ", "Sầm Sơn", "500"]],
        [["", "dưỡng bịa", "", ""], ["2", "Khách sạn bịa", "x", "70"]],
        [
            ["3", "Bãi tắm bịa", "y", "20"],
            header,
            ["4", "Bến bịa", "y", "10"],
            ["", "Cộng", "", "600"],
        ],
    )
    grids = [
        Grid("", [GridRow(at, [RawCell(text) for text in row]) for at, row in enumerate(rows, 1)],
             label=f"page {page}", continues=page > 1)
        for page, rows in enumerate(pages, 1)
    ]  # fmt: skip
    parsed = parse_lists(grids, default_place=Place())

    assert parsed is not None
    assert [call.title for call in parsed.records] == [
        "Khu nghỉ dưỡng bịa", "Khách sạn bịa", "Bãi tắm bịa", "Bến bịa",
    ]  # fmt: skip
    assert all(call.sectors == ("tourism",) for call in parsed.records)
    assert [(total.where, total.agrees) for total in parsed.totals] == [("page 3, row 4", True)]


def test_remarks_are_kept_with_their_place() -> None:
    header = ("TT", "Tên dự án", "Công suất", "Đầu mối liên hệ", "Căn cứ pháp lý", "Ưu đãi đầu tư")
    parsed = parse_rows((TITLE,), header, ("1", "Kho bịa", "5 MW", "Ông X", "QĐ 12", "miễn thuế"))
    fields, call = parsed.rows[0].fields, parsed.records[0]

    assert fields["contact"].text == "Ông X"
    assert fields["contact"].where == "row 3, column D (Đầu mối liên hệ)"
    assert [fields[name].value for name in ("capacity", "legal_basis", "incentives")] == [
        "5 MW", "QĐ 12", "miễn thuế",
    ]  # fmt: skip
    assert call.notes["Đầu mối liên hệ"] == "Ông X"


def test_heading_in_a_column_of_sums_counts() -> None:
    header = ("Vốn đầu tư (tỷ đồng)", "Tên dự án", "Địa điểm", "Diện tích (ha)")
    rows = [
        ("A - NÔNG NGHIỆP", "", "", ""), ("12", "Vùng trồng bịa", "xã X", "5"),
        ("II. Du lịch", "", "", ""), ("chưa xác định", "Khu nghỉ bịa", "xã Y", "7"),
    ]  # fmt: skip
    text = "\n".join(",".join(row) for row in (header, *rows)) + "\n"
    parsed = parse_table(
        KINDS["calls"], Path("x.csv"), text.encode(), default_place=Place("38", "Thanh Hóa")
    )

    assert [call.sectors for call in parsed.records] == [("agri",), ("tourism",)]


def test_land_takes_the_style_that_a_total_of_sums_proves_and_asks() -> None:
    parsed = listed(
        ("1", "Nhà máy bịa", "Nghi Sơn", "93", "", "285"),
        ("2", "Kho bịa", "Nghi Sơn", "2.665", "", "15,843"),
        ("", "Tổng cộng", "", "", "", "16,128"),
    )
    call = parsed.records[1]
    doubt = next(each.doubt for each in parsed.rows[1].doubts if each.field == "land_ha")

    assert call.land.ha == Interval(2.665, 2.665)
    assert (doubt.code, len(doubt.candidates)) == ("land.style", 2)
