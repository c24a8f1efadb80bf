"""Compare two names: are they one party, relatives, partners, or nothing of each other?"""

from dataclasses import dataclass
from enum import StrEnum
from itertools import product

from data.identity.names import PartyName
from data.identity.sounds import is_foreign_script, skeleton
from data.identity.words import known_brands


class Relation(StrEnum):
    """What two parties are to each other. Only the same party may be merged."""

    SAME = "same"
    RELATED = "related"  # parent and subsidiary, or two of one group
    VENTURE = "venture"  # one is a venture that the other takes part in


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why two names belong together: a rule's code and the words it rests on.

    `doubts` are codes of what speaks against it; an automatic merge bears none.
    """

    code: str
    relation: Relation
    words: str = ""
    doubts: tuple[str, ...] = ()


_BRACKET_CODES = frozenset({"name", "script", "known_name", "country", "field", "longer"})
_PARTNER_CODES = frozenset(
    {
        "name",
        "script",
        "known_name",
        "stated_acronym",
        "country",
        "field",
        "local",
        "in_brackets",
        "sound",
    }
)
_LEAST_SOUND = 3
_LEAST_TYPO = 8


def compare_names(first: PartyName, second: PartyName) -> Evidence | None:
    """Return the strongest evidence that the names belong together, None without any."""
    if first.partners or second.partners:
        return _venture(first, second)
    direct = _plain(first, second)
    if direct is not None and direct.relation is Relation.SAME:
        return direct
    return _bracketed(first, second) or direct


def _plain(first: PartyName, second: PartyName) -> Evidence | None:
    """Compare without brackets."""
    if not first.core or not second.core:
        return None
    if first.compact == second.compact:
        return _same_core(first, second)
    if first.whole == second.whole and len(first.whole) > 5 and not tones_differ(first, second):
        return Evidence("name", Relation.SAME, first.whole, _name_doubts(first, second))
    if first.plain or second.plain:
        return _acronym(first, second) or _plain_words(first, second)
    return (
        _joined(first, second)
        or _longer(first, second)
        or _acronym(first, second)
        or _sound(first, second)
        or _slip(first, second)
        or _same_brand(first, second)
    )


def _same_core(first: PartyName, second: PartyName) -> Evidence | None:
    words = " ".join(sorted((first.core, second.core), key=len)[0])
    if tones_differ(first, second):
        return None
    if first.numbers != second.numbers:
        return Evidence("number", Relation.RELATED, words)
    if first.places != second.places or first.countries != second.countries:
        return _places(first, second, words)
    if first.fields != second.fields:
        return _fields(first, second, words)
    code = "name"
    if first.brands ^ second.brands:
        code = "script" if _another_script(first, second) else "known_name"
    if first.foreign != second.foreign:
        code = "sound"
    return Evidence(code, Relation.SAME, words, _name_doubts(first, second))


def _another_script(first: PartyName, second: PartyName) -> bool:
    return is_foreign_script(first.text) or is_foreign_script(second.text)


def _name_doubts(first: PartyName, second: PartyName) -> tuple[str, ...]:
    doubts = []
    if first.form and second.form and first.form != second.form:
        doubts.append("legal_form")
    if {"branch", "office"} & (first.forms ^ second.forms):
        doubts.append("branch")
    if first.whole != second.whole and (
        first.plain or (first.weak and _same_language(first, second))
    ):
        # "Đầu tư Xây dựng Hà Nội" and "Xây dựng và Đầu tư Hà Nội" are two firms.
        doubts.append("common_name")
    elif first.weak and not _both_tell_more(first, second):
        doubts.append("common_name")
    elif _letters_of_two(first, second):
        doubts.append("short")
    return tuple(doubts)


def _same_language(first: PartyName, second: PartyName) -> bool:
    """Whether both names are written in Vietnamese, so that no translation changed the order."""
    return bool(first.marked and second.marked)


def _both_tell_more(first: PartyName, second: PartyName) -> bool:
    """Whether two common names agree in more than the core.

    Two fields or places do; else one and the form must, or both be groups, and both or neither
    carry tones: "Hung Thinh Group" may be "Hưng Thịnh" or "Hùng Thịnh".
    """
    if len(first.fields) + len(first.places) > 1:
        return True
    if bool(first.marked) != bool(second.marked):
        return False
    if "group" in first.forms & second.forms:
        return True
    forms = first.forms - {"corp"}
    return forms == second.forms - {"corp"} != set() and bool(first.fields | first.places)


def _letters_of_two(first: PartyName, second: PartyName) -> bool:
    """Whether two and three letters are borne with different forms: "TNG Holdings", "TNG Corp"."""
    one, other = first.forms, second.forms
    return len(first.compact) < 4 and bool(one) and bool(other) and not one & other


def _places(first: PartyName, second: PartyName, words: str) -> Evidence | None:
    one, other = first.places | first.countries, second.places | second.countries
    if (one and other and not (one <= other or other <= one)) and len(words) < _LEAST_TYPO:
        return Evidence("sister", Relation.RELATED, words)
    only_country = first.places == second.places and first.fields == second.fields
    return Evidence("country" if only_country else "local", Relation.RELATED, words)


def _fields(first: PartyName, second: PartyName, words: str) -> Evidence | None:
    common = first.fields & second.fields
    if first.fields and second.fields and not common:
        return Evidence("sister", Relation.RELATED, words)
    if common and not first.weak and first.form == second.form:
        return Evidence("some_fields", Relation.RELATED, words)
    return Evidence("field", Relation.RELATED, words)


def _longer(first: PartyName, second: PartyName) -> Evidence | None:
    """One core begins the other: "Foxconn", "Foxconn Interconnect"."""
    short, long = sorted((first, second), key=lambda name: len(name.core))
    size = len(short.core)
    words = " ".join(short.core)
    if short.numbers and not short.numbers & long.numbers:
        return None
    if short.weak and size < 2 and len(short.compact) < 4 and not short.short_letters:
        return None
    if long.core[:size] == short.core and not tones_differ(first, second):
        return Evidence("longer", Relation.RELATED, words)
    inside = any(long.core[at : at + size] == short.core for at in range(1, len(long.core)))
    if inside and not short.weak and len(short.compact) > 3:
        return Evidence("contained", Relation.RELATED, words)
    starts = len(short.compact) > 4 and long.compact.startswith(short.compact)
    if not short.weak and (
        starts or (len(short.compact) > 6 and long.compact.endswith(short.compact))
    ):
        return Evidence("begins", Relation.RELATED, words)
    return None


def _plain_words(first: PartyName, second: PartyName) -> Evidence | None:
    """Names of fields and places alone: one says all that the other says, and a little more."""
    short, long = sorted((set(first.core), set(second.core)), key=len)
    if not (first.plain and second.plain) or len(short) < 2 or not short <= long:
        return None
    if len(long) > len(short) + 1:
        return None
    return Evidence("plain_words", Relation.RELATED, " ".join(sorted(short)))


def _joined(first: PartyName, second: PartyName) -> Evidence | None:
    """A part around a dash is the other's whole name: "PetroVietnam Gas - AES" and "AES"."""
    for long, short in ((first, second), (second, first)):
        for part in long.joined:
            if part.compact == short.compact and not (part.weak and not part.short_letters):
                return Evidence("joined", Relation.VENTURE, part.text.strip())
    return None


