from dataclasses import replace
from datetime import date

import pytest

from data.records import Place
from data.reference.rules import Rule, shipped_rules
from embeddings.encoder import HashingEncoder
from embeddings.tagging import Tag
from matcher.eligibility import EligibilityConfig, applying, check_call, check_pair
from matcher.legal import Applied, blocked, blocking, origin, pair_rule_checks, rules_for
from matcher.market import FloatArray
from matcher.pipeline import Matcher, MatcherConfig
from matcher.ranker import FIRST_RANKER
from matcher.types import Verdict
from tests.support.markets import NGHE_AN, call, investor, land, money, small_market

TODAY = date(2026, 6, 15)
MEDIA = Rule("R1", "blocked", origin="foreign", activities=("film-media",), citation="Law 1")
KOREAN = investor("v1", "Korean", country="South Korea")
VIETNAMESE = investor("v2", "Vietnamese", country="Việt Nam")
UNKNOWN = investor("v3", "Unknown")
BOTH = investor("v4", "Both", country="Vietnam/Japan")
SURE = (Tag("film-media", 0.9, ("phim trường",)),)


def applied(rule: Rule, tags: tuple[Tag, ...] = SURE, **of_call: object) -> tuple[Applied, ...]:
    one = call("c", str(of_call.pop("title", "Phim trường")), "culture-sport", **of_call)
    return rules_for(one, tags=tags, rules=(rule,), today=TODAY)


def verdict(rule: Rule, party: object = KOREAN, **of_call: object) -> Verdict | None:
    checks = pair_rule_checks(applied(rule, **of_call), party)  # type: ignore[arg-type]
    return checks[0].verdict if checks else None


@pytest.mark.parametrize(
    ("party", "told"), [(KOREAN, "foreign"), (VIETNAMESE, "domestic"), (UNKNOWN, ""), (BOTH, "")]
)
def test_origin_is_told_by_country_alone(party: object, told: str) -> None:
    assert origin(party) == told  # type: ignore[arg-type]


def test_a_cited_rule_blocks_whom_it_names_and_asks_where_origin_is_unknown() -> None:
    assert verdict(MEDIA, KOREAN) is Verdict.BLOCKED
    assert verdict(MEDIA, VIETNAMESE) is None
    assert verdict(MEDIA, UNKNOWN) is Verdict.NEEDS_CHECK
    assert verdict(MEDIA, BOTH) is Verdict.NEEDS_CHECK


def test_an_activity_that_is_not_sure_does_not_count_and_a_guess_does_not_block() -> None:
    assert applied(MEDIA, (Tag("film-media", 0.3),)) == ()
    guessed = applied(MEDIA, (Tag("film-media", 0.9, how="meaning"),))
    assert pair_rule_checks(guessed, KOREAN)[0].verdict is Verdict.NEEDS_CHECK
    assert not blocked(guessed, [KOREAN]).any()


def test_words_are_whole_words_with_or_without_tones() -> None:
    rule = Rule("R2", "blocked", words=("san gon",), citation="Law 2")
    assert applied(rule, (), title="SÂN GÔN 36 hố")
    assert applied(rule, (), title="Nha khach", title_en="San gon")
    assert not applied(rule, (), title="Sàn gỗ công nghiệp")
    assert not applied(rule, (), title="Nhà máy san gong")


def test_vsic_counts_only_where_all_lines_of_the_activity_are_of_it() -> None:
    hospitals = Rule("R3", "needs check", vsic=("8610",), citation="Law 3")
    assert applied(hospitals, (Tag("general-hospital", 0.9),))
    wide = Rule("R4", "needs check", vsic=("86990",), citation="Law 4")
    assert not applied(wide, (Tag("healthcare-complex", 0.9),))


def test_land_and_province_narrow_and_unknown_ones_never_block() -> None:
    rule = Rule("R5", "blocked", origin="foreign", sectors=("culture-sport",), land_ha_min=50.0)
    assert verdict(rule, land=land(60, 60, "60")) is Verdict.BLOCKED
    assert verdict(rule, land=land(10, 10, "10")) is None
    assert verdict(rule) is Verdict.NEEDS_CHECK
    local = Rule("R6", "blocked", origin="foreign", sectors=("culture-sport",), provinces=("38",))
    assert verdict(local) is Verdict.BLOCKED
    assert verdict(local, place=NGHE_AN) is None
    assert verdict(local, place=Place()) is Verdict.NEEDS_CHECK


