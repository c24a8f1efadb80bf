"""Read one page's picture: its ruled tables as grids, the lines of text around them."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy import ndimage

from data.importers.documents.archives import problem
from data.importers.grid import MOST_COLUMNS, Grid, GridRow, RawCell
from data.importers.scans.cells import Read, read_stacked
from data.importers.scans.pictures import WHITE, Grey, Ink, ink_of, straightened, whitened
from data.importers.scans.ruling import Box, RuledTable, find_tables
from data.importers.scans.tesseract import ENGLISH, Word, languages, read_words
from data.reference.spelling import has_marks

MOST_PIXELS = 25_000_000  # of a page that is looked at
_LETTERS = (5, 100)  # pixels of height
_USUAL_LETTER = 0.08  # inch
_FEWEST_LETTERS = 20
_FEWEST_IN_LINE = 4
_FIRST, _SECOND = 30.0, 44.0  # pixels of height that letters are enlarged to, for two readings
_LARGEST_SCALE = 4.0
_SURE = 0.9  # a reading that need not be made twice
_SPECKS = 8  # pixels of ink in a cell that are none
_MARGIN = 2  # pixels
_SURE_LINE = 0.5  # of a word outside tables, to count
_MOST_CELLS = 4_000
_FIGURES_ALONE = re.compile(r"\d[\d.,\s]*\d")
_TALL, _POINT = 0.7, (0.12, 0.5)  # of a letter's height
_LEAST_INK = 0.3  # of a letter's square
_UNREAD = RawCell("", fault="the picture cannot be read", confidence=0.0)
_SQUARE_METRES = re.compile(r"(?<=[(\s\d])[mM] ?[?*°º\"'”“’^ˆ](?=\W|$)")
_STROKES_BEFORE = re.compile(r"[|l!]{1,3}(?=[.)] )")
_LONGEST_NUMERAL = 4
_NUMERAL = re.compile(r"[IVX]{1,5}\.?")
_AS_NUMERAL = str.maketrans(dict.fromkeys("|l!i", "I") | {"\\": "V", "/": ""})


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A page made ready: straight, its lines known; `unit` is pixels in an inch of usual print."""

    grey: Grey
    text: Ink
    letter: float
    tables: Sequence[RuledTable]

    def cut(self, box: Box, margin: int = _MARGIN) -> Image.Image | None:
        """Return what a box holds, None when there is no ink in it."""
        rows = slice(max(0, box.top + margin), max(0, box.bottom - margin))
        columns = slice(max(0, box.left + margin), max(0, box.right - margin))
        part = self.grey[rows, columns]
        if not part.size or self.text[rows, columns].sum() < _SPECKS:
            return None
        return Image.fromarray(np.ascontiguousarray(part))

    def has_letters(self, box: Box) -> bool:
        """Tell whether a box holds some letters, and not only specks and stains."""
        labels, _ = ndimage.label(self.text[box.top : box.bottom, box.left : box.right])
        heights = (place[0].stop - place[0].start for place in ndimage.find_objects(labels))
        low, high = self.letter / 2, self.letter * 4
        return len([each for each in heights if low <= each <= high]) >= _FEWEST_IN_LINE


def read_page(
    picture: Image.Image, label: str, carried: Sequence[str], later: bool
) -> tuple[list[Grid], list[str]]:
    """Return a page's tables, and the lines of text below the last of them.

    `carried` are lines above the page that belong to its first table; `later` tells that tables
    came before, which the first may go on with. Raises TesseractError.
    """
    sheet = _prepared(picture)
    if sheet is None:
        return [], []
    grids: list[Grid] = []
    width, top = sheet.grey.shape[1], 0
    for table in sheet.tables:
        lines = _lines(sheet, Box(0, top, width, table.box.top))
        captions = [*(() if grids else carried), *lines]
        grid = _grid(sheet, table, label, captions, later and not captions)
        if grid.rows:
            grids.append(grid if later else replace(grid, remarks=[_read_from(label)]))
            top, later = table.box.bottom, True
    return grids, _lines(sheet, Box(0, top, width, sheet.grey.shape[0]))


