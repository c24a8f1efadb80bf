"""Read a file's published lists into calls: the walk, the styles, the fields, the totals."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from data.importers.fields import FieldValue, FileContext
from data.importers.grid import Grid
from data.importers.layout import totals
from data.importers.layout.cells import ListRow, list_row
from data.importers.layout.found import Walk
from data.importers.layout.identity import ONE_PROJECT, TWO_PROJECTS, call_id
from data.importers.layout.meaning import ask_meaning
from data.importers.layout.remarks import keep_remarks
from data.importers.layout.row import build_call
from data.importers.layout.sizes import Styles
from data.importers.layout.sums import Style
from data.importers.layout.walk import walk
from data.importers.parsed import Parsed
from data.importers.report import ReportRow
from data.quantities import NumberStyle
from data.records import Place, ProjectCall
from data.reference.doubts import Doubt

Progress = Callable[[int, int], None]


def parse_lists(
    grids: Sequence[Grid], *, default_place: Place, progress: Progress | None = None
) -> Parsed | None:
    """Return the calls of all lists in a file's sheets or tables; None when there is no list."""
    found = walk(grids)
    if not found.entries:
        return None
    styles = _styles(found)
    context = FileContext(default_place=default_place)
    readers = [list_row(entry.sheet.grid, entry.row, context) for entry in found.entries]
    calls = []
    for done, (entry, reader) in enumerate(zip(found.entries, readers, strict=True), start=1):
        calls.append(build_call(entry, reader, styles))
        ask_meaning(entry, reader)
        keep_remarks(entry, reader)
        if progress and (done % 200 == 0 or done == len(readers)):
            progress(done, len(readers))
    capital = totals.check(found, "capital", styles.capital, [c.capital for c in calls])
    land = totals.check(found, "land", styles.land, [c.land for c in calls])
    calls = _named(calls, readers)
    rows = [
        ReportRow(reader.grid.row_place(reader.row.number), reader.fields, reader.doubts)
        for reader in readers
    ]
    return Parsed(calls, rows, found.skipped, [*capital, *land], understood=True)


def _styles(found: Walk) -> Styles:
    capital, land = totals.texts_of(found, "capital"), totals.texts_of(found, "land")
    of_capital = totals.settle(found, "capital", capital + land)
    of_land = totals.settle(found, "land", capital + land)
    unknown = of_land.style is NumberStyle.GUESS and not of_land.contested
    if unknown and of_capital.proven:  # a total of sums tells how the file writes: likely, so ask
        of_land = Style(of_capital.style, contested=True)
    return Styles(of_capital, of_land)


def _named(calls: Sequence[ProjectCall], readers: Sequence[ListRow]) -> list[ProjectCall]:
    """Give each call an id; a second of one name and place is told apart, with a doubt."""
    seen: dict[str, int] = {}
    first: dict[str, str] = {}
    named = []
    for call, reader in zip(calls, readers, strict=True):
        made = call_id(call.place.code, call.title, call.location)
        here = reader.grid.row_place(reader.row.number)
        seen[made] = seen.get(made, 0) + 1
        before = first.setdefault(made, here)
        if seen[made] > 1:
            reader.ask("call_id", "title", (_again(before),))
            made = f"{made}-{seen[made]}"
        confidence = 1.0 if before == here else 0.5
        reader.fields["call_id"] = FieldValue(made, "", here, confidence)
        named.append(replace(call, call_id=made))
    return named


def _again(before: str) -> Doubt:
    return Doubt(
        "call.repeated",
        f"Tên và địa điểm giống {before}: là hai dự án hay một dự án ghi hai lần?",
        f"Name and place are those of {before}: two projects, or one written twice?",
        (TWO_PROJECTS, ONE_PROJECT),
    )
