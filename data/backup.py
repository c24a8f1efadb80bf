"""A copy of the whole database as one file, made while others write, restored into either kind.

The file is a zip: `manifest.json` (schema version, rows and sha256 of each part), one file of JSON
lines a table, and what else belongs to it (a release). It is read in one snapshot and written whole
or not at all. It holds personal data and password hashes: keep it as you keep the database.
"""

import base64
import hashlib
import io
import json
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from sqlalchemy import JSON, Connection, Engine, LargeBinary, MetaData, Table, func, select, text

from data import store
from data.errors import KetnoiError
from data.session import connect, read, revisions, schema_version, write

FORMAT = "ketnoi-backup"
FORMAT_VERSION = 1
LEFT_OUT = ("alembic_version", "user_session", "idempotency_key")
"""Not copied: sessions that were ended must not come back to life, answers live for a day."""
_TABLES, _FILES = "tables/", "files/"
_STEP = 500


@dataclass(frozen=True, slots=True)
class Summary:
    """What a backup holds: `rows` by table, `files` beside them."""

    made_at: str
    schema: str
    rows: Mapping[str, int]
    files: tuple[str, ...]

    @property
    def total(self) -> int:
        """Number of rows in all."""
        return sum(self.rows.values())


def write_backup(engine: Engine, path: Path, files: Iterable[tuple[str, Path]] = ()) -> Summary:
    """Copy the database as it is at this moment, and `files` (name in the backup, place).

    Writers are not held up. Raises KetnoiError "backup.exists" if the file is there already, and
    OSError where it cannot be written.
    """
    if path.exists():
        raise KetnoiError(
            "backup.exists",
            f"{path} is there already and is not overwritten. Name another file.",
            f"{path} đã có, không ghi đè. Hãy đặt tên khác.",
        )
    part = path.with_name(path.name + ".part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as stream:
            with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
                summary = _fill(engine, archive, files)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise
    return summary


def check_backup(path: Path) -> Summary:
    """Read a backup from end to end. Raises KetnoiError "backup.damaged", "backup.newer"."""
    with _open(path) as archive:
        manifest = _manifest(archive, path)
        for name, entry in manifest["parts"].items():
            if _digest(archive, name, path) != entry["sha256"]:
                raise _damaged(path, f"{name} was altered")
    return _summary(manifest)


def restore(url: str, path: Path, *, force: bool = False) -> Summary:
    """Put a backup's rows in place of an empty database's; all of them or, on any error, none.

    An older backup is brought up to this release's schema. With `force` what the database holds is
    deleted first, in the same transaction. Raises KetnoiError "restore.not_empty", and what
    `check_backup` raises.
    """
    summary = check_backup(path)
    engine = connect(url)
    try:
        with write(engine) as connection, _open(path) as archive:
            if _holds_rows(connection) and not force:
                raise KetnoiError(
                    "restore.not_empty",
                    "The database holds rows already; nothing was restored. Set KETNOI_HOME (or "
                    "KETNOI_DATABASE_URL) to an empty one, or add --force to replace them.",
                    "Cơ sở dữ liệu đã có dữ liệu nên chưa khôi phục gì. Hãy đặt KETNOI_HOME (hoặc "
                    "KETNOI_DATABASE_URL) sang nơi trống, hoặc thêm --force để thay thế.",
                )
            _load(connection, archive, summary)
    finally:
        engine.dispose()
    return summary


def extract(path: Path, name: str, to: Path) -> None:
    """Write one file of a backup to a place, making its folder."""
    with _open(path) as archive:
        to.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(_FILES + name) as source, to.open("wb") as target:
            while piece := source.read(1 << 20):
                target.write(piece)


def _fill(engine: Engine, archive: zipfile.ZipFile, files: Iterable[tuple[str, Path]]) -> Summary:
    parts: dict[str, dict[str, Any]] = {}
    with read(engine) as connection:
        made_at = store.now()
        schema = schema_version(connection)
        if schema is None:
            raise KetnoiError(
                "backup.no_schema",
                "The database has no tables yet: there is nothing to copy. Import first.",
                "Cơ sở dữ liệu chưa có bảng nào để sao lưu. Hãy nhập dữ liệu trước.",
            )
        for table in _tables(connection):
            with archive.open(f"{_TABLES}{table.name}.jsonl", "w", force_zip64=True) as out:
                parts[f"{_TABLES}{table.name}.jsonl"] = _write_rows(connection, table, out)
    for name, place in files:
        parts[_FILES + name] = _write_file(archive, name, place)
    manifest = {
        "format": FORMAT,
        "version": FORMAT_VERSION,
        "made_at": made_at,
        "schema": schema,
        "parts": parts,
    }
    archive.writestr("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1))
    return _summary(manifest)


def _write_rows(connection: Connection, table: Table, out: IO[bytes]) -> dict[str, Any]:
    digest, count = hashlib.sha256(), 0
    binary = [column.name for column in table.columns if isinstance(column.type, LargeBinary)]
    statement = select(table).order_by(*table.primary_key.columns)
    streamed = connection.execution_options(yield_per=_STEP).execute(statement)
    for found in streamed.mappings():
        row = dict(found)
        for name in binary:
            row[name] = None if row[name] is None else base64.b64encode(row[name]).decode()
        line = json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        digest.update(line)
        out.write(line)
        count += 1
    return {"rows": count, "sha256": digest.hexdigest()}


def _write_file(archive: zipfile.ZipFile, name: str, place: Path) -> dict[str, Any]:
    digest = hashlib.sha256()
    with place.open("rb") as source, archive.open(_FILES + name, "w", force_zip64=True) as out:
        while piece := source.read(1 << 20):
            digest.update(piece)
            out.write(piece)
    return {"sha256": digest.hexdigest()}


def _load(connection: Connection, archive: zipfile.ZipFile, summary: Summary) -> None:
    from data.migrations.run import upgrade  # noqa: PLC0415 -- slow import

    _drop_all(connection)
    upgrade(connection, summary.schema)
    for table in _tables(connection):
        part = f"{_TABLES}{table.name}.jsonl"
        if table.name in summary.rows:
            # What a migration itself puts into a table is in the backup, too.
            connection.execute(table.delete())
            _insert_rows(connection, table, _lines(archive, part))
            _advance_sequence(connection, table)
    upgrade(connection)


def _drop_all(connection: Connection) -> None:
    found = MetaData()
    found.reflect(connection)
    found.drop_all(connection)


def _insert_rows(connection: Connection, table: Table, rows: Iterator[dict[str, Any]]) -> None:
    for column in table.columns:
        if isinstance(column.type, JSON) and column.nullable:
            column.type = JSON(none_as_null=True)
    binary = [column.name for column in table.columns if isinstance(column.type, LargeBinary)]
    batch: list[dict[str, Any]] = []
    for row in rows:
        for name in binary:
            row[name] = None if row[name] is None else base64.b64decode(row[name])
        batch.append(row)
        if len(batch) == _STEP:
            connection.execute(table.insert(), batch)
            batch = []
    if batch:
        connection.execute(table.insert(), batch)


def _advance_sequence(connection: Connection, table: Table) -> None:
    """On PostgreSQL, let numbers that the database counts itself go on after the highest."""
    if connection.dialect.name != "postgresql":
        return
    for column in table.primary_key.columns:
        named = select(func.pg_get_serial_sequence(f'"{table.name}"', column.name))
        sequence = connection.execute(named).scalar()
        highest = connection.execute(select(func.max(column))).scalar() if sequence else None
        if highest is not None:
            connection.execute(
                text("SELECT setval(:sequence, :highest)"),
                {"sequence": sequence, "highest": highest},
            )


def _tables(connection: Connection) -> list[Table]:
    """The tables to copy, those that others refer to first."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name not in LEFT_OUT]


def _holds_rows(connection: Connection) -> bool:
    return any(
        connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in _tables(connection)
        if table.name not in ("ledger_head", "content_version")
    )


def _lines(archive: zipfile.ZipFile, name: str) -> Iterator[dict[str, Any]]:
    with archive.open(name) as stream:
        for line in io.TextIOWrapper(stream, encoding="utf-8", newline="\n"):
            yield json.loads(line)


def _open(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise _damaged(path, str(error)) from None


def _manifest(archive: zipfile.ZipFile, path: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads(archive.read("manifest.json"))
        parts, version = manifest["parts"], manifest["version"]
        names = set(archive.namelist()) - {"manifest.json"}
        known = manifest["format"] == FORMAT and names == set(parts)
        safe = all(_is_safe(name) for name in parts)
    except (KeyError, ValueError, TypeError, zipfile.BadZipFile) as error:
        raise _damaged(path, f"its manifest cannot be read: {error}") from None
    if not known or not safe:
        raise _damaged(path, "its manifest does not name what it holds")
    if version > FORMAT_VERSION or manifest["schema"] not in revisions():
        raise KetnoiError(
            "backup.newer",
            f"{path.name} was made by a newer release (schema {manifest['schema']}). "
            "Install that release, then restore.",
            f"{path.name} do bản phần mềm mới hơn tạo ra (lược đồ {manifest['schema']}). "
            "Hãy cài bản đó rồi khôi phục.",
        )
    return manifest


def _is_safe(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in name


def _digest(archive: zipfile.ZipFile, name: str, path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with archive.open(name) as stream:
            while piece := stream.read(1 << 20):
                digest.update(piece)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError) as error:
        raise _damaged(path, f"{name}: {error}") from None
    return digest.hexdigest()


def _summary(manifest: Mapping[str, Any]) -> Summary:
    parts: Mapping[str, Mapping[str, Any]] = manifest["parts"]
    rows = {
        name.removeprefix(_TABLES).removesuffix(".jsonl"): int(entry["rows"])
        for name, entry in parts.items()
        if name.startswith(_TABLES)
    }
    files = tuple(name.removeprefix(_FILES) for name in parts if name.startswith(_FILES))
    return Summary(str(manifest["made_at"]), str(manifest["schema"]), rows, files)


def _damaged(path: Path, why: str) -> KetnoiError:
    return KetnoiError(
        "backup.damaged",
        f"{path.name} is no whole backup of Ketnoi ({why}). Nothing was changed; use another copy.",
        f"{path.name} không phải bản sao lưu nguyên vẹn ({why}). Chưa thay đổi gì; "
        "hãy dùng bản khác.",
    )
