"""The sample's rules on small made-up rows; nothing here is a fact."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from data.sample.build import build, main, make_deals
from data.sample.calls import closed_call, make_calls, open_call, split_range, split_scale
from data.sample.investors import Sources, country_name, home_province, make_investors
from data.sample.joining import (
    Corrections,
    JoinError,
    core_name,
    corrections_of,
    join_interests,
    split_aliases,
)
from data.sample.tables import Row, joined, listed, read_rows, write_rows


def call(**cells: str) -> Row:
    columns = (
        "call_id name_vi name_en province location sector land_ha scale capital_value "
        "capital_unit period source_url"
    )
    return dict.fromkeys(columns.split(), "") | {"call_id": "C1", "name_vi": "Made up"} | cells


def party(party_id: str, name: str, aliases: str = "", country: str = "Vietnam") -> Row:
    return {"party_id": party_id, "name": name, "aliases": aliases, "country": country}


def interest(interest_id: str, name: str, **cells: str) -> Row:
    columns = (
        "country description sectors provinces_of_interest capital_or_size looking_for "
        "source_url lang"
    )
    row = dict.fromkeys(columns.split(), "") | {"source_url": f"https://x/{interest_id}"}
    return row | {"investor_id": interest_id, "name": name} | cells


def joins_of(
    parties: Sequence[Row], interests: Sequence[Row], decided: dict[str, str] | None = None
) -> dict[str, list[str]]:
    aliases = split_aliases(parties, Corrections())
    return join_interests(interests, parties, aliases, decided or {})


@pytest.mark.parametrize(
    ("cell", "ends"),
    [
        ("250-300", ("250", "300")),
        ("35–40", ("35", "40")),
        ("18.7-23.4", ("18.7", "23.4")),
        ("10.03", ("10.03", "10.03")),
        ("", ("", "")),
    ],
)
def test_split_range_keeps_both_ends_as_written(cell: str, ends: tuple[str, str]) -> None:
    assert split_range(cell) == ends


@pytest.mark.parametrize(
    ("scale", "title", "form", "rest"),
    [
        ("32 km, 4-6 lanes; PPP, ODA", "", "PPP, ODA", "32 km, 4-6 lanes"),
        ("PPP list", "", "PPP", ""),
        ("500 beds; BT or BOO", "", "BT or BOO", "500 beds"),
        ("20 km", "Tàu điện (PPP - BOT)", "PPP - BOT", "20 km"),
        ("liên doanh hoặc 100% vốn nước ngoài", "", "liên doanh hoặc 100% vốn nước ngoài", ""),
        ("đề xuất đầu tư PPP", "Đường (đề xuất PPP)", "", "đề xuất đầu tư PPP"),
        ("đấu thầu rộng rãi", "", "", "đấu thầu rộng rãi"),
    ],
)
def test_split_scale_takes_only_stated_forms(scale: str, title: str, form: str, rest: str) -> None:
    assert split_scale(scale, title) == (form, rest)


def test_open_call_without_vietnamese_name_is_titled_in_english() -> None:
    row = open_call(call(name_vi="", name_en="Port", scale="5 berths"))
    assert (row["title"], row["title_en"]) == ("Port", "Port")
    assert row["description"] == "Scale: 5 berths"


def test_open_call_with_sum_without_unit_keeps_it_as_a_note() -> None:
    row = open_call(call(capital_value="90"))
    assert (row["capital_min"], row["capital_max"], row["capital_without_unit"]) == ("", "", "90")


def test_open_call_period_is_no_publication_date() -> None:
    row = open_call(call(period="2021-2025"))
    assert row["period"] == "2021-2025"
    assert not row.get("published_on")


def test_closed_call_with_range_in_both_ends_is_split() -> None:
    cells = {"call_id": "cD1", "title": "t", "status": "closed"}
    ends = {"land_ha_min": "", "land_ha_max": "", "capital_min": "30-35", "capital_max": "30-35"}
    row = closed_call(cells | ends)
    assert (row["capital_min"], row["capital_max"]) == ("30", "35")


def test_make_calls_with_unknown_repeat_names_it() -> None:
    with pytest.raises(ValueError, match="C9"):
        make_calls([call()], [], {"C9": "C1"})


def test_make_calls_marks_a_repeat() -> None:
    rows = make_calls([call(), call(call_id="C2")], [], {"C2": "C1"})
    assert [row["same_as"] for row in rows] == ["", "C1"]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Tập đoàn Hưng Thịnh", "Hung Thinh"),
        ("Gulf Energy Development Public Company Limited", "GULF Energy Development"),
        ("Công ty cổ phần Hoàng Sa", "Hoang Sa JSC"),
        ("VSIP (Sembcorp / Becamex IDC)", "VSIP"),
    ],
)
def test_core_name_leaves_legal_form_marks_and_brackets_out(left: str, right: str) -> None:
    assert core_name(left) == core_name(right)


def test_core_name_keeps_what_tells_companies_apart() -> None:
    assert core_name("Sunny Group") != core_name("Sunny Optical Technology")
    assert core_name("AEON Mall") != core_name("AEON")


def test_split_aliases_sets_ventures_apart() -> None:
    parties = [party("p1", "A", "A Group|A / B|A - B Park|Liên danh A - C"), party("p2", "B")]
    parties[1] = party("p2", "B", "A / B|A - B Park")
    found = split_aliases(parties, Corrections())
    assert found["p1"] == (["A Group"], ["A / B", "A - B Park", "Liên danh A - C"])


def test_split_aliases_drops_a_mixed_up_alias_and_leaves_it_to_the_other() -> None:
    parties = [party("p1", "GX", "GX Group|Gexo"), party("p2", "Gexo Ltd", "Gexo")]
    mended = corrections_of([{"kind": "not_alias", "party_id": "p1", "value": "Gexo"}])
    found = split_aliases(parties, mended)
    assert found == {"p1": (["GX Group"], []), "p2": (["Gexo"], [])}


def test_join_interests_by_name_and_by_own_alias_only() -> None:
    parties = [party("p1", "Alpha", "Alfa Corp"), party("p2", "Beta", "Beta / Gamma")]
    stated = [interest("I1", "ALFA Group"), interest("I2", "Beta / Gamma"), interest("I3", "Gamma")]
    assert joins_of(parties, stated) == {"I1": ["p1"], "I2": [], "I3": []}


def test_join_interests_with_two_fitting_parties_asks_for_a_decision() -> None:
    parties = [party("p1", "Alpha"), party("p2", "Alpha Group")]
    with pytest.raises(JoinError, match="p1, p2"):
        joins_of(parties, [interest("I1", "Alpha")])
    assert joins_of(parties, [interest("I1", "Alpha")], {"I1": "p2"}) == {"I1": ["p2"]}
    assert joins_of(parties, [interest("I1", "Alpha")], {"I1": ""}) == {"I1": []}


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Hàn Quốc", "South Korea"),
        ("Republic of Korea/Vietnam", "South Korea/Vietnam"),
        ("Vietnam; USA", "Vietnam/United States"),
        ("", ""),
    ],
)
def test_country_name_has_one_form(written: str, name: str) -> None:
    assert country_name(written) == name


@pytest.mark.parametrize(
    ("seat", "province"),
    [
        ("Hanoi", "Hà Nội"),
        ("Vinh, Nghe An", "Nghệ An"),
        ("Seoul, Republic of Korea", ""),
        ("Ho Chi Minh City / Hanoi", ""),
        ("Vietnam", ""),
        ("", ""),
    ],
)
def test_home_province_only_of_a_seat_in_one_province(seat: str, province: str) -> None:
    assert home_province(seat) == province


def sources_for(parties: Sequence[Row], sums: dict[str, Row] | None = None) -> Sources:
    profile = {
        "country": "Japan",
        "description_vi": "Nhà sản xuất.",
        "description_en": "A maker.",
        "sectors": "energy",
        "activities": "paint",
        "founded": "",
        "headquarters": "",
        "parent_group": "",
        "source_url": "gk",
    }
    return Sources(
        profiles={"p1": profile},
        deal_urls={row["party_id"]: f"https://deal/{row['party_id']}" for row in parties},
        aliases=split_aliases(parties, Corrections()),
        sums=sums or {},
    )


def test_make_investors_marks_general_knowledge_and_cites_the_deal() -> None:
    parties = [party("p1", "Alpha"), party("p2", "Beta")]
    rows = make_investors(parties, [], {}, sources_for(parties))
    assert [row["knowledge"] for row in rows] == ["general knowledge", "sourced"]
    assert [row["source_url"] for row in rows] == ["https://deal/p1", "https://deal/p2"]
    assert [row["description"] for row in rows] == ["Nhà sản xuất. A maker.", ""]
    assert (rows[0]["country"], rows[0]["country_as_written"]) == ("Japan", "Vietnam")


def test_make_investors_joins_interests_and_keeps_the_rest_alone() -> None:
    parties = [party("p1", "Alpha")]
    places = "Hanoi; Hà Nội; Mekong Delta"
    stated = [
        interest("I1", "Alpha", provinces_of_interest=places, sectors="energy; ict"),
        interest("I2", "Other", description="Makes things.", capital_or_size="300 ha"),
    ]
    rows = make_investors(parties, stated, {"I1": ["p1"], "I2": []}, sources_for(parties))
    assert [row["investor_id"] for row in rows] == ["p1", "I2"]
    assert rows[0]["provinces_wanted"] == "Hanoi"
    assert rows[0]["areas_wanted"] == "Mekong Delta"
    assert rows[0]["sectors"] == "energy|ict"
    assert rows[0]["interest_source_url"] == "https://x/I1"
    assert rows[1]["size_as_written"] == "300 ha"
    assert not rows[1].get("capital_max")


def test_make_investors_with_interest_of_two_parties_gives_it_to_both() -> None:
    parties = [party("p1", "Alpha"), party("p2", "Beta")]
    stated = [interest("I1", "Alpha / Beta", provinces_of_interest="Gia Lai")]
    rows = make_investors(parties, stated, {"I1": ["p1", "p2"]}, sources_for(parties))
    assert [row["provinces_wanted"] for row in rows] == ["Gia Lai", "Gia Lai"]
    assert [row["aliases"] for row in rows] == ["", ""]


def test_make_investors_with_sum_shared_by_partners_is_refused() -> None:
    parties = [party("p1", "Alpha"), party("p2", "Beta")]
    money = {"interest_id": "I1", "capital_min": "", "capital_max": "1", "capital_unit": "tỷ USD"}
    with pytest.raises(ValueError, match="I1"):
        make_investors(
            parties,
            [interest("I1", "Alpha / Beta")],
            {"I1": ["p1", "p2"]},
            sources_for(parties, {"I1": money}),
        )


def test_make_investors_with_join_to_nobody_names_the_id() -> None:
    parties = [party("p1", "Alpha")]
    with pytest.raises(ValueError, match="p9"):
        make_investors(parties, [interest("I1", "A")], {"I1": ["p9"]}, sources_for(parties))


def test_make_deals_carries_cluster_and_name_and_drops_a_wrong_party() -> None:
    market = [
        {"investor_id": name, "call_id": "cD1", "date": "2020", "stage": "", "source_url": "u"}
        for name in ("p1", "p2")
    ]
    mended = corrections_of([{"kind": "not_deal", "party_id": "p2", "value": "D1"}])
    details = [{"deal_id": "D1", "investor": "Alpha JSC"}]
    deals = make_deals(market, details, [{"deal_id": "D1", "cluster": "C001"}], mended)
    assert [deal["investor_id"] for deal in deals] == ["p1"]
    assert (deals[0]["cluster"], deals[0]["investor_as_written"]) == ("C001", "Alpha JSC")


def test_tables_round_trip_in_nfc(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("a,b\n Ha\u0300 No\u0323\u0302i ,\n", encoding="utf-8")
    rows = read_rows(file)
    assert rows == [{"a": "Hà Nội", "b": ""}]
    assert write_rows(("a", "b"), rows) == "a,b\nHà Nội,\n"
    with pytest.raises(ValueError, match="extra"):
        write_rows(("a",), [{"extra": "1"}])


def test_list_cells_drop_empty_and_repeated_parts() -> None:
    assert listed("a; b;; a", ";") == ["a", "b", "a"]
    assert joined(["a", "", "b", "a"]) == "a|b"


def test_build_without_the_facts_names_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(FileNotFoundError, match=r"parties\.csv"):
        build(tmp_path)
    assert main([str(tmp_path)]) == 1
    assert "parties.csv" in capsys.readouterr().err
