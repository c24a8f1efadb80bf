"""Tables without lines: columns are told by the white between words, rows by what they begin with.

Works on words with their boxes, wherever these come from.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

_COLUMN_GAP = 0.75  # of the height of letters; spaces between words are half of it
_CORRIDOR = 0.35  # of the height of letters: white that parts columns
_FEWEST_PARTS = 3  # of a line of a table
_FEWEST_LINES = 3
_CROSSED = 0.12  # of a table's lines may run across a corridor, as headings do
_WIDEST = 1.2  # of the height of letters: wider gaps are all alike
_EVEN, _WIDE = 0.25, 0.45  # of the height of letters: gaps between lines alike, and of rows
_SAME_LINE = 0.5  # of the height of letters
_FAR = 2.6  # times the usual distance of lines: what stands below is no part of the table
_NUMBER = re.compile(r"(?:\d{1,4}|[IVXLC]{1,6}|[A-ZĐ]|\d{1,2}(?:\.\d{1,2})+)[.)]?")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a page; lengths in any unit, heights from the top down."""

    text: str
    left: float
    right: float
    top: float
    bottom: float

    @property
    def middle(self) -> float:
        """Return the height of its middle."""
        return (self.top + self.bottom) / 2


@dataclass(slots=True)
class Line:
    """Words beside each other, from left to right."""

    words: list[Word] = field(default_factory=list)

    @property
    def top(self) -> float:
        """Return where its highest word begins."""
        return min(word.top for word in self.words)

    @property
    def bottom(self) -> float:
        """Return where its lowest word ends."""
        return max(word.bottom for word in self.words)

    def parts(self, gap: float) -> list[list[Word]]:
        """Return its words in groups that lie further apart than a gap."""
        groups = [[self.words[0]]]
        for before, word in pairwise(self.words):
            if word.left - before.right > gap:
                groups.append([])
            groups[-1].append(word)
        return groups


