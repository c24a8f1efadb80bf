"""The parts of an event file that join two participants: pairs, vetoes, fixed meetings."""

from collections.abc import Iterable, Mapping
from typing import Any

from matcher.events.event import Fixed, Pair, Side
from matcher.events.fields import Reader, is_object, shorten

_THINGS = {
    "slot": ("a slot", "khung giờ"),
    "table": ("a table", "bàn"),
    "interpreter": ("an interpreter", "phiên dịch"),
}


def _couple(
    reader: Reader, source: Mapping[str, Any], place: str, sides: Mapping[str, Side]
) -> tuple[str, str] | None:
    """The ids under `a` and `b`, each known and on its side; None when something is wrong."""
    good = True
    for key in ("a", "b"):
        identity = reader.text(source, key, place)
        if not identity:
            good = False
        elif identity not in sides:
            reader.fail(f"{place}.{key}", *nobody(identity))
            good = False
        elif sides[identity] != key:
            other = sides[identity]
            reader.fail(
                f"{place}.{key}",
                f"{shorten(identity)} is on side {other}, not {key}",
                f"{shorten(identity)} thuộc phía {other}, không phải phía {key}",
            )
            good = False
    return (source["a"], source["b"]) if good else None


def read_pairs(
    reader: Reader, document: Mapping[str, Any], sides: Mapping[str, Side]
) -> tuple[Pair, ...]:
    pairs: list[Pair] = []
    seen: dict[tuple[str, str], str] = {}
    for place, source in reader.records(document, "pairs", required=True):
        reader.extras(source, place, ("a", "b", "score", "must"))
        couple = _couple(reader, source, place, sides)
        score = reader.score(source, "score", place)
        must = reader.flag(source, "must", place)
        if couple is None:
            continue
        if couple in seen:
            reader.fail(
                place,
                f"{couple[0]!r} with {couple[1]!r} is already {seen[couple]}",
                f"{couple[0]!r} với {couple[1]!r} đã có ở {seen[couple]}",
            )
            continue
        seen[couple] = place
        pairs.append(Pair(*couple, score, must))
    return tuple(pairs)


def read_musts_of_standby(reader: Reader, document: Mapping[str, Any], standby: set[str]) -> None:
    """A must needs someone who is there from the start."""
    for place, source in reader.items(document, "pairs", required=False) if standby else ():
        for key in ("a", "b") if is_object(source) and source.get("must") is True else ():
            if isinstance(source.get(key), str) and source[key] in standby:
                who = shorten(source[key])
                reader.fail(
                    f"{place}.must", f"{who} is on standby only", f"{who} chỉ là người dự bị"
                )


def read_vetoes(
    reader: Reader, document: Mapping[str, Any], sides: Mapping[str, Side]
) -> frozenset[tuple[str, str]]:
    """Vetoes as (a, b), whichever order they are written in."""
    vetoes: set[tuple[str, str]] = set()
    for place, value in reader.items(document, "vetoes", required=False):
        if not isinstance(value, list) or len(value) != 2:
            wanted = "a list of two participants' ids", "danh sách gồm mã của hai người tham gia"
            reader.unfit(place, wanted, value)
            continue
        if _all_known(reader, value, place, sides):
            first, second = value
            if sides[first] == sides[second]:
                reader.note(
                    place,
                    "joins two of one side, who never meet; ignored",
                    "gồm hai người cùng một phía, vốn không gặp nhau; đã bỏ qua",
                )
            vetoes.add((first, second) if sides[first] == "a" else (second, first))
    return frozenset(vetoes)


def _all_known(
    reader: Reader, values: Iterable[object], place: str, sides: Mapping[str, Side]
) -> bool:
    wrong = [
        (number, value)
        for number, value in enumerate(values)
        if not isinstance(value, str) or value not in sides
    ]
    for number, value in wrong:
        reader.fail(f"{place}[{number}]", *nobody(value))
    return not wrong


def nobody(value: object) -> tuple[str, str]:
    """What to say of an id that no participant has."""
    got = shorten(value)
    return f"{got} is not a participant's id", f"{got} không phải mã của người tham gia nào"


def read_fixed(
    reader: Reader,
    document: Mapping[str, Any],
    sides: Mapping[str, Side],
    known: Mapping[str, set[str]],
) -> tuple[Fixed, ...]:
    fixed: list[Fixed] = []
    for place, source in reader.records(document, "fixed", required=False):
        reader.extras(source, place, ("a", "b", "slot", "table", "interpreter"))
        couple = _couple(reader, source, place, sides)
        slot = reader.text(source, "slot", place)
        chosen = {
            "slot": slot or None,
            "table": reader.optional_text(source, "table", place),
            "interpreter": reader.optional_text(source, "interpreter", place),
        }
        for key, value in chosen.items():
            if value and value not in known[key]:
                what, what_vi = _THINGS[key]
                reader.fail(
                    f"{place}.{key}",
                    f"{shorten(value)} is not {what}'s id",
                    f"{shorten(value)} không phải mã của {what_vi} nào",
                )
        if couple is not None:
            fixed.append(Fixed(*couple, slot, chosen["table"], chosen["interpreter"]))
    return tuple(fixed)
