"""The flow of a script that is not run: every call that could be made is taken to be made."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import NamedTuple

from whence.analysis.answer import Unknown
from whence.analysis.context import ANY, TOP, Context, Demand
from whence.analysis.definition import Place
from whence.analysis.depth import told_when_too_deep
from whence.analysis.expression import DEFAULT, STEPS
from whence.analysis.module import Module
from whence.analysis.naming import Named, Naming
from whence.analysis.site import Site
from whence.analysis.walking import Walk, site_of
from whence.analysis.world import World


class StaticCall(NamedTuple):
    """A call in the code, by the dotted name that its imports give it.

    A method has its receiver's class: ``sklearn.ensemble.RandomForestClassifier.fit``, with
    ``receiver`` ``sklearn.ensemble.RandomForestClassifier``.
    """

    call: str
    receiver: str | None
    site: Site


class StaticEdge(NamedTuple):
    """A source that can flow into an argument (keyword or position) of a sink."""

    source: StaticCall
    sink: StaticCall
    argument: str | int


class StaticFlow(NamedTuple):
    """All edges that the code allows, with the sinks in the order of their lines."""

    edges: tuple[StaticEdge, ...] = ()
    sinks: tuple[StaticCall, ...] = ()
    unknown: tuple[Unknown, ...] = ()


class _Found(NamedTuple):
    node: ast.Call
    place: Place
    call: StaticCall


def static_flow(
    module: Module,
    is_source: Callable[[str], bool],
    is_sink: Callable[[str], bool],
    others: Mapping[str, Module] | None = None,
) -> StaticFlow:
    """The edges from calls that ``is_source`` names to calls that ``is_sink`` names.

    ``others`` are further modules of the user's by file, which ``module`` may import. Raises
    AnalysisError for code that is nested too deeply.
    """
    with told_when_too_deep(module.file):
        return _Static({module.file: module, **(others or {})}, is_source, is_sink).flow()


class _Static:
    def __init__(
        self,
        modules: Mapping[str, Module],
        is_source: Callable[[str], bool],
        is_sink: Callable[[str], bool],
    ) -> None:
        self._world = World(modules, STEPS, DEFAULT)
        self._naming = Naming(self._world)
        self._sources: dict[int, StaticCall] = {}
        self._sinks: list[_Found] = []
        for node, place in calls_in(modules):
            names = self._naming.names(node, place, _context(place))
            source = next((one for one in names if is_source(one.call)), None)
            if source is not None:
                self._sources[id(node)] = self._call(node, place, source)
            sink = next((one for one in names if is_sink(one.call)), None)
            if sink is not None:
                self._sinks.append(_Found(node, place, self._call(node, place, sink)))
        self._world.sources.update((node, []) for node in self._sources)

    def _call(self, node: ast.Call, place: Place, named: Named) -> StaticCall:
        return StaticCall(named.call, named.receiver, site_of(Demand(node, place, TOP)))

    def flow(self) -> StaticFlow:
        self._sinks.sort(key=lambda sink: sink.call.site)
        edges: dict[StaticEdge, None] = {}
        unknown: dict[Unknown, None] = {}
        for sink in self._sinks:
            for argument, value in arguments(sink.node):
                walk = Walk(self._world, [Demand(value, sink.place, _context(sink.place))])
                hits = {self._sources[id(hit.node)]: None for hit in walk.hits}
                for source in sorted(hits, key=lambda one: one.site):
                    edges[StaticEdge(source, sink.call, argument)] = None
                unknown.update((Unknown(site, reason), None) for site, reason in walk.unknown)
        return StaticFlow(tuple(edges), tuple(sink.call for sink in self._sinks), tuple(unknown))


def _context(place: Place) -> Context:
    return TOP if not place.scope.is_function else ANY


def arguments(call: ast.Call) -> list[tuple[str | int, ast.expr]]:
    """The arguments of a call by position and name; ``**rest`` goes by the name ``**``."""
    found: list[tuple[str | int, ast.expr]] = list(enumerate(call.args))
    found.extend((one.arg or "**", one.value) for one in call.keywords)
    return found


def calls_in(modules: Mapping[str, Module]) -> list[tuple[ast.Call, Place]]:
    """All calls of the modules, those in lambdas too."""
    found: list[tuple[ast.Call, Place]] = []
    for module in modules.values():
        waiting = list(module.scopes.values())
        for scope in waiting:
            found.extend((call.node, call.place) for call in scope.flow.calls)
            waiting.extend(module.scope_of(node, scope) for node in scope.flow.lambdas)
    return found
