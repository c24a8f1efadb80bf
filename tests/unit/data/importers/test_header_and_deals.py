"""Headers that cannot be used, investors, deals and programmes."""

import json
from pathlib import Path

import pytest

from data.importers.problems import ImportFailed
from data.importers.programmes import parse_programmes
from data.records import Deal, PartialDate
from tests.unit.data.importers.reading import parse, problems


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "callid,title\nc1,a\n",
            "column is missing: call_id. The columns there are 'callid', 'titl",
        ),
        ("callid,title\nc1,a\n", "Perhaps rename 'callid' to call_id."),
        ("investor_id,name\nv1,a\n", "They are those of investors: use `ketnoi import investors"),
        ("x,y\n1,2\n", "columns are missing: call_id, title."),
        (
            "call_id,title,Title\nc1,a,b\n",
            "The column 'Title' is there already, at row 1, column B",
        ),
        ("call_id,title,\nc1,a,b\n", "row 2, column C: The value 'b' stands in a column without"),
        ("call_id,title\n", "There is a header but no row below it."),
    ],
)
def test_wrong_header_is_refused(text: str, words: str) -> None:
    assert words in problems(text)[0]


def test_investor_lists_are_split() -> None:
    text = (
        "investor_id,name,aliases,sectors,provinces_wanted,languages\n"
        "v1,Bịa,A|B| A |,energy|tourism,Huế|Nghệ An,ko|en\n"
    )
    found = parse(text, "investors").records[0]

    assert (found.aliases, found.languages) == (("A", "B"), ("ko", "en"))
    assert found.sectors == ("energy", "tourism")
    assert [place.name for place in found.provinces_wanted] == ["Huế", "Nghệ An"]


def test_deal_written_twice_alike_counts_once() -> None:
    text = "investor_id,call_id,date\nv1,c1,2020\nv1,c1,2020\nv1,c1,2021\n"
    parsed = parse(text, "deals")

    assert parsed.records == [
        Deal("v1", "c1", PartialDate("2020")),
        Deal("v1", "c1", PartialDate("2021")),
    ]
    assert [(each.where, each.why) for each in parsed.skipped] == [("row 3", "the same as row 2")]


def test_deal_written_twice_differently_is_refused() -> None:
    text = "investor_id,call_id,date,source_url\nv1,c1,2020,a\nv1,c1,2020,b\n"

    assert "'v1 / c1 / 2020' is already in row 2, with other details" in problems(text, "deals")[0]


def test_deal_without_date_is_left_out_and_said_so() -> None:
    parsed = parse("investor_id,call_id,date\nv1,c1,\nv1,c2,2020\n", "deals")

    assert [deal.call_id for deal in parsed.records] == ["c2"]
    assert parsed.skipped[0].where == "row 2"


def programmes(document: object) -> ImportFailed | list[object]:
    data = document if isinstance(document, bytes) else json.dumps(document).encode()
    try:
        return list(parse_programmes(Path("p.json"), data).records)
    except ImportFailed as error:
        return error


def test_programme_keeps_facts() -> None:
    item = {
        "programme_id": "p",
        "name_vi": "Bịa",
        "partners": ["Hà Nội"],
        "counterparts": ["Thanh Hoá"],
        "fields": ["du lịch"],
        "events": [{"year": 1}],
    }
    found = parse_programmes(Path("p.json"), json.dumps([item]).encode()).records[0]

    assert [place.name for place in found.partners + found.counterparts] == ["Hà Nội", "Thanh Hóa"]
    assert (found.sectors, found.facts) == (("tourism",), {"events": [{"year": 1}]})


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (b'[{"programme_id": "p"', "line 1, column 22: The file is no whole JSON document"),
        (b"\xff\xfe[\0]\0", "This is UTF-16, not JSON in UTF-8."),
        ({"x": 1}, "The JSON is not a list of programmes."),
        ([], "The file holds no programme."),
        (["p"], "programme 1: This is not an object."),
        ([{"programme_id": "p", "name_vi": "a", "partners": ["Nowhere"], "counterparts": []}],
         "programme 1, partners: 'Nowhere' is not a province."),
        ([{"programme_id": "p", "partners": ["Huế"], "counterparts": []}], "name_vi is missing"),
    ],
)  # fmt: skip
def test_wrong_programmes_are_refused(document: object, words: str) -> None:
    error = programmes(document)

    assert isinstance(error, ImportFailed)
    assert words in error.message
