"""The walk back from a sink's argument to the sources, and the check that they were reached."""

from __future__ import annotations

import ast
from collections import deque
from typing import NamedTuple

from whence.analysis.context import ANY, Context, Demand
from whence.analysis.definition import State
from whence.analysis.drawing import DrawNames, draw_of
from whence.analysis.site import Site, span_of
from whence.analysis.world import World

_MAX_DEMANDS = 30_000


class Hit(NamedTuple):
    """A source's call that the walk came to, in a context, and the way to it."""

    demand: Demand
    through: tuple[Site, ...]


class Walk:
    """All that a set of values rests on."""

    def __init__(self, world: World, demands: list[Demand], names: DrawNames | None = None) -> None:
        self._world, self._names = world, names
        self.draws: dict[Demand, str] = {}
        self._before: dict[Demand, Demand | None] = dict.fromkeys(demands)
        self._waiting = deque(demands)
        self.hits: list[Demand] = []
        self.nodes: set[int] = set()
        self.unknown: dict[tuple[Site, str], None] = {}
        self._run()

    def _run(self) -> None:
        world, before, waiting = self._world, self._before, self._waiting
        world.effort = 0
        while waiting:
            demand = waiting.popleft()
            node = id(demand.node)
            self.nodes.add(node)
            if node in world.sources:
                self.hits.append(demand)
                continue
            draw = draw_of(world, demand, self._names) if self._names else None
            if draw is not None:
                self.draws[demand] = draw
                continue
            for edge in world.step(demand):
                if edge.demand not in before:
                    before[edge.demand] = demand
                    waiting.append(edge.demand)
            reason = world.unknown_of.get(demand)
            if reason is not None:
                self.unknown[site_of(demand), reason] = None
            if len(before) > _MAX_DEMANDS or world.effort > world.most_effort:
                self.unknown[site_of(demand), "too much flows together here"] = None
                break

    def through(self, demand: Demand) -> tuple[Site, ...]:
        """The statements between the sink and a hit, the sink's first."""
        sites: dict[Site, None] = {}
        one: Demand | None = demand
        while one is not None:
            if not isinstance(one.node, State):
                sites[statement_of(one)] = None
            one = self._before[one]
        return tuple(reversed(sites))


def agrees(context: Context, outer: list[frozenset[int]], nodes: set[int]) -> bool:
    """Whether a call that ran, with the frames ``outer``, is the one that the walk came to.

    The calls of ``context`` must be among the frames, in order; a wrapper may stand between.
    Where a function's body runs later than its call, what ran it must be in the walk.
    """
    number = 0
    one: Context | None = context
    while one is not None and one is not ANY and one.call is not None:
        if one.is_loose:
            return all(not frame or frame & nodes for frame in outer[number:])
        while number < len(outer) and id(one.call) not in outer[number]:
            number += 1
        if number == len(outer):
            return False
        number += 1
        one = one.parent
    return True


def site_of(demand: Demand) -> Site:
    """Where the expression of a demand stands."""
    return _site(demand, demand.node if hasattr(demand.node, "lineno") else demand.place.statement)


def statement_of(demand: Demand) -> Site:
    """The statement that the expression of a demand is part of."""
    return _site(demand, demand.place.statement)


def _site(demand: Demand, node: ast.AST) -> Site:
    scope = demand.place.scope
    span = span_of(node) if isinstance(node, (ast.expr, ast.stmt)) else None
    return Site(scope.module.file, scope.qualname, getattr(node, "lineno", 1), span)
