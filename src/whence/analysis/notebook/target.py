"""Where an expression stands: the global it begins with and the part of its object."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from whence.analysis.notebook.unit import Ref

_WHOLE = frozenset({"loc", "iloc", "at", "iat", "values", "T", "flat", "data", "index", "columns"})
"""Attributes by which the whole of an object is reached."""


def root_of(node: ast.AST) -> Ref | None:
    """The name, and the part of it, that an attribute or subscript is of; None for other things."""
    keys: list[str | None] = []
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        keys.append(f".{node.attr}" if isinstance(node, ast.Attribute) else key_of(node.slice))
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    key = keys[-1] if keys else None
    return Ref(node.id, None if key is not None and key[1:] in _WHOLE and key[0] == "." else key)


def located(node: ast.AST) -> list[Ref]:
    """The columns that ``name.loc[rows, "column"]`` or ``name.loc[rows, ["a", "b"]]`` is of."""
    if not (isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute)):
        return []
    base, index = node.value.value, node.slice
    if node.value.attr not in ("loc", "at") or not isinstance(base, ast.Name):
        return []
    if not isinstance(index, ast.Tuple) or len(index.elts) != 2:
        return []
    column = key_of(index.elts[1])
    keys = [column] if column else keys_of(index.elts[1]) or []
    return [Ref(base.id, key) for key in keys]


def is_part(node: ast.AST) -> bool:
    """Whether it is just ``name.part`` or ``name["part"]`` of a global."""
    if not isinstance(node, (ast.Attribute, ast.Subscript)):
        return False
    ref = root_of(node)
    return isinstance(node.value, ast.Name) and ref is not None and ref.key is not None


def key_of(node: ast.AST) -> str | None:
    """The key that a constant subscript is; None for one that is not constant."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return f"[{node.value}]"
    return None


def stored_key(key: str) -> str:
    """The key under which a part lies: ``df.x`` and ``df["x"]`` are one."""
    return key[1:] if key.startswith(".") else key


def keys_of(node: ast.AST) -> list[str] | None:
    """The keys of ``["a", "b"]``; None for anything else."""
    if not isinstance(node, ast.List):
        return None
    keys = [key_of(one) for one in node.elts]
    return [key for key in keys if key] if all(keys) else None


def names_in(target: ast.AST) -> Iterator[str]:
    """The names that a target binds."""
    for node in ast.walk(target):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            yield node.id


def dotted(node: ast.AST) -> str:
    """``a.b.c`` as text; empty for what is not just names."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return parts[0] if parts else ""
    return ".".join([node.id, *reversed(parts)])
