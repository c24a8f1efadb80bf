"""Vietnamese spelling: composed form, folding, tone placement and alphabetical order."""

import re
import unicodedata

SortKey = tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]

_DASHES = re.compile(r"\s*[-\u2010-\u2015\u2212\uFE58\uFE63\uFF0D]+\s*")
_INVISIBLE = re.compile(r"[\u00AD\u200B-\u200F\u2060\uFEFF]")
_LATIN_MARKS = re.compile(r"[\u0300-\u036F]")
_TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền hỏi ngã sắc nặng, in dictionary order
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK = {letter: 100 + place for place, letter in enumerate(_ALPHABET)}
_VOWELS = {"a": "àáảãạ", "e": "èéẻẽẹ", "o": "òóỏõọ", "u": "ùúủũụ", "y": "ỳýỷỹỵ"}
_PLAIN = {mark: (base, place) for base, row in _VOWELS.items() for place, mark in enumerate(row)}


def nfc(text: str) -> str:
    """Return the text in Unicode's composed form (NFC), the only form kept in the database."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """Return a key for comparing: lower case, no Latin marks, đ as d, single spaces and dashes.

    Dashes of every kind become "-" without spaces around them. Scripts without Latin letters
    (Hangul, kana, Han) keep their characters. Folding twice changes nothing.
    """
    bare = _INVISIBLE.sub("", text)
    bare = _LATIN_MARKS.sub("", unicodedata.normalize("NFD", bare)).lower()
    # Lower case may bring marks back ("İ" gives i and a dot), hence a second pass.
    bare = _LATIN_MARKS.sub("", unicodedata.normalize("NFD", bare)).replace("đ", "d")
    return _DASHES.sub("-", " ".join(nfc(bare).split()))


def compact(text: str) -> str:
    """Return the folded text with everything but letters and digits removed, for look-ups."""
    return "".join(sign for sign in fold(text) if sign.isalnum())


def has_marks(text: str) -> bool:
    """Tell whether the text carries Vietnamese marks (tones, circumflex, horn, breve) or đ."""
    return any(
        sign in "đĐ" or _LATIN_MARKS.search(unicodedata.normalize("NFD", sign))
        for sign in nfc(text)
    )


def tone_placement(text: str) -> str:
    """Return NFC text with tones where the older, commoner style puts them: hóa, thủy, khỏe.

    Open syllables in oa, oe, uy carry the tone on the first vowel ("hoá" becomes "hóa"), closed
    ones on the second ("tòan" becomes "toàn"); "quý" stays, its u belongs to the consonant.
    """
    return _CLOSED.sub(_to_second, _OPEN.sub(_to_first, nfc(text)))


def _class(base: str) -> str:
    return f"[{_VOWELS[base]}{_VOWELS[base].upper()}]"


_END = r"(?![^\W\d_])"
_OPEN = re.compile(
    rf"(?P<first>[oO])(?P<second>{_class('a')}|{_class('e')}){_END}"
    rf"|(?<![qQ])(?P<third>[uU])(?P<fourth>{_class('y')}){_END}"
)
_CODA = r"(?=(?:ng|nh|ch|[nmptciyou])(?![^\W\d_]))"
_CLOSED = re.compile(
    rf"(?P<first>{_class('o')})(?P<second>[aAeE]){_CODA}"
    rf"|(?P<third>{_class('u')})(?P<fourth>[yY]){_CODA}"
    rf"|(?<=[qQ])(?P<fifth>{_class('u')})(?P<sixth>[yYaAeE])",
    re.IGNORECASE,
)


def _move(marked: str, plain: str) -> tuple[str, str]:
    """Return the marked letter without its tone and the plain letter with it, cases kept."""
    base, place = _PLAIN[marked.lower()]
    toned = _VOWELS[plain.lower()][place]
    return (
        base.upper() if marked.isupper() else base,
        toned.upper() if plain.isupper() else toned,
    )


def _to_first(found: re.Match[str]) -> str:
    plain, marked = (part for part in found.groups() if part)
    second, first = _move(marked, plain)
    return first + second


def _to_second(found: re.Match[str]) -> str:
    marked, plain = (part for part in found.groups() if part)
    first, second = _move(marked, plain)
    return first + second


def sort_key(text: str) -> SortKey:
    """Return a key that sorts in Vietnamese alphabetical order.

    Words are compared one by one: first by letters (a ă â b c d đ e ê …), then by tone (ngang,
    huyền, hỏi, ngã, sắc, nặng). Digits and signs come before letters, other scripts after.
    """
    return tuple(_word_key(word) for word in nfc(text).lower().split())


def _word_key(word: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    letters, tones = [], []
    for sign in word:
        parts = unicodedata.normalize("NFD", sign)
        tone = next((_TONES.index(mark) + 1 for mark in parts if mark in _TONES), 0)
        letter = nfc("".join(mark for mark in parts if mark not in _TONES))
        rank = _RANK.get(letter)
        if rank is None:
            rank = ord(letter[0]) if letter and ord(letter[0]) < 97 else 1000 + ord(sign)
        letters.append(rank)
        tones.append(tone)
    return tuple(letters), tuple(tones)