def _read_from(label: str) -> tuple[str, str]:
    vi, en = label.replace("page", "trang"), label
    return (
        f"Từ {vi}: chữ được nhận dạng từ ảnh; hãy đối chiếu số liệu với bản gốc.",
        f"From {en} on, texts were recognised in pictures; hold the figures against the original.",
    )


def without_table(pages: Sequence[int]) -> tuple[str, str]:
    """Tell of pages that hold text and no table, from which nothing was taken."""
    told = ", ".join(map(str, pages[:20])) + (" …" if len(pages) > 20 else "")
    return (
        f"Trang {told} có chữ nhưng không thấy bảng có đường kẻ, nên không lấy gì từ đó. "
        "Nếu danh mục còn tiếp ở đó, hãy xin bản Excel hoặc Word.",
        f"Pages {told} hold text but no table with lines, so nothing was taken from them. "
        "If the list goes on there, ask for it as Excel or Word.",
    )


def _prepared(picture: Image.Image) -> _Sheet | None:
    """Straighten a page and find its lines; None when it holds no letters."""
    grey = straightened(whitened(np.asarray(picture.convert("L"), dtype=np.uint8)))
    ink = ink_of(grey)
    letter = _letter_height(ink)
    if letter is None:
        return None
    tables, lines = find_tables(ink, round(letter / _USUAL_LETTER))
    lines = np.asarray(ndimage.maximum_filter(lines, 5), dtype=bool)
    clean = grey.copy()
    clean[lines] = WHITE
    return _Sheet(clean, ink & ~lines, letter, tables)


def _letter_height(ink: Ink) -> float | None:
    """Return the median height of letters in pixels."""
    labels, _ = ndimage.label(ink)
    heights: npt.NDArray[np.intp] = np.array(
        [place[0].stop - place[0].start for place in ndimage.find_objects(labels)], dtype=np.intp
    )
    heights = heights[(heights >= _LETTERS[0]) & (heights <= _LETTERS[1])]
    return float(np.median(heights)) if heights.size >= _FEWEST_LETTERS else None


def _lines(sheet: _Sheet, box: Box) -> list[str]:
    """Return the lines of text in a part of a page, page numbers left out."""
    part = sheet.cut(box, 0) if box.bottom - box.top > sheet.letter else None
    if part is None or not sheet.has_letters(box):
        return []
    scale = _scale(sheet, _FIRST)
    words = read_words(_enlarged(part, scale), block=bool(sheet.tables))
    lines: dict[tuple[int, int, int], list[Word]] = {}
    for word in words:
        if word.confidence >= _SURE_LINE:
            lines.setdefault(word.line, []).append(word)
    texts = (" ".join(word.text for word in line) for line in lines.values())
    return [text for text in texts if re.search(r"[^\W\d_]{2}", text)]


def _scale(sheet: _Sheet, height: float) -> float:
    return min(_LARGEST_SCALE, max(1.0, height / sheet.letter))


def _enlarged(part: Image.Image, scale: float) -> Image.Image:
    size = round(part.width * scale), round(part.height * scale)
    return part.resize(size, Image.Resampling.BICUBIC) if scale > 1 else part


def _grid(
    sheet: _Sheet, table: RuledTable, label: str, captions: list[str], continues: bool
) -> Grid:
    if table.columns > MOST_COLUMNS or len(table.cells) > _MOST_CELLS:
        raise problem(
            f"The table on {label} has {len(table.cells):,} cells in {table.columns} columns; "
            f"{_MOST_CELLS:,} cells and {MOST_COLUMNS} columns are the most read from a picture.",
            "Ask for the list as Excel or Word, and import that.",
        )
    rows = [[RawCell("")] * table.columns for _ in range(table.rows)]
    cut = [(cell, sheet.cut(cell.box)) for cell in table.cells]
    filled = [(cell, part) for cell, part in cut if part is not None]
    parts = [part for _, part in filled]
    for (cell, _), read in zip(filled, _twice(sheet, parts), strict=True):
        rows[cell.top][cell.left] = read
    made = [GridRow(number, cells) for number, cells in enumerate(rows, start=1)]
    kept = [row for row in made if not row.blank]
    return Grid("", kept, table.merges, label, captions, continues)


