"""The view that all files share: names, local times, order, and what does not belong."""

import pytest

from api.event_files.view import EventView, build_view
from api.event_files.writing import agenda, safe_name
from matcher.events.fields import EventError
from matcher.events.parsing import parse_event
from matcher.events.schedule import Meeting
from tests.support.named_events import NAMES, PLACE, named_event

MEETINGS = (
    Meeting("a1", "b0", "s1", "t1"),
    Meeting("a0", "b0", "s0", "t0", "k0", "held"),
    Meeting("a2", "b1", "s0", "t2", None, "no_show"),
)


@pytest.fixture
def view() -> EventView:
    return build_view(parse_event(named_event()).event, MEETINGS, version="Bản 2")


def test_rows_are_in_order_of_time_without_those_not_held(view: EventView) -> None:
    assert [(row.meeting.a, row.when) for row in view.rows] == [
        ("a0", "08:00–08:20"),
        ("a1", "08:20–08:40"),
    ]
    assert (view.rows[0].a, view.rows[0].table) == (NAMES[0], "Bàn 1")
    assert view.subtitle == f"{PLACE} · 05/12/2026 · Bản 2"


def test_everyone_has_a_sheet_but_idle_standby(view: EventView) -> None:
    ids = [sheet.id for sheet in view.people]
    assert len(ids) == 18
    assert "z" not in ids
    host = next(sheet for sheet in view.people if sheet.id == "b0")
    assert [row.other("b0") for row in host.rows] == [NAMES[0], NAMES[1]]
    assert host.note == "Dự án, địa phương / Project · vi"


def test_people_are_sorted_as_names_are_looked_up() -> None:
    document = named_event()
    for person, name in zip(document["participants"], ("Đào", "Dũng", "Ái", "Zeta"), strict=False):
        person["name"] = name
    document["participants"] = document["participants"][:4]
    for key in ("pairs", "vetoes", "fixed"):
        document[key] = []
    document["tables"] = [{"id": "t0"}]
    view = build_view(parse_event(document).event, ())
    assert [sheet.name for sheet in view.people] == ["Ái", "Đào", "Dũng", "Zeta"]


def test_days_are_named_when_there_are_several() -> None:
    document = named_event()
    document["slots"][4] |= {
        "start": "2026-12-06T08:00:00+07:00",
        "end": "2026-12-06T01:20:00Z",
    }
    view = build_view(parse_event(document).event, ())
    assert [when for _, when in view.slots][-1] == "06/12 08:00–08:20"
    assert "05/12/2026–06/12/2026" in view.subtitle


def test_times_are_the_events_not_the_files() -> None:
    document = named_event()
    document["slots"][0] |= {"start": "2026-12-05T01:00:00Z", "end": "2026-12-05T01:20:00+00:00"}
    view = build_view(parse_event(document).event, MEETINGS)
    assert view.rows[0].when == "08:00–08:20"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("supply-demand", "Bên bán / Seller"),
        ("supply_demand", "Bên bán / Seller"),
        ("investment", "Nhà đầu tư / Investor"),
        ("other", "Bên A / Side A"),
    ],
)
def test_sides_are_called_by_the_kind_of_event(kind: str, expected: str) -> None:
    document = named_event()
    document["event"]["kind"] = kind
    assert build_view(parse_event(document).event, ()).side("a") == expected


def test_meeting_of_another_event_is_named() -> None:
    event = parse_event(named_event()).event
    with pytest.raises(EventError) as caught:
        build_view(event, [MEETINGS[0], Meeting("a0", "x", "s0", "t9", "k7")])
    assert [problem.place for problem in caught.value.problems] == [
        "meetings[1].b",
        "meetings[1].table",
        "meetings[1].interpreter",
    ]


def test_agenda_names_everything(view: EventView) -> None:
    document = agenda(view)
    meeting = document["meetings"][0]
    assert meeting["start"] == "2026-12-05T08:00:00+07:00"
    assert (meeting["status"], meeting["interpreter_name"]) == ("held", "Nguyễn Thị Ánh Nguyệt")
    host = next(person for person in document["people"] if person["id"] == "b0")
    assert host["meetings"] == [{"with": "a0", "slot": "s0"}, {"with": "a1", "slot": "s1"}]


def test_file_names_are_safe_and_differ() -> None:
    taken: set[str] = set()
    ids = ["a/b", "a\\b", "../x", "A_B", "con", "Đào", "...", "x" * 300]
    names = [safe_name(identity, taken) for identity in ids]
    assert len({name.lower() for name in names}) == len(ids)
    assert names[0] == "a_b"
    assert names[4] == "_con"
    assert all(len(name) < 100 and "/" not in name and name[0] != "." for name in names)
