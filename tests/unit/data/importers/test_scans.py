"""Scans: lines found in pictures, readings weighed; with Tesseract, whole pages. All made up."""

import io
import shutil
import subprocess
from collections.abc import Sequence

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from data.importers.documents.pdf import read_pdf
from data.importers.grid import Grid, GridRow, Merge, RawCell
from data.importers.scans import pdf_pages, photos, tesseract
from data.importers.scans.cells import Read, as_text
from data.importers.scans.pages import agreed, low_marks
from data.importers.scans.photos import read_picture
from data.importers.scans.pictures import ink_of, straightened, whitened
from data.importers.scans.ruling import find_tables
from data.importers.scans.tesseract import Word
from data.importers.textfile import TextProblem
from tests.support.list_writers import FONT
from tests.unit.data.importers.listed import parse_bytes

needs_tesseract = pytest.mark.skipif(
    not tesseract.available(),
    reason=f"scans are read with Tesseract: {tesseract.HOW_TO_INSTALL}",
)
DPI = 200
LEFTS = (40, 140, 640, 940, 1240)
ROWS: list[tuple[str, ...]] = [
    ("TT", "Tên dự án", "Diện tích (ha)", "Vốn đầu tư (tỷ đồng)"),
    ("I", "LĨNH VỰC DU LỊCH", "", ""),
    ("1", "Khu du lịch hồ Bịa", "12,5", "1.250,5"),
    ("2", "Làng nghỉ dưỡng Mơ", "40", "700"),
    ("", "Tổng cộng", "52,5", "1.950,5"),
]


def page(
    rows: Sequence[tuple[str, ...]] = ROWS, *, tilt: float = 0.0, paper: int = 255, height: int = 60
) -> Image.Image:
    """Draw a ruled list below its title, as a scanner would see it."""
    picture = Image.new("L", (1300, 260 + height * len(rows)), 255)
    pen, font = ImageDraw.Draw(picture), ImageFont.truetype(str(FONT), 26)
    pen.text((40, 40), "DANH MỤC DỰ ÁN KÊU GỌI ĐẦU TƯ TỈNH THANH HÓA", 0, font)
    for number, row in enumerate(rows):
        top = 120 + number * height
        for column, text in enumerate(row):
            pen.rectangle((LEFTS[column], top, LEFTS[column + 1], top + height), None, 0, 2)
            pen.text((LEFTS[column] + 12, top + 14), text, 0, font)
    turned = picture.rotate(tilt, resample=Image.Resampling.BICUBIC, fillcolor=255)
    return turned.point(lambda value: value * paper // 255)


def as_bytes(picture: Image.Image, form: str = "PNG", **options: object) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, form, **options)
    return stream.getvalue()


def lined(*boxes: tuple[int, int, int, int]) -> Image.Image:
    picture = Image.new("L", (900, 700), 255)
    pen = ImageDraw.Draw(picture)
    for box in boxes:
        pen.rectangle(box, None, 0, 2)
    return picture


def tables_of(picture: Image.Image) -> list[tuple[int, int, list[Merge]]]:
    ink = ink_of(whitened(np.asarray(picture)))
    return [(each.rows, each.columns, each.merges) for each in find_tables(ink, DPI)[0]]


def test_fields_that_lines_enclose_are_cells() -> None:
    grid = [(x, y, x + 200, y + 60) for x in (50, 250, 450) for y in (50, 110, 170)]
    assert tables_of(lined(*grid)) == [(3, 3, [])]


def test_cells_over_several_rows_and_columns_are_merges() -> None:
    boxes = [(50, 50, 250, 170), (250, 50, 650, 110), (250, 110, 450, 170), (450, 110, 650, 170)]
    [(rows, columns, merges)] = tables_of(lined(*boxes))

    assert (rows, columns) == (2, 3)
    assert sorted(merges, key=lambda each: each.left) == [Merge(1, 0, 2, 0), Merge(1, 1, 1, 2)]


