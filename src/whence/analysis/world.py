"""All code at hand, and what is known of the calls in it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TypeAlias

from whence.analysis.context import (
    ANY,
    MAX_DEPTH,
    MAX_WAYS,
    TOP,
    Context,
    Demand,
    Edge,
    Pins,
    Target,
)
from whence.analysis.definition import Imported, Place, Write
from whence.analysis.importing import Importing
from whence.analysis.module import Module
from whence.analysis.path import Path, column_of, joined
from whence.analysis.scope import Scope
from whence.analysis.things import Things

Step: TypeAlias = "Callable[[World, Demand], list[Edge]]"

_MAX_ORIGINS = 400

MAX_EFFORT = 20_000
"""After so many looks at what an object can be, the search for one sink ends."""


class World:
    """The modules of a program with what was learnt of them: steps, objects, calls entered.

    ``steps`` say for each kind of expression what it rests on. With ``is_joined`` an attribute
    of an object rests on all that the methods of its class store there. With ``columns``, the
    names of all that are known, a column is followed through the calls of libraries.
    """

    def __init__(
        self,
        modules: Mapping[str, Module],
        steps: Mapping[type[ast.AST], Step],
        default: Step,
        is_joined: bool = False,
        columns: frozenset[str] | None = None,
    ) -> None:
        self.modules = modules
        self.importing = Importing(modules)
        self.is_joined = is_joined
        self._columns = columns
        self.sources: dict[int, list[int]] = {}
        self.entered: dict[int, dict[Scope, None]] = {}
        self.callers: dict[Scope, dict[int, tuple[ast.AST, Place]]] = {}
        self.unknown: dict[int, tuple[Place, str]] = {}
        self.unknown_of: dict[Demand, str] = {}
        self.targets: dict[tuple[int, Context], tuple[Target, ...]] = {}
        self.draws: dict[tuple[int, Context], str | None] = {}
        self.depth = 0
        self.effort = 0
        self.most_effort = MAX_EFFORT
        self._steps = steps
        self._default = default
        self._edges: dict[tuple[int, Context, Path], list[Edge]] = {}
        self._things: dict[Scope, Things] = {}
        self._contexts: dict[tuple[object, ...], Context] = {}
        self._pinned: dict[tuple[Context, object], Context] = {}
        self._ways: dict[tuple[Scope, int], int] = {}
        self._inner: dict[Scope, dict[str, list[tuple[Write, Path]]]] = {}
        self._user_names: frozenset[str] | None = None
        self._origins: dict[tuple[int, Context, Path], tuple[Demand, ...]] = {}

    @property
    def follows_columns(self) -> bool:
        """Whether single columns are asked for."""
        return self._columns is not None

    def is_column(self, name: str) -> bool:
        """Whether a column of that name is known."""
        return self._columns is not None and name in self._columns

    def through(self, path: Path) -> Path:
        """The part of what a library's call is given that the part ``path`` of its result is."""
        return () if self._columns is None else column_of(path, self._columns)

    @property
    def user_names(self) -> frozenset[str]:
        """The names of all functions and classes that are defined in the code."""
        if self._user_names is None:
            self._user_names = frozenset(
                scope.name
                for module in self.modules.values()
                for scope in module.scopes.values()
                if not scope.is_module
            )
        return self._user_names

    def only_write(self, name: str) -> Demand | None:
        """What the attribute ``name`` is given, where only one statement gives it to anything.

        Values that are written into what it holds count as well: then it is not only one.
        """
        found: list[Demand] = []
        for module in self.modules.values():
            for scope in module.scopes.values():
                if scope.is_class:
                    for one in scope.flow.definitions.get(name, ()):
                        if one.value is None or one.path:
                            return None
                        found.append(Demand(one.value, one.place, ANY))
                for write in scope.flow.writes:
                    if f".{name}" in write.path or _is_held_in(write.target, name):
                        if write.path != (f".{name}",) or write.value_path or write.is_added:
                            return None
                        found.append(Demand(write.value, write.place, ANY))
        return found[0] if len(found) == 1 else None

    @cached_property
    def held_names(self) -> frozenset[str]:
        """The names of all attributes that the code stores, and of the variables of modules."""
        names = set(self.user_names)
        for module in self.modules.values():
            for scope in list(module.scopes.values()):
                if not scope.is_function:
                    names.update(scope.flow.bound)
                names.update(
                    write.path[0][1:]
                    for write in scope.flow.writes
                    if write.path and isinstance(write.path[0], str)
                )
                for call in scope.flow.calls:
                    names.update(one.arg for one in call.node.keywords if one.arg is not None)
        return frozenset(names)

    def is_user_name(self, name: str) -> bool:
        return name in self.user_names

    def things(self, scope: Scope) -> Things:
        """The objects of ``scope``."""
        found = self._things.get(scope)
        if found is None:
            found = self._things[scope] = Things(scope, self.is_user_name)
        return found

    def scope_of(self, node: ast.AST, place: Place) -> Scope:
        """The scope of a function or class that is defined at ``place``."""
        return place.scope.module.scope_of(node, place.scope)

    def step(self, demand: Demand) -> list[Edge]:
        """What the value that is asked for rests on."""
        key = (id(demand.node), demand.context, demand.path)
        found = self._edges.get(key)
        if found is None:
            step = self._steps.get(demand.node.__class__, self._default)
            found = self._edges[key] = step(self, demand)
        return found

    def origins(self, demand: Demand) -> tuple[Demand, ...]:
        """The functions, classes, calls and imports that may be the very object asked for."""
        key = (id(demand.node), demand.context, demand.path)
        found = self._origins.get(key)
        if found is None:
            self._origins[key] = ()
            found = self._origins[key] = tuple(self._search(demand))
        return found

    def _search(self, demand: Demand) -> list[Demand]:
        seen = {(id(demand.node), demand.context, demand.path)}
        waiting = [demand]
        found: list[Demand] = []
        for one in waiting:
            if isinstance(one.node, _ORIGINS):
                found.append(one)
            self.effort += 1
            if self.effort > self.most_effort:
                break
            for edge in self.step(one):
                key = (id(edge.demand.node), edge.demand.context, edge.demand.path)
                if edge.is_same and key not in seen and len(seen) < _MAX_ORIGINS:
                    seen.add(key)
                    waiting.append(edge.demand)
        return found

    def enter(
        self, target: Target, scope: Scope, call: ast.AST | None, place: Place, parent: Context
    ) -> Context:
        """The context of ``scope`` when ``call`` enters it; one of a recursion stands for all."""
        around: Context | None = parent
        while around is not None:
            if around.call is call and around.scope is scope and call is not None:
                return around
            around = around.parent
        if parent.depth >= MAX_DEPTH:
            return ANY
        key = (scope, id(call), parent, target.closure, target.mode, target.receiver)
        found = self._contexts.get(key)
        if found is None:
            ways = self._ways[scope, id(call)] = self._ways.get((scope, id(call)), 0) + 1
            if ways > MAX_WAYS and parent is not ANY:
                return self.enter(target, scope, call, place, ANY)
            found = self._contexts[key] = Context(scope, call, place, parent)
            found.closure, found.receiver = target.closure, target.receiver
            found.is_fresh, found.mode, found.partial = target.is_fresh, target.mode, target.partial
            is_async = isinstance(scope.node, ast.AsyncFunctionDef)
            is_deferred = scope.flow.is_generator or is_async
            found.is_loose = bool(target.mode) or is_deferred
        return found

    def pinned(self, context: Context, key: object, pins: Callable[[], Pins]) -> Context:
        """``context`` with the ``pins`` that go by ``key``, the same at each call."""
        found = self._pinned.get((context.base, key))
        if found is None:
            found = self._pinned[context.base, key] = context.pinned(pins())
        return found

    def symbol(self, module: Module, name: str, path: Path) -> list[Edge]:
        """What ``name`` of a module rests on, once the module has run."""
        from whence.analysis.reading import read_name

        place = module.top.flow.exit
        return read_name(self, name, None, place, TOP, path)

    def inner_writes(self, scope: Scope, name: str) -> list[tuple[Write, Path]]:
        """The writes of functions inside ``scope`` into its variable ``name``."""
        if scope not in self._inner:
            found: dict[str, list[tuple[Write, Path]]] = {}
            for child in scope.descendants:
                for thing, writes in self.things(child).events.of_others().items():
                    found.setdefault(thing[len("free:") :], []).extend(writes)
            self._inner[scope] = found
        return self._inner[scope].get(name, [])

    def imported(self, node: Imported, place: Place, path: Path) -> tuple[Module, str, Path] | str:
        """The name in a module of the user's that ``path`` of an import is, or its dotted name."""
        importer = place.scope.module.file
        dotted = node.module
        parts = [node.name] if node.name is not None else []
        rest = path
        while rest and isinstance(rest[0], str) and rest[0].startswith("."):
            parts.append(rest[0][1:])
            rest = rest[1:]
        for length in range(len(parts) - 1, -1, -1):
            name = ".".join([dotted, *parts[:length]] if dotted else parts[:length])
            module = self.importing.find(name, node.level, importer)
            if module is not None:
                after = tuple(f".{part}" for part in parts[length + 1 :])
                return module, parts[length], joined(after, rest)
        return "." * node.level + ".".join([dotted, *parts] if dotted else parts)


_ORIGINS = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.Lambda,
    ast.ClassDef,
    ast.Call,
    ast.arg,
    Imported,
)


def _is_held_in(target: ast.expr, name: str) -> bool:
    """Whether a write goes into what an attribute of that name holds."""
    return any(isinstance(one, ast.Attribute) and one.attr == name for one in ast.walk(target))
