"""How firmly a cooperation programme ties an investor's home to a call: by province and field."""

import numpy as np
from numpy.typing import NDArray

from data.records import Programme, ProjectCall
from data.reference.spelling import fold
from matcher.market import BoolArray, FloatArray, IntArray, Market, tied_provinces

OTHER_FIELD = 0.5
"""What a tie counts where the programme names fields and the call's is none of them."""

_ANY_FIELD = "dau tu"  # "xúc tiến đầu tư": investment promotion at large


def covers(programme: Programme, call: ProjectCall) -> bool:
    """Whether the programme is about the call's field.

    A programme that names no sector, or investment at large, covers all; so it does for a call
    whose field is not known.
    """
    if not programme.sectors or not call.sectors:
        return True
    if any(_ANY_FIELD in fold(field) for field in programme.fields):
        return True
    return bool(set(programme.sectors) & set(call.sectors))


def programme_ties(market: Market, calls: IntArray) -> FloatArray:
    """(len(calls), n_investors): 1 tied by province and field, ``OTHER_FIELD`` by province, 0."""
    homes = np.array([investor.home_province.code for investor in market.investors], dtype=str)
    masks: dict[frozenset[str], BoolArray] = {}
    rows: dict[tuple[str, tuple[str, ...]], FloatArray] = {}  # calls of a province are many
    out = np.zeros((len(calls), len(market.investors)), dtype=np.float32)
    for place, number in enumerate(calls):
        call = market.calls[int(number)]
        key = call.place.code, call.sectors
        if key[0] and key not in rows:
            rows[key] = _row(market, call, homes, masks)
        if key in rows:
            out[place] = rows[key]
    return out


def _row(
    market: Market,
    call: ProjectCall,
    homes: NDArray[np.str_],
    masks: dict[frozenset[str], BoolArray],
) -> FloatArray:
    """(n_investors,) of one call; ``masks`` of home provinces are kept for the next."""
    out = np.zeros(len(homes), dtype=np.float32)
    for programme in market.programmes:
        tied = frozenset(tied_provinces(programme, call.place.code)) - {""}
        if not tied:
            continue
        if tied not in masks:
            masks[tied] = np.isin(homes, sorted(tied))
        mask = masks[tied]
        strength = 1.0 if covers(programme, call) else OTHER_FIELD
        out[mask] = np.maximum(out[mask], strength)
    return out
