"""What the columns of a result of pandas' calls are made of, as the call is written."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import TypeAlias

from whence.analysis.path import Path, key_of
from whence.analysis.scope import last_name

Parts: TypeAlias = list[tuple[ast.expr, Path]]


def frame_parts(call: ast.Call, column: Path) -> Parts | None:
    """The arguments, with their parts, that a column of the result of ``call`` is made of.

    ``column`` starts with its name. None for a call whose columns are those of what it is given.
    """
    handle = _CALLS.get(last_name(call))
    if handle is None or not isinstance(column[0], str):
        return None
    return handle(call, column[0][1:], column[1:])


def _keyword(call: ast.Call, *names: str) -> ast.expr | None:
    return next((one.value for one in call.keywords if one.arg in names), None)


def _text(node: ast.expr | None) -> str | None:
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return node.value if is_text else None  # type: ignore[union-attr]  # it is a constant


def _texts(node: ast.expr | None) -> list[str] | None:
    """The names that a text or a display of texts has; None for anything else."""
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        found = [_text(element) for element in node.elts]
        return [one for one in found if one is not None] if None not in found else None
    one = _text(node)
    return [one] if one is not None else None


def _receiver(call: ast.Call) -> ast.expr | None:
    return call.func.value if isinstance(call.func, ast.Attribute) else None


def _same(call: ast.Call, name: str, rest: Path) -> Parts:
    base = _receiver(call)
    return [(base, (f"[{name}", *rest))] if base is not None else []


def _assign(call: ast.Call, name: str, rest: Path) -> Parts:
    """A lambda is called with the frame: its result is the column."""
    value = _keyword(call, name)
    if value is None:
        return _same(call, name, rest)
    if isinstance(value, ast.Lambda):
        base = _receiver(call)
        made = ast.Call(value, [base] if base is not None else [], [])
        return [(ast.copy_location(made, value), rest)]
    return [(value, rest)]


def _rename(call: ast.Call, name: str, rest: Path) -> Parts | None:
    renaming = _keyword(call, "columns", "mapper") or (call.args[0] if call.args else None)
    if not isinstance(renaming, ast.Dict):
        return None
    pairs = [
        (_text(key), _text(value))
        for key, value in zip(renaming.keys, renaming.values, strict=True)
    ]
    found = [part for old, new in pairs if new == name and old for part in _same(call, old, rest)]
    return found or ([] if name in [old for old, _ in pairs] else _same(call, name, rest))


def _drop(call: ast.Call, name: str, rest: Path) -> Parts:
    dropped = _keyword(call, "columns", "labels")
    if dropped is None and call.args:
        dropped = call.args[0]
    return [] if name in (_texts(dropped) or ()) else _same(call, name, rest)


def _merge(call: ast.Call, name: str, rest: Path) -> Parts | None:
    """A name with a suffix is that of the side that the suffix stands for."""
    base = _receiver(call)
    is_method = base is not None and last_name(base) not in ("pd", "pandas")
    sides = [base, *call.args] if is_method and base is not None else list(call.args)
    named = [_keyword(call, "left"), _keyword(call, "right"), _keyword(call, "other")]
    sides = [*sides, *(one for one in named if one is not None)][:2]
    if len(sides) < 2:
        return None
    found: Parts = [(side, (f"[{name}", *rest)) for side in sides]
    for side, suffix in zip(sides, _suffixes(call), strict=True):
        if suffix and name.endswith(suffix):
            found.append((side, (f"[{name.removesuffix(suffix)}", *rest)))
    return found + _keys(call, name, rest, sides)


def _suffixes(call: ast.Call) -> tuple[str, str]:
    if last_name(call) == "join":
        left, right = _keyword(call, "lsuffix"), _keyword(call, "rsuffix")
        return _text(left) or "", _text(right) or ""
    given = _keyword(call, "suffixes")
    if isinstance(given, (ast.Tuple, ast.List)) and len(given.elts) == 2:
        return _text(given.elts[0]) or "", _text(given.elts[1]) or ""
    return "_x", "_y"


def _keys(call: ast.Call, name: str, rest: Path, sides: list[ast.expr]) -> Parts:
    """A key of one side has the values of the other side's key too."""
    lefts = _texts(_keyword(call, "left_on")) or []
    rights = _texts(_keyword(call, "right_on")) or []
    found: Parts = []
    for left, right in zip(lefts, rights, strict=False):
        if name == left:
            found.append((sides[1], (f"[{right}", *rest)))
        elif name == right:
            found.append((sides[0], (f"[{left}", *rest)))
    return found


