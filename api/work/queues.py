"""Bounded work: one thread that takes turns, a queue that says no when it is full."""

import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Generic, TypeVar

from api.errors import RETRY_SECONDS, ProblemError

T = TypeVar("T")
R = TypeVar("R")
BATCH = 64


class Batcher(Generic[T, R]):
    """Hands what callers give it to one thread, several at once when several wait.

    Args:
        handle: gets one to `BATCH` items, gives a result for each in order. When it raises, all
            of that batch's callers get the error.
        capacity: how many may wait; further callers get a problem with Retry-After.
    """

    def __init__(
        self, name: str, handle: Callable[[Sequence[T]], Sequence[R]], *, capacity: int
    ) -> None:
        self.name = name
        self._handle = handle
        self._queue: queue.Queue[tuple[T, Future[R]] | None] = queue.Queue(capacity)
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._closed = False
        self._lock = threading.Lock()  # nothing may enter after the end mark
        self._thread.start()

    def waiting(self) -> int:
        """How many wait at this moment."""
        return self._queue.qsize()

    def __call__(self, item: T) -> R:
        """Wait for the item's result.

        Raises:
            ProblemError: ``service.full`` when too many wait, ``service.stopping`` after `close`.
            Exception: whatever the handler raised.
        """
        future: Future[R] = Future()
        with self._lock:
            if self._closed:
                raise _unavailable("service.stopping")
            try:
                self._queue.put_nowait((item, future))
            except queue.Full:
                raise _unavailable("service.full") from None
        return future.result()

    def close(self) -> None:
        """Finish what waits, take nothing more, end the thread."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        while True:
            first = self._queue.get()
            if first is None:
                return
            batch, ends = [first], False
            while len(batch) < BATCH and not ends:
                try:
                    following = self._queue.get_nowait()
                except queue.Empty:
                    break
                if following is None:
                    ends = True
                else:
                    batch.append(following)
            self._answer(batch)
            if ends:
                return

    def _answer(self, batch: Sequence[tuple[T, Future[R]]]) -> None:
        try:
            results = self._handle([item for item, _ in batch])
        except BaseException as error:
            for _, future in batch:
                future.set_exception(error)
            return
        for (_, future), result in zip(batch, results, strict=True):
            future.set_result(result)


class WorkQueue:
    """Runs callers' functions in one thread, one after the other; full means no."""

    def __init__(self, name: str, *, capacity: int) -> None:
        self._batcher: Batcher[Callable[[], object], tuple[object, BaseException | None]]
        self._batcher = Batcher(name, _run_each, capacity=capacity)
        self.name = name

    def run(self, work: Callable[[], R]) -> R:
        """Wait for the function's result; its errors are raised here. See `Batcher.__call__`."""
        result, error = self._batcher(work)
        if error is not None:
            raise error
        return result  # type: ignore[return-value]

    def waiting(self) -> int:
        return self._batcher.waiting()

    def close(self) -> None:
        self._batcher.close()


def _run_each(
    works: Sequence[Callable[[], object]],
) -> list[tuple[object, BaseException | None]]:
    return [_run_one(work) for work in works]


def _run_one(work: Callable[[], object]) -> tuple[object, BaseException | None]:
    try:
        return work(), None
    except Exception as error:
        return None, error


def _unavailable(code: str) -> ProblemError:
    return ProblemError(
        503,
        code,
        "The service has more to do than it can at the moment. Try again shortly.",
        "Hệ thống đang có quá nhiều việc. Hãy thử lại sau giây lát.",
        headers={"Retry-After": str(RETRY_SECONDS)},
    )
