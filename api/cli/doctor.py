"""`ketnoi doctor`: looks at everything the service stands on and says what to do."""

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from api.cli.language import language

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from api.settings import Settings

Status = Literal["ok", "warning", "error"]
LITTLE_DISK = 1 << 30
NO_DISK = 100 << 20
_MARKS = {"ok": "✓", "warning": "!", "error": "✗"}


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found, with what to do unless all is well."""

    check: str
    status: Status
    en: str
    vi: str


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("doctor")(doctor)


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Check database, ledger, release, encoder, disk and rights; exit code 1 if any is broken.

    Nothing is changed.
    """
    from api.settings import load_settings  # noqa: PLC0415 -- slow import

    findings = examine(load_settings())
    worst = max((found.status for found in findings), key=list(_MARKS).index)
    if as_json:
        document = {"status": worst, "checks": [asdict(found) for found in findings]}
        sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
    else:
        for found in findings:
            text = found.vi if language() == "vi" else found.en
            typer.echo(f"{_MARKS[found.status]} {found.check}: {text}")
    if worst == "error":
        raise typer.Exit(1)


def examine(settings: "Settings") -> list[Finding]:
    """Run all checks; one that cannot be made is an error with its reason."""
    findings = [
        *_guarded("home", lambda: _home(settings)),
        *_guarded("disk", lambda: _disk(settings)),
    ]
    database = list(_guarded("database", lambda: _database(settings)))
    findings += database
    if not any(found.status == "error" for found in database):
        findings += _guarded("rows", lambda: _rows(settings))
    findings += _guarded("encoder", lambda: _encoder(settings))
    findings += _guarded("scans", _scans)
    return findings


