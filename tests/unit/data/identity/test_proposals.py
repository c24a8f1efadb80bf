import pytest

from data.identity.compare import Relation
from data.identity.measure import other_parties, whole
from data.identity.names import parse_name
from data.identity.proposals import Party, Proposal, compare_parties, party_of, propose
from data.identity.rates import PRIOR
from data.identity.wording import _REASONS, reason
from data.records import Investor


def party(party_id: str, *names: str, **facts: object) -> Party:
    return Party(party_id, names, **facts)  # type: ignore[arg-type]


def compared(one: str, two: str) -> Proposal | None:
    return compare_parties(party("a", one), party("b", two))


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Tập đoàn FLC", "FLC Group"),
        ("FLC Group", "Công ty CP Tập đoàn FLC"),
        ("Samsung", "삼성"),
        ("삼성", "三星"),
        ("Samsung Electronics", "삼성전자"),
        ("Tập đoàn Việt Úc", "Công ty CP Tập đoàn Việt - Úc"),
        ("GreenFeed", "Green Feed"),
        ("Airports Corporation of Vietnam", "Airports Corporation of Vietnam (ACV)"),
        (
            "Hoa Phat Urban Development and Construction JSC",
            "Công ty CP Xây dựng và Phát triển đô thị Hòa Phát",
        ),
    ],
)
def test_one_party_under_two_names_is_merged_by_rule(one: str, two: str) -> None:
    found = compared(one, two)
    assert found is not None
    assert found.relation is Relation.SAME
    assert found.automatic


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Samsung Display Vietnam", "Samsung Electronics"),
        ("三菱電機", "三菱自動車"),
        ("An Phát Holdings Vĩnh Phúc", "An Phát Holdings"),
        ("Vinaconex", "Vinaconex 2"),
        ("Trường Hải", "Truong Hai Auto (THACO)"),
        ("Heineken", "Heineken Vietnam"),
        ("Foxconn", "Ingrasys (Foxconn)"),
        ("Mitsubishi Electric", "Mitsubishi Heavy Industries"),
        ("Sonadezi", "Sonadezi Binh Thuan JSC"),
        ("LG Innotek", "LG Group"),
    ],
)
def test_relatives_are_told_but_never_merged(one: str, two: str) -> None:
    found = compared(one, two)
    assert found is not None
    assert found.relation is Relation.RELATED
    assert not found.automatic


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Tập đoàn Hưng Thịnh", "Tập đoàn Hùng Thịnh"),
        ("Công ty CP Minh Anh", "Công ty CP Minh Ánh"),
        ("Tan Long Group", "Tan Hoang Minh Group"),
        ("Vietnam Airlines", "Airports Corporation of Vietnam"),
        ("Golden Star", "Golden Gate"),
    ],
)
def test_unlike_names_are_not_proposed(one: str, two: str) -> None:
    assert compared(one, two) is None


@pytest.mark.parametrize(
    ("one", "two", "doubt"),
    [
        ("Công ty TNHH Đại Dương", "Công ty CP Đại Dương", "legal_form"),
        ("Đại Dương", "Công ty CP Đại Dương", "common_name"),
        (
            "Công ty CP Đầu tư Xây dựng Hà Nội",
            "Công ty CP Xây dựng và Đầu tư Hà Nội",
            "common_name",
        ),
        ("Viet Uc Group", "Tập đoàn Việt - Úc", "common_name"),
        ("TNG Holdings", "TNG Corporation", "short"),
        ("Công ty TNHH Minh Phát", "Công ty TNHH Minh Phát", "common_name"),
        ("Minh Anh Trading JSC", "Minh Anh Trading Company", "common_name"),
        ("Chi nhánh Công ty TNHH Goertek", "Công ty TNHH Goertek", "branch"),
    ],
)
def test_what_speaks_against_a_merge_leaves_it_to_a_person(one: str, two: str, doubt: str) -> None:
    found = compared(one, two)
    assert found is not None
    assert doubt in found.evidence.doubts
    assert not found.automatic


def test_a_venture_is_not_its_partner() -> None:
    found = compared("Becamex IDC / VSIP", "Becamex IDC")
    assert found is not None
    assert found.relation is Relation.VENTURE
    assert not found.automatic


def test_tax_codes_decide_before_names() -> None:
    same = compare_parties(
        party("a", "Sao Mai", tax_codes=frozenset({"0100109106"})),
        party("b", "Nhà máy Hòa An", tax_codes=frozenset({"0100109106"})),
    )
    assert same is not None and same.automatic and same.evidence.code == "tax_code"
    differ = compare_parties(
        party("a", "Tập đoàn Sao Mai", tax_codes=frozenset({"0100109106"})),
        party("b", "Sao Mai Group", tax_codes=frozenset({"0300109107"})),
    )
    assert differ is not None and differ.relation is Relation.RELATED and not differ.automatic


def test_tax_codes_are_found_among_the_notes() -> None:
    notes = {"Mã số thuế": "0100 109 106", "phone": "0900000000"}
    assert party_of(Investor("v1", "A", notes=notes)).tax_codes == {"0100109106"}
    assert party_of(Investor("v1", "A", notes={"MST": "0100109106-001"})).tax_codes == {
        "0100109106-001"
    }


def test_countries_that_differ_leave_the_merge_to_a_person() -> None:
    found = compare_parties(
        party("a", "Sunrise Optics Group", countries=frozenset({"china"})),
        party("b", "Sunrise Optics", countries=frozenset({"vietnam"})),
    )
    assert found is not None
    assert found.evidence.doubts == ("countries_differ",)
    assert not found.automatic


def test_a_name_that_two_parties_may_bear_is_left_to_a_person() -> None:
    names = ("Hung Vuong Phat Group", "Tập đoàn Hưng Vượng Phát", "Tập đoàn Hùng Vương Phát")
    found = propose([party(str(number), name) for number, name in enumerate(names)])
    assert len(found) == 2
    assert not any(proposal.automatic for proposal in found)
    assert all("ambiguous" in proposal.evidence.doubts for proposal in found)


def test_pairs_told_apart_are_not_proposed() -> None:
    two = [party("a", "FLC"), party("b", "FLC Group")]
    assert len(propose(two)) == 1
    assert propose(two, apart=[("b", "a")]) == []


def test_order_of_parties_does_not_matter() -> None:
    names = ("FLC", "FLC Group", "Samsung", "三星", "Samsung Display", "Becamex / VSIP", "VSIP")
    parties = [party(str(number), name) for number, name in enumerate(names)]
    assert propose(parties) == propose(parties[::-1])


def test_every_rule_has_words_in_both_languages() -> None:
    assert set(_REASONS) == set(PRIOR)
    found = compared("Công ty TNHH Đại Dương", "Công ty CP Đại Dương")
    assert found is not None
    assert "khác loại hình công ty" in reason(found, "vi")
    assert "different legal forms" in reason(found, "en")


def test_figures_on_other_parties_stay_as_published() -> None:
    figures = whole(other_parties())
    assert figures.automatic_right == figures.automatic > 80
    assert figures.proposed / figures.asked > 0.9


def test_parsing_never_fails() -> None:
    for text in ("", " ", "()", "/", "—", "((", "Tập đoàn", "㈜", "&", "A" * 500, "삼", "1 2 3"):
        parse_name(text)
        propose([party("a", text), party("b", "FLC", text)])
