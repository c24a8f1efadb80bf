"""What answers: the current release and the database's rows in memory, swapped whole when newer.

Requests hold the snapshot they began with. A snapshot never changes, so lists made from it are
kept; each showing is still written to the ledger.
"""

import gc
import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import numpy as np
from sqlalchemy import Connection, text
from sqlalchemy import Engine as Database

from api.edge.logs import SERVICE
from api.edge.metrics import Metrics
from api.engine import Engine, encoder_of, load_engine
from api.errors import ProblemError
from api.lists.goods import KeptGoods
from api.lists.slates import Json, json_bytes, slate_document
from api.settings import Settings
from api.work.queues import Batcher, WorkQueue
from data import queries
from data.errors import DatabaseError, KetnoiError
from data.ledger import Listed, LoggedSlate, SlateEntry, listed, log_slate
from data.records import ProjectCall
from data.session import read, write
from data.store import Actor
from embeddings.encoder import Encoder
from embeddings.errors import EmbeddingsError
from embeddings.manifest import current
from embeddings.protocol import Vectors
from matcher.errors import MatcherError
from matcher.goods_matching import GoodsMatcher
from matcher.market import IntArray
from matcher.types import Slate

KEPT_SLATES = 2000
Wanted = Callable[[ProjectCall], bool]


@dataclass(frozen=True, slots=True)
class SlateWish:
    """A list to make: exactly one of the three subjects; ``wanted`` keeps some calls alone."""

    call_id: str = ""
    investor_id: str = ""
    text: str = ""
    n: int = 10
    filters: tuple[tuple[str, object], ...] = ()  # name the filter: equal filters, equal lists


@dataclass(frozen=True, slots=True)
class Made:
    """A slate ready to be shown: its document without items and id, and the items as JSON."""

    slate: Slate
    head: Json
    items: Listed


@dataclass(frozen=True, slots=True)
class Shown:
    """A slate, and the ledger's entry of this showing."""

    made: Made
    logged: LoggedSlate

    @property
    def slate(self) -> Slate:
        return self.made.slate

    @property
    def body(self) -> bytes:
        """The document as the command line's `--json` prints it, as UTF-8."""
        head = json_bytes(self.made.head | {"slate_id": self.logged.slate_id})
        return head[:-1] + b',"items":' + self.made.items.text.encode() + b"}"

    @property
    def whole(self) -> Json:
        """The document, to be read."""
        document: Json = json.loads(self.body)
        return document


@dataclass(frozen=True)
class QueuedEncoder:
    """The encoder behind its queue: texts are encoded by one thread, one request at a time."""

    load: Callable[[], Encoder]
    queue: WorkQueue

    @property
    def id(self) -> str:
        return self.queue.run(lambda: self.load().id)

    @property
    def dim(self) -> int:
        return self.queue.run(lambda: self.load().dim)

    @property
    def activity_file(self) -> Path | None:
        return self.queue.run(lambda: self.load().activity_file)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self.queue.run(lambda: self.load().encode_queries(texts))

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return self.queue.run(lambda: self.load().encode_passages(texts))


@dataclass(frozen=True)
class Snapshot:
    """A release and rows that belong together, with the lists made from them so far."""

    engine: Engine
    state: tuple[object, ...]
    kept: "OrderedDict[object, Made]" = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def known(self, wish: SlateWish) -> Made | None:
        """The list if it was made today already."""
        key = (wish, date.today())
        with self.lock:
            if key in self.kept:
                self.kept.move_to_end(key)
            return self.kept.get(key)

    def slate(self, wish: SlateWish, wanted: Wanted | None) -> Made:
        """The list, made now unless another request has just made it."""
        found = self.known(wish)
        if found is not None:
            return found
        today = date.today()
        key = (wish, today)
        slate = _slate(self.engine, wish, wanted, today)
        head = slate_document(slate, self.engine.matcher.market, slate_id="")
        made = Made(slate, head, listed(head.pop("items")))
        with self.lock:
            self.kept[key] = made
            while len(self.kept) > KEPT_SLATES:
                self.kept.popitem(last=False)
        return made


