"""What code does to names and objects: places, definitions and writes into objects."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from whence.analysis.path import Path

if TYPE_CHECKING:
    from whence.analysis.scope import Scope

ASSIGN, AUGMENT, PARAMETER, STAR, KILL = range(5)
"""Kinds of definition. STAR takes the elements that are left over; KILL unbinds."""

STORE, CALL, ARGUMENT = range(3)
"""Kinds of write into an object: under a key, by a method, as an argument of a user's function."""


class Block:
    """Statements that run one after the other, with the blocks that can run just before."""

    __slots__ = ("names", "preds")

    def __init__(self, *preds: Block) -> None:
        self.preds: list[Block] = list(preds)
        self.names: dict[str, list[tuple[int, Definition]]] = {}


Comprehensions: TypeAlias = "tuple[Comprehension, Comprehensions] | None"
"""The comprehensions around an expression, the innermost first."""

Comprehension: TypeAlias = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


class Place:
    """Where an expression is evaluated: in which scope, at which point of it."""

    __slots__ = ("block", "comprehensions", "order", "scope", "statement")

    def __init__(
        self,
        scope: Scope,
        block: Block,
        order: int,
        statement: ast.AST,
        comprehensions: Comprehensions = None,
    ) -> None:
        self.scope = scope
        self.block = block
        self.order = order
        self.statement = statement
        self.comprehensions = comprehensions

    def within(self, comprehension: Comprehension) -> Place:
        """The place inside a comprehension that is evaluated here."""
        inner = (comprehension, self.comprehensions)
        return Place(self.scope, self.block, self.order, self.statement, inner)


class Definition:
    """A name gets the part ``path`` of ``value``, which is evaluated at ``place``.

    It holds from ``order`` of ``block`` on; that of a comprehension only inside it.
    """

    __slots__ = ("block", "kind", "name", "order", "path", "place", "value")

    def __init__(
        self, kind: int, name: str, value: ast.AST | None, place: Place, path: Path = ()
    ) -> None:
        self.kind = kind
        self.name = name
        self.value = value
        self.place = place
        self.path = path
        self.block: Block | None = None
        self.order = 0


class Write(NamedTuple):
    """A change of the object that ``target`` is, at its part ``path``.

    STORE puts the part ``value_path`` of ``value`` there; CALL and ARGUMENT name a call, whose
    argument ``argument`` (keyword or position) the target is. ``is_added`` says that what was
    there stays, ``is_one_of`` that one of several objects is changed.
    """

    kind: int
    target: ast.expr
    path: Path
    value: ast.AST
    value_path: Path
    place: Place
    is_added: bool = False
    is_one_of: bool = False
    argument: str | int | None = None


class Imported(ast.AST):
    """The value of an imported name: a module, or a name in one."""

    def __init__(self, module: str, name: str | None, level: int) -> None:
        super().__init__()
        self.module = module
        self.name = name
        self.level = level


class Exit(ast.AST):
    """What a function has done to the object of a parameter when it ends."""

    def __init__(self, parameter: ast.arg, scope: Scope) -> None:
        super().__init__()
        self.parameter = parameter
        self.scope = scope


class State(ast.AST):
    """What a name holds by one definition at the end of a block."""

    def __init__(self, definition: Definition, place: Place, block: Block) -> None:
        super().__init__()
        self.definition = definition
        self.place = place
        self.block = block
