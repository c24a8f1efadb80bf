"""Drafts of imports: nothing before a person's word, answers, confirmation, next year's list."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from data import commands, drafts, queries
from data.drafts import DraftStale
from data.errors import KetnoiError, NotFound
from data.history import call_history
from data.importers.parse import ImportRequest
from data.importers.problems import ImportFailed
from data.importers.review.diff import review
from tests.integration.data.made_up import call

TITLE = "DANH MỤC DỰ ÁN KÊU GỌI ĐẦU TƯ TỈNH THANH HÓA"
HEADER = ("TT", "Tên dự án", "Địa điểm", "Lĩnh vực", "Diện tích (ha)", "Vốn đầu tư (tỷ đồng)")
PLANT = ("1", "Nhà máy bịa", "xã Hoằng Hóa", "Công nghiệp", "20", "500")
RESORT = ("2", "Khu nghỉ dưỡng bịa", "xã Sầm Sơn", "Du lịch", "30", "900")
STORE = ("3", "Kho bịa", "xã Nghi Sơn", "Logistics", "10", "300")
OPEN = ("4", "Cảng bịa", "xã Hải Yến", "Logistics", "10", "1.200")


def listed(*rows: Sequence[str], title: str = TITLE) -> bytes:
    stream = io.StringIO()
    csv.writer(stream).writerows([(title,), HEADER, *rows])
    return stream.getvalue().encode()


def draft_of(connection: Connection, data: bytes, **options: object) -> str:
    request = ImportRequest("calls", Path("danh-muc.csv"), **options)  # type: ignore[arg-type]
    return drafts.create_draft(connection, request, data)


def taken(connection: Connection, *rows: Sequence[str]) -> None:
    drafts.confirm(connection, draft_of(connection, listed(*rows)), by="lan")


def statuses(connection: Connection, draft_id: str) -> list[str]:
    content = drafts.get_draft(connection, draft_id).content
    assert content is not None
    return [each.status for each in review(connection, content).rows]


def test_draft_leaves_tables_alone(connection: Connection) -> None:
    draft_id = draft_of(connection, listed(PLANT, OPEN), owner="tt-xtdt", by="lan")
    draft = drafts.get_draft(connection, draft_id)

    assert queries.calls(connection) == []
    assert (draft.owner, draft.created_by, draft.status, draft.version) == (
        "tt-xtdt", "lan", "draft", 1,
    )  # fmt: skip
    assert draft.summary == {
        "rows": 2, "new": 2, "changed": 0, "same": 0, "gone": 0, "questions": 1,
    }  # fmt: skip


def test_refused_file_leaves_nothing(connection: Connection) -> None:
    with pytest.raises(ImportFailed):
        draft_of(connection, b"%PDF-1.7 nothing")
    assert drafts.list_drafts(connection, status=None) == []


def test_confirmed_draft_is_in_tables_once(connection: Connection) -> None:
    draft_id = draft_of(connection, listed(PLANT, RESORT))
    done = drafts.confirm(connection, draft_id, by="lan")

    assert (done.changes.new, len(queries.calls(connection))) == (2, 2)
    assert drafts.list_drafts(connection) == []
    with pytest.raises(KetnoiError) as again:
        drafts.confirm(connection, draft_id)
    assert again.value.code == "draft.closed"


def test_discarded_draft_changes_nothing(connection: Connection) -> None:
    draft_id = draft_of(connection, listed(PLANT))
    drafts.discard(connection, draft_id)

    assert queries.calls(connection) == []
    assert [each.status for each in drafts.list_drafts(connection, status=None)] == ["discarded"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [("a", 1_200e9), ("b", 1.2e9), ("1500 tỷ đồng", 1_500e9), ("ok", 1_200e9), ("none", None)],
)
def test_answer_settles_capital(connection: Connection, given: str, expected: float | None) -> None:
    draft_id = draft_of(connection, listed(OPEN))
    draft = drafts.answer(connection, draft_id, "1", given)
    drafts.confirm(connection, draft_id)

    assert draft.summary["questions"] == 0
    assert queries.calls(connection)[0].capital.vnd.low == expected


@pytest.mark.parametrize(("given", "expected"), [("a", "15 triệu USD"), ("b", "15 tỷ đồng")])
def test_answer_settles_which_unit_counts(
    connection: Connection, given: str, expected: str
) -> None:
    header = "TT,Tên dự án,Địa điểm,Vốn đầu tư (tỷ đồng)"
    text = f"{TITLE}\n{header}\n1,Nhà máy bịa,xã X,15 triệu USD\n2,Kho bịa,xã X,500\n"
    draft_id = draft_of(connection, text.encode())
    drafts.answer(connection, draft_id, "1", given)
    drafts.confirm(connection, draft_id)

    plant = next(each for each in queries.calls(connection) if each.title == "Nhà máy bịa")
    assert plant.capital.text == expected
    assert plant.capital.vnd.low == (15e9 if given == "b" else pytest.approx(15e6 * 26e3, rel=0.1))


@pytest.mark.parametrize("given", ["", "mùa xuân", "1.300", "-5 tỷ", "z"])
def test_wrong_answer_is_refused_with_the_choices(connection: Connection, given: str) -> None:
    draft_id = draft_of(connection, listed(OPEN))
    with pytest.raises(KetnoiError) as refused:
        drafts.answer(connection, draft_id, "1", given)

    assert refused.value.code == "draft.answer"
    assert "a) 1200 tỷ đồng; b) 1.2 tỷ đồng" in refused.value.message
    assert "Câu hỏi 1" in refused.value.message_vi


def test_unknown_question_is_refused(connection: Connection) -> None:
    draft_id = draft_of(connection, listed(OPEN))
    for question in ("2", "1.2", "1.x", "mot"):
        with pytest.raises(KetnoiError) as refused:
            drafts.answer(connection, draft_id, question, "a")
        assert refused.value.code == "draft.question"


def test_one_answer_gives_all_sums_their_unit(connection: Connection) -> None:
    header = ("TT", "Tên dự án", "Địa điểm", "Vốn đầu tư")
    rows = [(str(n), f"Nhà máy bịa {n}", "xã X", str(100 * n)) for n in (1, 2, 3)]
    stream = io.StringIO()
    csv.writer(stream).writerows([(TITLE,), header, *rows])
    draft_id = draft_of(connection, stream.getvalue().encode())

    before = drafts.get_draft(connection, draft_id)
    assert before.summary["questions"] == 1
    drafts.answer(connection, draft_id, "1", "tỷ đồng")
    drafts.answer(connection, draft_id, "1.2", "triệu USD")
    drafts.confirm(connection, draft_id)
    low = {each.title[-1]: each.capital.vnd.low for each in queries.calls(connection)}
    assert (low["1"], low["3"]) == (100e9, 300e9)
    assert low["2"] is not None and low["2"] > 4e12


def test_province_answered_gives_the_identity_of_the_stored_call(connection: Connection) -> None:
    taken(connection, PLANT)
    draft_id = draft_of(connection, listed(PLANT, title="DANH MỤC DỰ ÁN"))
    assert statuses(connection, draft_id) == ["new"]

    draft = drafts.answer(connection, draft_id, "1", "thanh hoa")
    assert statuses(connection, draft_id) == ["same"]
    assert draft.summary["questions"] == 0


def test_next_list_shows_changes_and_what_is_gone(connection: Connection) -> None:
    taken(connection, PLANT, RESORT, STORE)
    capital = (*PLANT[:5], "700")
    draft_id = draft_of(connection, listed(capital, RESORT))
    draft = drafts.get_draft(connection, draft_id)
    assert draft.content is not None
    found = review(connection, draft.content)

    assert [each.status for each in found.rows] == ["changed", "same"]
    old, new = found.rows[0].changes["capital"]
    assert (old["capital_vnd_low"], new["capital_vnd_low"]) == (500e9, 700e9)
    assert [each["title"] for each in draft.content.gone] == ["Kho bịa"]


@pytest.mark.parametrize(("withdraw", "status"), [(True, "closed"), (False, "open")])
def test_gone_calls_are_closed_only_on_a_word(
    connection: Connection, withdraw: bool, status: str
) -> None:
    taken(connection, PLANT, RESORT, STORE)
    done = drafts.confirm(
        connection, draft_of(connection, listed(PLANT, RESORT)), withdraw=withdraw
    )

    by_title = {each.title: each for each in queries.calls(connection)}
    assert by_title["Kho bịa"].status == status
    assert len(done.withdrawn) == withdraw
    assert by_title["Nhà máy bịa"].status == "open"


def test_another_list_of_the_province_takes_nothing_away(connection: Connection) -> None:
    taken(connection, PLANT, RESORT, STORE)
    draft_id = draft_of(connection, listed(OPEN))
    assert drafts.get_draft(connection, draft_id).summary["gone"] == 0


def test_call_of_another_source_is_known_by_its_identity(connection: Connection) -> None:
    taken(connection, PLANT)
    row = queries.calls(connection)[0]
    connection.execute(text("UPDATE project_call SET call_id = 'c1'"))
    shouted = ("1", "NHÀ MÁY BỊA", "X. Hoằng Hóa", *PLANT[3:])
    draft_id = draft_of(connection, listed(shouted))
    drafts.confirm(connection, draft_id)

    assert [each.call_id for each in queries.calls(connection)] == ["c1"]
    assert row.call_id != "c1"


def test_moved_call_is_asked_about_and_keeps_its_id(connection: Connection) -> None:
    taken(connection, PLANT, RESORT)
    first = next(each for each in queries.calls(connection) if each.title == "Nhà máy bịa")
    moved = (*PLANT[:2], "xã Thọ Xuân", *PLANT[3:])
    draft_id = draft_of(connection, listed(moved, RESORT))
    assert sorted(statuses(connection, draft_id)) == ["new", "same"]

    drafts.answer(connection, draft_id, "1", "a")
    assert sorted(statuses(connection, draft_id)) == ["changed", "same"]
    drafts.confirm(connection, draft_id, withdraw=True)
    assert queries.call(connection, first.call_id).location == "xã Thọ Xuân"
    assert queries.call(connection, first.call_id).status == "open"


def test_call_whose_name_gains_words_is_asked_about(connection: Connection) -> None:
    beach = ("2", "Khu du lịch biển Bịa", *RESORT[2:])
    longer = ("2", "Khu du lịch nghỉ dưỡng biển Bịa", *RESORT[2:])
    taken(connection, PLANT, beach)
    first = next(each for each in queries.calls(connection) if each.title == beach[1])
    draft_id = draft_of(connection, listed(PLANT, longer))
    drafts.answer(connection, draft_id, "1", "a")
    drafts.confirm(connection, draft_id, withdraw=True)

    kept = queries.call(connection, first.call_id)
    assert (kept.title, kept.status) == (longer[1], "open")


def test_what_a_list_leaves_unsaid_stays(connection: Connection) -> None:
    taken(connection, PLANT)
    known = queries.calls(connection)[0]
    connection.execute(text("UPDATE project_call SET title_en = 'Plant', closes_on = '2027'"))
    taken(connection, (*PLANT[:5], "700"))
    now = queries.call(connection, known.call_id)

    assert (now.title_en, now.capital.vnd.low) == ("Plant", 700e9)
    assert now.closes_on is not None and now.closes_on.text == "2027"


def test_of_two_drafts_one_wins_and_the_other_is_told(connection: Connection) -> None:
    taken(connection, PLANT)
    mine = draft_of(connection, listed((*PLANT[:5], "700")))
    theirs = draft_of(connection, listed((*PLANT[:5], "800")))
    drafts.confirm(connection, theirs)

    with pytest.raises(DraftStale) as stale:
        drafts.confirm(connection, mine)
    assert stale.value.ids == (queries.calls(connection)[0].call_id,)
    assert queries.calls(connection)[0].capital.vnd.low == 800e9
    drafts.refresh(connection, mine)
    drafts.confirm(connection, mine)
    assert queries.calls(connection)[0].capital.vnd.low == 700e9


def test_older_version_of_a_draft_is_told(connection: Connection) -> None:
    draft_id = draft_of(connection, listed(OPEN))
    drafts.answer(connection, draft_id, "1", "a", version=1)
    for late in (drafts.confirm, drafts.discard):
        with pytest.raises(KetnoiError) as refused:
            late(connection, draft_id, version=1)
        assert refused.value.code == "draft.version"


def test_draft_of_another_organisation_is_not_found(connection: Connection) -> None:
    draft_id = draft_of(connection, listed(OPEN), owner="a")
    with pytest.raises(NotFound):
        drafts.get_draft(connection, draft_id, owner="b")
    with pytest.raises(NotFound):
        drafts.confirm(connection, draft_id, owner="b")
    assert drafts.list_drafts(connection, owner="b") == []
    assert [each.draft_id for each in drafts.list_drafts(connection, owner="a")] == [draft_id]


def test_history_tells_who_changed_what(connection: Connection) -> None:
    taken(connection, PLANT, RESORT)
    changed = draft_of(connection, listed(PLANT, (*RESORT[:5], "950")))
    drafts.confirm(connection, changed, by="minh")
    call_id = next(c.call_id for c in queries.calls(connection) if c.title == RESORT[1])
    entries = call_history(connection, call_id)

    assert [(each.action, each.changed_by) for each in entries] == [
        ("new", "lan"), ("changed", "minh"),
    ]  # fmt: skip
    old, new = entries[1].changes["capital"]
    assert (old["capital_text"], new["capital_text"]) == ("900 tỷ đồng", "950 tỷ đồng")
    assert entries[1].draft_id == changed
    with pytest.raises(NotFound):
        call_history(connection, "nowhere")


def test_values_below_the_threshold_are_left_empty(connection: Connection) -> None:
    draft_id = draft_of(connection, listed(PLANT, OPEN), accept_below=0.6)
    content = drafts.get_draft(connection, draft_id).content
    assert content is not None
    drafts.confirm(connection, draft_id)

    by_title = {each.title: each.capital.vnd.low for each in queries.calls(connection)}
    assert by_title == {"Nhà máy bịa": 500e9, "Cảng bịa": None}
    assert [(each.field, each.text) for each in content.emptied] == [("capital", "1.200")]


def test_values_at_the_threshold_are_taken_as_read(connection: Connection) -> None:
    draft_id = draft_of(connection, listed(PLANT, OPEN), accept_below=0.5)
    draft = drafts.get_draft(connection, draft_id)
    drafts.confirm(connection, draft_id)

    assert draft.summary["questions"] == 0
    assert {each.capital.vnd.low for each in queries.calls(connection)} == {500e9, 1_200e9}


def test_repeated_project_may_be_dropped(connection: Connection) -> None:
    draft_id = draft_of(connection, listed(PLANT, ("2", *PLANT[1:])))
    drafts.answer(connection, draft_id, "1", "b")
    assert drafts.confirm(connection, draft_id).changes.new == 1


def test_investors_and_deals_may_wait_too(connection: Connection) -> None:
    data = b"investor_id,name,aliases\nv9,Bia Co.,Bia|B\xe1\xbb\x8ba\n"
    request = ImportRequest("investors", Path("investors.csv"))
    draft_id = drafts.create_draft(connection, request, data)
    drafts.confirm(connection, draft_id)
    assert queries.investor(connection, "v9").aliases == ("Bia", "Bịa")

    commands.upsert_calls(connection, [call()])
    rows = b"investor_id,call_id,date\nv9,c1,2024\n"
    request = ImportRequest("deals", Path("deals.csv"))
    drafts.confirm(connection, drafts.create_draft(connection, request, rows))
    assert len(queries.deals(connection)) == 1
    with pytest.raises(ImportFailed):
        drafts.create_draft(connection, request, rows.replace(b"v9", b"v8"))
