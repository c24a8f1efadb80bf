"""Sharing out groups of tables and interpreters when slots overlap.

Overlapping slots make members of a group differ in when they are free. For each group the
numbers taken at any instant stay within its size; since time is a line, handing out
members in order of start then always finds a free one (colouring of intervals).
"""

import numpy as np

from matcher.events.solving.problem import Ints, Problem


def share_groups(problem: Problem, slot_of: Ints) -> dict[tuple[int, int, int], int]:
    """(slot, kind or -1 for tables, group) → number taken. Raises ValueError if impossible."""
    from ortools.sat.python import cp_model  # noqa: PLC0415 -- slow import

    sat = cp_model.CpModel()
    taken: dict[tuple[int, int, int], cp_model.IntVar] = {}
    demand: dict[tuple[int, int], int] = {}
    for meeting in np.flatnonzero(slot_of >= 0).tolist():
        slot, kind = int(slot_of[meeting]), int(problem.kind[meeting])
        keys = [(slot, kind)] if kind >= 0 else []
        if not problem.own[meeting, slot]:
            keys.append((slot, -1))
        for key in keys:
            demand[key] = demand.get(key, 0) + 1
    for (slot, kind), count in demand.items():
        groups = problem.tables if kind < 0 else problem.interpreters
        for number, group in enumerate(groups):
            if group.mask[slot] and (kind < 0 or kind in group.kinds):
                taken[slot, kind, number] = sat.new_int_var(0, len(group.members), "")
        sat.add(sum(v for k, v in taken.items() if k[:2] == (slot, kind)) == count)
    for clique in problem.clock.cliques:
        for tables, groups in ((True, problem.tables), (False, problem.interpreters)):
            for number, group in enumerate(groups):
                inside = [
                    v
                    for (slot, kind, g), v in taken.items()
                    if g == number and slot in clique and (kind < 0) == tables
                ]
                sat.add(sum(inside) <= len(group.members))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    if solver.solve(sat) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        message = "tables or interpreters do not suffice for the slots chosen"
        raise ValueError(message)
    return {key: int(solver.value(variable)) for key, variable in taken.items()}
