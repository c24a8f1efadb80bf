"""Eligibility rules as dated data: the table that ships and a centre's own that goes before it.

A rule says for which calls and investors it holds, from when to when, and what follows: blocked,
or needs check. `docs/eligibility.md` describes the columns.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Literal

from data.errors import KetnoiError
from data.quantities import QuantityError, parse_money
from data.reference.activities import activities
from data.reference.csvtable import table
from data.reference.provinces import resolve_province
from data.reference.sectors import sectors
from data.reference.spelling import fold, nfc

Effect = Literal["blocked", "needs check"]
Origin = Literal["any", "foreign", "domestic"]

FILE = "eligibility_rules.csv"
OFF = "off"
"""The effect by which a centre's table switches a shipped rule off."""

_EFFECTS = ("blocked", "needs check")
_ORIGINS = ("any", "foreign", "domestic")
_LARGEST = 5_000_000  # bytes of a centre's table


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. Empty scope lists do not narrow; of those given, one that fits is enough.

    ``vsic`` holds beginnings of VSIC codes, ``words`` folded words of titles. With ``land_ha_min``
    the rule holds for that land and more; with ``capital_min`` (VND) a call of that capital or
    more meets the rule's condition.
    """

    rule_id: str
    effect: Effect
    origin: Origin = "any"
    sectors: tuple[str, ...] = ()
    activities: tuple[str, ...] = ()
    vsic: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    provinces: tuple[str, ...] = ()  # codes of the 34 units
    land_ha_min: float | None = None
    capital_min: float | None = None
    name_vi: str = ""
    name_en: str = ""
    condition_vi: str = ""
    condition_en: str = ""
    remedy_vi: str = ""
    remedy_en: str = ""
    citation: str = ""
    valid_from: date | None = None
    valid_to: date | None = None  # the last day
    successor: str = ""  # a text that replaced it and was not seen: ask for it after valid_to
    source_url: str = ""

    def effect_on(self, day: date) -> Effect | None:
        """What the rule says on a day; a rule that was replaced unseen only asks for a check."""
        if self.valid_from and day < self.valid_from:
            return None
        if self.valid_to and day > self.valid_to:
            return "needs check" if self.successor else None
        return self.effect

    def lapsed(self, day: date) -> bool:
        return self.valid_to is not None and day > self.valid_to


@cache
def shipped_rules() -> tuple[Rule, ...]:
    """Return the rules that ship, by id."""
    return _read(list(table(FILE)), FILE)[0]


def load_rules(own: Path | None = None) -> tuple[Rule, ...]:
    """Return the rules in use, by id: those that ship, replaced and extended by a centre's own.

    A row of ``own`` with a shipped id replaces that rule, with the effect "off" it removes it.
    A missing file means no rules of one's own. Raises KetnoiError ("rules.…") with every fault.
    """
    rules = {rule.rule_id: rule for rule in shipped_rules()}
    if own is not None and own.is_file():
        replaced, off = _read(_rows_of(own), own.name)
        rules |= {rule.rule_id: rule for rule in replaced}
        for rule_id in off:
            rules.pop(rule_id, None)
    return tuple(rules[rule_id] for rule_id in sorted(rules))


def rules_version(rules: Sequence[Rule]) -> str:
    """Return a short value that changes whenever a rule does."""
    told = "\n".join(repr(rule) for rule in sorted(rules, key=lambda one: one.rule_id))
    return sha256(told.encode()).hexdigest()[:12]


def _rows_of(path: Path) -> list[Mapping[str, str]]:
    data = path.read_bytes()
    if len(data) > _LARGEST:
        raise _fault(path.name, [("", f"larger than {_LARGEST // 1_000_000} MB", "quá lớn")])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _fault(
            path.name, [("", "not in UTF-8; save it as UTF-8", "không phải UTF-8")]
        ) from None
    reader = csv.DictReader(io.StringIO(text, newline=""))
    known = {field.name for field in fields(Rule)} | {"capital_unit"}
    names = [name.strip() for name in reader.fieldnames or ()]
    reader.fieldnames = names
    faults = [
        (f"column {name!r}", f"unknown; known: {', '.join(sorted(known))}", "không có cột này")
        for name in names
        if name not in known
    ]
    faults += [
        (f"column {name!r}", "missing", "thiếu cột này")
        for name in ("rule_id", "effect", "citation")
        if name not in names
    ]
    try:
        rows: list[Mapping[str, str]] = list(reader)
    except csv.Error as error:
        faults.append((f"line {reader.line_num}", str(error), "không đọc được"))
        rows = []
    if faults:
        raise _fault(path.name, faults)
    return rows


def _read(rows: Iterable[Mapping[str, str]], name: str) -> tuple[tuple[Rule, ...], list[str]]:
    """Return the rules of rows and the ids that are switched off; raise with every fault."""
    rules: dict[str, Rule] = {}
    off: list[str] = []
    faults: list[tuple[str, str, str]] = []
    for line, row in enumerate(rows, start=2):
        cells = _Cells({key: nfc(value or "").strip() for key, value in row.items() if key}, line)
        if not any(cells.row.values()):
            continue
        rule_id = cells.row.get("rule_id", "")
        if rule_id in rules or rule_id in off:
            cells.fault("rule_id", "comes twice; keep one row", "bị trùng, hãy giữ một dòng")
        if cells.row.get("effect") == OFF:
            off.append(rule_id)
        else:
            rules[rule_id] = cells.rule()
        faults += cells.faults
    if faults:
        raise _fault(name, faults)
    return tuple(rules[rule_id] for rule_id in sorted(rules)), off


class _Cells:
    """One row being read; faults are gathered."""

    def __init__(self, row: dict[str, str], line: int) -> None:
        self.row, self.line = row, line
        self.faults: list[tuple[str, str, str]] = []

    def fault(self, column: str, why: str, why_vi: str) -> None:
        value = self.row.get(column, "")
        self.faults.append((f"line {self.line}, {column} {value!r}", why, why_vi))

    def rule(self) -> Rule:
        row = self.row
        for column in ("rule_id", "citation"):
            if not row.get(column):
                self.fault(column, "is empty; fill it in", "đang trống, hãy điền")
        start, end = self._day("valid_from"), self._day("valid_to")
        if start and end and start > end:
            self.fault("valid_to", "lies before valid_from", "trước valid_from")
        return Rule(
            rule_id=row.get("rule_id", ""),
            effect=self._one_of("effect", _EFFECTS),  # type: ignore[arg-type]
            origin=self._one_of("origin", _ORIGINS, default="any"),  # type: ignore[arg-type]
            sectors=self._known("sectors", sectors()),
            activities=self._known("activities", activities()),
            vsic=self._vsic(),
            words=tuple(fold(word) for word in self._list("words")),
            provinces=self._provinces(),
            land_ha_min=self._number("land_ha_min"),
            capital_min=self._capital(),
            **{column: row.get(column, "") for column in _TEXTS},
            valid_from=start,
            valid_to=end,
        )

    def _list(self, column: str) -> list[str]:
        return [part.strip() for part in self.row.get(column, "").split("|") if part.strip()]

    def _one_of(self, column: str, known: Sequence[str], default: str = "") -> str:
        value = self.row.get(column) or default
        if value not in known:
            listed = ", ".join(known)
            self.fault(column, f"is none of: {listed}", f"không thuộc: {listed}")
        return value

    def _known(self, column: str, known: Mapping[str, object]) -> tuple[str, ...]:
        found = self._list(column)
        for value in found:
            if value not in known:
                self.fault(column, f"{value!r} is not known", f"không có mã {value!r}")
        return tuple(found)

    def _vsic(self) -> tuple[str, ...]:
        found = self._list("vsic")
        if not all(code.isdigit() and len(code) <= 5 for code in found):
            self.fault("vsic", "write up to five digits, such as 8610", "ghi tối đa năm chữ số")
        return tuple(found)

    def _provinces(self) -> tuple[str, ...]:
        codes = []
        for name in self._list("provinces"):
            match = resolve_province(name)
            if match is None:
                self.fault("provinces", f"{name!r} is not a province", f"{name!r} không phải tỉnh")
            else:
                codes.append(match.code)
        return tuple(dict.fromkeys(codes))

    def _number(self, column: str) -> float | None:
        text = self.row.get(column, "")
        try:
            value = float(text) if text else None
        except ValueError:
            value = -1.0
        if value is not None and not 0 <= value < 1e9:
            self.fault(column, "write a number such as 50", "ghi một số như 50")
            return None
        return value

    def _capital(self) -> float | None:
        text = self.row.get("capital_min", "")
        if not text:
            return None
        try:
            value = parse_money(text, unit=self.row.get("capital_unit") or "VND").interval.low
        except QuantityError:
            value = None
        if value is None:
            self.fault("capital_min", "is no sum; write 20 with the unit triệu USD",
                       "không phải số tiền; ghi 20 với đơn vị triệu USD")  # fmt: skip
        return value

    def _day(self, column: str) -> date | None:
        text = self.row.get(column, "")
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            self.fault(column, "is no day; write YYYY-MM-DD", "không phải ngày; ghi YYYY-MM-DD")
            return None


_TEXTS = (
    "name_vi", "name_en", "condition_vi", "condition_en", "remedy_vi", "remedy_en", "citation",
    "successor", "source_url",
)  # fmt: skip
_MOST_SHOWN = 8


def _fault(name: str, faults: Sequence[tuple[str, str, str]]) -> KetnoiError:
    shown = faults[:_MOST_SHOWN]
    more = f" (and {len(faults) - _MOST_SHOWN} more)" if len(faults) > _MOST_SHOWN else ""
    more_vi = f" (và {len(faults) - _MOST_SHOWN} lỗi nữa)" if more else ""
    told = "; ".join(f"{where}: {why}" if where else why for where, why, _ in shown)
    told_vi = "; ".join(f"{where}: {why}" if where else why for where, _, why in shown)
    return KetnoiError(
        "rules.table",
        f"The rules in {name} cannot be used: {told}{more}. Correct the table or take it away.",
        f"Không dùng được bảng quy tắc {name}: {told_vi}{more_vi}. Hãy sửa hoặc bỏ bảng đó.",
    )
