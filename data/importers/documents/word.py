"""Read the tables of a Word document (.docx), with the paragraphs above each."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from data.importers.documents.archives import check_archive, problem
from data.importers.grid import LONGEST_CELL, MOST_COLUMNS, Grid, GridRow, Merge, RawCell
from data.importers.legacy.detect import suspicious
from data.importers.legacy.tables import CONVERTERS, font_encoding
from data.importers.problems import shown
from data.importers.signatures import kind_of

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MOST_ROWS = 50_000
_MOST_CAPTIONS = 12
_RESAVE = "Open it in Word, save it as .docx again, and import that."


def read_word(data: bytes) -> list[Grid]:
    """Return the tables of a document in order, as `Grid`s labelled "table 1", "table 2".

    Raises TextProblem when the bytes are no sound document, or it holds no table.
    """
    if not data.startswith(b"PK\x03\x04"):
        found = kind_of(data) or ("empty" if not data else "something else")
        remedy = "Remove the password in Word." if "password" in found else _RESAVE
        raise problem(f"This is {found}, not a .docx document.", remedy)
    check_archive(data, "word/document.xml", "a .docx document")
    try:
        import docx  # noqa: PLC0415 -- slow import

        body = docx.Document(io.BytesIO(data)).element.body
    except (KeyError, ValueError, zipfile.BadZipFile, OSError, SyntaxError) as error:
        why = f"The document is damaged ({type(error).__name__})."
        raise problem(why, _RESAVE) from None
    except Exception as error:  # python-docx and lxml raise errors of their own
        why = f"The document cannot be read ({type(error).__name__})."
        raise problem(why, _RESAVE) from None
    grids = list(_tables(body))
    if not grids:
        raise problem(
            "The document holds no table.", "Put the list in a table, or save it as .xlsx."
        )
    return grids


def _tables(body: Any) -> Iterator[Grid]:
    captions: list[str] = []
    number = 0
    for child in _blocks(body):
        if child.tag == f"{_W}p":
            text = _text(child).strip()
            captions += [text] if text else []
        elif child.tag == f"{_W}tbl":
            number += 1
            joined = number > 1 and not captions
            yield _grid(child, f"table {number}", captions[-_MOST_CAPTIONS:], joined)
            captions = []


def _blocks(parent: Any) -> Iterator[Any]:
    """Give paragraphs and tables, those inside content controls too."""
    for child in parent:
        if child.tag in (f"{_W}sdt", f"{_W}sdtContent"):
            yield from _blocks(child)
        else:
            yield child


def _grid(table: Any, label: str, captions: list[str], continues: bool) -> Grid:
    rows: list[GridRow] = []
    merges: list[Merge] = []
    open_down: dict[int, tuple[int, int]] = {}  # column: (top row, right column)
    number = 0
    for number, row in enumerate(table.iterchildren(f"{_W}tr"), start=1):
        if number > _MOST_ROWS:
            raise problem(f"{label} has more than {_MOST_ROWS:,} rows.", "Split the list.")
        cells: list[RawCell] = []
        going_on: dict[int, tuple[int, int]] = {}
        for text, span, vertical in _cells(row, label, number):
            column = len(cells)
            right = column + span - 1
            cells += [RawCell("" if vertical == "continue" else text)] + [RawCell("")] * (span - 1)
            if vertical == "continue" and column in open_down:
                going_on[column] = open_down[column]
            elif vertical == "restart":
                going_on[column] = (number, right)
            if span > 1 and vertical != "continue":
                merges.append(Merge(number, column, number, right))
            if len(cells) > MOST_COLUMNS:
                raise problem(f"{label} has more than {MOST_COLUMNS} columns.", "Split it.")
        merges += _ended(open_down, going_on, number - 1)
        open_down = going_on
        rows.append(GridRow(number, cells))
    merges += _ended(open_down, {}, number)
    kept = [row for row in rows if not row.blank]
    return Grid("", kept, merges, label, captions, continues)


def _ended(
    before: dict[int, tuple[int, int]], now: dict[int, tuple[int, int]], last: int
) -> list[Merge]:
    return [
        Merge(top, column, last, right)
        for column, (top, right) in before.items()
        if now.get(column) != (top, right) and last > top
    ]


def _cells(row: Any, label: str, number: int) -> Iterator[tuple[str, int, str]]:
    """Give each cell's text, width in columns, and "restart", "continue" or "" down the rows."""
    before = row.find(f"{_W}trPr/{_W}gridBefore")
    if before is not None:
        for _ in range(min(int(before.get(f"{_W}val", "0")), MOST_COLUMNS)):
            yield "", 1, ""
    for cell in row.iter(f"{_W}tc"):
        if next(cell.iterancestors(f"{_W}tr"), None) is not row:
            continue  # of a table inside a cell, whose text is read with the cell
        span = cell.find(f"{_W}tcPr/{_W}gridSpan")
        width = max(1, min(int(span.get(f"{_W}val", "1")), MOST_COLUMNS)) if span is not None else 1
        merge = cell.find(f"{_W}tcPr/{_W}vMerge")
        vertical = "" if merge is None else str(merge.get(f"{_W}val", "continue"))
        text = " ".join(_text(each) for each in cell.iter(f"{_W}p"))
        if len(text) > LONGEST_CELL:
            raise problem(
                f"A cell is longer than {LONGEST_CELL:,} characters; it begins {shown(text)}.",
                "Shorten it.",
                where=f"{label}, row {number}",
            )
        yield text, width, vertical


def _text(paragraph: Any) -> str:
    """Return a paragraph's text; what is set in an old Vietnamese font is turned into Unicode."""
    parts: list[tuple[str, bool, str]] = []  # encoding, capitals, text
    for run in paragraph.iter(f"{_W}r"):
        encoding, capitals = _encoding(run)
        text = "".join(map(_node_text, run.iter(*_TEXT_NODES)))
        if parts and parts[-1][:2] == (encoding, capitals):
            parts[-1] = (encoding, capitals, parts[-1][2] + text)
        else:
            parts.append((encoding, capitals, text))
    return "".join(_in_unicode(*part) for part in parts)


_TEXT_NODES = tuple(f"{_W}{name}" for name in ("t", "tab", "br", "cr", "softHyphen", "sym"))


def _node_text(node: Any) -> str:
    if node.tag == f"{_W}t":
        return node.text or ""
    if node.tag == f"{_W}softHyphen":
        return "\u00ad"  # the letter "ư" in a TCVN3 font
    if node.tag == f"{_W}sym":
        code = int(node.get(f"{_W}char", "0"), 16) & 0xFF
        return chr(code) if code >= 0x20 else ""
    return " "


def _encoding(run: Any) -> tuple[str, bool]:
    fonts = run.find(f"{_W}rPr/{_W}rFonts")
    if fonts is None:
        return "", False
    names = (str(fonts.get(f"{_W}{kind}", "")) for kind in ("ascii", "hAnsi"))
    return next((found for name in names if (found := font_encoding(name))[0]), ("", False))


def _in_unicode(encoding: str, capitals: bool, text: str) -> str:
    if not encoding:
        without = text.replace("\u00ad", "")
        # Many of them, or other letters of old fonts: it may be a TCVN3 "ư".
        letter = text.count("\u00ad") * 20 >= len(text) or suspicious(without)
        return text if letter else without
    made = CONVERTERS[encoding](text)
    return made.upper() if capitals else made
