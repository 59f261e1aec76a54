"""What the columns of a result of pandas' calls are made of, as the call is written."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from typing import TypeAlias

from whence.analysis.asked import Asked, Parts
from whence.analysis.context import Demand
from whence.analysis.path import key_of
from whence.analysis.renaming import renamed_by
from whence.analysis.scope import last_name
from whence.analysis.tablecolumn import Undecided

Handle: TypeAlias = Callable[[Asked], "Parts | None"]


def _same(asked: Asked) -> Parts:
    return asked.same()


def _filled(asked: Asked) -> Parts:
    """Where a value is missing, it is that of another frame or of a dictionary."""
    others = [*asked.call.args, *(one.value for one in asked.call.keywords)]
    given = [one for one in others if not isinstance(one, ast.Constant)]
    return [*asked.same(), *(part for one in given for part in asked.of(one, asked.name))]


def _where(asked: Asked) -> Parts:
    other = asked.argument(1, "other")
    is_frame = other is not None and not isinstance(other, ast.Constant)
    return [*asked.same(), *(asked.of(other, asked.name) if is_frame and other else [])]


def _assign(asked: Asked) -> Parts:
    """A lambda is called with the frame: its result is the column."""
    for keyword in asked.call.keywords:
        if keyword.arg == asked.name:
            return [_assigned(asked, keyword.value)]
        if keyword.arg is None:
            pairs = asked.written(keyword.value)
            if not isinstance(pairs, ast.Dict):
                raise Undecided("the names of its columns are made at run time")
            for key, value in zip(pairs.keys, pairs.values, strict=True):
                if key is not None and key_of(key) == f"[{asked.name}":
                    return [_assigned(asked, value)]
    return asked.same()


def _assigned(asked: Asked, value: ast.expr) -> Demand:
    if isinstance(value, ast.Lambda):
        return asked.called(value, asked.frame)
    return asked.at(value, asked.rest)


def _rename(asked: Asked) -> Parts:
    given = asked.argument(0, "columns", "mapper")
    if given is None or asked.is_about_rows:
        return asked.same()
    if isinstance(given, (ast.Lambda, ast.Attribute)):
        return _renamed_by(asked, given)
    renaming = asked.value(given)
    if isinstance(renaming, str):  # a series gets a name
        return [asked.at(asked.frame)] if renaming == asked.name else []
    if not isinstance(renaming, dict):
        raise Undecided("the new names are made at run time")
    found = [part for old, new in renaming.items() if new == asked.name for part in asked.same(old)]
    return found or ([] if asked.name in renaming else asked.same())


def _renamed_by(asked: Asked, function: ast.expr) -> Parts:
    """By ``str.lower`` or a lambda: which column gets the name is tried with all that there are."""
    names = asked.columns(asked.frame)
    found = [old for old in names if renamed_by(asked, function, old) == asked.name]
    return asked.same(*found) if found else []


def _drop(asked: Asked) -> Parts:
    call = asked.call
    dropped = [one for one in (asked.argument(-1, "columns", "labels"), *call.args) if one]
    if asked.is_about_rows:
        return asked.same()
    return [] if any(asked.name in _names_in(asked, one) for one in dropped) else asked.same()


def _names_in(asked: Asked, node: ast.expr) -> list[str]:
    """The names that are dropped; rows may be meant, so that others are nothing that matters."""
    try:
        return asked.texts(node.value if isinstance(node, ast.Starred) else node) or []
    except Undecided:
        return []


def _aggregate(asked: Asked) -> Parts:
    """``agg(new=("old", "mean"))`` names its columns; others keep their names."""
    value = asked.argument(-1, asked.name)
    functions = asked.argument(0, "func")
    if isinstance(functions, (ast.List, ast.Tuple)) and asked.name in _named_in(functions):
        return [asked.at(asked.frame)]  # of one column, a column for each function
    if isinstance(value, ast.Tuple) and value.elts:
        return asked.same(asked.text(value.elts[0]))
    if isinstance(value, ast.Call):
        named = [one.value for one in value.keywords if one.arg == "column"]
        return asked.same(asked.text((named or value.args or [value])[0]))
    if isinstance(value, ast.Constant):  # of a group of one column
        return [asked.at(asked.frame)]
    return asked.same()


def _named_in(functions: ast.List | ast.Tuple) -> list[str]:
    """What functions are called, as far as the code names them."""
    texts = (one.value for one in functions.elts if isinstance(one, ast.Constant))
    return [*map(str, texts), *(last_name(one) for one in functions.elts)]


def _counted(asked: Asked) -> Parts | None:
    """How many rows a group has, or which of them one is: that tells of the keys alone."""
    groups = asked.base
    while isinstance(groups, ast.Subscript):
        groups = groups.value
    if not isinstance(groups, ast.Call) or last_name(groups) != "groupby":
        return None
    grouped = asked._replace(call=groups, demand=asked.at(groups))
    keys = grouped.texts(grouped.argument(0, "by"))
    return None if keys is None else grouped._replace(rest=()).of(grouped.frame, *keys)


def _dummies(asked: Asked) -> Parts | None:
    """``colour_red`` is made of ``colour``, where the frame has no column of the whole name."""
    if not asked.call.args:
        return None
    frame = asked.call.args[0]
    wanted = asked.texts(asked.argument(-1, "columns"))
    prefixes = _prefixes(asked, wanted)
    separator = asked.text(asked.argument(-1, "prefix_sep"), "_")
    if wanted is None and prefixes:  # a series, whose prefix is given
        is_so = any(asked.name.startswith(one + separator) for one in prefixes)
        is_series = isinstance(frame, ast.Subscript) and isinstance(frame.slice, ast.Constant)
        return [asked.at(frame)] if is_so else [] if is_series else asked.of(frame, asked.name)
    found: Parts = [] if wanted and asked.name in wanted else asked.of(frame, asked.name)
    for start in starts_of(asked.name, separator):
        if wanted is None or start in prefixes:
            found += [asked.at(frame, (f"[{old}",)) for old in prefixes.get(start, [start])]
    return found


def _prefixes(asked: Asked, wanted: list[str] | None) -> dict[str, list[str]]:
    """The columns that have a prefix, by it."""
    given = asked.argument(-1, "prefix")
    prefixes = asked.value(given) if given is not None else None
    found: dict[str, list[str]] = {}
    for number, name in enumerate(wanted or ()):
        prefix = name
        if isinstance(prefixes, dict):
            prefix = prefixes.get(name, name)
        elif isinstance(prefixes, list) and number < len(prefixes):
            prefix = prefixes[number]
        elif isinstance(prefixes, str):
            prefix = prefixes
        if not isinstance(prefix, str):
            raise Undecided("the prefixes are made at run time")
        found.setdefault(prefix, []).append(name)
    if not found and isinstance(prefixes, str):
        found[prefixes] = []
    return found


def starts_of(name: str, separator: str) -> Iterator[str]:
    """The parts of a name up to each of its separators."""
    at = name.find(separator)
    while at > 0:
        yield name[:at]
        at = name.find(separator, at + 1)


def _filter(asked: Asked) -> Parts:
    like, pattern = asked.argument(-1, "like"), asked.argument(-1, "regex")
    if like is not None:
        return asked.same() if asked.text(like) in asked.name else []
    if pattern is not None:
        return asked.same() if _found(asked.text(pattern), asked.name) else []
    items = asked.argument(0, "items")
    named = isinstance(items, (ast.List, ast.Tuple)) and asked.texts(items)
    return [] if named and asked.name not in named else asked.same()


def _found(pattern: str, name: str) -> bool:
    try:
        return re.search(pattern, name) is not None
    except re.error:
        return False


def _prefixed(asked: Asked) -> Parts:
    prefixes = asked.texts_in_turns(asked.argument(0, "prefix"))
    found = [asked.name.removeprefix(one) for one in prefixes if asked.name.startswith(one)]
    return asked.same(*found) if found else []


def _suffixed(asked: Asked) -> Parts:
    suffixes = asked.texts_in_turns(asked.argument(0, "suffix"))
    found = [asked.name.removesuffix(one) for one in suffixes if asked.name.endswith(one)]
    return asked.same(*found) if found else []


def _to_frame(asked: Asked) -> Parts | None:
    given = asked.argument(0, "name")
    if given is None or asked.text(given) != asked.name:
        return None
    return [asked.at(asked.frame)]


def _set_axis(asked: Asked) -> Parts:
    labels = asked.argument(0, "labels")
    if labels is None or not asked.is_about_columns:
        return asked.same()
    return by_position(asked, labels, asked.frame)


def by_position(asked: Asked, labels: ast.expr, frame: ast.expr) -> Parts:
    """The column of ``frame`` that stands where the asked name stands among ``labels``."""
    names = asked.texts(labels) or []
    if asked.name not in names:
        return []
    before = asked.columns(frame)
    if len(before) != len(names):
        raise Undecided("it does not have as many columns as it is given names")
    return asked.of(frame, before[names.index(asked.name)])


def _applied(asked: Asked) -> Parts | None:
    """With ``axis=1`` the function is called with each row, which has the frame's columns."""
    is_by_row = asked.is_about_columns
    if not is_by_row or not asked.call.args:
        return asked.same() if asked.name else None
    path = (f"[{asked.name}", *asked.rest) if asked.name else ()
    return [asked.called(asked.call.args[0], asked.frame)._replace(path=path)]