def _aggregate(call: ast.Call, name: str, rest: Path) -> Parts:
    """``agg(new=("old", "mean"))`` names its columns; others keep their names."""
    value = _keyword(call, name)
    if isinstance(value, ast.Tuple) and value.elts:
        old = _text(value.elts[0])
        return _same(call, old, rest) if old is not None else []
    if isinstance(value, ast.Call):
        old = _text(_keyword(value, "column") or (value.args[0] if value.args else None))
        return _same(call, old, rest) if old is not None else []
    return _same(call, name, rest)


def _dummies(call: ast.Call, name: str, rest: Path) -> Parts | None:
    """``colour_red`` is made of ``colour``."""
    if not call.args:
        return None
    wanted = _texts(_keyword(call, "columns"))
    found: Parts = [(call.args[0], (f"[{name}", *rest))]
    separator = _text(_keyword(call, "prefix_sep")) or "_"
    for start in _starts(name, separator):
        if wanted is None or start in wanted:
            found.append((call.args[0], (f"[{start}",)))
    return found


def _starts(name: str, separator: str) -> Iterator[str]:
    at = name.find(separator)
    while at > 0:
        yield name[:at]
        at = name.find(separator, at + 1)


def _frame(call: ast.Call, name: str, rest: Path) -> Parts | None:
    """A frame that is made of a dict has its keys as columns."""
    data = _keyword(call, "data") or (call.args[0] if call.args else None)
    if not isinstance(data, ast.Dict):
        return None
    keys = [key_of(key) if key is not None else None for key in data.keys]
    found = [value for key, value in zip(keys, data.values, strict=True) if key == f"[{name}"]
    return [(value, rest) for value in found]


def _concat(call: ast.Call, name: str, rest: Path) -> Parts | None:
    if not call.args or not isinstance(call.args[0], (ast.List, ast.Tuple)):
        return None
    return [(element, (f"[{name}", *rest)) for element in call.args[0].elts]


def _filter(call: ast.Call, name: str, rest: Path) -> Parts:
    items = _texts(_keyword(call, "items") or (call.args[0] if call.args else None))
    return _same(call, name, rest) if items is None or name in items else []


def _renamed_series(call: ast.Call, name: str, rest: Path) -> Parts | None:
    """``series.to_frame("new")`` and ``series.rename("new")`` name one column."""
    base = _receiver(call)
    given = _text(call.args[0] if call.args else _keyword(call, "name"))
    return [(base, ())] if base is not None and given == name else None


def _or(*handlers: Callable[[ast.Call, str, Path], Parts | None]) -> Callable[..., Parts | None]:
    def handle(call: ast.Call, name: str, rest: Path) -> Parts | None:
        found = (one(call, name, rest) for one in handlers)
        return next((parts for parts in found if parts is not None), None)

    return handle


_CALLS: dict[str, Callable[[ast.Call, str, Path], Parts | None]] = {
    "assign": _assign,
    "rename": _or(_renamed_series, _rename),
    "to_frame": _renamed_series,
    "drop": _drop,
    "merge": _merge,
    "merge_asof": _merge,
    "merge_ordered": _merge,
    "join": _merge,
    "agg": _aggregate,
    "aggregate": _aggregate,
    "get_dummies": _dummies,
    "DataFrame": _frame,
    "concat": _concat,
    "filter": _filter,
    **dict.fromkeys(
        (
            *("groupby", "reset_index", "set_index", "sort_values", "dropna", "astype", "query"),
            *("fillna", "replace", "where", "mask", "copy", "head", "tail", "sample", "round"),
            *("drop_duplicates", "sort_index", "nlargest", "nsmallest", "clip", "to_pandas"),
        ),
        _same,
    ),
}
