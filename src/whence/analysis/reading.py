"""What the value of a name rests on: its definitions, and the writes into its object."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from whence.analysis.callee import callees
from whence.analysis.context import ANY, TOP, Context, Demand, Edge, Target
from whence.analysis.definition import (
    ARGUMENT,
    CALL,
    STORE,
    Imported,
    Place,
    Write,
)
from whence.analysis.flow import Written
from whence.analysis.history import read_one, read_sometime
from whence.analysis.parameter import argument_parameters
from whence.analysis.path import Path, joined, key_of, match, rest_of
from whence.analysis.scope import Scope, last_name
from whence.analysis.supply import arguments_of
from whence.analysis.things import comprehension_target

if TYPE_CHECKING:
    from whence.analysis.world import World

_ADDING = frozenset({"append", "add", "appendleft", "insert", "put"})
_FILL = frozenset({"execute", "executemany"})
"""Methods that bring data in and leave them in their object."""


def read_name(
    world: World, name: str, node: ast.AST | None, place: Place, context: Context, path: Path
) -> list[Edge]:
    """What ``name`` rests on where it is read: at ``node`` of ``place``."""
    target = comprehension_target(name, place)
    if target is not None:
        return read_one(world, target, place, context, path)
    scope = place.scope
    edges: list[Edge] = []
    if name in scope.flow.bound:
        definitions, from_outside = scope.flow.reaching(name, place, node)
        for definition in definitions:
            edges.extend(read_one(world, definition, place, context, path))
        if _is_late(place):
            edges.extend(_read_later(world, name, place, context, path))
        is_own = not (name in scope.globals or name in scope.nonlocals or scope.is_class)
        if is_own and (scope.is_function or not from_outside):
            if not all(isinstance(one.value, Imported) for one in definitions):
                edges.extend(_read_inner(world, scope, name, path))
            return edges
        if not from_outside:
            return edges
    if scope.is_module and name in scope.writers:
        return [*edges, *_read_inner(world, scope, name, path)]
    imported = _imported(name, scope)
    if imported is not None:
        return [Edge(Demand(value, place, TOP, path), True) for value, place in imported]
    events = world.things(scope).events
    for one in events.reaching(f"free:{name}", place, path):
        edges.extend(write_edges(world, one, context))
    edges.extend(_read_outside(world, name, scope, context, path))
    return edges


def write_edges(world: World, written: Written, context: Context) -> list[Edge]:
    """What a write into an object brings to the part of it that is read."""
    write, rest, is_same = written
    place = write.place
    if write.kind == STORE:
        path = joined(write.value_path, rest)
        return [Edge(Demand(write.value, place, context, path), is_same)]
    call = write.value
    assert isinstance(call, ast.Call)
    if id(call) in world.sources:
        # What a cursor has executed is fetched from the cursor itself.
        fills = last_name(call) in _FILL
        return [Edge(Demand(call, place, context), True)] if fills and write.kind == CALL else []
    targets = [target for target in callees(world, call, place, context) if target.scope]
    edges: list[Edge] = []
    for target in targets:
        edges.extend(_effect(world, target, write, context, rest))
    if not targets and write.kind != ARGUMENT:
        edges.extend(_method_write(world, write, context, rest))
    return edges


def _effect(world: World, target: Target, write: Write, context: Context, rest: Path) -> list[Edge]:
    """What a function of the user's does to the object that it is given."""
    scope = target.scope
    call = write.value
    assert scope is not None
    assert isinstance(call, ast.Call)
    inside = world.enter(target, scope, call, write.place, context)
    if write.kind == ARGUMENT:
        parameters = argument_parameters(scope, target, call, write.argument)
    else:
        parameters = scope.parameters[:1] if target.receiver is not None else []
    exit_place = scope.flow.exit
    return [
        Edge(Demand(scope.exit_of(parameter), exit_place, inside, rest), True)
        for parameter in parameters
    ]


def _method_write(world: World, write: Write, context: Context, rest: Path) -> list[Edge]:
    """What a method of a library does to its object: all its arguments may go in."""
    call, place = write.value, write.place
    assert isinstance(call, ast.Call)
    name = last_name(call)
    column = world.through(rest)
    is_direct = isinstance(call.func, ast.Attribute) and call.func.value is write.target
    if not is_direct:
        rest = ()
    if rest and call.args:
        if name == "insert" and len(call.args) == 3 and isinstance(rest[0], str):
            is_other = key_of(call.args[1]) not in (None, rest[0])
            return [] if is_other else [Edge(Demand(call.args[2], place, context, rest[1:]), True)]
        if name in _ADDING and not (isinstance(rest[0], str) and rest[0].startswith(".")):
            if isinstance(rest[0], str):
                return []
            return [Edge(Demand(call.args[-1], place, context, rest[1:]), True)]
        if name in ("extend", "update"):
            edges = [Edge(Demand(call.args[0], place, context, rest_of(rest)), True)]
            return [*edges, *_keywords(call, place, context, rest)]
        if name == "setdefault" and len(call.args) == 2:
            is_other = rest[0] is not None and key_of(call.args[0]) not in (None, rest[0])
            return [] if is_other else [Edge(Demand(call.args[1], place, context, rest[1:]), True)]
    elif rest and name == "update":
        return _keywords(call, place, context, rest)
    return [Edge(Demand(value, place, context, column), False) for value in arguments_of(call)]


