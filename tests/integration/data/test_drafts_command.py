"""`ketnoi import` of lists, `ketnoi drafts` and `ketnoi history`, in both languages."""

import json
from pathlib import Path

import pytest

from api.cli.language import language
from api.cli.main import main

Output = pytest.CaptureFixture[str]
LIST = """\
DANH MỤC DỰ ÁN KÊU GỌI ĐẦU TƯ TỈNH THANH HÓA,,,
TT,Tên dự án,Địa điểm,Vốn (tỷ đồng)
1,Kho bịa,xã X,{}
2,Cảng bịa,xã Y,{}
,Tổng cộng,,{}
"""


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KETNOI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("KETNOI_LANG", "en")
    monkeypatch.delenv("KETNOI_DATABASE_URL", raising=False)


def listed(folder: Path, *sums: str) -> str:
    path = folder / "list.csv"
    path.write_text(LIST.format(*sums), encoding="utf-8")
    return str(path)


def waiting(capsys: Output) -> str:
    capsys.readouterr()
    assert main(["drafts", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert len(found) == 1
    return str(found[0]["draft_id"])


def test_list_without_doubts_goes_in_at_once(tmp_path: Path, capsys: Output) -> None:
    assert main(["import", "calls", listed(tmp_path, "50", "70", "120")]) == 0
    assert capsys.readouterr().out == "list.csv: 2 calls: 2 new, 0 changed, 0 the same.\n"


def test_list_with_changes_waits_and_is_confirmed(tmp_path: Path, capsys: Output) -> None:
    assert main(["import", "calls", listed(tmp_path, "50", "70", "120")]) == 0
    capsys.readouterr()
    assert main(["import", "calls", listed(tmp_path, "55", "70", "130")]) == 0
    said = capsys.readouterr().out

    assert "capital: 50 tỷ đồng → 55 tỷ đồng" in said
    assert "Totals that do not agree:\n  row 5 (capital): it states 130 tỷ đồng" in said
    assert "Left out" not in said
    draft_id = waiting(capsys)
    assert main(["drafts", "confirm", draft_id]) == 0
    assert main(["drafts", "confirm", draft_id]) == 1
    assert "was confirmed already" in capsys.readouterr().err
    assert main(["import", "calls", listed(tmp_path, "55", "70", "130"), "--dry-run"]) == 0
    assert "0 new, 0 changed, 2 the same" in capsys.readouterr().out


def test_question_is_answered_and_history_told(tmp_path: Path, capsys: Output) -> None:
    assert main(["import", "calls", listed(tmp_path, "1.200", "70", "")]) == 0
    assert "a) 1200 tỷ đồng  b) 1.2 tỷ đồng" in capsys.readouterr().out
    draft_id = waiting(capsys)

    assert main(["drafts", "answer", draft_id, "1", "mưa"]) == 1
    assert "Choose a) 1200 tỷ đồng" in capsys.readouterr().err
    assert main(["drafts", "answer", draft_id, "1", "b"]) == 0
    assert main(["drafts", "show", draft_id, "--json"]) == 0
    shown = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert shown["questions"][0]["rows"][0]["answer"] == "1.2 tỷ đồng"
    assert main(["drafts", "confirm", draft_id, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["counts"]["new"] == 2
    assert main(["history", shown["rows"][0]["id"]]) == 0
    assert "list.csv: new" in capsys.readouterr().out
    assert main(["history", "nowhere"]) == 1


@pytest.mark.parametrize(("option", "wait"), [("--yes", 0), ("--accept-below=0.6", 0), ("", 1)])
def test_options_take_a_doubtful_list_at_once(
    tmp_path: Path, capsys: Output, option: str, wait: int
) -> None:
    arguments = ["import", "calls", listed(tmp_path, "1.200", "70", "")]
    assert main([*arguments, *([option] if option else [])]) == 0
    capsys.readouterr()
    assert main(["drafts", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == wait


def test_draft_and_yes_exclude_each_other(tmp_path: Path) -> None:
    assert main(["import", "calls", listed(tmp_path, "1", "2", "3"), "--yes", "--draft"]) == 2


def test_vietnamese_is_spoken_where_it_is_asked_for(
    tmp_path: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KETNOI_LANG", "vi")
    assert main(["import", "calls", listed(tmp_path, "1.200", "70", "")]) == 0
    said = capsys.readouterr().out
    bad = tmp_path / "bad.csv"
    bad.write_text("call_id,title,province\nc1,x,Hoế\n", encoding="utf-8")

    assert "2 dự án: 2 mới" in said
    assert "'1.200' là 1200 tỷ đồng hay 1.2 tỷ đồng?" in said
    assert "Chưa nhập gì" in said
    assert main(["import", "calls", str(bad)]) == 1
    assert "dòng 2, cột C (province): 'Hoế' không phải là tỉnh." in capsys.readouterr().err
    assert main(["drafts", "show", "nowhere"]) == 1
    assert "Không có bản nháp 'nowhere'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("environ", "expected"),
    [({}, "en"), ({"LANG": "vi_VN.UTF-8"}, "vi"), ({"LANG": "C.UTF-8"}, "en"),
     ({"LANG": "vi_VN", "LC_ALL": "en_US.UTF-8"}, "en"), ({"KETNOI_LANG": "vi"}, "vi"),
     ({"KETNOI_LANG": "", "LANG": "vi"}, "vi"), ({"KETNOI_LANG": "EN", "LANG": "vi_VN"}, "en")],
)  # fmt: skip
def test_language_of_the_terminal(environ: dict[str, str], expected: str) -> None:
    assert language(environ) == expected
