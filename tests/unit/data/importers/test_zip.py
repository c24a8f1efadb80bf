"""Archives of lists: all documents or none, each place with its document's name."""

import io
import zipfile
from pathlib import Path

import pytest

from data.importers.kinds import KINDS
from data.importers.parsed import Parsed
from data.importers.problems import ImportFailed
from data.importers.table import parse_table
from data.records import Place

LIST = "DANH MỤC DỰ ÁN TỈNH THANH HÓA,,\nTT,Tên dự án,Vốn (tỷ đồng)\n1,{},50\n,Cộng,60\n"


def archive(**documents: str) -> bytes:
    """Return an archive of documents: `sub__b_csv` is "sub/b.csv"."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        for name, text in documents.items():
            made.writestr(name.replace("__", "/").replace("_", "."), text)
        made.writestr("__MACOSX/._a.csv", "junk")
    return stream.getvalue()


def parsed(data: bytes, kind: str = "calls") -> Parsed:
    return parse_table(KINDS[kind], Path("a.zip"), data, default_place=Place())


def test_all_documents_are_read_with_their_places() -> None:
    found = parsed(archive(a_csv=LIST.format("Kho bịa"), sub__b_csv=LIST.format("Cảng bịa")))

    assert [call.title for call in found.records] == ["Kho bịa", "Cảng bịa"]
    assert [row.where for row in found.rows] == ["a.csv, row 3", "b.csv, row 3"]
    assert found.rows[0].fields["capital"].where.startswith("a.csv, row 3, column C")
    assert [total.where for total in found.totals] == ["a.csv, row 4", "b.csv, row 4"]
    assert found.understood


def test_other_files_are_left_out_and_told() -> None:
    found = parsed(archive(a_csv=LIST.format("Kho bịa"), anh_jpg="x"))
    assert len(found.records) == 1
    assert [each.where for each in found.skipped] == ["anh.jpg"]


def test_one_bad_document_refuses_all() -> None:
    data = archive(a_csv=LIST.format("Kho bịa"), b_xlsx="no workbook")
    with pytest.raises(ImportFailed) as refused:
        parsed(data)
    assert str(refused.value.problems[0]).startswith("b.xlsx: This is a text file")


def test_same_project_in_two_documents_counts_once() -> None:
    found = parsed(archive(a_csv=LIST.format("Kho bịa"), b_csv=LIST.format("Kho bịa")))
    assert len(found.records) == 1
    assert found.skipped[0].why == "the same as a.csv, row 3"


def test_same_name_with_other_details_is_asked_about() -> None:
    other = LIST.format("Kho bịa").replace(",50", ",70")
    found = parsed(archive(a_csv=LIST.format("Kho bịa"), b_csv=other))
    assert len({call.call_id for call in found.records}) == 2
    assert [each.doubt.code for each in found.rows[1].doubts] == ["call.repeated"]


@pytest.mark.parametrize(
    ("data", "words"),
    [(archive(), "The archive is empty"), (b"PK\x03\x04 broken", "cut short or damaged"),
     (archive(a_zip="x"), "another archive"), (archive(a_jpg="x"), "holds no list")],
    ids=["empty", "broken", "nested", "no-list"],
)  # fmt: skip
def test_archives_without_lists_are_refused(data: bytes, words: str) -> None:
    with pytest.raises(ImportFailed) as refused:
        parsed(data)
    assert words in str(refused.value)
