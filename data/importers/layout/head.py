"""Find the header of a published list: one to three rows, merged cells, anywhere in the sheet."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from data.importers.grid import Grid, GridRow
from data.importers.layout.columns import Title, read_title, title_key
from data.reference.spelling import fold, nfc

_DEEPEST = 3
_SEARCHED = 200  # rows of a sheet in which its first header must begin
_NUMBER = re.compile(r"[\d.,\s-]+")
_NUMBERING = re.compile(r"\(?\[?\s*(\d{1,2})\s*\]?\)?(?:\s*=.*)?")
_WHOLE = re.compile(r"\b(?:tong|total|muc|cong)\b")
_LEAST = re.compile(r"\b(?:toi thieu|thap nhat|nho nhat|min|minimum|least)\b|^(?:tu|from)$")
_MOST = re.compile(r"\b(?:toi da|cao nhat|lon nhat|max|maximum|most)\b|^(?:den|to|up to)$")
_CLAUSE = re.compile(r"[,;%]")
_PARENTHESES = re.compile(r"\([^)]*\)")
_SINGLE = ("title", "title_en", "sector", "province", "form", "number", "unit", "source_url")


@dataclass(frozen=True, slots=True)
class ListHeader:
    """Where a list's columns are; `rows` bounds the header in the grid's rows (from, past).

    `columns` gives the columns of each role, `titles` the full title of every column, `money` and
    `land` the unit that a column's title states, `ends` ("low", "high") the columns of capital or
    land that hold the least or the most alone.
    """

    rows: tuple[int, int]
    columns: Mapping[str, Sequence[int]]
    titles: Mapping[int, str]
    money: Mapping[int, str] = field(default_factory=dict)
    land: Mapping[int, str] = field(default_factory=dict)
    ends: Mapping[int, str] = field(default_factory=dict)

    def first(self, role: str) -> int | None:
        """Return the first column of a role, None where the list lacks it."""
        return next(iter(self.columns.get(role, ())), None)

    def roles(self, column: int) -> tuple[str, ...]:
        return tuple(role for role, places in self.columns.items() if column in places)


def cell_text(row: GridRow, column: int) -> str:
    """Return a cell's text, composed and on one line."""
    return " ".join(nfc(row.cells[column].text).split()) if column < len(row.cells) else ""


def filled(row: GridRow) -> list[int]:
    """Return the columns of a row that hold something."""
    return [place for place, cell in enumerate(row.cells) if cell.text.strip() or cell.fault]


def is_numbering(row: GridRow) -> bool:
    """Tell whether a row only numbers the columns: "1 2 3 4", "(1) (2) (3)", "A B 1 2"."""
    texts = [cell_text(row, place) for place in filled(row)]
    while texts and re.fullmatch(r"\(?[A-Da-d]\)?", texts[0]):
        texts.pop(0)
    numbers = [_NUMBERING.fullmatch(text) for text in texts]
    if len(numbers) < 3 or not all(numbers):
        return False
    values = [int(number[1]) for number in numbers if number]
    return values[0] <= 3 and all(b - a == 1 for a, b in pairwise(values))


def find_header(grid: Grid, start: int = 0) -> ListHeader | None:
    """Return the first header from the row at `start` on, None when there is none."""
    for place in range(start, min(len(grid.rows), start + _SEARCHED)):
        header = header_at(grid, place)
        if header is not None:
            return header
    return None


def header_at(grid: Grid, place: int) -> ListHeader | None:
    """Return the header whose row of names is the row at `place`, if it is one."""
    row = grid.rows[place]
    columns = filled(row)
    if len(columns) < 2 or any(_NUMBER.fullmatch(cell_text(row, column)) for column in columns):
        return None
    titles = [read_title(cell_text(row, column)) for column in columns]
    names = {each.role or ("capital" if each.bare_unit and each.money else "") for each in titles}
    names -= {"", "number"}
    promoted = "title" not in names and "content" in names and len(names) >= 3
    if len(names) < 2 or not ("title" in names or promoted):
        return None
    if not _are_titles(row):
        return None
    first = place - 1 if place and _is_parent(grid, place) else place
    past = place + 1
    while past < len(grid.rows) and past - first < _DEEPEST and _is_child(grid, first, past):
        past += 1
    return _compose(grid, first, past)


def _are_titles(row: GridRow) -> bool:
    """Tell a header from a row of data in which some words happen to be those of titles."""
    texts = [cell_text(row, column) for column in filled(row)]
    known = sum(bool(read_title(text).role or read_title(text).bare_unit) for text in texts)
    return known * 2 >= len(texts)


def _is_parent(grid: Grid, place: int) -> bool:
    """Tell whether the row above belongs to the header: group names over several columns."""
    above, row = grid.rows[place - 1], grid.rows[place]
    if above.number != row.number - 1 or len(filled(above)) < 2 or is_numbering(above):
        return False
    texts = [cell_text(above, column) for column in filled(above)]
    if any(_NUMBER.fullmatch(text) for text in texts):
        return False  # a row of the list before
    titles = [read_title(text) for text in texts]
    wide = any(
        merge.top == above.number and merge.right > merge.left and merge.bottom == above.number
        for merge in grid.merges
    )
    short = all(len(text) <= 60 and not re.search(r"\d{3}", text) for text in texts)
    return short and (wide or sum(bool(title.role) for title in titles) * 2 >= len(titles))


