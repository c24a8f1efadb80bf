"""Whether the interpreters of a slot can serve given needs, and who serves whom."""

from collections.abc import Sequence

from matcher.events.solving.problem import Problem


class Interpreters:
    """Matching of needs to interpreters slot by slot, with answers remembered."""

    def __init__(self, problem: Problem) -> None:
        self.able = [
            [
                [
                    member
                    for group in problem.interpreters
                    if kind in group.kinds and group.mask[slot]
                    for member in group.members
                ]
                for kind in range(problem.kinds)
            ]
            for slot in range(problem.clock.size)
        ]
        self._known: dict[tuple[int, tuple[int, ...]], bool] = {}

    def fit(self, slot: int, needs: Sequence[int]) -> bool:
        """True when `needs`[kind] meetings of each kind can be served in the slot at once."""
        key = (slot, tuple(needs))
        if key not in self._known:
            kinds = [kind for kind, count in enumerate(needs) for _ in range(count)]
            self._known[key] = self.assign(slot, kinds) is not None
        return self._known[key]

    def assign(self, slot: int, kinds: Sequence[int]) -> list[int] | None:
        """An interpreter for each need, all different; None when that cannot be."""
        serves: dict[int, int] = {}
        for need in range(len(kinds)):
            if not self._augment(slot, kinds, need, serves, set()):
                return None
        chosen = {need: member for member, need in serves.items()}
        return [chosen[need] for need in range(len(kinds))]

    def _augment(
        self, slot: int, kinds: Sequence[int], need: int, serves: dict[int, int], seen: set[int]
    ) -> bool:
        for member in self.able[slot][kinds[need]]:
            if member in seen:
                continue
            seen.add(member)
            if member not in serves or self._augment(slot, kinds, serves[member], serves, seen):
                serves[member] = need
                return True
        return False
