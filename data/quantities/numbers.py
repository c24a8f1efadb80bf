"""Numbers as written: Vietnamese 36.523,5, English 36,523.5, Indian 20,00,00,000."""

import re
from collections.abc import Iterable

from data.quantities.types import NumberStyle

TOKEN = re.compile(r"\d{1,3}(?:[ '’]\d{3})+(?![\d])(?:[.,]\d+)?|\d+(?:[.,]\d+)*")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+")
_INDIAN = re.compile(r"\d{1,2}(?:,\d{2})+,\d{3}")
_SPACES = str.maketrans("", "", " '’")
_DECIMAL = {NumberStyle.VIETNAMESE: ",", NumberStyle.ENGLISH: "."}


def read_number(token: str, style: NumberStyle) -> tuple[float, bool]:
    """Return the value of one number token and whether its grouping is regular.

    `style` (VIETNAMESE or ENGLISH) decides only what the token leaves open: one separator before
    exactly three digits. "1.5" is a decimal in both styles, "20,00,00,000" grouped in both.
    """
    bare = token.translate(_SPACES)
    decimal = _decimal_sign(bare, style)
    whole, _, fraction = bare.rpartition(decimal) if decimal in bare else (bare, "", "")
    if not decimal or decimal not in bare:
        whole, fraction = bare, ""
    grouped = whole.replace(".", ",")
    regular = not (("," in grouped) and not _THOUSANDS.fullmatch(grouped)) or bool(
        _INDIAN.fullmatch(grouped)
    )
    return float(f"{grouped.replace(',', '') or '0'}.{fraction or '0'}"), regular


def _decimal_sign(bare: str, style: NumberStyle) -> str:
    """Return the sign that separates decimals in the token, or an impossible one."""
    signs = [sign for sign in bare if sign in ".,"]
    if not signs:
        return "\0"
    if len(set(signs)) == 2:
        return signs[-1] if signs.count(signs[-1]) == 1 else "\0"
    if len(signs) > 1:
        return "\0"
    whole, fraction = re.split(r"[.,]", bare)
    if len(fraction) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0"):
        return signs[0] if signs[0] == _DECIMAL[style] else "\0"
    return signs[0]


def style_of(token: str) -> NumberStyle:
    """Return the style that a token's own structure proves, else GUESS."""
    bare = token.translate(_SPACES)
    read = {style: _decimal_sign(bare, style) for style in _DECIMAL}
    signs = {sign for sign in bare if sign in ".,"}
    if not signs or len(set(read.values())) == 2:
        return NumberStyle.GUESS
    sign = next(iter(read.values()))
    if sign in signs:
        return NumberStyle.VIETNAMESE if sign == "," else NumberStyle.ENGLISH
    return NumberStyle.VIETNAMESE if "." in signs else NumberStyle.ENGLISH


def infer_style(cells: Iterable[str]) -> NumberStyle:
    """Return the style that the cells of one file or column prove together, else GUESS.

    Each number that can be read in one style only votes ("77.5" English, "36.523,5" Vietnamese,
    "5.000" not at all); nine votes in ten are needed.
    """
    votes = [style_of(token) for cell in cells for token in TOKEN.findall(cell)]
    for style in _DECIMAL:
        mine = votes.count(style)
        if mine and mine >= 0.9 * sum(vote is not NumberStyle.GUESS for vote in votes):
            return style
    return NumberStyle.GUESS
