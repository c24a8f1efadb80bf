"""Read sums of money as Vietnamese, English, Korean, Japanese and Chinese cells write them."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from data.quantities import compose
from data.quantities.compose import Bounds, Expectation, refuse
from data.quantities.lexicon import NOTHING
from data.quantities.scan import Amount, Reading, Token, prepare, read, scan, style_in
from data.quantities.types import Hedge, Interval, MoneyParse, NumberStyle, QuantityError
from data.quantities.wording import plain_amount
from data.reference.currencies import rate
from data.reference.doubts import Doubt

EXPECTED = Expectation(
    "money",
    'số tiền như "45.500 tỷ đồng", "500-700 tỷ", "2 tỷ USD"',
    'a sum such as "45.500 tỷ đồng", "500-700 tỷ", "2 billion USD"',
)
LARGEST_LIKELY = 1e14
"""VND; above (some 4 billion USD) a lone "120.808 tỷ" is as likely written with decimals."""
SURELY_LIKELY = 2e13
"""VND; above (some 800 million USD) words alone do not settle the style of "87.383 tỷ"."""

_PER_YEAR = re.compile(
    r"\s*(?:/ ?(?:1 )?(?:nam|years?|yr|annum|년|年)|\bper (?:year|annum)|\bmoi nam|\bhang nam|"
    r"\bmot nam|\bannually|\bper annum|\bp\.a\.?|연간|年間|每年)(?![a-z])"
)
_RATE = re.compile(r"/ ?(?:ha|m2|m3|km2?|mw|tan|ton|thang|month|ngay|day|nguoi|suat|can|unit)\b")
_UNDISCLOSED = re.compile(r"[,;]? ?\bundisclosed(?: amount)?\b")
_CLEARANCE = re.compile(r"chua (?:bao )?gom .*(?:gpmb|giai phong|boi thuong|den bu|tien su dung)")
_VIETNAMESE_SIZES = ("ty", "ti", "trieu", "tr", "nghin", "ngan")
_ABBREVIATED = re.compile(r"(?<![a-z])(mil|mln|mn|bn|bln|bil|tr|mio)\.\s*(?=[a-z$€]|$)")
"""As in "670 mil. USD", "2,5 tr.đ"."""
_SIZE_LAST = re.compile(
    r"(\d\s*)\b(vnd|usd|us\$|eur|jpy|krw)\s*"
    r"(billion|million|thousand|bn|bln|mln|mil|mn|ty|trieu|nghin)(?![a-z])"
)
"""As in "300 VND billion"."""
_JUNK = re.compile(r"^(?:\\+x[0-9a-f]{2})+")


@dataclass(frozen=True, slots=True)
class _Unit:
    """A unit column: magnitude and currency, either missing as 1 and ""."""

    size: float
    currency: str
    tokens: tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell being read: its text as written, tokens, unit column, year and remarks so far."""

    text: str
    tokens: list[Token]
    unit: _Unit
    on: int | date | None
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Sum:
    """One reading of a cell in one style."""

    reading: Reading
    original: Interval
    vnd: Interval
    currency: str


def parse_money(
    text: str,
    *,
    unit: str = "",
    style: NumberStyle = NumberStyle.GUESS,
    on: int | date | None = None,
) -> MoneyParse:
    """Read one cell of money as an interval in VND.

    `unit` is the column's unit ("tỷ đồng", "triệu USD", "million EUR"), used where the cell gives
    none. `style` is the file's (`infer_style`); GUESS raises a doubt where "5.000" stays open.
    `on` is the year or date whose exchange rate counts. "over X" leaves the high end open, "under
    X" the low one, "about" and "near" keep X and say so. Empty, "-", "N/A" give an unknown sum,
    and so does a number without any unit, with a doubt. Raises QuantityError (money.garbage,
    money.negative, money.range, money.rate, money.percent, money.unit) naming the text.
    """
    if len(text) > compose.LONGEST:
        raise refuse("garbage", text, EXPECTED, "quá dài", "is too long")
    folded = _JUNK.sub("", prepare(text)).strip(" ,;\"'")
    folded = _SIZE_LAST.sub(r"\1\3 \2", _ABBREVIATED.sub(r"\1 ", folded))
    if folded.strip(" .") in NOTHING or folded in NOTHING:
        silent = ("undisclosed",) if "undisclosed" in folded else ()
        return MoneyParse(Interval(), "", text, notes=silent)
    folded, notes = _remarks(folded, text)
    if not re.search(r"\d", folded) and "undisclosed" in notes:
        return MoneyParse(Interval(), "", text, notes=notes)
    cell = _Cell(text, scan(folded), _read_unit(unit), on, notes)
    return _settle(cell, style)


