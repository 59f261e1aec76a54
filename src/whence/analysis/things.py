"""Which objects an expression can be, within one scope: names for one object share its writes."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

from whence.analysis.builtin import handed_on
from whence.analysis.definition import (
    ARGUMENT,
    ASSIGN,
    AUGMENT,
    CALL,
    COMPREHENSIONS,
    FUNCTIONS,
    PARAMETER,
    STAR,
    Block,
    Comprehension,
    Comprehensions,
    Definition,
    Imported,
    Place,
    State,
    Write,
)
from whence.analysis.flow import Events, Thing, is_comprehension_target
from whence.analysis.path import MAX_LENGTH, Key, Path, access, joined, key_of
from whence.analysis.scope import last_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from whence.analysis.scope import Scope

_CHANGING = (
    *("fit", "partial_fit", "train", "learn", "update", "set", "put", "push", "write", "feed"),
    *("insert", "extend", "register", "load", "setdefault", "build", "compile", "execute"),
)
"""Starts of names of methods that are taken to change their object though their result is used."""

_CHANGED_FIRST = frozenset(
    {"heappush", "insort", "insort_left", "insort_right", "copyto", "putmask", "place", "put"}
)
"""Functions of libraries that change their first argument by their others."""

_MAX_DEPTH = 60


class Part(NamedTuple):
    """The part ``path`` of an object."""

    thing: Thing
    path: Path


class Watched(NamedTuple):
    """An object to watch: a read of ``read`` through a name for its first ``part`` keys."""

    thing: Thing
    read: Path
    part: int
    is_whole: bool


_LITERALS = (ast.Constant, ast.JoinedStr, *FUNCTIONS, Imported)


class Things:
    """The objects of one scope, and the writes into them."""

    def __init__(self, scope: Scope, is_user_function: Callable[[str], bool]) -> None:
        self._flow = scope.flow
        self._known: dict[tuple[int, Path], tuple[Part, ...]] = {}
        self._kept: list[ast.AST] = []
        self._depth = 0
        self.watched: dict[tuple[Definition, Path], list[Watched]] = {}
        self._states: dict[tuple[Definition, Block], State] = {}
        self.events = Events(self._flow)
        self._collect(is_user_function)

    def of(self, node: ast.AST, place: Place, path: Path = ()) -> tuple[Part, ...]:
        """The objects that the part ``path`` of ``node``, evaluated at ``place``, can be."""
        key = (id(node), path)
        found = self._known.get(key)
        if found is None:
            if self._depth > _MAX_DEPTH:
                return ()
            self._known[key] = ()  # a loop of names adds nothing to itself
            self._depth += 1
            found = self._known[key] = tuple(dict.fromkeys(self._of(node, place, path)))
            self._depth -= 1
        return found

    def state(self, definition: Definition, place: Place, block: Block) -> State:
        """The one node for what a name holds by ``definition`` at the end of ``block``."""
        key = (definition, block)
        found = self._states.get(key)
        if found is None:
            found = self._states[key] = State(definition, place, block)
        return found

    def of_definition(self, definition: Definition, path: Path = ()) -> tuple[Part, ...]:
        """The objects that a name can be by one of its definitions."""
        value = definition.value
        if value is None:
            return ()
        if definition.kind == PARAMETER:
            return (Part(value, path[:MAX_LENGTH]),)
        if definition.kind == STAR:
            path = (None, *path[1:])
        elif definition.kind == AUGMENT:
            return self._made(value, definition.place, path)
        return self.of(value, definition.place, joined(definition.path, path))

    def _made(self, node: ast.AST, place: Place, path: Path) -> tuple[Part, ...]:
        return (Part(node, path[:MAX_LENGTH]),)

    def _of(self, node: ast.AST, place: Place, path: Path) -> list[Part]:
        if isinstance(node, ast.Name):
            return self._of_name(node, place, path)
        if isinstance(node, _LITERALS):
            return []
        if isinstance(node, (ast.Attribute, ast.Subscript)):
            base, keys, _, is_part = access(node)
            if not is_part:
                return [*self._made(node, place, path)]
            return [part for key in keys for part in self.of(base, place, joined((key,), path))]
        inner = _same(node)
        if inner is not None:
            return [part for one in inner for part in self.of(one, place, path)]
        found = list(self._made(node, place, path))
        at = self._flow.places[id(node)] if isinstance(node, COMPREHENSIONS) else place
        for value, rest in elements(node, path):
            found.extend(self.of(value, at, rest))
        return found

    def _of_name(self, node: ast.Name, place: Place, path: Path) -> list[Part]:
        target = comprehension_target(node.id, place)
        if target is not None:
            return list(self.of_definition(target, path))
        definitions, from_outside = self._flow.reaching(node.id, place, node)
        found = [part for one in definitions for part in self.of_definition(one, path)]
        if from_outside:
            found.append(Part(f"free:{node.id}", path[:MAX_LENGTH]))
        return found

    # The writes

    def _collect(self, is_user_function: Callable[[str], bool]) -> None:
        for write in self._flow.writes:
            self._add(write)
        for call, place, is_bare in self._flow.calls:
            func = call.func
            name = last_name(call)
            if isinstance(func, ast.Attribute) and (
                is_bare or name.startswith(_CHANGING) or is_user_function(name)
            ):
                self._add(Write(CALL, func.value, (), call, (), place))
            if is_user_function(name) or (isinstance(func, ast.Name) and name in self._flow.bound):
                self._arguments(call, place)
            elif name in _CHANGED_FIRST and len(call.args) > 1:
                self._add(Write(CALL, call.args[0], (), call, (), place))
            for keyword in call.keywords:
                if keyword.arg == "out":
                    self._add(Write(CALL, keyword.value, (), call, (), place))

    def _arguments(self, call: ast.Call, place: Place) -> None:
        arguments: list[tuple[str | int | None, ast.expr]] = list(enumerate(call.args))
        arguments.extend((keyword.arg, keyword.value) for keyword in call.keywords)
        for name, value in arguments:
            if name is not None and isinstance(value, (ast.Name, ast.Attribute, ast.Subscript)):
                self._add(Write(ARGUMENT, value, (), call, (), place, argument=name))

    def _add(self, write: Write) -> None:
        target = receiver(write.target, self._flow.scope)
        self._kept.append(target)  # known by its id
        parts = self.of(target, write.place)
        if len(parts) > 1:  # one of them is changed: the others keep what they had
            write = write._replace(is_one_of=True)
        for thing, path in parts:
            self.events.add(thing, write, joined(path, write.path))


def receiver(node: ast.expr, scope: Scope) -> ast.expr:
    """The object that a method is called on: ``super()`` stands for the first parameter."""
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if handed_on(node, ()):
            return node
        node = node.func.value  # of a chain of calls the first object is changed
    if isinstance(node, ast.Call) and last_name(node) == "super" and scope.parameters:
        return ast.copy_location(ast.Name(scope.parameters[0].arg, ast.Load()), node)
    return node


def _same(node: ast.AST) -> list[ast.expr] | None:
    """The expressions one of which ``node`` is, the same object."""
    if isinstance(node, ast.IfExp):
        return [node.body, node.orelse]
    if isinstance(node, ast.BoolOp):
        return node.values
    if isinstance(node, (ast.NamedExpr, ast.Await, ast.Starred)):
        return [node.value]
    return None


def elements(node: ast.AST, path: Path) -> list[tuple[ast.AST, Path]]:
    """The expressions that the part ``path`` of a display or built-in call can be."""
    if isinstance(node, ast.Call):
        return [(value, rest) for value, rest in handed_on(node, path) or () if rest]
    if not path:
        return []
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        return _of_display(node, path[0], path[1:])
    if isinstance(node, ast.Dict):
        return _of_dict(node, path[0], path[1:])
    if isinstance(node, ast.DictComp):
        return [(node.value, path[1:])]
    if isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp)):
        return [(node.elt, path[1:])]
    return []


def _of_display(
    node: ast.List | ast.Tuple | ast.Set, key: Key, rest: Path
) -> list[tuple[ast.AST, Path]]:
    if isinstance(key, str):
        return []
    found: list[tuple[ast.AST, Path]] = []
    for number, element in enumerate(node.elts):
        if isinstance(element, ast.Starred):
            found.append((element.value, (None, *rest)))
            key = None  # what follows is at a place that is not known
        elif key is None or key == number:
            found.append((element, rest))
    return found


def _of_dict(node: ast.Dict, key: Key, rest: Path) -> list[tuple[ast.AST, Path]]:
    found: list[tuple[ast.AST, Path]] = []
    for one, value in zip(node.keys, node.values, strict=True):
        if one is None:
            found.append((value, (key, *rest)))
        elif key is None or key_of(one) in (None, key):
            found.append((value, rest))
    return found


def comprehension_target(name: str, place: Place) -> Definition | None:
    """What ``name`` is bound to by a comprehension around ``place``."""
    around = place.comprehensions
    while around is not None:
        comprehension, outer = around
        if is_comprehension_target(comprehension, name):
            return _target(comprehension, name, place, outer)
        around = outer
    return None


def comprehension_targets(node: Comprehension, place: Place) -> list[Definition]:
    """What the names of a comprehension are bound to; ``place`` is inside it."""
    outer = place.comprehensions[1] if place.comprehensions else None
    names = [
        one.id
        for generator in node.generators
        for one in ast.walk(generator.target)
        if isinstance(one, ast.Name)
    ]
    found = [_target(node, name, place, outer) for name in names]
    return [target for target in found if target is not None]


def _target(
    comprehension: Comprehension, name: str, place: Place, outer: Comprehensions
) -> Definition | None:
    """The one definition of a name by a comprehension."""
    known = place.scope.flow.targets
    key = (id(comprehension), name)
    if key not in known:
        known[key] = _find_target(comprehension, name, place, outer)
    return known[key]


def _find_target(
    comprehension: Comprehension, name: str, place: Place, outer: Comprehensions
) -> Definition | None:
    for number, generator in enumerate(comprehension.generators):
        path = _path_of(generator.target, name)
        if path is not None:
            around = (comprehension, outer) if number else outer
            at = Place(place.scope, place.block, place.order, place.statement, around)
            return Definition(ASSIGN, name, generator.iter, at, (None, *path))
    return None


def _path_of(target: ast.expr, name: str) -> Path | None:
    """Which part of what a target takes the name gets."""
    if isinstance(target, ast.Name):
        return () if target.id == name else None
    if isinstance(target, ast.Starred):
        return _path_of(target.value, name)
    if isinstance(target, (ast.Tuple, ast.List)):
        is_starred = any(isinstance(element, ast.Starred) for element in target.elts)
        for number, element in enumerate(target.elts):
            path = _path_of(element, name)
            if path is not None:
                return (None if is_starred else number, *path)
    return None