def _acronym(first: PartyName, second: PartyName) -> Evidence | None:
    """One core is the initials of the other name: "TTC", "Thanh Thanh Cong"."""
    for short, long in ((first, second), (second, first)):
        letters = short.compact
        if len(short.core) == 1 and len(letters) > 2 and stands_for(letters, long):
            doubts = ("short",) if len(letters) < 4 else ()
            return Evidence("acronym", Relation.SAME, letters.upper(), doubts)
    return None


def stands_for(letters: str, name: PartyName) -> bool:
    """Whether the letters are the initials of the name's words, form words left out or not."""
    core = "".join(word[0] for word in name.core)
    return letters in (core, name.initials, name.letters)


def _sound(first: PartyName, second: PartyName) -> Evidence | None:
    if first.foreign == second.foreign:
        return None
    if first.fields and second.fields and not first.fields & second.fields:
        return None
    one, other = skeleton(first.compact), skeleton(second.compact)
    if one == other and len(one) >= _LEAST_SOUND:
        agree = first.fields == second.fields and first.places == second.places
        relation = Relation.SAME if agree else Relation.RELATED
        return Evidence("sound", relation, second.compact)
    return None


def _slip(first: PartyName, second: PartyName) -> Evidence | None:
    """One letter apart in a long core: a slip of the pen, perhaps."""
    one, other = first.compact, second.compact
    if min(len(one), len(other)) < _LEAST_TYPO or first.numbers != second.numbers:
        return None
    if first.weak or second.weak or first.fields != second.fields or first.places != second.places:
        return None
    from rapidfuzz.distance import OSA  # noqa: PLC0415 -- slow import

    if OSA.distance(one, other, score_cutoff=1) <= 1:
        return Evidence("slip", Relation.SAME, " ".join(first.core))
    return None


