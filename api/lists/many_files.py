"""Shortlists of many calls as one workbook: a sheet of lists, and one of who is on how many."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from api.lists import words
from api.lists.files import fit_to_paper, printable, row_height, safe_cell
from data.records import ProjectCall
from matcher.market import Market
from matcher.types import Item, Slate

_HEADERS = {
    "vi": (
        *("Mã dự án", "Dự án", "Địa điểm", "Vốn", "TT", "Nhà đầu tư", "Quốc gia"),
        *("Khả năng", "Lý do", "Lưu ý"),
    ),
    "en": (
        *("Call", "Project", "Place", "Capital", "No.", "Investor", "Country"),
        *("Likelihood", "Reasons", "Cautions"),
    ),
}
_SHEETS = {
    "vi": ("Danh sách", "Tổng hợp", ("Được nêu", "Số danh sách", "Trong danh sách của")),
    "en": ("Lists", "Summary", ("Shown", "Lists", "On the lists of")),
}
_WIDTHS = (12, 36, 24, 18, 5, 28, 14, 12, 60, 36)
_MOST_REASONS = 3
Cell = str | int


def write_many(path: Path, slates: Sequence[Slate], market: Market, *, language: str) -> None:
    """Write the workbook, replacing an old one whole.

    Raises:
        OSError: the file cannot be written.
    """
    from openpyxl import Workbook  # noqa: PLC0415 -- slow import
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    lists, summary, heads = _SHEETS[language]
    book = Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101 -- a new workbook has a sheet
    sheet.title = lists
    sheet.append(list(_HEADERS[language]))
    for number, row in enumerate(rows_of(slates, market, language), start=2):
        sheet.append([safe_cell(cell) if isinstance(cell, str) else cell for cell in row])
        sheet.row_dimensions[number].height = row_height(row, _WIDTHS)
    for column, width in enumerate(_WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    if sheet.max_row > 1:
        sheet.auto_filter.ref = sheet.dimensions
    other = book.create_sheet(summary)
    other.append(list(heads))
    for name, calls in counted(slates, market):
        other.append([safe_cell(name), len(calls), safe_cell(", ".join(calls))])
    other.column_dimensions["A"].width, other.column_dimensions["C"].width = 36, 90
    for each in (sheet, other):
        each.freeze_panes = "A2"
        for line in each.iter_rows():
            for cell in line:
                cell.font = Font(bold=cell.row == 1)
                cell.alignment = Alignment(wrap_text=True, vertical="top")
        fit_to_paper(each, header=1)
    draft = path.with_name(f".{path.name}.part")
    try:
        book.save(draft)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def rows_of(slates: Sequence[Slate], market: Market, language: str) -> list[tuple[Cell, ...]]:
    """One row a suggestion; a list that holds nobody in earnest says so in a row of its own."""
    out: list[tuple[Cell, ...]] = []
    for slate in slates:
        if slate.abstained:
            said = next(c for c in slate.cautions if c.code == "no_suitable_investor")
            about = _about(market.calls[market.call_row[slate.subject]], language)
            out.append((*about, "", "—", "", "", "", getattr(said, language)))
        for item in slate.items:
            call, investor = _pair(slate, item)
            about = _about(market.calls[market.call_row[call]], language)
            party = market.investors[market.investor_row[investor]]
            out.append(
                (*about, item.rank, printable(party.name), party.country, *_told(item, language))
            )
    return out


def counted(slates: Sequence[Slate], market: Market) -> list[tuple[str, list[str]]]:
    """Each that is shown with the subjects of the lists it is on, the most shown first."""
    count: Counter[str] = Counter(item.party_id for slate in slates for item in slate.items)
    calls: dict[str, list[str]] = {}
    for slate in slates:
        for item in slate.items:
            calls.setdefault(item.party_id, []).append(slate.subject)
    order = sorted(count, key=lambda party: (-count[party], party))
    return [(_name(market, party), calls[party]) for party in order]


def _name(market: Market, party: str) -> str:
    row = market.investor_row.get(party)
    return party if row is None else market.investors[row].name


def _pair(slate: Slate, item: Item) -> tuple[str, str]:
    """Ids of the call and the investor."""
    shortlist = slate.kind == "shortlist"
    return (slate.subject, item.party_id) if shortlist else (item.party_id, slate.subject)


def _about(call: ProjectCall, language: str) -> tuple[str, ...]:
    return (
        call.call_id,
        words.title(call, language),
        words.where(call),
        words.capital(call, language),
    )


def _told(item: Item, language: str) -> tuple[str, str, str]:
    """Likelihood, reasons and cautions."""
    reasons = "\n".join(f"• {getattr(r, language)}" for r in item.reasons[:_MOST_REASONS])
    cautions = "\n".join(f"• {getattr(c, language)}" for c in item.cautions)
    chance = "" if item.probability is None else words.percent(item.probability, language)
    standing = f"{words.band(item.band, language)} ({chance})" if item.band else ""
    return standing, printable(reasons), printable(cautions)
