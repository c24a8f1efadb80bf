"""`ketnoi accounts`, `leads`, `contacts`, `backup`, `restore`, `doctor` as a person uses them."""

import io
import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from api.cli.main import main
from data import commands, contacts, keys
from data.session import connect, open_engine, read, write
from data.store import MACHINE
from tests.integration.data.made_up_service import centre, contact, lead
from tests.support.markets import small_market

Output = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the small market and its index, to be copied."""
    home = tmp_path_factory.mktemp("made") / "home"
    engine = open_engine(f"sqlite:///{home / 'ketnoi.sqlite'}")
    market = small_market()
    with write(engine) as connection:
        commands.upsert_investors(connection, market.investors)
        commands.upsert_calls(connection, market.calls)
        commands.upsert_deals(connection, market.deals)
    engine.dispose()
    with pytest.MonkeyPatch.context() as patch:
        use(home, patch)
        assert main(["index"]) == 0
        assert main(["shortlist", "c1", "--json"]) == 0
    return home


@pytest.fixture
def home(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own for a test."""
    shutil.copytree(made, tmp_path / "home")
    (tmp_path / "home").chmod(0o700)
    use(tmp_path / "home", monkeypatch)
    return tmp_path / "home"


def use(home: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setenv("KETNOI_HOME", str(home))
    patch.setenv("KETNOI_ENCODER", "hashing")
    patch.setenv("KETNOI_LANG", "en")
    patch.delenv("KETNOI_DATABASE_URL", raising=False)


def change(home: Path, statement: str) -> None:
    """Change the database behind the program's back."""
    with sqlite3.connect(home / "ketnoi.sqlite") as connection:
        connection.execute(statement)
    connection.close()


def run(capsys: Output, *arguments: str) -> str:
    """Run a command that must succeed and return what it printed."""
    capsys.readouterr()
    assert main(list(arguments)) == 0, capsys.readouterr().err
    return capsys.readouterr().out


def statuses(capsys: Output) -> tuple[int, dict[str, str]]:
    """The doctor's exit code and the worst status of each check."""
    capsys.readouterr()
    code = main(["doctor", "--json"])
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert all(each["vi"] and each["en"] for each in document["checks"])
    return code, {each["check"]: each["status"] for each in document["checks"]}


def test_accounts_are_set_up(home: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    made = run(
        capsys, "accounts", "add-organisation", "centre", "Trung tâm bịa",
        "--province", "thanh hoa", "--json",
    )  # fmt: skip
    monkeypatch.setattr("sys.stdin", io.StringIO("một mật khẩu dài\n"))
    run(
        capsys, "accounts", "add-user", "trung tam bia", "Lan@example.vn",
        "--name", "Lan", "--role", "administrator", "--password-stdin",
    )  # fmt: skip
    key = run(capsys, "accounts", "add-key", "Trung tâm bịa", "nhập liệu", "--role", "staff")
    listed = run(capsys, "accounts", "keys", "Trung tâm bịa")

    assert json.loads(made)["province_codes"] == ["38"]
    assert "lan@example.vn" in run(capsys, "accounts", "users", "Trung tâm bịa")
    assert key.strip().split("_", 2)[2] not in listed
    engine = connect(f"sqlite:///{home / 'ketnoi.sqlite'}")
    with read(engine) as connection:
        holder = keys.check_key(connection, key.strip())
        assert holder is not None
        assert holder.organisation.name == "Trung tâm bịa"
    run(capsys, "accounts", "revoke-key", holder.key.key_id)
    with read(engine) as connection:
        assert keys.check_key(connection, key.strip()) is None
    engine.dispose()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["add-organisation", "club", "x"], "no kind of organisation"),
        (["add-organisation", "centre", "x", "--province", "Thanh Hoas"], "Did you mean"),
        (["users", "nobody"], "There is no organisation"),
        (["set-password", "a@b.vn", "--password-stdin"], "Use at least"),
        (["revoke-key", "none"], "There is no API key"),
    ],
)
@pytest.mark.usefixtures("home")
def test_wrong_account_is_said_so(
    capsys: Output, monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("ngắn\n"))
    assert main(["accounts", *arguments]) == 1
    assert words in capsys.readouterr().err


def test_person_is_exported_and_erased(home: Path, capsys: Output) -> None:
    engine = open_engine(f"sqlite:///{home / 'ketnoi.sqlite'}")
    with write(engine) as connection:
        tenant = centre(connection)
        contacts.create_contact(connection, contact(tenant), by=MACHINE)
        found = lead(connection, tenant, stage="met")
    engine.dispose()
    document = json.loads(run(capsys, "contacts", "export", "--email", "bia@example.org"))

    assert document["contacts"][0]["name"] == "Trần Thị Bịa"
    assert "1 contacts" in run(capsys, "contacts", "erase", "--phone", "0912345678", "--yes")
    assert "0 contacts" in run(capsys, "contacts", "expire")
    assert "met" in run(capsys, "leads", "list")
    assert "met" in run(capsys, "leads", "show", found.lead_id)
    assert json.loads(run(capsys, "leads", "stages", "--json"))["met"] == 1


