"""Kill the service and its worker at random moments while people write; then look what is left.

``python -m tests.support.crash --runs 50`` is what `make crash-service` runs. Each round serves the
same home, writes from several threads, kills with SIGKILL, serves again and checks that everything
acknowledged is there, every import is there whole or not at all, a repeated Idempotency-Key makes
nothing twice, and the ledger is unbroken. It ends with 1 when any of it does not hold.
"""

import argparse
import json
import os
import random
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import func, select

from api.cli.doctor import examine
from api.settings import Settings, load_settings
from data.session import connect, read
from data.store import table_of
from tests.support.costs import processor_seconds
from tests.support.databases import new_database, postgres_server
from tests.support.forked import Forked
from tests.support.live import start_server
from tests.support.service import World, make_world

MOST = 60  # writes acknowledged between two kills
LONGEST = 8.0  # seconds between two kills
ROWS = 20
"""Calls in each file that is sent in."""
_PERSON = {
    "party_kind": "investor", "party_id": "v1", "phone": "0912000111", "purpose": "mời họp",
    "consent_text": "đồng ý", "consented_on": str(date.today()), "source": "danh thiếp",
    "expires_on": str(date.today() + timedelta(days=365)),
}  # fmt: skip


@dataclass
class Told:
    """What the service acknowledged, and what was under way when it was killed."""

    contacts: dict[str, str] = field(default_factory=dict)  # name: id
    asked: dict[str, str] = field(default_factory=dict)  # name: Idempotency-Key, unanswered
    leads: dict[str, int] = field(default_factory=dict)  # id: version
    slates: list[str] = field(default_factory=list)
    imports: list[str] = field(default_factory=list)
    confirmed: list[str] = field(default_factory=list)  # marks of files taken over
    faults: list[str] = field(default_factory=list)

    def acknowledged(self) -> int:
        """How many writes were acknowledged so far."""
        edits = sum(self.leads.values())
        lists = (self.contacts, self.slates, self.imports, self.confirmed)
        return edits + sum(map(len, lists))


