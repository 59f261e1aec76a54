"""Expressions with names of their own, and those of which parts may not be evaluated."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING

from whence.analysis.notebook.target import names_in

if TYPE_CHECKING:
    from whence.analysis.notebook.scan import Scan


def _function(scan: Scan, node: ast.AST) -> None:
    assert isinstance(node, ast.Lambda)
    for default in (*node.args.defaults, *node.args.kw_defaults):
        scan.expression(default)
    names = {arg.arg for arg in ast.walk(node.args) if isinstance(arg, ast.arg)}
    with scan.perhaps(), scan.scope(names):
        scan.expression(node.body)


def _comprehension(scan: Scan, node: ast.AST) -> None:
    assert isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp))
    scan.expression(node.generators[0].iter)
    with scan.perhaps(), scan.scope():
        for at, generator in enumerate(node.generators):
            if at:
                scan.expression(generator.iter)
            scan.alias(generator.target, generator.iter)
            scan.local.update(names_in(generator.target))
            for test in generator.ifs:
                scan.expression(test)
        for part in _results(node):
            scan.expression(part)


def _walrus(scan: Scan, node: ast.AST) -> None:
    assert isinstance(node, ast.NamedExpr)
    scan.expression(node.value)
    scan.bind(node.target.id)


def _first_only(scan: Scan, node: ast.AST) -> None:
    assert isinstance(node, (ast.BoolOp, ast.IfExp))
    first, rest = (
        (node.values[0], node.values[1:])
        if isinstance(node, ast.BoolOp)
        else (node.test, [node.body, node.orelse])
    )
    scan.expression(first)
    with scan.perhaps():
        for one in rest:
            scan.expression(one)


def _results(node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp) -> list[ast.expr]:
    if not isinstance(node, ast.DictComp):
        return [node.elt]
    return [one for one in (node.key, node.value) if one is not None]


HANDLERS: dict[type[ast.AST], Callable[[Scan, ast.AST], None]] = {
    ast.Lambda: _function,
    ast.NamedExpr: _walrus,
    ast.BoolOp: _first_only,
    ast.IfExp: _first_only,
    **dict.fromkeys((ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp), _comprehension),
}
