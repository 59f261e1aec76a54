"""Places for boxes: in layers from left to right in the order of time, with few crossings.

A box stands one layer after the latest that leads to it. A link over several layers bends through
an empty place in each, so that it does not run behind boxes. Linear in what is drawn, but for the
fixed number of sweeps.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

_SWEEPS = 6
_PLACE = 0.45
"""The height of the place of a bend, in rows."""


class Layout(NamedTuple):
    """Layer and row (a fraction) of each box; for each link the (layer, row) of its bends."""

    places: list[tuple[int, float]]
    bends: list[list[tuple[int, float]]]


def layout(
    count: int, links: Sequence[tuple[int, int]], known: Sequence[tuple[int, int]] = ()
) -> Layout:
    """The places of ``count`` boxes with those links, the earlier box first.

    Of the pairs ``known``, too, the first is the earlier one, though nothing joins them.
    """
    forward = _without_circles(count, links)
    every = _without_circles(count, [*forward, *known])
    is_whole = every[: len(forward)] == forward
    layer = _layers(count, every if is_whole else forward)
    chains, size = _chains(layer, forward, count)
    places = _Places(layer, size, chains, count)
    places.arrange()
    rows = places.rows
    return Layout(
        [(layer[box], rows[box]) for box in range(count)],
        [[(layer[v], rows[v]) for v in chain[1:-1]] for chain in chains],
    )


def _without_circles(count: int, links: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The links, those turned round that would close a circle."""
    after: list[list[int]] = [[] for _ in range(count)]
    for number, (source, _) in enumerate(links):
        after[source].append(number)
    state = [0] * count
    turned = set()
    for root in range(count):
        stack = [(root, iter(after[root]))] if not state[root] else []
        state[root] = state[root] or 1
        while stack:
            box, rest = stack[-1]
            number = next(rest, -1)
            if number < 0:
                state[box] = 2
                stack.pop()
                continue
            target = links[number][1]
            if state[target] == 1:
                turned.add(number)
            elif not state[target]:
                state[target] = 1
                stack.append((target, iter(after[target])))
    return [(t, s) if number in turned else (s, t) for number, (s, t) in enumerate(links)]


def _layers(count: int, links: Sequence[tuple[int, int]]) -> list[int]:
    """The length of the longest way to each box; a source stands just before what it leads to."""
    after: list[list[int]] = [[] for _ in range(count)]
    before = [0] * count
    for source, target in links:
        if source != target:
            after[source].append(target)
            before[target] += 1
    is_source = [not number for number in before]
    ready = [box for box in range(count) if is_source[box]]
    layer = [0] * count
    for box in ready:
        for target in after[box]:
            layer[target] = max(layer[target], layer[box] + 1)
            before[target] -= 1
            if not before[target]:
                ready.append(target)
    for box in range(count):
        if is_source[box] and after[box]:
            layer[box] = min(layer[target] for target in after[box]) - 1
    return layer


def _chains(
    layer: list[int], links: Sequence[tuple[int, int]], count: int
) -> tuple[list[list[int]], int]:
    """Each link as the boxes and bends that it runs through; adds the layers of the bends."""
    chains, size = [], count
    for source, target in links:
        between = range(layer[source] + 1, layer[target])
        bends = list(range(size, size + len(between)))
        layer.extend(between)
        size += len(bends)
        chains.append([source, *bends, target])
    return chains, size


class _Places:
    """The rows of boxes and bends, which are numbered on from ``count``."""

    def __init__(self, layer: list[int], size: int, chains: list[list[int]], count: int) -> None:
        self.rows = [0.0] * size
        self._count = count
        self._left: list[list[int]] = [[] for _ in range(size)]
        self._right: list[list[int]] = [[] for _ in range(size)]
        for chain in chains:
            for one, other in pairwise(chain):
                self._right[one].append(other)
                self._left[other].append(one)
        self._columns: list[list[int]] = [[] for _ in range(max(layer, default=-1) + 1)]
        for v in range(size):
            self._columns[layer[v]].append(v)

    def arrange(self) -> None:
        for column in self._columns:
            self._stack(column)
        for sweep in range(_SWEEPS):
            is_forward = sweep % 2 == 0
            beside = self._left if is_forward else self._right
            for column in self._columns if is_forward else reversed(self._columns):
                self._settle(column, beside)
        top = min(self.rows, default=0.0)
        self.rows = [row - top for row in self.rows]

    def _stack(self, column: list[int]) -> None:
        """One below the other in the order that they have, about the middle."""
        at = 0.0
        for v in column:
            self.rows[v] = at + self._height(v) / 2
            at += self._height(v)
        for v in column:
            self.rows[v] -= at / 2

    def _settle(self, column: list[int], beside: list[list[int]]) -> None:
        """Each as near to the middle of what is beside it as the others let it."""
        wanted = {
            v: sum(self.rows[u] for u in beside[v]) / len(beside[v]) if beside[v] else self.rows[v]
            for v in column
        }
        column.sort(key=lambda v: wanted[v])
        lowest, moved = float("-inf"), 0.0
        for v in column:
            half = self._height(v) / 2
            self.rows[v] = max(wanted[v], lowest + half)
            lowest = self.rows[v] + half
            moved += self.rows[v] - wanted[v]
        for v in column:  # as much up as down
            self.rows[v] -= moved / len(column)

    def _height(self, v: int) -> float:
        return 1.0 if v < self._count else _PLACE
