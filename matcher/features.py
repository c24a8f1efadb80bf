"""What is known of a pair, as numbers: one block of features for some calls and some investors.

Everything is computed *as of a day*: only deals dated before it count, and a deal on the call
itself never does, so that a pair of the past looks as it looked then. An unknown is NaN, never
zero; a ranker must treat it as "says nothing".

Most features are votes or lifts. *Votes*: past projects near the call (in text, words, field …)
vote for their investors; the feature is the logarithm of the investor's share, 0 without a vote.
*Lift*: how much nearer to the call the investor's own past projects are than everybody's, shrunk
towards nothing for a short track record; negative where it does other things.
"""

from collections.abc import Iterator, Mapping

import numpy as np

from matcher.featuring import DEFAULT_FEATURES, FeatureConfig, Scorer
from matcher.kernels import closeness
from matcher.market import FloatArray, IntArray, Market
from matcher.past import Past, has_past

__all__ = [
    "DEFAULT_FEATURES",
    "FEATURES",
    "FeatureConfig",
    "closeness",
    "feature_block",
    "feature_parts",
]

FEATURES = (
    "best_project",  # closeness of the nearest past project
    "neighbours",  # share of the nearest past projects of anybody that are this investor's
    "profile",  # closeness of the profile's text
    "sector_history",  # share of past projects in the call's field
    "sector_stated",  # the field is among those the investor names
    "province_history",  # past projects in the province, logarithm
    "region_history",  # share of past projects in the region
    "province_wanted",  # the province is among those the investor names
    "capital_fit",  # closeness of the capital to that of past projects or of the stated range
    "land_fit",  # closeness of the area to that of past projects
    "breadth",  # number of past projects, logarithm
    "recency",  # how lately the investor was active
    "programme_tie",  # the investor's home and the province cooperate; half in another field
    "same_project",  # closeness of the nearest past project, near 0 unless almost the same
    "text_votes",  # votes by meaning, the nearest few
    "text_votes_recent",  # the same, recent deals counting more
    "text_lift",  # lift by meaning
    "word_best",  # word overlap with the nearest past project
    "word_votes",  # votes by words in common
    "word_sum",  # overlap in words with the few nearest past projects that are this investor's
    "text_sum",  # the same by meaning; sums are comparable between calls, shares are not
    "word_lift",  # lift by words in common
    "sector_votes",  # votes by field
    "sector_votes_recent",
    "sector_lift",
    "sector_profile",  # lift of the field in deals and stated fields, shrunk to the country's
    "place_lift",  # lift by province and region
    "capital_lift",  # lift by size of capital
    "activity_recent",  # deals lately, logarithm
    "activity_medium",  # deals in about three times as long, logarithm
    "partner_votes",  # votes of the nearest projects for those who invest with their investors
    "taste_votes",  # the same by what is invested in together at large
    "learned_text",  # ridge regression of deals on text, words and field
    "country_votes",  # votes of near projects for the investor's home country
    "peer_votes",  # votes of near projects for investors with a similar profile
    "tag_match",  # activities of the call that the investor's profile offers
    "tag_profile",  # lift of the activities in deals and profile, shrunk to the country's
    "tag_votes",  # votes of past projects by activities in common
    "tag_lift",  # lift by activities in common
    "does_activity",  # 1: named in its past projects or profile, a main activity of the call
    "call_capital",  # the call's capital, logarithm; the same for all investors, as what follows
    "demand_text",  # how many investors past projects near in text found, against the average
    "demand_field",  # the same by field
    "demand_capital",  # the same by size of capital
    "field_momentum",  # the field's share of recent deals against its share of all
)


def feature_block(
    market: Market,
    *,
    calls: IntArray,
    investors: IntArray,
    before: int,
    config: FeatureConfig = DEFAULT_FEATURES,
    wanted: frozenset[str] | None = None,
) -> FloatArray:
    """Features of every pair of ``calls`` × ``investors`` (row numbers) as of ``before``.

    Args:
        wanted: names that matter; others may be left unknown to save their time. None for all.

    Returns:
        (len(calls), len(investors), len(FEATURES)) float32; NaN where unknown.
    """
    block = np.empty((len(calls), len(investors), len(FEATURES)), dtype=np.float32)
    parts = feature_parts(market, calls=calls, before=before, config=config, wanted=wanted)
    for places, part in parts:
        block[places] = part[:, investors]
    return block


def feature_parts(
    market: Market,
    *,
    calls: IntArray,
    before: int,
    config: FeatureConfig = DEFAULT_FEATURES,
    wanted: frozenset[str] | None = None,
) -> Iterator[tuple[IntArray, FloatArray]]:
    """Features of calls against all investors, a few calls at a time.

    Yields:
        positions in ``calls`` and (positions, n_investors, len(FEATURES)) float32. Calls with
        deals of their own before the day come one at a time, without those deals.
    """
    own = has_past(market, calls, before)
    fresh = np.flatnonzero(~own)
    if len(fresh):
        scorer = Scorer(Past.before(market, before), config, wanted=wanted)
        for start in range(0, len(fresh), config.part):
            places = fresh[start : start + config.part]
            yield places, _stacked(scorer(calls[places]))
    for place in np.flatnonzero(own):
        alone = calls[[place]]
        scorer = Scorer(Past.before(market, before, without=alone), config, wanted=wanted)
        yield np.array([place]), _stacked(scorer(alone))


def _stacked(columns: Mapping[str, FloatArray]) -> FloatArray:
    shape = next(iter(columns.values())).shape
    out = np.full((*shape, len(FEATURES)), np.nan, dtype=np.float32)
    for number, name in enumerate(FEATURES):
        if name in columns:
            out[..., number] = columns[name]
    return out
