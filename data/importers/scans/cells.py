"""Read many small pictures at one go: stacked below each other, words sorted back by height."""

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from data.importers.scans.pictures import WHITE
from data.importers.scans.tesseract import Word, read_words

_SPACE = 40  # pixels between pictures
_TALLEST = 9_000  # pixels of one stack
_WIDEST = 6_000


@dataclass(frozen=True, slots=True)
class Read:
    """A cell's text on one line; `confidence` is its least sure word's, 1 for an empty one."""

    text: str = ""
    confidence: float = 1.0


def read_stacked(
    pictures: Sequence[Image.Image], *, scale: float, language: str = "vie"
) -> list[Read]:
    """Return the text of each picture, enlarged by `scale`. Raises TesseractError."""
    found: list[Read] = []
    stack: list[Image.Image] = []
    height = 0
    for picture in pictures:
        size = _scaled(picture, scale)
        enlarged = picture.resize(size, Image.Resampling.BICUBIC)
        if stack and height + size[1] + _SPACE > _TALLEST:
            found += _read(stack, language)
            stack, height = [], 0
        stack.append(enlarged)
        height += size[1] + _SPACE
    return found + (_read(stack, language) if stack else [])


def _scaled(picture: Image.Image, scale: float) -> tuple[int, int]:
    scale = min(scale, _WIDEST / picture.width, (_TALLEST - _SPACE) / picture.height)
    return max(1, round(picture.width * scale)), max(1, round(picture.height * scale))


def _read(stack: Sequence[Image.Image], language: str) -> list[Read]:
    width = max(picture.width for picture in stack) + 2 * _SPACE
    height = sum(picture.height + _SPACE for picture in stack) + _SPACE
    sheet = Image.new("L", (width, height), WHITE)
    bounds = []
    top = _SPACE
    for picture in stack:
        sheet.paste(picture, (_SPACE, top))
        bounds.append((top - _SPACE / 2, top + picture.height + _SPACE / 2))
        top += picture.height + _SPACE
    words: list[list[Word]] = [[] for _ in stack]
    place = 0
    for word in sorted(read_words(sheet, language=language), key=lambda each: each.middle):
        while place + 1 < len(bounds) and word.middle >= bounds[place][1]:
            place += 1
        words[place].append(word)
    return [as_text(each) for each in words]


def as_text(words: Sequence[Word]) -> Read:
    """Return words in the order of their lines, as one text."""
    lines: dict[tuple[int, int, int], list[Word]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word)
    rows = sorted(lines.values(), key=lambda line: min(word.middle for word in line))
    ordered = [word for row in rows for word in sorted(row, key=lambda each: each.left)]
    if not ordered:
        return Read()
    return Read(" ".join(word.text for word in ordered), min(word.confidence for word in ordered))
