"""Statements that, run once more, change nothing: cleaning that what is clean passes unchanged."""

from __future__ import annotations

import ast

from whence.analysis.notebook.target import is_part, root_of
from whence.analysis.notebook.unit import Ref

_AGAIN = frozenset(
    {"dropna", "fillna", "drop_duplicates", "sort_values", "sort_index", "astype", "strip", "lower",
     "upper", "copy", "reset_index", "clip", "round", "to_numpy", "lstrip", "rstrip", "title",
     "normalize", "isin", "notna", "isna", "notnull", "isnull", "head", "where", "mask", "abs"}
)  # fmt: skip
_READERS = frozenset({"str", "dt"})
_LOGIC = (ast.BitAnd, ast.BitOr)


def settles(node: ast.Assign) -> bool:
    """Whether ``x = f(x)`` is f of things for which f(f(x)) is f(x), by the names of methods."""
    target = node.targets[0]
    ref = root_of(target)
    if len(node.targets) > 1 or ref is None or node.value is target:
        return False
    if not isinstance(target, ast.Name) and not is_part(target):
        return False
    return not _is_same(node.value, ref) and _kept(node.value, ref)


def _kept(node: ast.AST, ref: Ref) -> bool:
    """Whether the value is the object itself, or what idempotent steps leave of it."""
    if _is_same(node, ref):
        return True
    if isinstance(node, ast.Subscript):
        return _kept(node.value, ref) and _is_test(node.slice, ref.name)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        func = node.func
        inner = func.value
        if isinstance(inner, ast.Attribute) and inner.attr in _READERS:
            inner = inner.value
        given = [*node.args, *(one.value for one in node.keywords)]
        return func.attr in _AGAIN and _kept(inner, ref) and all(_fixed(g, ref.name) for g in given)
    return False


def _is_same(node: ast.AST, ref: Ref) -> bool:
    if ref.key is None:
        return isinstance(node, ast.Name) and node.id == ref.name
    return is_part(node) and root_of(node) == ref


def _is_test(node: ast.AST, name: str) -> bool:
    """A choice of rows that keeps all rows that it has kept before."""
    if isinstance(node, ast.BinOp):
        return (
            isinstance(node.op, _LOGIC) and _is_test(node.left, name) and _is_test(node.right, name)
        )
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Invert):
        return _is_test(node.operand, name)
    if isinstance(node, ast.Compare):
        return is_part(node.left) and all(_free(one, name) for one in node.comparators)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        given = [*node.args, *(one.value for one in node.keywords)]
        return (
            is_part(node.func.value)
            and node.func.attr in _AGAIN
            and all(_free(g, name) for g in given)
        )
    return isinstance(node, ast.List) and all(isinstance(one, ast.Constant) for one in node.elts)


def _fixed(node: ast.AST, name: str) -> bool:
    return _free(node, name) or _is_test(node, name)


def _free(node: ast.AST, name: str) -> bool:
    """Whether the expression does not use the object itself."""
    return all(not isinstance(one, ast.Name) or one.id != name for one in ast.walk(node))
