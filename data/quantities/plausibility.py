"""Ask about capital and land that do not go together."""

from data.quantities.types import Interval
from data.quantities.wording import plain_amount
from data.reference.doubts import Doubt

LOWEST_PER_HECTARE = 3e8
"""VND a hectare (about 12,000 USD): below it only forests and pastures are built."""
HIGHEST_PER_HECTARE = 3e12
"""VND a hectare (about 120 million USD): above it only towers in city centres are built."""
SMALLEST_CAPITAL = 1e8
LARGEST_CAPITAL = 2e15


def capital_doubts(vnd: Interval, land: Interval) -> tuple[Doubt, ...]:
    """Return doubts about an implausible capital (VND), alone or for its land (hectares).

    "VND 1.52 billion" for a 165 ha park is 9 million VND a hectare: asked about, never mended.
    Unknown ends are not judged.
    """
    capital_high = vnd.high if vnd.high is not None else vnd.low
    capital_low = vnd.low if vnd.low is not None else vnd.high
    if capital_high is None or capital_low is None:
        return ()
    if capital_high < SMALLEST_CAPITAL or capital_low > LARGEST_CAPITAL:
        return (_doubt("capital.size", capital_high, "", ""),)
    land_low = land.low if land.low is not None else land.high
    land_high = land.high if land.high is not None else land.low
    if not land_low or not land_high:
        return ()
    if capital_high / land_low < LOWEST_PER_HECTARE:
        return (_doubt("capital.per_hectare", capital_high, f" / {land_low:g} ha", "thấp|low"),)
    if capital_low / land_high > HIGHEST_PER_HECTARE:
        return (_doubt("capital.per_hectare", capital_low, f" / {land_high:g} ha", "cao|high"),)
    return ()


def _doubt(code: str, capital: float, land: str, level: str) -> Doubt:
    too_high = capital > LARGEST_CAPITAL or level.endswith("high")
    other = capital / 1000 if too_high else capital * 1000  # the likeliest slip: a unit away
    amount, likelier = (plain_amount(Interval(each, each), "VND") for each in (capital, other))
    vi, _, en = (level or "lạ|small or large").partition("|")
    return Doubt(
        code=code,
        question_vi=f"Vốn {amount}{land} {vi} bất thường: đơn vị có đúng không?",
        question_en=f"Capital of {amount}{land} is implausibly {en}: right unit?",
        candidates=(amount, likelier),
    )
