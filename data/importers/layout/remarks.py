"""Columns that no field of a call has but that are often there: kept with their evidence."""

import re
from collections.abc import Sequence

from data.importers.fields import FieldValue
from data.importers.layout.cells import ListRow, cell_at, reader_text
from data.importers.layout.columns import read_title, title_key
from data.importers.layout.found import Entry

_NAMES: Sequence[tuple[str, re.Pattern[str]]] = tuple(
    (name, re.compile(rf"\b(?:{words})\b"))
    for name, words in (
        ("contact", "lien he|dau moi|dien thoai|so dt|email|contact|phone|nguoi phu trach|hotline"),
        ("legal_basis", "phap ly|can cu|quyet dinh|so qd|legal|chu truong|ho so"),
        ("incentives", "uu dai|ho tro|incentives?|preferential"),
        ("authority", "co quan|so nganh|don vi chu tri|authority|agency|tham quyen|don vi quan ly"),
        ("promoter", "nha dau tu|chu dau tu|don vi de xuat|don vi lap|promoter|proposed by|owner"),
        ("period", "tien do|thoi gian|thoi han|giai doan|lo trinh|period|timeline|schedule"),
        ("site_status", "hien trang|tinh trang|mat bang|giai phong|quy hoach|status|condition"),
        ("capacity", "cong suat|nang luc|san luong|quy mo|san pham|capacity|output|scale"),
    )
)


def note_name(title: str) -> str:
    """Return what a column is about ("contact", "legal_basis" …), "" when it is none of those."""
    key = title_key(title)
    return next((name for name, pattern in _NAMES if pattern.search(key)), "")


def keep_remarks(entry: Entry, reader: ListRow) -> None:
    """Keep the cells of such columns among a row's fields, with their text and place.

    The call itself keeps them as notes under the column's own title.
    """
    taken = {"number", "title", "title_en", "location", "sector", "province", "form", "source_url",
             "capital", "land", "unit"}  # fmt: skip
    used = {c for role in taken for c in entry.header.columns.get(role, ())}
    for column, title in entry.header.titles.items():
        name = "" if column in used else note_name(title)
        group = title.split(" – ")[0]
        if group != title and read_title(group).role in ("capital", "land"):
            name = ""  # a share of a sum, whatever it is called: "Giai đoạn 1"
        cell = cell_at(entry.sheet, entry.row, column, title) if name else None
        text = reader_text(cell) if cell is not None else ""
        if cell is not None and text and name not in reader.fields:
            reader.fields[name] = FieldValue(text, cell.raw.text, cell.where, 1.0)
