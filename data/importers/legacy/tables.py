"""What the codes of old Vietnamese fonts stand for: TCVN3 (ABC, .VnTime) and VNI (VNI-Times).

Sources: TCVN 5712:1993 (VN3) and the VNI-Windows code page as documented by their makers.
"""

import re
import unicodedata
from collections.abc import Callable

_TCVN3_FIRST = 0xA1
_TCVN3 = (
    "ĂÂÊÔƠƯĐăâêôơưđ" "\0\0\0\0\0\0" "àảãáạ" "\0" "ằẳẵắ" "\0\0\0\0\0\0\0" "ặ"
    "ầẩẫấậ" "è" "\0" "ẻẽéẹ" "ềểễếệ" "ìỉ" "\0\0\0" "ĩíị" "ò" "\0" "ỏõóọ" "ồổỗốộ" "ờởỡớợ"
    "ù" "\0" "ủũúụ" "ừửữứự" "ỳỷỹýỵ"
)  # fmt: skip
"""Letters of the codes A1 to FE; \\0 where there is none."""

_GRAVE, _ACUTE, _HOOK, _TILDE, _DOT = "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"
_ROUND, _BREVE = "\u0302", "\u0306"
_VNI_MARKS = {
    "ø": _GRAVE, "ù": _ACUTE, "û": _HOOK, "õ": _TILDE, "ï": _DOT,
    "â": _ROUND, "à": _ROUND + _GRAVE, "á": _ROUND + _ACUTE, "å": _ROUND + _HOOK,
    "ã": _ROUND + _TILDE, "ä": _ROUND + _DOT,
    "ê": _BREVE, "è": _BREVE + _GRAVE, "é": _BREVE + _ACUTE, "ú": _BREVE + _HOOK,
    "ü": _BREVE + _TILDE, "ë": _BREVE + _DOT,
}  # fmt: skip
_VNI_LETTERS = {
    "ñ": "đ", "ô": "ơ", "ö": "ư", "î": "ỵ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "ì": "ì", "í": "í",
}  # fmt: skip
_TAKES = {
    "a": set("øùûõïâàáåãäêèéúüë"),
    "e": set("øùûõïâàáåãä"),
    "o": set("øùûõïâàáåãä"),
    "u": set("øùûõï"),
    "y": set("øùûõ"),
    "ô": set("øùûõï"),
    "ö": set("øùûõï"),
}


def _upper(pairs: dict[str, str]) -> dict[str, str]:
    return pairs | {key.upper(): value.upper() for key, value in pairs.items()}


def _vni_pairs() -> dict[str, str]:
    pairs: dict[str, str] = {}
    for base, marks in _TAKES.items():
        letter = _VNI_LETTERS.get(base, base)
        for mark in marks:
            for first, whole in ((base, letter), (base.upper(), letter.upper())):
                made = unicodedata.normalize("NFC", whole + _VNI_MARKS[mark])
                pairs[first + mark] = pairs[first + mark.upper()] = made
    return pairs


_TCVN3_MAP = {_TCVN3_FIRST + place: letter for place, letter in enumerate(_TCVN3) if letter != "\0"}
_VNI_PAIRS = _vni_pairs()
_VNI_SINGLE = _upper(_VNI_LETTERS)
_VNI = re.compile(
    "|".join(map(re.escape, sorted((*_VNI_PAIRS, *_VNI_SINGLE), key=len, reverse=True)))
)


def from_tcvn3(text: str) -> str:
    """Return text whose letters are TCVN3 codes, taken for Latin-1, in Unicode."""
    return text.translate(_TCVN3_MAP)


def from_vni(text: str) -> str:
    """Return text whose letters are VNI codes, taken for Latin-1, in Unicode."""
    return _VNI.sub(lambda hit: _VNI_PAIRS.get(hit[0]) or _VNI_SINGLE[hit[0]], text)


CONVERTERS: dict[str, Callable[[str], str]] = {"TCVN3": from_tcvn3, "VNI": from_vni}


def font_encoding(name: str) -> tuple[str, bool]:
    """Return the encoding that a font's name tells ("" for none), and whether it shows capitals.

    ".VnTime" and ".VnArialH" are TCVN3 fonts, the latter all in capitals; "VNI-Times" is VNI.
    """
    if re.match(r"\.?vn[a-z]", name, re.IGNORECASE) and name.startswith("."):
        return "TCVN3", name.endswith("H")
    if re.match(r"vni[- ]", name, re.IGNORECASE):
        return "VNI", False
    return "", False


def to_tcvn3(text: str) -> str:
    """Return Unicode text in TCVN3 codes taken for Latin-1; capitals with tones become small."""
    back = {letter: chr(code) for code, letter in _TCVN3_MAP.items()}
    return "".join(
        back.get(sign) or back.get(sign.lower(), sign)
        for sign in unicodedata.normalize("NFC", text)
    )


def to_vni(text: str) -> str:
    """Return Unicode text in VNI codes taken for Latin-1."""
    pairs = _VNI_PAIRS | _VNI_SINGLE
    back = {made: code for code, made in pairs.items() if code.islower() or code.isupper()}
    return "".join(back.get(sign, sign) for sign in unicodedata.normalize("NFC", text))
