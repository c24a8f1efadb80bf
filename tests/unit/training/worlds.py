"""A made-up market whose right answer is known: every investor keeps to its own field."""

from functools import cache

import numpy as np

from data.records import Deal, Investor, PartialDate, ProjectCall
from matcher.market import Market, Vectors, build_market

FIELDS = ("wind", "resort", "school", "port", "dairy", "steel")


@cache
def checkerboard(*, years: int = 8, per_field: int = 4, seed: int = 7) -> Market:
    """Each year brings a call a field for each of its investors; the last year's calls are open.

    The last year has no deals. A tenth of the older deals are
    made by an investor of another field.
    """
    rng = np.random.default_rng(seed)
    investors = [
        Investor(f"{field}-{number}", f"{field} {number}")
        for field in FIELDS
        for number in range(per_field)
    ]
    calls: list[ProjectCall] = []
    deals: list[Deal] = []
    vectors: dict[str, np.ndarray] = {}
    for year in range(years):
        for place, field in enumerate(FIELDS):
            for number in range(per_field):
                call_id = f"{2000 + year}-{field}-{number}"
                last = year == years - 1
                calls.append(
                    ProjectCall(
                        call_id,
                        f"{field} project {number}",
                        sector_as_written=field,
                        status="open" if last else "closed",
                    )
                )
                vector = rng.normal(0, 0.1, 16)
                vector[place] += 1.0
                vectors[call_id] = vector / np.linalg.norm(vector)
                other = FIELDS[int(rng.integers(len(FIELDS)))] if rng.random() < 0.1 else field
                if not last:
                    date = PartialDate(str(2000 + year))
                    deals.append(Deal(f"{other}-{number}", call_id, date))
    order = sorted(vectors)
    return build_market(
        investors=investors,
        calls=calls,
        deals=deals,
        vectors=Vectors(
            calls=np.stack([vectors[key] for key in order]).astype(np.float32),
            profiles=np.zeros((len(investors), 16), dtype=np.float32),
        ),
    )


def field_of(party_id: str) -> str:
    """The field in the id of a call or an investor."""
    return next(field for field in FIELDS if field in party_id)
