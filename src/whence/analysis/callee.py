"""Which functions and classes of the user's a call can enter."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from whence.analysis.classes import bases_of, class_of, method_of
from whence.analysis.context import ANY, CALLBACK, TOP, Context, Demand, Target
from whence.analysis.definition import FUNCTIONS, Place
from whence.analysis.reloading import file_of
from whence.analysis.scope import Scope, last_name

if TYPE_CHECKING:
    from whence.analysis.world import World

_MAX_NESTED = 24


def callees(world: World, call: ast.Call, place: Place, context: Context) -> tuple[Target, ...]:
    """The functions of the user's that ``call`` can enter; empty for a library's.

    Those that the code shows come first; else those that calls that ran have shown.
    """
    key = (id(call), context)
    found = world.targets.get(key)
    if found is None:
        if world.depth > _MAX_NESTED:
            return ()
        world.targets[key] = ()
        world.depth += 1
        found = tuple(dict.fromkeys(_as_seen(world, call, _search(world, call, place, context))))
        world.depth -= 1
        world.targets[key] = found
    return found


def _search(world: World, call: ast.Call, place: Place, context: Context) -> list[Target]:
    func = call.func
    found: list[Target] = []
    if isinstance(func, ast.Attribute):
        found = _methods(world, func, place, context)
    if not found and _can_be_held(world, func):
        for one in world.origins(Demand(func, place, context)):
            found.extend(_called(world, one))
    return found or _seen(world, call, place, context)


def _as_seen(world: World, call: ast.Call, found: list[Target]) -> list[Target]:
    """The targets in the version of their module that was seen to be entered from the call."""
    entered = world.entered.get(id(call))
    if not entered:
        return found
    versions = {(file_of(one.module.file), one.qualname): one for one in entered}
    return [
        target
        if target.scope is None
        else target._replace(
            scope=versions.get(
                (file_of(target.scope.module.file), target.scope.qualname), target.scope
            )
        )
        for target in found
    ]


def _can_be_held(world: World, func: ast.expr) -> bool:
    """Whether a function of the user's can be what is called: quickly no for most methods."""
    if isinstance(func, ast.Attribute):
        return func.attr in world.held_names
    return True


def _called(world: World, one: Demand) -> list[Target]:
    """What is entered when an object is called."""
    node = one.node
    if one.path:
        return []
    if isinstance(node, FUNCTIONS):
        return [Target(world.scope_of(node, one.place), one.context)]
    if isinstance(node, ast.ClassDef):
        made = world.scope_of(node, one.place)
        return [Target(method_of(world, made, "__init__"), TOP, None, True, made)]
    if isinstance(node, ast.Call):
        if last_name(node) == "partial" and node.args:
            return _partial(world, node, one)
        for made in classes_made(world, node, one.place, one.context):
            for name in ("__call__", "forward"):
                scope = method_of(world, made, name)
                if scope is not None:
                    return [Target(scope, TOP, one)]
    return []


def _partial(world: World, node: ast.Call, one: Demand) -> list[Target]:
    found: list[Target] = []
    for inner in world.origins(Demand(node.args[0], one.place, one.context)):
        found.extend(target._replace(partial=one) for target in _called(world, inner))
    return found


def classes_made(world: World, call: ast.Call, place: Place, context: Context) -> list[Scope]:
    """The classes of the user's whose constructor ``call`` is."""
    targets = callees(world, call, place, context)
    return [target.made for target in targets if target.made is not None]


def _methods(world: World, func: ast.Attribute, place: Place, context: Context) -> list[Target]:
    """The methods that an attribute of an object, a class or ``super()`` names."""
    if not world.is_user_name(func.attr):
        return []
    base = func.value
    if isinstance(base, ast.Call) and last_name(base) == "super":
        return _of_bases(world, func.attr, place, context)
    receiver = Demand(base, place, context)
    found: list[Target] = []
    own: list[Target] = []
    for one in world.origins(receiver):
        if one.path:
            continue
        if isinstance(one.node, ast.ClassDef):
            scope = method_of(world, world.scope_of(one.node, one.place), func.attr)
            if scope is not None:
                is_bound = "classmethod" in scope.decorators
                found.append(Target(scope, _closure(scope), one if is_bound else None))
        elif isinstance(one.node, ast.Call):
            for made in classes_made(world, one.node, one.place, one.context):
                found.extend(_bound(world, made, func.attr, receiver))
        elif isinstance(one.node, ast.arg):
            around = class_of(one.place.scope)
            if around is not None and one.place.scope.parameters[:1] == [one.node]:
                own.extend(_bound(world, around, func.attr, receiver))
    return found or own


def _bound(world: World, made: Scope, name: str, receiver: Demand) -> list[Target]:
    scope = method_of(world, made, name)
    if scope is None:
        return []
    return [Target(scope, _closure(scope), receiver if scope.is_method else None)]


def _closure(scope: Scope) -> Context:
    around = scope.enclosing
    return TOP if around is None or around.is_module else ANY


def _of_bases(world: World, name: str, place: Place, context: Context) -> list[Target]:
    made = class_of(place.scope)
    if made is None or not place.scope.parameters:
        return []
    own = place.scope.parameters[0]
    receiver = Demand(own, place.scope.flow.places[id(own)], context)
    for base in bases_of(world, made):
        found = _bound(world, base, name, receiver)
        if found:
            return found
    return []


def _seen(world: World, call: ast.Call, place: Place, context: Context) -> list[Target]:
    """The functions that calls that ran were seen to enter from here, or by this name."""
    func = call.func
    name = last_name(func)
    found = []
    for scope in world.entered.get(id(call), ()):
        is_own = scope.name == name or (scope.name == "__init__" and _class_name(scope) == name)
        if not is_own:
            found.append(Target(scope, _closure(scope), mode=CALLBACK))
        elif scope.is_method and isinstance(func, ast.Attribute):
            found.append(Target(scope, _closure(scope), Demand(func.value, place, context)))
        else:
            found.append(Target(scope, _closure(scope)))
    if found or not isinstance(func, ast.Attribute) or not world.is_user_name(name):
        return found
    if is_library(world, Demand(func.value, place, context)):
        return []
    receiver = Demand(func.value, place, context)
    named = [scope for scope in world.callers if scope.name == name and scope.is_method]
    return [Target(scope, _closure(scope), receiver) for scope in named]


def _class_name(scope: Scope) -> str:
    return scope.parent.name if scope.parent is not None else ""


def is_library(world: World, demand: Demand) -> bool:
    """Whether all that an object can be is a library's: an import or what its calls make."""
    found = [one for one in world.origins(demand) if not isinstance(one.node, ast.arg)]
    return bool(found) and not any(
        isinstance(one.node, (*FUNCTIONS, ast.ClassDef))
        or (isinstance(one.node, ast.Call) and world.targets.get((id(one.node), one.context)))
        for one in found
    )
