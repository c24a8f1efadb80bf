"""Parse made-up tables held in memory; nothing in these tests is real."""

from pathlib import Path

from data.importers.kinds import KINDS
from data.importers.problems import ImportFailed
from data.importers.table import Parsed, parse_table
from data.records import Place, ProjectCall


def parse(text: str, kind: str = "calls", *, default: Place | None = None) -> Parsed:
    """Return what a CSV text holds."""
    return parse_table(
        KINDS[kind], Path("made-up.csv"), text.encode(), default_place=default or Place()
    )


def one_call(**cells: str) -> ProjectCall:
    """Return the call of a row with the cells given."""
    found = parse(table(**cells)).records[0]
    assert isinstance(found, ProjectCall)
    return found


def table(**cells: str) -> str:
    """Return a table with one call, its id and title filled in."""
    filled = {"call_id": "c1", "title": "Dự án bịa"} | cells
    quoted = (f'"{value}"' for value in filled.values())
    return f"{','.join(filled)}\n{','.join(quoted)}\n"


def problems(text: str, kind: str = "calls") -> list[str]:
    """Return the problems for which a text is refused."""
    try:
        parse(text, kind)
    except ImportFailed as error:
        return [str(problem) for problem in error.problems]
    raise AssertionError("the text was not refused")
