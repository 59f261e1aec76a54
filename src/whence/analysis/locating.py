"""Which expression of the code a frame was at."""

from __future__ import annotations

import ast
from bisect import bisect_right
from typing import NamedTuple

from whence.analysis.definition import COMPREHENSIONS, Place
from whence.analysis.module import Module
from whence.analysis.scope import Scope, bodies, last_name
from whence.analysis.site import Site, Span


class Located(NamedTuple):
    """Expressions that a frame can have been at, all in one scope."""

    nodes: tuple[ast.AST, ...]
    place: Place


class _Found(NamedTuple):
    node: ast.AST
    scope: Scope
    statement: ast.AST
    around: tuple[ast.AST, ...]


def locate(module: Module, site: Site, name: str = "") -> Located | None:
    """The expressions at ``site``: exactly by its span, else calls of ``name`` on its line."""
    found = list(_candidates(module, site.line, site.span))
    if site.span is not None:
        found = _by_span(found, site.span)
    else:
        own = [one for one in found if one.scope.qualname == site.function]
        found = _by_line(own or found, site.line, name)
    if not found:
        return None
    first = found[0]
    same = tuple(one.node for one in found if one.scope is first.scope)
    return Located(same, place_of(first.scope, first.statement, first.around))


def _by_span(found: list[_Found], span: Span) -> list[_Found]:
    """A call is known by where it ends: the code object may say that it starts at a method.

    What a loop or ``with`` calls by itself has the span of the whole statement.
    """
    start, end = (span.line, span.column), (span.end_line, span.end_column)
    for one in found:
        if one.statement.__class__ in _HEADED and _start(one.statement) == start:
            headed = _headed_by(one.statement) if _end(one.statement) == end else []
            if headed:
                return [other for other in found if other.node in headed]
    ending = [one for one in found if _end(one.node) == end and _start(one.node) <= start]
    calls = [one for one in ending if isinstance(one.node, ast.Call)]
    exact = [one for one in ending if _start(one.node) == start]
    waited = [one.node.value for one in exact if isinstance(one.node, (ast.Await, ast.YieldFrom))]
    if waited:
        return [one for one in found if one.node in waited]
    exact_calls = [one for one in calls if one in exact]
    return (exact_calls or calls or exact or ending)[:1]


_HEADED = (ast.For, ast.AsyncFor, ast.With, ast.AsyncWith)


def _headed_by(statement: ast.AST) -> list[ast.expr]:
    if isinstance(statement, (ast.For, ast.AsyncFor)):
        return [statement.iter]
    if isinstance(statement, (ast.With, ast.AsyncWith)):
        return [item.context_expr for item in statement.items]
    return []


def _by_line(found: list[_Found], line: int, name: str) -> list[_Found]:
    calls = [one for one in found if isinstance(one.node, ast.Call) and _lines(one.node, line)]
    wanted = name.rpartition(".")[2]
    named = [one for one in calls if last_name(one.node) == wanted]
    return named or calls


def _start(node: ast.AST) -> tuple[int, int]:
    return (getattr(node, "lineno", 0), getattr(node, "col_offset", 0))


def _end(node: ast.AST) -> tuple[int, int]:
    return (getattr(node, "end_lineno", 0), getattr(node, "end_col_offset", 0))


def _lines(node: ast.AST, line: int) -> bool:
    return _start(node)[0] <= line <= _end(node)[0]


def _candidates(module: Module, line: int, span: Span | None) -> list[_Found]:
    """All expressions of the statements that stand on ``line`` or on the span's lines."""
    first = span.line if span is not None else line
    last = span.end_line if span is not None else line
    found: list[_Found] = []
    waiting = [(module.tree.body, module.top)]
    while waiting:
        body, scope = waiting.pop()
        number = bisect_right(body, last, key=_first_line) - 1
        while number >= 0 and (body[number].end_lineno or 0) >= first:
            statement = body[number]
            number -= 1
            found.extend(_expressions(statement, scope))
            inner = module.scopes.get(id(statement), scope)
            waiting.extend((block, inner) for block in bodies(statement) if block)
    return found


def _first_line(statement: ast.stmt) -> int:
    decorators = getattr(statement, "decorator_list", None)
    return decorators[0].lineno if decorators else statement.lineno


def _expressions(statement: ast.stmt, scope: Scope) -> list[_Found]:
    """The expressions of a statement, not of the statements inside it."""
    found: list[_Found] = []
    waiting: list[tuple[ast.AST, Scope, ast.AST, tuple[ast.AST, ...]]] = []
    waiting.append((statement, scope, statement, ()))
    while waiting:
        node, inside, at, around = waiting.pop()
        if isinstance(node, ast.expr):
            found.append(_Found(node, inside, at, around))
        for field, child in _children(node):
            if isinstance(child, ast.stmt):
                continue
            deeper, start = around, at
            where = inside
            if isinstance(node, COMPREHENSIONS) and not _is_first_iter(node, child):
                deeper = (*around, node)
            elif isinstance(node, ast.Lambda) and field == "body":
                where, start, deeper = inside.module.scope_of(node, inside), child, ()
            elif isinstance(child, (ast.withitem, ast.match_case, ast.ExceptHandler)):
                start = child
            waiting.append((child, where, start, deeper))
    return found


def _children(node: ast.AST) -> list[tuple[str, ast.AST]]:
    found: list[tuple[str, ast.AST]] = []
    for field in node._fields:
        value = getattr(node, field, None)
        if isinstance(value, list):
            found.extend((field, item) for item in value if isinstance(item, ast.AST))
        elif isinstance(value, ast.AST):
            found.append((field, value))
    return found


def _is_first_iter(node: ast.AST, child: ast.AST) -> bool:
    generators: list[ast.comprehension] = getattr(node, "generators", [])
    return bool(generators) and child is generators[0]


def place_of(scope: Scope, statement: ast.AST, around: tuple[ast.AST, ...]) -> Place:
    """The place of an expression of ``statement`` inside the comprehensions ``around`` it."""
    if around:
        return scope.flow.places[id(around[-1])]
    return scope.flow.places[id(statement)]
