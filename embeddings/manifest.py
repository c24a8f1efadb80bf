"""Immutable folders on disk: written whole or not at all, checked by sha256, swapped by a pointer.

A crash or a ``kill -9`` at any moment leaves either no folder or a complete one, and the pointer
``current`` on the last folder that was published.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from embeddings.errors import ArtifactError

MANIFEST = "manifest.json"
POINTER = "current"
FORMAT = 1
_CHUNK = 1 << 20
_TEMPORARY = ".tmp-"

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]


@dataclass(frozen=True)
class FileEntry:
    """One file of a folder: size in bytes and sha256 in hex."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a folder holds; ``files`` is keyed by path relative to the folder, with ``/``."""

    kind: str
    created_at: str
    files: Mapping[str, FileEntry]
    info: Mapping[str, Json]


def sha256_of(path: Path) -> str:
    """Hex sha256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write_folder_atomically(
    target: Path,
    fill: Callable[[Path], None],
    *,
    kind: str,
    info: Mapping[str, Json] | None = None,
) -> Manifest:
    """Let ``fill`` write files into a folder beside ``target``, then rename it to ``target``.

    Args:
        target: folder to create; its parent is made if needed.
        fill: called with an empty folder on the same file system.
        kind: what the folder is ("encoder", "index", "release"); checked when it is opened.
        info: facts to keep in the manifest (encoder id, dimension, rows, …).

    Raises:
        ArtifactError: ``target`` exists already (``artifact.exists``). Anything ``fill`` raises
            passes through, and nothing is left behind.
    """
    if target.exists():
        raise _exists(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f"{_TEMPORARY}{target.name}-", dir=target.parent))
    try:
        fill(work)
        manifest = Manifest(
            kind=kind,
            created_at=datetime.now(UTC).isoformat(timespec="seconds"),
            files=_entries(work),
            info=dict(info or {}),
        )
        (work / MANIFEST).write_text(_to_json(manifest), encoding="utf-8")
        _open_and_sync(work)
        try:
            work.rename(target)
        except OSError as error:  # another process finished first: a folder is never overwritten
            raise _exists(target) from error
        _sync_path(target.parent)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return manifest


def read_manifest(folder: Path, *, kind: str, remedy: str) -> Manifest:
    """Read a folder's manifest without looking at the files.

    Raises:
        ArtifactError: no folder or manifest, unreadable JSON, another kind or format; the message
            ends with ``remedy``.
    """
    path = folder / MANIFEST
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        found = (document["format"], document["kind"])
        files = {
            name: FileEntry(size=int(entry["size"]), sha256=str(entry["sha256"]))
            for name, entry in document["files"].items()
        }
        manifest = Manifest(
            kind=kind, created_at=document["created_at"], files=files, info=document["info"]
        )
    except FileNotFoundError as error:
        raise ArtifactError(
            code="artifact.missing", message=f"No {kind} at {folder}. {remedy}"
        ) from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ArtifactError(
            code="artifact.manifest", message=f"{path} cannot be read ({error}). {remedy}"
        ) from error
    if found != (FORMAT, kind):
        raise ArtifactError(
            code="artifact.kind",
            message=f"{path} is {found[1]!r} in format {found[0]}; "
            f"{kind!r} in format {FORMAT} is needed. {remedy}",
        )
    return manifest


def verify(
    folder: Path, *, kind: str, remedy: str, hashed: Collection[str] | None = None
) -> Manifest:
    """Check a folder against its manifest.

    Args:
        folder: folder written by :func:`write_folder_atomically`.
        kind: expected kind.
        remedy: sentence that ends every error message, such as "Run `ketnoi index`."
        hashed: names whose sha256 is checked; None for all. Sizes are always checked for all.

    Raises:
        ArtifactError: ``artifact.missing``, ``.manifest``, ``.kind`` or ``.damaged``.
    """
    manifest = read_manifest(folder, kind=kind, remedy=remedy)
    for name, entry in manifest.files.items():
        path = folder / name
        if not path.is_file():
            raise _damaged(path, "is missing", remedy)
        size = path.stat().st_size
        if size != entry.size:
            raise _damaged(path, f"has {size} bytes; {entry.size} were written", remedy)
        if (hashed is None or name in hashed) and sha256_of(path) != entry.sha256:
            raise _damaged(path, "has another sha256 than its manifest", remedy)
    return manifest


def publish(root: Path, name: str) -> None:
    """Point ``root/current`` at the folder ``root/name``; readers see the old or the new one."""
    if not name or Path(name).name != name or not (root / name).is_dir():
        raise ArtifactError(
            code="artifact.publish",
            message=f"{name!r} is not a folder in {root}, so it cannot be published. "
            "Give the name of a folder that was built there.",
        )
    handle, temporary = tempfile.mkstemp(prefix=_TEMPORARY, dir=root)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(name + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(root / POINTER)
        _sync_path(root)
    finally:
        Path(temporary).unlink(missing_ok=True)


def current(root: Path) -> Path | None:
    """The published folder of ``root``; None when nothing was published yet.

    Raises:
        ArtifactError: the pointer names something that is no folder here (``artifact.pointer``).
    """
    pointer = root / POINTER
    try:
        name = pointer.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    if not name or Path(name).name != name or not (root / name).is_dir():
        raise ArtifactError(
            code="artifact.pointer",
            message=f"{pointer} names {name!r}, which is no folder in {root}. "
            "Delete the file and build again.",
        )
    return root / name


def remove_leftovers(root: Path) -> None:
    """Delete half-built folders that killed processes left in ``root``; call it under a lock."""
    for path in root.glob(f"{_TEMPORARY}*"):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


@contextlib.contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold a lock between processes on ``path``; the system frees it if the holder is killed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def _entries(folder: Path) -> dict[str, FileEntry]:
    return {
        path.relative_to(folder).as_posix(): FileEntry(path.stat().st_size, sha256_of(path))
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _to_json(manifest: Manifest) -> str:
    document = {
        "format": FORMAT,
        "kind": manifest.kind,
        "created_at": manifest.created_at,
        "info": dict(manifest.info),
        "files": {
            name: {"size": entry.size, "sha256": entry.sha256}
            for name, entry in manifest.files.items()
        },
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _open_and_sync(folder: Path) -> None:
    """Flush everything to disk, readable by accounts that serve what this one built."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
        _sync_path(path)


def _sync_path(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _exists(target: Path) -> ArtifactError:
    return ArtifactError(
        code="artifact.exists",
        message=f"{target} exists already and folders are never overwritten. "
        "Choose another name or delete it.",
    )


def _damaged(path: Path, what: str, remedy: str) -> ArtifactError:
    return ArtifactError(code="artifact.damaged", message=f"{path} {what}. {remedy}")
