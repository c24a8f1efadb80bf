"""Columns whose titles no word list knows: told by a function handed in, always with a doubt."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from data.importers.kinds import KINDS
from data.importers.layout.columns import read_title
from data.importers.layout.wording import role_by_words
from data.importers.parsed import Parsed
from data.importers.table import parse_table
from data.records import Place

ROLES = {"Xyz tên": "title", "Xyz tiền (tỷ đồng)": "capital", "Xyz chỗ": "location"}
TEXT = "DANH MỤC TỈNH THANH HÓA,,,\nXyz tên,Xyz tiền (tỷ đồng),Xyz chỗ,Xyz gì\nKho bịa,50,xã X,a\n"


def parsed(text: str, asked: list[str] | None = None) -> Parsed:
    def name(titles: Sequence[str]) -> Sequence[str]:
        if asked is not None:
            asked.extend(titles)
        return [ROLES.get(title, "") for title in titles]

    return parse_table(
        KINDS["calls"], Path("x.csv"), text.encode(), default_place=Place(), name_columns=name
    )


def test_unknown_titles_are_told_from_outside_with_a_doubt() -> None:
    found = parsed(TEXT)
    call = found.records[0]

    assert (call.title, call.location, call.capital.vnd.low) == ("Kho bịa", "xã X", 5e10)
    assert call.notes["Xyz gì"] == "a"
    doubts = {each.field: each.doubt.code for each in found.rows[0].doubts}
    assert doubts["capital"] == doubts["location"] == "column.meaning"


def test_nothing_is_asked_about_a_list_whose_titles_are_known() -> None:
    asked: list[str] = []
    found = parsed("TT,Tên dự án,Vốn (tỷ đồng)\n1,Kho bịa,50\n", asked)
    assert (len(found.records), asked) == (1, [])


def test_what_was_told_is_forgotten_after_the_file() -> None:
    parsed(TEXT)
    assert read_title("Xyz tên").role == ""


@pytest.mark.parametrize(
    ("title", "role"),
    [("kinh phi du an", "capital"), ("project cost", "capital"), ("cost of the project", "capital"),
     ("ten cong trinh moi goi", "title"), ("dia chi khu dat", "location"), ("quy dat", "land"),
     ("land requirement", "land"), ("proposed site", "location"), ("uoc tong von", "capital"),
     ("du an dien gio", ""), ("nha may bia", ""), ("name of the project", "title"),
     ("investment project", "title"), ("business field", "sector"), ("", "")],
)  # fmt: skip
def test_role_by_the_head_of_a_title(title: str, role: str) -> None:
    assert role_by_words(title) == role