def _guarded(check: str, run: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    from data.errors import KetnoiError  # noqa: PLC0415 -- with the checks
    from embeddings.errors import EmbeddingsError  # noqa: PLC0415 -- with the checks

    try:
        yield from run()
    except (KetnoiError, EmbeddingsError) as error:
        yield Finding(check, "error", str(error), getattr(error, "message_vi", "") or str(error))
    except OSError as error:
        yield Finding(
            check,
            "error",
            f"{error}. Check the path, its rights and the disk.",
            f"{error}. Hãy kiểm tra đường dẫn, quyền và đĩa.",
        )


def _home(settings: "Settings") -> Iterator[Finding]:
    import os  # noqa: PLC0415 -- only here

    home = settings.home
    if not home.exists():
        yield Finding(
            "home", "warning",
            f"{home} is not there yet. It is made by the first import.",
            f"{home} chưa có; sẽ được tạo khi nhập dữ liệu lần đầu.",
        )  # fmt: skip
        return
    if not os.access(home, os.R_OK | os.W_OK | os.X_OK):
        yield Finding(
            "home", "error",
            f"{home} cannot be written to by this user. Change its owner or rights.",
            f"Người dùng này không ghi được vào {home}. Hãy đổi chủ sở hữu hoặc quyền.",
        )  # fmt: skip
        return
    open_to_all = [path for path in _private_files(home) if path.stat().st_mode & 0o007]
    if open_to_all and home.stat().st_mode & 0o001:
        yield Finding(
            "home", "warning",
            f"Everyone on this machine may read {open_to_all[0]}, which holds personal data. "
            f"Run: chmod o-rwx {home}",
            f"Mọi người dùng trên máy đọc được {open_to_all[0]}, nơi có dữ liệu cá nhân. "
            f"Hãy chạy: chmod o-rwx {home}",
        )  # fmt: skip
        return
    yield Finding("home", "ok", f"{home} can be written to.", f"Ghi được vào {home}.")


def _private_files(home: Path) -> list[Path]:
    return sorted(path for path in home.glob("*.sqlite*") if not path.name.startswith("vectors"))


def _disk(settings: "Settings") -> Iterator[Finding]:
    folder = next(path for path in (settings.home, *settings.home.parents) if path.exists())
    free = shutil.disk_usage(folder).free
    size = f"{free / (1 << 30):.1f} GB"
    if free < LITTLE_DISK:
        status: Status = "error" if free < NO_DISK else "warning"
        yield Finding(
            "disk", status,
            f"Only {size} are free. Make room: delete old backups and releases.",
            f"Chỉ còn trống {size}. Hãy dọn bớt bản sao lưu và bản phát hành cũ.",
        )  # fmt: skip
        return
    yield Finding("disk", "ok", f"{size} are free.", f"Còn trống {size}.")


def _database(settings: "Settings") -> Iterator[Finding]:
    from data.session import (  # noqa: PLC0415 -- slow import
        connect,
        exists,
        read,
        revisions,
        schema_version,
    )

    if not exists(settings.database_url):
        yield Finding(
            "database", "error",
            "There is no database yet. Import calls, investors and deals: ketnoi import calls FILE",
            "Chưa có cơ sở dữ liệu. Hãy nhập dữ liệu: ketnoi import calls TỆP",
        )  # fmt: skip
        return
    engine = connect(settings.database_url)
    place = engine.url.render_as_string(hide_password=True)
    with read(engine) as connection:
        version = schema_version(connection)
        newest = revisions()[-1]
        if version not in revisions():
            yield _other_schema(version, newest)
            return
        yield Finding("database", "ok", f"{place} answers.", f"{place} hoạt động.")
        yield _schema(version, newest)
        yield _integrity(connection)
    engine.dispose()


def _other_schema(version: str | None, newest: str) -> Finding:
    if version is None:
        return Finding(
            "schema", "error",
            "The database has no tables yet. Any command that writes makes them: ketnoi import …",
            "Cơ sở dữ liệu chưa có bảng. Lệnh ghi dữ liệu đầu tiên sẽ tạo: ketnoi import …",
        )  # fmt: skip
    return Finding(
        "schema", "error",
        f"The database is at version {version}, newer than this release's {newest}. Install the "
        "newer release.",
        f"Cơ sở dữ liệu ở phiên bản {version}, mới hơn {newest} của phần mềm. Hãy cài bản mới hơn.",
    )  # fmt: skip


def _schema(version: str | None, newest: str) -> Finding:
    if version != newest:
        return Finding(
            "schema", "warning",
            f"The database is at version {version}; the next command brings it to {newest}. "
            "Make a backup first: ketnoi backup FILE",
            f"Cơ sở dữ liệu ở phiên bản {version}; lệnh kế tiếp sẽ nâng lên {newest}. "
            "Hãy sao lưu trước: ketnoi backup TỆP",
        )  # fmt: skip
    return Finding("schema", "ok", f"Version {version}.", f"Phiên bản {version}.")


def _integrity(connection: "Connection") -> Finding:
    from sqlalchemy import text  # noqa: PLC0415 -- slow import

    if connection.dialect.name != "sqlite":
        return Finding(
            "integrity", "ok", "The server checks references itself.",
            "Máy chủ tự bảo đảm tham chiếu.",
        )  # fmt: skip
    said = connection.execute(text("PRAGMA quick_check(1)")).scalar()
    orphan = connection.execute(text("PRAGMA foreign_key_check")).first()
    if said != "ok" or orphan is not None:
        what = said if said != "ok" else f"a row of {orphan[0] if orphan else ''} refers to nothing"
        return Finding(
            "integrity", "error",
            f"The database file is damaged: {what}. Restore a backup: ketnoi restore FILE --force",
            f"Tệp cơ sở dữ liệu bị hỏng: {what}. Hãy khôi phục: ketnoi restore TỆP --force",
        )  # fmt: skip
    return Finding("integrity", "ok", "The file is whole.", "Tệp nguyên vẹn.")


def _rows(settings: "Settings") -> Iterator[Finding]:
    from data import queries  # noqa: PLC0415 -- slow import
    from data.session import connect, read, revisions, schema_version  # noqa: PLC0415 -- same

    engine = connect(settings.database_url)
    with read(engine) as connection:
        if schema_version(connection) != revisions()[-1]:
            return  # what follows knows the newest tables alone
        counts = queries.counts(connection)
        yield from _counts(counts)
        yield _ledger(connection)
        yield from _waiting(connection)
        content = queries.content_version(connection)
    engine.dispose()
    yield from _guarded(
        "release", lambda: _release(settings, content, filled=bool(counts["calls"]))
    )


def _counts(counts: dict[str, int]) -> Iterator[Finding]:
    told = ", ".join(f"{number} {name}" for name, number in counts.items())
    if not counts["calls"] or not counts["investors"]:
        yield Finding(
            "content", "warning",
            f"There is little to match ({told}). Import calls, investors and deals.",
            f"Chưa đủ dữ liệu để kết nối ({told}). Hãy nhập dự án, nhà đầu tư và thương vụ.",
        )  # fmt: skip
        return
    yield Finding("content", "ok", f"{told}.", f"{told}.")


def _ledger(connection: "Connection") -> Finding:
    from data.ledger import verify_ledger  # noqa: PLC0415 -- slow import

    found = verify_ledger(connection)
    if not found.whole:
        return Finding(
            "ledger", "error",
            f"{found.message} Someone changed the database by other means than this program: "
            "keep a copy as evidence, compare with a backup, and find out who.",
            f"{found.message_vi} Có người sửa cơ sở dữ liệu ngoài phần mềm: hãy giữ bản sao làm "
            "chứng cứ, so với bản sao lưu và tìm nguyên nhân.",
        )  # fmt: skip
    return Finding(
        "ledger", "ok",
        f"{found.slates} slates and {found.decisions} decisions, unbroken.",
        f"{found.slates} danh sách và {found.decisions} quyết định, nguyên vẹn.",
    )  # fmt: skip


def _waiting(connection: "Connection") -> Iterator[Finding]:
    from data import store  # noqa: PLC0415 -- slow import

    jobs, mails = store.table_of("job"), store.table_of("mail")
    contacts = store.table_of("contact")
    failed = store.counted(connection, "job", jobs.c.status == "failed")
    stuck = store.counted(
        connection, "job", jobs.c.status == "running", jobs.c.lease_until <= store.now()
    )
    unsent = store.counted(connection, "mail", mails.c.status == "failed")
    overdue = store.counted(connection, "contact", contacts.c.expires_on < store.now()[:10])
    if stuck or failed or unsent:
        yield Finding(
            "work", "warning",
            f"{failed} jobs failed, {stuck} lost their worker, {unsent} mails could not be sent. "
            "See that a worker runs (ketnoi worker) and read its log.",
            f"{failed} công việc thất bại, {stuck} mất tiến trình xử lý, {unsent} thư không gửi "
            "được. Hãy kiểm tra tiến trình xử lý (ketnoi worker) và nhật ký.",
        )  # fmt: skip
    else:
        yield Finding("work", "ok", "Nothing is stuck.", "Không có việc nào bị kẹt.")
    if overdue:
        yield Finding(
            "retention", "warning",
            f"{overdue} contacts are past their last day. Run a worker, or: ketnoi contacts expire",
            f"{overdue} người liên hệ đã quá hạn lưu. Hãy chạy tiến trình xử lý, hoặc: "
            "ketnoi contacts expire",
        )  # fmt: skip
    else:
        yield Finding(
            "retention", "ok", "No contact is past its last day.", "Không có liên hệ quá hạn."
        )


def _release(settings: "Settings", content: str, *, filled: bool) -> Iterator[Finding]:
    from matcher.errors import MatcherError  # noqa: PLC0415 -- slow import
    from matcher.release import current_release  # noqa: PLC0415 -- slow import

    try:
        release = current_release(settings.releases)
    except MatcherError as error:
        yield Finding("release", "error", str(error), getattr(error, "message_vi", str(error)))
        return
    if release is None:
        yield Finding(
            "release", "error" if filled else "warning",
            "There is no index yet. Run: ketnoi index",
            "Chưa có chỉ mục. Hãy chạy: ketnoi index",
        )  # fmt: skip
    elif release.content != content:
        yield Finding(
            "release", "warning",
            f"{release.name} is older than the database. Run: ketnoi index",
            f"{release.name} cũ hơn cơ sở dữ liệu. Hãy chạy: ketnoi index",
        )  # fmt: skip
    else:
        yield Finding(
            "release", "ok", f"{release.name} is whole and up to date.",
            f"{release.name} nguyên vẹn và đúng với dữ liệu.",
        )  # fmt: skip


def _encoder(settings: "Settings") -> Iterator[Finding]:
    """Load the encoder, unless that would first unpack it, and compare it with the index's."""
    from embeddings.encoder import load_encoder  # noqa: PLC0415 -- slow import
    from embeddings.packaged import NAME, is_materialised  # noqa: PLC0415 -- slow import
    from matcher.release import releases  # noqa: PLC0415 -- slow import

    if settings.encoder == NAME and not is_materialised(settings.models):
        yield Finding(
            "encoder", "warning",
            "The packaged encoder was not unpacked yet; the first use does it, in a minute.",
            "Bộ mã hóa đi kèm chưa được giải nén; lần dùng đầu sẽ làm, mất khoảng một phút.",
        )  # fmt: skip
        return
    encoder = load_encoder(settings.encoder, cache_dir=settings.models)
    made_by = next((each.encoder for each in releases(settings.releases) if each.in_use), "")
    if made_by and made_by != encoder.id:
        yield Finding(
            "encoder", "error",
            f"The index was made by {made_by}; the encoder set is {encoder.id}. Run: ketnoi index, "
            "or set KETNOI_ENCODER as it was.",
            f"Chỉ mục do {made_by} tạo, bộ mã hóa đang đặt là {encoder.id}. Hãy chạy: ketnoi "
            "index, hoặc đặt lại KETNOI_ENCODER.",
        )  # fmt: skip
        return
    yield Finding("encoder", "ok", f"{encoder.id} loads.", f"{encoder.id} sẵn sàng.")


def _scans() -> Iterator[Finding]:
    from data.importers.scans.tesseract import HOW_TO_INSTALL, available  # noqa: PLC0415 -- slow

    if available():
        yield Finding(
            "scans", "ok", "Tesseract with its Vietnamese data is installed: scans are read.",
            "Đã cài Tesseract và dữ liệu tiếng Việt: đọc được bản quét.",
        )  # fmt: skip
        return
    yield Finding(
        "scans", "ok",
        f"Scans are not read, all else is. To read them, install Tesseract: {HOW_TO_INSTALL}",
        f"Chưa đọc được bản quét, các tệp khác vẫn đọc được. Hãy cài Tesseract: {HOW_TO_INSTALL}",
    )  # fmt: skip
