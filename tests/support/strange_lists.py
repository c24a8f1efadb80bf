"""Lists as strangers lay them out: other words, orders, units and habits than the reader's author.

Written from how annexes, brochures and event handouts look, without looking at the reader's own
vocabulary. The projects are facts of `data/sample/calls.csv`. Same seed, same document.
"""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from data.importers.legacy.tables import from_tcvn3, to_tcvn3, to_vni
from data.quantities import Interval
from data.reference.currencies import rate
from data.reference.provinces import resolve_province
from data.reference.sectors import resolve_sectors
from tests.support.list_facts import Expected, Fiche
from tests.support.list_layouts import ROMAN, Layout
from tests.support.list_writers import WRITERS, Table
from tests.support.old_encodings import encoded
from tests.support.province_lists import Document

TITLES_VI = [
    "Tên công trình, dự án mời gọi", "DANH MỤC MỜI GỌI ĐẦU TƯ", "Tên dự án thu hút đầu tư",
    "Dự án ưu tiên thu hút", "Hạng mục dự án", "Tên các dự án", "Dự án/Công trình",
    "Tên dự án dự kiến kêu gọi", "Danh mục dự án kêu gọi, thu hút đầu tư",
]  # fmt: skip
TITLES_EN = ["Investment project", "Project", "Name of the project", "Title of project",
             "Projects calling for investment", "Project / Opportunity"]  # fmt: skip
PLACES_VI = ["Nơi thực hiện", "Địa điểm đề xuất", "Khu vực dự kiến", "Địa chỉ khu đất",
             "Vị trí khu đất", "Địa điểm (xã, phường)", "Địa bàn triển khai"]  # fmt: skip
PLACES_EN = ["Venue", "Where", "Proposed site", "Address", "Project site"]
LANDS_VI = ["Nhu cầu đất", "DT đất", "DT", "Diện tích khoảng", "Quỹ đất", "Tổng diện tích đất",
            "Diện tích mặt bằng", "S (diện tích)"]  # fmt: skip
LANDS_EN = ["Land requirement", "Land size", "Site area", "Acreage", "Land"]
CAPITALS_VI = ["TMĐT dự kiến", "Kinh phí dự kiến", "Ước tổng vốn", "Nhu cầu vốn",
               "Vốn dự kiến thu hút", "Tổng nguồn vốn", "Giá trị đầu tư", "Tổng mức ĐT",
               "Khái toán"]  # fmt: skip
CAPITALS_EN = ["Estimated cost", "Investment value", "Project cost", "Capital need", "Total cost",
               "Investment amount", "CAPEX"]  # fmt: skip
SECTORS_VI = ["Thuộc lĩnh vực", "Ngành nghề", "Lĩnh vực kêu gọi", "Nhóm lĩnh vực"]
SECTORS_EN = ["Industry", "Business field", "Category"]
OTHERS_VI = ["Thời gian dự kiến", "Chủ trương", "Số QĐ", "Đầu mối", "Điện thoại", "Ưu đãi",
             "Nhà đầu tư đề xuất", "Tình trạng", "Quy hoạch", "Ý kiến"]  # fmt: skip
OTHERS_EN = ["Timeline", "Contact person", "Incentive", "Remark", "Legal basis", "Phone"]
NUMBERS = ["STT", "Stt", "TT", "#", "No.", "Số", "Mục"]
UNITS_VI = {
    "tỷ VNĐ": 10**9, "tỉ đồng": 10**9, "Tỷ đ": 10**9, "tr.đ": 10**6, "triệu VND": 10**6,
    "nghìn tỷ đồng": 10**12, "tr. USD": 10**6, "triệu đô la Mỹ": 10**6, "tr.đồng": 10**6,
    "1.000 USD": 10**3, "triệu đô": 10**6,
}  # fmt: skip
UNITS_EN = {"bn VND": 10**9, "VND bn": 10**9, "USD mn": 10**6, "mil. USD": 10**6,
            "million US$": 10**6, "US$ million": 10**6, "USD million": 10**6,
            "billion dong": 10**9, "thousand USD": 10**3}  # fmt: skip