def _piped(asked: Asked) -> Parts | None:
    if not asked.call.args or not asked.name:
        return None
    function, *others = asked.call.args
    made = asked.called(function, asked.frame, *others)
    assert isinstance(made.node, ast.Call)
    made.node.keywords = asked.call.keywords
    return [made._replace(path=(f"[{asked.name}", *asked.rest))]


def _evaluated(asked: Asked) -> Parts | None:
    """``eval("c = a + b")``: an expression in which names are columns, and ``@name`` a variable."""
    given = asked.argument(0, "expr")
    if given is None or asked.is_function:
        return None
    found: Parts | None = None
    for line in asked.text(given).splitlines():
        target, _, expression = line.rpartition("=") if _ASSIGNED.match(line) else ("", "", line)
        if target.strip() == asked.name and expression.strip():
            found = _read_by(asked, expression)
    return found if found is not None else (asked.same() if asked.name else None)


_VARIABLE = "_variable_"
"""What stands for the ``@`` of a variable while an expression is parsed."""

_ASSIGNED = re.compile(r"\s*\w+\s*=(?!=)")


def _read_by(asked: Asked, expression: str) -> Parts:
    text = expression.replace("@", _VARIABLE).replace("`", "").strip()
    try:
        tree = ast.parse(text, mode="eval")
    except SyntaxError:
        raise Undecided("the expression can't be parsed") from None
    found: Parts = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            if node.id.startswith(_VARIABLE):
                name = asked.known.keep(ast.Name(node.id.removeprefix(_VARIABLE), ast.Load()))
                found.append(asked.at(ast.copy_location(name, asked.call)))
            else:
                found += asked.same(node.id)
    return found


