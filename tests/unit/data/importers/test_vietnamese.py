"""The Vietnamese of what imports say: known sentences, places, and English where it lacks one."""

import pytest

from data.importers.problems import ImportFailed, Problem
from data.importers.vietnamese import in_vietnamese, place_in_vietnamese


@pytest.mark.parametrize(
    ("english", "vietnamese"),
    [
        ("The file is empty.", "Tệp trống."),
        ("The PDF has 5,000 pages; 1,000 are the most.", "Tệp PDF có 5,000 trang; tối đa 1,000."),
        ("'x' is not a province. The nearest are Huế: write one, or leave it empty.",
         "'x' không phải là tỉnh. Gần nhất là Huế: hãy ghi một tên, hoặc để trống."),
        ("Something new. The file is empty.", "Something new. Tệp trống."),
        ("no project stands below 'I. X'", "không có dự án nào dưới 'I. X'"),
    ],
)  # fmt: skip
def test_sentences(english: str, vietnamese: str) -> None:
    assert in_vietnamese(english) == vietnamese


def test_places() -> None:
    assert place_in_vietnamese("sheet 'A', row 3, column D (title)") == (
        "trang 'A', dòng 3, cột D (title)"
    )


def test_refusal_speaks_both_languages() -> None:
    error = ImportFailed("x.csv", [Problem("row 2", "", "The file is empty.", "Add the rows.")])
    assert "row 2: The file is empty. Add the rows." in error.message
    assert "dòng 2: Tệp trống. Hãy thêm các dòng." in error.message_vi
