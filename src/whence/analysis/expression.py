"""What each kind of expression rests on."""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING

from whence.analysis.calling import step_call
from whence.analysis.classes import attribute_edges, method_of
from whence.analysis.context import CALLBACK, TOP, Demand, Edge, Target
from whence.analysis.definition import COMPREHENSIONS, Exit, Imported, State
from whence.analysis.history import step_state
from whence.analysis.parameter import step_parameter
from whence.analysis.path import access
from whence.analysis.reading import read_name, write_edges
from whence.analysis.things import elements
from whence.analysis.turns import turn_of_element

if TYPE_CHECKING:
    from whence.analysis.world import Step, World


_OF_MODULES = frozenset({"__file__", "__name__", "__doc__", "__path__", "__package__"})


def _name(world: World, demand: Demand) -> list[Edge]:
    node, place, context, path = demand
    assert isinstance(node, ast.Name)
    edges = read_name(world, node.id, node, place, context, path)
    if not edges and not (hasattr(builtins, node.id) or node.id in _OF_MODULES):
        world.unknown_of[demand] = f"no statement that could be read gives {node.id}"
    return edges


def _part(world: World, demand: Demand) -> list[Edge]:
    node, place, context, path = demand
    assert isinstance(node, (ast.Attribute, ast.Subscript))
    part = access(node)
    edges = [Edge(Demand(part.base, place, context, one), True) for one in part.paths(path)]
    if not world.follows_columns:  # which rows are taken makes no column
        edges.extend(Edge(Demand(value, place, context), False) for value in part.choosing)
    return edges


def _display(world: World, demand: Demand) -> list[Edge]:
    node, place, context, path = demand
    if not path:
        return _children(world, demand)
    return [Edge(Demand(value, place, context, rest), True) for value, rest in elements(node, path)]


def _comprehension(world: World, demand: Demand) -> list[Edge]:
    node, place, context, path = demand
    assert isinstance(node, COMPREHENSIONS)
    inside = place.scope.flow.places[id(node)]
    if isinstance(node, ast.DictComp):
        values = [node.value] if path else [node.key, node.value]
    else:
        values = [node.elt]
    turn = turn_of_element(world, node, inside, context, path[0] if path else None)
    return [Edge(Demand(value, inside, turn, path[1:]), bool(path)) for value in values]


def _choice(world: World, demand: Demand) -> list[Edge]:
    node, place, context, path = demand
    assert isinstance(node, (ast.IfExp, ast.BoolOp))
    values = node.values if isinstance(node, ast.BoolOp) else [node.body, node.orelse]
    return [Edge(Demand(value, place, context, path), True) for value in values]


def _through(world: World, demand: Demand) -> list[Edge]:
    node, place, context, path = demand
    assert isinstance(node, (ast.NamedExpr, ast.Await, ast.Starred))
    return [Edge(Demand(node.value, place, context, path), True)]


def _augmented(world: World, demand: Demand) -> list[Edge]:
    node, place, context, path = demand
    assert isinstance(node, ast.AugAssign)
    assert isinstance(node.target, ast.Name)
    return [
        Edge(Demand(node.target, place, context, path), True),
        Edge(Demand(node.value, place, context), False),
    ]


def _children(world: World, demand: Demand) -> list[Edge]:
    node, place, context, _ = demand
    return [
        Edge(Demand(child, place, context), False)
        for child in ast.iter_child_nodes(node)
        if isinstance(child, (ast.expr, ast.stmt))
    ]


def _nothing(world: World, demand: Demand) -> list[Edge]:
    return []


def _function(world: World, demand: Demand) -> list[Edge]:
    """A function that is handed on may be called: its result counts."""
    node, place, context, path = demand
    if path:
        return []
    scope = world.scope_of(node, place)
    inside = world.enter(Target(scope, context, mode=CALLBACK), scope, None, place, context)
    return [Edge(Demand(one.value, one.place, inside), False) for one in scope.flow.given]


def _class(world: World, demand: Demand) -> list[Edge]:
    node, place, _, path = demand
    if not path:
        return []
    made = world.scope_of(node, place)
    method = method_of(world, made, str(path[0])[1:])
    if method is not None:
        return [Edge(Demand(method.node, made.flow.exit, TOP, path[1:]), True)]
    return attribute_edges(world, made, path)


def _imported(world: World, demand: Demand) -> list[Edge]:
    node, place, _, path = demand
    assert isinstance(node, Imported)
    found = world.imported(node, place, path)
    if isinstance(found, str):
        if node.level:
            world.unknown_of[demand] = f"the module of {found} is not at hand"
        return []
    return world.symbol(*found)


def _exit(world: World, demand: Demand) -> list[Edge]:
    """What was stored in the object of a parameter when its function ends."""
    node, place, context, path = demand
    assert isinstance(node, Exit)
    edges: list[Edge] = []
    things = world.things(node.scope)
    for one in things.events.reaching(node.parameter, place, path):
        edges.extend(write_edges(world, one, context))
    return edges


STEPS: dict[type[ast.AST], Step] = {
    ast.Name: _name,
    ast.Attribute: _part,
    ast.Subscript: _part,
    ast.Call: step_call,
    ast.List: _display,
    ast.Tuple: _display,
    ast.Set: _display,
    ast.Dict: _display,
    ast.ListComp: _comprehension,
    ast.SetComp: _comprehension,
    ast.DictComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.IfExp: _choice,
    ast.BoolOp: _choice,
    ast.NamedExpr: _through,
    ast.Await: _through,
    ast.Starred: _through,
    ast.AugAssign: _augmented,
    ast.Constant: _nothing,
    ast.Yield: _nothing,
    ast.YieldFrom: _nothing,
    ast.Lambda: _function,
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class,
    Imported: _imported,
    ast.arg: step_parameter,
    Exit: _exit,
    State: step_state,
}

DEFAULT: Step = _children
