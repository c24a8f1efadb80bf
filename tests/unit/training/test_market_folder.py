from pathlib import Path

import pytest

from data.errors import KetnoiError
from data.importers.market import read_market


def folder(
    path: Path, *, calls: str, deals: str, investors: str = "investor_id,name\nv1,A\n"
) -> Path:
    for name, text in (("investors", investors), ("calls", calls), ("deals", deals)):
        (path / f"{name}.csv").write_text(text, encoding="utf-8")
    return path


def test_a_foreign_market_reads_with_its_unknowns(tmp_path: Path) -> None:
    found = read_market(
        folder(
            tmp_path,
            calls="call_id,title,sector,capital_min,capital_unit,status\n"
            'c1,Talkable,"E-Commerce, Analytics","$1200000, undisclosed amount",USD,open\n',
            deals="investor_id,call_id,date\nv1,c1,2011\nv9,c1,2012-05\n",
        )
    )
    assert [call.call_id for call in found.calls] == ["c1"]
    assert [str(deal.date) for deal in found.deals] == ["2011", "2012-05"]
    assert [investor.investor_id for investor in found.investors] == ["v1", "v9"]
    assert found.left_out == 0


def test_rows_without_id_or_date_are_counted_not_fatal(tmp_path: Path) -> None:
    found = read_market(
        folder(
            tmp_path,
            calls="call_id,title\nc1,x\n,nameless\n",
            deals="investor_id,call_id,date\nv1,c1,\nv1,c1,soon\nv1,c9,2011\nv1,c1,2011\n",
        )
    )
    assert len(found.deals) == 1
    assert found.left_out == 4


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    with pytest.raises(KetnoiError, match=r"calls\.csv has no column call_id"):
        read_market(folder(tmp_path, calls="id,title\nc1,x\n", deals="investor_id,call_id,date\n"))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(KetnoiError, match=r"holds no investors\.csv"):
        read_market(tmp_path)
