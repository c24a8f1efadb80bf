"""Open a zip archive of documents: few members, of reasonable size, none of them an archive."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath

from data.importers.documents.archives import problem

MOST_MEMBERS = 100
_MOST_UNPACKED = 300_000_000  # bytes of all members
_LARGEST = 100_000_000  # bytes of one
_MOST_RATIO = 200
_RATIO_MATTERS = 10_000_000  # bytes
_NESTED = (".zip", ".rar", ".7z", ".gz", ".tar", ".tgz", ".bz2", ".xz")
_IGNORED = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")
_REMEDY = "Put the documents with the lists alone into a new archive, or import them one by one."


def members(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Give the name and bytes of each document in an archive, in the order of names.

    Nothing is written to disk. Raises TextProblem for an archive that is damaged, protected, holds
    another archive, too many members, or unpacks to an unreasonable size.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            chosen = _checked(archive, len(data))
            for part in sorted(chosen, key=_name):
                yield _name(part), _read(archive, part)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, OSError):
        raise problem(
            "The archive is cut short or damaged.", "Make or fetch the archive again."
        ) from None


def _checked(archive: zipfile.ZipFile, packed: int) -> list[zipfile.ZipInfo]:
    parts = [part for part in archive.infolist() if not part.is_dir() and not _ignored(part)]
    if not parts:
        raise problem("The archive is empty.", _REMEDY)
    if len(parts) > MOST_MEMBERS:
        why = f"The archive holds {len(parts):,} files; {MOST_MEMBERS} are the most."
        raise problem(why, _REMEDY)
    unpacked = sum(part.file_size for part in parts)
    bomb = unpacked > _RATIO_MATTERS and unpacked > _MOST_RATIO * packed
    if bomb or unpacked > _MOST_UNPACKED or max(part.file_size for part in parts) > _LARGEST:
        why = f"The archive unpacks from {packed:,} to {unpacked:,} bytes, which no lists do."
        raise problem(why, _REMEDY)
    for part in parts:
        if part.flag_bits & 1:
            raise problem(
                "The archive is protected by a password.", "Make it without one.", _name(part)
            )
        if part.filename.lower().endswith(_NESTED):
            raise problem("The archive holds another archive.", _REMEDY, _name(part))
    return parts


def _ignored(part: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(part.filename.replace("\\", "/"))
    return any(each in path.parts for each in _IGNORED) or path.name.startswith(("~$", "._"))


def _name(part: zipfile.ZipInfo) -> str:
    """Return a member's name as a person sees it: the last part of its path."""
    return PurePosixPath(part.filename.replace("\\", "/")).name


def _read(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    with archive.open(part) as opened:
        found = opened.read(part.file_size + 1)
    if len(found) > part.file_size:  # the size that the archive states is a lie
        raise problem("A file of the archive is larger than it says.", _REMEDY, _name(part))
    return found
