"""`ketnoi rules`: the eligibility rules in use, a table's check, and what they say of a pair."""

import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from data.reference.rules import Rule
    from matcher.types import Check

_SIGN = {"eligible": "+", "needs check": "?", "blocked": "x"}


def register(app: typer.Typer) -> None:
    app.command("rules")(rules)


def rules(
    call_id: Annotated[str, typer.Argument(help="A call's id: what the rules say of it.")] = "",
    investor_id: Annotated[str, typer.Argument(help="An investor's id: of both together.")] = "",
    check: Annotated[
        Path | None, typer.Option("--check", help="Check a table of rules, change nothing.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Also those not in force today.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Show the eligibility rules, or what they say of a call and an investor.

    Your own go into eligibility_rules.csv in KETNOI_HOME and before those that ship.
    """
    from api.settings import load_settings  # noqa: PLC0415 -- with the rules
    from data.reference.rules import load_rules  # noqa: PLC0415 -- slow import

    settings = load_settings()
    if check is not None:
        if not check.is_file():
            raise FileNotFoundError(2, "There is no such file", str(check))
        found = load_rules(check)
        typer.echo(f"Bảng dùng được: {len(found)} quy tắc / usable: {len(found)} rules in all.")
        return
    known = load_rules(settings.eligibility_rules)
    if call_id:
        document = _pair_document(known, call_id, investor_id)
        _show(document, _pair_lines(document), as_json=as_json)
        return
    today = date.today()
    shown = [one for one in known if every or one.effect_on(today)]
    document = {"rules": [_rule_document(one, today) for one in shown]}
    _show(document, _rule_lines(document["rules"]), as_json=as_json)


def _pair_document(known: "tuple[Rule, ...]", call_id: str, investor_id: str) -> dict[str, Any]:
    from api.settings import load_settings  # noqa: PLC0415 -- with the database
    from data import queries  # noqa: PLC0415 -- slow import
    from data.session import open_engine, read  # noqa: PLC0415 -- slow import
    from embeddings.tagging import Tagger  # noqa: PLC0415 -- slow import
    from matcher.eligibility import (  # noqa: PLC0415 -- slow import
        EligibilityConfig,
        applying,
        check_call,
        check_pair,
    )
    from matcher.tags import tag_call  # noqa: PLC0415 -- slow import
    from matcher.types import Eligibility  # noqa: PLC0415 -- slow import

    with read(open_engine(load_settings().database_url)) as connection:
        call = queries.call(connection, call_id)
        investor = queries.investor(connection, investor_id) if investor_id else None
    today, config = date.today(), EligibilityConfig(rules=known)
    applied = applying(call, tags=tag_call(call, Tagger()), today=today, config=config)
    checks = check_call(call, today=today, config=config, rules=applied)
    found = Eligibility(checks)
    if investor is not None:
        found = check_pair(checks, call, investor, rules=applied)
    return {
        "call_id": call.call_id,
        "investor_id": investor.investor_id if investor else None,
        "verdict": found.verdict.value,
        "checks": [_check_document(one) for one in found.checks],
    }


def _check_document(one: "Check") -> dict[str, Any]:
    return {
        "rule": one.rule,
        "verdict": one.verdict.value,
        "citation": one.citation,
        "vi": one.vi,
        "en": one.en,
        "remedy": {"vi": one.remedy_vi, "en": one.remedy_en},
    }


def _rule_document(one: "Rule", today: date) -> dict[str, Any]:
    return {
        "rule_id": one.rule_id,
        "effect": one.effect,
        "effect_today": one.effect_on(today),
        "lapsed": one.lapsed(today),
        "origin": one.origin,
        "name": {"vi": one.name_vi, "en": one.name_en},
        "condition": {"vi": one.condition_vi, "en": one.condition_en},
        "citation": one.citation,
        "valid_from": one.valid_from.isoformat() if one.valid_from else None,
        "valid_to": one.valid_to.isoformat() if one.valid_to else None,
        "source_url": one.source_url,
    }


def _rule_lines(rows: list[dict[str, Any]]) -> list[str]:
    out = []
    for row in rows:
        effect = row["effect_today"] or f"{row['effect']}, not in force"
        lapsed = f", until {row['valid_to']}" if row["valid_to"] else ""
        out += [
            f"{row['rule_id']}  {effect} ({row['origin']}{lapsed})",
            f"    {row['name']['vi']}: {row['condition']['vi']}",
            f"    {row['name']['en']}: {row['condition']['en']}",
            f"    {row['citation']}",
        ]
    return out


def _pair_lines(document: dict[str, Any]) -> list[str]:
    out = [f"{document['call_id']} × {document['investor_id'] or '–'}: {document['verdict']}"]
    for row in document["checks"]:
        out += [f"{_SIGN[row['verdict']]} {row['rule']}", f"    {row['vi']}", f"    {row['en']}"]
        if row["remedy"]["vi"]:
            out += [f"    → {row['remedy']['vi']}", f"    → {row['remedy']['en']}"]
        if row["citation"]:
            out.append(f"    ({row['citation']})")
    return out


def _show(document: dict[str, Any], lines: list[str], *, as_json: bool) -> None:
    text = json.dumps(document, ensure_ascii=False, indent=1) if as_json else "\n".join(lines)
    sys.stdout.write(f"{text}\n")
