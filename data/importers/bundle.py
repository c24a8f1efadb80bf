"""Read a zip archive of lists as one import: all of its documents or none."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from data.importers.documents.zips import members
from data.importers.fields import FieldDoubt, FieldValue
from data.importers.layout.identity import ONE_PROJECT, TWO_PROJECTS
from data.importers.parsed import Parsed
from data.importers.problems import ImportFailed, Problem
from data.importers.report import Remark, ReportRow, Skipped, Total
from data.importers.textfile import TextProblem
from data.records import ProjectCall
from data.reference.doubts import Doubt

Parse = Callable[[Path, bytes], Parsed]
Key = Callable[[Any], tuple[str, ...]]


def parse_bundle(
    path: Path, data: bytes, parse: Parse, readable: Iterable[str], key: Key
) -> Parsed:
    """Return the records of all documents of an archive; `parse` reads one, `key` names a record.

    Files whose ending is not among `readable` are left out and reported. Raises ImportFailed with
    the problems of all documents.
    """
    endings = tuple(readable)
    found: list[Parsed] = []
    skipped: list[Skipped] = []
    problems: list[Problem] = []
    try:
        for name, content in members(data):
            if not name.lower().endswith(endings):
                skipped.append(
                    Skipped(name, "it is no list that can be read", "không phải danh sách đọc được")
                )
                continue
            try:
                found.append(_located(parse(Path(name), content), name))
            except ImportFailed as error:
                problems += [
                    replace(each, where=f"{name}: {each.where}".rstrip(": "))
                    for each in error.problems
                ]
    except TextProblem as error:
        problems.append(error.problem)
    if not found and not problems:
        remedy = f"It may hold files ending in {', '.join(endings)}."
        problems.append(Problem("", path.name, "The archive holds no list.", remedy))
    if problems:
        raise ImportFailed(path.name, problems)
    return _joined(path, found, skipped, key)


def _located(parsed: Parsed, name: str) -> Parsed:
    """Return what a document holds with its name before every place."""

    def at(where: str) -> str:
        return f"{name}, {where}" if where else name

    rows = [
        ReportRow(
            at(row.where),
            {key: _field_at(field, at) for key, field in row.fields.items()},
            [FieldDoubt(each.field, at(each.where), each.doubt) for each in row.doubts],
        )
        for row in parsed.rows
    ]
    return replace(
        parsed,
        rows=rows,
        skipped=[replace(each, where=at(each.where)) for each in parsed.skipped],
        totals=[replace(each, where=at(each.where)) for each in parsed.totals],
        remarks=[Remark(f"{name}: {each.vi}", f"{name}: {each.en}") for each in parsed.remarks],
    )


def _field_at(field: FieldValue, at: Callable[[str], str]) -> FieldValue:
    return replace(field, where=at(field.where))


def _joined(path: Path, found: Sequence[Parsed], skipped: list[Skipped], key_of: Key) -> Parsed:
    records: list[Any] = []
    rows: list[ReportRow] = []
    totals: list[Total] = []
    remarks: list[Remark] = []
    problems: list[Problem] = []
    first: dict[tuple[str, ...], int] = {}
    for each in found:
        for record, row in zip(each.records, each.rows, strict=True):
            key = key_of(record)
            before = first.get(key)
            if before is None:
                first[key] = len(records)
            elif record == records[before]:
                why = f"the same as {rows[before].where}"
                skipped.append(Skipped(row.where, why, f"giống {rows[before].where}"))
                continue
            elif each.understood and isinstance(record, ProjectCall):
                record, row = _second(record, row, rows[before].where, first)
                first[key_of(record)] = len(records)
            else:
                why = f"{' / '.join(key)} is already in {rows[before].where}, with other details."
                problems.append(Problem(row.where, " / ".join(key), why, "Keep one of them."))
                continue
            records.append(record)
            rows.append(row)
        skipped += each.skipped
        totals += each.totals
        remarks += each.remarks
    if problems:
        raise ImportFailed(path.name, problems)
    understood = any(each.understood for each in found)
    return Parsed(records, rows, skipped, totals, understood, remarks)


def _second(
    call: ProjectCall, row: ReportRow, before: str, taken: dict[tuple[str, ...], int]
) -> tuple[ProjectCall, ReportRow]:
    """Give a call of another document an id of its own, with a doubt."""
    number = 2
    while (f"{call.call_id}-{number}",) in taken:
        number += 1
    made = f"{call.call_id}-{number}"
    doubt = Doubt(
        "call.repeated",
        f"Tên và địa điểm giống {before}: là hai dự án hay một dự án ghi hai lần?",
        f"Name and place are those of {before}: two projects, or one written twice?",
        (TWO_PROJECTS, ONE_PROJECT),
    )
    fields = row.fields | {"call_id": FieldValue(made, "", row.where, 0.5)}
    doubts = [*row.doubts, FieldDoubt("call_id", row.where, doubt)]
    return replace(call, call_id=made), ReportRow(row.where, fields, doubts)