class Server:
    """Holds the snapshot in use and the threads behind it; `start` and `close` frame its life."""

    def __init__(self, settings: Settings, database: Database, metrics: Metrics) -> None:
        self.settings, self.database, self.metrics = settings, database, metrics
        waiting = settings.service.queue
        self.encoding = WorkQueue("encode", capacity=waiting)
        self.ranking = WorkQueue("rank", capacity=waiting)
        self.ledger = Batcher("ledger", self._log, capacity=waiting)
        for queue in (self.encoding, self.ranking, self.ledger):
            metrics.waiting.labels(queue.name).set_function(queue.waiting)
        self._snapshot: Snapshot | None = None
        self._problem: KetnoiError | None = None
        self._goods = KeptGoods(settings, database)
        self._own_encoder = QueuedEncoder(encoder_of(settings), self.encoding)
        self.database_answers = True  # as of the last look
        self._stop = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="reload", daemon=True)

    def start(self) -> None:
        """Load the release in use, if there is one, and begin to look for newer ones."""
        self.refresh()
        self._watcher.start()

    def close(self) -> None:
        """Finish what waits and end the threads."""
        self._stop.set()
        self._watcher.join()
        for queue in (self.ranking, self.encoding, self.ledger):
            queue.close()

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot in use.

        Raises:
            KetnoiError: why there is none, such as ``engine.no_index``.
        """
        if self._snapshot is None:
            raise self._problem or _starting()
        return self._snapshot

    @property
    def goods(self) -> GoodsMatcher:
        """The matcher of offers and requests as the database holds them now; needs no index.

        Raises:
            KetnoiError: ``goods.empty``.
        """
        snapshot = self._snapshot
        return self._goods(snapshot.engine.matcher.encoder() if snapshot else self._own_encoder)

    def refresh(self) -> None:
        """Take over a newer release or newer rows; what cannot be loaded leaves the old in use."""
        try:
            with read(self.database) as connection:
                state = self._state(connection)
                self.database_answers = True
                if self._snapshot is not None and self._snapshot.state == state:
                    return
                with _long_lived():
                    engine = load_engine(self.settings, connection)
            queued = QueuedEncoder(engine.matcher.encoder, self.encoding)
            matcher = replace(engine.matcher, encoder=lambda: queued)
            before, self._snapshot = (
                self._snapshot,
                Snapshot(replace(engine, matcher=matcher), state),
            )
            self._problem = None
        except KetnoiError as error:
            self.database_answers = not isinstance(error, DatabaseError)
            self._failed(error)
            return
        except (EmbeddingsError, OSError) as error:
            self._failed(_unusable(error))
            return
        self._tell(before, self._snapshot)
        if before is None:
            threading.Thread(target=self._warm, args=(self._snapshot,), daemon=True).start()

    def _warm(self, snapshot: Snapshot) -> None:
        """Load what the first search would wait for; nobody asked, so it is not in the ledger."""
        text = "điện gió"
        try:
            snapshot.engine.matcher.encoder().encode_queries([text])  # rankings go on meanwhile
            self.ranking.run(lambda: snapshot.slate(SlateWish(text=text, n=1), None))
        except (KetnoiError, EmbeddingsError) as error:
            SERVICE.warning("searches will not work yet: %s", error)

    def show(self, wish: SlateWish, actor: Actor, wanted: Wanted | None = None) -> Shown:
        """Make the list and write its showing to the ledger.

        Raises:
            KetnoiError: ``call.not_found``, ``investor.not_found``, ``text.empty``, or why nothing
                can be answered.
        """
        snapshot = self.snapshot
        known = snapshot.known(wish)
        made = known or self.ranking.run(lambda: snapshot.slate(wish, wanted))
        slate, inputs = made.slate, snapshot.engine.inputs_hash
        entry = SlateEntry(
            slate.kind, slate.subject, slate.release, inputs, made.items, asked_by=actor
        )
        return Shown(made, self.ledger(entry))

    def _log(self, entries: Sequence[SlateEntry]) -> list[LoggedSlate]:
        """Write what waits in one transaction: a disk is waited for once for all of them."""
        with write(self.database) as connection:
            return [log_slate(connection, entry) for entry in entries]

    def _state(self, connection: Connection) -> tuple[object, ...]:
        folder = current(self.settings.releases)
        corrected = connection.execute(
            text("SELECT count(*), max(corrected_at) FROM activity_correction")
        ).one()
        own = self.settings.eligibility_rules
        rules = own.stat().st_mtime_ns if own.is_file() else 0
        return (folder and folder.name, queries.content_version(connection), rules, *corrected)

    def _watch(self) -> None:
        while not self._stop.wait(self.settings.service.reload_seconds):
            try:
                self.refresh()
            except Exception:
                self.database_answers = False
                SERVICE.exception("looking for a newer release failed")

    def _failed(self, error: KetnoiError) -> None:
        self.metrics.reloads.labels("failed").inc()
        if self._problem is None or self._problem.code != error.code:
            SERVICE.warning("nothing newer could be loaded: %s", error.message)
        self._problem = error

    def _tell(self, before: Snapshot | None, after: Snapshot) -> None:
        if before is not None:
            self.metrics.release.remove(before.engine.release.name)
        self.metrics.release.labels(after.engine.release.name).set(1)
        self.metrics.reloads.labels("done").inc()
        SERVICE.info("release %s is in use", after.engine.release.name)


@contextmanager
def _long_lived() -> Iterator[None]:
    """Make records that stay: looking for garbage among them would hold up all threads."""
    gc.disable()
    gc.unfreeze()  # the snapshot before may be garbage by now
    try:
        yield
    finally:
        gc.enable()
        gc.collect()
        gc.freeze()


def _slate(engine: Engine, wish: SlateWish, wanted: Wanted | None, today: date) -> Slate:
    matcher = engine.matcher
    try:
        if wish.call_id:
            return matcher.shortlist(wish.call_id, n=wish.n, today=today)
        if wish.investor_id:
            return matcher.opportunities(wish.investor_id, n=wish.n, today=today)
        rows = None if wanted is None else _wanted_rows(engine, wanted)
        return matcher.search(wish.text, n=wish.n, today=today, calls=rows)
    except MatcherError as error:
        raise _plain(error) from error


def _wanted_rows(engine: Engine, wanted: Wanted) -> IntArray:
    """Rows of the calls that the asker wants to see."""
    calls = engine.matcher.market.calls
    return np.array([row for row, call in enumerate(calls) if wanted(call)], dtype=np.int64)


def _plain(error: MatcherError) -> KetnoiError:
    """The matcher's error under the code that this API gives what is not there."""
    code = error.code.replace(".unknown", ".not_found")
    return KetnoiError(code, error.message, error.message_vi)


def _starting() -> ProblemError:
    return ProblemError(
        503,
        "service.starting",
        "The service is still starting. Try again shortly.",
        "Hệ thống đang khởi động. Hãy thử lại sau giây lát.",
    )


def _unusable(error: Exception) -> ProblemError:
    SERVICE.error("the release cannot be used: %s", error)
    return ProblemError(
        503,
        "release.unusable",
        "The release in use cannot be loaded. An administrator finds the cause with: ketnoi doctor",
        "Không nạp được bản phát hành. Quản trị viên tìm nguyên nhân bằng lệnh: ketnoi doctor",
    )