def test_backup_makes_an_equal_home(
    home: Path, tmp_path: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "r-" in run(capsys, "backup", str(tmp_path / "k.zip"))
    before = json.loads(run(capsys, "shortlist", "c1", "--json"))
    monkeypatch.setenv("KETNOI_HOME", str(tmp_path / "other"))
    run(capsys, "restore", str(tmp_path / "k.zip"))
    after = json.loads(run(capsys, "shortlist", "c1", "--json"))

    assert after["items"] == before["items"]
    assert after["release"] == before["release"]
    assert statuses(capsys)[0] == 0
    assert (tmp_path / "other" / "ketnoi.sqlite").stat().st_mode & 0o077 == 0
    assert main(["restore", str(tmp_path / "k.zip")]) == 1
    assert "--force" in capsys.readouterr().err
    run(capsys, "restore", str(tmp_path / "k.zip"), "--force")
    assert main(["backup", str(tmp_path / "k.zip")]) == 1
    assert home.is_dir()


def test_backup_without_database_is_said_so(
    tmp_path: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(tmp_path / "nowhere", monkeypatch)
    assert main(["backup", str(tmp_path / "k.zip")]) == 1
    assert "There is no database" in capsys.readouterr().err
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.usefixtures("home")
def test_doctor_finds_nothing_wrong(capsys: Output) -> None:
    code, found = statuses(capsys)
    assert (code, set(found.values())) == (0, {"ok"})
    assert set(found) == {
        "home", "disk", "database", "schema", "integrity", "content", "ledger", "work",
        "retention", "release", "encoder", "scans",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("statement", "check", "status"),
    [
        ("UPDATE slate SET subject = 'c2'", "ledger", "error"),
        ("UPDATE alembic_version SET version_num = '9999'", "schema", "error"),
        ("UPDATE content_version SET value = 'x'", "release", "warning"),
        ("DELETE FROM investor WHERE investor_id = 'v1'", "integrity", "error"),
        (
            "INSERT INTO job VALUES ('j', 'x', '{}', 'failed', NULL, NULL, NULL, NULL, 1, 1, '', "
            "NULL, NULL, 0, 0, NULL, '', '', '', '', NULL, NULL)",
            "work",
            "warning",
        ),
    ],
)
def test_doctor_finds_what_is_wrong_in_the_database(
    home: Path, capsys: Output, statement: str, check: str, status: str
) -> None:
    change(home, statement)
    code, found = statuses(capsys)
    assert found[check] == status
    assert code == (1 if status == "error" else 0)


@pytest.mark.parametrize("what", ["release", "pointer", "no release", "database", "encoder"])
def test_doctor_finds_what_is_wrong_in_the_files(
    home: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    if what == "release":
        ranker = next(home.glob("releases/r-*/ranker.json"))
        ranker.write_text(ranker.read_text() + " ")
    elif what == "pointer":
        (home / "releases" / "current").write_text("r-none\n")
    elif what == "no release":
        shutil.rmtree(home / "releases")
    elif what == "database":
        (home / "ketnoi.sqlite").write_bytes(b"no database, but long enough for one " * 100)
    else:
        monkeypatch.setenv("KETNOI_ENCODER", str(home / "nowhere"))
    code, found = statuses(capsys)
    named = {"pointer": "release", "no release": "release"}.get(what, what)
    assert (code, found[named]) == (1, "error")


def test_doctor_speaks_vietnamese(
    home: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KETNOI_LANG", "vi")
    assert "nguyên vẹn" in run(capsys, "doctor")
    home.chmod(0o755)
    (home / "ketnoi.sqlite").chmod(0o644)
    assert "chmod o-rwx" in run(capsys, "doctor")


def test_doctor_and_backup_on_postgresql(
    home: Path, server: str, tmp_path: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.support.databases import new_database

    run(capsys, "backup", str(tmp_path / "k.zip"))
    monkeypatch.setenv("KETNOI_DATABASE_URL", new_database(server))
    assert statuses(capsys) == (1, {**statuses(capsys)[1], "schema": "error"})
    run(capsys, "restore", str(tmp_path / "k.zip"))
    assert statuses(capsys)[0] == 0
    assert json.loads(run(capsys, "shortlist", "c1", "--json"))["items"]
    run(capsys, "backup", str(tmp_path / "again.zip"))
    assert home.is_dir()