def _keywords(call: ast.Call, place: Place, context: Context, rest: Path) -> list[Edge]:
    edges = []
    for keyword in call.keywords:
        path = rest if keyword.arg is None else _after(f"[{keyword.arg}", rest)
        if path is not None:
            edges.append(Edge(Demand(keyword.value, place, context, path), True))
    return edges


def _after(key: str, rest: Path) -> Path | None:
    met = match((key,), rest)
    return met.rest if met is not None else None


def _is_late(place: Place) -> bool:
    """Whether a place is in a generator expression that can run after its statement."""
    around = place.comprehensions
    while around is not None:
        node, around = around
        if isinstance(node, ast.GeneratorExp) and id(node) not in place.scope.flow.eager:
            return True
    return False


def _read_later(world: World, name: str, place: Place, context: Context, path: Path) -> list[Edge]:
    flow = place.scope.flow
    edges: list[Edge] = []
    for definition in flow.definitions.get(name, ()):
        if definition.place.order > place.order:
            edges.extend(read_sometime(world, definition, flow.exit, context, path))
    return edges


def _read_outside(
    world: World, name: str, scope: Scope, context: Context, path: Path
) -> list[Edge]:
    """What a name of a scope further out rests on, read from inside ``scope``."""
    home = _home(name, scope)
    if home is None:
        return _read_star(world, name, scope, path)
    if name not in home.flow.bound and name not in home.writers:
        return _read_star(world, name, home, path)
    place, around = _where(home, context)
    at = place if place is not None else home.flow.exit
    edges: list[Edge] = []
    if place is not None or home.is_module:
        for definition in home.flow.reaching(name, at).definitions:
            edges.extend(read_one(world, definition, at, around, path))
    if not edges:
        for definition in home.flow.definitions.get(name, ()):
            edges.extend(read_sometime(world, definition, home.flow.exit, around, path))
    edges.extend(_read_inner(world, home, name, path))
    return edges


def _home(name: str, scope: Scope) -> Scope | None:
    """The scope further out that a name belongs to; None above a module."""
    home = scope.module.top if name in scope.globals else scope.enclosing
    while home is not None and not home.is_module:
        if name in home.flow.bound and name not in home.globals and name not in home.nonlocals:
            break
        home = home.enclosing
    return home


def _imported(name: str, scope: Scope) -> list[tuple[Imported, Place]] | None:
    """The imports that bind a name further out, None if anything else binds it."""
    home = _home(name, scope)
    found = home.flow.definitions.get(name, []) if home is not None else []
    imports = [(one.value, one.place) for one in found if isinstance(one.value, Imported)]
    return imports if imports and len(imports) == len(found) else None


def _where(home: Scope, context: Context) -> tuple[Place | None, Context]:
    """At which point of ``home`` the call stands that led here, and in which context."""
    closure = context.closure
    while closure is not None and closure.scope is not home:
        closure = closure.closure
    around: Context | None = context
    while around is not None:
        if around.place is not None and around.place.scope is home and around.parent is not None:
            if closure in (None, ANY, around.parent, around.parent.base) or home.is_module:
                return around.place, around.parent
            break
        around = around.parent
    if home.is_module:
        return None, TOP
    return None, closure if closure is not None else ANY


def _read_star(world: World, name: str, scope: Scope, path: Path) -> list[Edge]:
    """A name that only ``from module import *`` can have brought."""
    edges: list[Edge] = []
    for dotted, level in scope.module.top.flow.stars:
        module = world.importing.find(dotted, level, scope.module.file)
        if module is not None and module is not scope.module:
            edges.extend(world.symbol(module, name, path))
    return edges


def _read_inner(world: World, home: Scope, name: str, path: Path) -> list[Edge]:
    """What functions inside ``home`` bind its variable to, or write into its object."""
    if not home.children:
        return []
    edges: list[Edge] = []
    for scope in home.writers.get(name, ()):
        for definition in scope.flow.definitions.get(name, ()):
            edges.extend(read_sometime(world, definition, scope.flow.exit, ANY, path))
    for write, written_path in world.inner_writes(home, name):
        met = match(written_path, path)
        if met is not None:
            edges.extend(write_edges(world, Written(write, met.rest, met.is_within), ANY))
    return edges