def _same_brand(first: PartyName, second: PartyName) -> Evidence | None:
    """Two names that go on differently after the same well-known brand."""
    if first.core[0] != second.core[0] or first.core[0] not in known_brands():
        return None
    return Evidence("family", Relation.RELATED, first.core[0])


def _bracketed(first: PartyName, second: PartyName) -> Evidence | None:
    for name, other in ((first, second), (second, first)):
        for inner in name.inside:
            found = _plain(inner, other)
            if found is None or found.code not in _BRACKET_CODES:
                continue
            if found.relation is Relation.SAME and _abbreviates(inner, name):
                doubts = () if len(inner.compact) > 2 and other.form <= name.form else ("short",)
                return Evidence("stated_acronym", Relation.SAME, inner.text, doubts)
            return Evidence("in_brackets", Relation.RELATED, inner.text)
    for one, two in product(first.inside, second.inside):
        found = _plain(one, two)
        if found is not None and found.code == "name" and not one.weak:
            return Evidence("both_brackets", Relation.RELATED, one.text)
    return None


def _abbreviates(inner: PartyName, name: PartyName) -> bool:
    """Whether a name in brackets is short for the one before it: its letters begin its words."""
    letters, at = inner.compact, 0
    if len(inner.core) != 1 or len(letters) > 7 or letters[0] not in name.letters[:3]:
        return inner.compact == name.compact
    for letter in name.letters:
        at += at < len(letters) and letters[at] == letter
    return at >= len(letters)


def _venture(first: PartyName, second: PartyName) -> Evidence | None:
    if first.partners and second.partners:
        return _ventures(first, second)
    venture, party = (first, second) if first.partners else (second, first)
    for partner in (*venture.partners, *venture.inside):
        found = compare_names(partner, party)
        if found is not None and found.code in _PARTNER_CODES:
            return Evidence("venture", Relation.VENTURE, partner.text.strip())
    return None


def _ventures(first: PartyName, second: PartyName) -> Evidence | None:
    """Ventures of the same partners are one; ventures that share a partner are relatives."""
    pairs = [
        (one, two)
        for one, two in product(first.partners, second.partners)
        if (found := compare_names(one, two)) is not None and found.relation is Relation.SAME
    ]
    if not pairs:
        return None
    words = " / ".join(one.text.strip() for one, _ in pairs)
    every = len(pairs) >= max(len(first.partners), len(second.partners))
    if every:
        return Evidence("same_partners", Relation.SAME, words, ("venture",))
    return Evidence("shared_partner", Relation.VENTURE, words)


def tones_differ(first: PartyName, second: PartyName) -> bool:
    """Whether both carry tones and the cores' tones are not the same: "Hưng" is not "Hùng"."""
    if not first.marked or not second.marked:
        return False
    one, other = "".join(first.marked), "".join(second.marked)
    return one != other and len(one) == len(other)
