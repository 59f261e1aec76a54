"""The scopes of a module: which function, class or module each name belongs to."""

from __future__ import annotations

import ast
from functools import cached_property
from typing import TYPE_CHECKING

from whence.analysis.definition import FUNCTIONS, Exit, Place

if TYPE_CHECKING:
    from whence.analysis.flow import Flow
    from whence.analysis.module import Module

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class Scope:
    """A module, class, function or lambda, with its names.

    ``place`` is where its definition is evaluated, in the scope around it.
    """

    def __init__(self, module: Module, node: ast.AST, parent: Scope | None, name: str) -> None:
        self.module = module
        self.node = node
        self.parent = parent
        self.name = name
        self.qualname = _qualname(parent, name)
        self.children: list[Scope] = []
        self.globals: set[str] = set()
        self.nonlocals: set[str] = set()
        self._exits: dict[int, Exit] = {}

    @property
    def is_function(self) -> bool:
        return isinstance(self.node, FUNCTIONS)

    @property
    def is_class(self) -> bool:
        return isinstance(self.node, ast.ClassDef)

    @property
    def is_module(self) -> bool:
        return self.parent is None

    @cached_property
    def flow(self) -> Flow:
        """The definitions of this scope in the order in which they can run."""
        from whence.analysis.building import build

        return build(self)

    @property
    def place(self) -> Place:
        assert self.parent is not None
        return self.parent.flow.places[id(self.node)]

    @cached_property
    def enclosing(self) -> Scope | None:
        """The scope where names are looked for next: classes are passed over."""
        outer = self.parent
        while outer is not None and outer.is_class:
            outer = outer.parent
        return outer

    @cached_property
    def descendants(self) -> list[Scope]:
        """All functions and classes inside, but no lambdas."""
        found = list(self.children)
        for one in found:
            found.extend(one.children)
        return found

    @cached_property
    def writers(self) -> dict[str, list[Scope]]:
        """The functions inside that declare a variable of this scope as theirs to bind."""
        found: dict[str, list[Scope]] = {}
        for scope in self.descendants:
            for name in scope.globals if self.is_module else scope.nonlocals:
                found.setdefault(name, []).append(scope)
        return found

    @cached_property
    def methods(self) -> dict[str, Scope]:
        """The functions that stand in a class, by name."""
        return {child.name: child for child in self.children if child.is_function}

    @cached_property
    def parameters(self) -> list[ast.arg]:
        """All parameters, those by position first."""
        if not isinstance(self.node, FUNCTIONS):
            return []
        args = self.node.args
        others = [arg for arg in (args.vararg, args.kwarg) if arg is not None]
        return [*args.posonlyargs, *args.args, *args.kwonlyargs, *others]

    @cached_property
    def decorators(self) -> frozenset[str]:
        """The last names of its decorators (``property``, ``contextmanager``)."""
        if not isinstance(self.node, _DEFINITIONS):
            return frozenset()
        return frozenset(last_name(decorator) for decorator in self.node.decorator_list)

    @cached_property
    def is_method(self) -> bool:
        """Whether its first parameter is the object or class that it is called on."""
        in_class = self.parent is not None and self.parent.is_class and self.is_function
        return in_class and "staticmethod" not in self.decorators

    def exit_of(self, parameter: ast.arg) -> Exit:
        """The one node that stands for ``parameter`` at the end of this function."""
        return self._exits.setdefault(id(parameter), Exit(parameter, self))


def _qualname(parent: Scope | None, name: str) -> str:
    if parent is None or parent.is_module:
        return name
    return f"{parent.qualname}.{name}" if parent.is_class else f"{parent.qualname}.<locals>.{name}"


def last_name(node: ast.AST) -> str:
    """The last name of what is called or named: ``fit`` of ``a.b.fit(x)``; empty for others."""
    if isinstance(node, ast.Call):
        node = node.func
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def read_scopes(module: Module, tree: ast.Module) -> dict[int, Scope]:
    """All scopes of a module but its lambdas, by the id of their node."""
    root = Scope(module, tree, None, "<module>")
    scopes = {id(tree): root}
    waiting: list[tuple[list[ast.stmt], Scope]] = [(tree.body, root)]
    while waiting:
        body, scope = waiting.pop()
        for statement in body:
            if isinstance(statement, _DEFINITIONS):
                child = Scope(module, statement, scope, statement.name)
                scopes[id(statement)] = child
                scope.children.append(child)
                waiting.append((statement.body, child))
            elif isinstance(statement, ast.Global):
                scope.globals.update(statement.names)
            elif isinstance(statement, ast.Nonlocal):
                scope.nonlocals.update(statement.names)
            else:
                waiting.extend((inner, scope) for inner in bodies(statement))
    return scopes


def bodies(statement: ast.AST) -> list[list[ast.stmt]]:
    """The blocks of statements that stand directly in a compound statement."""
    found: list[list[ast.stmt]] = []
    for field in ("body", "orelse", "finalbody"):
        inner = getattr(statement, field, None)
        if isinstance(inner, list):
            found.append(inner)
    for field in ("handlers", "cases"):
        found.extend(part.body for part in getattr(statement, field, ()))
    return found