Column = tuple[float, float]
"""Where the words of a column begin and end."""
Titled = Callable[[Sequence[str]], bool]
"""Tells whether the parts of a line are titles of columns."""


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table: the texts of its rows, its columns, where it begins and ends.

    `unsure` are cells (row and column from 0) whose lines may belong to a row beside.
    """

    rows: Sequence[Sequence[str]]
    columns: Sequence[Column]
    top: float
    bottom: float
    unsure: frozenset[tuple[int, int]]


def find_text_table(
    words: Sequence[Word],
    before: Sequence[Column] = (),
    *,
    titled: Titled = lambda _: False,
) -> TextTable | None:
    """Return the table that words are set as, None when they are none.

    At least three lines must have three parts each, with white between them that runs down all;
    below a line of titles, as `titled` tells, two parts are enough. `before` are the columns of
    the page before, which a table may go on in.
    """
    lines = _lines(words)
    if len(lines) < (1 if before else _FEWEST_LINES):
        return None
    height = median(word.bottom - word.top for word in words)
    gap = _COLUMN_GAP * height
    full = [at for at, line in enumerate(lines) if len(line.parts(gap)) >= _FEWEST_PARTS]
    if full and titled([_text(part) for part in lines[full[0]].parts(gap)]):
        full = [full[0], *(at for at in range(full[0] + 1, len(lines))
                           if len(lines[at].parts(gap)) > 1)]  # fmt: skip
    if before and full and _fits(lines[full[0] : full[-1] + 1], before, gap):
        columns = list(before)
    elif len(full) >= _FEWEST_LINES:
        columns = _columns(lines[full[0] : full[-1] + 1], height)
    else:
        return None
    if len(columns) < _FEWEST_PARTS:
        return None
    first, last = _extended(lines, full[0], full[-1], columns, gap)
    chosen = lines[first : last + 1]
    found: list[list[str]] = []
    unsure: set[tuple[int, int]] = set()
    for group, anchor in _rows(chosen, columns, gap, titled):
        cells = _cells(group, columns, gap)
        if anchor is not None:
            unsure |= {
                (len(found), place)
                for place, parts in enumerate(cells)
                if any(line is not anchor for line, _ in parts)
            }
        found.append([" ".join(text for _, text in parts) for parts in cells])
    return TextTable(found, columns, chosen[0].top, chosen[-1].bottom, frozenset(unsure))


def _text(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words)


def _lines(words: Sequence[Word]) -> list[Line]:
    lines: list[Line] = []
    for word in sorted(words, key=lambda each: each.middle):
        near = lines[-1].words[-1] if lines else None
        if near and word.middle - near.middle <= _SAME_LINE * (near.bottom - near.top):
            lines[-1].words.append(word)
        else:
            lines.append(Line([word]))
    for line in lines:
        line.words.sort(key=lambda each: each.left)
    return lines


def _columns(lines: Sequence[Line], height: float) -> list[Column]:
    """Return where columns begin and end: between strips that hardly any line has words in."""
    parts = [
        (part[0].left, part[-1].right)
        for line in lines
        if len(found := line.parts(_COLUMN_GAP * height)) > 1
        for part in found
    ]
    columns = _inked(parts, int(_CROSSED * len(lines)), _CORRIDOR * height)
    # Columns that are all but empty have a title and no more.
    alone = [part for part in parts if not any(_overlap(part, column) for column in columns)]
    return sorted([*columns, *_inked(alone, 0, _CORRIDOR * height)])


def _inked(parts: Sequence[Column], allowed: int, corridor: float) -> list[Column]:
    """Return the strips that more than `allowed` parts reach into."""
    events = sorted([(left, 1) for left, _ in parts] + [(right, -1) for _, right in parts])
    found: list[Column] = []
    inked, began = 0, 0.0
    for place, step in events:
        before, inked = inked, inked + step
        if before <= allowed < inked:
            began = place
        elif inked <= allowed < before:
            if found and began - found[-1][1] < corridor:
                found[-1] = (found[-1][0], place)
            else:
                found.append((began, place))
    return found


def _overlap(part: Column, column: Column) -> bool:
    return part[0] < column[1] and column[0] < part[1]


def _fits(lines: Sequence[Line], columns: Sequence[Column], gap: float) -> bool:
    """Tell whether hardly any line runs over the columns of the page before."""
    crossing = sum(_crosses(line, columns, gap) for line in lines)
    return crossing <= max(1, int(_CROSSED * len(lines)))


def _extended(
    lines: Sequence[Line], first: int, last: int, columns: Sequence[Column], gap: float
) -> tuple[int, int]:
    """Take the lines above and below that keep to the columns and lie close."""
    usual = _usual_step(lines[first : last + 1])
    while first and lines[first].top - lines[first - 1].top <= _FAR * usual:
        if _crosses(lines[first - 1], columns, gap):
            break
        first -= 1
    while last + 1 < len(lines) and lines[last + 1].top - lines[last].top <= _FAR * usual:
        last += 1
    return first, last


def _usual_step(lines: Sequence[Line]) -> float:
    steps = [b.top - a.top for a, b in pairwise(lines)]
    return median(steps) if steps else lines[0].bottom - lines[0].top


def _crosses(line: Line, columns: Sequence[Column], gap: float) -> bool:
    """Tell whether some part of a line runs over more than one column."""
    return any(
        sum(_overlap((part[0].left, part[-1].right), column) for column in columns) > 1
        for part in line.parts(gap)
    )


def _rows(
    lines: Sequence[Line], columns: Sequence[Column], gap: float, titled: Titled
) -> list[tuple[list[Line], Line | None]]:
    """Return the lines of each row.

    Rows are parted by white that is wider than between lines of one cell, else where a number
    begins one: then its line is given too, for only what stands on it surely belongs to the row.
    """
    found: list[tuple[list[Line], Line | None]] = []
    for block in _blocks(lines):
        starts = [at for at, line in enumerate(block) if _begins(line, columns, gap)]
        above = block[: starts[0]] if starts else []
        if any(titled([_text(part) for part in line.parts(gap)]) for line in above):
            found.append((above, None))
            block, starts = block[starts[0] :], [at - starts[0] for at in starts]
        if len(starts) <= 1:
            found.append((block, None))
            continue
        ends = [*starts[1:], len(block)]
        for start, at, past in zip(starts, [0, *starts[1:]], ends, strict=True):
            found.append((block[at:past], block[start]))
    return found


def _blocks(lines: Sequence[Line]) -> list[list[Line]]:
    """Return lines in groups with wider white between them, all lines apart where it is even."""
    size = median(line.bottom - line.top for line in lines)
    gaps = [min(b.top - a.bottom, _WIDEST * size) for a, b in pairwise(lines)]
    if not gaps:
        return [list(lines)]
    if max(gaps) - min(gaps) < _EVEN * size:
        return [[line] for line in lines] if min(gaps) > _WIDE * size else [list(lines)]
    limit = _valley(gaps)
    blocks = [[lines[0]]]
    for gap, line in zip(gaps, lines[1:], strict=True):
        if gap > limit:
            blocks.append([])
        blocks[-1].append(line)
    return blocks


def _valley(gaps: Sequence[float]) -> float:
    """Return the middle of the widest step between gaps of lines and gaps of rows."""
    ordered = sorted(gaps)
    steps = [(b - a, (a + b) / 2) for a, b in pairwise(ordered)]
    return max(steps)[1]


def _begins(line: Line, columns: Sequence[Column], gap: float) -> bool:
    """Tell whether a line has a row's number in the first column."""
    part = line.parts(gap)[0]
    return part[0].left < columns[0][1] and bool(_NUMBER.fullmatch(_text(part)))


def _cells(
    lines: Sequence[Line], columns: Sequence[Column], gap: float
) -> list[list[tuple[Line, str]]]:
    """Return the texts in each column, with the lines that they stand on."""
    cells: list[list[tuple[Line, str]]] = [[] for _ in columns]
    for line in lines:
        for part in line.parts(gap):
            for place, words in _placed(part, columns):
                cells[place].append((line, _text(words)))
    return cells


def _placed(part: Sequence[Word], columns: Sequence[Column]) -> list[tuple[int, list[Word]]]:
    """Return a part's words by column; a part that runs across them stays whole in the first."""
    by_column: dict[int, list[Word]] = {}
    for word in part:
        by_column.setdefault(_column(word, columns), []).append(word)
    inside = all(
        words[0].left >= columns[place][0] - 1 and words[-1].right <= columns[place][1] + 1
        for place, words in by_column.items()
    )
    return list(by_column.items()) if inside else [(min(by_column), list(part))]


def _column(word: Word, columns: Sequence[Column]) -> int:
    middle = (word.left + word.right) / 2
    return max((at for at, (left, _) in enumerate(columns) if left <= middle), default=0)
