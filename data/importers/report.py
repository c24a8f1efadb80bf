"""What an import found and did, and how `--json` shows it."""

from collections.abc import Sequence
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
    """Something in the file that was left out, and why."""

    where: str
    why: str


@dataclass(frozen=True, slots=True)
class Total:
    """A total that the file states, checked: sums in VND for capital, hectares for land_ha."""

    where: str
    field: str
    stated: float
    computed: float
    agrees: bool


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The outcome of one file. `applied` is False for a dry run."""

    file: str
    kind: str
    applied: bool
    rows: Sequence[ReportRow]
    changes: Changes
    skipped: Sequence[Skipped] = ()
    totals: Sequence[Total] = ()

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