class Writer:
    """Writes over HTTP until the line breaks, noting each acknowledged write."""

    def __init__(self, url: str, world: World, told: Told) -> None:
        self.told = told
        self._http = httpx.Client(
            base_url=f"{url}/api/v1", headers=world.headers("administrator"), timeout=30
        )

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def contacts(self) -> None:
        while True:
            name, key = f"person {uuid.uuid4().hex}", uuid.uuid4().hex
            self.told.asked[name] = key
            self.told.contacts[name] = self.contact(name, key)
            del self.told.asked[name]

    def contact(self, name: str, key: str) -> str:
        """Make a contact, or learn that it was made with that key already."""
        body, headers = {**_PERSON, "name": name}, {"Idempotency-Key": key}
        return str(self._send("POST", "/contacts", json=body, headers=headers)["contact_id"])

    def leads(self) -> None:
        for call_id, investor_id in (("c1", "v1"), ("c1", "v3"), ("c3", "v1")):
            body = {"call_id": call_id, "investor_id": investor_id}
            answer = self._http.post("/leads", json=body)
            if answer.status_code == 201:
                self.told.leads[answer.json()["lead_id"]] = 1
        versions = {
            each["lead_id"]: each["version"] for each in self._send("GET", "/leads")["items"]
        }
        while True:
            lead_id = random.choice(list(versions))
            change = {"notes": uuid.uuid4().hex, "stage": random.choice(("contacted", "met"))}
            headers = {"If-Match": f'"{versions[lead_id]}"'}
            done = self._send("PATCH", f"/leads/{lead_id}", json=change, headers=headers)
            versions[lead_id] = self.told.leads[lead_id] = done["version"]

    def searches(self) -> None:
        while True:
            self.told.slates.append(self._send("POST", "/search", json={"text": "gió"})["slate_id"])

    def imports(self) -> None:
        while True:
            mark = f"m{uuid.uuid4().hex[:10]}"
            rows = "".join(
                f"{mark}-{n},Dự án {mark} {n},Năng lượng,Thanh Hóa,open\n" for n in range(ROWS)
            )
            content = f"call_id,title,sector,province,status\n{rows}".encode()
            sent = self._send(
                "POST", "/imports", data={"kind": "calls"}, files={"file": (f"{mark}.csv", content)}
            )
            self.told.imports.append(sent["import_id"])
            draft_id = self._draft(sent["import_id"])
            version = self._send("GET", f"/drafts/{draft_id}")["version"]
            headers = {"If-Match": f'"{version}"'}
            self._send("POST", f"/drafts/{draft_id}/confirm", json={}, headers=headers)
            self.told.confirmed.append(mark)

    def _draft(self, import_id: str) -> str:
        while True:
            found = self._send("GET", f"/imports/{import_id}")
            if found["draft_id"]:
                return str(found["draft_id"])
            if found["status"] == "failed":
                raise RuntimeError(f"the import failed: {found['error']}")
            time.sleep(0.05)

    def _send(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        answer = self._http.request(method, path, **options)
        if not answer.is_success:
            raise RuntimeError(f"{method} {path}: {answer.status_code} {answer.text[:300]}")
        return dict(answer.json())


class Rounds:
    """Serves, lets people write, kills, looks; again and again on one home."""

    def __init__(self, world: World, settings: Settings, seed: int) -> None:
        self.world, self.settings = world, settings
        self.told = Told()
        self.chance = random.Random(seed)
        self._service = self._start()

    def run(self, count: int) -> list[str]:
        """Make so many rounds and give what did not hold."""
        for number in range(count):
            self._write_and_kill()
            self._service = self._start()
            self._ask_again()
            self.told.faults += [f"round {number + 1}: {each}" for each in self._look()]
            told = f"{number + 1}: {self.told.acknowledged()} kept, {len(self.told.faults)} faults"
            sys.stderr.write(f"{told}\n")
        return self.told.faults

    def end(self) -> None:
        """Kill what still runs."""
        self._service.kill()

    def _start(self) -> Forked:
        return Forked(environ_of(self.settings))

    def _write_and_kill(self) -> None:
        names = ("contacts", "contacts", "leads", "searches", "imports")
        threads = [threading.Thread(target=self._write, args=(name,)) for name in names]
        for thread in threads:
            thread.start()
        wanted = self.told.acknowledged() + self.chance.randint(1, MOST)
        until = time.monotonic() + LONGEST
        while self.told.acknowledged() < wanted and time.monotonic() < until:
            time.sleep(self.chance.uniform(0, 0.02))
        self._service.kill()
        for thread in threads:
            thread.join()

    def _write(self, name: str) -> None:
        try:
            with closing(Writer(self._service.url, self.world, self.told)) as writer:
                getattr(writer, name)()
        except httpx.TransportError:
            pass  # killed
        except Exception as error:
            self.told.faults.append(f"{name}: {error}")

    def _ask_again(self) -> None:
        """Repeat what got no answer, with its key, as a client does."""
        with closing(Writer(self._service.url, self.world, self.told)) as writer:
            for name, key in list(self.told.asked.items()):
                self.told.contacts[name] = writer.contact(name, key)
                del self.told.asked[name]

    def _look(self) -> Iterator[str]:
        broken = [each for each in examine(self.settings) if each.status == "error"]
        yield from (f"doctor: {each.check}: {each.en}" for each in broken)
        database = connect(self.settings.database_url)
        with read(database) as connection:
            found = {
                name: [row._asdict() for row in connection.execute(statement)]
                for name, statement in _looked_at().items()
            }
        database.dispose()
        yield from _faults(self.told, found)


def _looked_at() -> dict[str, Any]:
    tables = {name: table_of(name).c for name in ("contact", "lead", "slate", "job", "draft")}
    contact, lead, slate = tables["contact"], tables["lead"], tables["slate"]
    event, call = table_of("lead_event").c, table_of("project_call").c
    return {
        "contacts": select(contact.contact_id, contact.name),
        "leads": select(lead.lead_id, lead.version),
        "events": select(event.lead_id, func.count().label("count")).group_by(event.lead_id),
        "slates": select(slate.slate_id),
        "jobs": select(tables["job"].job_id),
        "drafts": select(tables["draft"].file_name),
        "calls": select(call.call_id).where(call.call_id.like("m%")),
    }


def _faults(told: Told, found: dict[str, list[dict[str, object]]]) -> Iterator[str]:
    """What of that which was acknowledged is not as it was told."""
    there = {str(row["name"]): str(row["contact_id"]) for row in found["contacts"]}
    if len(there) != len(found["contacts"]):
        yield "a contact was made twice"
    yield from (
        f"contact {name} is lost" for name, id_ in told.contacts.items() if there.get(name) != id_
    )
    versions = {row["lead_id"]: row["version"] for row in found["leads"]}
    counts = {row["lead_id"]: row["count"] for row in found["events"]}
    if versions != counts:
        yield f"leads and their histories differ: {versions} {counts}"
    for lead_id, version in told.leads.items():
        if int(str(versions.get(lead_id, 0))) < version:
            yield f"lead {lead_id} is at {versions.get(lead_id)}, acknowledged was {version}"
    for name, ids in (("slate", told.slates), ("job", told.imports)):
        lost = set(ids) - {row[f"{name}_id"] for row in found[f"{name}s"]}
        yield from (f"{name} {each} is lost" for each in lost)
    twice = [
        name
        for name, times in Counter(row["file_name"] for row in found["drafts"]).items()
        if times > 1
    ]
    yield from (f"{name} became two drafts" for name in twice)
    rows = Counter(str(row["call_id"]).split("-")[0] for row in found["calls"])
    yield from (
        f"file {mark} is there by half: {count}" for mark, count in rows.items() if count != ROWS
    )
    yield from (f"file {mark} is lost" for mark in told.confirmed if mark not in rows)


def environ_of(settings: Settings) -> dict[str, str]:
    """What a service of these settings is started with."""
    return {
        "KETNOI_HOME": str(settings.home),
        "KETNOI_ENCODER": "hashing",
        "KETNOI_DATABASE_URL": settings.database_url,
        "KETNOI_RATE": "1000000/minute",
    }


def restart(settings: Settings) -> dict[str, float]:
    """Start `ketnoi serve` itself once and tell how long it took until it was ready."""
    began = time.monotonic()
    process, _ = start_server(settings.home, **environ_of(settings))
    seconds = time.monotonic() - began
    took = {"seconds": round(seconds, 2), "processor": processor_seconds(process.pid)}
    process.terminate()
    process.wait(60)
    return took


@contextmanager
def _url(database: str) -> Iterator[str]:
    if database == "sqlite":
        yield ""
        return
    with postgres_server() as server:
        yield new_database(server)


def crash(folder: Path, *, runs: int, url: str = "", seed: int = 1) -> dict[str, object]:
    """Make a world in the folder, kill its service so often, and give what was found."""
    world = make_world(folder / "home", url=url)
    settings = load_settings(
        {
            "KETNOI_HOME": str(world.home),
            "KETNOI_ENCODER": "hashing",
            "KETNOI_DATABASE_URL": url,
        }
    )
    rounds = Rounds(world, settings, seed)
    try:
        faults = rounds.run(runs)
    finally:
        rounds.end()
    return {
        "kills": runs,
        "acknowledged": rounds.told.acknowledged(),
        "files_taken_over": len(rounds.told.confirmed),
        "restart": restart(settings),
        "load": round(os.getloadavg()[0], 1),
        "faults": faults,
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the arguments ask for; 1 when anything was lost, halved or doubled."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, _url(given.database) as url:
        found = crash(Path(folder), runs=given.runs, url=url, seed=given.seed)
    sys.stdout.write(json.dumps({"database": given.database, **found}, indent=1) + "\n")
    return int(bool(found["faults"]))


if __name__ == "__main__":
    sys.exit(main())
