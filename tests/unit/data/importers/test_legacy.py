"""Text from before Unicode: read when that is certain, refused when it is not."""

import io

import pytest

from data.importers.documents.word import read_word
from data.importers.legacy.detect import decode_legacy, modernise, vietnamese_share
from data.importers.legacy.tables import font_encoding, from_tcvn3, from_vni, to_tcvn3, to_vni
from tests.support.old_encodings import encoded
from tests.unit.data.importers.listed import HEADER, TITLE, parse_rows

SMALL = (
    "nhà máy chế biến thuỷ sản ở huyện quỳ châu, khu công nghiệp lễ môn; ưu đãi, ngưỡng, "
    "kỹ thuật, ế ề ể ễ ệ ạ ặ ậ ẹ ị ọ ộ ợ ụ ự ỵ ẳ ẵ ằ ắ ẩ ẫ ỉ ĩ ỷ ỹ ỳ ý "
    "ồ ổ ỗ ố ờ ở ỡ ớ ừ ử ữ ứ đ ă â"
)
LIST = (
    f"{TITLE}\n{','.join(HEADER)}\n1,Nhà máy chế biến thuỷ sản,huyện Quỳ Châu,20,5 tấn,500\n"
    "2,Khu du lịch nghỉ dưỡng,xã Sầm Sơn,30,,900\n"
)


def test_conversions_know_every_letter() -> None:
    assert from_tcvn3(to_tcvn3(SMALL)) == SMALL
    assert from_vni(to_vni(SMALL)) == SMALL
    assert from_vni(to_vni(SMALL.upper())) == SMALL.upper()


def test_conversions_as_old_documents_have_them() -> None:
    assert from_tcvn3("Tæng vèn ®Çu t\u00ad dù kiÕn") == "Tổng vốn đầu tư dự kiến"
    assert from_vni("Toång voán ñaàu tö döï kieán") == "Tổng vốn đầu tư dự kiến"


@pytest.mark.parametrize(
    ("name", "expected"),
    [(".VnTime", ("TCVN3", False)), (".VnArialH", ("TCVN3", True)), ("VNI-Times", ("VNI", False)),
     ("Times New Roman", ("", False)), ("Vni Helve", ("VNI", False)), ("Vnese", ("", False))],
)  # fmt: skip
def test_font_tells_the_encoding(name: str, expected: tuple[str, bool]) -> None:
    assert font_encoding(name) == expected


@pytest.mark.parametrize("name", ["Windows-1258", "TCVN3", "VNI"])
def test_bytes_of_old_encodings_are_told_apart(name: str) -> None:
    found = decode_legacy(encoded(SMALL, name))
    assert (found.name, found.text) == (name, SMALL)


@pytest.mark.parametrize(
    "data",
    ["Café à Genève, forêt, été, hôtel, théâtre".encode("latin-1"), "dự".encode("cp1258", "ignore"),
     "서울특별시 강남구 테헤란로".encode("euc-kr"), bytes(range(128, 256)) * 4],
    ids=["french", "short", "korean", "noise"],
)  # fmt: skip
def test_what_is_not_certain_has_no_name(data: bytes) -> None:
    assert decode_legacy(data).name == ""


def test_share_of_syllables() -> None:
    assert vietnamese_share("Nhà máy ở Đắk Lắk")[0] == 1.0
    assert vietnamese_share("c«ng nghiÖp ®Çu")[0] < 0.5
    assert vietnamese_share("plain words")[1] == 0


@pytest.mark.parametrize("name", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "Windows-1258",
                                  "TCVN3", "VNI"])  # fmt: skip
def test_list_in_an_old_encoding_is_read_and_named(name: str) -> None:
    from pathlib import Path

    from data.importers.kinds import KINDS
    from data.importers.table import parse_table
    from data.records import Place

    data = encoded(LIST, name)
    parsed = parse_table(KINDS["calls"], Path("x.csv"), data, default_place=Place())

    titles = [call.title.lower() for call in parsed.records]
    assert titles == ["nhà máy chế biến thuỷ sản", "khu du lịch nghỉ dưỡng"]
    assert [call.capital.vnd.low for call in parsed.records] == [5e11, 9e11]
    assert {call.place.name for call in parsed.records} == {"Thanh Hóa"}
    assert (name.upper()[:6] in parsed.remarks[0].en) or name in parsed.remarks[0].en


def test_unicode_is_left_alone() -> None:
    rows = [HEADER, ("1", "Nhà máy bịa ở Đắk Lắk", "xã Ô Môn", "20 m² × 3", "café", "500")]
    parsed = parse_rows((TITLE,), *rows)
    assert parsed.records[0].title == rows[1][1]
    assert not parsed.remarks


@pytest.mark.parametrize("convert", [to_tcvn3, to_vni], ids=["TCVN3", "VNI"])
def test_cells_for_old_fonts_are_turned_into_unicode(convert) -> None:  # type: ignore[no-untyped-def]
    rows = [
        tuple(convert(text) for text in row)
        for row in (HEADER, ("1", "Nhà máy chế biến thuỷ sản", "xã Quỳ Châu", "20", "", "500"))
    ]
    parsed = parse_rows((TITLE,), *rows, ("2", "Kho bịa ở Đắk Lắk", "xã Ea Súp", "1", "", "7"))

    assert [call.title for call in parsed.records] == [
        "Nhà máy chế biến thuỷ sản", "Kho bịa ở Đắk Lắk",
    ]  # fmt: skip
    assert parsed.records[0].location == "xã Quỳ Châu"
    assert len(parsed.remarks) == 1


def test_fonts_of_a_word_document_count() -> None:
    import docx

    document = docx.Document()
    table = document.add_table(1, 2)
    for cell, (text, font) in zip(
        table.rows[0].cells,
        (("Vèn ®Çu t\u00ad", ".VnTimeH"), ("Ñaàu tö", "VNI-Times")),
        strict=True,
    ):
        cell.paragraphs[0].add_run(text).font.name = font
    stream = io.BytesIO()
    document.save(stream)
    row = modernise(read_word(stream.getvalue()))[0].rows[0]

    assert [cell.text for cell in row.cells] == ["VỐN ĐẦU TƯ", "Đầu tư"]


def test_soft_hyphen_of_a_long_old_text_without_a_font_is_a_letter() -> None:
    import docx

    document = docx.Document()
    cells = document.add_table(1, 2).rows[0].cells
    cells[0].paragraphs[0].add_run(to_tcvn3("Danh mục dự án kêu gọi, thu hút đầu tư"))
    cells[1].paragraphs[0].add_run("Danh mục dự án kêu gọi, thu hút đầu\u00ad tư năm nay")
    stream = io.BytesIO()
    document.save(stream)
    row = modernise(read_word(stream.getvalue()))[0].rows[0]

    assert [cell.text for cell in row.cells] == [
        "Danh mục dự án kêu gọi, thu hút đầu tư",
        "Danh mục dự án kêu gọi, thu hút đầu tư năm nay",
    ]