def _is_child(grid: Grid, first: int, place: int) -> bool:
    """Tell whether the row goes on with the header above it, as "Diện tích (ha)" below "Quy mô"."""
    row, top = grid.rows[place], grid.rows[first]
    if row.number != grid.rows[place - 1].number + 1 or is_numbering(row):
        return False
    places = filled(row)
    spread = [_spread(grid, at)[0] for at in range(first, place)]
    above = [{c: t for c, t in each.items() if t} for each in spread]
    titles = [read_title(cell_text(row, column)) for column in places]
    if any(_is_data(title) for title in titles):
        return False
    for column in places:
        over = [read_title(each[column]).role for each in above if column in each]
        if "title" in over or "number" in over:
            return False
    meant = sum(bool(each.role or each.bare_unit or _end_of(each.text)) for each in titles)
    wide = _wide_columns(grid, top, past=row.number)
    if len(places) == 1 and not titles[0].bare_unit and places[0] not in wide:
        return False  # a heading of the rows below: "A. INDUSTRY SECTOR"
    below_wide = bool(places) and all(column in wide for column in places)
    return bool(places) and (meant * 2 >= len(places) or below_wide)


def _is_data(title: Title) -> bool:
    """Tell a cell that no title looks like: long, or with a number that is not its unit's."""
    return len(title.text) > 60 or (not title.bare_unit and bool(re.search(r"\d{3}", title.text)))


def _wide_columns(grid: Grid, top: GridRow, past: int) -> set[int]:
    return {
        column
        for merge in grid.merges
        if top.number <= merge.top < past and merge.right > merge.left
        for column in range(merge.left, merge.right + 1)
    }


def _spread(grid: Grid, place: int) -> tuple[dict[int, str], set[int]]:
    """Return a row's texts with merged cells filled, and the columns that were spread over.

    Without any merges known (text files), a title reaches over the empty cells to its right.
    """
    row = grid.rows[place]
    texts = {column: cell_text(row, column) for column in filled(row)}
    reached: set[int] = set()
    for merge in grid.merges:
        if merge.top <= row.number <= merge.bottom and merge.top != merge.bottom:
            origin = next((each for each in grid.rows if each.number == merge.top), None)
        elif merge.top == row.number:
            origin = row
        else:
            continue
        for column in range(merge.left, merge.right + 1):
            if origin is not None and not texts.get(column):
                texts[column] = cell_text(origin, merge.left)
                reached.add(column)
    return texts, reached


def _compose(grid: Grid, first: int, past: int) -> ListHeader:
    levels = [_spread(grid, place)[0] for place in range(first, past)]
    if not grid.merges and len(levels) > 1:
        _reach_right(levels)
    width = max((column for level in levels for column in level), default=-1) + 1
    columns: dict[str, list[int]] = {}
    titles: dict[int, str] = {}
    money: dict[int, str] = {}
    land: dict[int, str] = {}
    ends: dict[int, str] = {}
    for column in range(width):
        path = list(dict.fromkeys(t for level in levels if (t := level.get(column, ""))))
        if not path:
            continue
        titles[column] = " – ".join(path)
        role, title = _meaning(path)
        money[column], land[column] = title.money, title.land
        if role in ("capital", "land") and (end := _end_of(title.text)):
            ends[column] = end
        taken = columns.setdefault(role, [])
        if role and not (role in _SINGLE and taken):
            taken.append(column)
    _promote(columns)
    columns.get("capital", []).sort(key=lambda column: "tong" not in fold(titles[column]))
    return ListHeader(
        (first, past), {k: v for k, v in columns.items() if k and v}, titles, money, land, ends
    )


def _end_of(title: str) -> str:
    """Return "low" or "high" for a title such as "Vốn tối thiểu", or "Từ" and "Đến" below one.

    A title that goes on to a share or another clause says so of that: "Tổng vốn, vốn chủ sở hữu
    tối thiểu 20%".
    """
    if _CLAUSE.search(_PARENTHESES.sub("", title)):
        return ""
    bare = title_key(title)
    low, high = bool(_LEAST.search(bare)), bool(_MOST.search(bare))
    return "" if low == high else "low" if low else "high"


def _reach_right(levels: list[dict[int, str]]) -> None:
    """Let a group's name reach over the empty cells to its right that have a title below.

    A name with a mere unit below it, "(ha)", reaches over other units alone.
    """
    for upper, lower in pairwise(levels):
        current, of_units = "", False
        for column in range(max(lower, default=-1) + 1):
            below = lower.get(column, "")
            if upper.get(column):
                current = upper[column]
                of_units = bool(below) and read_title(below).bare_unit
            elif not below or (of_units and not read_title(below).bare_unit):
                current = ""
            if current and below and not upper.get(column):
                upper[column] = current


def _meaning(path: Sequence[str]) -> tuple[str, Title]:
    """Return the role of a column and the title that carries its units."""
    titles = [read_title(text) for text in path]
    leaf = titles[-1]
    money = next((each.money for each in reversed(titles) if each.money), "")
    land = next((each.land for each in reversed(titles) if each.land), "")
    over = next((each.role for each in reversed(titles[:-1]) if each.role), "")
    role = leaf.role
    if over in ("capital", "land") and len(titles) > 1:
        main = leaf.bare_unit or bool(_WHOLE.search(fold(leaf.text))) or leaf.role == over
        main = main or bool(_end_of(leaf.text))
        role = over if main else ""  # shares of the whole are notes
    elif not role:
        role = over if not leaf.bare_unit or over else ""
    if role == "scale" and leaf.land and not leaf.money:
        role = "land"
    if not role and leaf.bare_unit:
        role = "capital" if leaf.money else "land"
    return role, Title(leaf.text, role, money, land)


def _promote(columns: dict[str, list[int]]) -> None:
    """Take "Nội dung" for the name where no column is called that, else for the scale."""
    content = columns.pop("content", [])
    if content and not columns.get("title"):
        columns["title"], content = content[:1], content[1:]
    if content:
        columns["scale"] = sorted([*columns.get("scale", []), *content])
