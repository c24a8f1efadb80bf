"""Vietnamese left as raw Telex or VNI keystrokes: "dieenj gios", "benh65 vien65"."""

import re
import unicodedata
from collections.abc import Container
from functools import lru_cache

from data.reference.spelling import nfc, tone_placement
from embeddings.restoration.syllables import is_syllable

_TELEX_TONES = {"f": "\u0300", "s": "\u0301", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_VNI_TONES = {"2": "\u0300", "1": "\u0301", "3": "\u0309", "4": "\u0303", "5": "\u0323"}
_TELEX_SHAPES = (
    ("dd", "đ"), ("uow", "ươ"), ("uwow", "ươ"), ("uwo", "ươ"), ("aa", "â"), ("ee", "ê"),
    ("oo", "ô"), ("aw", "ă"), ("ow", "ơ"), ("uw", "ư"),
)  # fmt: skip
_VOWELS = "aăâeêioôơuưy"
TYPED = re.compile(r"[A-Za-zÀ-ỹ]+(?:\d[A-Za-zÀ-ỹ\d]*)?")


def decode(word: str, known: Container[str]) -> list[str]:
    """Return the lower-case syllables that raw keystrokes may stand for; none if it is no such.

    `known` holds the syllables that count. A tone on the wrong vowel ("maý") is moved; a first
    "d" may have been meant as "đ", for which keys are often forgotten.
    """
    lowered = nfc(word).lower()
    if not lowered.isascii():
        moved = _moved(lowered)
        return [moved] if moved != lowered and lowered not in known and moved in known else []
    keyed = any(sign.isdigit() for sign in lowered)
    syllables = _vni(lowered) if keyed else _telex(lowered)
    found = [syllable for syllable in syllables if syllable != lowered and syllable in known][:1]
    if found and found[0].startswith("d") and "đ" + found[0][1:] in known:
        found.append("đ" + found[0][1:])
    return found


def _moved(word: str) -> str:
    """Return the marked word with its tone where spelling wants it."""
    parts = unicodedata.normalize("NFD", word)
    tones = [sign for sign in parts if sign in _VNI_TONES.values()]
    if len(tones) != 1:
        return word
    return _toned(nfc(parts.replace(tones[0], "")), tones[0])


@lru_cache(maxsize=5000)
def _telex(word: str) -> tuple[str, ...]:
    """Readings of a lower-case word as Telex: the tone key anywhere after the first vowel."""
    first = next((place for place, sign in enumerate(word) if sign in _VOWELS), len(word))
    readings = []
    for place in range(len(word) - 1, first, -1):
        if word[place] in _TELEX_TONES:
            rest = word[:place] + word[place + 1 :]
            readings.append(_toned(_shaped(rest), _TELEX_TONES[word[place]]))
    shaped = _shaped(word)
    if shaped != word:
        readings.append(shaped)
    return tuple(reading for reading in readings if is_syllable(reading))


def _shaped(word: str) -> str:
    for keys, letter in _TELEX_SHAPES:
        if keys != "dd" or word.startswith("dd"):
            word = word.replace(keys, letter)
    if word.startswith("d") and word.endswith("d") and len(word) > 2:
        word = "đ" + word[1:-1]
    return word


@lru_cache(maxsize=5000)
def _vni(word: str) -> tuple[str, ...]:
    """Readings of a lower-case word as VNI: digits for tones (1-5) and shapes (6-9)."""
    keys = [sign for sign in word if sign.isdigit()]
    letters = "".join(sign for sign in word if not sign.isdigit())
    tones = [key for key in keys if key in _VNI_TONES]
    if not letters or len(set(keys)) != len(keys) or len(tones) > 1 or "0" in keys:
        return ()
    if "9" in keys and letters.startswith("d"):
        letters = "đ" + letters[1:]
    tone = _VNI_TONES[tones[0]] if tones else ""
    toned = (_toned(choice, tone) for choice in _vni_shapes(letters, keys))
    return tuple(syllable for syllable in toned if is_syllable(syllable))


def _vni_shapes(letters: str, keys: list[str]) -> list[str]:
    if "6" in keys:
        pairs = [(sign, shaped) for sign, shaped in ("aâ", "eê", "oô") if sign in letters]
        return [_once(letters, sign, shaped) for sign, shaped in pairs]
    if "8" in keys:
        return [_once(letters, "a", "ă")]
    if "7" in keys:
        both = letters.replace("uo", "ươ")
        return [both, _once(letters, "u", "ư"), _once(letters, "o", "ơ")]
    return [letters]


def _once(word: str, sign: str, shaped: str) -> str:
    return word[::-1].replace(sign, shaped, 1)[::-1]


def _toned(word: str, tone: str) -> str:
    """Put a tone on the vowel where spelling wants it."""
    if not tone:
        return word
    start = 2 if word.startswith(("qu", "gi")) and any(sign in _VOWELS for sign in word[2:]) else 0
    vowels = [place for place, sign in enumerate(word) if place >= start and sign in _VOWELS]
    if not vowels:
        return word
    shaped = [place for place in vowels if word[place] in "ăâêôơư"]
    closed = vowels[-1] < len(word) - 1
    if shaped:
        place = shaped[-1]
    elif len(vowels) == 1:
        place = vowels[0]
    else:
        place = vowels[-1] if closed and len(vowels) == 2 else vowels[-2]
    return tone_placement(
        nfc(unicodedata.normalize("NFD", word[: place + 1]) + tone + word[place + 1 :])
    )
