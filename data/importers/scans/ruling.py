"""Find the ruled tables of a page's picture: the white fields that lines enclose are its cells."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from data.importers.grid import Merge
from data.importers.scans.pictures import Ink

_STROKE = 0.13  # inch: ink that runs straight so far is no letter's
_LONG = (0.16, 0.25)  # inch: so far down or across, with gaps, it is a line; a row may be low
_GAP = 0.1  # inch of a line that may be missing
_NARROW, _LOW = 0.08, 0.06  # inch: smaller fields are no cells
_SLACK = 0.06  # inch by which the edges of cells in one column may miss each other
_FILLED = 0.85  # of its box that a cell fills
_FEWEST_CELLS = 4
_SHORTEST = 0.3  # inch of a table


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels, its ends past its last pixel."""

    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True, slots=True)
class RuledCell:
    """A cell by its rows and columns of the table, counted from 0, last ones included."""

    box: Box
    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class RuledTable:
    """A table of a picture."""

    box: Box
    cells: Sequence[RuledCell]
    rows: int
    columns: int

    @property
    def merges(self) -> list[Merge]:
        """Return the cells over several rows or columns, rows counted from 1."""
        return [
            Merge(cell.top + 1, cell.left, cell.bottom + 1, cell.right)
            for cell in self.cells
            if cell.bottom > cell.top or cell.right > cell.left
        ]


def find_tables(ink: Ink, dpi: int) -> tuple[list[RuledTable], Ink]:
    """Return the tables of a page from its top down, and which pixels are lines."""
    lines = _lines(ink, dpi)
    labels, _ = ndimage.label(lines, structure=np.ones((3, 3)))
    tables = []
    for label, place in enumerate(ndimage.find_objects(labels), start=1):
        height, width = (part.stop - part.start for part in place)
        if max(height, width) < dpi:  # the bars of capitals side by side
            lines[place] &= labels[place] != label
        if width < dpi or height < _SHORTEST * dpi:
            continue
        table = _table(labels[place] == label, place[1].start, place[0].start, dpi)
        if table is not None:
            tables.append(table)
    return sorted(_outermost(tables), key=lambda each: each.box.top), lines


def _lines(ink: Ink, dpi: int) -> Ink:
    """Return the long straight runs of ink, their gaps closed."""
    stroke, gap = int(_STROKE * dpi), int(_GAP * dpi)
    found = np.zeros_like(ink)
    for axis in (0, 1):
        # A line that is not quite level steps from one row of pixels to the next.
        thick = ndimage.maximum_filter1d(ink, 3, axis=1 - axis)
        straight = _runs(thick, stroke, axis)
        grown = ndimage.maximum_filter1d(straight, gap, axis=axis)
        closed = ndimage.minimum_filter1d(grown, gap, axis=axis)
        found |= _runs(closed, int(_LONG[axis] * dpi), axis)
    return found


def _runs(ink: Ink, length: int, axis: int) -> Ink:
    """Return the ink that runs straight along an axis for a length at least."""
    kept = ndimage.minimum_filter1d(ink, length, axis=axis)
    return np.asarray(ndimage.maximum_filter1d(kept, length, axis=axis), dtype=bool)


def _table(lines: Ink, left: int, top: int, dpi: int) -> RuledTable | None:
    """Return the table that one net of lines makes."""
    padded = np.pad(~lines, 1, constant_values=True)
    labels, _ = ndimage.label(padded)
    outside = labels[0, 0]
    boxes = []
    for label, place in enumerate(ndimage.find_objects(labels), start=1):
        height, width = (part.stop - part.start for part in place)
        if label == outside or width < _NARROW * dpi or height < _LOW * dpi:
            continue
        if (labels[place] == label).sum() < _FILLED * width * height:
            continue
        x, y = left + place[1].start - 1, top + place[0].start - 1
        boxes.append(Box(x, y, x + width, y + height))
    if len(boxes) < _FEWEST_CELLS:
        return None
    slack = _SLACK * dpi
    lefts, rights = _edges([box.left for box in boxes], slack), [box.right for box in boxes]
    tops, bottoms = _edges([box.top for box in boxes], slack), [box.bottom for box in boxes]
    if len(lefts) < 2 or len(tops) < 2:
        return None
    cells = [
        RuledCell(
            box, _first(tops, box.top, slack), _first(lefts, box.left, slack),
            _last(tops, bottom, slack), _last(lefts, right, slack),
        )
        for box, right, bottom in zip(boxes, rights, bottoms, strict=True)
    ]  # fmt: skip
    outline = Box(left, top, left + lines.shape[1], top + lines.shape[0])
    return RuledTable(outline, cells, len(tops), len(lefts))


def _edges(places: Sequence[int], slack: float) -> list[float]:
    """Return where rows or columns begin: places that lie close together are one."""
    groups: list[list[int]] = []
    for place in sorted(places):
        if groups and place - groups[-1][-1] <= slack:
            groups[-1].append(place)
        else:
            groups.append([place])
    return [float(np.median(group)) for group in groups]


def _first(edges: Sequence[float], place: float, slack: float) -> int:
    return max((at for at, edge in enumerate(edges) if edge <= place + slack), default=0)


def _last(edges: Sequence[float], end: float, slack: float) -> int:
    return max((at for at, edge in enumerate(edges) if edge < end - slack), default=0)


def _outermost(tables: Sequence[RuledTable]) -> list[RuledTable]:
    """Leave out tables inside the box of another."""
    return [
        each
        for each in tables
        if not any(other is not each and _within(each.box, other.box) for other in tables)
    ]


def _within(inner: Box, outer: Box) -> bool:
    return (
        outer.left <= inner.left
        and outer.top <= inner.top
        and inner.right <= outer.right
        and inner.bottom <= outer.bottom
    )
