"""What the columns of a frame are called after a call that names, drops or adds some."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import NoReturn, TypeAlias

from whence.analysis.asked import Asked
from whence.analysis.tablecolumn import Undecided

Names: TypeAlias = "list[str] | tuple[str, ...]"


def undecided() -> NoReturn:
    """Raises Undecided."""
    raise Undecided("the columns of the frame before are not known")


def _dropped(asked: Asked, names: list[str]) -> Names:
    if asked.is_about_rows or asked.argument(-1, "index") is not None:
        return names
    given = [asked.argument(-1, "columns", "labels"), *asked.call.args[:]]
    gone = {name for one in given if one is not None for name in asked.texts(one) or ()}
    return [name for name in names if name not in gone]


def _renamed(asked: Asked, names: list[str]) -> Names:
    given = asked.argument(0, "columns", "mapper")
    if isinstance(given, (ast.Lambda, ast.Attribute)):
        return [renamed_by(asked, given, name) for name in names]
    renaming = asked.value(given) if given is not None else {}
    return (
        [renaming.get(name, name) for name in names] if isinstance(renaming, dict) else undecided()
    )


def renamed_by(asked: Asked, function: ast.expr, name: str) -> str:
    """What a lambda, or a method such as ``str.lower``, makes of a name. Raises Undecided."""
    if isinstance(function, ast.Lambda):
        called = asked.called(function, ast.Constant(name))
    else:
        method = ast.Attribute(ast.Constant(name), getattr(function, "attr", ""), ast.Load())
        called = asked.called(method)
    return str(asked.known.value(called))


def _assigned(asked: Asked, names: list[str]) -> Names:
    new = [one.arg for one in asked.call.keywords]
    if None in new:
        return undecided()
    return [*names, *(name for name in new if name is not None and name not in names)]


def _indexed(asked: Asked, names: list[str]) -> Names:
    gone = asked.texts(asked.argument(0, "keys")) or []
    return [name for name in names if name not in gone]


def _labelled(asked: Asked, names: list[str]) -> Names:
    is_columns = asked.is_about_columns
    return asked.texts(asked.argument(0, "labels")) or [] if is_columns else names


RENAMED: dict[str, Callable[[Asked, list[str]], Names]] = {
    "drop": _dropped,
    "rename": _renamed,
    "assign": _assigned,
    "set_index": _indexed,
    "set_axis": _labelled,
    "add_prefix": lambda a, names: [a.text(a.argument(0, "prefix")) + name for name in names],
    "add_suffix": lambda a, names: [name + a.text(a.argument(0, "suffix")) for name in names],
}
"""The columns after such a call, by its name, from those before it."""