def test_capital_that_meets_the_condition_is_eligible_and_unknown_asks() -> None:
    rule = Rule("R7", "blocked", origin="foreign", sectors=("culture-sport",), capital_min=5e11)
    assert verdict(rule, capital=money(6e11, 6e11, "600 tỷ")) is Verdict.ELIGIBLE
    assert verdict(rule, capital=money(1e11, 2e11, "100–200 tỷ")) is Verdict.BLOCKED
    assert verdict(rule, capital=money(1e11, 9e11, "100–900 tỷ")) is Verdict.NEEDS_CHECK
    assert verdict(rule) is Verdict.NEEDS_CHECK


def test_a_rule_counts_in_its_time_and_asks_for_its_successor_after() -> None:
    ended = Rule("R8", "blocked", sectors=("culture-sport",), citation="Old law",
                 valid_to=date(2026, 3, 30), successor="New law")  # fmt: skip
    (one,) = applied(ended)
    assert (one.effect, one.lapsed) == ("needs check", True)
    checks = check_call(call("c", "x", "culture-sport"), today=TODAY,
                        config=EligibilityConfig(), rules=(one,))  # fmt: skip
    assert checks[-1].citation == "New law (Old law)"
    assert "hết hiệu lực 30/03/2026" in checks[-1].vi
    assert "lapsed on 2026-03-30" in checks[-1].en
    gone = Rule("R9", "blocked", sectors=("culture-sport",), valid_to=date(2026, 3, 30))
    coming = Rule("R10", "blocked", sectors=("culture-sport",), valid_from=date(2027, 1, 1))
    assert applied(gone) == applied(coming) == ()


def test_checks_cite_the_rule_and_say_what_would_make_it_eligible() -> None:
    one = call("c", "Bệnh viện đa khoa quốc tế", "health", capital=money(1e11, 1e11, "100 tỷ"))
    config = EligibilityConfig()
    rules = applying(one, tags=(Tag("general-hospital", 0.9),), today=TODAY, config=config)
    got = check_pair((), one, KOREAN, rules=rules)
    (check,) = [each for each in got.checks if each.rule == "law.ER103"]
    assert check.verdict is Verdict.NEEDS_CHECK
    assert "20 triệu USD" in check.remedy_vi and "USD 20 million" in check.remedy_en
    assert check.citation.startswith("WTO schedule")
    assert check_pair((), one, VIETNAMESE, rules=rules).checks == ()


def test_nothing_that_ships_blocks_an_ordinary_call() -> None:
    for title, sector in (("Điện gió Hòa Bình 1", "energy"), ("Nhà máy may", "manufacturing")):
        found = rules_for(call("c", title, sector), rules=shipped_rules(), today=TODAY)
        assert [one.rule.rule_id for one in found] == []


def test_blocked_pairs_are_known_before_any_score() -> None:
    rule = Rule("R1", "blocked", origin="foreign", words=("phim truong",), citation="Law 1")
    found = applied(rule, (), title="Phim trường quốc gia")
    everybody = [KOREAN, VIETNAMESE, UNKNOWN, BOTH]
    assert blocked(found, everybody).tolist() == [True, False, False, False]
    assert not blocked(applied(rule, (), title="Điện gió"), everybody).any()
    assert not blocked((), everybody).any()
    for_all = Rule("R2", "blocked", words=("phim truong",), citation="Law 2")
    assert not blocked(applied(for_all, (), title="Phim trường"), everybody).any()
    assert blocking((rule, for_all), today=TODAY) == (rule,)


class NobodyNear:
    """No dense neighbours: the other sources of candidates must do."""

    def owners_near(self, vector: FloatArray, *, kind: str, k: int) -> list[str]:  # noqa: ARG002
        return []


def test_blocked_pairs_take_no_place_of_a_list() -> None:
    known = small_market()
    foreign = replace(known.investors[0], country="Japan")
    rule = Rule("R1", "blocked", origin="foreign", sectors=("energy",), citation="Law 1")
    matcher = Matcher(
        market=replace(known, investors=(foreign, *known.investors[1:])),
        neighbours=NobodyNear(),
        ranker=FIRST_RANKER,
        release="test",
        encoder=HashingEncoder,
        config=MatcherConfig(eligibility=EligibilityConfig(rules=(rule,))),
    )

    def calls_for(party: str) -> set[str]:
        return {item.party_id for item in matcher.opportunities(party, n=10, today=TODAY).items}

    shown = [item.party_id for item in matcher.shortlist("c1", n=2, today=TODAY).items]
    assert len(shown) == 2 and "v1" not in shown
    assert "c1" not in calls_for("v1") and "c1" in calls_for("v3")
