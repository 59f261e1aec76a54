"""Which globals a cell bound, rebound or deleted: told by what they name before and after.

Ids are compared, not objects: to hold the objects would keep what a cell deletes in memory. This
is done around every cell, over all globals, so it is done by the loops of C functions.
"""

from __future__ import annotations

from collections.abc import Container
from itertools import compress
from operator import ne
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any, NamedTuple

MOST = 200
"""Of more names the first are told."""


class Snapshot(NamedTuple):
    """The names of the globals, in their order, and the ids of what they name."""

    names: list[str]
    ids: list[int]


def snapshot(names: dict[str, Any]) -> Snapshot:
    """What each global names now."""
    return Snapshot(list(names), list(map(id, names.values())))


def changed(before: Snapshot, names: dict[str, Any]) -> tuple[list[str], list[str]]:
    """The globals that were bound or rebound since ``before``, and those that went.

    Names that begin with an underscore and modules are left out.
    """
    after = snapshot(names)
    count = len(before.names)
    if after.names[:count] == before.names:
        rebound = compress(before.names, map(ne, before.ids, after.ids))
        bound, deleted = [*rebound, *after.names[count:]], []
    else:
        known = dict(zip(before.names, before.ids, strict=False))
        pairs = zip(after.names, after.ids, strict=False)
        bound = [name for name, found in pairs if known.pop(name, None) != found]
        deleted = list(known)
    told = [n for n in bound if _counts(n) and not isinstance(names.get(n), ModuleType)]
    return sorted(told)[:MOST], sorted(filter(_counts, deleted))[:MOST]


def own_names(names: dict[str, Any], hidden: Container[str]) -> list[str]:
    """The globals that cells made: not those of the shell, nothing that was imported."""
    return [
        name
        for name, value in names.items()
        if _counts(name) and name not in hidden and not _is_imported(value)
    ]


def _is_imported(value: object) -> bool:
    """Whether it is a module, or a class or function of one."""
    if isinstance(value, ModuleType):
        return True
    is_code = isinstance(value, type | FunctionType | BuiltinFunctionType)
    return is_code and getattr(value, "__module__", "") != "__main__"


def _counts(name: object) -> bool:
    return isinstance(name, str) and not name.startswith("_")
