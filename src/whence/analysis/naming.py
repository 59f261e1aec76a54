"""The dotted names of what a call calls, by the imports and definitions of the code."""

from __future__ import annotations

import ast
from typing import NamedTuple

from whence.analysis.callee import callees
from whence.analysis.classes import lineage_of
from whence.analysis.context import TOP, Context, Demand
from whence.analysis.definition import Imported, Place
from whence.analysis.scope import Scope
from whence.analysis.world import MAX_EFFORT, World

_GIVING_ITSELF = frozenset({"fit", "partial_fit", "set_params", "set_output"})
"""Methods that by the custom of estimators return their own object."""

_MAX_CHAIN = 40

_EFFORT = 1000
"""Looks at what an object can be, for the name of one call."""


class Named(NamedTuple):
    """A name that a call may go by, with the class of its object when it is a method."""

    call: str
    receiver: str | None = None


class Naming:
    """Names of calls, each found once."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._known: dict[tuple[int, Context], tuple[Named, ...]] = {}
        self._depth = 0

    def names(self, call: ast.Call, place: Place, context: Context) -> tuple[Named, ...]:
        """The names that ``call`` may go by, the most certain first."""
        key = (id(call), context)
        found = self._known.get(key)
        if self._depth == 0:
            self._world.effort = MAX_EFFORT - _EFFORT
        if found is None:
            self._known[key] = ()
            if self._depth < _MAX_CHAIN:
                self._depth += 1
                found = tuple(dict.fromkeys(self._search(call.func, place, context)))
                self._depth -= 1
            self._known[key] = found = found or ()
        return found

    def _search(self, func: ast.expr, place: Place, context: Context) -> list[Named]:
        found: list[Named] = []
        for one in self._world.origins(Demand(func, place, context)):
            if isinstance(one.node, Imported):
                dotted = self._world.imported(one.node, one.place, one.path)
                if isinstance(dotted, str):
                    found.append(Named(dotted.lstrip(".")))
        if found:
            return found
        if isinstance(func, ast.Attribute):
            receivers = self._classes(func.value, place, context)
            return [Named(f"{receiver}.{func.attr}", receiver) for receiver in receivers]
        return [Named(func.id)] if isinstance(func, ast.Name) else []

    def _classes(self, node: ast.expr, place: Place, context: Context) -> list[str]:
        """What classes an object may be of: the names that made it."""
        found: dict[str, None] = {}
        for one in self._world.origins(Demand(node, place, context)):
            if not isinstance(one.node, ast.Call) or one.path:
                continue
            targets = callees(self._world, one.node, one.place, one.context)
            made = [target.made for target in targets if target.made is not None]
            for scope in made:
                found.update(dict.fromkeys(self._lineage(scope)))
            if not targets:
                for name in self.names(one.node, one.place, one.context):
                    method = name.call.rpartition(".")[2]
                    is_own = name.receiver is not None and method in _GIVING_ITSELF
                    found[str(name.receiver) if is_own else name.call] = None
        return list(found)

    def _lineage(self, made: Scope) -> list[str]:
        """The names of a user's class and of all that it inherits from."""
        found: list[str] = []
        for one in lineage_of(self._world, made):
            found.append(one.qualname)
            for base in getattr(one.node, "bases", []):
                for origin in self._world.origins(Demand(base, one.place, TOP)):
                    if isinstance(origin.node, Imported):
                        dotted = self._world.imported(origin.node, origin.place, origin.path)
                        found.extend([dotted.lstrip(".")] if isinstance(dotted, str) else [])
        return found
