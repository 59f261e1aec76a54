"""Which part of a value is meant: a chain of attributes and keys, such as ``.data["x"]``.

A key is ``.name`` for an attribute, ``[text`` for a constant text in brackets, a number for a
constant number in brackets, and None for a key that is not known.
"""

from __future__ import annotations

import ast
from collections.abc import Collection
from typing import NamedTuple, TypeAlias

Key: TypeAlias = str | int | None
Path: TypeAlias = tuple[Key, ...]

ENTER = ".<enter>"
"""The value that a context manager gives at its start."""

MAX_LENGTH = 4
"""A longer chain means all that its start holds."""

_ACCESSORS = frozenset({"loc", "iloc", "at", "iat"})
"""Attributes of frames that stand for the frame itself, to be followed by rows and columns."""

_COPIED_BY = (ast.Slice, ast.Compare, ast.List, ast.ListComp, ast.Tuple, ast.BinOp, ast.UnaryOp)
"""Kinds of index that frames and lists answer with a new object."""


class Access(NamedTuple):
    """An attribute or subscript: ``base`` and which of its parts.

    Any of ``keys`` may be meant. ``choosing`` are expressions that choose the part. ``is_part``
    says that the part may be one object with what the base holds, and no copy.
    """

    base: ast.expr
    keys: Path
    choosing: tuple[ast.expr, ...]
    is_part: bool

    def paths(self, path: Path) -> list[Path]:
        """The parts of the base that the part ``path`` of this can be.

        Of several columns each is one of the selection: ``frame[["a", "b"]]["a"]``.
        """
        if not self.is_several:
            return [joined((key,), path) for key in self.keys]
        if path and isinstance(path[0], str) and path[0].startswith("["):
            return [path] if path[0] in self.keys else []
        return [(key,) for key in self.keys]

    @property
    def is_several(self) -> bool:
        """Whether several columns are selected, so that the result has columns too."""
        index = self.choosing[-1] if self.choosing else None
        return isinstance(index, ast.List) and self.keys != (None,)


def access(node: ast.Attribute | ast.Subscript) -> Access:
    """The base of ``node`` with the keys that it asks for."""
    if isinstance(node, ast.Attribute):
        return Access(node.value, (f".{node.attr}",), (), True)
    base, index = node.value, node.slice
    if not (isinstance(base, ast.Attribute) and base.attr in _ACCESSORS):
        is_part = not isinstance(index, _COPIED_BY)
        choosing = () if isinstance(index, ast.Constant) else (index,)
        return Access(base, _keys(index), choosing, is_part)
    if base.attr in ("loc", "at") and isinstance(index, ast.Tuple) and len(index.elts) == 2:
        return Access(base.value, _keys(index.elts[1]), tuple(index.elts), False)
    return Access(base.value, (None,), (index,), False)


def _keys(index: ast.expr) -> Path:
    if isinstance(index, ast.List) and index.elts:
        keys = tuple(key_of(element) for element in index.elts)
        return keys if all(isinstance(key, str) for key in keys) else (None,)
    return (key_of(index),)


def key_of(index: ast.expr | None) -> Key:
    """The key that an index is, None when it is not a constant text or number from 0 on."""
    if not isinstance(index, ast.Constant):
        return None
    if isinstance(index.value, str):
        return f"[{index.value}"
    if isinstance(index.value, int) and not isinstance(index.value, bool) and index.value >= 0:
        return index.value
    return None


def joined(one: Path, other: Path) -> Path:
    """The part ``other`` of the part ``one``."""
    return (one + other)[:MAX_LENGTH] if other else one


def rest_of(path: Path, of_any: bool = True) -> Path:
    """``path`` of an element, when the element's own key may be another (in a sorted list)."""
    if path and isinstance(path[0], int) and of_any:
        return (None, *path[1:])
    return path


class Match(NamedTuple):
    """How a write at one path meets a read at another.

    ``rest`` is the part of the written value that is read; ``is_exact`` says that the write
    replaces all that is read; ``is_within`` that what is read can be an object that was written.
    """

    rest: Path
    is_exact: bool
    is_within: bool


def match(written: Path, read: Path) -> Match | None:
    """How a write meets a read, None when it leaves untouched what is read."""
    if not written:
        return Match(read, True, True)
    is_within = len(written) <= len(read)
    is_exact = is_within
    is_derived = False
    for one, other in zip(written, read, strict=False):
        if one is None or other is None:
            is_exact = False
        elif one != other:
            if not _may_meet(one, other):
                return None
            is_exact, is_derived = False, True
    rest = () if is_derived else read[len(written) :]
    return Match(rest, is_exact, is_within and not is_derived)


def _may_meet(one: str | int, other: str | int) -> bool:
    """Whether an attribute may show what stands under a key: ``frame.values``, ``frame.x``."""
    one_is_attribute = isinstance(one, str) and one.startswith(".")
    other_is_attribute = isinstance(other, str) and other.startswith(".")
    return one_is_attribute != other_is_attribute


def column_of(path: Path, names: Collection[str]) -> Path:
    """``path`` from the first key on that can be a column; empty when there is none.

    An attribute is one when ``names`` has it: ``frame.age``.
    """
    for number, key in enumerate(path):
        if isinstance(key, str):
            if key.startswith("["):
                return path[number:]
            if key[1:] in names:
                return (f"[{key[1:]}", *path[number + 1 :])
    return ()
