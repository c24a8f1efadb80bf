"""Cells of calls as people write them become values, with text, place, confidence and doubts."""

import pytest

from data.records import Interval, PartialDate, Place
from tests.unit.data.importers.reading import one_call, parse, problems, table

TY = 1e9


@pytest.mark.parametrize(
    ("low", "high", "unit", "interval"),
    [
        ("45.500 tỷ đồng", "", "", (45_500 * TY, None)),
        ("45.500 tỷ đồng", "45.500 tỷ đồng", "", (45_500 * TY, 45_500 * TY)),
        ("500-700 tỷ", "", "", (500 * TY, 700 * TY)),
        ("", "500-700 tỷ", "", (500 * TY, 700 * TY)),
        ("khoảng 29.000 tỉ", "", "", (29_000 * TY, 29_000 * TY)),
        ("trên 100 tỷ", "", "", (100 * TY, None)),
        ("77.5", "80", "tỷ đồng", (77.5 * TY, 80 * TY)),
        ("36.523,5", "36.523,5", "tỷ đồng", (36_523.5 * TY, 36_523.5 * TY)),
        ("500", "700 tỷ", "", (500 * TY, 700 * TY)),
        ("1E3", "", "tỷ đồng", (1_000 * TY, None)),
        ("", "200", "tỷ đồng", (None, 200 * TY)),
        ("-", "", "tỷ đồng", (None, None)),
        ("", "", "", (None, None)),
    ],
)
def test_capital(low: str, high: str, unit: str, interval: tuple[float, float]) -> None:
    call = one_call(capital_min=low, capital_max=high, capital_unit=unit)

    assert call.capital.vnd == Interval(*interval)


def test_capital_in_dollars_takes_the_year_of_publication() -> None:
    early, late = (
        one_call(capital_min="2 tỷ USD", capital_max="2 tỷ USD", published_on=year).capital
        for year in ("2015", "2024-05")
    )
    assert early.vnd.low is not None
    assert late.vnd.low is not None
    assert 40e12 < early.vnd.low < late.vnd.low < 56e12


def test_capital_keeps_text_with_unit() -> None:
    assert one_call(
        capital_min="100", capital_max="120", capital_unit="triệu USD"
    ).capital.text == ("100 – 120 triệu USD")
    assert one_call(capital_min="500-700 tỷ").capital.text == "500-700 tỷ"


def test_capital_without_unit_is_unknown_with_doubt() -> None:
    parsed = parse(table(capital_min="500"))
    call, row = parsed.records[0], parsed.rows[0]

    assert (call.capital.vnd, call.capital.text) == (Interval(), "500")
    assert row.fields["capital"].confidence == 0.0
    assert [each.doubt.code for each in row.doubts] == ["money.unit"]


def test_number_style_is_settled_by_the_file() -> None:
    text = (
        "call_id,title,capital_min,capital_max,capital_unit\n"
        'c1,a,"36.523,5","36.523,5",tỷ đồng\nc2,b,5.000,5.000,tỷ đồng\n'
    )
    parsed = parse(text)

    assert parsed.records[1].capital.vnd.low == 5_000 * TY
    assert parsed.rows[1].doubts == []


@pytest.mark.parametrize(
    ("low", "high", "interval"),
    [("250-300 ha", "", (250, 300)), ("20", "20", (20, 20)), ("1.200 m2", "", (0.12, None))],
)
def test_land(low: str, high: str, interval: tuple[float, float]) -> None:
    assert one_call(land_ha_min=low, land_ha_max=high).land.ha == Interval(*interval)


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("Thanh Hoá", Place("38", "Thanh Hóa", "", "Thanh Hoá")),
        ("Hà Nam (nay Ninh Bình)", Place("37", "Ninh Bình", "Hà Nam", "Hà Nam (nay Ninh Bình)")),
        ("-", Place()),
        ("", Place()),
    ],
)
def test_province(written: str, place: Place) -> None:
    assert one_call(province=written).place == place


def test_province_of_several_takes_the_first_with_doubt() -> None:
    parsed = parse(table(province="Thanh Hóa, Nghệ An"))

    assert parsed.records[0].place.name == "Thanh Hóa"
    assert parsed.rows[0].fields["province"].confidence == 0.5
    assert parsed.rows[0].doubts[0].doubt.candidates == ("Thanh Hóa", "Nghệ An")


