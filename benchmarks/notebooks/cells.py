"""A script of scikit-learn's examples as the notebook that its ``# %%`` marks make of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

MARK = "# %%"


class Names(NamedTuple):
    """The names of one cell.

    ``bound`` it binds or sets an item of; ``fixed`` it imports or defines; ``touched`` are those
    and what a call may change: what a method is called on without use of its result, what learns,
    and what a function of the notebook is given. ``needed`` it needs before it binds them.
    """

    mentioned: frozenset[str]
    bound: frozenset[str]
    fixed: frozenset[str]
    touched: frozenset[str]
    needed: frozenset[str]


class Cell:
    """One cell: its text, and the line of the script before its first."""

    def __init__(self, number: int, first: int, text: str) -> None:
        self.number, self.first, self.text = number, first, text

    @property
    def id(self) -> str:
        return f"cell-{self.number:02}"

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def has_code(self) -> bool:
        """Whether anything runs in it but the text at the top of the script."""
        return any(
            not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))
            for one in self.tree.body
        )

    def is_in_function(self, line: int) -> bool:
        """Whether a line of the cell stands in a function or class."""
        return any(
            isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda)
            and node.lineno <= line <= (node.end_lineno or line)
            for node in ast.walk(self.tree)
        )


def cells_of(script: str) -> list[Cell]:
    """The cells with code, in the order of the script."""
    lines = script.split("\n")
    starts = [0, *(n for n, line in enumerate(lines) if n and line.startswith(MARK))]
    ends = [*starts[1:], len(lines)]
    texts = (("\n".join(lines[a:b]), a) for a, b in zip(starts, ends, strict=True))
    cells = (Cell(0, first, text) for text, first in texts)
    found = [cell for cell in cells if cell.has_code]
    return [Cell(number, cell.first, cell.text) for number, cell in enumerate(found)]


def names_of(cells: Sequence[Cell]) -> list[Names]:
    """The names of each cell; what a function mentions counts where the function is mentioned."""
    inside: dict[str, set[str]] = {}
    for cell in cells:
        for node in ast.walk(cell.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                inside.setdefault(node.name, set()).update(_mentioned(node))
    return [_names(cell.tree, inside) for cell in cells]


def _names(tree: ast.Module, inside: dict[str, set[str]]) -> Names:
    bound, fixed, needed, touched = set[str](), set[str](), set[str](), set[str]()
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            fixed.add(statement.name)
            continue
        if isinstance(statement, ast.Import | ast.ImportFrom):
            fixed.update(one.asname or one.name.partition(".")[0] for one in statement.names)
            continue
        loaded = _with(inside, {n.id for n in _of(statement, ast.Name, ast.Load)})
        needed |= loaded - bound
        bound |= {n.id for n in _of(statement, ast.Name, (ast.Store, ast.Del))}
        bound |= set(_changed(statement))
        touched |= set(_touched(statement, inside))
    return Names(
        frozenset(_with(inside, _mentioned(tree))), frozenset(bound), frozenset(fixed),
        frozenset(touched | bound), frozenset(needed),
    )  # fmt: skip


def _touched(statement: ast.stmt, inside: dict[str, set[str]]) -> Iterator[str]:
    bare = {id(n.value) for n in ast.walk(statement) if isinstance(n, ast.Expr)}
    for node in ast.walk(statement):
        if not isinstance(node, ast.Call):
            continue
        func = node.func
        if isinstance(func, ast.Attribute) and (id(node) in bare or "fit" in func.attr):
            yield from (one.id for one in _of(func, ast.Name, ast.Load))
        elif isinstance(func, ast.Name) and func.id in inside:
            given = [*node.args, *(one.value for one in node.keywords)]
            yield from (one.id for value in given for one in _of(value, ast.Name, ast.Load))


def _of(tree: ast.AST, kind: type, context: object) -> Iterator[ast.Name]:
    for node in ast.walk(tree):
        if isinstance(node, kind) and isinstance(node.ctx, context):  # type: ignore[arg-type]
            yield node  # type: ignore[misc]


def _changed(tree: ast.AST) -> Iterator[str]:
    """The names of what an item or attribute is set of."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
            base: ast.AST = node
            while isinstance(base, ast.Attribute | ast.Subscript):
                base = base.value
            if isinstance(base, ast.Name):
                yield base.id


def _mentioned(tree: ast.AST) -> set[str]:
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.ClassDef)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names |= {one.asname or one.name.partition(".")[0] for one in node.names}
    return names


def _with(inside: dict[str, set[str]], names: set[str]) -> set[str]:
    found, waiting = set(names), list(names)
    for name in waiting:
        new = inside.get(name, set()) - found
        found |= new
        waiting += new
    return found
