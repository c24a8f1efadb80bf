"""Backups: one state, whole, into either kind of database, never over something else by mistake."""

import json
import random
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.engine import Engine

from data import backup, contacts, jobs, queries, store
from data.commands import Changes, ImportRun, log_import
from data.errors import DatabaseError, KetnoiError
from data.jobs import NewJob
from data.keys import create_session
from data.ledger import verify_ledger
from data.session import open_engine, read, write
from data.store import Actor
from tests.integration.data.made_up_service import (
    centre,
    contact,
    fill,
    lead,
    person,
    slate,
)
from tests.support import workers
from tests.support.databases import MakeUrl


def fill_all(connection: Connection) -> None:
    """Rows of many kinds, with values that are hard to carry over."""
    fill(connection)
    tenant = centre(connection)
    who = person(connection, tenant)
    create_session(connection, who.user_id)
    shown = slate(connection)
    lead(connection, tenant, slate_id=shown.slate_id, stage="met", notes='dòng một\ndòng hai \\ "')
    contacts.create_contact(connection, contact(tenant), by=Actor())
    jobs.enqueue(connection, NewJob("import", {"tên": None}), {"file": bytes(range(256))})
    log_import(connection, ImportRun("calls", "a.csv", "0"), Changes(new=1))


def everything(engine: Engine) -> dict[str, list[dict[str, object]]]:
    names = ("investor", "investor_alias", "project_call", "deal", "slate", "ledger_head", "lead",
             "lead_event", "decision", "contact", "contact_access", "job", "job_file",
             "import_run", "organisation", "user_account")  # fmt: skip
    with read(engine) as connection:
        return {name: sorted(store.rows(connection, name, {}), key=str) for name in names}


@pytest.fixture
def copied(engine: Engine, tmp_path: Path) -> Path:
    with write(engine) as connection:
        fill_all(connection)
    path = tmp_path / "k.zip"
    backup.write_backup(engine, path)
    return path


def test_backup_comes_back_equal(engine: Engine, copied: Path, new_url: MakeUrl) -> None:
    url = new_url()
    summary = backup.restore(url, copied)
    restored = open_engine(url)

    assert everything(restored) == everything(engine)
    assert (summary.rows["investor"], summary.rows["job_file"]) == (2, 1)
    with write(restored) as connection:
        assert verify_ledger(connection).whole
        assert store.counted(connection, "user_session") == 0
        log_import(connection, ImportRun("calls", "b.csv", "0"), Changes(new=1))  # counts on
    restored.dispose()


