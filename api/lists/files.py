"""A slate as a document for a director's desk: an Excel sheet or a Word page, ready to print."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from api.lists import words
from data.errors import KetnoiError
from matcher.market import Market
from matcher.types import Item, Slate, Verdict

_HEADERS = {
    "vi": {
        "shortlist": ("TT", "Nhà đầu tư", "Quốc gia", "Khả năng"),
        "opportunities": ("TT", "Dự án", "Địa điểm, vốn, diện tích", "Khả năng"),
        "rest": ("Lý do", "Lưu ý", "Điều kiện", "Ghi chú"),
    },
    "en": {
        "shortlist": ("No.", "Investor", "Country", "Likelihood"),
        "opportunities": ("No.", "Project", "Place, capital, land", "Likelihood"),
        "rest": ("Reasons", "Cautions", "Eligibility", "Notes"),
    },
}
_TITLES = {
    "vi": {
        "shortlist": "DANH SÁCH NHÀ ĐẦU TƯ GỢI Ý",
        "opportunities": "DANH SÁCH DỰ ÁN GỢI Ý",
        "made": "Lập ngày {date} · bản phát hành {release} · mã danh sách {slate_id}",
        "note": "Gợi ý của máy để tham khảo; quyết định thuộc về người có thẩm quyền.",
    },
    "en": {
        "shortlist": "SUGGESTED INVESTORS",
        "opportunities": "SUGGESTED PROJECTS",
        "made": "Made on {date} · release {release} · slate {slate_id}",
        "note": "A machine's suggestion for reference; the decision is the responsible person's.",
    },
}
_VERDICTS = {
    "vi": {
        Verdict.ELIGIBLE: "Đủ điều kiện",
        Verdict.NEEDS_CHECK: "Cần kiểm tra",
        Verdict.BLOCKED: "Không đủ điều kiện",
    },
    "en": {
        Verdict.ELIGIBLE: "Eligible",
        Verdict.NEEDS_CHECK: "Needs check",
        Verdict.BLOCKED: "Blocked",
    },
}
_UNPRINTABLE = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Whatever is no character of XML 1.0 (section 2.2), and the carriage return."""
_WIDTHS = (5, 30, 20, 12, 60, 34, 26, 22)  # characters; fits a landscape A4 page


@dataclass(frozen=True, slots=True)
class Page:
    """What either format shows: headings, then a table."""

    title: str
    lines: tuple[str, ...]
    headers: tuple[str, ...]
    rows: tuple[tuple[str | float | int, ...], ...]
    note: str


def write_slate(path: Path, slate: Slate, market: Market, *, slate_id: str, language: str) -> None:
    """Write the slate to ``path``: .xlsx or .docx by its ending. An old file is replaced whole.

    Raises:
        KetnoiError: ``export.format`` for another ending, ``export.write`` if the file can't be.
    """
    writers = {".xlsx": _write_xlsx, ".docx": _write_docx}
    if path.suffix not in writers:
        raise KetnoiError(
            "export.format",
            f"{path.name}: exports end in .xlsx or .docx.",
            f"{path.name}: tên tệp phải kết thúc bằng .xlsx hoặc .docx.",
        )
    page = _page(slate, market, slate_id=slate_id, language=language)
    draft = path.with_name(f".{path.name}.part")
    try:
        writers[path.suffix](draft, page)
        draft.replace(path)
    except OSError as error:
        raise KetnoiError(
            "export.write",
            f"{path} cannot be written ({error.strerror}). Close it if it is open, or choose "
            "another folder.",
            f"Không ghi được {path} ({error.strerror}). Hãy đóng tệp nếu đang mở hoặc chọn thư "
            "mục khác.",
        ) from error
    finally:
        draft.unlink(missing_ok=True)


def safe_cell(value: str) -> str:
    """Text that a spreadsheet will not take for a formula (OWASP, "CSV injection").

    >>> safe_cell("=1+1"), safe_cell("Sun Group")
    ("'=1+1", 'Sun Group')
    """
    cleaned = printable(value)
    return f"'{cleaned}" if cleaned.lstrip()[:1] in {"=", "+", "-", "@"} else cleaned


def printable(text: str) -> str:
    """The text without what XML 1.0 forbids and both formats would refuse or garble.

    >>> printable("x\\uffffy\\x07")
    'xy'
    """
    return _UNPRINTABLE.sub("", text)


def _page(slate: Slate, market: Market, *, slate_id: str, language: str) -> Page:
    texts, headers = _TITLES[language], _HEADERS[language]
    made = texts["made"].format(date=_day(language), release=slate.release, slate_id=slate_id)
    about = [getattr(caution, language) for caution in slate.cautions]
    told = [words.bands_told(slate.bands, language)] if slate.bands else []
    return Page(
        title=texts[slate.kind],
        lines=(*_subject(slate, market, language), *about, *told, made),
        headers=headers[slate.kind] + headers["rest"],
        rows=tuple(_row(item, slate, market, language) for item in slate.items),
        note=texts["note"],
    )


