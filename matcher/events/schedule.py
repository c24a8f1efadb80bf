"""The answer: meetings, how good they are, how good any could be, and what is missing."""

from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

Status = Literal["optimal", "feasible", "infeasible"]


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting held; interpreter is None when none is needed."""

    a: str
    b: str
    slot: str
    table: str
    interpreter: str | None = None


@dataclass(frozen=True, slots=True)
class Objective:
    """What is optimised, in order: musts missed, meetings short of minima, score."""

    must_missed: int
    min_short: int
    score: float


@dataclass(frozen=True)
class Schedule:
    """A schedule with its proof; `bound` is the proven upper bound on the score.

    `unmet` and `relaxations` are JSON-ready; `quality` counts what is settled among
    equals; `work` tells how the answer was reached.
    """

    status: Status
    objective: Objective
    bound: float
    meetings: tuple[Meeting, ...]
    unmet: tuple[dict[str, Any], ...] = ()
    relaxations: tuple[dict[str, Any], ...] = ()
    quality: dict[str, Any] = field(default_factory=dict)
    work: dict[str, Any] = field(default_factory=dict)

    @property
    def gap(self) -> float:
        """(bound - score) / |bound|; 0 when they agree."""
        room = max(0.0, self.bound - self.objective.score)
        return room / max(abs(self.bound), 1e-9) if room > 0 else 0.0

    def explained(
        self, unmet: tuple[dict[str, Any], ...], relaxations: tuple[dict[str, Any], ...]
    ) -> "Schedule":
        """The same schedule with reasons and remedies."""
        return replace(self, unmet=unmet, relaxations=relaxations)

    def to_json(self) -> dict[str, Any]:
        """The document that `ketnoi schedule` writes."""
        return {
            "status": self.status,
            "objective": asdict(self.objective),
            "upper_bound": {"score": self.bound},
            "gap": self.gap,
            "meetings": [asdict(meeting) for meeting in self.meetings],
            "unmet": list(self.unmet),
            "relaxations": list(self.relaxations),
            "quality": self.quality,
            "work": self.work,
        }
