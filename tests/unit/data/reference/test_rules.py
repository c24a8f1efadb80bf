from datetime import date
from pathlib import Path

import pytest

from data.errors import KetnoiError
from data.reference.rules import load_rules, rules_version, shipped_rules

HEAD = "rule_id,effect,origin,sectors,words,citation,valid_from,valid_to,land_ha_min,capital_min\n"


def own(folder: Path, *rows: str, head: str = HEAD) -> Path:
    path = folder / "eligibility_rules.csv"
    path.write_text(head + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def refused(path: Path) -> KetnoiError:
    with pytest.raises(KetnoiError) as caught:
        load_rules(path)
    assert caught.value.code == "rules.table"
    assert caught.value.message_vi != caught.value.message
    return caught.value


def test_shipped_rules_are_whole() -> None:
    rules = shipped_rules()
    assert len(rules) > 40
    for rule in rules:
        assert rule.citation and rule.source_url.startswith("http"), rule.rule_id
        texts = (rule.name_vi, rule.name_en, rule.condition_vi, rule.condition_en)
        assert all((*texts, rule.remedy_vi, rule.remedy_en)), rule.rule_id
        scope = rule.sectors or rule.activities or rule.vsic or rule.words
        assert scope, f"{rule.rule_id} would hold for every call"


def test_the_old_list_never_blocks_after_it_was_replaced() -> None:
    old = [rule for rule in shipped_rules() if rule.citation.startswith("Decree 31/2021")]
    assert len(old) > 20
    assert {rule.effect_on(date(2025, 1, 1)) for rule in old} == {"blocked", "needs check"}
    assert {rule.effect_on(date(2026, 3, 31)) for rule in old} == {"needs check"}
    assert {rule.effect_on(date(2020, 1, 1)) for rule in old} == {None}


def test_own_rules_replace_extend_and_switch_off(tmp_path: Path) -> None:
    path = own(
        tmp_path,
        "ER047,blocked,any,,sân gôn,Nghị quyết tỉnh,,,,",
        "ER042,off,,,,,,,,",
        "T001,needs check,foreign,mining,,QĐ 1/2026,2026-01-01,2026-12-31,10,20 triệu USD",
    )
    rules = {rule.rule_id: rule for rule in load_rules(path)}
    assert rules["ER047"].effect == "blocked"
    assert "ER042" not in rules
    assert rules["T001"].sectors == ("mining",)
    assert rules["T001"].land_ha_min == 10
    assert rules["T001"].capital_min is not None and rules["T001"].capital_min > 4e11
    assert len(rules) == len(shipped_rules())
    assert rules_version(load_rules(path)) != rules_version(shipped_rules())


def test_no_file_means_the_shipped_rules(tmp_path: Path) -> None:
    assert load_rules(tmp_path / "none.csv") == load_rules() == shipped_rules()
    assert rules_version(load_rules()) == rules_version(shipped_rules())


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("T1,forbidden,any,,,c,,,,", "effect 'forbidden': is none of: blocked, needs check"),
        ("T1,blocked,martian,,,c,,,,", "origin 'martian'"),
        ("T1,blocked,any,winery,,c,,,,", "'winery' is not known"),
        ("T1,blocked,any,,,,,,,", "citation '': is empty"),
        (",blocked,any,,,c,,,,", "rule_id '': is empty"),
        ("T1,blocked,any,,,c,31/12/2026,,,", "valid_from '31/12/2026': is no day"),
        ("T1,blocked,any,,,c,2026-02-01,2026-01-01,,", "lies before valid_from"),
        ("T1,blocked,any,,,c,,,many,", "land_ha_min 'many'"),
        ("T1,blocked,any,,,c,,,,much", "capital_min 'much'"),
    ],
)
def test_faults_are_named_by_line_column_and_value(tmp_path: Path, row: str, told: str) -> None:
    error = refused(own(tmp_path, row))
    assert told in error.message
    assert "line 2" in error.message


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    error = refused(own(tmp_path, "T1,x,any,,,c,,,,", "T1,blocked,any,,,c,,,,", "T2,y,,,,,,,,"))
    assert all(part in error.message for part in ("line 2", "line 3", "line 4", "comes twice"))


def test_an_unreadable_table_is_refused(tmp_path: Path) -> None:
    assert "unknown" in str(refused(own(tmp_path, head="rule_id,effect,citation,colour\n")))
    assert "missing" in str(refused(own(tmp_path, head="rule_id,effect\n")))
    path = tmp_path / "latin.csv"
    path.write_bytes("rule_id,effect,citation\nT1,blocked,quy định\n".encode("utf-16"))
    assert "UTF-8" in str(refused(path))