def _remarks(folded: str, text: str) -> tuple[str, tuple[str, ...]]:
    """Take brackets, "/năm" and "undisclosed" out of the text and return them as notes."""
    if re.fullmatch(r"[(\[][\d.,]+[)\]]", folded):
        raise refuse("negative", text, EXPECTED, "là số âm", "is negative")
    outside, inside = compose.unbracket(folded)
    notes: list[str] = []
    for content in inside:
        if not re.search(r"\d", content) and _is_unit(content):
            outside += " " + content
        else:
            excluded = _CLEARANCE.search(content)
            notes.append("excludes_clearance" if excluded else f"bracketed:{content}")
    bare = _CLEARANCE.sub("", outside)
    if bare != outside:
        notes.append("excludes_clearance")
    if "%" in bare:
        raise refuse("percent", text, EXPECTED, "là tỷ lệ phần trăm", "is a percentage")
    if _RATE.search(bare):
        raise refuse("rate", text, EXPECTED, "là đơn giá", "is a rate, not a total")
    for pattern, note in ((_PER_YEAR, "per_year"), (_UNDISCLOSED, "undisclosed")):
        shorter = pattern.sub("", bare)
        notes += [note] if shorter != bare else []
        bare = shorter
    return bare.strip(" ,;"), tuple(dict.fromkeys(notes))


def _is_unit(folded: str) -> bool:
    return all(token.kind in ("size", "currency", "ignored") for token in scan(folded))


def _read_unit(unit: str) -> _Unit:
    tokens = scan(prepare(unit).strip(" ().:"))
    size, currency = 1.0, ""
    for token in tokens:
        if token.kind == "size":
            size *= float(str(token.value))
        elif token.kind == "currency":
            currency = str(token.value)
        elif token.kind not in ("ignored", "sep"):
            why_vi, why_en = "không phải đơn vị tiền", "is not a unit of money"
            raise refuse("unit", unit, EXPECTED, why_vi, why_en)
    return _Unit(size, currency, tuple(tokens))


def _settle(cell: _Cell, style: NumberStyle) -> MoneyParse:
    """Read the cell in the given style, or in both and choose."""
    if style is NumberStyle.GUESS:
        style = style_in(cell.tokens)
    if style is not NumberStyle.GUESS:
        return _finish(cell, _sum(cell, style), ())
    sums = []
    problem: QuantityError | None = None
    for each in (NumberStyle.VIETNAMESE, NumberStyle.ENGLISH):
        try:
            sums.append(_sum(cell, each))
        except QuantityError as error:
            problem = error
    if not sums and problem:
        raise problem
    if len(sums) == 1 or sums[0].original == sums[1].original:
        return _finish(cell, sums[0], ())
    return _choose(cell, sums[0], sums[1])


def _choose(cell: _Cell, vietnamese: _Sum, english: _Sum) -> MoneyParse:
    """Choose between two readings by context, with a doubt unless the context settles it."""
    separators = compose.open_separators(cell.tokens)
    size_said = any(amount.sized for amount in english.reading.amounts)
    whole = not size_said and cell.unit.size == 1 and bool(english.currency)
    settled = compose.context_style(cell.tokens, separators, whole)
    likely = settled
    if likely is NumberStyle.GUESS:
        likely = compose.context_style([*cell.tokens, *cell.unit.tokens], separators, False)
    if likely is NumberStyle.GUESS:
        likely = NumberStyle.VIETNAMESE if separators == {"."} else NumberStyle.ENGLISH
    first, second = vietnamese, english
    if likely is NumberStyle.ENGLISH:
        first, second = english, vietnamese
    sure = settled is not NumberStyle.GUESS and compose.round_numbers(cell.tokens)
    if sure or (settled is not NumberStyle.GUESS and not _above(first, SURELY_LIKELY)):
        return _finish(cell, first, ())
    large = _above(first, LARGEST_LIKELY) and not _above(second, LARGEST_LIKELY)
    if large and settled is not NumberStyle.ENGLISH:
        first, second = second, first
    doubt = compose.style_doubt(
        "money",
        cell.text,
        (
            plain_amount(first.original, first.currency),
            plain_amount(second.original, second.currency),
        ),
    )
    return _finish(cell, first, (doubt,))


def _above(reading: _Sum, limit: float) -> bool:
    top = reading.vnd.high if reading.vnd.high is not None else reading.vnd.low
    return top is not None and top > limit