SUMS_VI = ["TỔNG HỢP", "Tổng cộng:", "Cộng (I)", "Tổng cộng (A+B)", "TỔNG", "Cộng toàn bảng"]
SUMS_EN = ["Sum", "Grand Total", "TOTAL:", "Sub-total"]
NOTES_VI = ["(Các dự án dưới đây ưu tiên công nghệ cao)",
            "Ghi chú: vốn chưa gồm giải phóng mặt bằng",
            "* Số liệu cập nhật đến tháng 6", "Các dự án đã có mặt bằng sạch"]  # fmt: skip
NOTES_EN = ["(Clean land is available for the projects below)", "* Figures are estimates"]
DOLLARS = ("USD", "US$", "đô")


@dataclass(frozen=True, slots=True)
class _Choice:
    """How one stranger writes."""

    english: bool
    unit: str
    unit_in: str  # header, caption, cell, below
    style: str  # vi, en, plain
    columns: tuple[str, ...]
    sections: bool
    totals: str  # none, top, bottom
    land_unit: str
    offset: int  # empty columns on the left
    shouting: bool


def make_strange(seed: int, known: Sequence[Fiche]) -> Document:
    """Return the document of a seed, with its truth."""
    draw = random.Random(1_000_003 + seed)
    form = ("xlsx", "csv", "docx", "pdf")[seed % 4]
    choice = _choose(draw, form)
    dollars = any(sign in choice.unit for sign in DOLLARS)
    fitting = [
        each
        for each in known
        if not _states_land(each)
        if each.capital is None or ((each.currency == "USD") == dollars and _fits(each, choice))
    ]
    province = draw.choice([each.province for each in fitting])
    mine = [each for each in fitting if each.province == province]
    chosen = draw.sample(mine, min(len(mine), draw.randint(3, 15)))
    chosen.sort(key=lambda each: each.sector)
    table, expected, totals = _Writer(draw, choice, chosen).table()
    lines = _captions(draw, choice, province)
    old = draw.choice(["", "", "TCVN3", "VNI", "Windows-1258", "utf-16"])
    if form == "pdf" or choice.english or (form != "csv" and old not in ("TCVN3", "VNI")):
        old = ""
    if form in ("xlsx", "docx") and old:
        lines, table = _in_old_font(lines, table, old)
    data = WRITERS[form](lines, table, draw)
    if form == "csv" and old:
        data = encoded(data.decode("utf-8-sig"), old)
        expected = [_without_capitals(each, old) for each in expected]
    elif old == "TCVN3":
        expected = [_without_capitals(each, old) for each in expected]
    layout = Layout(
        form, table.header[1], choice.unit, choice.unit_in, choice.style,
        "sector" if choice.sections else "none", choice.totals, False, choice.land_unit, True,
        choice.english, True, None,
    )  # fmt: skip
    return Document(f"strange-{seed}.{form}", data, layout, tuple(expected), tuple(totals))


def _in_old_font(lines: list[str], table: Table, old: str) -> tuple[list[str], Table]:
    """Return a document's texts as the codes of an old font."""
    convert = to_tcvn3 if old == "TCVN3" else to_vni
    rows = [
        [convert(cell) if isinstance(cell, str) else cell for cell in row] for row in table.rows
    ]
    return [convert(line) for line in lines], replace(table, rows=rows)


def _without_capitals(expected: Expected, old: str) -> Expected:
    """Return the truth as TCVN3 can hold it: no capitals with tones."""
    title = from_tcvn3(to_tcvn3(expected.title)) if old == "TCVN3" else expected.title
    return replace(expected, title=title)


def _states_land(fiche: Fiche) -> bool:
    return bool(re.search(r"\d\s?-?ha\b", fiche.title))


