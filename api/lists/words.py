"""Values as people read them, in Vietnamese and English: sums, areas, places, calls."""

from collections.abc import Sequence

from data.records import Interval, ProjectCall
from data.reference.sectors import sector_name
from matcher.eligibility import hectares
from matcher.types import Band

_BANDS = {
    "vi": {"high": "cao", "medium": "trung bình", "low": "thấp"},
    "en": {"high": "high", "medium": "medium", "low": "low"},
}
_UNITS = {
    "vi": ((1e12, "nghìn tỷ đồng"), (1e9, "tỷ đồng"), (1e6, "triệu đồng"), (1.0, "đồng")),
    "en": ((1e12, "trillion VND"), (1e9, "billion VND"), (1e6, "million VND"), (1.0, "VND")),
}


def number(value: float, language: str, digits: int = 4) -> str:
    """A number of ``digits`` significant figures in the language's style; units are never rounded.

    >>> number(36523.5, "vi", 6), number(1234567, "en")
    ('36.523,5', '1,234,567')
    """
    rounded = round(value) if abs(value) >= 10**digits else float(f"{value:.{digits}g}")
    text = f"{rounded:,.10f}".rstrip("0").rstrip(".")
    return text.translate(str.maketrans(",.", ".,")) if language == "vi" else text


def capital(call: ProjectCall, language: str) -> str:
    """The capital as its source wrote it; in dong where no text was kept; "" if unknown."""
    if call.capital.text:
        return call.capital.text
    return dong(call.capital.vnd, language)


def dong(interval: Interval, language: str) -> str:
    ends = [end for end in (interval.low, interval.high) if end is not None]
    if not ends:
        return ""
    unit, name = next((u for u in _UNITS[language] if max(ends) >= u[0]), _UNITS[language][-1])
    return f"{_span(interval, unit, language)} {name}"


def land(call: ProjectCall, language: str) -> str:
    """The area in hectares, hundredths kept; as its source wrote it where it could not be read."""
    return hectares(call.land.ha, language) or call.land.text


def band(name: str | None, language: str) -> str:
    """How likely a pair is, in a word; "" where it is not known."""
    return _BANDS[language][name] if name else ""


def percent(share: float, language: str) -> str:
    """A share as whole percent, below one percent as such.

    >>> percent(0.312, "vi"), percent(0.004, "en")
    ('31 %', 'under 1 %')
    """
    if 0 < share < 0.01:
        return "dưới 1 %" if language == "vi" else "under 1 %"
    return f"{share * 100:.0f} %"


def bands_told(bands: Sequence[Band], language: str) -> str:
    """What the bands are worth: how often such suggestions of the past were right."""
    parts = [f"{_BANDS[language][b.name]} {percent(b.precision, language)}" for b in bands]
    if language == "vi":
        return f"Khả năng: trong quá khứ, các gợi ý như vậy đúng: {', '.join(parts)}."
    return f"Likelihood: of such suggestions in the past, right were: {', '.join(parts)}."


def where(call: ProjectCall) -> str:
    """Place as the source has it, with today's province beside a former one."""
    now = call.place.name
    old = call.place.old_name
    province = f"{old} (nay {now})" if old and old != now else now or call.place.as_written
    return ", ".join(part for part in (call.location, province) if part)


def title(call: ProjectCall, language: str) -> str:
    return (call.title_en if language == "en" else "") or call.title


def sectors(call: ProjectCall, language: str) -> str:
    names = ", ".join(sector_name(code, language) for code in call.sectors)
    return names or call.sector_as_written


def _span(interval: Interval, unit: float, language: str) -> str:
    low, high = interval.low, interval.high
    if low is not None and high is not None and low != high:
        return f"{number(low / unit, language)}–{number(high / unit, language)}"
    if high is None and low is not None:
        return f"≥ {number(low / unit, language)}"
    if low is None and high is not None:
        return f"≤ {number(high / unit, language)}"
    return number((low or 0.0) / unit, language)
