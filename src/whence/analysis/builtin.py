"""Calls of Python's own functions that hand on what they are given, whole or in parts."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TypeAlias

from whence.analysis.path import Key, Path, key_of, rest_of
from whence.analysis.scope import last_name

Parts: TypeAlias = list[tuple[ast.expr, Path]]

_REORDER = frozenset({"list", "tuple", "set", "frozenset", "sorted", "reversed", "iter", "aiter"})
_COPY = frozenset({"copy", "deepcopy"})
_TAKE = frozenset({"next", "anext"})


def handed_on(call: ast.Call, path: Path) -> Parts | None:
    """The arguments, with their parts, that the part ``path`` of the result is.

    None for a call that is not known to hand on: its result is made of all it is given.
    """
    name = last_name(call)
    if any(isinstance(argument, ast.Starred) for argument in call.args):
        return None
    if isinstance(call.func, ast.Name):
        handle = _FUNCTIONS.get(name)
        return handle(call, path) if handle is not None and call.args else _dict(call, path)
    if isinstance(call.func, ast.Attribute):
        if name in _COPY and call.args and last_name(call.func.value) == "copy":
            return [(call.args[0], path)]
        method = _METHODS.get(name)
        return method(call, call.func.value, path) if method is not None else None
    return None


def _first(call: ast.Call, path: Path) -> Parts:
    return [(call.args[0], path)]


def _reorder(call: ast.Call, path: Path) -> Parts:
    return [(call.args[0], rest_of(path))]


def _take(call: ast.Call, path: Path) -> Parts:
    return [(call.args[0], (None, *path)), *((other, path) for other in call.args[1:])]


def _enumerate(call: ast.Call, path: Path) -> Parts:
    if len(path) < 2 or path[1] is None:
        return [(call.args[0], ())]
    return [(call.args[0], (path[0], *path[2:]))] if path[1] == 1 else []


def _zip(call: ast.Call, path: Path) -> Parts:
    if len(path) < 2 or not isinstance(path[1], int):
        return [(argument, ()) for argument in call.args]
    return [(argument, (path[0], *path[2:])) for argument in call.args[path[1] : path[1] + 1]]


def _split(call: ast.Call, path: Path) -> Parts:
    """``train_test_split`` gives two parts of each array, and takes only rows by the others."""
    if not path or not isinstance(path[0], int):
        return [(argument, path[1:]) for argument in call.args]
    return [(argument, path[1:]) for argument in call.args[path[0] // 2 : path[0] // 2 + 1]]


def _getattr(call: ast.Call, path: Path) -> Parts | None:
    if len(call.args) < 2:
        return None
    key = key_of(call.args[1])
    attribute = f".{key[1:]}" if isinstance(key, str) else None
    return [(call.args[0], (attribute, *path)), *((other, path) for other in call.args[2:])]


def _dict(call: ast.Call, path: Path) -> Parts | None:
    if last_name(call) not in ("dict", "SimpleNamespace", "Namespace") or not path:
        return None
    found: Parts = []
    for argument in call.args:
        found.append((argument, path))
    for keyword in call.keywords:
        if keyword.arg is None:
            found.append((keyword.value, path))
        elif path[0] in (None, f"[{keyword.arg}", f".{keyword.arg}"):
            found.append((keyword.value, path[1:]))
    return found


def _copied(call: ast.Call, base: ast.expr, path: Path) -> Parts | None:
    return [(base, path)] if not call.args else None


def _got(call: ast.Call, base: ast.expr, path: Path) -> Parts | None:
    if not call.args or call.keywords:
        return None
    key = call.args[0]
    found = [(base, (key_of(key), *path)), *((other, path) for other in call.args[1:])]
    return found if isinstance(key, ast.Constant) else [*found, (key, ())]


def _values(call: ast.Call, base: ast.expr, path: Path) -> Parts | None:
    if call.args:
        return None
    return [(base, (_same_key(path[0]), *path[1:]) if path else ())]


def _items(call: ast.Call, base: ast.expr, path: Path) -> Parts | None:
    if call.args:
        return None
    if len(path) < 2 or path[1] != 1:
        return [(base, ())]
    return [(base, (_same_key(path[0]), *path[2:]))]


def _same_key(key: Key) -> Key:
    """The key of the dictionary that the element ``key`` of its items or values has, if known."""
    return key if isinstance(key, str) else None


_FUNCTIONS: dict[str, Callable[[ast.Call, Path], Parts | None]] = {
    "train_test_split": _split,
    **dict.fromkeys(_REORDER, _reorder),
    **dict.fromkeys(_COPY, _first),
    **dict.fromkeys(_TAKE, _take),
    "enumerate": _enumerate,
    "zip": _zip,
    "getattr": _getattr,
    "dict": _dict,
}

_METHODS: dict[str, Callable[[ast.Call, ast.expr, Path], Parts | None]] = {
    "copy": _copied,
    "get": _got,
    "pop": _got,
    "setdefault": _got,
    "values": _values,
    "items": _items,
}
