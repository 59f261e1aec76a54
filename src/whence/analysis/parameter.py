"""What a parameter rests on: the arguments of the call that entered its function."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from whence.analysis.classes import attribute_edges, class_of, stored_edges
from whence.analysis.context import ANY, CALLBACK, TOP, Context, Demand, Edge, Target
from whence.analysis.definition import FUNCTIONS, Place
from whence.analysis.path import Path, joined, rest_of
from whence.analysis.scope import Scope, last_name
from whence.analysis.supply import arguments_of

if TYPE_CHECKING:
    from whence.analysis.world import World


def step_parameter(world: World, demand: Demand) -> list[Edge]:
    """The arguments that a parameter is bound to in the context of the demand."""
    parameter, place, context, path = demand
    scope = place.scope
    assert isinstance(parameter, ast.arg)
    if context.scope is not scope:
        return _from_anywhere(world, demand, scope, parameter)
    assert context.place is not None
    assert context.parent is not None
    if context.mode == CALLBACK:
        return _from_library(world, context, path)
    if context.call is not None and not isinstance(context.call, ast.Call):
        return _from_operator(context, parameter, path)
    return _bound(scope, context, parameter, path)


def _bound(scope: Scope, context: Context, parameter: ast.arg, path: Path) -> list[Edge]:
    call, place, outer = context.call, context.place, context.parent
    assert isinstance(call, ast.Call)
    assert place is not None
    assert outer is not None
    positional = _positional(scope)
    has_object = context.receiver is not None or context.is_fresh
    if has_object and positional[:1] == [parameter]:
        return _of_receiver(context, path)
    given = _given(context, call, place, outer)
    binding = _Binding(given, int(has_object), positional, scope)
    edges = binding.edges(parameter, path)
    if not binding.is_certain:
        edges.extend(_default(scope, parameter, path, context))
    return edges


def _of_receiver(context: Context, path: Path) -> list[Edge]:
    receiver = context.receiver
    if receiver is None:
        return []
    return [Edge(receiver._replace(path=joined(receiver.path, path)), True)]


class _Given:
    """The arguments of a call, with those that ``functools.partial`` put before them."""

    def __init__(self) -> None:
        self.positional: list[tuple[ast.expr, Place, Context]] = []
        self.keywords: list[tuple[ast.keyword, Place, Context]] = []

    def add(self, call: ast.Call, place: Place, context: Context, skip: int) -> None:
        self.positional.extend((one, place, context) for one in call.args[skip:])
        self.keywords.extend((one, place, context) for one in call.keywords)


def _given(context: Context, call: ast.Call, place: Place, outer: Context) -> _Given:
    given = _Given()
    partial = context.partial
    if partial is not None and isinstance(partial.node, ast.Call):
        given.add(partial.node, partial.place, partial.context, 1)
    given.add(call, place, outer, 0)
    return given


class _Binding:
    """How the arguments of a call go to the parameters of a function."""

    def __init__(self, given: _Given, offset: int, positional: list[ast.arg], scope: Scope) -> None:
        node = scope.node
        assert isinstance(node, FUNCTIONS)
        self._given = given
        self._offset = offset
        self._positional = positional
        self._args = node.args
        self._scope = scope
        self.is_certain = False

    def edges(self, parameter: ast.arg, path: Path) -> list[Edge]:
        if parameter is self._args.vararg:
            self.is_certain = True
            return self._rest(path)
        if parameter is self._args.kwarg:
            self.is_certain = True
            return self._other_keywords(path)
        edges = self._by_name(parameter.arg, path)
        if parameter in self._positional:
            number = self._positional.index(parameter) - self._offset
            edges.extend(self._by_position(number, path))
        return edges

    def _by_position(self, number: int, path: Path) -> list[Edge]:
        edges: list[Edge] = []
        is_shifted = False
        for at, (value, place, context) in enumerate(self._given.positional):
            if isinstance(value, ast.Starred):
                key = number - at if not is_shifted and number >= at else None
                is_shifted = True
                if number >= at:
                    edges.append(Edge(Demand(value.value, place, context, (key, *path)), True))
            elif at == number or (is_shifted and at <= number):
                self.is_certain = self.is_certain or not is_shifted
                edges.append(Edge(Demand(value, place, context, path), True))
        return edges

    def _by_name(self, name: str, path: Path) -> list[Edge]:
        edges = []
        for keyword, place, context in self._given.keywords:
            if keyword.arg == name:
                self.is_certain = True
                edges.append(Edge(Demand(keyword.value, place, context, path), True))
            elif keyword.arg is None:
                inner = joined((f"[{name}",), path)
                edges.append(Edge(Demand(keyword.value, place, context, inner), True))
        return edges

    def _rest(self, path: Path) -> list[Edge]:
        edges = []
        first = len(self._positional) - self._offset
        wanted = path[0] if path and isinstance(path[0], int) else None
        is_shifted = False
        for at, (value, place, context) in enumerate(self._given.positional):
            if isinstance(value, ast.Starred):
                is_shifted = True
                edges.append(
                    Edge(Demand(value.value, place, context, self._of_star(at, path)), True)
                )
            elif is_shifted or (at >= first and wanted in (None, at - first)):
                edges.append(Edge(Demand(value, place, context, path[1:]), bool(path)))
        return edges

    def _of_star(self, at: int, path: Path) -> Path:
        first = len(self._positional) - self._offset
        return path if at == first else rest_of(path)

    def _other_keywords(self, path: Path) -> list[Edge]:
        named = {parameter.arg for parameter in self._scope.parameters}
        edges = []
        for keyword, place, context in self._given.keywords:
            if keyword.arg is None:
                edges.append(Edge(Demand(keyword.value, place, context, path), True))
            elif keyword.arg not in named and (not path or path[0] in (None, f"[{keyword.arg}")):
                edges.append(Edge(Demand(keyword.value, place, context, path[1:]), bool(path)))
        return edges


def _positional(scope: Scope) -> list[ast.arg]:
    node = scope.node
    assert isinstance(node, FUNCTIONS)
    return [*node.args.posonlyargs, *node.args.args]


def _default(scope: Scope, parameter: ast.arg, path: Path, context: Context) -> list[Edge]:
    node = scope.node
    assert isinstance(node, FUNCTIONS)
    value: ast.expr | None = None
    positional = _positional(scope)
    if parameter in positional:
        number = positional.index(parameter) - len(positional)
        defaults = node.args.defaults
        value = defaults[number] if -number <= len(defaults) else None
    elif parameter in node.args.kwonlyargs:
        value = node.args.kw_defaults[node.args.kwonlyargs.index(parameter)]
    if value is None:
        return []
    enclosing = scope.enclosing
    around = TOP if enclosing is None or enclosing.is_module else context.closure or ANY
    return [Edge(Demand(value, scope.place, around, path), True)]


def _from_library(world: World, context: Context, path: Path) -> list[Edge]:
    """A library calls the function with parts of what it was given itself."""
    call, place, outer = context.call, context.place, context.parent
    assert place is not None
    assert outer is not None
    if not isinstance(call, ast.Call):
        return []
    values = arguments_of(call)
    if isinstance(call.func, ast.Attribute):
        values.append(call.func.value)
    inner = world.through(path)
    edges = [Edge(Demand(value, place, outer, inner), False) for value in values]
    return [*edges, *(_of_receiver(context, path) if context.receiver else [])]


def _from_operator(context: Context, parameter: ast.arg, path: Path) -> list[Edge]:
    """An attribute, operator or loop entered the function: what it works on is given."""
    call, place, outer = context.call, context.place, context.parent
    assert place is not None
    assert outer is not None
    is_first = context.scope is not None and context.scope.parameters[:1] == [parameter]
    if context.receiver is not None and is_first:
        return _of_receiver(context, path)
    if isinstance(call, ast.Attribute):
        return [Edge(Demand(call.value, place, outer, path), True)]
    values = (
        [child for child in ast.iter_child_nodes(call) if isinstance(child, ast.expr)]
        if call
        else []
    )
    return [Edge(Demand(value, place, outer), False) for value in values]


def _from_anywhere(world: World, demand: Demand, scope: Scope, parameter: ast.arg) -> list[Edge]:
    """No call is known to have entered the function: all that may have count."""
    made = class_of(scope)
    if made is not None and scope.is_method and scope.parameters[:1] == [parameter]:
        edges = stored_edges(world, made, demand.path)
        if demand.path:
            edges.extend(attribute_edges(world, made, demand.path))
        return edges
    edges = []
    for call, place, target in callers(world, scope):
        context = world.enter(target, scope, call, place, ANY)
        if context.scope is scope:
            edges.append(Edge(demand._replace(context=context), True))
    return edges


def callers(world: World, scope: Scope) -> list[tuple[ast.AST, Place, Target]]:
    """The calls that may enter a function: those that ran, else those that the code shows."""
    from whence.analysis.callee import callees

    ran = world.callers.get(scope)
    made = scope.name == "__init__" and scope.parent is not None
    name = scope.parent.name if made and scope.parent is not None else scope.name
    found: list[tuple[ast.AST, Place, Target]] = []
    places = list(ran.values()) if ran else calls_named(world, name)
    for call, place in places:
        if not isinstance(call, ast.Call):
            found.append((call, place, Target(scope, ANY)))
            continue
        around = TOP if place.scope.is_module else ANY
        targets = callees(world, call, place, around)
        found.extend((call, place, target) for target in targets if target.scope is scope)
    return found


def calls_named(world: World, name: str) -> list[tuple[ast.AST, Place]]:
    """All calls of something of that name."""
    return [
        (call.node, call.place)
        for module in world.modules.values()
        for scope in list(module.scopes.values())
        for call in scope.flow.calls
        if last_name(call.node) == name
    ]


def argument_parameters(
    scope: Scope, target: Target, call: ast.Call, argument: str | int | None
) -> list[ast.arg]:
    """The parameter that an argument of a call goes to; none for ``*rest``."""
    if target.mode == CALLBACK or target.partial is not None:
        return []
    if isinstance(argument, str):
        return [one for one in scope.parameters if one.arg == argument]
    positional = _positional(scope)
    if argument is None or any(isinstance(one, ast.Starred) for one in call.args):
        return []
    number = argument + int(target.receiver is not None or target.is_fresh)
    return positional[number : number + 1]