def _twice(sheet: _Sheet, parts: Sequence[Image.Image]) -> list[RawCell]:
    """Return what cells say; those with figures, and those not read surely, are read twice."""
    first = read_stacked(parts, scale=_scale(sheet, _FIRST))
    again = [
        place
        for place, read in enumerate(first)
        if read.confidence < _SURE or not read.text or re.search(r"\d", read.text)
    ]
    second = read_stacked([parts[place] for place in again], scale=_scale(sheet, _SECOND))
    both = dict(zip(again, second, strict=True))
    foreign = [place for place, read in enumerate(first) if _foreign(read.text)]
    third = read_stacked(
        [parts[place] for place in foreign], scale=_scale(sheet, _FIRST), language=ENGLISH
    )
    english = dict(zip(foreign, third, strict=True))
    made = [
        agreed(read, *(each[place] for each in (both, english) if place in each))
        for place, read in enumerate(first)
    ]
    return [_checked(cell, part, sheet.letter) for cell, part in zip(made, parts, strict=True)]


def _checked(cell: RawCell, part: Image.Image, letter: float) -> RawCell:
    """Return a cell as read, in doubt where its picture holds more than the reading says."""
    if not cell.text:
        return _UNREAD if _holds_something(part, letter) else cell
    lost = _FIGURES_ALONE.fullmatch(cell.text) and not cell.readings
    if lost and low_marks(part, letter) > len(re.findall(r"[.,]", cell.text)):
        return replace(cell, readings=(cell.text,))
    return cell


def low_marks(part: Image.Image, letter: float) -> int:
    """Return how many marks as small as points and commas stand low beside figures."""
    labels, _ = ndimage.label(ink_of(np.asarray(part, dtype=np.uint8)))
    places = [(each[0], each[1].stop - each[1].start) for each in ndimage.find_objects(labels)]
    tall = [rows for rows, _ in places if rows.stop - rows.start >= _TALL * letter]
    return len([
        rows
        for rows, width in places
        if _POINT[0] * letter <= rows.stop - rows.start <= _POINT[1] * letter
        and width <= _POINT[1] * letter
        and any(
            (each.start + 2 * each.stop) / 3 <= rows.start <= each.stop for each in tall
        )
    ])  # fmt: skip


def _holds_something(part: Image.Image, letter: float) -> bool:
    """Tell whether a cell holds more ink than a dash or specks."""
    ink = ink_of(np.asarray(part, dtype=np.uint8))
    return bool(ink.sum() > _LEAST_INK * letter**2)


def _foreign(text: str) -> bool:
    """Tell whether a text of some words has no Vietnamese letter: English, most likely."""
    return ENGLISH in languages() and len(text.split()) > 1 and not has_marks(text)


def agreed(*reads: Read) -> RawCell:
    """Return the surest of a cell's readings; where figures differ, all of them are kept."""
    best, *others = sorted(reads, key=lambda read: (not read.text, -read.confidence))
    text = _mended(best.text)
    also = [_mended(read.text) for read in others]
    differ = any(_figures(each) != _figures(text) for each in also)
    seen = tuple(dict.fromkeys([text, *also])) if differ else ()
    return RawCell(text, confidence=best.confidence, readings=seen)


def _figures(text: str) -> list[str]:
    return re.findall(r"\d+(?:[.,]\d+)*", text)


def _mended(text: str) -> str:
    """Return what a text must have been: square metres, numerals before a heading or alone."""
    text = _SQUARE_METRES.sub("m²", text).replace("(sam)", "(sqm)")
    before = _STROKES_BEFORE.match(text)
    return "I" * len(before[0]) + text[before.end() :] if before else _strokes(text)


def _strokes(text: str) -> str:
    """Return a short cell of upright strokes as the numeral it is: "|" is I, "lÌ" is II."""
    if len(text) > _LONGEST_NUMERAL or not text or text[0].isdigit():
        return text
    bare = "".join(sign for sign in unicodedata.normalize("NFD", text) if sign.isprintable()
                   and not unicodedata.combining(sign))  # fmt: skip
    numeral = bare.translate(_AS_NUMERAL)
    if len(numeral) > 1:
        numeral = numeral.replace("H", "II")
    return numeral if _NUMERAL.fullmatch(numeral) else text
