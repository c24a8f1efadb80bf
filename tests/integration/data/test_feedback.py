"""Decisions in the database become dated signals, and move the next release's ranking."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection
from typer.testing import CliRunner

from api.cli.main import app
from data import accounts, commands, contacts, leads, parties
from data.accounts import NewOrganisation
from data.feedback import Signal, signals
from data.leads import NewLead
from data.session import open_engine, write
from data.store import Actor
from tests.integration.data.made_up_service import centre, contact, fill, lead, slate
from tests.support.markets import small_market

TODAY = datetime.now(UTC).date()


def move(connection: Connection, found: leads.Lead, *stages: str) -> leads.Lead:
    for stage in stages:
        reason = "không phù hợp" if stage == "dismissed" else ""
        changed = replace(found, stage=stage, reason=reason)  # type: ignore[arg-type]
        found = leads.change_lead(connection, changed, by=Actor())
    return found


def test_last_word_of_each_organisation_counts(connection: Connection) -> None:
    fill(connection)
    tenant, other = centre(connection), centre(connection, "Khác")
    shown = slate(connection).slate_id
    move(connection, lead(connection, tenant, slate_id=shown), "shortlisted", "met")
    move(connection, lead(connection, other), "met", "dismissed")
    back = lead(connection, tenant, call_id="c2", investor_id="v2", stage="met")
    move(connection, back, "longlisted")

    assert signals(connection) == [
        Signal("c1", "v1", TODAY, 0.6, "met", (("c1", "v2"),)),
        Signal("c1", "v1", TODAY, -0.6, "dismissed", ()),
    ]


def test_what_was_decided_is_not_beside(connection: Connection) -> None:
    fill(connection)
    tenant = centre(connection)
    shown = slate(connection).slate_id
    move(connection, lead(connection, tenant, slate_id=shown), "met")
    second = lead(connection, tenant, investor_id="v2", slate_id=shown)
    move(connection, second, "dismissed")

    assert [each.beside for each in signals(connection)] == [(), ()]


def test_word_on_a_merged_investor_is_on_the_one_that_stands(connection: Connection) -> None:
    fill(connection)
    tenant = centre(connection)
    made = contacts.create_contact(connection, contact(tenant, party_id="v2"), by=Actor())
    move(connection, lead(connection, tenant, investor_id="v2"), "met")
    parties.merge(connection, "v1", "v2", by="An")
    again = lead(connection, centre(connection, "Khác"), investor_id="v2")

    assert [each.investor_id for each in signals(connection)] == ["v1"]
    assert again.investor_id == "v1"
    assert contacts.contacts(connection, by=Actor(), party=("investor", "v1")) == [made]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A home with the small market; gives the database's URL."""
    monkeypatch.setenv("KETNOI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("KETNOI_ENCODER", "hashing")
    monkeypatch.delenv("KETNOI_DATABASE_URL", raising=False)
    market = small_market()
    url = f"sqlite:///{tmp_path / 'home' / 'ketnoi.sqlite'}"
    engine = open_engine(url)
    with write(engine) as connection:
        commands.upsert_investors(connection, market.investors)
        commands.upsert_calls(connection, market.calls)
        commands.upsert_deals(connection, market.deals)
    engine.dispose()
    return url


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == 0, (result.output, result.exception)
    return result.stdout


def decide(url: str, slate_id: str, stages: dict[str, str]) -> None:
    """Five centres decide alike."""
    engine = open_engine(url)
    with write(engine) as connection:
        for number in range(5):
            tenant = accounts.create_organisation(
                connection, NewOrganisation("centre", f"Trung tâm {number}", ["38"])
            )
            for investor_id, stage in stages.items():
                new = NewLead(tenant.organisation_id, "c1", investor_id, slate_id=slate_id)
                move(connection, leads.create_lead(connection, new, by=Actor()), stage)
    engine.dispose()


def test_next_release_ranks_as_people_decided(home: str) -> None:
    def lead_of_newcomer() -> float:
        document = json.loads(run("shortlist", "c1", "--json"))
        slates.append(document["slate_id"])
        scores = {item["investor_id"]: item["score"] for item in document["items"]}
        return float(scores["v3"] - scores["v1"])

    slates: list[str] = []
    run("index")
    before = lead_of_newcomer()
    decide(home, slates[0], {"v3": "mou", "v1": "dismissed"})
    assert "Moved by 10 decisions" in run("train", "ranker")
    after = lead_of_newcomer()
    run("train", "ranker")  # the same word is not counted twice
    assert after > before
    assert lead_of_newcomer() == pytest.approx(after)
