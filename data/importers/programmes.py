"""Parse cooperation programmes from a JSON file."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from data.importers.fields import LONGEST_ID, FieldDoubt, FieldValue
from data.importers.parsed import Parsed
from data.importers.places import place_of, place_value
from data.importers.problems import ImportFailed, Problem, shown
from data.importers.report import ReportRow
from data.importers.signatures import kind_of, wide_encoding
from data.records import PartialDate, Place, Programme
from data.reference.provinces import nearest, resolve_province
from data.reference.sectors import resolve_sectors
from data.reference.spelling import fold, nfc

_KNOWN = frozenset(
    ("programme_id", "name_vi", "partners", "counterparts", "fields", "period", "signed_on",
     "source")
)  # fmt: skip


def parse_programmes(path: Path, data: bytes) -> Parsed:
    """Return the programmes of a JSON file: a list, or an object with the list "programmes".

    Each needs programme_id, name_vi, partners and counterparts (lists of provinces, the second
    may be empty); what else it holds is kept as facts. Raises ImportFailed with every problem.
    """
    readers = [_Reader(place, item) for place, item in enumerate(_items(path, data), start=1)]
    records = [reader.build() for reader in readers]
    problems = [problem for reader in readers for problem in reader.problems]
    first: dict[str, str] = {}
    for reader, record in zip(readers, records, strict=True):
        earlier = first.setdefault(record.programme_id, reader.where)
        if record.programme_id and earlier != reader.where:
            why = f"The programme_id {shown(record.programme_id)} is already in {earlier}."
            problems.append(Problem(reader.where, record.programme_id, why, "Change one of them."))
    if not readers:
        problems.append(Problem("", "", "The file holds no programme.", "Add one."))
    if problems:
        raise ImportFailed(path.name, problems)
    return Parsed(records, [ReportRow(r.where, r.fields, r.doubts) for r in readers])


def _items(path: Path, data: bytes) -> list[Any]:
    def failed(why: str, remedy: str, where: str = "") -> ImportFailed:
        return ImportFailed(path.name, [Problem(where, "", why, remedy)])

    found = kind_of(data) or wide_encoding(data)
    if found:
        raise failed(f"This is {found}, not JSON in UTF-8.", "Give a .json file in UTF-8.")
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise failed(
            f"The file is not in UTF-8 (byte {error.start}).", "Save it as UTF-8."
        ) from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        why = f"The file is no whole JSON document: {error.msg}."
        raise failed(why, "Correct it, or fetch the file again.", where) from None
    except RecursionError:
        raise failed("The JSON is nested too deeply.", "Give a list of programmes.") from None
    items = document.get("programmes") if isinstance(document, dict) else document
    if not isinstance(items, list):
        raise failed("The JSON is not a list of programmes.", 'Write [{"programme_id": …}, …].')
    return items


@dataclass(slots=True)
class _Reader:
    """One programme being read."""

    number: int
    item: Any
    fields: dict[str, FieldValue] = field(default_factory=dict)
    doubts: list[FieldDoubt] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def where(self) -> str:
        return f"programme {self.number}"

    def build(self) -> Programme:
        """Return the programme; what is wrong with it is noted."""
        item: Mapping[str, Any] = self.item if isinstance(self.item, dict) else {}
        if not isinstance(self.item, dict):
            self._problem("", str(self.item), "This is not an object.", "Write {…}.")
        fields = self._texts(item, "fields")
        sectors = (code for each in fields for code in _sectors(each))
        return Programme(
            programme_id=self._text(item, "programme_id", required=True),
            name_vi=self._text(item, "name_vi", required=True),
            partners=self._places(item, "partners"),
            counterparts=self._places(item, "counterparts"),
            fields=fields,
            sectors=tuple(dict.fromkeys(sectors)),
            period=self._text(item, "period"),
            signed_on=self._date(item),
            source=self._text(item, "source"),
            facts={key: _composed(value) for key, value in item.items() if key not in _KNOWN},
        )

    def _problem(self, name: str, value: str, why: str, remedy: str) -> None:
        where = f"{self.where}, {name}" if name else self.where
        self.problems.append(Problem(where, value, why, remedy))

    def _keep(self, name: str, value: object, text: str) -> None:
        self.fields[name] = FieldValue(value, text, f"{self.where}, {name}", 1.0)

    def _text(self, item: Mapping[str, Any], name: str, *, required: bool = False) -> str:
        value = item.get(name)
        if value is not None and not isinstance(value, str | int | float):
            self._problem(name, str(value), f"{name} is not a text.", 'Write "…".')
        text = nfc(str(value)).strip() if isinstance(value, str | int | float) else ""
        if required and not text and item:
            self._problem(name, "", f"{name} is missing.", "Fill it in.")
        if name == "programme_id" and len(text) > LONGEST_ID:
            self._problem(name, text, "programme_id is too long.", f"Shorten it to {LONGEST_ID}.")
        self._keep(name, text, text)
        return text

    def _texts(self, item: Mapping[str, Any], name: str) -> tuple[str, ...]:
        value = item.get(name) or []
        if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
            self._problem(name, str(value), f"{name} is not a list of texts.", 'Write ["…", …].')
            return ()
        found = tuple(nfc(part).strip() for part in value if part.strip())
        self._keep(name, list(found), "|".join(found))
        return found

    def _places(self, item: Mapping[str, Any], name: str) -> tuple[Place, ...]:
        written = self._texts(item, name)
        if item and (name not in item or (name == "partners" and not written)):
            self._problem(name, "", f"{name} is missing.", 'Name provinces: ["Thanh Hóa", …].')
        places = [self._place(name, text) for text in written]
        self._keep(name, [place_value(place) for place in places], "|".join(written))
        return tuple(places)

    def _place(self, name: str, text: str) -> Place:
        match = resolve_province(text)
        if match is None:
            close = ", ".join(nearest(text))
            remedy = f"The nearest are {close}." if close else "Write a province's name."
            self._problem(name, text, f"{shown(text)} is not a province.", remedy)
            return Place(as_written=text)
        where = f"{self.where}, {name}"
        self.doubts.extend(FieldDoubt(name, where, doubt) for doubt in match.doubts)
        return place_of(match)

    def _date(self, item: Mapping[str, Any]) -> PartialDate | None:
        text = self._text(item, "signed_on")
        if not text:
            return None
        try:
            return PartialDate(text)
        except ValueError as error:
            self._problem("signed_on", text, str(error), "Write YYYY, YYYY-MM or YYYY-MM-DD.")
            return None


def _sectors(written: str) -> tuple[str, ...]:
    """Return the sectors of a programme's field, which speaks as ministries are named."""
    branches = [codes for words, codes in _BRANCHES.items() if words in fold(written)]
    return (*resolve_sectors(written).codes, *(code for codes in branches for code in codes))


_BRANCHES = {
    "cong thuong": ("manufacturing", "energy", "retail"),
    "ha tang": ("infrastructure",),
    "giao thong": ("infrastructure", "logistics-port"),
    "chuyen doi so": ("ict",),
    "khoa hoc": ("ict",),
}


def _composed(value: Any) -> Any:
    """Return a JSON value with all its texts in composed form."""
    if isinstance(value, str):
        return nfc(value)
    if isinstance(value, Sequence):
        return [_composed(part) for part in value]
    if isinstance(value, Mapping):
        return {nfc(str(key)): _composed(part) for key, part in value.items()}
    return value
