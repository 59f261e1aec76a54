"""What an object of a class of the user's rests on, whole or in part."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from whence.analysis.classes import attribute_edges, lineage_of, method_of, stored_edges
from whence.analysis.context import ANY, CALLBACK, TOP, Demand, Edge, Target
from whence.analysis.path import ENTER, Path
from whence.analysis.scope import Scope
from whence.analysis.supply import arguments_of

if TYPE_CHECKING:
    from whence.analysis.world import World

_SERVING = ("__getitem__", "__iter__", "__next__", "__call__")
"""Methods by which a library draws values out of an object."""

_COMPUTED = frozenset({"property", "cached_property"})


def instance_edges(world: World, made: Scope, demand: Demand, target: Target) -> list[Edge]:
    """What the part ``demand.path`` of the object rests on that ``demand.node`` makes."""
    path = demand.path
    whole = demand._replace(path=())
    if not path:
        served = [method_of(world, made, name) for name in _SERVING]
        edges = _constructed(world, demand, target, made)
        for scope in served:
            if scope is not None:
                edges.extend(_given(world, scope, whole, (), CALLBACK))
        return edges
    if path[0] == ENTER:
        scope = method_of(world, made, "__enter__") or method_of(world, made, "__aenter__")
        return [Edge(whole, True)] if scope is None else _given(world, scope, whole, path[1:])
    if isinstance(path[0], str) and path[0].startswith("."):
        return _attribute(world, made, demand, target)
    for name in _SERVING[:3]:
        scope = method_of(world, made, name)
        if scope is not None:
            rest = path if name == "__iter__" else path[1:]
            return _given(world, scope, whole, rest)
    return _constructed(world, demand, target, made)


def _attribute(world: World, made: Scope, demand: Demand, target: Target) -> list[Edge]:
    path = demand.path
    name = str(path[0])[1:]
    method = method_of(world, made, name)
    if method is not None:
        if method.decorators & _COMPUTED:
            return _given(world, method, demand._replace(path=()), path[1:])
        return [Edge(Demand(method.node, made.flow.exit, TOP, path[1:]), True)]
    edges = _constructed(world, demand, target, made)
    edges.extend(attribute_edges(world, made, path))
    if world.is_joined:
        edges.extend(stored_edges(world, made, path))
    fallback = method_of(world, made, "__getattr__")
    if fallback is not None and not edges:
        return _given(world, fallback, demand._replace(path=()), path[1:])
    return edges


def _constructed(world: World, demand: Demand, target: Target, made: Scope) -> list[Edge]:
    """What the constructor stores; without one of the user's, all or the field it is given."""
    call, place, context, path = demand
    scope = target.scope
    if scope is not None:
        inside = world.enter(target, scope, call, place, context)
        own = scope.exit_of(scope.parameters[0])
        return [Edge(Demand(own, scope.flow.exit, inside, path), bool(path))]
    assert isinstance(call, ast.Call)
    field = _field(world, made, call, path)
    if field is not None:
        return [Edge(Demand(value, place, context, path[1:]), True) for value in field]
    return [Edge(Demand(value, place, context), False) for value in arguments_of(call)]


def _field(world: World, made: Scope, call: ast.Call, path: Path) -> list[ast.expr] | None:
    """The arguments that a field of a data class is bound to, when they can be told."""
    if not path or any(isinstance(one, ast.Starred) for one in call.args):
        return None
    if any(keyword.arg is None for keyword in call.keywords):
        return None
    names = fields_of(world, made)
    name = str(path[0])[1:]
    if name not in names:
        return None
    number = names.index(name)
    found = [one.value for one in call.keywords if one.arg == name]
    return found or call.args[number : number + 1]


def fields_of(world: World, made: Scope) -> list[str]:
    """The annotated names of a class and its bases, in the order of a data class."""
    names: list[str] = []
    for one in reversed(lineage_of(world, made)):
        targets = [
            statement.target
            for statement in getattr(one.node, "body", [])
            if isinstance(statement, ast.AnnAssign)
        ]
        names.extend(target.id for target in targets if isinstance(target, ast.Name))
    return list(dict.fromkeys(names))


def _given(world: World, scope: Scope, whole: Demand, path: Path, mode: int = 0) -> list[Edge]:
    """What a method gives when Python or a library calls it on the object ``whole``."""
    from whence.analysis.calling import given_edges

    target = Target(scope, ANY, whole, mode=mode)
    call = scope.node  # no call stands in the code
    inside = world.enter(target, scope, call, whole.place, whole.context)
    inside.is_loose = True
    return given_edges(scope, inside, path)
