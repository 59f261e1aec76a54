"""Which attributes of objects are columns: ``frame.age``, where ``age`` is a column's name."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import NamedTuple

from whence.analysis.module import Module
from whence.analysis.scope import last_name

_OF_FRAMES = frozenset(
    (
        *("values", "index", "columns", "T", "str", "dt", "cat", "loc", "iloc", "at", "iat"),
        *("shape", "size", "dtypes", "dtype", "name", "plot", "empty", "ndim", "array", "attrs"),
    )
)
"""What frames have under a name of their own, whatever their columns are called."""

_NAMING = frozenset({"assign", "agg", "aggregate", "with_columns", "select"})
"""Calls whose keywords are names of columns."""


class ColumnNames(NamedTuple):
    """``columns`` are the names that code gives to columns; ``attributes`` what objects hold."""

    columns: frozenset[str]
    attributes: frozenset[str]


def column_names(modules: Iterable[Module], known: frozenset[str]) -> ColumnNames:
    """The names of all columns of a program, with those that are ``known`` of its sources."""
    columns, attributes = set(known), set()
    for module in modules:
        for scope in list(module.scopes.values()):
            if scope.is_class:
                attributes.update(scope.flow.bound)
            for write in scope.flow.writes:
                key = write.path[0] if write.path else None
                if key == ".columns":
                    columns.update(_texts(write.value))
                elif isinstance(key, str):
                    (columns if key.startswith("[") else attributes).add(key[1:])
            for call in scope.flow.calls:
                if last_name(call.node) in _NAMING:
                    columns.update(one.arg for one in call.node.keywords if one.arg is not None)
    return ColumnNames(frozenset(columns - _OF_FRAMES), frozenset(attributes))


def _texts(node: ast.AST) -> list[str]:
    elements = node.elts if isinstance(node, (ast.List, ast.Tuple)) else []
    constants = [one.value for one in elements if isinstance(one, ast.Constant)]
    return [one for one in constants if isinstance(one, str)]
