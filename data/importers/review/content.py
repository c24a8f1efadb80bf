"""What a draft holds, as objects and as the JSON that its table keeps."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from dataclasses import field as made_by
from typing import Any

from data.importers.parse import TABLES
from data.importers.parsed import Parsed
from data.importers.report import Emptied, Remark, Skipped, Total
from data.records import Investor
from data.rows import KEYS, RECORD_OF, ROW_OF, Row, investor_of

FORMAT = 1


@dataclass(slots=True)
class Item:
    """One row of the file: the row it would make, its fields as read, its doubts, all JSON.

    `dropped` items are not taken over: a person said that they repeat another.
    """

    where: str
    record: Row
    fields: dict[str, dict[str, Any]]
    doubts: list[dict[str, Any]]
    dropped: bool = False


@dataclass(slots=True)
class Question:
    """A question about one field of one or more items (by place from 0), and their answers."""

    number: int
    field: str
    code: str
    vi: str
    en: str
    candidates: list[str]
    items: list[int]
    answers: dict[str, str] = made_by(default_factory=dict)  # place of an item: answer

    @property
    def open(self) -> list[int]:
        """The items for which no one has answered yet."""
        return [place for place in self.items if str(place) not in self.answers]


@dataclass(slots=True)
class Content:
    """All of a draft: items, questions, what a newer edition lacks, what the file said besides.

    `base` holds a digest of each stored row that the draft would touch, as it was when the
    differences were last shown; "" where there was none.
    """

    kind: str
    understood: bool
    items: list[Item]
    questions: list[Question] = made_by(default_factory=list)
    gone: list[dict[str, str]] = made_by(default_factory=list)
    base: dict[str, str] = made_by(default_factory=dict)
    skipped: list[Skipped] = made_by(default_factory=list)
    totals: list[Total] = made_by(default_factory=list)
    remarks: list[Remark] = made_by(default_factory=list)
    emptied: list[Emptied] = made_by(default_factory=list)

    @property
    def table(self) -> str:
        return TABLES[self.kind]

    @property
    def kept(self) -> list[Item]:
        """The items that would be taken over."""
        return [item for item in self.items if not item.dropped]

    def key(self, item: Item) -> tuple[str, ...]:
        """Return the key that an item's row has in its table."""
        return tuple(str(item.record[part]) for part in KEYS[self.table])

    def title(self, item: Item) -> str:
        """Return the name by which a person knows an item."""
        names = (item.record.get(name) for name in ("title", "name", "name_vi"))
        return next((str(name) for name in names if name), "")

    def as_json(self) -> dict[str, Any]:
        """Return the content as the table keeps it."""
        return {"format": FORMAT, **asdict(self)}

    @staticmethod
    def from_json(stored: Mapping[str, Any]) -> "Content":
        """Return the content of a table's row."""
        return Content(
            kind=stored["kind"],
            understood=stored["understood"],
            items=[Item(**each) for each in stored["items"]],
            questions=[Question(**each) for each in stored["questions"]],
            gone=list(stored["gone"]),
            base=dict(stored["base"]),
            skipped=[Skipped(**each) for each in stored["skipped"]],
            totals=[Total(**each) for each in stored["totals"]],
            remarks=[Remark(**each) for each in stored["remarks"]],
            emptied=[Emptied(**each) for each in stored["emptied"]],
        )


def content_of(kind: str, parsed: Parsed) -> Content:
    """Return what a file's reading amounts to, not yet compared with the database."""
    table = TABLES[kind]
    items = []
    for record, row in zip(parsed.records, parsed.rows, strict=True):
        made = ROW_OF[table](record)
        if isinstance(record, Investor):
            made["aliases"] = list(record.aliases)
        fields = {
            name: {
                "value": each.value,
                "text": each.text,
                "where": each.where,
                "confidence": each.confidence,
            }
            for name, each in row.fields.items()
        }
        doubts = [
            {
                "field": each.field,
                "where": each.where,
                "code": each.doubt.code,
                "question_vi": each.doubt.question_vi,
                "question": each.doubt.question_en,
                "candidates": list(each.doubt.candidates),
            }
            for each in row.doubts
        ]
        items.append(Item(row.where, made, fields, doubts))
    return Content(
        kind=kind,
        understood=parsed.understood,
        items=items,
        skipped=list(parsed.skipped),
        totals=list(parsed.totals),
        remarks=list(parsed.remarks),
    )


def records_of(table: str, rows: Sequence[Row]) -> list[Any]:
    """Return the records of rows, as the writers of `data.commands` take them."""
    if table == "investor":
        return [investor_of(row, row.get("aliases", ())) for row in rows]
    make = RECORD_OF[table]
    return [make(row) for row in rows]
