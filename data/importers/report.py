"""What an import found and did, and how `--json` shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from data.commands import Changes, Status
from data.importers.fields import FieldDoubt, FieldValue


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One row: its place, fields by column name, doubts."""

    where: str
    fields: dict[str, FieldValue]
    doubts: Sequence[FieldDoubt]


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something in the file that was left out, and why, in English and Vietnamese."""

    where: str
    why: str
    why_vi: str = ""


@dataclass(frozen=True, slots=True)
class Emptied:
    """A value that was read with too little confidence to be taken over: left empty."""

    where: str
    field: str
    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Total:
    """A total that the file states, checked: sums in VND for capital, hectares for land_ha."""

    where: str
    field: str
    stated: float
    computed: float
    agrees: bool


@dataclass(frozen=True, slots=True)
class Remark:
    """Something a person should know of how a file was read, in both languages."""

    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The outcome of one file.

    `applied` is False for a dry run, and for a draft, whose id is `draft`. `review` is what
    `data.drafts.Draft.as_json` gives: differences, questions, what is gone; None for a table with
    our own columns, which is taken over as it is. `emptied` are values left out by a threshold.
    """

    file: str
    kind: str
    applied: bool
    rows: Sequence[ReportRow]
    changes: Changes
    skipped: Sequence[Skipped] = ()
    totals: Sequence[Total] = ()
    remarks: Sequence[Remark] = ()
    draft: str = ""
    review: Mapping[str, Any] | None = None
    emptied: Sequence[Emptied] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the report as `ketnoi import --json` prints it."""
        pairs = zip(self.rows, self.changes.statuses, strict=True)
        return {
            "file": self.file,
            "kind": self.kind,
            "applied": self.applied,
            "counts": {
                "new": self.changes.new,
                "changed": self.changes.changed,
                "same": self.changes.same,
            },
            "rows": [_row_json(row, status) for row, status in pairs],
            "skipped": [{"where": each.where, "why": each.why} for each in self.skipped],
            "totals": [asdict(each) for each in self.totals],
            "remarks": [asdict(each) for each in self.remarks],
            "emptied": [asdict(each) for each in self.emptied],
            "draft": self.draft or None,
            "review": None if self.review is None else dict(self.review),
        }


def _row_json(row: ReportRow, status: Status) -> dict[str, Any]:
    return {
        "status": status,
        "where": row.where,
        "fields": {
            name: {
                "value": field.value,
                "text": field.text,
                "where": field.where,
                "confidence": field.confidence,
            }
            for name, field in row.fields.items()
        },
        "doubts": [
            {
                "field": each.field,
                "where": each.where,
                "code": each.doubt.code,
                "question": each.doubt.question_en,
                "question_vi": each.doubt.question_vi,
                "candidates": list(each.doubt.candidates),
            }
            for each in row.doubts
        ],
    }