def test_line_with_a_gap_is_one_line() -> None:
    picture = lined(*[(x, y, x + 200, y + 60) for x in (50, 250) for y in (50, 110)])
    ImageDraw.Draw(picture).rectangle((100, 105, 112, 115), fill=255)
    assert tables_of(picture) == [(2, 2, [])]


def test_page_of_text_has_no_table() -> None:
    picture = Image.new("L", (900, 300), 255)
    font = ImageFont.truetype(str(FONT), 26)
    for at in range(5):
        ImageDraw.Draw(picture).text((40, 30 + 40 * at), "TTTTEEEE HHHH QUYẾT ĐỊNH", 0, font)
    assert tables_of(picture) == []


@pytest.mark.parametrize("tilt", [-3.0, -0.7, 0.0, 1.5])
def test_page_is_straightened(tilt: float) -> None:
    found = straightened(whitened(np.asarray(page(tilt=tilt))))
    assert [table[:2] for table in tables_of(Image.fromarray(found))] == [(5, 4)]


def test_grey_paper_becomes_white() -> None:
    white = whitened(np.asarray(page(paper=150)))
    assert np.median(white) == 255


def test_two_readings_with_other_figures_are_both_kept() -> None:
    cell = agreed(Read("1.250", 0.9), Read("1.260", 0.95))
    assert (cell.text, cell.readings) == ("1.260", ("1.260", "1.250"))


@pytest.mark.parametrize(
    ("text", "meant"),
    [("|", "I"), ("lÌ", "II"), ("HI", "III"), ("VỊ", "VI"), ("\\", "V"), ("1", "1"), ("H", "H"),
     ("Huế", "Huế"), ("", "")],
)  # fmt: skip
def test_strokes_are_numerals(text: str, meant: str) -> None:
    assert agreed(Read(text, 0.5), Read(text, 0.4)).text == meant


def test_words_are_ordered_by_line_and_place() -> None:
    words = [
        Word("hai", 60, 30, 90, 40, (1, 1, 2), 0.8),
        Word("một", 10, 10, 40, 20, (1, 1, 1), 0.9),
        Word("dòng", 10, 30, 50, 40, (1, 1, 2), 0.7),
    ]
    assert as_text(words) == Read("một dòng hai", 0.7)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "cut short or damaged"),
        (b"GIF89a and more", "cut short or damaged"),
        (as_bytes(page())[:2000], "cut short or damaged|no table"),
        (as_bytes(Image.new("1", (20_000, 20_000))), "too many pixels"),
        (as_bytes(Image.new("L", (200, 200))), "has only 200 × 200 pixels"),
        (
            as_bytes(Image.new("1", (400, 400)), "TIFF", save_all=True,
                     append_images=[Image.new("1", (400, 400))] * 60),
            "has more than 60 pages",
        ),
    ],
    ids=["empty", "gif", "cut", "huge", "small", "many"],
)  # fmt: skip
def test_pictures_that_are_refused(
    data: bytes, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photos, "available", lambda: True)
    with pytest.raises(TextProblem, match=words):
        read_picture(data)


def test_preview_in_a_photograph_is_no_page() -> None:
    data = as_bytes(page(), "MPO", save_all=True, append_images=[Image.new("L", (320, 240))])
    with Image.open(io.BytesIO(data), formats=photos._FORMATS) as opened:
        photos._check(opened)
        assert [label for label, _ in photos._frames(opened)] == ["page 1"]


def test_tesseract_installed_later_is_taken_up(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = subprocess.CompletedProcess([], 0, stdout=b"List of available languages\nvie\n")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: listed)
    tesseract._asked.cache_clear()
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    assert not tesseract.available()
    monkeypatch.setattr(shutil, "which", lambda _name: "tesseract")
    assert tesseract.available()
    tesseract._asked.cache_clear()  # what this machine has is asked anew


