"""Find sums, areas, powers and capacities in free text in five languages."""

from dataclasses import dataclass

from data.quantities.compose import Expectation, bounds, context_style, open_separators
from data.quantities.lexicon import HECTARES, MEGAWATTS
from data.quantities.scan import Amount, Reading, Token, read, scan, style_in
from data.quantities.types import Interval, NumberStyle, QuantityError
from data.reference.currencies import rate
from data.reference.folding import fold_with_map

_KINDS = {"currency": "money", "area": "land", "power": "power", "capacity": "capacity"}
_UNITS = {"money": "VND", "land": "ha", "power": "MW"}
_MONEY_SIZES = ("ty", "ti", "억", "億", "亿")
_ANY = Expectation("quantity", "đại lượng", "a quantity")


@dataclass(frozen=True, slots=True)
class FoundQuantity:
    """A quantity in a text: `kind` is money, land, power or capacity; `text[start:end]` says it.

    `interval` is in `unit`: VND, ha, MW, or for capacities the unit named (tonne, m3, GWh, TEU).
    """

    kind: str
    interval: Interval
    start: int
    end: int
    unit: str


def find_quantities(text: str) -> list[FoundQuantity]:
    """Return the quantities of a free text in order; numbers without a unit are left alone.

    "khoảng 20 ha", "from 50 MW", "100公顷以上", "500억원 이하", "1,2 triệu tấn/năm". Open hedges
    leave an end open; ambiguous digits take the style of the text's words or of its other numbers.
    Never raises.
    """
    folded = fold_with_map(text, compatible=True)
    tokens = scan(folded.text)
    found = []
    at = 0
    while at < len(tokens):
        last = _last(tokens, at)
        piece = tokens[at : last + 1]
        quantity = _read(piece, tokens) if tokens[at].kind in _OPENING else None
        if quantity is None:
            at += 1
            continue
        kind, interval, unit = quantity
        start = folded.span(piece[0].start, piece[0].start + 1)[0]
        finish = piece[-1].start + len(piece[-1].text)
        found.append(FoundQuantity(kind, interval, start, folded.span(finish - 1, finish)[1], unit))
        at = last + 1
    return found


_OPENING = ("hedge", "currency", "number", "range")


def _last(tokens: list[Token], first: int) -> int:
    """Return the place where the quantity that opens at `first` ends."""
    last = first
    numbers = 0
    for place in range(first, min(first + 14, len(tokens))):
        token = tokens[place]
        follows = place + 1 < len(tokens) and tokens[place + 1].kind in ("number", "hedge")
        if token.kind == "number":
            numbers += 1
            last = place
        elif (token.kind == "range" and (follows or not numbers)) or (
            token.kind == "hedge" and not numbers
        ):
            continue
        elif token.kind == "hedge" and not follows:
            return place
        elif token.kind in ("size", *_KINDS) and (numbers or token.kind == "currency"):
            last = place
        else:
            break
    return last


def _read(piece: list[Token], context: list[Token]) -> tuple[str, Interval, str] | None:
    units = [token for token in piece if token.kind in _KINDS]
    sizes = [token.text for token in piece if token.kind == "size"]
    if not units and not any(size in _MONEY_SIZES for size in sizes):
        return None
    names = {token.kind for token in units} or {"currency"}
    if len(names) > 1 or not any(token.kind == "number" for token in piece):
        return None
    name = names.pop()
    style = _style(piece, context)
    try:
        reading = read(piece, style=style, units=name)
        return _measure(reading, _KINDS[name], str(units[-1].value) if units else "VND")
    except (QuantityError, ValueError, OverflowError):
        return None


def _style(piece: list[Token], context: list[Token]) -> NumberStyle:
    proven = style_in(piece)
    if proven is NumberStyle.GUESS:
        proven = style_in(context)
    separators = open_separators(piece)
    if proven is NumberStyle.GUESS:
        proven = context_style(context, separators, base_unit=False)
    if proven is NumberStyle.GUESS:
        return NumberStyle.ENGLISH if separators == {","} else NumberStyle.VIETNAMESE
    return proven


def _measure(reading: Reading, kind: str, named: str) -> tuple[str, Interval, str] | None:
    if not reading.amounts or reading.leftovers or (reading.negative and not reading.joined):
        return None

    def factor(amount: Amount) -> float:
        unit = amount.unit or named
        if kind == "money":
            return rate(unit).vnd_per_unit
        return (HECTARES if kind == "land" else MEGAWATTS).get(unit, 1.0)

    interval = bounds(reading, text="", expected=_ANY, factor=factor, default_size=1.0).interval
    return kind, interval, _UNITS.get(kind, named)