def test_province_abroad_is_kept_as_written() -> None:
    assert one_call(province="Bavaria", country="Germany").place == Place(as_written="Bavaria")


def test_default_province_fills_empty_cells_in_vietnam_alone() -> None:
    default = Place("38", "Thanh Hóa", "", "Thanh Hóa")
    text = "call_id,title,province,country\nc1,a,,\nc2,b,Huế,\nc3,c,,Japan\n"
    places = [record.place.name for record in parse(text, default=default).records]

    assert places == ["Thanh Hóa", "Huế", ""]


def test_decomposed_text_is_composed() -> None:
    assert one_call(title="Ho\u0061\u0301").title == "Hoá"


def test_unknown_columns_become_notes() -> None:
    call = one_call(**{"Công suất": "1,2 triệu tấn/năm", "Hiện trạng": ""})

    assert call.notes == {"Công suất": "1,2 triệu tấn/năm"}


def test_header_in_other_case_is_understood() -> None:
    call = parse("Call ID*, TITLE ,Published-On\nc1,a,2024-03\n").records[0]

    assert (call.call_id, call.published_on) == ("c1", PartialDate("2024-03"))


def test_unknown_sector_is_kept_with_doubt() -> None:
    parsed = parse(table(sector="Xyzzy"))

    assert (parsed.records[0].sectors, parsed.records[0].sector_as_written) == ((), "Xyzzy")
    assert [each.doubt.code for each in parsed.rows[0].doubts] == ["sector.unknown"]


def test_fields_say_where_they_stand() -> None:
    field = parse(table(capital_min="500-700 tỷ", province="Thanh Hoá")).rows[0].fields["capital"]

    assert field.value == {"min": 500_000_000_000, "max": 700_000_000_000}
    assert (field.text, field.where) == ("500-700 tỷ", "row 2, column C (capital_min)")


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (
            {"province": "Thanh Hoas"},
            "column C (province): 'Thanh Hoas' is not a province. The nea",
        ),
        ({"capital_min": "-5 tỷ"}, "column C (capital_min): '-5 tỷ': is negative"),
        ({"capital_min": "abc"}, "column C (capital_min): 'abc': 'abc' is not understood"),
        ({"capital_unit": "bananas"}, "column C (capital_unit): 'bananas'"),
        ({"capital_min": "700 tỷ", "capital_max": "500 tỷ"}, "'700 tỷ' is more than capital_max"),
        ({"land_ha_min": "30", "land_ha_max": "20"}, "'30' is more than land_ha_max, '20'."),
        ({"land_ha_min": "-1"}, "column C (land_ha_min): '-1': is negative"),
        (
            {"status": "maybe"},
            "column C (status): 'maybe' is not a known status. Write open or clo",
        ),
        ({"published_on": "2024-13"}, "'2024-13' is not in the calendar."),
        ({"published_on": "31/12/2024"}, "If the day stands first, write 2024-12-31."),
        ({"closes_on": "3024"}, "'3024' is not in 1900 to 2200."),
        ({"title": "-"}, "column B (title): title is empty."),
        ({"call_id": ""}, "column A (call_id): call_id is empty."),
        ({"call_id": "a\nb"}, "The id 'a b' holds a line break"),
    ],
)
def test_wrong_cell_is_refused_with_place_and_remedy(cells: dict[str, str], words: str) -> None:
    (problem,) = problems(table(**cells))

    assert words in problem
    assert problem.startswith("row 2, ")


def test_all_problems_come_at_once() -> None:
    text = "call_id,title,province,status\nc1,,Nowhere,open\nc1,b,Huế,maybe\n"

    assert [problem[:30] for problem in problems(text)] == [
        "row 2, column B (title): title",
        "row 2, column C (province): 'N",
        "row 3, column D (status): 'may",
        "row 3, column A (call_id): The",
    ]


def test_repeated_id_names_both_rows() -> None:
    (problem,) = problems("call_id,title\nc1,a\nc2,b\nc1,c\n")

    assert "row 4, column A (call_id): The call_id 'c1' is already in row 2." in problem
