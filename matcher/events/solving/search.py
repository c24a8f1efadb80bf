"""Large-neighbourhood search: free part of a schedule, solve that part anew, keep the better.

Neighbourhoods are drawn with a fixed seed and solved with deterministic effort, so the same
event and the same budget give the same schedule wherever the clock does not cut in.
"""

import random
from dataclasses import dataclass, field

import numpy as np

from matcher.events.control import Control
from matcher.events.pairing import summarise
from matcher.events.solving.exact import ConstraintModel, Effort, Targets
from matcher.events.solving.model import Model, build_model
from matcher.events.solving.problem import Bools, Floats, Ints, Problem

Rank = tuple[int, int, int]
NEAR = 1e-4


@dataclass(frozen=True)
class SearchConfig:
    """Sizes of neighbourhoods in columns, and when to give up.

    rounds: most neighbourhoods tried; patience: rounds without gain before the end; work:
    deterministic units for one neighbourhood; reach_only: score does not matter.
    """

    columns: int = 6000
    rounds: int = 400
    patience: int = 60
    work: float = 1.0
    seed: int = 0
    reach_only: bool = False


def rank(problem: Problem, slot_of: Ints) -> Rank:
    """What is minimised, in order: musts missed, shortfall, minus value."""
    found = summarise(problem, slot_of >= 0)
    return found.must_missed, found.min_short, -found.value


@dataclass
class Search:
    """Improves a schedule until it meets the targets or stops gaining.

    regret: (M,) or (M, S) cost of each pair or column against the bound, at most 0; those
    near 0 are worth trying first.
    """

    problem: Problem
    targets: Targets
    control: Control
    config: SearchConfig
    regret: Floats | None = None
    tried: int = field(default=0, init=False)

    @property
    def reserve(self) -> float:
        """Seconds kept for proving and explaining."""
        return 0.15 * self.control.seconds

    def __call__(self, slot_of: Ints) -> Ints:
        best, score = slot_of, rank(self.problem, slot_of)
        rng = random.Random(self.config.seed)  # noqa: S311 -- not a secret
        stale = 0
        scale = 1.0
        while not self._done(score) and stale < self._patience(score):
            if self.tried >= self.config.rounds or self.control.left() <= self.reserve:
                break
            found, finished = self._round(best, rng, scale)
            scale = min(2.0, scale * 1.2) if finished else max(0.2, scale * 0.7)
            self.tried += 1
            new = rank(self.problem, found)
            stale = 0 if new < score else stale + 1
            if new <= score:
                best, score = found, new
            if stale == 0:
                self.control.report(f"score {-score[2] / self.problem.scale:.3f}")
        return best

    def _patience(self, score: Rank) -> int:
        """Rounds without gain that are worth it: few when hardly anything is left to gain."""
        left = self.targets.value + score[2]
        return self.config.patience // (5 if left <= abs(self.targets.value) * NEAR else 1)

    def _done(self, score: Rank) -> bool:
        lost = int(self.problem.must.sum()) + self.problem.lost_musts - self.targets.musts
        if self.config.reach_only:
            return score[:2] <= (lost, self.targets.short)
        return score <= (lost, self.targets.short, -self.targets.value)

    def _round(self, slot_of: Ints, rng: random.Random, scale: float) -> tuple[Ints, bool]:
        room = int(self.config.columns * scale)
        by_slots = rng.random() < 0.5 and self.problem.clock.size > 1
        free = self._free_slots(slot_of, rng, room) if by_slots else self._free_people(rng, room)
        model = self._part(slot_of, free)
        current = slot_of[model.meeting] == model.slot
        found, finished = improve(model, current, self._effort(), self.targets)
        return found, finished

    def _effort(self) -> Effort:
        seconds = max(0.05, self.control.left() - self.reserve)
        return Effort(self.control, self.config.work, self.config.seed, seconds=seconds)

    def _free_slots(self, slot_of: Ints, rng: random.Random, room: int) -> Bools:
        """(M, S) columns of a few whole groups of slots, the promising ones."""
        problem = self.problem
        groups = problem.clock.components()
        rng.shuffle(groups)
        loose = problem.allowed.copy()
        elsewhere = slot_of >= 0
        free = np.zeros_like(problem.allowed)
        for count, group in enumerate(groups):
            inside = np.isin(slot_of, group)
            elsewhere &= ~inside
            free[:, group] = loose[:, group]
            if count and int((free & ~elsewhere[:, None]).sum()) > room:
                break
        free[elsewhere] = False
        return self._best_of(free, room)

    def _free_people(self, rng: random.Random, room: int) -> Bools:
        """(M, S) columns of a few participants of one side."""
        problem = self.problem
        ends = problem.b if rng.random() < 0.5 else problem.a
        people = np.unique(ends)
        order = rng.sample(people.tolist(), len(people))
        sizes = np.bincount(ends, weights=problem.allowed.sum(axis=1), minlength=problem.people)
        chosen = np.zeros(problem.people, dtype=np.bool_)
        total = 0.0
        for person in order:
            chosen[person] = True
            total += sizes[person]
            if total > room:
                break
        return problem.allowed & chosen[ends][:, None]

    def _best_of(self, free: Bools, room: int) -> Bools:
        count = int(free.sum())
        if count <= room:
            return free
        meeting, slot = np.nonzero(free)
        regret = self._regret_of(meeting, slot)
        keep = np.argsort(-regret, kind="stable")[:room]
        kept = np.zeros_like(free)
        kept[meeting[keep], slot[keep]] = True
        return kept

    def _regret_of(self, meeting: Ints, slot: Ints) -> Floats:
        if self.regret is None:
            return self.problem.value[meeting].astype(np.float64)
        return self.regret[meeting, slot] if self.regret.ndim == 2 else self.regret[meeting]

    def _part(self, slot_of: Ints, free: Bools) -> Model:
        """A model of the free columns beside the schedule as it stands."""
        held = np.flatnonzero(slot_of >= 0)
        columns = free.copy()
        frozen = held[~free[held, slot_of[held]]]
        columns[frozen] = False
        columns[held, slot_of[held]] = True
        meeting, slot = np.nonzero(columns)
        model = build_model(self.problem, meeting, slot)
        model.lower[: model.columns][np.isin(meeting, frozen)] = 1
        return model