def _sum(cell: _Cell, style: NumberStyle) -> _Sum:
    reading = read(cell.tokens, style=style, units="currency")
    compose.check(reading, cell.text, EXPECTED)
    if "undisclosed" in cell.notes and not reading.joined:
        reading.hedge = reading.hedge or Hedge.OVER
    currency = _currency(cell, reading)
    default = 1.0 if reading.amounts[-1].unit else cell.unit.size
    original = _bounds(cell, reading, default, lambda _: 1.0).interval
    if not currency:
        return _Sum(reading, original, Interval(), "")
    vnd = _bounds(
        cell, reading, default, lambda each: rate(each.unit or currency, on=cell.on).vnd_per_unit
    ).interval
    return _Sum(reading, original, vnd, currency)


def _bounds(
    cell: _Cell, reading: Reading, default: float, factor: Callable[[Amount], float]
) -> Bounds:
    return compose.bounds(
        reading, text=cell.text, expected=EXPECTED, factor=factor, default_size=default
    )


def _currency(cell: _Cell, reading: Reading) -> str:
    """Return the currency: the cell's own, the column's, or VND where "tỷ" alone says so."""
    own = next((amount.unit for amount in reading.amounts if amount.unit), "")
    if own:
        return own
    if any(token.kind == "size" and token.text in ("ty", "ti") for token in cell.tokens):
        return "VND"  # "150 tỷ" means đồng even in a column of USD; the conflict is asked about
    tokens = [*cell.tokens, *cell.unit.tokens]
    vietnamese = any(t.kind == "size" and t.text in _VIETNAMESE_SIZES for t in tokens)
    return cell.unit.currency or ("VND" if vietnamese else "")


def _finish(cell: _Cell, found: _Sum, doubts: tuple[Doubt, ...]) -> MoneyParse:
    reading = found.reading
    doubts += _questions(cell, found)
    if not all(amount.regular for amount in reading.amounts):
        shown = plain_amount(found.original, found.currency)
        doubts += (compose.grouping_doubt("money", cell.text, shown),)
    hedge = Hedge.NONE if reading.joined and reading.hedge is Hedge.OVER else reading.hedge
    return MoneyParse(
        interval=found.vnd,
        currency=found.currency,
        text=cell.text,
        original=found.original,
        hedge=hedge,
        notes=cell.notes,
        doubts=doubts,
    )


def _questions(cell: _Cell, found: _Sum) -> tuple[Doubt, ...]:
    """Remark on missing or contradicting units and on more sums than a range has."""
    amounts, doubts = found.reading.amounts, []
    if not found.currency:
        number = plain_amount(found.original, "")
        doubts.append(
            Doubt(
                code="money.unit",
                question_vi=f"{cell.text!r} không ghi đơn vị; {number} là đơn vị nào?",
                question_en=f"{cell.text!r} states no currency or unit; {number} of what?",
                candidates=("tỷ đồng", "triệu USD", "đồng", "USD"),
            )
        )
    elif cell.unit.currency and found.currency != cell.unit.currency:
        doubts.append(_conflict(cell, found))
    if len(amounts) > (2 if found.reading.joined else 1):
        doubts.append(
            Doubt(
                code="money.several",
                question_vi=f"{cell.text!r} có nhiều số tiền; lấy số nào?",
                question_en=f"{cell.text!r} has several sums; which one counts?",
                candidates=tuple(
                    plain_amount(Interval(a.value(), a.value()), a.unit or found.currency)
                    for a in amounts[:6]
                ),
            )
        )
    return tuple(doubts)


def _conflict(cell: _Cell, found: _Sum) -> Doubt:
    """Ask which currency is right, with the sum that each would give."""
    own, column = found.currency, cell.unit.currency
    return Doubt(
        code="money.unit_conflict",
        question_vi=f"{cell.text!r} ghi {own} nhưng cột ghi {column}: đơn vị nào đúng?",
        question_en=f"{cell.text!r} says {own} but its column says {column}: which is right?",
        candidates=(
            plain_amount(found.original, own),
            plain_amount(_in_columns_unit(cell, found.reading), column),
        ),
    )


def _in_columns_unit(cell: _Cell, reading: Reading) -> Interval:
    """Return what the bare numbers of a cell give in its column's unit."""
    bare = []
    for each in reading.amounts:
        if len(each.parts) == 1:
            bare.append(replace(each, parts=[(each.parts[0][0], 1.0)], unit="", sized=False))
        else:  # "2 tỷ 500 triệu": its magnitudes belong together
            bare.append(replace(each, unit=""))
    return _bounds(cell, replace(reading, amounts=bare), cell.unit.size, lambda _: 1.0).interval
