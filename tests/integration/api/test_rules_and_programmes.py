"""`ketnoi rules` and `ketnoi programmes` on a real database."""

import json
from pathlib import Path

import pytest

from api.cli.main import main
from api.settings import load_settings
from data import commands
from data.records import Investor, ProjectCall
from data.session import open_engine, write

SAMPLE = Path(__file__).parents[3] / "data" / "sample" / "programmes.json"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KETNOI_HOME", str(tmp_path))
    monkeypatch.delenv("KETNOI_DATABASE_URL", raising=False)
    with write(open_engine(load_settings().database_url)) as connection:
        commands.upsert_investors(connection, [Investor("v1", "A", country="Japan")])
        calls = [ProjectCall("c1", "Bệnh viện đa khoa quốc tế", sectors=("health",))]
        commands.upsert_calls(connection, calls)
    return tmp_path


def output(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(arguments) == 0
    return capsys.readouterr().out


@pytest.mark.usefixtures("home")
def test_rules_of_a_pair_with_citations_and_remedies(
    capsys: pytest.CaptureFixture[str],
) -> None:
    document = json.loads(output(capsys, "rules", "c1", "v1", "--json"))
    assert document["verdict"] == "needs check"
    checks = {check["rule"]: check for check in document["checks"]}
    assert "USD 20 million" in checks["law.ER103"]["remedy"]["en"]
    assert checks["law.ER103"]["citation"]
    assert "→" in output(capsys, "rules", "c1", "v1")


def test_own_rules_count_at_once(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = home / "eligibility_rules.csv"
    table.write_text(
        "rule_id,effect,origin,sectors,citation\nT1,blocked,foreign,health,QĐ 1/2026\n",
        encoding="utf-8",
    )
    assert json.loads(output(capsys, "rules", "c1", "v1", "--json"))["verdict"] == "blocked"
    assert "T1" in output(capsys, "rules")
    output(capsys, "rules", "--check", str(table))
    table.write_text("rule_id,effect,citation\nT1,perhaps,x\n", encoding="utf-8")
    assert main(["rules", "--check", str(table)]) == 1
    assert "perhaps" in capsys.readouterr().err
    assert main(["rules", "c1", "v1"]) == 1


@pytest.mark.usefixtures("home")
def test_programmes_show_planned_done_and_results(
    capsys: pytest.CaptureFixture[str],
) -> None:
    output(capsys, "import", "programmes", str(SAMPLE))
    document = json.loads(output(capsys, "programmes", "--json"))
    assert len(document["programmes"]) == 5
    one = json.loads(output(capsys, "programmes", "hcm-north-9", "--json"))
    assert one["totals"] == {"planned": 33, "done": 26}
    assert [place["code"] for place in one["partners"]] == ["79"]
    assert len(one["counterparts"]) == 9
    assert one["results"][0]["count"] == 15
    text = output(capsys, "programmes", "hcm-north-9")
    assert "kế hoạch / planned: 33; đã thực hiện / done: 26" in text
    assert "Kết quả / Results:" in text
    assert "26 done of 33 planned" in output(capsys, "programmes")
    assert main(["programmes", "hcm-north"]) == 1
    assert "hcm-north-9" in capsys.readouterr().err