def test_backup_moves_to_the_other_kind(
    engine: Engine, copied: Path, backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = f"sqlite:///{tmp_path / 'other.sqlite'}"
    if backend == "sqlite":
        from tests.support.databases import new_database

        url = new_database(request.getfixturevalue("server"))
    backup.restore(url, copied)
    moved = open_engine(url)

    assert everything(moved) == everything(engine)
    with read(moved) as connection:
        assert verify_ledger(connection).whole
    moved.dispose()


def test_backup_while_others_write_is_of_one_piece(engine: Engine, tmp_path: Path) -> None:
    with write(engine) as connection:
        fill_all(connection)
    stop = threading.Event()

    def keep_writing() -> None:
        while not stop.is_set():
            with write(engine) as connection:
                slate(connection)
            time.sleep(0.005)

    writer = threading.Thread(target=keep_writing)
    writer.start()
    for number in range(2):
        backup.write_backup(engine, tmp_path / f"{number}.zip")
    stop.set()
    writer.join()
    for number in range(2):
        url = f"sqlite:///{tmp_path / f'r{number}.sqlite'}"
        backup.restore(url, tmp_path / f"{number}.zip")
        restored = open_engine(url)
        with read(restored) as connection:
            assert verify_ledger(connection).whole
        restored.dispose()


def test_restore_never_overwrites_unasked(engine: Engine, filled_url: str, copied: Path) -> None:
    with write(engine) as connection:
        slate(connection)
    before = everything(engine)
    with pytest.raises(KetnoiError) as caught:
        backup.restore(filled_url, copied)

    assert caught.value.code == "restore.not_empty"
    assert everything(engine) == before
    backup.restore(filled_url, copied, force=True)
    assert len(everything(engine)["slate"]) == len(before["slate"]) - 1


def test_failed_restore_changes_nothing(engine: Engine, filled_url: str, copied: Path) -> None:
    before = everything(engine)
    bad = copied.with_name("bad.zip")
    with zipfile.ZipFile(copied) as source, zipfile.ZipFile(bad, "w") as target:
        manifest = json.loads(source.read("manifest.json"))
        for name in source.namelist():
            data = source.read(name)
            if name == "tables/deal.jsonl":
                data = data.replace(b'"c1"', b'"no"')  # a deal of a call that is not there
                import hashlib

                manifest["parts"][name]["sha256"] = hashlib.sha256(data).hexdigest()
            if name != "manifest.json":
                target.writestr(name, data)
        target.writestr("manifest.json", json.dumps(manifest))
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        backup.restore(filled_url, bad, force=True)
    assert everything(engine) == before


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_damaged_backup_is_refused(copied: Path, tmp_path: Path) -> None:
    whole = copied.read_bytes()
    path = tmp_path / "damaged.zip"
    url = f"sqlite:///{tmp_path / 'r.sqlite'}"
    for place in (0, 10, len(whole) // 3, len(whole) // 2, len(whole) - 30, len(whole) - 1):
        for damaged in (
            whole[:place],
            whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :],
        ):
            path.write_bytes(damaged)
            try:
                backup.restore(url, path)
            except KetnoiError as error:
                assert error.code == "backup.damaged"
                assert not Path(tmp_path / "r.sqlite").exists()
            else:  # a bit that means nothing, such as a time in the zip's own table
                assert damaged != whole
                open_engine(url).dispose()
                Path(tmp_path / "r.sqlite").unlink()


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_existing_file_is_not_overwritten(engine: Engine, copied: Path) -> None:
    before = copied.read_bytes()
    with pytest.raises(KetnoiError) as caught:
        backup.write_backup(engine, copied)
    assert caught.value.code == "backup.exists"
    assert copied.read_bytes() == before
    assert copied.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_backup_of_a_newer_release_is_refused(copied: Path, tmp_path: Path) -> None:
    path = tmp_path / "newer.zip"
    with zipfile.ZipFile(copied) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "manifest.json":
                data = json.dumps(json.loads(data) | {"schema": "9999"}).encode()
            target.writestr(name, data)
    with pytest.raises(KetnoiError) as caught:
        backup.restore(f"sqlite:///{tmp_path / 'r.sqlite'}", path)
    assert caught.value.code == "backup.newer"


def test_older_backup_is_brought_up(new_url: MakeUrl, tmp_path: Path) -> None:
    from data.migrations.run import upgrade
    from data.session import connect

    old, new = new_url(), new_url()
    engine = connect(old)
    with write(engine) as connection:
        upgrade(connection, "0002")
        connection.execute(
            text("INSERT INTO activity_correction VALUES ('call', 'c1', 'hotel', true, '2026')")
        )
    backup.write_backup(engine, tmp_path / "old.zip")
    engine.dispose()
    backup.restore(new, tmp_path / "old.zip")
    restored = open_engine(new)
    with read(restored) as connection:
        assert [each.activity_id for each in queries.activity_corrections(connection)] == ["hotel"]
    restored.dispose()


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_files_come_along(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "ranker.json").write_text("{}")
    path = tmp_path / "k.zip"
    summary = backup.write_backup(engine, path, [("release/ranker.json", tmp_path / "ranker.json")])

    assert summary.files == backup.check_backup(path).files == ("release/ranker.json",)
    backup.extract(path, "release/ranker.json", tmp_path / "out" / "ranker.json")
    assert (tmp_path / "out" / "ranker.json").read_text() == "{}"


def test_database_without_tables_is_said_so(new_url: MakeUrl, tmp_path: Path) -> None:
    from data.session import connect

    engine = connect(new_url())
    with pytest.raises(KetnoiError) as caught:
        backup.write_backup(engine, tmp_path / "k.zip")
    engine.dispose()
    assert caught.value.code == "backup.no_schema"
    assert not isinstance(caught.value, DatabaseError)
    assert list(tmp_path.glob("k.zip*")) == []


def test_killed_backup_and_restore_leave_whole_things(
    engine: Engine, filled_url: str, copied: Path, tmp_path: Path
) -> None:
    with write(engine) as connection:
        for _ in range(100):
            slate(connection)
    count = 101
    chance = random.Random(3)
    for number in range(3):
        path = tmp_path / f"killed{number}.zip"
        kill_after(chance.uniform(0.05, 0.9), workers.back_up, filled_url, str(path))
        if path.exists():
            assert backup.check_backup(path).rows["slate"] == count
        kill_after(chance.uniform(0.05, 0.9), workers.bring_back, filled_url, str(copied))
        engine.dispose()
        with read(engine) as connection:
            check = verify_ledger(connection)
        assert check.whole
        assert check.slates in (count, 1)  # before, or after: nothing between
        count = check.slates


def kill_after(seconds: float, target: Callable[..., None], *arguments: str) -> None:
    process = workers.start(target, *arguments)
    process.join(seconds)
    process.kill()
    process.join()
    process.close()