def _fits(fiche: Fiche, choice: _Choice) -> bool:
    size = (UNITS_VI | UNITS_EN)[choice.unit]
    return fiche.capital is not None and all(
        end / size == round(end / size, 6) and end / size >= Decimal("0.001")
        for end in fiche.capital
    )


def _choose(draw: random.Random, form: str) -> _Choice:
    english = draw.random() < 0.35
    columns = ["place", "land", "capital", "other", "other"]
    sections = draw.random() < 0.5
    columns += [] if sections else ["sector"]
    if draw.random() < 0.5:
        draw.shuffle(columns)
    if draw.random() < 0.3:
        columns.remove("land")
    at = draw.choice([0, 0, 0, 1])
    columns.insert(at, "title")
    if draw.random() < 0.8:
        columns.insert(0, "number")
    return _Choice(
        english=english,
        unit=draw.choice(list(UNITS_EN if english else UNITS_VI)),
        unit_in=draw.choice(["header", "header", "caption", "cell", "below"]),
        style=draw.choice(["en", "plain"] if english else ["vi", "vi", "en", "plain"]),
        columns=tuple(columns),
        sections=sections,
        totals=draw.choice(["none", "top", "bottom"]),
        land_unit=draw.choice(
            ["ha", "ha", "hecta", "m²"] if not english else ["ha", "hectares", "sqm"]
        ),
        offset=draw.choice([0, 0, 0, 1]) if form == "xlsx" else 0,
        shouting=draw.random() < 0.3,
    )


def _captions(draw: random.Random, choice: _Choice, province: str) -> list[str]:
    if choice.english:
        lines = [
            f"{province} – INVESTMENT OPPORTUNITIES",
            f"Priority projects of {province} province",
        ]
    else:
        lines = ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập – Tự do – Hạnh phúc",
                 draw.choice(["PHỤ LỤC II", "BIỂU 03"]),
                 f"DANH MỤC DỰ ÁN THU HÚT ĐẦU TƯ TRÊN ĐỊA BÀN TỈNH {province.upper()}"]  # fmt: skip
    if choice.unit_in == "caption":
        label = "Currency unit" if choice.english else draw.choice(["ĐVT", "Đơn vị tính"])
        lines.append(f"{label}: {choice.unit}")
    return lines


