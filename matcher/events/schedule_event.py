"""The whole job: solve, say why something is missing, and find what would help."""

from dataclasses import replace

from matcher.events.control import Control
from matcher.events.event import Event
from matcher.events.infeasibility import explain_unmet
from matcher.events.remedies import RemedyConfig, find_remedies
from matcher.events.repair import Previous, repair
from matcher.events.schedule import Schedule
from matcher.events.search import SearchConfig
from matcher.events.solve import SolveConfig, Solver


def schedule_event(
    event: Event, control: Control, *, seed: int = 0, previous: Previous | None = None
) -> Schedule:
    """Schedule an event within the control's time; with `previous`, keep to it.

    Work is bounded by counts as well as by time, so the same event and seed give the same
    schedule unless the clock cuts in.
    """
    config = SolveConfig(seed=seed, search=SearchConfig(seed=seed))
    if previous is not None:
        found = repair(event, previous, control, config)
    else:
        found = Solver(event, control, config)()
    goal = found.objective
    if found.status == "infeasible" or not (goal.must_missed or goal.min_short):
        return found
    found = replace(found, unmet=explain_unmet(event, found))
    if previous is not None or control.stopped:
        return found
    limit = min(20.0, max(0.4 * control.seconds, control.left()))
    remedies = find_remedies(event, found, control, RemedyConfig(seconds=limit, solve=config))
    return replace(found, relaxations=remedies)
