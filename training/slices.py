"""Parts of the questions that are judged by themselves: fields, places, language, newcomers."""

import numpy as np

from data.reference.provinces import provinces
from data.reference.spelling import has_marks
from matcher.market import BoolArray, IntArray, Market
from training.dataset import TemporalSplit
from training.samples import has_profile

__all__ = ["slices_of", "truth_of_newcomers"]

_MOST_FIELDS = 6
_MOST_PLACES = 4


def slices_of(split: TemporalSplit) -> dict[str, BoolArray]:
    """Masks over the calls that a known investor took, by name."""
    asked = split.asked_calls
    market, calls = split.past, split.calls[asked]
    masks = _fields(market, calls) | _places(market, calls)
    marked = np.array([has_marks(market.calls[int(row)].title) for row in calls], dtype=np.bool_)
    if marked.any() and not marked.all():
        masks |= {"title in Vietnamese": marked, "title without marks": ~marked}
    capital = np.isnan(market.call_capital[calls])
    if capital.any() and not capital.all():
        masks |= {"capital known": ~capital, "capital unknown": capital}
    truth = split.relevant[asked]
    few = np.asarray((truth & (split.count <= 2)[None, :]).any(axis=1))
    return masks | {"taken by an investor of one or two deals": few, "all others": ~few}


def truth_of_newcomers(split: TemporalSplit) -> dict[str, BoolArray]:
    """(n_calls, n_investors) deals to be found, all investors being candidates, by name."""
    everybody = split.strangers.copy()
    everybody[:, split.known] |= split.relevant
    return {
        "taken by an investor without a past deal": split.strangers,
        "the same, with a profile": split.strangers & has_profile(split.past)[None, :],
        "all calls, every investor a candidate": everybody,
    }


def _fields(market: Market, calls: IntArray) -> dict[str, BoolArray]:
    member = market.call_sectors[calls]
    common = np.argsort(-member.sum(axis=0), kind="stable")[:_MOST_FIELDS]
    return {f"field {market.sector_names[n]}": np.asarray(member[:, n]) for n in common.tolist()}


def _places(market: Market, calls: IntArray) -> dict[str, BoolArray]:
    """The most frequent provinces and the regions, where places are Vietnam's."""
    known = provinces()
    codes = np.array([market.calls[int(row)].place.code for row in calls])
    regions = np.array([known[code].region if code in known else "" for code in codes])
    names, count = np.unique(codes[codes != ""], return_counts=True)
    common = names[np.argsort(-count, kind="stable")][:_MOST_PLACES]
    masks = {f"province {known[code].name}": codes == code for code in common if code in known}
    masks |= {f"region {name}": regions == name for name in np.unique(regions) if name}
    if masks:
        masks["province unknown"] = codes == ""
    return masks
