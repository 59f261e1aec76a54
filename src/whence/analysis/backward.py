"""Where the code of a training loop asks for gradients: what an optimizer's step learns from."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from whence.analysis.module import Module
from whence.analysis.scope import Scope
from whence.analysis.site import Site, span_of

_LOOPS = (ast.For, ast.AsyncFor, ast.While)


class _Found(NamedTuple):
    """A call of ``backward``, the scope it stands in, and the loops of the module around it."""

    call: ast.Call
    scope: Scope
    loops: tuple[ast.AST, ...]


class Backward(NamedTuple):
    """A call of ``backward``, by its frames. ``is_given``: it has arguments by position."""

    stack: tuple[Site, ...]
    is_given: bool


def backwards(module: Module, stack: tuple[Site, ...]) -> list[Backward]:
    """The calls of ``backward`` that belong to a step, given the frames of the step.

    They are those of the innermost loop around the step that has any, else of its function
    (the functions inside it count too: a closure), else of the whole file.
    """
    step = stack[0]
    found = list(_backwards(module, module.tree, module.top, ()))
    own = [one for one in found if step.function in (one.scope.qualname, _outer(one.scope))]
    for loop in reversed(_loops_around(module.tree, step.line)):
        inside = [one for one in own if loop in one.loops]
        if inside:
            own = inside
            break
    if own:
        return [Backward(_stack(module, one, stack), bool(one.call.args)) for one in own]
    return [Backward((_site(module, one),), bool(one.call.args)) for one in found]


def _stack(module: Module, found: _Found, stack: tuple[Site, ...]) -> tuple[Site, ...]:
    is_same = found.scope.qualname == stack[0].function
    return (_site(module, found), *(stack[1:] if is_same else stack))


def _site(module: Module, found: _Found) -> Site:
    return Site(module.file, found.scope.qualname, found.call.lineno, span_of(found.call))


def _outer(scope: Scope) -> str:
    return scope.parent.qualname if scope.parent is not None and scope.is_function else ""


def _backwards(
    module: Module, node: ast.AST, scope: Scope, loops: tuple[ast.AST, ...]
) -> Iterator[_Found]:
    waiting = [(node, scope, loops)]
    while waiting:
        at, inside, around = waiting.pop()
        if isinstance(at, ast.Call) and _is_backward(at):
            yield _Found(at, inside, around)
        deeper = (*around, at) if isinstance(at, _LOOPS) else around
        inner = module.scopes.get(id(at), inside)
        waiting.extend((child, inner, deeper) for child in ast.iter_child_nodes(at))


def _is_backward(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr == "backward"


def _loops_around(tree: ast.AST, line: int) -> list[ast.AST]:
    """The loops around a line, the outermost first."""
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, _LOOPS) and node.lineno <= line <= (node.end_lineno or node.lineno)
    ]
