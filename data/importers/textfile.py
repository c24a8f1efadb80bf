"""Read CSV and TSV files: their encoding certain, whole, every row as wide as the header."""

import csv
import io
from collections import Counter
from collections.abc import Iterator

from data.importers.grid import LONGEST_CELL, MOST_COLUMNS, Grid, GridRow, RawCell
from data.importers.legacy.detect import decode_legacy
from data.importers.problems import Problem, shown
from data.importers.signatures import kind_of, looks_like_windows_1258, wide_codec

Remarks = tuple[tuple[str, str], ...]
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}
_UTF8 = 'Save it as "CSV UTF-8" (in Excel: Save As, CSV UTF-8) or as .xlsx, and import that.'
_WHOLE = "Fetch or save the file again."


class TextProblem(Exception):
    """A text file that cannot be read as a table."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def read_text(data: bytes, *, tabs: bool, known: frozenset[str]) -> Grid:
    """Return the table of a CSV or TSV file.

    `known` are the column names that a header may have: the delimiter (comma, semicolon, tab) is
    the one that finds most of them, `tabs` telling which wins a tie. Rows keep the numbers that
    Excel shows. Raises TextProblem when the bytes are not whole UTF-8 text or the quotes, the
    number of cells or the size of a cell are wrong.

    A cut in the last cell of a file leaves no other trace than the missing line end, so files
    without one are refused.
    """
    text, remarks = _decode(data)
    delimiter = _delimiter(text, tabs, known)
    rows = list(_rows(text, delimiter))
    _check_widths(rows, delimiter)
    _check_end(text, rows)
    return Grid("", [row for row in rows if not row.blank], remarks=remarks)


def read_loose_text(data: bytes, *, tabs: bool, known: frozenset[str]) -> Grid:
    """Return a text file's table whose rows need not be as wide as its first.

    For lists with captions above the header. Of a file whose first row is made of column names of
    ours, only that row is given: `read_text` judges it. Raises TextProblem when the bytes are not
    whole UTF-8 text, or end without a line break.
    """
    text, remarks = _decode(data)
    line = next((line for line in text.splitlines() if line.strip()), "")[:LONGEST_CELL]
    delimiter = _delimiter(text, tabs, known)
    names = [name for part in line.split(delimiter) if (name := part.strip(' "\r').lower())]
    if sum(name.rstrip("*").replace(" ", "_") in known for name in names) * 2 >= len(names):
        return Grid("", [GridRow(1, [RawCell(name) for name in names])])
    rows = list(_rows(text, _steadiest(text, tabs)))
    _check_end(text, rows)
    return Grid("", [row for row in rows if not row.blank], remarks=remarks)


def _steadiest(text: str, tabs: bool) -> str:
    """Return the delimiter under which most rows have the same width, two cells at least."""

    def score(delimiter: str) -> tuple[int, int]:
        try:
            widths = Counter(len(row.cells) for row in _rows(text, delimiter))
        except TextProblem:
            return (0, 0)
        wide = {width: count for width, count in widths.items() if width > 1}
        width = max(wide, key=lambda each: (wide[each], each), default=0)
        return (wide.get(width, 0), width)

    return max(["\t", ",", ";"] if tabs else [",", ";", "\t"], key=score)


def _check_end(text: str, rows: list[GridRow]) -> None:
    """Refuse a text without a final line break."""
    if not text.endswith(("\n", "\r")):
        last = rows[-1].number if rows else 1
        value = rows[-1].cells[-1].text if rows and rows[-1].cells else ""
        raise _problem(
            f"row {last}",
            value,
            f"The file ends in the middle of this row, after {shown(value)}: it may be cut short.",
            f"{_WHOLE[:-1]}; if the row is whole, end it with a line break or save as .xlsx.",
        )


def _problem(where: str, value: str, why: str, remedy: str) -> TextProblem:
    return TextProblem(Problem(where, value, why, remedy))


def _decode(data: bytes) -> tuple[str, Remarks]:
    found = kind_of(data)
    if found:
        raise _problem(
            "", "", f"This is {found}, not a text file.", "Save it as CSV UTF-8 or .xlsx first."
        )
    text, remark = _text_of(data)
    zero = text.find("\0")
    if zero >= 0:
        line = text.count("\n", 0, zero) + 1
        raise _problem(
            f"line {line}",
            "\\x00",
            "The file holds a NUL byte: it is damaged or not a text file.",
            _UTF8,
        )
    if not text.strip():
        raise _problem("", "", "The file is empty.", "Put a header and rows in it.")
    return text, remark


def _text_of(data: bytes) -> tuple[str, Remarks]:
    """Return the text of bytes, with a remark where they are not UTF-8.

    What is certain is read: UTF-16 and UTF-32, and text of old Vietnamese encodings when nearly
    all of its words are Vietnamese in one of them alone. Everything else is refused.
    """
    wide = wide_codec(data)
    if wide:
        try:
            return data.decode(wide).removeprefix("\ufeff"), _named(wide)
        except UnicodeDecodeError:
            why = f"The file is in {wide[:6].rstrip('-').upper()} and damaged or cut short."
            raise _problem("", "", why, _UTF8) from None
    try:
        return data.decode("utf-8-sig"), ()
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and error.end == len(data):
            raise _undecodable(data, error) from None
        found = decode_legacy(data)
        if not found.name:
            raise _undecodable(data, error) from None
        return found.text, _named(found.name)


def _named(encoding: str) -> Remarks:
    shown_name = encoding.upper() if encoding.startswith("utf") else encoding
    return ((f"Mã chữ của tệp: {shown_name}.", f"The file's encoding: {shown_name}."),)


def _undecodable(data: bytes, error: UnicodeDecodeError) -> TextProblem:
    line = data.count(b"\n", 0, error.start) + 1
    byte = data[error.start]
    if error.reason == "unexpected end of data" and error.end == len(data):
        return _problem(
            f"line {line}", "", "The file ends in the middle of a letter: it is cut short.", _WHOLE
        )
    encoding = "not in UTF-8"
    if looks_like_windows_1258(data):
        encoding = "not in UTF-8 but, it seems, in Windows-1258 (Vietnamese)"
    return _problem(
        f"line {line}", f"\\x{byte:02x}", f"The file is {encoding} (byte \\x{byte:02x}).", _UTF8
    )


def _delimiter(text: str, tabs: bool, known: frozenset[str]) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")[:LONGEST_CELL]
    order = ["\t", ",", ";"] if tabs else [",", ";", "\t"]

    def hits(delimiter: str) -> int:
        return sum(part.strip(' "\r').lower() in known for part in first.split(delimiter))

    return max(order, key=hits)


def _rows(text: str, delimiter: str) -> Iterator[GridRow]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _unreadable(number, str(error)) from None
        long = next((place for place, cell in enumerate(cells) if len(cell) > LONGEST_CELL), None)
        if long is not None:
            raise _too_long(number, cells[long])
        if len(cells) > MOST_COLUMNS:
            raise _problem(
                f"row {number}", "", f"The row has {len(cells)} cells.", f"Keep {MOST_COLUMNS}."
            )
        yield GridRow(number, [RawCell(cell) for cell in cells])


def _too_long(number: int, value: str) -> TextProblem:
    return _problem(
        f"row {number}",
        value[:LONGEST_CELL],
        f"A cell is longer than {LONGEST_CELL:,} characters; it begins {shown(value)}.",
        "Shorten it; a missing closing quote can also cause this.",
    )


def _unreadable(number: int, reason: str) -> TextProblem:
    if "field larger" in reason:
        return _too_long(number, "")
    if "unexpected end of data" in reason:
        why = "A quoted cell that begins here is never closed: the file may be cut short."
        return _problem(f"row {number}", "", why, f"{_WHOLE[:-1]}, or close the quote.")
    return _problem(
        f"row {number}",
        "",
        "A quote stands inside a quoted cell.",
        'Write quotes inside a quoted cell twice (""), or save the file from Excel.',
    )


def _check_widths(rows: list[GridRow], delimiter: str) -> None:
    """Refuse rows narrower than the header, and wider ones with something beyond it."""
    header = next((row for row in rows if not row.blank), None)
    if header is None:
        return
    width = len(header.cells)
    sign = DELIMITERS[delimiter]
    for row in rows:
        beyond = [cell.text for cell in row.cells[width:] if cell.text.strip()]
        if row.blank or (len(row.cells) >= width and not beyond):
            continue
        if beyond:
            remedy = f'Put cells that contain a {sign} in quotes ("…").'
        elif row is rows[-1]:
            remedy = f"The file may be cut short: {_WHOLE[0].lower()}{_WHOLE[1:]}"
        else:
            remedy = f"Add the missing {sign}s; an unknown value is an empty cell."
        raise _problem(
            f"row {row.number}",
            beyond[0] if beyond else "",
            f"The row has {len(row.cells)} cells, the header has {width}.",
            remedy,
        )
