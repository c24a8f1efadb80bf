"""Slates as documents, text, sheets and pages, from the made-up small market."""

import datetime
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook

from api.cli.render import WIDTH, slate_text
from api.lists.files import printable, safe_cell, write_slate
from api.lists.slates import slate_document
from data.errors import KetnoiError
from embeddings.encoder import HashingEncoder
from matcher.market import FloatArray, Market, build_market
from matcher.pipeline import Matcher
from matcher.ranker import FIRST_RANKER
from matcher.types import Slate
from tests.support.markets import call, investor, small_market


class NobodyNear:
    def owners_near(self, vector: FloatArray, *, kind: str, k: int) -> list[str]:  # noqa: ARG002
        return []


def make(market: Market) -> Matcher:
    return Matcher(
        market=market,
        neighbours=NobodyNear(),
        ranker=FIRST_RANKER,
        release="r-1",
        encoder=HashingEncoder,
    )


@pytest.fixture(scope="module")
def market() -> Market:
    return small_market()


@pytest.fixture(scope="module")
def slate(market: Market) -> Slate:
    return make(market).shortlist("c1", n=5, today=datetime.date(2026, 1, 1))


def test_shortlist_document_has_the_agreed_keys(slate: Slate, market: Market) -> None:
    document = slate_document(slate, market, slate_id="s-1")
    assert {"call_id", "slate_id", "release", "items"} <= document.keys()
    item = document["items"][0]
    assert {
        "rank",
        "investor_id",
        "name",
        "score",
        "probability",
        "band",
        "eligibility",
        "reasons",
        "cautions",
    } == item.keys()
    assert item["eligibility"].keys() == {"verdict", "checks"}
    assert {"rule", "verdict", "citation"} <= item["eligibility"]["checks"][0].keys()
    assert item["reasons"][0].keys() == {"code", "vi", "en", "contribution", "evidence"}


def test_opportunities_document_carries_the_calls_fields(market: Market) -> None:
    found = make(market).opportunities("v1", n=1, today=datetime.date(2026, 1, 1))
    document = slate_document(found, market, slate_id="s-1")
    assert document["investor_id"] == "v1"
    item = document["items"][0]
    assert item["call_id"] == "c1"
    assert item["capital"] == {"min": 2e12, "max": 2e12}
    assert item["land_ha"] == {"min": None, "max": None}
    assert item["province"]["code"] == "38"
    assert {"title", "title_en", "sector"} <= item.keys()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_text_fits_a_terminal_and_names_everybody(
    slate: Slate, market: Market, language: str
) -> None:
    text = slate_text(slate, market, language=language)
    assert max(len(line) for line in text.splitlines()) <= WIDTH
    for name in ("Gió Biển", "Gió Mới", "Cát Vàng"):
        assert name in text


def test_sheet_is_what_a_director_prints(slate: Slate, market: Market, tmp_path: Path) -> None:
    path = tmp_path / "slate.xlsx"
    write_slate(path, slate, market, slate_id="s-1", language="vi")
    sheet = load_workbook(path).active
    assert sheet is not None
    text = [[cell.value for cell in row] for row in sheet.iter_rows()]
    header = next(i for i, row in enumerate(text) if row[0] == "TT")
    assert text[0][0] == "DANH SÁCH NHÀ ĐẦU TƯ GỢI Ý"
    assert any("r-1" in str(row[0]) for row in text[:header])
    assert [row[1] for row in text[header + 1 : header + 4]] == ["Gió Biển", "Gió Mới", "Cát Vàng"]
    assert text[header][-1] == "Ghi chú"
    assert text[header + 1][-1] is None
    assert sheet.page_setup.orientation == "landscape"


def test_page_holds_the_same_rows(slate: Slate, market: Market, tmp_path: Path) -> None:
    path = tmp_path / "slate.docx"
    write_slate(path, slate, market, slate_id="s-1", language="en")
    table = Document(str(path)).tables[0]
    assert [row.cells[1].text for row in table.rows] == [
        "Investor",
        "Gió Biển",
        "Gió Mới",
        "Cát Vàng",
    ]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", " =", "\t="])
def test_formulas_are_neutralised(start: str) -> None:
    assert safe_cell(f"{start}cmd|' /C calc'!A0").startswith("'")


def test_a_name_that_is_a_formula_stays_text(tmp_path: Path) -> None:
    base = small_market()
    market = build_market(
        investors=[investor("v1", '=HYPERLINK("http://x")\x07')],
        calls=base.calls,
        deals=[d for d in base.deals if d.investor_id == "v1"],
    )
    slate = make(market).shortlist("c1", n=1, today=datetime.date(2026, 1, 1))
    path = tmp_path / "x.xlsx"
    write_slate(path, slate, market, slate_id="s", language="vi")
    sheet = load_workbook(path).active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows() for cell in row if "HYPERLINK" in str(cell.value)]
    assert cells
    assert {cell.data_type for cell in cells} == {"s"}


def test_a_failed_export_leaves_the_old_file(slate: Slate, market: Market, tmp_path: Path) -> None:
    path = tmp_path / "no such folder" / "x.xlsx"
    with pytest.raises(KetnoiError, match="cannot be written"):
        write_slate(path, slate, market, slate_id="s", language="vi")
    with pytest.raises(KetnoiError, match="end in"):
        write_slate(tmp_path / "x.pdf", slate, market, slate_id="s", language="vi")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["shortlist", "opportunities"])
def test_long_names_never_cost_the_id_or_the_width(kind: str) -> None:
    name = "Khu liên hợp sản xuất điện gió ngoài khơi " * 6
    base = small_market()
    market = build_market(
        investors=[investor("PV-0001", name, sectors=("energy",))],
        calls=[call("C0130", name), *base.calls[2:]],
        deals=[],
    )
    engine, today = make(market), datetime.date(2026, 1, 1)
    found = (
        engine.shortlist("C0130", n=1, today=today)
        if kind == "shortlist"
        else engine.opportunities("PV-0001", n=1, today=today)
    )
    lines = slate_text(found, market, language="vi").splitlines()
    assert max(len(line) for line in lines) <= WIDTH
    first = next(line for line in lines if line.startswith("  1. "))
    party = "PV-0001" if kind == "shortlist" else "C0130"
    score = first.split(f"  [{party}]")[1].strip()
    assert score.replace(",", "").lstrip("-").isdigit()
    assert " ".join(" ".join(lines).split()).count("ngoài khơi") >= 12  # no word of it is lost


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("x\uffffy\x07", "xy"),
        ("a\ud800b\udfffc\ufffe", "abc"),
        ("Gió\tBiển\n풍력 \U0001f300\r", "Gió\tBiển\n풍력 \U0001f300"),
    ],
)
@pytest.mark.parametrize("ending", [".xlsx", ".docx"])
def test_what_xml_forbids_is_dropped(text: str, kept: str, ending: str, tmp_path: Path) -> None:
    base = small_market()
    market = build_market(investors=[investor("v1", text)], calls=base.calls, deals=[])
    slate = make(market).shortlist("c1", n=1, today=datetime.date(2026, 1, 1))
    path = tmp_path / f"x{ending}"
    write_slate(path, slate, market, slate_id="s", language="vi")
    assert printable(text) == kept
    if ending == ".docx":
        assert Document(str(path)).tables[0].rows[1].cells[1].text == kept
    else:
        sheet = load_workbook(path).active
        assert sheet is not None
        assert kept in [cell.value for row in sheet.iter_rows() for cell in row]
