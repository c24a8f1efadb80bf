"""Lay out known projects as Vietnamese provinces lay out their lists: a document and its truth.

The projects are facts of `data/sample/calls.csv`; only their layout is made up. Same seed, same
documents.
"""

import random
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from data.quantities import Interval
from data.reference.currencies import rate
from data.reference.provinces import resolve_province
from data.reference.sectors import resolve_sectors
from tests.support.list_facts import SIZES, Expected, Fiche
from tests.support.list_layouts import NAMES, ROMAN, UNIT_EN, Layout, draw_layout
from tests.support.list_writers import WRITERS, Table


@dataclass(frozen=True, slots=True)
class Document:
    """A made document: its file name and bytes, and the truth about it."""

    name: str
    data: bytes
    layout: Layout
    expected: tuple[Expected, ...]
    totals: tuple[bool, ...]  # whether each stated total is right, in order


def make(seed: int, known: Sequence[Fiche]) -> Document:
    """Return the document of a seed."""
    draw = random.Random(seed)
    layout = draw_layout(draw, seed)
    currency = "USD" if layout.unit.endswith("USD") else "VND"
    fitting = [each for each in known if each.capital is None or each.currency == currency]
    if layout.sections not in ("province", "both"):
        province = draw.choice([each.province for each in fitting])
        fitting = [each for each in fitting if each.province == province]
    stated = [each for each in fitting if each.capital]
    rest = [each for each in fitting if not each.capital]
    count = draw.randint(4, 22)
    chosen = draw.sample(stated, min(len(stated), count - count // 5))
    chosen += draw.sample(rest, min(len(rest), max(count - len(chosen), 1)))
    return _Builder(draw, layout, chosen).document(seed)


class _Builder:
    """Lays out one document."""

    def __init__(self, draw: random.Random, layout: Layout, chosen: list[Fiche]) -> None:
        self.draw, self.layout = draw, layout
        self.fiches = self._ordered(chosen)
        self.table = Table()
        self.expected: list[Expected] = []
        self.right: list[bool] = []
        self.roles = self._roles()
        self.table.title = self.roles.index("title")

    def _ordered(self, chosen: list[Fiche]) -> list[Fiche]:
        keys: dict[str, Callable[[Fiche], tuple[str, ...]]] = {
            "none": lambda _: (),
            "sector": lambda each: (each.sector,),
            "province": lambda each: (each.province,),
            "both": lambda each: (each.province, each.sector),
        }
        return sorted(chosen, key=keys[self.layout.sections])

    def _roles(self) -> list[str]:
        layout = self.layout
        roles = ["number"] if layout.numbered else []
        roles += ["title"]
        if layout.sections not in ("sector", "both"):
            roles.append("sector")
        roles.append("location")
        if layout.land != "scale":
            roles.append("land")
        roles += ["scale", "capital", "form", "remark"]
        return roles

    def document(self, seed: int) -> Document:
        lines = self._captions()
        self._header()
        if self.layout.noise and self.layout.numbered:
            self._add([str(place + 1) for place in range(len(self.roles))])
        self._body()
        name = f"list-{seed}.{self.layout.format}"
        data = WRITERS[self.layout.format](lines, self.table, self.draw)
        return Document(name, data, self.layout, tuple(self.expected), tuple(self.right))

    def _captions(self) -> list[str]:
        layout, english = self.layout, self.layout.english
        lines = []
        one = layout.sections not in ("province", "both")
        if one:
            name = self.fiches[0].province
            if english:
                lines.append(f"LIST OF PROJECTS CALLING FOR INVESTMENT IN {name.upper()} PROVINCE")
            else:
                lines += [f"UBND TỈNH {name.upper()}"] if layout.noise else []
                lines.append(f"DANH MỤC DỰ ÁN KÊU GỌI ĐẦU TƯ TỈNH {name.upper()} "
                             "GIAI ĐOẠN 2021-2025")  # fmt: skip
        else:
            lines.append("LIST OF PROJECTS" if english else "DANH MỤC DỰ ÁN KÊU GỌI ĐẦU TƯ")
        if layout.year:
            lines.append(f"(Kèm theo Quyết định số 12/QĐ-UBND ngày 05/3/{layout.year})")
        if layout.unit_in == "caption":
            unit = UNIT_EN[layout.unit] if english else layout.unit
            lines.append(f"Unit: {unit}" if english else f"Đơn vị: {unit}")
        return lines

    def _name(self, role: str) -> str:
        names = NAMES[role][1 if self.layout.english else 0]
        name = self.draw.choice(names)
        if role == "capital" and self.layout.unit_in == "header":
            unit = UNIT_EN[self.layout.unit] if self.layout.english else self.layout.unit
            name = f"{name} ({unit})"
        if role == "land":
            name = f"{name} ({self.layout.land})"
        return name

    def _add(self, row: Sequence[object]) -> int:
        self.table.rows.append([*row, *[""] * (len(self.roles) - len(row))])
        return len(self.table.rows) - 1

    def _header(self) -> None:
        depth, roles = self.layout.depth, self.roles
        names = [self._name(role) for role in roles]
        if depth > 1 and "land" in roles:
            left, right = roles.index("land"), roles.index("scale")
            group = "Project scale" if self.layout.english else "Quy mô dự án"
            top = [group if at == left else "" if at == right else name
                   for at, name in enumerate(names)]  # fmt: skip
            below = [name if left <= at <= right else "" for at, name in enumerate(names)]
            self._add(top)
            self._add(below)
            self.table.merges.append((0, left, 0, right))
            self.table.merges += [(0, at, 1, at) for at in range(len(roles))
                                  if not left <= at <= right]  # fmt: skip
        elif depth > 1 and self.layout.unit_in == "header":
            at = roles.index("capital")
            base, unit = names[at].rsplit(" (", 1)
            self._add([base if place == at else name for place, name in enumerate(names)])
            self._add([unit.rstrip(")") if place == at else "" for place in range(len(roles))])
            self.table.merges += [(0, place, 1, place) for place in range(len(roles))
                                  if place != at]  # fmt: skip
        else:
            self._add(names)
        self.table.header = (0, len(self.table.rows))

    def _body(self) -> None:
        layout = self.layout
        if layout.totals == "top":
            self._total("TOTAL" if layout.english else "TỔNG SỐ", self.fiches)
        province = sector = ""
        number = letters = romans = 0
        group: list[Fiche] = []
        self.same_place: tuple[int, str] = (-2, "")
        for place, fiche in enumerate(self.fiches):
            if "again" in layout.extras and place == len(self.fiches) // 2:
                self.table.rows += [list(row) for row in self.table.rows[: self.table.header[1]]]
            if layout.sections in ("province", "both") and fiche.province != province:
                province, sector, romans = fiche.province, "", 0
                group = [each for each in self.fiches if each.province == province]
                letters += 1
                marker = ROMAN[letters - 1] if layout.sections == "province" else chr(64 + letters)
                self._section(marker, f"TỈNH {province.upper()}", group)
                number = 0
            if layout.sections in ("sector", "both") and fiche.sector != sector:
                sector = fiche.sector
                romans += 1
                group = [each for each in self.fiches if each.sector == sector]
                if layout.sections == "both":
                    group = [each for each in group if each.province == province]
                self._section(ROMAN[romans - 1], sector.upper() if self.draw.random() < 0.5
                              else sector, group)  # fmt: skip
                number = 0
            number += 1
            self._merge_places(self._project(fiche, number), fiche)
            following = self.fiches[place + 1] if place + 1 < len(self.fiches) else None
            ends = following is None or following.sector != sector
            if ends and self._sums_sections():
                self._total("Total" if layout.english else "Cộng", group)
            if layout.noise and layout.format == "xlsx" and self.draw.random() < 0.05:
                self.table.rows.append([""] * len(self.roles))
        if layout.totals == "bottom":
            self._total(self.draw.choice(["TỔNG CỘNG", "Tổng cộng", "Cộng", "Tổng số"])
                        if not layout.english else "Total", self.fiches)  # fmt: skip
        if layout.noise:
            self._add(
                ["", "Ghi chú: số liệu dự kiến."] if layout.numbered else ["Ghi chú: dự kiến."]
            )

    def _sums_sections(self) -> bool:
        layout = self.layout
        return "sums" in layout.extras and (layout.sections, layout.totals) == ("sector", "none")

    def _merge_places(self, at: int, fiche: Fiche) -> None:
        """Merge a place with the same one right above; text files show an empty cell."""
        first, location = self.same_place
        column = self.roles.index("location")
        spanned = [merge for merge in self.table.merges if merge[:2] == (first, column)]
        last = spanned[0][2] if spanned else first
        extra = "merged" in self.layout.extras and self.layout.format != "csv"
        if not extra or not fiche.location or last != at - 1 or location != fiche.location:
            self.same_place = (at, fiche.location)
            return
        self.table.rows[at][column] = ""
        self.table.merges = [merge for merge in self.table.merges if merge not in spanned]
        self.table.merges.append((first, column, at, column))

    def _section(self, marker: str, heading: str, group: list[Fiche]) -> None:
        row: list[object] = [""] * len(self.roles)
        numbered = self.layout.numbered
        if numbered:
            row[0], row[1] = marker, heading
        else:
            row[0] = f"{marker}. {heading}"
        if self.layout.totals == "sections" and any(each.capital for each in group):
            row[self.roles.index("capital")] = self._sum(group)
        at = self._add(row)
        if self.draw.random() < 0.3 and not any(row[2:]):
            self.table.merges.append((at, 1 if numbered else 0, at, len(self.roles) - 1))

    def _total(self, label: str, group: list[Fiche]) -> None:
        if not any(each.capital for each in group):
            return
        row: list[object] = [""] * len(self.roles)
        row[1 if self.layout.numbered else 0] = label
        row[self.roles.index("capital")] = self._sum(group)
        self._add(row)

    def _sum(self, group: list[Fiche]) -> object:
        total = sum((each.capital[0] for each in group if each.capital), Decimal(0))
        exact = all(each.capital[0] == each.capital[1] for each in group if each.capital)
        wrong = self.layout.wrong and not self.right and exact
        self.right.append(not wrong)
        if wrong:
            total = total * Decimal("1.25") + SIZES[self.layout.unit]
        return self._money((total, total))

    def _project(self, fiche: Fiche, number: int) -> int:
        layout = self.layout
        cells: dict[str, object] = {
            "number": str(number),
            "title": self._spelt(fiche.title),
            "sector": fiche.sector,
            "location": self._spelt(fiche.location),
            "scale": fiche.scale,
            "form": fiche.form,
            "capital": self._capital(fiche),
            "remark": "",
        }
        land = fiche.land
        if land is not None and layout.land == "scale":
            style = layout.style
            if "mixed" in layout.extras:
                style = "en" if style == "vi" else "vi"
            area = f"Diện tích {self._number(land, typed=False, style=style)} ha"
            cells["scale"] = f"{area}; {fiche.scale}" if fiche.scale else area
            if " ha" in fiche.scale or "m2" in fiche.scale or "m²" in fiche.scale:
                cells["scale"] = area
        elif land is not None:
            value = land if layout.land == "ha" else land * 10_000
            cells["land"] = self._number(value)
        elif layout.land == "scale" or " ha" in fiche.scale or "m2" in fiche.scale:
            cells["scale"] = ""
        self._expect(fiche)
        return self._add([cells.get(role, "") for role in self.roles])

    def _spelt(self, text: str) -> str:
        return unicodedata.normalize("NFD", text) if self.draw.random() < 0.05 else text

    def _expect(self, fiche: Fiche) -> None:
        match = resolve_province(fiche.province)
        assert match is not None
        capital = Interval()
        if fiche.capital:
            per = rate(fiche.currency, on=self.layout.year).vnd_per_unit
            low, high = (float(end) * per for end in fiche.capital)
            capital = Interval(low, None if self._hedge(fiche) == "trên" else high)
        land = float(fiche.land) if fiche.land is not None else None
        sectors = resolve_sectors(fiche.sector).codes
        self.expected.append(
            Expected(fiche.title, match.code, sectors, capital, Interval(land, land))
        )

    def _capital(self, fiche: Fiche) -> object:
        if fiche.capital is None:
            left_open = ["", "", "-", "Theo đề xuất của nhà đầu tư", "Nhà đầu tư đề xuất"]
            return self.draw.choice(left_open)
        value = self._money(fiche.capital)
        hedge = self._hedge(fiche)
        if hedge:
            text = value if isinstance(value, str) else self._number(
                fiche.capital[0] / SIZES[self.layout.unit], typed=False)  # fmt: skip
            value = f"{hedge} {text}"
        if "currencies" in self.layout.extras and self.layout.unit_in == "cell" and not hedge:
            other = "USD" if fiche.currency == "VND" else "VND"
            per = rate("USD", on=self.layout.year).vnd_per_unit
            base = float(fiche.capital[0])
            amount = base / per / 1e6 if other == "USD" else base * per / 1e9
            unit = "triệu USD" if other == "USD" else "tỷ đồng"
            about = self._number(Decimal(f"{amount:.1f}"), typed=False)
            if fiche.capital[0] == fiche.capital[1] and about not in ("0", "0,0", "0.0"):
                value = f"{value} (tương đương {about} {unit})"
        return value

    def _hedge(self, fiche: Fiche) -> str:
        """Return the hedge that a project's capital is written with, the same each time."""
        if "hedges" not in self.layout.extras or not fiche.capital or self.layout.english:
            return ""
        if fiche.capital[0] != fiche.capital[1] or self.layout.totals != "none":
            return ""
        return (
            ("", "", "khoảng", "trên")[len(fiche.title) % 4]
            if "sums" not in self.layout.extras
            else ""
        )

    def _money(self, capital: tuple[Decimal, Decimal]) -> object:
        size = SIZES[self.layout.unit]
        low, high = (end / size for end in capital)
        text = self._number(low)
        if low != high:
            text = f"{self._number(low, typed=False)} - {self._number(high, typed=False)}"
        if self.layout.unit_in == "cell":
            unit = UNIT_EN[self.layout.unit] if self.layout.english else self.layout.unit
            gap = "\n" if "lines" in self.layout.extras and self.layout.format != "csv" else " "
            return f"{self._number(low, typed=False) if low == high else text}{gap}{unit}"
        return text

    def _number(self, value: Decimal, *, typed: bool = True, style: str = "") -> object:
        style = style or self.layout.style
        if style == "typed" and typed:
            return float(value)
        exact = value.normalize()
        text = f"{exact:,f}"
        if style == "vi" or (style == "typed" and not self.layout.english):
            text = text.translate(str.maketrans(",.", ".,"))
        return text
