"""What a column's title means by its words, where it is none of the known phrases.

A Vietnamese title begins with what it names ("Kinh phí dự án"), an English one ends with it
("Project cost", or "Cost of the project"): the head decides, the other words hardly matter.
"""

import re
from collections.abc import Mapping
from functools import cache

_MOST_WORDS = 12
_MOST_VIETNAMESE = 8  # words of a title other than that of the names


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_VIETNAMESE: Mapping[str, str] = {
    # number
    "stt": "number", "tt": "number", "so tt": "number", "so thu tu": "number", "muc so": "number",
    # the name
    "ten": "title", "danh muc": "title", "hang muc": "title", "du an": "title",
    "cong trinh": "title",
    # where
    "dia diem": "location", "dia chi": "location", "dia ban": "location", "vi tri": "location",
    "khu vuc": "location", "noi thuc hien": "location", "noi dau tu": "location",
    "noi xay dung": "location", "noi trien khai": "location", "noi dat": "location",
    "thuoc xa": "location", "thuoc huyen": "location", "thuoc tinh": "province",
    "don vi tinh": "unit", "dvt": "unit",
    # what for
    "linh vuc": "sector", "nganh": "sector", "nhom nganh": "sector", "nhom linh vuc": "sector",
    "thuoc linh vuc": "sector", "loai hinh": "sector", "loai du an": "sector",
    # how much land
    "dien tich": "land", "dt": "land", "quy dat": "land", "nhu cau dat": "land",
    "nhu cau su dung dat": "land", "nhu cau dien tich": "land", "mat bang": "land",
    "dat": "land", "quy mo dat": "land", "quy mo dien tich": "land", "s": "land",
    # how much money
    "von": "capital", "kinh phi": "capital", "tmdt": "capital", "muc dau tu": "capital",
    "muc von": "capital", "muc dt": "capital", "nguon von": "capital", "chi phi": "capital",
    "gia tri": "capital", "khai toan": "capital", "suat dau tu": "", "nhu cau von": "capital",
    "nhu cau kinh phi": "capital", "quy mo von": "capital", "so von": "capital",
    "so tien": "capital", "gia thanh": "capital",
    # how large
    "quy mo": "scale", "cong suat": "scale", "san pham": "scale", "thong so": "scale",
    "chi tieu": "scale", "nang luc": "scale", "san luong": "scale",
    "muc tieu": "objective", "muc dich": "objective", "mo ta": "objective",
    "gioi thieu": "objective", "noi dung": "content", "thong tin": "objective",
    "hinh thuc": "form", "phuong thuc": "form", "loai hop dong": "form",
    # the rest
    "tien do": "remark", "thoi gian": "remark", "thoi han": "remark",
    "ghi chu": "remark", "hien trang": "remark", "tinh trang": "remark", "phap ly": "remark",
    "chu truong": "remark", "so qd": "remark", "quyet dinh": "remark", "can cu": "remark",
    "lien he": "remark", "dau moi": "remark", "dien thoai": "remark", "email": "remark",
    "co quan": "remark", "don vi": "remark", "chu dau tu": "remark", "nha dau tu": "remark",
    "uu dai": "remark", "quy hoach": "remark", "y kien": "remark", "so dien thoai": "remark",
    "ho so": "remark", "nguon": "remark", "hieu qua": "remark", "lao dong": "remark",
    "loi the": "remark", "nguoi lien he": "remark", "nguoi phu trach": "remark",
}  # fmt: skip
_BEFORE = _words(
    "tong tong so uoc uoc tinh du kien so bo cac muc so tam tinh khoang toan bo ma phan sum"
    " danh sach thong tin ve"
)
"""Words that may stand before the head of a Vietnamese title."""
_OF_TITLES = _words(
    "ten danh muc hang muc cac du an cong trinh moi goi keu goi thu hut dau tu uu tien du kien va"
    " tiem nang trong diem co hoi chuong trinh de xuat xuc tien can khuyen khich nhom loai"
    " nam giai doan 2021 2022 2023 2024 2025 2026 2027 2028 2029 2030 tinh thanh pho dia ban tren"
    " tieng viet xay dung"
)
"""The only words that the title of the column of names may have: a project's own name has more."""

