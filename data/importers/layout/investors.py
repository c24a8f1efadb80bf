"""Read lists of investors as centres and events keep them, without our column names."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from data.importers import amounts
from data.importers.fields import FieldValue, FileContext
from data.importers.grid import Grid, GridRow, RawCell
from data.importers.header import Header
from data.importers.kinds import build_investor
from data.importers.layout.cells import Cell, ListRow
from data.importers.layout.columns import read_title, title_key
from data.importers.layout.found import Sheet
from data.importers.layout.head import cell_text, filled, is_numbering
from data.importers.parsed import Parsed
from data.importers.report import ReportRow, Skipped
from data.records import Investor
from data.reference.doubts import Doubt
from data.reference.sectors import resolve_sectors
from data.reference.spelling import compact, fold

_SEARCHED = 200
_DEEPEST = 3
_ROLES: Sequence[tuple[str, re.Pattern[str]]] = tuple(
    (role, re.compile(pattern))
    for role, pattern in (
        ("number", r"^(?:stt|tt|so tt|so|no|#|muc|so thu tu)$"),
        ("tax", r"\b(?:ma so thue|mst|tax (?:code|id)|ma so doanh nghiep)\b"),
        ("capital", r"\b(?:von|capital|ngan sach|budget|kinh phi|quy mo von|funds?)\b"),
        ("website", r"\b(?:website|trang web|web|link|url)\b"),
        ("contact", r"\b(?:lien he|nguoi dai dien|dai dien|dien thoai|email|e mail|phone|contact|"
                    r"chuc vu|position|representative|tel|fax)\b"),
        ("aliases", r"\b(?:ten khac|ten viet tat|ten tieng anh|viet tat|ten giao dich|english name|"
                    r"short name|other names?|abbreviation)\b"),
        ("country", r"\b(?:quoc gia|quoc tich|nuoc|vung lanh tho|country|nationality|origin|"
                    r"xuat xu)\b"),
        ("provinces_wanted", r"\b(?:dia ban|dia phuong|tinh|noi muon|provinces?|preferred location|"
                             r"location of interest)\b"),
        ("sectors", r"\b(?:linh vuc|nganh|sectors?|industry|business lines?|field)\b"),
        ("description", r"\b(?:mo ta|gioi thieu|hoat dong|noi dung|nhu cau|quan tam|san pham|"
                        r"description|about|profile|interests?|products?|business|activities)\b"),
        ("languages", r"\b(?:ngon ngu|languages?)\b"),
        ("address", r"\b(?:dia chi|tru so|address|headquarters?)\b"),
        ("name", r"^(?:ten(?! (?:du an|tinh)).*|nha dau tu.*|doanh nghiep.*|cong ty.*|don vi.*|"
                 r"to chuc.*|tap doan.*|investors?.*|company.*|compan(?:y|ies)|enterprises?.*|"
                 r"organi[sz]ations?.*|name.*|firm.*|business name|danh sach.*)$"),
    )
)  # fmt: skip
_TOTAL = re.compile(r"^(?:tong|cong|total|sum)\b(?! ty)")
_NUMBER = re.compile(r"[\d.,\s()]*|[IVXLC]{1,5}\.?")


@dataclass(slots=True)
class _Table:
    """A table of investors: its grid, the columns of each role, the first row below the header."""

    grid: Grid
    columns: dict[str, int]
    titles: dict[int, str]
    start: int
    unit: str = ""
    heading: dict[str, Cell] = field(default_factory=dict)
    sheet: Sheet = field(init=False)

    def __post_init__(self) -> None:
        self.sheet = Sheet(self.grid)


def parse_investors(grids: Sequence[Grid]) -> Parsed | None:
    """Return the investors of all tables in a file; None when no table is a list of investors."""
    tables = [found for grid in grids if (found := _table(grid)) is not None]
    skipped: list[Skipped] = []
    readers = [reader for each in tables for reader in _readers(each, skipped)]
    if not readers:
        return None
    style, _ = amounts.styles(readers)
    investors: list[Investor] = []
    seen: dict[str, str] = {}
    for reader in readers:
        reader.context = FileContext(style)
        where = reader.grid.row_place(reader.row.number)
        investors.append(build_investor(reader))
        _tell_apart(reader, where, seen)
    rows = [
        ReportRow(reader.grid.row_place(reader.row.number), reader.fields, reader.doubts)
        for reader in readers
    ]
    named = [
        _with_id(investor, reader) for investor, reader in zip(investors, readers, strict=True)
    ]
    return Parsed(named, rows, skipped, understood=True)


def reads_investors(grid: Grid) -> bool:
    """Tell whether a table is laid out as a list of investors."""
    return _table(grid) is not None


def investor_id(name: str, country: str) -> str:
    """Return an id made of a name: a readable beginning and a hash without tones and signs."""
    digest = hashlib.sha256(compact(name).encode()).hexdigest()[:8]
    words = "-".join(re.findall(r"[a-z0-9]+", fold(name)))[:48].strip("-")
    return f"{words or compact(country) or 'investor'}-{digest}"


def _role(text: str) -> str:
    folded = title_key(text) or fold(text)
    return next((role for role, pattern in _ROLES if pattern.search(folded)), "")


def _table(grid: Grid) -> _Table | None:
    for place, row in enumerate(grid.rows[:_SEARCHED]):
        columns = filled(row)
        if len(columns) < 2 or any(len(cell_text(row, column)) > 80 for column in columns):
            continue
        titles = {column: cell_text(row, column) for column in columns}
        roles: dict[str, int] = {}
        for column, title in titles.items():
            role = _role(title)
            if role and role not in roles:
                roles[role] = column
        if "name" in roles and len(set(roles) - {"number"}) >= 2 and not _has_numbers(row):
            return _below(grid, place, titles, roles)
    return None


def _below(grid: Grid, place: int, titles: dict[int, str], roles: dict[str, int]) -> _Table:
    """Take the rows of titles below merged cells into the header: "Vốn" below "Nhu cầu"."""
    past = place + 1
    while past < len(grid.rows) and past - place < _DEEPEST and _goes_on(grid, place, past):
        for column in filled(grid.rows[past]):
            title = cell_text(grid.rows[past], column)
            over = titles.get(column, "")
            roles = {role: at for role, at in roles.items() if at != column}
            titles[column] = f"{over} – {title}" if over and over != title else title
            role = _role(title) or _role(over)
            if role and role not in roles:
                roles[role] = column
        past += 1
    at = roles.get("capital")
    unit = read_title(titles[at].split(" – ")[-1]).money if at is not None else ""
    return _Table(grid, roles, titles, past, unit)


def _goes_on(grid: Grid, place: int, past: int) -> bool:
    """Tell whether a row lies below cells of the header that are merged across, or beside ones
    merged down over it."""
    first, row = grid.rows[place].number, grid.rows[past].number
    down = any(m.top <= first and m.bottom >= row for m in grid.merges)
    across = {
        column
        for m in grid.merges
        if first <= m.top < row and m.right > m.left and m.bottom < row
        for column in range(m.left, m.right + 1)
    }
    columns = filled(grid.rows[past])
    below = bool(across) and all(column in across for column in columns)
    return (
        bool(columns) and (below or (down and bool(across))) and not _has_numbers(grid.rows[past])
    )


def _has_numbers(row: GridRow) -> bool:
    return any(cell.numeric or re.search(r"\d{3}", cell.text) for cell in row.cells)


def _readers(table: _Table, skipped: list[Skipped]) -> list[ListRow]:
    found = []
    for row in table.grid.rows[table.start :]:
        if row.blank or is_numbering(row):
            continue
        where = table.grid.row_place(row.number)
        name = cell_text(row, table.columns["name"])
        texts = [cell_text(row, at) for at in filled(row) if at != table.columns.get("number")]
        lone = texts[0] if len(texts) == 1 else ""
        first = cell_text(row, filled(row)[0])
        marked = bool(re.fullmatch(r"[IVXLC]{1,5}\.?|[A-Z]\.?", first)) and len(texts) == 1
        if (lone and (not name or marked or not _numbered(table, row))) or (not texts and first):
            _heading(table, lone or first, where)
        elif _TOTAL.match(fold(name or lone)) and not _numbered(table, row):
            skipped.append(Skipped(where, "a total", "dòng tổng"))
        elif not name:
            skipped.append(Skipped(where, "it names no investor", "không có tên nhà đầu tư"))
        else:
            found.append(_reader(table, row))
    return found


def _numbered(table: _Table, row: GridRow) -> bool:
    """Tell whether a row stands under a number; lists without numbers number no row."""
    at = table.columns.get("number")
    return at is None or bool(re.fullmatch(r"\d{1,5}\.?", cell_text(row, at)))


def _heading(table: _Table, text: str, where: str) -> None:
    """Let a lone text stand for the country or sector of the rows below."""
    bare = re.sub(r"^\s*(?:[IVXLC]{1,5}|[A-Z]|\d{1,2})\s*[.):–-]\s*", "", text).strip()
    role = "sectors" if resolve_sectors(bare).known else "country"
    if not _NUMBER.fullmatch(bare) and len(bare) <= 80:
        table.heading[role] = Cell(RawCell(bare), where, 0.9)


def _reader(table: _Table, row: GridRow) -> ListRow:
    used = {table.columns[role] for role in table.columns if role in _FIELD_OF or role == "number"}
    others = {title: at for at, title in table.titles.items() if at not in used}
    reader = ListRow(table.grid, Header(row.number, {}, others), row, FileContext())
    for role, name in _FIELD_OF.items():
        at = table.columns.get(role)
        source, at = table.sheet.source(row, at) if at is not None else (row, None)
        if at is not None and cell_text(source, at):
            place = table.grid.place(source.number, at, table.titles.get(at, ""))
            cell = source.cells[at]
            text = " ".join(cell.text.split())
            if role in _LISTED:
                text = re.sub(r"\s*[;/\n]\s*", "|", text)
            reader.values[name] = Cell(RawCell(text, cell.numeric, cell.fault), place)
    for role, kept in table.heading.items():
        reader.values.setdefault(role, kept)
    if table.unit and "capital_min" in reader.values:
        reader.values["capital_unit"] = Cell(RawCell(table.unit), reader.where("capital_min"))
    name = reader.raw("name")
    made = investor_id(name, reader.raw("country"))
    reader.values["investor_id"] = Cell(RawCell(made), table.grid.row_place(row.number))
    return reader


_FIELD_OF: Mapping[str, str] = {
    "name": "name",
    "aliases": "aliases",
    "country": "country",
    "sectors": "sectors",
    "description": "description",
    "provinces_wanted": "provinces_wanted",
    "capital": "capital_min",
    "website": "website",
    "languages": "languages",
}
_LISTED = ("aliases", "provinces_wanted", "languages")


def _tell_apart(reader: ListRow, where: str, seen: dict[str, str]) -> None:
    """Give a second investor of one name an id of its own, with a doubt."""
    made = reader.fields["investor_id"].value
    before = seen.get(made)
    number = 2
    while before is not None and f"{made}-{number}" in seen:
        number += 1
    own = made if before is None else f"{made}-{number}"
    seen[own] = where
    reader.fields["investor_id"] = FieldValue(own, "", where, 1.0 if before is None else 0.5)
    if before is not None:
        doubt = Doubt(
            "investor.repeated",
            f"Tên giống {before}: có phải cùng một nhà đầu tư không?",
            f"The name is that of {before}: is it the same investor?",
            ("2 nhà đầu tư / investors", "1 nhà đầu tư / investor"),
        )
        reader.ask("investor_id", "name", (doubt,))


def _with_id(investor: Investor, reader: ListRow) -> Investor:
    return replace(investor, investor_id=reader.fields["investor_id"].value)