class _Writer:
    """Writes one list."""

    def __init__(self, draw: random.Random, choice: _Choice, fiches: list[Fiche]) -> None:
        self.draw, self.choice, self.fiches = draw, choice, fiches
        self.size = (UNITS_VI | UNITS_EN)[choice.unit]
        self.others = iter(draw.sample(OTHERS_EN if choice.english else OTHERS_VI, 2))

    def table(self) -> tuple[Table, list[Expected], list[bool]]:
        choice, draw = self.choice, self.draw
        names = [self._named(role) for role in choice.columns]
        made = Table(title=choice.columns.index("title") + choice.offset)
        self._add(made, names)
        if choice.unit_in == "below":
            units = {"capital": f"({choice.unit})", "land": f"({choice.land_unit})"}
            self._add(made, [units.get(role, "") for role in choice.columns])
            made.merges += [
                (0, at + choice.offset, 1, at + choice.offset)
                for at, role in enumerate(choice.columns)
                if role not in units
            ]
        made.header = (0, len(made.rows))
        expected, totals = [], []
        if choice.totals == "top":
            totals += self._total(made)
        sector, numeral = "", 0
        for number, fiche in enumerate(self.fiches, start=1):
            if choice.sections and fiche.sector != sector:
                sector, numeral = fiche.sector, numeral + 1
                self._section(made, sector, numeral)
            self._add(made, [self._cell(role, fiche, number) for role in choice.columns])
            expected.append(self._expected(fiche))
            if draw.random() < 0.05:
                note = draw.choice(NOTES_EN if choice.english else NOTES_VI)
                self._add(made, [note if role == "title" else "" for role in choice.columns])
        if choice.totals == "bottom":
            totals += self._total(made)
        return made, expected, totals

    def _add(self, made: Table, cells: Sequence[object]) -> None:
        made.rows.append([*[""] * self.choice.offset, *cells])

    def _named(self, role: str) -> str:
        english = self.choice.english
        pools = {
            "number": (NUMBERS, NUMBERS), "title": (TITLES_VI, TITLES_EN),
            "place": (PLACES_VI, PLACES_EN), "land": (LANDS_VI, LANDS_EN),
            "capital": (CAPITALS_VI, CAPITALS_EN), "sector": (SECTORS_VI, SECTORS_EN),
        }  # fmt: skip
        name = next(self.others) if role == "other" else self.draw.choice(pools[role][english])
        if role == "capital" and self.choice.unit_in == "header":
            name += self.draw.choice([" ({})", "\n({})", ", {}", " - ĐVT: {}"]).format(
                self.choice.unit
            )
        if role == "land" and self.choice.unit_in != "below":
            name += f" ({self.choice.land_unit})"
        return name.upper() if self.choice.shouting and "USD" not in name else name

    def _section(self, made: Table, sector: str, numeral: int) -> None:
        text = self.draw.choice([
            f"{ROMAN[numeral - 1]}. {sector}",
            f"{chr(64 + numeral)} - {sector.upper()}",
            f"LĨNH VỰC {sector.upper()}" if not self.choice.english else f"{sector.upper()} SECTOR",
        ])  # fmt: skip
        self._add(made, [text, *[""] * (len(self.choice.columns) - 1)])
        row, width = len(made.rows) - 1, len(self.choice.columns)
        made.merges.append((row, self.choice.offset, row, self.choice.offset + width - 1))

    def _total(self, made: Table) -> list[bool]:
        stated = [each.capital for each in self.fiches if each.capital]
        if not stated or any(low != high for low, high in stated):
            return []
        label = self.draw.choice(SUMS_EN if self.choice.english else SUMS_VI)
        value = self._money(sum((low for low, _ in stated), Decimal(0)))
        cells = {"title": label, "capital": value}
        self._add(made, [cells.get(role, "") for role in self.choice.columns])
        return [True]

    def _cell(self, role: str, fiche: Fiche, number: int) -> object:
        if role == "land" and fiche.land is not None:
            scaled = fiche.land * (10_000 if self.choice.land_unit in ("m²", "sqm") else 1)
            return self._digits(scaled)
        if role == "capital":
            if fiche.capital is None:
                left_open = ["", "-", "Chưa xác định", "Đang nghiên cứu"]
                return self.draw.choice(["", "TBD", "n/a"] if self.choice.english else left_open)
            low, high = fiche.capital
            return self._money(low) if low == high else f"{self._bare(low)} ÷ {self._money(high)}"
        texts = {"number": str(number), "title": fiche.title, "place": fiche.location,
                 "sector": fiche.sector}  # fmt: skip
        return texts.get(role, "")

    def _bare(self, value: Decimal) -> str:
        return self._digits(value / self.size)

    def _money(self, value: Decimal) -> str:
        text = self._bare(value)
        return f"{text} {self.choice.unit}" if self.choice.unit_in == "cell" else text

    def _digits(self, value: Decimal) -> str:
        exact = value.normalize()
        if self.choice.style == "plain":
            return f"{exact:f}" if exact == exact.to_integral() else f"{exact:f}".replace(".", ",")
        text = f"{exact:,f}"
        return text.translate(str.maketrans(",.", ".,")) if self.choice.style == "vi" else text

    def _expected(self, fiche: Fiche) -> Expected:
        match = resolve_province(fiche.province)
        assert match is not None
        capital = Interval()
        if fiche.capital:
            per = rate(fiche.currency).vnd_per_unit
            capital = Interval(*(float(end) * per for end in fiche.capital))
        land = (
            float(fiche.land) if fiche.land is not None and "land" in self.choice.columns else None
        )
        codes = resolve_sectors(fiche.sector).codes
        return Expected(fiche.title, match.code, codes, capital, Interval(land, land))
