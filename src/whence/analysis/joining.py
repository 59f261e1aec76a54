"""What columns are made of where frames are put together, or rows turned into columns."""

from __future__ import annotations

import ast

from whence.analysis.asked import Asked, Parts
from whence.analysis.framecall import Handle, by_position
from whence.analysis.layout import is_position
from whence.analysis.merging import merge_parts
from whence.analysis.path import key_of
from whence.analysis.scope import last_name
from whence.analysis.tablecolumn import Undecided


def _concat(asked: Asked) -> Parts | None:
    """With ``keys`` and ``axis=1``, a series gets the name of its key."""
    given = asked.argument(0, "objs", "items")
    if given is None:
        return None
    frames = asked.written(given)
    if isinstance(frames, ast.Dict):
        keys = [key_of(key) for key in frames.keys]
        named = zip(keys, frames.values, strict=True)
        found = [asked.at(value) for key, value in named if key == f"[{asked.name}"]
        return found or [part for one in frames.values for part in asked.of(one, asked.name)]
    if not isinstance(frames, (ast.List, ast.Tuple)) or frames is not given:
        return [asked.at(given, (None, f"[{asked.name}", *asked.rest))]
    is_beside = asked.is_about_columns
    keys_given = asked.texts(asked.argument(-1, "keys")) if is_beside else None
    if keys_given and asked.name in keys_given[: len(frames.elts)]:
        return [asked.at(frames.elts[keys_given.index(asked.name)])]
    return [part for one in frames.elts for part in asked.of(one, asked.name)]


def _frame(asked: Asked) -> Parts | None:
    """A frame of a dict has its keys as columns; one of a table is given their names."""
    data = asked.argument(0, "data")
    written = asked.written(data) if data is not None else None
    if isinstance(written, ast.Dict):
        keys = [key_of(key) if key is not None else None for key in written.keys]
        named = zip(keys, written.values, strict=True)
        found = [value for key, value in named if key == f"[{asked.name}"]
        where = asked.known.written(asked.at(data))  # type: ignore[arg-type]  # it is given
        return [where._replace(node=value, path=asked.rest) for value in found]
    labels = asked.argument(-1, "columns", "schema")
    if data is None or labels is None:
        return None
    before = asked.columns_or_none(data)
    if before is not None and asked.name in before:
        is_by_name = set(asked.texts(labels) or ()) <= set(before)
        return asked.of(data, asked.name) if is_by_name else by_position(asked, labels, data)
    if before is None and not isinstance(asked.written(labels), ast.List):
        return None  # the names that the data had before, as a rule: ``columns=X.columns``
    if before is None and asked.name in (asked.texts(labels) or ()):
        return _of_transformed(asked, data)
    return by_position(asked, labels, data)


def _of_transformed(asked: Asked, data: ast.expr) -> Parts:
    """Of what a transformer made of a frame each column may be made of all that it was given."""
    made = asked.written(data)
    if not isinstance(made, ast.Call) or last_name(made) not in ("fit_transform", "transform"):
        raise Undecided("which columns its data have can't be told")
    given = made.args[0] if made.args else None
    names = None if given is None else asked.columns_or_none(given)
    if given is None:
        raise Undecided("what a transformer is given can't be told")
    return [asked.at(given)] if names is None else [asked.at(given, (f"[{n}",)) for n in names]


def _melt(asked: Asked) -> Parts:
    """The values come from all columns that are melted; those that identify a row are kept."""
    kept = asked.texts(asked.own(0, "id_vars", "index")) or []
    if last_name(asked.call) == "unpivot":
        kept = asked.texts(asked.argument(-1, "index", "id_vars")) or []
        melted = asked.texts(asked.own(0, "on", "value_vars"))
        variable = asked.argument(-1, "variable_name")
    else:
        melted = asked.texts(asked.own(1, "value_vars"))
        variable = asked.own(2, "var_name", "variable_name")
    if asked.name in kept:
        return asked.same()
    if asked.name == asked.text(variable, "variable"):
        raise Undecided("its values are the names of columns")
    if asked.name != asked.text(asked.own(3, "value_name"), "value"):
        return []
    if melted is None:
        melted = [name for name in asked.columns(asked.frame) if name not in kept]
    return asked.same(*melted)


def _pivot(asked: Asked) -> Parts:
    """The new columns are named by data: they come from ``columns`` and ``values``."""
    index = asked.texts(asked.argument(-1, "index")) or []
    if asked.name in index:
        return asked.same()
    of_polars = asked.call.args[0] if last_name(asked.call) == "pivot" and asked.call.args else None
    columns = asked.texts(asked.argument(-1, "columns", "on") or of_polars) or []
    values = asked.texts(asked.argument(-1, "values"))
    if values is None:
        everything = asked.columns(asked.frame)
        values = [name for name in everything if name not in index and name not in columns]
    named = dict.fromkeys([*values, *columns])
    return asked.same(*named) if named and not _is_of_source(asked) else []


def _is_of_source(asked: Asked) -> bool:
    """Whether a source has a column of that name: then it is no name that was made of data."""
    return asked.name in asked.known.source_names


def _crosstab(asked: Asked) -> Parts:
    wanted = ((0, "index"), (1, "columns"), (2, "values"))
    given = [asked.argument(at, name) for at, name in wanted]
    return [asked.at(one) for one in given if one is not None]


def _unstacked(asked: Asked) -> Parts:
    """The names of the columns are data: of the one column that there is, of any of several."""
    return [] if _is_of_source(asked) else [asked.at(asked.frame)]


def _beside(asked: Asked) -> Parts | None:
    """``column_stack([a, b])``: each element is a column of the array."""
    return at_position(asked, asked.written(asked.call.args[0])) if asked.call.args else None


def at_position(asked: Asked, elements: ast.AST) -> Parts | None:
    """The element of a display that stands for the asked column of an array."""
    if not isinstance(elements, (ast.Tuple, ast.List)) or not is_position(asked.name):
        return None
    number = int(asked.name[1:])
    return [asked.at(elements.elts[number])] if number < len(elements.elts) else None


def stacked(asked: Asked) -> Parts | None:
    """Nothing that could be told: all columns become one."""
    if asked.is_function:
        return None
    raise Undecided("stack puts the columns of the frame into one: it may come from any of them")


JOINS: dict[str, Handle] = {
    **dict.fromkeys(("merge", "merge_asof", "merge_ordered", "join", "join_asof"), merge_parts),
    "concat": _concat,
    "DataFrame": _frame,
    "Series": _frame,
    "melt": _melt,
    "unpivot": _melt,
    "pivot": _pivot,
    "pivot_table": _pivot,
    "crosstab": _crosstab,
    "unstack": _unstacked,
    "stack": stacked,
    "column_stack": _beside,
}
"""What a column of the result of such a call is made of, by the last name of the call."""
