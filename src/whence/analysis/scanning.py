"""What an expression does: the calls it makes, names it binds and lambdas it holds."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from whence.analysis.definition import ASSIGN, COMPREHENSIONS, STORE, Definition, Place, Write
from whence.analysis.flow import Given, MadeCall
from whence.analysis.path import key_of

if TYPE_CHECKING:
    from whence.analysis.building import Builder


def scan(builder: Builder, root: ast.AST, place: Place) -> None:
    """Note all that ``root`` does at ``place``; without recursion, as it can be deep."""
    waiting: list[tuple[ast.AST, Place]] = [(root, place)]
    bare = root if place.statement.__class__ is ast.Expr else None
    while waiting:
        node, at = waiting.pop()
        kind = node.__class__
        if kind is ast.Name or kind is ast.Constant:
            continue
        if kind is ast.Lambda:
            builder.flow.places[id(node)] = at
            defaults = (*node.args.defaults, *node.args.kw_defaults)  # type: ignore[attr-defined]
            waiting.extend((default, at) for default in defaults if default is not None)
            continue
        if isinstance(node, COMPREHENSIONS):
            _comprehension(builder, node, at, waiting)
            continue
        if isinstance(node, ast.Call):
            builder.flow.calls.append(MadeCall(node, at, node is _awaited(bare)))
            _set_attribute(builder, node, at)
            builder.flow.eager.update(id(argument) for argument in node.args)
        elif isinstance(node, ast.NamedExpr):
            builder.define(Definition(ASSIGN, node.target.id, node, at), at.order)
        elif isinstance(node, (ast.Yield, ast.YieldFrom)):
            _yield(builder, node, at)
        for field in node._fields:
            value = getattr(node, field, None)
            if value.__class__ is list:
                waiting.extend((item, at) for item in value if isinstance(item, ast.AST))
            elif isinstance(value, ast.AST):
                waiting.append((value, at))


def _awaited(node: ast.AST | None) -> ast.AST | None:
    return node.value if isinstance(node, ast.Await) else node


def _comprehension(
    builder: Builder,
    node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp,
    place: Place,
    waiting: list[tuple[ast.AST, Place]],
) -> None:
    inner = builder.flow.places[id(node)] = place.within(node)
    parts = (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,)
    waiting.extend((part, inner) for part in parts)
    for number, generator in enumerate(node.generators):
        waiting.append((generator.iter, inner if number else place))
        waiting.extend((test, inner) for test in generator.ifs)


def _yield(builder: Builder, node: ast.Yield | ast.YieldFrom, place: Place) -> None:
    builder.flow.is_generator = True
    if node.value is not None:
        path = (None,) if isinstance(node, ast.YieldFrom) else ()
        builder.flow.given.append(Given(node.value, place, True, path))


def _set_attribute(builder: Builder, node: ast.Call, place: Place) -> None:
    """``setattr(thing, name, value)`` writes an attribute."""
    if isinstance(node.func, ast.Name) and node.func.id == "setattr" and len(node.args) == 3:
        target, name, value = node.args
        key = key_of(name)
        path = (f".{key[1:]}",) if isinstance(key, str) else (None,)
        builder.flow.writes.append(Write(STORE, target, path, value, (), place))
