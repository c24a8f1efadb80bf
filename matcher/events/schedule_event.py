"""The whole job: solve, say why something is missing, find what would help, and look again."""

from dataclasses import replace

from matcher.events.control import Control
from matcher.events.day import as_of, read_day, remaining
from matcher.events.event import Event
from matcher.events.faults.infeasibility import explain_unmet
from matcher.events.faults.remedies import RemedyConfig, find_releases, find_remedies
from matcher.events.repair import Previous, repair
from matcher.events.schedule import Schedule
from matcher.events.solving.search import SearchConfig
from matcher.events.solving.solve import SolveConfig, Solver
from matcher.events.verify import verify


def schedule_event(
    event: Event, control: Control, *, seed: int = 0, previous: Previous | None = None
) -> Schedule:
    """Schedule an event within the control's time; with `previous`, keep to it.

    Work is bounded by counts as well as by time, so the same event and seed give the same
    schedule unless the clock cuts in. Raises EventError when `previous` is not of this event,
    BrokenScheduleError (an internal error) rather than return a schedule that breaks a rule.
    """
    config = SolveConfig(seed=seed, search=SearchConfig(seed=seed))
    if previous is not None:
        return _again(event, previous, control, config)
    found = Solver(event, control, config)()
    verify(event, found)
    goal = found.objective
    limit = min(20.0, max(0.4 * control.seconds, control.left()))
    look = RemedyConfig(seconds=limit, solve=config)
    if found.status == "infeasible":
        return replace(found, relaxations=find_releases(event, control, look))
    if not (goal.must_missed or goal.min_short):
        return found
    found = replace(found, unmet=explain_unmet(event, found))
    if control.stopped:
        return found
    remedies = find_remedies(event, found, control, look)
    return replace(found, relaxations=remedies)


def _again(event: Event, previous: Previous, control: Control, config: SolveConfig) -> Schedule:
    """On the day: repair, with reasons for what is missing."""
    found = repair(event, previous, control, config)
    day = read_day(event, previous.meetings, previous.now)
    verify(event, found, day)
    goal = found.objective
    if found.status == "infeasible":
        left = [n for n in range(len(event.fixed)) if n not in day.waived]
        look = RemedyConfig(seconds=control.left(), solve=config)
        releases = find_releases(remaining(event, day), control, look, left)
        return replace(found, relaxations=releases)
    if not (goal.must_missed or goal.min_short):
        return found
    return replace(found, unmet=explain_unmet(as_of(event, day), found))