WHOLES: dict[str, Handle] = {
    "apply": _applied,
    "eval": _evaluated,
    **dict.fromkeys(("cumcount", "ngroup", "size"), _counted),
}
"""Calls of which the whole result can be told."""

CALLS: dict[str, Handle] = {
    "assign": _assign,
    "rename": _rename,
    "to_frame": _to_frame,
    "drop": _drop,
    "agg": _aggregate,
    "aggregate": _aggregate,
    "get_dummies": _dummies,
    "filter": _filter,
    "add_prefix": _prefixed,
    "add_suffix": _suffixed,
    "set_axis": _set_axis,
    "apply": _applied,
    **dict.fromkeys(("cumcount", "ngroup", "size"), _counted),
    "pipe": _piped,
    "eval": _evaluated,
    "fillna": _filled,
    "combine_first": _filled,
    "where": _where,
    "mask": _where,
    **dict.fromkeys(
        (
            *("groupby", "reset_index", "set_index", "sort_values", "dropna", "astype", "query"),
            *("replace", "copy", "head", "tail", "sample", "round", "explode", "select_dtypes"),
            *("drop_duplicates", "sort_index", "nlargest", "nsmallest", "clip", "to_pandas"),
            *("ffill", "bfill", "interpolate", "shift", "diff", "rank", "cumsum"),
        ),
        _same,
    ),
}
"""What a column of the result of a call of pandas is made of, by the last name of the call."""
