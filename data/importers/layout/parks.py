"""Industrial parks and zones: a call in "KCN Lam Sơn – Sao Vàng" is in Thanh Hóa."""

import re
from functools import cache

from data.importers.layout.identity import spelt_out
from data.reference.csvtable import table

_STAGE = re.compile(r"\b(?:giai doan|dot|mo rong)\b.*$|\b\d+\b|\b[ivx]+\b")
_KIND = re.compile(
    r"^(?:khu cong nghiep|khu kinh te|cum cong nghiep)"
    r"(?: ho tro| cua khau quoc te| cua khau| lang nghe| tap trung)?\s+"
)


@cache
def _parks() -> dict[str, set[str]]:
    """Return the provinces by a park's name without its stage; most names have one."""
    found: dict[str, set[str]] = {}
    for row in table("industrial_parks.csv"):
        name = _STAGE.sub("", spelt_out(row["name"].split("(")[0])).strip()
        kind = _KIND.match(name)
        if kind and len(name[kind.end() :].split()) >= 2:
            short = name[: kind.end()].split()[0:3]
            found.setdefault(f"{' '.join(short)} {name[kind.end() :]}", set()).add(row["province"])
    return found


def park_province(location: str) -> str:
    """Return the province of the one park that a place names, "" when none or several fit."""
    spelt = f" {spelt_out(location)} "
    provinces = {
        province for name, known in _parks().items() if f" {name} " in spelt for province in known
    }
    return provinces.pop() if len(provinces) == 1 else ""
