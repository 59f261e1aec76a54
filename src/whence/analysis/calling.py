"""What the result of a call rests on."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from whence.analysis.builtin import handed_on
from whence.analysis.callee import callees
from whence.analysis.context import CALLBACK, Context, Demand, Edge, Target
from whence.analysis.definition import FUNCTIONS
from whence.analysis.instance import instance_edges
from whence.analysis.path import ENTER, Path, joined
from whence.analysis.scope import Scope, last_name
from whence.analysis.supply import arguments_of

if TYPE_CHECKING:
    from whence.analysis.world import World

_HIDDEN = {
    "exec": "it runs code that is made at run time",
    "eval": "it runs code that is made at run time",
    "globals": "it reads variables by names that are made at run time",
    "locals": "it reads variables by names that are made at run time",
}


def step_call(world: World, demand: Demand) -> list[Edge]:
    """The result of a user's function is what it returns; of a library's, all it was given."""
    call, place, context, path = demand
    assert isinstance(call, ast.Call)
    if isinstance(call.func, ast.Name) and call.func.id in _HIDDEN:
        world.unknown_of[demand] = _HIDDEN[call.func.id]
    if call.args and isinstance(call.args[0], (*FUNCTIONS, ast.ClassDef)):
        decorated = _decorated(world, demand, call)
        if decorated is not None:
            return decorated
    targets = callees(world, call, place, context)
    if targets:
        edges: list[Edge] = []
        for target in targets:
            edges.extend(_entered(world, target, demand))
        return edges
    parts = handed_on(call, path)
    if parts is not None:
        return [Edge(Demand(value, place, context, rest), True) for value, rest in parts]
    return _of_library(world, demand)


def _decorated(world: World, demand: Demand, call: ast.Call) -> list[Edge] | None:
    """A decorator of a library's hands on the function; its lambda cannot be told from a call."""
    node = call.args[0]
    if isinstance(node, ast.Lambda) or callees(world, call, demand.place, demand.context):
        return None
    return [Edge(Demand(node, demand.place, demand.context, demand.path), True)]


def _entered(world: World, target: Target, demand: Demand) -> list[Edge]:
    call, place, context, path = demand
    if target.made is not None:
        return instance_edges(world, target.made, demand, target)
    assert target.scope is not None
    inside = world.enter(target, target.scope, call, place, context)
    return given_edges(target.scope, inside, path)


def given_edges(scope: Scope, inside: Context, path: Path) -> list[Edge]:
    """What a function returns or yields, or the part ``path`` of it."""
    edges: list[Edge] = []
    is_manager = bool(scope.decorators & {"contextmanager", "asynccontextmanager"})
    for one in scope.flow.given:
        rest: Path | None = path
        if one.is_yielded:
            rest = _of_yielded(path, is_manager)
        if rest is not None:
            value = Demand(one.value, one.place, inside, joined(one.path, rest))
            edges.append(Edge(value, bool(path) or not one.is_yielded))
    return edges


def _of_yielded(path: Path, is_manager: bool) -> Path | None:
    if not path:
        return ()
    if is_manager:
        return path[1:] if path[0] == ENTER else ()
    is_attribute = isinstance(path[0], str) and path[0].startswith(".")
    return path if is_attribute else path[1:]


def _of_library(world: World, demand: Demand) -> list[Edge]:
    """All arguments and the object that the function belongs to; and what it calls back."""
    call, place, context, path = demand
    assert isinstance(call, ast.Call)
    inner = world.through(path)
    func = call.func
    base = func.value if isinstance(func, ast.Attribute) else func
    edges = [Edge(Demand(base, place, context, inner), False)]
    for value in arguments_of(call):
        edges.append(Edge(Demand(value, place, context, inner), False))
        if isinstance(value, (ast.Name, ast.Attribute, ast.Lambda)):
            edges.extend(_called_back(world, value, demand))
    if last_name(func) in ("getattr", "vars", "__import__") and len(call.args) > 1:
        world.unknown_of[Demand(call, place, context)] = (
            "it takes an attribute whose name is made at run time"
        )
    return edges


def _called_back(world: World, value: ast.expr, demand: Demand) -> list[Edge]:
    call, place, context, path = demand
    edges: list[Edge] = []
    for one in world.origins(Demand(value, place, context)):
        if isinstance(one.node, FUNCTIONS) and not one.path:
            scope = world.scope_of(one.node, one.place)
            target = Target(scope, one.context, mode=CALLBACK)
            if scope.is_method and isinstance(value, ast.Attribute):
                target = target._replace(receiver=Demand(value.value, place, context))
            inside = world.enter(target, scope, call, place, context)
            edges.extend(given_edges(scope, inside, world.through(path)))
    return edges
