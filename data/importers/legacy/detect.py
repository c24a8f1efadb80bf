"""Tell how Vietnamese text is encoded by how many of its words are Vietnamese syllables."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

from data.importers.grid import Grid, GridRow, RawCell
from data.importers.legacy.tables import CONVERTERS

_SOUND = 0.85  # share of marked words that are syllables, for text to be Vietnamese
_LEAD = 0.2  # by which the best reading must be ahead of the next
_FEWEST = 4  # marked words, below which nothing is certain
_LOOKED_AT = 60_000  # characters
_WORD = re.compile(r"[^\s\d!-@\[-`{-~–—…“”‘’]+")
_TONES = dict.fromkeys(map(ord, "\u0300\u0301\u0303\u0309\u0323"))
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|gh|gi|kh|ch|ph|qu|th|tr|[bcdđghklmnprstvx])?"
    r"[aăâeêioôơuưy]{1,3}(?:ch|ng|nh|[cmnptk])?"
)


@dataclass(frozen=True, slots=True)
class Found:
    """An encoding with the text in Unicode; `name` is empty where nothing is certain."""

    name: str
    text: str = ""


def vietnamese_share(text: str) -> tuple[float, int]:
    """Return the share of syllables among the words with letters beyond ASCII, and their number."""
    good = count = 0
    for word in _WORD.findall(text[:_LOOKED_AT]):
        if word.isascii():
            continue
        count += 1
        good += _is_syllable(word)
    return (good / count if count else 0.0), count


def _is_syllable(word: str) -> bool:
    apart = unicodedata.normalize("NFD", word.lower())
    tones = sum(apart.count(chr(tone)) for tone in _TONES)
    bare = unicodedata.normalize("NFC", apart.translate(_TONES))
    return tones <= 1 and bool(_SYLLABLE.fullmatch(bare))


def decode_legacy(data: bytes) -> Found:
    """Return the text of bytes that are not UTF-8, if they are surely Vietnamese in one encoding.

    Looks at Windows-1258, TCVN3 and VNI.
    """
    latin = data.decode("cp1252", errors="replace")
    readings = {name: convert(latin) for name, convert in CONVERTERS.items()}
    readings["Windows-1258"] = unicodedata.normalize("NFC", data.decode("cp1258", errors="replace"))
    scores = {name: vietnamese_share(text) for name, text in readings.items()}
    scores["Windows-1252"] = vietnamese_share(latin)
    name = _best(scores)
    return Found(name, readings.get(name, "")) if name in readings else Found("")


def _best(scores: dict[str, tuple[float, int]]) -> str:
    """Return the reading that is Vietnamese and clearly ahead of all others, "" if none is."""
    ranked = sorted(scores, key=lambda each: -scores[each][0])
    first, second = ranked[0], ranked[1]
    share, count = scores[first]
    if share < _SOUND or count < _FEWEST or share - scores[second][0] < _LEAD:
        return ""
    return first


def modernise(grids: Iterable[Grid]) -> list[Grid]:
    """Return tables whose cells are written for TCVN3 or VNI fonts in Unicode, with a remark.

    A table is looked at as a whole; then each of its cells is taken as it reads best, since parts
    of a document may be in Unicode. Tables of Unicode are returned as they are.
    """
    listed = list(grids)
    texts = [text for grid in listed for text in _texts(grid)]
    if not any(suspicious(text) for text in texts):
        return listed
    whole = "\n".join(texts)
    scores = {name: vietnamese_share(convert(whole)) for name, convert in CONVERTERS.items()}
    scores["Unicode"] = vietnamese_share(whole)
    name = _best(scores)
    if name not in CONVERTERS:
        name = _mixed(texts)
    if name not in CONVERTERS:
        return listed
    return [_converted(grid, name, remark=place == 0) for place, grid in enumerate(listed)]


def _mixed(texts: list[str]) -> str:
    """Return the old encoding of those cells that are no Vietnamese as they stand, "" if unsure."""
    strange = "\n".join(text for text in texts if vietnamese_share(text)[0] < 0.5)
    scores = {name: vietnamese_share(convert(strange)) for name, convert in CONVERTERS.items()}
    scores["Unicode"] = vietnamese_share(strange)
    return _best(scores)


def _texts(grid: Grid) -> Iterable[str]:
    yield from grid.captions
    for row in grid.rows:
        for cell in row.cells:
            if not cell.text.isascii():
                yield cell.text


def suspicious(text: str) -> bool:
    """Tell whether a text has letters of Latin-1 that no Vietnamese word of Unicode has."""
    return any("\u00a1" <= sign <= "\u00ff" and sign not in _OF_VIETNAMESE for sign in text)


_OF_VIETNAMESE = frozenset("ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝàáâãèéêìíòóôõùúý°²³·½×«»")


def _converted(grid: Grid, name: str, *, remark: bool) -> Grid:
    rows = [
        GridRow(row.number, [_cell(cell, name) for cell in row.cells])
        if any(not cell.text.isascii() for cell in row.cells)
        else row
        for row in grid.rows
    ]
    remarks = [*grid.remarks, legacy_remark(name)] if remark else grid.remarks
    captions = [_text(text, name) for text in grid.captions]
    return replace(grid, rows=rows, captions=captions, remarks=remarks)


def _cell(cell: RawCell, name: str) -> RawCell:
    made = _text(cell.text, name)
    return cell if made == cell.text else replace(cell, text=made)


def _text(text: str, name: str) -> str:
    if text.isascii():
        return text
    made = CONVERTERS[name](text)
    before, after = vietnamese_share(text)[0], vietnamese_share(made)[0]
    # Old fonts know no letters such as "ự" beyond Latin-1: with them a text is Unicode already.
    modern = any(sign > "\u00ff" and sign.isalpha() for sign in text)
    return made if after > before or (after == before and not modern) else text


def legacy_remark(name: str) -> tuple[str, str]:
    """Return what is said of a text that was read from an old encoding."""
    return (
        f"Văn bản dùng mã {name}, đã chuyển sang Unicode.",
        f"The text is in {name}; it was turned into Unicode.",
    )