_ENGLISH: Mapping[str, str] = {
    "no": "number", "number": "number", "item": "number", "order": "number",
    "cost": "capital", "costs": "capital", "capital": "capital", "capex": "capital",
    "investment": "capital", "value": "capital", "amount": "capital", "budget": "capital",
    "funding": "capital", "need": "capital", "sum": "capital", "price": "capital",
    "land": "land", "acreage": "land", "area": "land", "hectares": "land", "surface": "land",
    "location": "location", "site": "location", "venue": "location", "where": "location",
    "address": "location", "place": "location", "district": "location", "commune": "location",
    "ward": "location", "position": "location", "locality": "location",
    "province": "province", "city": "province", "sector": "sector", "industry": "sector",
    "field": "sector", "category": "sector", "area of investment": "sector", "domain": "sector",
    "scale": "scale", "capacity": "scale", "size": "scale", "output": "scale",
    "product": "scale", "products": "scale", "scope": "scale",
    "objective": "objective", "objectives": "objective", "description": "objective",
    "purpose": "objective", "summary": "objective", "overview": "objective",
    "form": "form", "mode": "form", "type of investment": "form", "modality": "form",
    "project": "title", "projects": "title", "opportunity": "title", "opportunities": "title",
    "name": "title", "title": "title", "proposal": "title",
    "contact": "remark", "person": "remark", "phone": "remark", "email": "remark",
    "incentive": "remark", "incentives": "remark", "remark": "remark", "remarks": "remark",
    "note": "remark", "notes": "remark", "timeline": "remark", "schedule": "remark",
    "period": "remark", "duration": "remark", "basis": "remark", "status": "remark",
    "progress": "remark", "agency": "remark", "authority": "remark", "owner": "remark",
    "investor": "remark", "promoter": "remark", "time": "remark", "year": "remark",
    "infrastructure": "remark", "planning": "remark", "condition": "remark",
    "conditions": "remark", "advantages": "remark",
}  # fmt: skip
_STRONG = ("capital", "land", "location", "province", "sector", "scale", "form", "objective")
"""Heads of English titles that beat "project" beside them, likeliest first."""
_ENGLISH_OF_TITLES = _words(
    "name names of the project projects title list calling for investment investments opportunity"
    " opportunities priority proposed potential in a an to call attract attracting and name"
    " invitation seeking investors"
)
_ENGLISH_OTHER = _ENGLISH_OF_TITLES | _words(
    "total estimated expected approximate required requirement requirements business line lines"
    " main type legal use planned current per and for in by to preliminary minimum maximum"
    " est sub exp approx prelim indicative anticipated required needed"
    " investment information details implementing implementation construction exact design"
)
_ENGLISH_ONLY = re.compile(
    r"\b(?:of|the|project|projects|name|land|cost|capital|investment|value|amount|estimated|total|"
    r"proposed|site|location|address|venue|where|sector|industry|field|category|business|contact|"
    r"person|legal|basis|requirement|size|area|acreage|incentives?|remarks?|timeline|phone|scale|"
    r"capacity|capex|need|opportunity|opportunities|province|district)\b"
)


def role_by_words(bare: str) -> str:
    """Return the role of a title of folded words without signs and units, "" when unknown."""
    words = bare.split()
    if not words or len(words) > _MOST_WORDS:
        return ""
    return _vietnamese(words) or (_english(words) if _ENGLISH_ONLY.search(bare) else "")


@cache
def _heads() -> tuple[tuple[tuple[str, ...], str], ...]:
    split = [(tuple(phrase.split()), role) for phrase, role in _VIETNAMESE.items()]
    return tuple(sorted(split, key=lambda each: -len(each[0])))


def _vietnamese(words: list[str]) -> str:
    start = 0
    while start < len(words):
        rest = tuple(words[start:])
        role = next((r for head, r in _heads() if rest[: len(head)] == head), None)
        if role == "title":
            return "title" if set(words) <= _OF_TITLES else ""
        if role is not None and len(words) > _MOST_VIETNAMESE:
            return ""
        if role is not None:
            short = len(words) == 1 and len(words[0]) == 1
            return "" if short and len(rest[0]) == 1 else role
        if words[start] not in _BEFORE:
            return ""
        start += 1
    return ""


def _english(words: list[str]) -> str:
    known = sum(word in _ENGLISH or word in _ENGLISH_OTHER for word in words)
    if known * 3 < len(words) * 2:  # a name, in which a word of titles happens to be
        return ""
    head = words[: words.index("of")] if "of" in words[1:] else words
    roles = [_ENGLISH[word] for word in head if word in _ENGLISH]
    for strong in _STRONG:
        if strong in roles and not (strong == "capital" and _only_of_titles(words)):
            return strong
    if "title" in roles or (head != words and "project" in words):
        return "title" if _only_of_titles(words) else ""
    return roles[-1] if roles else ""


def _only_of_titles(words: list[str]) -> bool:
    named = {"project", "projects", "opportunity", "opportunities", "title", "name"}
    return set(words) <= _ENGLISH_OF_TITLES and bool(set(words) & named)