def _subject(slate: Slate, market: Market, language: str) -> Sequence[str]:
    if slate.kind == "shortlist":
        call = market.calls[market.call_row[slate.subject]]
        facts = (
            words.where(call),
            words.sectors(call, language),
            words.capital(call, language),
            words.land(call, language),
        )
        return (
            f"{slate.subject} · {words.title(call, language)}",
            " · ".join(fact for fact in facts if fact),
        )
    if slate.asked == "text":
        return (slate.subject,)
    return (market.investors[market.investor_row[slate.subject]].name,)


def _row(item: Item, slate: Slate, market: Market, language: str) -> tuple[str | float | int, ...]:
    if slate.kind == "shortlist":
        investor = market.investors[market.investor_row[item.party_id]]
        name, about = investor.name, investor.country
    else:
        call = market.calls[market.call_row[item.party_id]]
        name = words.title(call, language)
        facts = (words.where(call), words.capital(call, language), words.land(call, language))
        about = "\n".join(fact for fact in facts if fact)
    reasons = [
        getattr(reason, language)
        + "".join(f"\n  – {getattr(fact, language)}" for fact in reason.evidence[:1])
        for reason in item.reasons
    ]
    checks = [
        getattr(check, language)
        for check in item.eligibility.checks
        if check.verdict is not Verdict.ELIGIBLE
    ]
    verdict = _VERDICTS[language][item.eligibility.verdict]
    return (
        item.rank,
        name,
        about,
        _standing(item, language),
        "\n".join(f"• {reason}" for reason in reasons),
        "\n".join(f"• {getattr(caution, language)}" for caution in item.cautions),
        "\n".join([verdict, *checks]),
        "",
    )


def _standing(item: Item, language: str) -> str | float:
    """How likely, in a word and a figure; where that is not known, the score."""
    if item.band is None or item.probability is None:
        return item.score
    return f"{words.band(item.band, language)}\n({words.percent(item.probability, language)})"


def _write_xlsx(path: Path, page: Page) -> None:
    from openpyxl import Workbook  # noqa: PLC0415 -- slow import
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    book = Workbook()
    sheet: Any = book.active
    sheet.title = "Ketnoi"
    wrap = Alignment(wrap_text=True, vertical="top")
    line = Side(style="thin", color="999999")
    for number, text in enumerate((page.title, *page.lines), start=1):
        sheet.cell(number, 1, safe_cell(text)).font = Font(
            bold=number <= 2, size=15 - min(number, 4)
        )
        sheet.merge_cells(start_row=number, end_row=number, start_column=1, end_column=8)
        sheet.cell(number, 1).alignment = wrap
    top = len(page.lines) + 3
    for offset, row in enumerate((page.headers, *page.rows)):
        for column, value in enumerate(row, start=1):
            shown = safe_cell(value) if isinstance(value, str) else value
            cell = sheet.cell(top + offset, column, shown)
            cell.data_type = "s" if isinstance(value, str) else "n"
            cell.alignment = wrap
            cell.border = Border(left=line, right=line, top=line, bottom=line)
            if offset == 0:
                cell.font = Font(bold=True)
                cell.fill = PatternFill("solid", fgColor="DDE6EE")
        if offset:
            sheet.row_dimensions[top + offset].height = row_height(row, _WIDTHS)
    sheet.cell(top + len(page.rows) + 2, 1, page.note).font = Font(italic=True)
    for column, width in enumerate(_WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = sheet.cell(top + 1, 3)
    fit_to_paper(sheet, header=top)
    book.save(path)


def fit_to_paper(sheet: Any, *, header: int) -> None:
    """Set a sheet to print on A4 across, all columns on a page, the header row on every page."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{header}:{header}"
    sheet.oddFooter.center.text = "&P / &N"


def row_height(row: Sequence[str | float | int], widths: Sequence[int]) -> float:
    """Row height in points: programs do not fit wrapped rows by themselves when a file is made."""
    lines = 1
    for value, width in zip(row, widths, strict=True):
        if isinstance(value, str):
            here = sum(1 + len(part) // width for part in value.split("\n"))
            lines = max(lines, here)
    return min(15.0 * lines, 400.0)


def _write_docx(path: Path, page: Page) -> None:
    from docx import Document  # noqa: PLC0415 -- slow import
    from docx.enum.section import WD_ORIENT  # noqa: PLC0415
    from docx.shared import Cm, Pt  # noqa: PLC0415

    document = Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21.0)
    section.left_margin = section.right_margin = Cm(1.5)
    document.styles["Normal"].font.name, document.styles["Normal"].font.size = (
        "Times New Roman",
        Pt(10),
    )
    document.add_heading(page.title, level=1)
    for line in page.lines:
        document.add_paragraph(printable(line))
    table = document.add_table(rows=1, cols=len(page.headers))
    table.style, table.autofit = "Table Grid", False
    for row in (page.headers, *page.rows):
        cells = table.rows[0].cells if row is page.headers else table.add_row().cells
        for cell, value, width in zip(cells, row, _WIDTHS, strict=True):
            cell.text, cell.width = printable(str(value)), Cm(26.7 * width / sum(_WIDTHS))
            if row is page.headers:
                cell.paragraphs[0].runs[0].bold = True
    document.add_paragraph(page.note)
    document.save(str(path))


def _day(language: str) -> str:
    now = datetime.now().astimezone()
    return now.strftime("%d/%m/%Y" if language == "vi" else "%Y-%m-%d")