def test_scan_without_tesseract_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "available", lambda: False)
    monkeypatch.setattr(pdf_pages, "available", lambda: False)

    for read, form in ((read_picture, "PNG"), (read_pdf, "PDF")):
        with pytest.raises(TextProblem) as refused:
            read(as_bytes(page(), form))
        assert "apt install tesseract-ocr tesseract-ocr-vie" in refused.value.problem.remedy


@needs_tesseract
@pytest.mark.parametrize(
    ("form", "tilt"), [("PNG", 0.0), ("JPEG", -1.0), ("TIFF", 0.5), ("PDF", 0)]
)
def test_scan_is_read_like_a_list(form: str, tilt: float) -> None:
    options = {"resolution": DPI} if form == "PDF" else {}
    ending = {"TIFF": "tif", "JPEG": "jpg"}.get(form, form.lower())
    data = as_bytes(page(tilt=tilt, paper=220), form, **options)
    parsed = parse_bytes(f"quét.{ending}", data)

    assert [call.title for call in parsed.records] == ["Khu du lịch hồ Bịa", "Làng nghỉ dưỡng Mơ"]
    assert {call.place.name for call in parsed.records} == {"Thanh Hóa"}
    assert {call.sectors for call in parsed.records} == {("tourism",)}
    assert [call.capital.vnd.low for call in parsed.records] == [1250.5e9, 700e9]
    assert [call.land.ha.low for call in parsed.records] == [12.5, 40]
    assert [total.agrees for total in parsed.totals] == [True, True]
    capital = parsed.rows[0].fields["capital"]
    assert capital.where == "page 1, row 3, column D (Vốn đầu tư (tỷ đồng))"
    assert 0.8 < capital.confidence < 1
    assert [each.en[:14] for each in parsed.remarks] == ["From page 1 on"]


@needs_tesseract
def test_figure_that_cannot_be_read_is_asked_about() -> None:
    picture = page()
    ink = ImageDraw.Draw(picture)
    ink.line((950, 262, 1100, 285), 0, 9)
    ink.line((950, 285, 1100, 262), 0, 9)
    parsed = parse_bytes("quét.png", as_bytes(picture))

    asked = {each.field for each in parsed.rows[0].doubts}
    assert "capital" in asked
    assert parsed.rows[0].fields["capital"].confidence <= 0.5


@pytest.mark.parametrize(("text", "marks"), [("45,5", 1), ("1.250.000", 2), ("455", 0), ("7.5", 1)])
def test_points_and_commas_are_counted(text: str, marks: int) -> None:
    picture = Image.new("L", (300, 60), 255)
    ImageDraw.Draw(picture).text((10, 10), text, 0, ImageFont.truetype(str(FONT), 26))
    assert low_marks(picture, 19) == marks


def test_page_without_a_table_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    with_table = [Grid("", [GridRow(1, [RawCell("a")])], (), "page 1")]
    answers = iter([(with_table, []), ([], ["Kho bịa 50"]), ([], [])])
    monkeypatch.setattr(photos, "read_page", lambda *_: next(answers))
    blank = Image.new("L", (400, 400))

    (grid,) = photos.read_pages((f"page {number}", blank) for number in (1, 2, 3))

    ((vi, en),) = grid.remarks
    assert vi.startswith("Trang 2 có chữ")
    assert en.startswith("Pages 2 hold text")


def test_text_table_over_a_background_is_read_as_text() -> None:
    class Table:
        def __init__(self, rows: list[list[str | None]]) -> None:
            self.rows = rows

        def extract(self) -> list[list[str | None]]:
            return self.rows

    class Page:
        width, height, chars = 100.0, 100.0, "x" * 50
        images = ({"x0": 0.0, "x1": 100.0, "top": 0.0, "bottom": 100.0},)

        def __init__(self, rows: list[list[str | None]]) -> None:
            self.tables = [Table(rows)]

        def find_tables(self) -> list[Table]:
            return self.tables

    assert not pdf_pages.is_picture(Page([["TT", "Tên"], ["1", "Kho bịa"]]))
    assert pdf_pages.is_picture(Page([["Ký bởi: Sở bịa"], [None]]))  # a stamp over a scan
