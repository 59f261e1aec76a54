"""The user's classes: their bases, methods and attributes."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from whence.analysis.context import ANY, TOP, Demand, Edge
from whence.analysis.path import Path
from whence.analysis.scope import Scope

if TYPE_CHECKING:
    from whence.analysis.world import World


def class_of(scope: Scope) -> Scope | None:
    """The class that a method, or a function inside a method, stands in."""
    around = scope.parent
    while around is not None and not around.is_class:
        around = around.parent
    return around


def bases_of(world: World, made: Scope) -> list[Scope]:
    """The user's classes that a class inherits from, the nearest first."""
    found: list[Scope] = []
    waiting = [made]
    for one in waiting:
        node = one.node
        if not isinstance(node, ast.ClassDef) or one.parent is None:
            continue
        place = one.place
        for base in node.bases:
            for origin in world.origins(Demand(base, place, TOP)):
                if isinstance(origin.node, ast.ClassDef) and not origin.path:
                    scope = world.scope_of(origin.node, origin.place)
                    if scope not in found and scope is not made:
                        found.append(scope)
                        waiting.append(scope)
    return found


def lineage_of(world: World, made: Scope) -> list[Scope]:
    """The class with its bases."""
    return [made, *bases_of(world, made)]


def method_of(world: World, made: Scope, name: str) -> Scope | None:
    """The function that ``name`` is in a class or the nearest of its bases."""
    if not world.is_user_name(name):
        return None
    for one in lineage_of(world, made):
        found = one.methods.get(name)
        if found is not None:
            return found
    return None


def attribute_edges(world: World, made: Scope, path: Path) -> list[Edge]:
    """What an attribute of a class rests on, by what its body and its bases assign."""
    from whence.analysis.reading import read_name

    key = path[0]
    if not isinstance(key, str) or not key.startswith("."):
        return []
    name = key[1:]
    for one in lineage_of(world, made):
        if name in one.flow.bound:
            return read_name(world, name, None, one.flow.exit, TOP, path[1:])
    return []


def stored_edges(world: World, made: Scope, path: Path) -> list[Edge]:
    """What all methods of a class and its bases store in the part ``path`` of their object."""
    return [
        Edge(Demand(method.exit_of(method.parameters[0]), method.flow.exit, ANY, path), bool(path))
        for one in lineage_of(world, made)
        for method in one.methods.values()
        if method.is_method and method.parameters
    ]
