"""Walk down a published list: which rows are projects, headings, totals, repetitions, remarks."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import takewhile

from data.importers.grid import Grid, GridRow
from data.importers.layout.caption import Caption, read_caption, unit_line
from data.importers.layout.found import Entry, Sheet, Stated, Walk
from data.importers.layout.head import (
    ListHeader,
    cell_text,
    filled,
    find_header,
    header_at,
    is_numbering,
)
from data.importers.layout.sections import (
    Heading,
    Outline,
    heading_of,
    looks_like_heading,
    split_marker,
)
from data.importers.report import Skipped
from data.reference.sectors import resolve_sectors
from data.reference.spelling import fold, has_marks

_TOTAL = re.compile(
    r"^(?:[ivxlc0-9]{1,4}\s*[.)]\s*)?"
    r"(?:(?:tổng số|tổng cộng|tổng hợp$|tổng vốn|tổng|cộng|toàn tỉnh)"
    r"(?!\s+(?:kho|công ty|hợp\s|đài))|grand total|sub-?total|total|sum(?=\s*:?$))(?![^\W\d_])"
)
_TONELESS_TOTAL = re.compile(r"^(?:tong so|tong cong|tong|cong)(?:\s*[(:+]|\s+[ivx]+\b|\s*$)")
_REMARK = re.compile(
    r"^(?:ghi chu|chu thich|luu y|note|nguon|source|noi nhan|nguoi lap|ky boi|\*|\(\*|"
    r"\([^()]{12,}\)$|(?:cac|nhung) du an (?:duoi|tren|sau|da|nay|co|thuoc dien)\b|figures are\b)"
)
_ARABIC = re.compile(r"\d{1,4}\.?|\d{1,3}(?:[.,]\d{1,3})+\.?")
_MARKER = re.compile(r"[(\[]?(?:[IVXLC]{1,6}|[A-ZĐa-h]|\d{1,4}(?:[.,]\d{1,3})*|[-+*•])[.):\]]*")
_ROMAN_OR_LETTER = re.compile(r"\s*(?:[IVXLC]{1,6}|[A-ZĐ])\s*[.):/–-]\s*\S")
_LONGEST_MARKER = 3  # of one misread in a picture
_MOST_IN_CAPTION = 2  # cells of a row above the header: a letterhead has two
_FEWEST_AGAIN = 3  # columns understood, for a row amid a table to be another table's header
_NUMBER = re.compile(r"[\d.,\s]+")
_NUMERIC = ("capital", "land")


def walk(grids: Iterable[Grid]) -> Walk:
    """Return the projects and totals of all tables of a file."""
    walker = _Walker()
    for grid in grids:
        walker.grid(grid)
    walker.close_table()
    return walker.found


class _Walker:
    """The state between rows: header, captions, open headings with the totals they state."""

    def __init__(self) -> None:
        self.found = Walk()
        self.header: ListHeader | None = None
        self.caption = Caption()
        self.outline = Outline()
        self.open_totals: list[tuple[Heading, Stated]] = []
        self.opened: list[int] = []  # the entry at which each open heading began
        self.table_start = 0
        self.last_total = 0
        self.fresh = True  # no row of this grid was read yet
        self.tail: list[Skipped] = []
        self.sheet = Sheet(Grid(""))

    def grid(self, grid: Grid) -> None:
        """Read one sheet, or one table of a document."""
        if not grid.rows:
            return
        self.sheet = Sheet(grid)
        lines = [(text, grid.row_place(grid.rows[0].number)) for text in grid.captions]
        header = find_header(grid)
        # Lines between two tables, such as a running title, part them only if a header follows.
        joins = grid.continues or (bool(grid.label) and header is None)
        goes_on = joins and self.header is not None and self._same_width(grid)
        if goes_on and (header is None or header.rows[0] > 0):
            self.fresh = True  # rows above a header on this page belong to the table before
            self._rows(0)
            return
        if header is None:
            self.found.skipped.append(
                Skipped(_whole(grid), "no header with the names of projects was found")
            )
            return
        if goes_on and self._same_titles(header):
            self.fresh = True
            self._rows(header.rows[1])
            return
        inherited = self._inherited(grid, header)
        self.close_table()
        above = [
            (text, grid.row_place(row.number))
            for row in grid.rows[: header.rows[0]]
            if (text := _joined(row))
        ]
        self.found.skipped += [
            Skipped(grid.row_place(row.number), "it stands above the header")
            for row in grid.rows[: header.rows[0]]
            if len(filled(row)) > _MOST_IN_CAPTION
        ]
        named = [(grid.sheet, f"sheet {grid.sheet!r}")] if grid.sheet else []
        self.caption = read_caption([*lines, *above], inherited)
        if not self.caption.place.code:
            self.caption = read_caption(named, self.caption)
        if not self.caption.sector and resolve_sectors(grid.sheet).known:
            self.caption = replace(self.caption, sector=grid.sheet)
        self._open_table(header)
        self._headings_above(lines)
        self._rows(header.rows[1])

    def _inherited(self, grid: Grid, header: ListHeader) -> Caption:
        """Return what the lines above earlier tables say of this one too.

        The title of a document holds for all its tables, units for those with the same columns.
        """
        if grid.continues:
            return self.caption
        if not grid.label:
            return Caption()
        kept = replace(self.caption, sector="")
        return kept if self._same_titles(header) else replace(kept, money="", land="")

    def _headings_above(self, lines: Sequence[tuple[str, str]]) -> None:
        """Take the paragraphs right above a table for headings: "II. LĨNH VỰC DU LỊCH"."""
        for text, where in lines[-2:]:
            marker, bare = split_marker(text)
            heading = heading_of(bare, where, marker, self.outline)
            listed = re.search(r"danh muc|list of|quyet dinh|don vi", fold(text))
            if heading.kind != "other" and len(text) < 100 and not listed:
                self.opened = self.opened[: self.outline.add(heading)]
                self.opened.append(len(self.found.entries))

    def _open_table(self, header: ListHeader) -> None:
        self.header = header
        self.table_start = self.last_total = len(self.found.entries)
        self.outline.clear()
        self.opened.clear()
        self.found.tables += 1
        self.fresh = False

    def close_table(self) -> None:
        """Close what is open: headings, and the totals stated before their rows."""
        self._close_headings(0)
        for stated in self.found.totals:
            stated.scopes = [
                (start, len(self.found.entries) if past is None else past)
                for start, past in stated.scopes
            ]
        self.found.skipped += self.tail
        self.tail.clear()
        self.header = None

    def _rows(self, place: int) -> None:
        rows = self.sheet.grid.rows
        while place < len(rows):
            again = self._header_again(place)
            if again is not None:
                place = again
                continue
            self._row(place)
            place += 1

    def _header_again(self, place: int) -> int | None:
        """Return the row past a header that is repeated, or that opens another table."""
        grid = self.sheet.grid
        header = header_at(grid, place)
        if header is None:
            return None
        if not self._same_titles(header):
            if len(header.columns) < _FEWEST_AGAIN:
                return None
            above = list(takewhile(_is_line, reversed(grid.rows[: header.rows[0]])))[:4]
            caption = self.caption
            self.close_table()
            lines = [(_joined(row), grid.row_place(row.number)) for row in reversed(above)]
            self.caption = read_caption(lines, caption)
            self._open_table(header)
        return header.rows[1]

    def _same_titles(self, header: ListHeader) -> bool:
        if self.header is None:
            return False
        mine = {fold(title) for title in self.header.titles.values()}
        theirs = {fold(title) for title in header.titles.values()}
        return len(mine & theirs) * 2 > len(mine)

    def _same_width(self, grid: Grid) -> bool:
        if self.header is None:
            return False
        width = max(len(row.cells) for row in grid.rows)
        return width == max(self.header.titles) + 1 or width == len(self.header.titles)

    def _row(self, place: int) -> None:
        header = self.header
        if header is None:
            return
        row = self.sheet.grid.rows[place]
        if row.blank or is_numbering(row):
            return
        first, self.fresh = self.fresh, False
        marker, labels, numbers = self._parts(row, header)
        label = self._label(row, labels)
        if first and self._goes_on(header, marker, label, bool(numbers)):
            self.found.entries[-1].extra.append((self.sheet, row))
            return
        here = self.sheet.grid.row_place(row.number)
        total = bool(label and numbers and _is_total(label))
        if total and not _ARABIC.fullmatch(marker):
            self._total(row, header, label)
        elif self._is_section(place, marker, labels, numbers, label):
            self._section(row, header, marker, label, bool(numbers))
        elif label and len(labels) == 1 and not numbers and _is_total(label):
            self.found.skipped.append(Skipped(here, "a total without a number"))
        elif label and len(labels) <= 1 and not numbers and _REMARK.match(fold(label)):
            self.found.skipped.append(Skipped(here, "a remark below the table"))
        else:
            self._project(row, header, labels)

    def _goes_on(self, header: ListHeader, marker: str, label: str, numbers: bool) -> bool:
        """Tell whether the first row of a page goes on with the last row of the page before."""
        numbered = header.first("number") is not None
        in_table = len(self.found.entries) > self.table_start
        ends = (_is_total(label) and numbers) or bool(_REMARK.match(fold(label)))
        return numbered and in_table and not marker and not ends and not looks_like_heading(label)

    def _parts(self, row: GridRow, header: ListHeader) -> tuple[str, list[int], list[int]]:
        """Return the row's number or marker, its columns with words, its columns with sums."""
        at = header.first("number")
        marker = cell_text(row, at) if at is not None else ""
        sums = {column for role in _NUMERIC for column in header.columns.get(role, ())}
        labels, numbers = [], []
        columns = filled(row)
        if len(columns) == 1 and not re.search(r"\d", cell_text(row, columns[0])):
            sums -= set(columns)  # a heading, where sums stand in the first column
        for column in columns:
            text = cell_text(row, column)
            unsure = row.cells[column].confidence < 1 and len(text) <= _LONGEST_MARKER
            if column == at and (not text or unsure or _MARKER.fullmatch(text)):
                continue
            if column in sums or (_NUMBER.fullmatch(text) and column != header.first("title")):
                numbers.append(column)
            else:
                labels.append(column)
        return marker if at not in labels else "", labels, numbers

    def _label(self, row: GridRow, labels: Sequence[int]) -> str:
        return cell_text(row, labels[0]) if labels else ""

    def _is_section(
        self, place: int, marker: str, labels: Sequence[int], numbers: Sequence[int], label: str
    ) -> bool:
        header, row = self.header, self.sheet.grid.rows[place]
        if header is None or len(labels) != 1 or _REMARK.match(fold(label)):
            return False
        if unit_line(label) and len(label) < 60 and not numbers and not marker:
            return True
        title, number = header.first("title"), header.first("number")
        bare = marker.strip(" .)(:-")
        if bare and not _ARABIC.fullmatch(bare):
            return True
        if _ARABIC.fullmatch(bare):
            return self._has_children(place, bare)
        if not numbers:
            wide = self._is_wide(row, labels[0])
            if labels[0] not in (title, number) and not wide and not looks_like_heading(label):
                return False
            if number is None and labels[0] == title and not wide:
                return looks_like_heading(label) and bool(
                    split_marker(label)[0] or label.isupper() or fold(label).startswith("linh vuc")
                )
            return True
        if labels[0] == number:
            return True
        if number is None:  # a project may have no more than a name and a sum
            return labels[0] == title and bool(_ROMAN_OR_LETTER.match(label))
        return labels[0] == title and looks_like_heading(label)

    def _is_wide(self, row: GridRow, column: int) -> bool:
        return any(
            merge.top <= row.number <= merge.bottom
            and merge.left <= column <= merge.right
            and merge.right - merge.left >= 2
            for merge in self.sheet.grid.merges
        )

    def _has_children(self, place: int, marker: str) -> bool:
        """Tell whether the next row is numbered below this one: "1" before "1.1"."""
        header, rows = self.header, self.sheet.grid.rows
        at = header.first("number") if header else None
        if at is None or place + 1 >= len(rows):
            return False
        return cell_text(rows[place + 1], at).startswith(f"{marker.rstrip('.')}.")

    def _section(
        self, row: GridRow, header: ListHeader, marker: str, label: str, stated: bool
    ) -> None:
        where = self.sheet.grid.row_place(row.number)
        if unit_line(label) and len(label) < 60 and not stated:
            self.caption = read_caption([(label, where)], self.caption)
            return
        own, bare = split_marker(label) if not marker else ("", label)
        heading = heading_of(bare or label, where, marker or own, self.outline)
        kept = self.outline.add(heading)
        self._close_headings(kept)
        self.opened.append(len(self.found.entries))
        self.tail.append(Skipped(where, f"no project stands below {heading.text[:80]!r}"))
        if stated:
            scopes: list[tuple[int, int | None]] = [(len(self.found.entries), None)]
            self._state(row, header, label, scopes)
            self.open_totals.append((self.outline.open[-1], self.found.totals[-1]))

    def _close_headings(self, kept: int) -> None:
        """End the totals of headings that are no longer open."""
        del self.opened[kept:]
        still = list(self.outline.open) if self.header is not None and kept else []
        past = len(self.found.entries)
        for heading, stated in self.open_totals:
            if not any(heading is each for each in still):
                stated.scopes = [(start, past) for start, _ in stated.scopes]
        self.open_totals = [
            pair for pair in self.open_totals if any(pair[0] is each for each in still)
        ]

    def _total(self, row: GridRow, header: ListHeader, label: str) -> None:
        now = len(self.found.entries)
        whole: list[tuple[int, int | None]] = [(self.table_start, now), (0, now)]
        if now == self.table_start:
            whole = [(now, None)]
        parts: list[tuple[int, int | None]] = [(start, now) for start in reversed(self.opened)]
        parts.append((self.last_total, now))
        folded = fold(label)
        partial = folded.startswith("cong") or "sub" in folded
        self._state(row, header, label, [*parts, *whole] if partial else [*whole, *parts])
        self.last_total = now

    def _state(
        self,
        row: GridRow,
        header: ListHeader,
        label: str,
        scopes: list[tuple[int, int | None]],
    ) -> None:
        self.found.totals.append(
            Stated(self.sheet, row, header, self.caption, label, list(dict.fromkeys(scopes)))
        )

    def _project(self, row: GridRow, header: ListHeader, labels: Sequence[int]) -> None:
        title = header.first("title")
        entries = self.found.entries
        here = self.sheet.grid.row_place(row.number)
        own = cell_text(row, title) if title is not None else ""
        merged = title is not None and (row.number, title) in self.sheet.origin
        if not own and merged and len(entries) > self.table_start:
            entries[-1].extra.append((self.sheet, row))
        elif own:
            self.tail.clear()
            headings = tuple(self.outline.open)
            entries.append(Entry(self.sheet, row, header, self.caption, headings))
        elif labels:
            self.found.skipped.append(Skipped(here, "it names no project"))


def _is_total(label: str) -> bool:
    """Tell whether a label is that of a total: "Cộng", but not "Công viên"."""
    written = label.lower()
    return bool(_TOTAL.match(written) or (not has_marks(label) and _TONELESS_TOTAL.match(written)))


def _is_line(row: GridRow) -> bool:
    return len(filled(row)) == 1


def _joined(row: GridRow) -> str:
    return " ".join(cell_text(row, column) for column in filled(row))


def _whole(grid: Grid) -> str:
    return grid.label or (f"sheet {grid.sheet!r}" if grid.sheet else "the file")
