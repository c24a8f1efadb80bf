"""Ids for calls of lists that give none: the same project keeps its id in next year's list."""

import hashlib
import re

from data.reference.provinces import provinces
from data.reference.spelling import compact, fold

TWO_PROJECTS = "2 dự án / projects"
ONE_PROJECT = "1 dự án / project"
NEW_CALL = "dự án mới / new call"
"""Answers to questions of identity, readable in both languages."""
_LONGEST_PREFIX = 60
_SHORT = {
    "kkt": "khu kinh te",
    "kcn": "khu cong nghiep",
    "ccn": "cum cong nghiep",
    "tp": "thanh pho",
    "tx": "thi xa",
    "tt": "thi tran",
    "h": "huyen",
    "q": "quan",
    "p": "phuong",
    "x": "xa",
    "t": "tinh",
    "kdt": "khu do thi",
    "kdc": "khu dan cu",
    "nm": "nha may",
}
_WORD = re.compile(r"[a-z0-9]+")


def spelt_out(text: str) -> str:
    """Return folded words with the abbreviations of places written out: KCN, KKT, TP., H."""
    return " ".join(_SHORT.get(word, word) for word in _WORD.findall(fold(text)))


def call_id(province: str, title: str, location: str) -> str:
    """Return the id of a call: a readable beginning and a hash of province, title and location.

    `province` is a code of the 34 units or "". Tones, case, signs and common abbreviations do not
    matter, so a list printed again differently gives the same id.
    """
    key = "\n".join((province, compact(spelt_out(title)), compact(spelt_out(location))))
    digest = hashlib.sha256(key.encode()).hexdigest()[:10]
    name = provinces()[province].name if province in provinces() else ""
    words = "-".join(_WORD.findall(fold(f"{name} {title}")))
    return f"{words[:_LONGEST_PREFIX].strip('-')}-{digest}"
