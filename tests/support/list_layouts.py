"""The choices by which one made list differs from another."""

import random
from dataclasses import dataclass

FORMATS = ("xlsx", "csv", "docx", "pdf")


@dataclass(frozen=True, slots=True)
class Layout:
    """The choices of one document."""

    format: str
    depth: int  # rows of the header
    unit: str
    unit_in: str  # header, caption, cell
    style: str  # vi, en, typed
    sections: str  # none, sector, province, both
    totals: str  # none, top, bottom, sections
    wrong: bool  # whether the last total stated is wrong
    land: str  # ha, m2, scale
    numbered: bool
    english: bool
    noise: bool
    year: int | None
    extras: frozenset[str] = frozenset()  # see _EXTRAS


_EXTRAS = {
    "merged": 0.3,  # one cell for the same place of projects that follow each other
    "sums": 0.2,  # a row "Cộng" below each section
    "hedges": 0.2,  # khoảng, trên
    "lines": 0.2,  # a unit on the line below its number
    "currencies": 0.15,  # the sum in dollars too
    "again": 0.2,  # the header once more in the middle
    "mixed": 0.1,  # areas in the text of the scale in the other number style
}


def draw_layout(draw: random.Random, seed: int) -> Layout:
    form = FORMATS[seed % len(FORMATS)]
    return Layout(
        format=form,
        depth=draw.choice([1, 2, 2, 3]),
        unit=draw.choice(["tỷ đồng", "tỷ đồng", "triệu đồng", "triệu USD", "tỷ USD", "USD"]),
        unit_in=draw.choice(["header", "caption", "cell"]),
        style=draw.choice(["vi", "vi", "en", "typed"] if form == "xlsx" else ["vi", "vi", "en"]),
        sections=draw.choice(["none", "sector", "sector", "province", "both"]),
        totals=draw.choice(["none", "top", "bottom", "sections"]),
        wrong=draw.random() < 0.3,
        land=draw.choice(["ha", "ha", "m2", "scale"]),
        numbered=draw.random() < 0.85,
        english=draw.random() < 0.2,
        noise=draw.random() < 0.7,
        year=draw.choice([None, None, 2021, 2023]),
        extras=frozenset(name for name, chance in _EXTRAS.items() if draw.random() < chance),
    )


NAMES = {
    "number": (["TT", "STT", "Số TT"], ["No.", "No"]),
    "title": (["Tên dự án", "Danh mục dự án", "TÊN DỰ ÁN", "Dự án kêu gọi đầu tư"],
              ["Project name", "Name of project"]),
    "location": (["Địa điểm", "Địa điểm thực hiện", "Địa điểm thực hiện dự án", "Vị trí"],
                 ["Location", "Project location"]),
    "province": (["Tỉnh", "Tỉnh/Thành phố"], ["Province"]),
    "sector": (["Lĩnh vực", "Ngành, lĩnh vực"], ["Sector", "Field"]),
    "land": (["Diện tích", "Diện tích đất", "Quy mô diện tích", "Diện tích sử dụng đất"],
             ["Area", "Land area"]),
    "scale": (["Công suất", "Quy mô/Công suất", "Quy mô dự án", "Quy mô, nội dung"],
              ["Scale", "Capacity"]),
    "capital": (["Tổng mức đầu tư", "Vốn đầu tư dự kiến", "Tổng vốn đầu tư",
                 "Sơ bộ tổng chi phí thực hiện"],
                ["Total investment capital", "Estimated investment"]),
    "form": (["Hình thức đầu tư", "Hình thức"], ["Form of investment"]),
    "remark": (["Ghi chú", "Hiện trạng", "Tiến độ", "Liên hệ"], ["Notes", "Contact"]),
}  # fmt: skip
UNIT_EN = {"tỷ đồng": "VND billion", "triệu đồng": "million VND", "triệu USD": "million USD",
            "tỷ USD": "billion USD", "USD": "USD"}  # fmt: skip
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV",
          "XV", "XVI", "XVII", "XVIII", "XIX", "XX", "XXI", "XXII")  # fmt: skip
