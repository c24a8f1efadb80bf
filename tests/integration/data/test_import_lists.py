"""Published lists in four formats, from file to database: right, idempotent, refused when bad."""

import csv
import io
import json
import time
from collections import defaultdict
from pathlib import Path

import openpyxl
import pytest

from api.cli.main import main
from data.importers.importing import ImportRequest, import_file
from data.importers.kinds import KINDS
from data.importers.table import parse_table
from data.quantities import NumberStyle, QuantityError, parse_land, parse_money
from data.records import Place
from data.reference.provinces import resolve_province
from tests.support.list_facts import fiches
from tests.support.list_layouts import FORMATS
from tests.support.list_writers import FONT
from tests.support.province_lists import make


@pytest.mark.parametrize("seed", range(12))
def test_made_list_comes_through(seed: int) -> None:
    if FORMATS[seed % len(FORMATS)] == "pdf" and not FONT.is_file():
        pytest.skip(f"needs the font {FONT} to draw PDF files")
    document = make(seed, fiches())
    parsed = parse_table(KINDS["calls"], Path(document.name), document.data, default_place=Place())
    found = [(call.title, call.place.code, call.sectors) for call in parsed.records]

    assert found == [(each.title, each.province, each.sectors) for each in document.expected]
    stated = [total.agrees for total in parsed.totals if total.field == "capital"]
    assert stated == list(document.totals)


def test_second_import_of_a_list_changes_nothing(tmp_path: Path) -> None:
    document = make(4, fiches())
    path = tmp_path / document.name
    path.write_bytes(document.data)
    url = f"sqlite:///{tmp_path / 'k.sqlite'}"

    first = import_file(url, ImportRequest("calls", path)).changes
    again = import_file(url, ImportRequest("calls", path)).changes
    assert (first.new, again.new, again.changed) == (len(document.expected), 0, 0)


def test_totals_are_in_the_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KETNOI_HOME", str(tmp_path / "home"))
    path = tmp_path / "danh-muc.csv"
    path.write_text(
        "DANH MỤC DỰ ÁN TỈNH THANH HÓA,,\nTT,Tên dự án,Vốn (tỷ đồng)\n1,Kho bịa,50\n,Cộng,60\n"
    )
    assert main(["import", "calls", str(path), "--dry-run", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["totals"] == [
        {"where": "row 4", "field": "capital", "stated": 6e10, "computed": 5e10, "agrees": False}
    ]
    assert document["rows"][0]["fields"]["capital"]["value"] == {"min": 5e10, "max": 5e10}


def test_ten_thousand_rows_are_read_in_time(tmp_path: Path) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Danh mục")
    sheet.append(["DANH MỤC DỰ ÁN TỈNH THANH HÓA"])
    sheet.append(["TT", "Tên dự án", "Địa điểm", "Lĩnh vực", "Diện tích (ha)", "Vốn (tỷ đồng)"])
    for number in range(1, 10_001):
        row = [number, f"Nhà máy bịa {number}", f"xã {number % 90}", "Công nghiệp", 5, number]
        sheet.append(row)
    path = tmp_path / "danh-muc.xlsx"
    book.save(path)
    started = time.process_time()
    parsed = parse_table(KINDS["calls"], path, path.read_bytes(), default_place=Place())

    assert len(parsed.records) == 10_000
    assert time.process_time() - started < 20


def test_real_lists_laid_out_as_published_equal_their_facts(shared: Path) -> None:
    path = shared / "data" / "vn" / "project_calls.csv"
    groups: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            groups[row["source_url"], row["province"]].append(row)
    checked = 0
    for (_, province), rows in groups.items():
        if len(rows) > 1:
            rows.sort(key=lambda row: row["sector"])
            checked += _check_group(province, rows)
    assert checked > 400


def _check_group(province: str, rows: list[dict[str, str]]) -> int:
    parsed = parse_table(
        KINDS["calls"], Path("x.csv"), _laid_out(province, rows), default_place=Place()
    )
    match = resolve_province(province)
    for row, call in zip(rows, parsed.records, strict=True):
        assert call.title == " ".join((row["name_vi"] or row["name_en"]).split())
        assert match is None or call.place.code == match.code
        try:
            money = parse_money(
                row["capital_value"], unit=row["capital_unit"], style=NumberStyle.ENGLISH
            )
            assert call.capital.vnd == money.interval
            land = parse_land(row["land_ha"], style=NumberStyle.ENGLISH)
            assert not row["land_ha"] or call.land.ha == land.interval
        except QuantityError:
            continue
    return len(rows)


def _laid_out(province: str, rows: list[dict[str, str]]) -> bytes:
    """Return rows under headings of their sectors, the unit in the header where there is one."""
    units = {row["capital_unit"] for row in rows if row["capital_value"]}
    one = units.pop() if len(units) == 1 else ""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow([f"DANH MỤC DỰ ÁN KÊU GỌI ĐẦU TƯ {province.upper()}"])
    capital = f"Tổng mức đầu tư ({one})" if one else "Tổng mức đầu tư"
    writer.writerow(["TT", "Tên dự án", "Địa điểm", "Diện tích (ha)", "Quy mô", capital])
    sector, numerals = "", iter(("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"))
    for number, row in enumerate(rows, start=1):
        if row["sector"] != sector:
            sector = row["sector"]
            writer.writerow([next(numerals), sector])
        value = row["capital_value"] if one else f"{row['capital_value']} {row['capital_unit']}"
        title = row["name_vi"] or row["name_en"]
        cells = [number, title, row["location"], row["land_ha"], row["scale"], value.strip()]
        writer.writerow(cells)
    return stream.getvalue().encode()
