"""Split a folded text into numbers, magnitudes, units, hedges and the rest, and join amounts."""

import re
import unicodedata
from dataclasses import dataclass, field

from data.quantities.lexicon import phrases
from data.quantities.numbers import TOKEN, read_number, style_of
from data.quantities.types import Hedge, NumberStyle, tidy
from data.reference.spelling import fold

_WORD = re.compile(r"[^\W\d_]+\d?|\S")
_BY_FIRST: dict[str, list[tuple[str, tuple[str, object]]]] = {}


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of text: kind (number, size, currency, area, power, hedge, range, sep, word)."""

    kind: str
    text: str
    value: object = None
    start: int = 0


@dataclass(slots=True)
class Amount:
    """A number with its own magnitude and unit, if it has them; `regular` is about grouping."""

    parts: list[tuple[float, float]] = field(default_factory=list)
    unit: str = ""
    sized: bool = False
    regular: bool = True

    def value(self, default_size: float = 1.0) -> float:
        """Return the amount in its unit, taking `default_size` where it has no magnitude."""
        if not self.sized:
            return tidy(sum(number for number, _ in self.parts) * default_size)
        return tidy(sum(number * size for number, size in self.parts))


@dataclass(slots=True)
class Reading:
    """What one pass over the tokens found: amounts, whether a range joins them, leftovers."""

    amounts: list[Amount] = field(default_factory=list)
    joined: bool = False
    hedge: Hedge = Hedge.NONE
    negative: bool = False
    leftovers: list[str] = field(default_factory=list)


def prepare(text: str) -> str:
    """Return the text folded for scanning, compatibility forms (m², full width) unified."""
    return fold(unicodedata.normalize("NFKC", text)).replace("÷", "-")


def _first_letters() -> dict[str, list[tuple[str, tuple[str, object]]]]:
    if not _BY_FIRST:
        for phrase, meaning in phrases():
            _BY_FIRST.setdefault(phrase[0], []).append((phrase, meaning))
    return _BY_FIRST


def _phrase_at(text: str, start: int) -> Token | None:
    for phrase, (kind, value) in _first_letters().get(text[start], ()):
        if not text.startswith(phrase, start):
            continue
        end = start + len(phrase)
        latin = phrase[-1].isascii() and phrase[-1].isalnum()
        if latin and end < len(text) and text[end].isascii() and text[end].isalnum():
            continue
        return Token(kind, phrase, value, start)
    return None


def scan(folded: str) -> list[Token]:
    """Split a prepared text into tokens."""
    tokens: list[Token] = []
    at = 0
    while at < len(folded):
        if folded[at].isspace():
            at += 1
            continue
        token = _token_at(folded, at)
        tokens.append(token)
        at += len(token.text)
    return tokens


def _token_at(folded: str, at: int) -> Token:
    number = TOKEN.match(folded, at)
    if number:
        return Token("number", number.group(), None, at)
    if folded[at] in ",;/|":
        return Token("sep", folded[at], None, at)
    known = _phrase_at(folded, at)
    if known:
        return known
    word = _WORD.match(folded, at)
    return Token("word", word.group() if word else folded[at], None, at)


def style_in(tokens: list[Token]) -> NumberStyle:
    """Return the style that the numbers among the tokens prove, GUESS if none or both."""
    found = {style_of(token.text) for token in tokens if token.kind == "number"}
    found.discard(NumberStyle.GUESS)
    return found.pop() if len(found) == 1 else NumberStyle.GUESS


def read(tokens: list[Token], *, style: NumberStyle, units: str) -> Reading:
    """Join tokens to amounts whose unit is of the kind `units`; other units are leftovers."""
    reading = Reading()
    open_amount: Amount | None = None
    prefix = ""
    for place, token in enumerate(tokens):
        if token.kind == "number":
            number, regular = read_number(token.text, style)
            if open_amount is None or not _continues(tokens, place):
                open_amount = Amount(unit=prefix)
                reading.amounts.append(open_amount)
                prefix = ""
            open_amount.parts.append((number, 1.0))
            open_amount.regular &= regular
        elif token.kind == "size" and open_amount and tokens[place - 1].kind in ("number", "size"):
            number, size = open_amount.parts[-1]
            open_amount.parts[-1] = (number, size * float(str(token.value)))
            open_amount.sized = True
        elif token.kind == units:
            following = tokens[place + 1].kind if place + 1 < len(tokens) else ""
            attach = open_amount is not None and not open_amount.unit
            if attach and open_amount is not None and tokens[place - 1].kind in ("number", "size"):
                open_amount.unit = str(token.value)
            elif following == "number" or not reading.amounts:
                prefix = str(token.value)
            elif open_amount is None or open_amount.unit != token.value:
                reading.leftovers.append(token.text)
        else:
            open_amount = _other(reading, tokens, place, open_amount)
    if prefix and reading.amounts and not reading.amounts[0].unit:
        reading.amounts[0].unit = prefix
    return reading


def _continues(tokens: list[Token], place: int) -> bool:
    """Tell whether the number goes on from a bigger magnitude: "1 tỷ 200 triệu", "3억 5000만"."""
    if place < 2 or tokens[place - 1].kind != "size":
        return False
    following = tokens[place + 1] if place + 1 < len(tokens) else None
    if following is None or following.kind != "size":
        return False
    return float(str(following.value)) < float(str(tokens[place - 1].value))


def _other(
    reading: Reading, tokens: list[Token], place: int, open_amount: Amount | None
) -> Amount | None:
    """Take in a token that is neither number, magnitude nor unit; return the amount still open."""
    token = tokens[place]
    before = any(earlier.kind == "number" for earlier in tokens[:place])
    after = any(later.kind == "number" for later in tokens[place + 1 :])
    if token.kind == "range" and before and after:
        reading.joined = True
        return None
    if token.kind == "range" and token.text == "-" and after:
        reading.negative = True
    elif token.kind == "range" and token.text in ("~", "den", "toi", "to") and after:
        reading.hedge = reading.hedge or (Hedge.ABOUT if token.text == "~" else Hedge.UNDER)
    elif token.kind == "range" and token.text == "-":
        reading.leftovers += [token.text] if before else []
    elif token.kind == "hedge" and isinstance(token.value, Hedge):
        reading.hedge = reading.hedge or token.value
        return open_amount
    elif token.kind not in ("sep", "ignored"):
        reading.leftovers.append(token.text)
        return open_amount
    return None if token.kind == "sep" else open_amount
