"""Tables without lines: columns told by the white between words. All of it is made up."""

import io
from collections.abc import Sequence

import pytest

from data.importers.documents.unruled import Word, find_text_table
from data.importers.layout.columns import read_title
from tests.support.list_writers import FONT
from tests.unit.data.importers.listed import codes, parse_bytes

HEIGHT, LEADING, ROW = 8.0, 10.0, 18.0
LEFTS = (0.0, 30.0, 230.0, 330.0)


def words(*rows: tuple[str, ...], step: float = ROW) -> list[Word]:
    """Set rows of cells as words; lines of a cell are parted by a line break."""
    found, top = [], 0.0
    for row in rows:
        for left, cell in zip(LEFTS, row, strict=False):
            for line, text in enumerate(cell.split("\n")):
                at = left
                for word in text.split():
                    y = top + line * LEADING
                    found.append(Word(word, at, at + 4.5 * len(word), y, y + HEIGHT))
                    at += 4.5 * len(word) + 2.5
        top += step + LEADING * (max(cell.count("\n") for cell in row))
    return found


def titled(texts: Sequence[str]) -> bool:
    return sum(bool(read_title(text).role) for text in texts) > 1


HEADER = ("TT", "Tên dự án", "Diện tích (ha)", "Vốn (tỷ đồng)")


def test_columns_and_rows_are_found() -> None:
    table = find_text_table(
        words(HEADER, ("1", "Khu du lịch\nhồ Bịa", "12", "500"), ("2", "Kho lạnh Mơ", "", "70"))
    )
    assert table is not None
    assert [list(row) for row in table.rows] == [
        list(HEADER),
        ["1", "Khu du lịch hồ Bịa", "12", "500"],
        ["2", "Kho lạnh Mơ", "", "70"],
    ]
    assert table.unsure == frozenset()


def test_heading_that_runs_over_columns_stays_whole() -> None:
    heading = ("", "Các dự án thuộc lĩnh vực du lịch sinh thái và nghỉ dưỡng cao cấp", "", "")
    rows = [("1", "Kho lạnh", "1", "5"), ("2", "Kho khô", "2", "6"), ("3", "Bến xe", "3", "7")]
    table = find_text_table(words(HEADER, rows[0], heading, *rows[1:], *rows, *rows))

    assert table is not None
    assert table.rows[2] == ["", heading[1], "", ""]


def test_rows_set_close_are_parted_by_their_numbers_and_in_doubt() -> None:
    rows = [("1", "Khu du lịch\nhồ Bịa", "12", "500"), ("2", "Kho lạnh\nMơ", "3", "70")]
    table = find_text_table(words(HEADER, *rows, step=LEADING), titled=titled)

    assert table is not None
    assert [row[1] for row in table.rows[-2:]] == ["Khu du lịch hồ Bịa", "Kho lạnh Mơ"]
    last = len(table.rows) - 1
    assert (last, 1) in table.unsure  # of two lines, the second may be another's
    assert (last, 3) not in table.unsure  # stands on the line of the number


def test_next_page_goes_on_in_the_same_columns() -> None:
    first = find_text_table(words(HEADER, ("1", "Kho", "12", "500"), ("2", "Bến", "3", "70")))
    assert first is not None
    second = find_text_table(
        words(("3", "Xưởng", "", "80"), ("4", "Chợ", "", "90"), ("5", "Cầu", "", "10")),
        first.columns,
    )
    assert second is not None
    assert second.rows[0] == ["3", "Xưởng", "", "80"]


def test_few_rows_below_titles_are_a_table() -> None:
    found = words(HEADER, ("", "Kho lạnh Mơ", "", "70"), ("", "Bến xe Mơ", "", "90"))
    assert find_text_table(found) is None
    table = find_text_table(found, titled=titled)
    assert table is not None
    assert len(table.rows) == 3


@pytest.mark.parametrize(
    "rows",
    [
        [("", "Căn cứ Luật Đầu tư số 61 và các nghị định hướng dẫn thi hành luật này")] * 6,
        [("Nơi nhận:", "", "TM. ỦY BAN")] * 5,
        [("một", "hai", "ba")],
    ],
)
def test_plain_text_is_no_table(rows: list[tuple[str, ...]]) -> None:
    assert find_text_table(words(*rows)) is None


@pytest.mark.skipif(not FONT.is_file(), reason=f"needs the font {FONT} to draw a page")
def test_pdf_without_lines_is_read_and_told() -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    if "DejaVu" not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont("DejaVu", str(FONT)))
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(600, 400))
    canvas.setFont("DejaVu", 9)
    canvas.drawString(100, 370, "DANH MỤC DỰ ÁN KÊU GỌI ĐẦU TƯ TỈNH THANH HÓA NĂM 2024")
    rows = [
        ("TT", "Tên dự án", "Diện tích (ha)", "Vốn (tỷ đồng)"),
        ("I", "LĨNH VỰC DU LỊCH", "", ""),
        ("1", "Khu du lịch hồ Bịa", "12,5", "1.250,5"),
        ("2", "Làng nghỉ dưỡng Mơ", "", "700"),
    ]
    for number, row in enumerate(rows):
        for left, text in zip((40, 80, 330, 450), row, strict=True):
            canvas.drawString(left, 330 - 22 * number, text)
    canvas.save()
    parsed = parse_bytes("kêu gọi.pdf", stream.getvalue())

    assert [call.title for call in parsed.records] == ["Khu du lịch hồ Bịa", "Làng nghỉ dưỡng Mơ"]
    assert [call.capital.vnd.low for call in parsed.records] == [1250.5e9, 700e9]
    assert {call.sectors for call in parsed.records} == {("tourism",)}
    assert {call.place.name for call in parsed.records} == {"Thanh Hóa"}
    assert codes(parsed) == []
    assert [remark.en for remark in parsed.remarks] == [
        "Page 1: the table has no lines; its columns were told by the white between words."
    ]
