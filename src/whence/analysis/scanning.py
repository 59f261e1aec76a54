"""What an expression does: the calls it makes, names it binds and lambdas it holds."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from whence.analysis.definition import ASSIGN, COMPREHENSIONS, STORE, Definition, Place, Write
from whence.analysis.flow import Given, MadeCall
from whence.analysis.path import key_of

if TYPE_CHECKING:
    from whence.analysis.building import Builder

_FIELDS: dict[type[ast.AST], tuple[str, ...]] = {
    kind: tuple(field for field in kind._fields if field not in ("ctx", "op", "ops", "attr"))
    for kind in ast.expr.__subclasses__()
}
"""The fields that hold expressions."""

_FIELDS[ast.JoinedStr] = ("values",)
_FIELDS[ast.FormattedValue] = ("value", "format_spec")
_FIELDS[ast.Constant] = _FIELDS[ast.Name] = ()
_FIELDS[ast.Global] = _FIELDS[ast.Nonlocal] = ()
_FIELDS[ast.keyword] = ("value",)

_LEAVES = frozenset({ast.Name, ast.Constant, str, int, type(None)})
_NOTED = frozenset({ast.Call, ast.Lambda, ast.NamedExpr, ast.Yield, ast.YieldFrom, *COMPREHENSIONS})


def scan(builder: Builder, root: ast.AST, place: Place) -> None:
    """Note all that ``root`` does at ``place``; without recursion, as it can be deep."""
    waiting: list[tuple[ast.AST, Place]] = [(root, place)]
    bare = root if place.statement.__class__ is ast.Expr else None
    while waiting:
        node, at = waiting.pop()
        kind = node.__class__
        if kind in _NOTED:
            if isinstance(node, ast.Lambda):
                builder.flow.places[id(node)] = at
                builder.flow.lambdas.append(node)
                defaults = (*node.args.defaults, *node.args.kw_defaults)
                waiting.extend((default, at) for default in defaults if default is not None)
                continue
            if isinstance(node, COMPREHENSIONS):
                _comprehension(builder, node, at, waiting)
                continue
            _note(builder, node, at, bare)
        for field in _FIELDS.get(kind, node._fields):
            value = getattr(node, field, None)
            if value.__class__ is list:
                waiting.extend([(item, at) for item in value if item.__class__ not in _LEAVES])
            elif value is not None and value.__class__ not in _LEAVES:
                waiting.append((value, at))


def _note(builder: Builder, node: ast.AST, at: Place, bare: ast.AST | None) -> None:
    if isinstance(node, ast.Call):
        builder.flow.calls.append(MadeCall(node, at, node is _awaited(bare)))
        builder.flow.eager.update([id(argument) for argument in node.args])
        _set_attribute(builder, node, at)
    elif isinstance(node, ast.NamedExpr):
        builder.define(Definition(ASSIGN, node.target.id, node, at), at.order)
    elif isinstance(node, (ast.Yield, ast.YieldFrom)):
        _yield(builder, node, at)


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