def improve(model: Model, current: Bools, effort: Effort, targets: Targets) -> tuple[Ints, bool]:
    """The best schedule of the model, none worse than `current`; and whether it is proven.

    Levels already at their targets become rows; the first that is not is improved with the
    later ones weighed below it.
    """
    problem = model.problem
    sat = ConstraintModel(model)
    sat.hint(current)
    held, short, value = model.must_costs(), model.short_costs(), model.value_costs()
    chosen = np.zeros(problem.size, dtype=np.bool_)
    chosen[model.meeting[current]] = True
    now = summarise(problem, chosen)
    musts = int((problem.must & chosen).sum())
    if held.any():
        sat.at_least(held, musts)
    worth = value.copy()
    span = 2 * int(np.sort(np.abs(value))[-int(problem.cap.sum()) // 2 - 1 :].sum()) + 1
    if short.any():
        if now.min_short <= targets.short and musts >= targets.musts:
            sat.at_least(-short, -now.min_short)
        else:
            worth -= span * short
            span *= int(model.upper[model.short].sum()) + 1
    if musts < targets.musts and span < 2**60 // max(1, int(held.sum())):
        worth += span * held
    solved = sat.maximise(worth, effort)
    slot_of = np.full(problem.size, -1, dtype=np.int64)
    taken = current if solved.taken is None else solved.taken
    slot_of[model.meeting[taken]] = model.slot[taken]
    return slot_of, solved.proven
