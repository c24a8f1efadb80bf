"""Industrial parks and zones: a call in "KCN Lam Sơn – Sao Vàng" is in Thanh Hóa."""

from functools import lru_cache

from data.reference.parks import park_place


@lru_cache(maxsize=4096)
def park_province(location: str) -> str:
    """Return the province of the one park that a place names, "" when none or several fit."""
    place = park_place(location)
    return (place.old_name or place.name) if place is not None else ""
