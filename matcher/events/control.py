"""Time, cancelling and progress of a solve, shared by its stages."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Report = Callable[[str], None]


@dataclass
class Control:
    """One solve's clock and stop button; `stop` may be pressed from any thread."""

    seconds: float = 30.0
    report: Report = lambda _: None
    started: float = field(default_factory=time.monotonic)
    _stopped: threading.Event = field(default_factory=threading.Event)
    _solver: Any = None

    def left(self) -> float:
        """Seconds left, never below zero; zero once stopped."""
        if self._stopped.is_set():
            return 0.0
        return max(0.0, self.seconds - (time.monotonic() - self.started))

    def spent(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.started

    @property
    def stopped(self) -> bool:
        return self._stopped.is_set()

    def stop(self) -> None:
        """Ask the solve to end with the best it has."""
        self._stopped.set()
        solver = self._solver
        if solver is not None:
            solver.stop_search()

    def run(self, solver: Any, solve: Callable[[], Any]) -> Any:
        """Run a constraint solver so that `stop` reaches it."""
        self._solver = solver
        try:
            return solve()
        finally:
            self._solver = None
