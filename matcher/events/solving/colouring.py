"""Placing chosen meetings in slots by colouring the edges of a bipartite graph.

König: a bipartite graph of largest degree k has an edge colouring with k colours. De Werra
and McDiarmid: its classes can be balanced to differ by one at most, since two classes
together form paths and even cycles, and exchanging the colours along a path with one edge
more of the larger class evens them. So when no one has more meetings than slots, and there
are no more meetings than slots times tables, a plan that fits every slot exists; this
builds it. Source: de Werra, "Equitable colorations of graphs", RIRO 5 (1971).
"""

from collections.abc import Sequence

import numpy as np

from matcher.events.solving.problem import Ints


class Colouring:
    """Edge colours of a bipartite multigraph, kept proper throughout."""

    def __init__(self, *, ends: Sequence[tuple[int, int]], nodes: int, colours: int) -> None:
        self.ends = ends
        self.colours = colours
        self.colour = [-1] * len(ends)
        self.at = [[-1] * colours for _ in range(nodes)]
        self.load = [0] * colours

    def paint(self) -> None:
        """Colour every edge; raises ValueError if a node has more edges than colours."""
        for edge, (u, v) in enumerate(self.ends):
            both = [c for c in range(self.colours) if self.at[u][c] < 0 and self.at[v][c] < 0]
            if both:
                self._set(edge, min(both, key=self.load.__getitem__))
                continue
            one = self._free(u)
            self._swap(self.path(v, one, self._free(v)), one, self._free(v))
            self._set(edge, one)

    def balance(self, targets: Ints) -> bool:
        """Bring every class to its target size or below; False when that fails."""
        while True:
            excess = [self.load[c] - int(targets[c]) for c in range(self.colours)]
            over = max(range(self.colours), key=excess.__getitem__)
            if excess[over] <= 0:
                return True
            under = sorted(range(self.colours), key=excess.__getitem__)
            if not any(self._level(over, c, excess) for c in under if excess[c] < excess[over] - 1):
                return False

    def _level(self, over: int, under: int, excess: list[int]) -> bool:
        """Exchange enough odd paths to even two classes; False when none exists."""
        wanted = (excess[over] - excess[under]) // 2
        moved = 0
        for row in self.at:
            if moved == wanted:
                break
            if row[over] >= 0 and row[under] < 0:
                node = self._other_end(row[over], row)
                path = self._walk(node, [row[over]], (under, over))
                if len(path) % 2:
                    self._swap(path, over, under)
                    moved += 1
        return moved > 0

    def _other_end(self, edge: int, row: list[int]) -> int:
        u, v = self.ends[edge]
        return v if self.at[u] is row else u

    def path(self, node: int, first: int, second: int) -> list[int]:
        """Edges of the path from `node` that starts in `first` and alternates."""
        return self._walk(node, [], (first, second))

    def _walk(self, node: int, path: list[int], turn: tuple[int, int]) -> list[int]:
        step = 0
        while (edge := self.at[node][turn[step % 2]]) >= 0:
            path.append(edge)
            u, v = self.ends[edge]
            node = v if node == u else u
            step += 1
        return path

    def _free(self, node: int) -> int:
        try:
            return self.at[node].index(-1)
        except ValueError:
            message = f"node {node} has more edges than the {self.colours} colours"
            raise ValueError(message) from None

    def _set(self, edge: int, colour: int) -> None:
        self.colour[edge] = colour
        self.load[colour] += 1
        for node in self.ends[edge]:
            self.at[node][colour] = edge

    def _clear(self, edge: int) -> None:
        colour = self.colour[edge]
        self.load[colour] -= 1
        for node in self.ends[edge]:
            self.at[node][colour] = -1

    def _swap(self, path: list[int], one: int, other: int) -> None:
        new = [other if self.colour[edge] == one else one for edge in path]
        for edge in path:
            self._clear(edge)
        for edge, colour in zip(path, new, strict=True):
            self._set(edge, colour)


def colour_meetings(*, a: Ints, b: Ints, capacity: Ints) -> Ints | None:
    """A slot for each meeting, no one twice in a slot and no slot above `capacity`.

    a, b: (n,) participants, numbered apart. Returns (n,) slots, or None when the balance
    fails (never when capacity is the same for all slots and holds the total).
    """
    nodes = int(max(a.max(initial=-1), b.max(initial=-1))) + 1
    ends = list(zip(a.tolist(), b.tolist(), strict=True))
    colouring = Colouring(ends=ends, nodes=nodes, colours=len(capacity))
    colouring.paint()
    if not colouring.balance(capacity):
        return None
    return np.array(colouring.colour, dtype=np.int64)
