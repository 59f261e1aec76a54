"""The cells of a notebook as one module, in the order in which they ran.

What ran after something in the session stands after it in the module. So definitions, changes of
objects and deletions have effect in the order in which they had it, whatever the notebook shows.
"""

from __future__ import annotations

import ast
import warnings
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from whence._base.errors import AnalysisError
from whence.analysis.magic import python_of, unwrapped, with_timed
from whence.analysis.module import Module

MOST_LINES = 1_000_000
"""Lines that are kept free for a cell whose code is not at hand."""


class CellCode(NamedTuple):
    """A cell that ran: its Python, and what is known of how far it came and what it left.

    ``text`` is None where it is not at hand or is no Python. ``stopped_at`` is the line that
    failed. ``bound`` and ``deleted`` are the names that it bound and that were gone after it.
    """

    text: str | None
    stopped_at: int | None = None
    bound: frozenset[str] = frozenset()
    deleted: frozenset[str] = frozenset()


class _Read(NamedTuple):
    """The Python of a cell, the names that it can bind, and those that its functions can."""

    text: str
    names: frozenset[str]
    shared: frozenset[str]


class CellModule:
    """Cells one after the other, as `module`; the lines of each come after its line of ``firsts``.

    Cells without code come after all others.
    """

    def __init__(self, file: str, cells: Sequence[CellCode]) -> None:
        self._file, self._cells = file, cells
        read = {text: _python(text) for text in {one.text for one in cells} if text is not None}
        self._read = [None if one.text is None else read[one.text] for one in cells]
        self.firsts = _firsts(self._read)
        self._by_line = sorted(range(len(cells)), key=self.firsts.__getitem__)

    def place(self, line: int) -> tuple[int, int]:
        """The cell, by its number from 0, and its line that a line of the module is."""
        at = bisect_right(self._by_line, line - 1, key=self.firsts.__getitem__)
        cell = self._by_line[max(at, 1) - 1]
        return cell, line - self.firsts[cell]

    def lines(self, cell: int) -> list[str]:
        """The lines of a cell's Python."""
        read = self._read[cell]
        return [] if read is None else read.text.split("\n")

    def module(self) -> Module:
        """The module of all of them. Raises AnalysisError for what is nested too deeply."""
        body: list[ast.stmt] = []
        shared = frozenset[str]().union(*(read.shared for read in self._read if read))
        several = zip(self._split(self._tree()), self._cells, self._read, self.firsts, strict=True)
        for statements, cell, read, first in several:
            body += _ran(statements, cell, first, shared | read.names if read else shared)
        return Module(self._file, ast.Module(body, []))

    def _tree(self) -> ast.Module:
        """All cells parsed at once: lines are then right without another pass."""
        whole = "".join(f"{read.text}\n" for read in self._read if read is not None)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return ast.parse(whole, self._file)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            raise AnalysisError(self._file, 1, "its cells can't be read together") from error

    def _split(self, tree: ast.Module) -> list[list[ast.stmt]]:
        """The statements of each cell."""
        found: list[list[ast.stmt]] = [[] for _ in self._cells]
        for statement in tree.body:
            found[self.place(_start(statement))[0]].append(statement)
        return found


def _python(text: str) -> _Read | None:
    """A cell that can be parsed, without the magic around it; None of others."""
    tree = _parsed(text)
    inner = unwrapped(tree) if tree is not None else None
    if inner is not None:
        text = f"\n{python_of(inner) or ''}"
        tree = _parsed(text)
    if tree is None:
        return None
    nodes = (node for node in ast.walk(tree) if isinstance(node, ast.Global))
    shared = frozenset(name for node in nodes for name in node.names)
    return _Read(text.replace("\r\n", "\n").replace("\r", "\n"), _bound_by(tree), shared)


def _parsed(text: str) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _firsts(cells: Sequence[_Read | None]) -> list[int]:
    """Behind which line each cell begins."""
    line, found = 0, [0] * len(cells)
    for number, read in enumerate(cells):
        if read is not None:
            found[number] = line
            line += read.text.count("\n") + 1
    for number, read in enumerate(cells):
        if read is None:
            found[number] = line
            line += MOST_LINES
    return found


def _ran(body: list[ast.stmt], cell: CellCode, first: int, names: frozenset[str]) -> list[ast.stmt]:
    """What of a cell ran, and what it did to names that its code does not show."""
    if cell.stopped_at is not None:
        body = _until(body, first + cell.stopped_at)
    body = [part for statement in body for part in with_timed(statement)]
    where = body[-1] if body else ast.Pass(lineno=first + 1, col_offset=0)
    unseen, gone = sorted(cell.bound - names), sorted(cell.deleted)
    return [*body, *_bindings(body, unseen, where), *_deletion(gone, where)]


def _start(statement: ast.stmt) -> int:
    decorators = getattr(statement, "decorator_list", None)
    return decorators[0].lineno if decorators else statement.lineno


def _until(body: list[ast.stmt], line: int) -> list[ast.stmt]:
    """The statements that ran until one failed at ``line``; that one did not bind its names."""
    for number, statement in enumerate(body):
        if _start(statement) <= line <= (statement.end_lineno or line):
            return [*body[:number], *_failed(statement, line)]
    return body


def _failed(statement: ast.stmt, line: int) -> list[ast.stmt]:
    if isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign) and statement.value:
        return [ast.copy_location(ast.Expr(statement.value), statement)]
    if isinstance(statement, ast.With | ast.AsyncWith):
        statement.body = _until(statement.body, line)
    elif isinstance(statement, ast.If):
        for block in ("body", "orelse"):
            inside = getattr(statement, block)
            if inside and _start(inside[0]) <= line <= (inside[-1].end_lineno or line):
                test = ast.copy_location(ast.Expr(statement.test), statement)
                return [test, *_until(inside, line)]
    return [statement]


def _bound_by(tree: ast.Module) -> frozenset[str]:
    """All names that the code can bind, in functions too."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found.update(one.asname or one.name.partition(".")[0] for one in node.names)
        elif isinstance(node, ast.MatchAs | ast.MatchStar) and node.name:
            found.add(node.name)
        elif isinstance(node, ast.MatchMapping) and node.rest:
            found.add(node.rest)
    return frozenset(found)


def _bindings(body: list[ast.stmt], names: list[str], where: ast.stmt) -> list[ast.stmt]:
    """Definitions of names that were bound in no way that the code shows.

    ``import *`` brought them, else code that was made at run time, or a magic.
    """
    if not names:
        return []
    stars = [one for one in body if isinstance(one, ast.ImportFrom) and one.names[0].name == "*"]
    if len(stars) == 1:
        aliases = [ast.alias(name) for name in names]
        found: ast.stmt = ast.ImportFrom(stars[0].module, aliases, stars[0].level)
        return [ast.fix_missing_locations(ast.copy_location(found, stars[0]))]
    hidden = ast.Call(ast.Name("exec", ast.Load()), [], [])
    targets: list[ast.expr] = [ast.Name(name, ast.Store()) for name in names]
    found = ast.copy_location(ast.Assign(targets, hidden), where)
    return [ast.fix_missing_locations(found)]


def _deletion(names: list[str], where: ast.stmt) -> list[ast.stmt]:
    if not names:
        return []
    targets: list[ast.expr] = [ast.Name(name, ast.Del()) for name in names]
    return [ast.fix_missing_locations(ast.copy_location(ast.Delete(targets), where))]
