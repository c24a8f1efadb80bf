"""Requests made up from the API's own description, as each role, on either database.

``python -m tests.support.fuzz --cases 200`` is what `make fuzz` runs: schemathesis with all checks
against a real server. It ends with 1 when a check fails.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.support.databases import new_database, postgres_server
from tests.support.live import serving
from tests.support.service import World, make_world

ROOT = Path(__file__).parents[2]
WHO = ("administrator", "platform", "staff", "reader", "organiser", "business")
OWN_END = ("revoke_key", "disable_user")
"""Operations that may end the very key that asks; they are tried last, by themselves."""
PHASES = "examples,coverage,fuzzing"


def fuzz(
    world: World,
    who: str,
    *,
    cases: int,
    phases: str = PHASES,
    whole: bool = True,
    database: str = "",
) -> int:
    """Try every operation (but `OWN_END` unless whole) as one role; 0 when all checks hold."""
    with serving(world.home, "--no-worker", KETNOI_DATABASE_URL=database) as url:
        config = _config(world.home.parent, _things(url, world))
        command = [
            str(Path(sys.executable).with_name("schemathesis")),
            "--config-file", str(config),
            "run", f"{url}/openapi.json",
            "--header", f"Authorization: {world.headers(who)['Authorization']}",
            "--max-examples", str(cases),
            "--phases", phases,
            "--seed", "1",
            "--no-color",
            "--warnings", "off",
            "--suppress-health-check", "too_slow",  # a matter of the machine, not of the service
        ]  # fmt: skip
        first = [part for name in OWN_END for part in ("--exclude-operation-id", name)]
        last = [part for name in OWN_END for part in ("--include-operation-id", name)]
        codes = [
            subprocess.run([*command, *part], cwd=config.parent, check=False).returncode
            for part in ((first, last) if whole else (first,))
        ]
    if any(codes):
        sys.stdout.writelines(_unexpected(world.home.parent))
    return max(codes)


def _unexpected(folder: Path) -> Iterator[str]:
    """What the service's log says of errors that nobody foresaw, with their tracebacks."""
    for log in sorted(folder.glob("serve-*.log")):
        for line in log.read_text(encoding="utf-8").splitlines():
            if '"trace": ' in line:
                yield line.replace("\\n", "\n") + "\n"


def _things(url: str, world: World) -> dict[str, list[str]]:
    """Ids that there are, so that not every made-up path ends with 404."""
    with httpx.Client(base_url=url, headers=world.headers("administrator"), timeout=60) as client:
        client.get("/openapi.json")  # made when first asked for
        slate = client.get("/api/v1/calls/c1/shortlist").json()["slate_id"]
        lead = client.post("/api/v1/leads", json={"call_id": "c1", "investor_id": "v1"})
        leads = client.get("/api/v1/leads").json()["items"]
        assert lead.status_code in {201, 409}, lead.text
    own = world.organisations["centre"].organisation_id
    return {
        "call_id": ["c1", "c2", "p1"],
        "investor_id": ["v1", "v2"],
        "slate_id": [slate],
        "lead_id": [each["lead_id"] for each in leads],
        "organisation_id": [own],
        "user_id": [world.users["reader"].user_id],
    }


def _config(folder: Path, things: dict[str, list[str]]) -> Path:
    lines = [(ROOT / "schemathesis.toml").read_text(encoding="utf-8")]
    for name, ids in things.items():
        listed = ", ".join(f'"{each}"' for each in ids)
        lines.append(f"[dictionaries.{name}]\nvalues = [{listed}]\n")
    lines.append("[parameters]")
    lines += [f'"path.{name}" = {{ dictionary = "{name}", probability = 0.6 }}' for name in things]
    path = folder / "schemathesis.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@contextmanager
def _urls(database: str) -> Iterator[str]:
    if database == "sqlite":
        yield ""
        return
    with postgres_server() as server:
        yield new_database(server)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the arguments ask for; 1 when a check of any role fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100, help="of each operation")
    parser.add_argument("--who", choices=WHO, action="append", help="default: all")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    given = parser.parse_args(arguments)
    failed = []
    for who in given.who or WHO:
        with tempfile.TemporaryDirectory() as folder, _urls(given.database) as url:
            world = make_world(Path(folder) / "home", url=url)
            if fuzz(world, who, cases=given.cases, database=url):
                failed.append(who)
    sys.stdout.write(f"Checks failed as: {', '.join(failed)}\n" if failed else "All checks hold.\n")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
