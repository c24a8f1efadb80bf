"""Bounded work: turns, batches, a full queue, an orderly end."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from api.errors import ProblemError
from api.work.queues import Batcher, WorkQueue


def test_work_is_done_one_after_the_other_and_errors_reach_the_asker() -> None:
    queue, running, most = WorkQueue("w", capacity=50), 0, 0

    def work() -> int:
        nonlocal running, most
        running += 1
        most = max(most, running)
        running -= 1
        return 7

    def broken() -> int:
        raise ValueError("mine")

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: queue.run(work), range(30))) == {7}
    with pytest.raises(ValueError, match="mine"):
        queue.run(broken)
    queue.close()
    assert most == 1


def test_a_full_queue_says_no_with_a_time_to_come_back() -> None:
    queue, busy, go = WorkQueue("w", capacity=1), threading.Event(), threading.Event()

    def hold() -> None:
        busy.set()
        go.wait(5)

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(queue.run, hold)
        busy.wait(5)
        second = pool.submit(queue.run, lambda: None)
        while not queue.waiting():
            pass
        with pytest.raises(ProblemError) as refused:
            queue.run(lambda: None)
        go.set()
        first.result(5)
        second.result(5)
    queue.close()
    assert (refused.value.status, refused.value.code) == (503, "service.full")
    assert refused.value.headers["Retry-After"]


def test_what_waits_is_handled_together_in_order() -> None:
    batches: list[int] = []
    started, go = threading.Event(), threading.Event()

    def handle(items: Sequence[int]) -> list[int]:
        batches.append(len(items))
        started.set()
        go.wait(5)
        return [item * 2 for item in items]

    batcher = Batcher("b", handle, capacity=50)
    with ThreadPoolExecutor(20) as pool:
        first = pool.submit(batcher, 0)
        started.wait(5)
        others = [pool.submit(batcher, number) for number in range(1, 11)]
        while batcher.waiting() < 10:
            pass
        go.set()
        assert [first.result(5), *(each.result(5) for each in others)] == list(range(0, 22, 2))
    batcher.close()
    assert batches == [1, 10]


def test_after_the_end_nothing_is_taken() -> None:
    queue = WorkQueue("w", capacity=1)
    queue.close()
    queue.close()
    with pytest.raises(ProblemError, match="more to do"):
        queue.run(lambda: None)
