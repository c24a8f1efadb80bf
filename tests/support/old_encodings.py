"""Write Vietnamese text as programs from before Unicode did."""

import unicodedata

from data.importers.legacy.tables import to_tcvn3, to_vni

_TONES = "\u0300\u0309\u0303\u0301\u0323"


def windows_1258(text: str) -> bytes:
    """Return text in Windows-1258, which writes tones behind their vowels."""
    made = b""
    for sign in unicodedata.normalize("NFC", text):
        try:
            made += sign.encode("cp1258")
        except UnicodeEncodeError:
            apart = unicodedata.normalize("NFD", sign)
            base = unicodedata.normalize("NFC", "".join(s for s in apart if s not in _TONES))
            made += (base + "".join(s for s in apart if s in _TONES)).encode("cp1258")
    return made


def encoded(text: str, name: str) -> bytes:
    """Return text in an encoding: "Windows-1258", "TCVN3", "VNI", or a codec of Python's."""
    if name == "Windows-1258":
        return windows_1258(text)
    if name in ("TCVN3", "VNI"):
        convert = to_tcvn3 if name == "TCVN3" else to_vni
        return convert(text).encode("cp1252", "replace")
    return text.encode(name)
