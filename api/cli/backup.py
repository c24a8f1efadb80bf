"""`ketnoi backup` and `ketnoi restore`: database and release as one file, and back."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.language import language

if TYPE_CHECKING:
    from api.settings import Settings
    from data.backup import Summary

_RELEASE = "release/"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("backup")(backup)
    app.command("restore")(restore)


def backup(
    file: Annotated[Path, typer.Argument(help="The file to write; it must not be there yet.")],
) -> None:
    """Copy the database and the release in use into one file, while others go on working.

    The file holds personal data and password hashes: keep it as you keep the database.
    """
    from api.settings import load_settings  # noqa: PLC0415 -- slow import
    from data.backup import write_backup  # noqa: PLC0415 -- slow import
    from data.session import connect, exists  # noqa: PLC0415 -- slow import

    settings = load_settings()
    if not exists(settings.database_url):
        raise _no_database(settings.database_url)
    engine = connect(settings.database_url)
    summary = write_backup(engine, file, _release_files(settings))
    engine.dispose()
    _tell(
        f"{file}: {summary.total} rows, {_release_of(summary) or 'no release'}.",
        f"{file}: {summary.total} dòng, {_release_of(summary) or 'không có bản phát hành'}.",
    )


def restore(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A file of backup.")],
    force: Annotated[
        bool, typer.Option("--force", help="Replace what the database holds already.")
    ] = False,
) -> None:
    """Put a backup in place of an empty database; all of it or, on any error, nothing."""
    from api.settings import load_settings  # noqa: PLC0415 -- slow import
    from data.backup import restore as restore_rows  # noqa: PLC0415 -- slow import
    from embeddings.manifest import publish  # noqa: PLC0415 -- slow import

    settings = load_settings()
    summary = restore_rows(settings.database_url, file, force=force)
    release = _release_of(summary)
    if release:
        _put_release(settings, file, summary, release)
        publish(settings.releases, release)
    _tell(
        f"{summary.total} rows of {summary.made_at} restored, {release or 'no release'}. "
        "Look at it with: ketnoi doctor",
        f"Đã khôi phục {summary.total} dòng của {summary.made_at}, "
        f"{release or 'không có bản phát hành'}. Hãy kiểm tra bằng: ketnoi doctor",
    )


def _release_files(settings: "Settings") -> list[tuple[str, Path]]:
    """The files of the release in use; none if there is none or the pointer is broken."""
    from embeddings.errors import EmbeddingsError  # noqa: PLC0415 -- slow import
    from embeddings.manifest import current  # noqa: PLC0415 -- slow import

    try:
        folder = current(settings.releases)
    except EmbeddingsError:
        return []
    if folder is None:
        return []
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return [
        (f"{_RELEASE}{folder.name}/{path.relative_to(folder).as_posix()}", path) for path in files
    ]


def _release_of(summary: "Summary") -> str:
    """The name of the release in a backup, empty if it holds none."""
    names = {name.split("/")[1] for name in summary.files if name.startswith(_RELEASE)}
    return names.pop() if len(names) == 1 else ""


def _put_release(settings: "Settings", file: Path, summary: "Summary", release: str) -> None:
    """Write the release's folder under its name at once; one that is there is the same."""
    import shutil  # noqa: PLC0415 -- only here
    import tempfile  # noqa: PLC0415 -- only here

    from data.backup import extract  # noqa: PLC0415 -- slow import

    folder = settings.releases / release
    if folder.is_dir():
        return
    settings.releases.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=".restored-", dir=settings.releases))
    try:
        for name in summary.files:
            inner = name.removeprefix(f"{_RELEASE}{release}/")
            if inner != name:
                extract(file, name, temporary / inner)
        temporary.chmod(0o755)
        temporary.replace(folder)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise


def _no_database(url: str) -> Exception:
    from data.errors import KetnoiError  # noqa: PLC0415 -- with the rest

    return KetnoiError(
        "backup.no_database",
        f"There is no database at {url}. Check KETNOI_HOME.",
        f"Không có cơ sở dữ liệu ở {url}. Hãy kiểm tra KETNOI_HOME.",
    )


def _tell(en: str, vi: str) -> None:
    typer.echo(vi if language() == "vi" else en)
