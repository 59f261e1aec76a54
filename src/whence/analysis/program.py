"""The backward slice between calls that ran."""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from whence.analysis.answer import Drawn, Reached, Slice, Unknown
from whence.analysis.context import Demand
from whence.analysis.depth import told_when_too_deep
from whence.analysis.drawing import DrawNames
from whence.analysis.expression import DEFAULT, STEPS
from whence.analysis.module import Module
from whence.analysis.path import Path
from whence.analysis.ran import Ran, Stack
from whence.analysis.site import Anchor
from whence.analysis.supply import arguments_of
from whence.analysis.walking import Walk, agrees, site_of
from whence.analysis.world import World

RECEIVER = -1
"""The position that stands for what a method is called on."""


class _Answer(NamedTuple):
    """All sources that a sink's argument rests on, whenever they were called."""

    orders: list[int]
    reached: list[Reached]
    unknown: tuple[Unknown, ...]
    drawn: tuple[Drawn, ...] = ()


class Start(NamedTuple):
    """Where a walk starts: the frames of the sink, and the values that are asked for."""

    stack: Stack
    demands: list[Demand]
    unknown: list[Unknown]


class Walked(NamedTuple):
    """Where a walk came to: sources, each with the demand that met it."""

    walk: Walk
    reached: list[tuple[Demand, Anchor]]
    unknown: list[Unknown]


class Program:
    """The code of a run with the watched calls that it made.

    ``sources`` are the calls where a slice ends. ``others`` are calls that ran too (splits, fits):
    their stacks tell which function of the user's a call really entered. ``draws`` names the
    calls that draw random data.
    """

    def __init__(
        self,
        modules: Mapping[str, Module],
        sources: Sequence[Anchor],
        others: Sequence[Anchor] = (),
        draws: DrawNames | None = None,
    ) -> None:
        self._draws = draws
        self.modules = modules
        self._sources = sources
        self._others = others
        self._rans: dict[bool, Ran] = {}
        self._answers: dict[object, _Answer] = {}

    def slice(
        self, sink: Anchor, argument: str | int | None = None, position: int | None = None
    ) -> Slice:
        """The sources that the value of ``argument`` rests on.

        ``argument`` is a keyword or a position (0 is the first, `RECEIVER` what a method is called
        on) in the sink's call as it is written in the innermost frame; None means all arguments,
        but not the receiver. ``position`` is where an argument that has a name may stand instead.
        Sources that were called later than the sink are left out. Raises AnalysisError for code
        that is nested too deeply.
        """
        key = (sink.stack, argument, position)
        answer = self._answers.get(key)
        if answer is None:
            with told_when_too_deep(sink.stack[0].file, sink.stack[0].line):
                answer = self._answers[key] = self._answer(sink, argument, position)
        count = bisect_left(answer.orders, sink.order)
        return Slice(tuple(answer.reached[:count]), answer.unknown, answer.drawn)

    def _answer(
        self, sink: Anchor, argument: str | int | None, position: int | None = None
    ) -> _Answer:
        found = self._walk(sink, argument, position, is_joined=False)
        if not found.reached and any(ran.has_classes for ran in self._rans.values()):
            return self._walk(sink, argument, position, is_joined=True)
        return found

    def ran_in(self, world: World) -> Ran:
        """The calls that ran, joined to ``world``."""
        return Ran(world, self._sources, self._others)

    def _ran(self, is_joined: bool) -> Ran:
        if is_joined not in self._rans:
            self._rans[is_joined] = self.ran_in(World(self.modules, STEPS, DEFAULT, is_joined))
        return self._rans[is_joined]

    def start(
        self, ran: Ran, sink: Anchor, argument: str | int | None, position: int | None = None
    ) -> Start:
        """The values that an argument of ``sink`` stands for."""
        stack = ran.stack(sink.stack, sink.call)
        unknown = [stack.missing] if stack.missing is not None else []
        demands: list[Demand] = []
        if stack.innermost is None:
            return Start(stack, demands, unknown)
        context = ran.context(stack)
        for node in stack.innermost.nodes:
            wanted = wanted_of(node, argument, position)
            if not wanted:
                unknown.append(Unknown(sink.stack[0], f"the call has no argument {argument}"))
            demands.extend(
                Demand(value, stack.innermost.place, context, path) for value, path in wanted or ()
            )
        return Start(stack, demands, unknown)

    def walk(self, ran: Ran, start: Start) -> Walked:
        """The sources that the walk from ``start`` comes to by calls that ran."""
        walk = Walk(ran.world, start.demands, self._draws)
        nodes = walk.nodes | start.stack.nodes
        reached = [
            (demand, anchor)
            for demand in walk.hits
            for frames, anchors in ran.anchors_at(demand.node)
            if agrees(demand.context, frames, nodes)
            for anchor in anchors
        ]
        unknown = [*start.unknown, *(Unknown(site, reason) for site, reason in walk.unknown)]
        return Walked(walk, reached, unknown)

    def _walk(
        self, sink: Anchor, argument: str | int | None, position: int | None, is_joined: bool
    ) -> _Answer:
        ran = self._ran(is_joined)
        walk, reached, unknown = self.walk(ran, self.start(ran, sink, argument, position))
        by_id = {anchor.id: (anchor, demand) for demand, anchor in reversed(reached)}
        ordered = sorted(by_id.values(), key=lambda one: one[0].order)
        ways = {demand: walk.through(demand) for _, demand in ordered}
        drawn = {
            (call, site_of(demand)): Drawn(call, site_of(demand), walk.through(demand))
            for demand, call in walk.draws.items()
        }
        return _Answer(
            [anchor.order for anchor, _ in ordered],
            [Reached(anchor, ways[demand]) for anchor, demand in ordered],
            tuple(unknown),
            tuple(drawn.values()),
        )


def wanted_of(
    node: ast.AST, argument: str | int | None, position: int | None = None
) -> list[tuple[ast.expr, Path]] | None:
    """The expressions, with their parts, that are an argument of a call; None without one."""
    if not isinstance(node, ast.Call):
        return None
    if argument is None:
        return [(value, ()) for value in arguments_of(node)]
    if isinstance(argument, int):
        return _at_position(node, argument)
    named: list[tuple[ast.expr, Path]] = [
        (one.value, ()) for one in node.keywords if one.arg == argument
    ]
    if not named and position is not None:
        named = _at_position(node, position) or []
    stars = [one.value for one in node.keywords if one.arg is None]
    return named or [(value, (f"[{argument}",)) for value in stars] or None


def _at_position(node: ast.Call, number: int) -> list[tuple[ast.expr, Path]] | None:
    if number == RECEIVER:
        return [(node.func.value, ())] if isinstance(node.func, ast.Attribute) else None
    for at, value in enumerate(node.args[: number + 1]):
        if isinstance(value, ast.Starred):
            return [(value.value, (number - at,)), *((one, ()) for one in node.args[at + 1 :])]
    return [(node.args[number], ())] if number < len(node.args) else None
