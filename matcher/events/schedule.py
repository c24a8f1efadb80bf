"""The answer: meetings, how good they are, how good any could be, and what is missing."""

from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

Status = Literal["optimal", "feasible", "infeasible"]
MeetingStatus = Literal["booked", "held", "no_show", "replaced"]


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting; interpreter is None when none is needed.

    status: `booked` (to come), `held`, `no_show` (a side did not come) or `replaced`.
    """

    a: str
    b: str
    slot: str
    table: str
    interpreter: str | None = None
    status: MeetingStatus = "booked"

    def to_json(self) -> dict[str, Any]:
        """The record in a schedule file; the status is written unless it is `booked`."""
        record = asdict(self)
        if self.status == "booked":
            del record["status"]
        return record


@dataclass(frozen=True, slots=True)
class Objective:
    """What is optimised, in order: musts missed, meetings short of minima, score."""

    must_missed: int
    min_short: int
    score: float


@dataclass(frozen=True)
class Schedule:
    """A schedule with its proof; `bound` is the proven upper bound on the score.

    `unmet`, `relaxations` and `changes` are JSON-ready; `changes` is None unless an earlier
    schedule was given; `quality` counts what is settled among equals; `work` tells how the
    answer was reached.
    """

    status: Status
    objective: Objective
    bound: float
    meetings: tuple[Meeting, ...]
    unmet: tuple[dict[str, Any], ...] = ()
    relaxations: tuple[dict[str, Any], ...] = ()
    quality: dict[str, Any] = field(default_factory=dict)
    work: dict[str, Any] = field(default_factory=dict)
    changes: tuple[dict[str, Any], ...] | None = None

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
        document = {
            "status": self.status,
            "objective": asdict(self.objective),
            "upper_bound": {"score": self.bound},
            "gap": self.gap,
            "meetings": [meeting.to_json() for meeting in self.meetings],
            "unmet": list(self.unmet),
            "relaxations": list(self.relaxations),
            "quality": self.quality,
            "work": self.work,
        }
        if self.changes is not None:
            document["changes"] = list(self.changes)
        return document
