"""Office files are zip archives: refuse those that are damaged, huge inside, or built to attack."""

import io
import re
import zipfile

from data.importers.problems import Problem
from data.importers.textfile import TextProblem

MOST_UNPACKED = 1_000_000_000  # bytes
MOST_RATIO = 200
_ROOT = re.compile(rb"<[A-Za-z]")
_RATIO_MATTERS = 10_000_000  # bytes; small files of repeated text may pack very well


def problem(why: str, remedy: str, where: str = "", value: str = "") -> TextProblem:
    """Return the error for a file that is refused."""
    return TextProblem(Problem(where, value, why, remedy))


def check_size(archive: zipfile.ZipFile, packed: int, noun: str) -> None:
    """Refuse an archive that unpacks to too much; `noun` is "workbook" or "document"."""
    unpacked = sum(part.file_size for part in archive.infolist())
    ratio = unpacked / max(packed, 1)
    if unpacked > MOST_UNPACKED or (ratio > MOST_RATIO and unpacked > _RATIO_MATTERS):
        raise problem(
            f"The {noun} unpacks from {packed:,} to {unpacked:,} bytes, which no list of "
            "projects does.",
            f"Copy the list alone into a new {noun} and import that.",
        )


def declares_type(archive: zipfile.ZipFile, name: str) -> bool:
    """Tell whether an XML part declares a document type, whatever comments stand before it.

    Only declarations above the root element count: there is no other place for them.
    """
    tail = b""
    with archive.open(name) as part:
        while chunk := part.read(1 << 16):
            text = tail + chunk
            if b"<!DOCTYPE" in text:
                return True
            if _ROOT.search(text):
                return False
            tail = text[-12:]
    return False


def check_archive(data: bytes, needed: str, what: str) -> None:
    """Refuse a document that lacks its main part, is damaged, too large, or declares entities."""
    resave = "Open it in Word, save it again, and import that."
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            check_size(archive, len(data), "document")
            if needed not in archive.namelist():
                raise problem(f"This is an archive, not {what}.", resave)
            if archive.getinfo(needed).file_size > MOST_UNPACKED // 10:
                raise problem("The document's text is too long.", "Split it over several files.")
            for name in archive.namelist():
                if name.endswith((".xml", ".rels")) and declares_type(archive, name):
                    raise problem("The document holds a document type, as attacks do.", resave)
            if archive.testzip() is not None:
                raise problem("The document is damaged.", resave)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, OSError):
        raise problem("The document is cut short or damaged.", resave) from None
    except RuntimeError:
        raise problem("The document is encrypted.", "Save it without a password.") from None
