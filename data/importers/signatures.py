"""What a file really is, by its first bytes, whatever it is called."""

_XLSX = "an Excel workbook (.xlsx)"
_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", _XLSX),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"{\\rtf", "a rich-text document (.rtf)"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_HTML = (b"<!doctype html", b"<html", b"<table", b"<meta", b"<head", b"<body")
_BYTE_ORDER_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


def kind_of(data: bytes) -> str:
    """Return in words what the bytes are when that is no plain text, else ""."""
    for start, words in _STARTS:
        if data.startswith(start):
            return words
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            return "a workbook protected by a password"
        return "an old Excel or Word file (.xls, .doc)"
    head = data[:2000].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if head.startswith(_HTML):
        return "a web page (HTML)"
    if head.startswith(b"<?xml"):
        return "an XML document"
    return ""


def wide_encoding(data: bytes) -> str:
    """Return "UTF-16" or "UTF-32" when the bytes are text of two or four bytes a sign, else ""."""
    return wide_codec(data)[:6].upper()


def wide_codec(data: bytes) -> str:
    """Return the codec of text of two or four bytes a sign ("utf-16-le" …), else "".

    Without a byte order mark, zeros in every other byte tell.
    """
    for mark, name in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return name
    sample = data[:4000]
    pairs = len(sample) // 2
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if pairs < 4 or max(even, odd) <= 0.3 * pairs or min(even, odd) > 0.05 * pairs:
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def looks_like_windows_1258(data: bytes) -> bool:
    """Tell whether bytes that are not UTF-8 read as Vietnamese text in Windows-1258.

    That code page writes tones as separate signs after their vowel.
    """
    text = data[:200_000].decode("cp1258", errors="replace")
    marked = sum(text.count(sign) for sign in "ăâđêôơưĂÂĐÊÔƠƯ")
    tones = sum(text.count(sign) for sign in "\u0300\u0309\u0303\u0301\u0323")
    return tones > 0 or marked > 0
