"""The columns that a frame has, in their order, as far as its code shows them."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING

from whence.analysis.asked import Asked
from whence.analysis.callee import callees
from whence.analysis.context import Demand
from whence.analysis.definition import ASSIGN, PARAMETER
from whence.analysis.merging import merged_columns
from whence.analysis.path import access
from whence.analysis.renaming import RENAMED, Names, undecided
from whence.analysis.scope import last_name
from whence.analysis.tablecolumn import Undecided
from whence.analysis.things import comprehension_target
from whence.analysis.written import after_writes

if TYPE_CHECKING:
    from whence.analysis.known import Known

ONE_TO_ONE = (
    *("StandardScaler", "MinMaxScaler", "RobustScaler", "MaxAbsScaler", "QuantileTransformer"),
    *("PowerTransformer", "OrdinalEncoder", "Normalizer", "IterativeImputer", "KNNImputer"),
)
"""Transformers whose result has a column for each that they are given."""


def columns_of(known: Known, demand: Demand) -> Names:
    """The columns of a frame. Raises Undecided."""
    node, world = demand.node, known.world
    if id(node) in world.sources:
        seen = None if demand.path else known.seen(demand)
        return seen if seen is not None else undecided()
    if isinstance(node, ast.Name) and not demand.path:
        return _of_name(known, demand)
    if isinstance(node, ast.Subscript) and not demand.path:
        return _of_part(known, demand, node)
    if isinstance(node, ast.Attribute) and node.attr == "values" and not demand.path:
        return known.columns(demand._replace(node=node.value))
    if isinstance(node, ast.Call):
        return _of_call(known, demand, node)
    return known.columns(known.followed(demand))


def _of_name(known: Known, demand: Demand) -> Names:
    node, place, context, _ = demand
    assert isinstance(node, ast.Name)
    flow = place.scope.flow
    found = flow.reaching(node.id, place, node) if node.id in flow.bound else None
    is_one = found is not None and len(found.definitions) == 1 and not found.from_outside
    if comprehension_target(node.id, place) is not None or found is None or not is_one:
        return known.columns(known.followed(demand))
    definition = found.definitions[0]
    if definition.kind not in (ASSIGN, PARAMETER) or definition.value is None:
        return undecided()
    names = known.columns(Demand(definition.value, definition.place, context, definition.path))
    return after_writes(known, demand, definition, names)


def _of_part(known: Known, demand: Demand, node: ast.Subscript) -> Names:
    base, index = node.value, node.slice
    if isinstance(base, ast.Attribute) and base.attr == "c_":
        elements = index.elts if isinstance(index, ast.Tuple) else [index]
        return [position(number) for number in range(len(elements))]
    accessor = base.attr if isinstance(base, ast.Attribute) else ""
    if accessor in ("loc", "iloc") and isinstance(base, ast.Attribute):
        before = known.columns(demand._replace(node=base.value))
        if not isinstance(index, ast.Tuple):
            return before
        taken = index.elts[1]
        if isinstance(taken, ast.Slice) and not (taken.lower or taken.upper):
            return before
        if accessor == "loc" and isinstance(taken, ast.Slice):
            return between(known, demand, taken, before)
        if accessor == "loc":
            return known.texts(demand._replace(node=taken))
        return _at_positions(known, demand, before, taken)
    if isinstance(index, ast.Slice):
        return known.columns(demand._replace(node=base))
    part = access(node)
    try:
        names = known.value(demand._replace(node=index))
    except Undecided:
        names = None
    if isinstance(names, list) and all(isinstance(one, str) for one in names):
        return names
    if isinstance(index, (ast.Compare, ast.BinOp, ast.UnaryOp)):
        return known.columns(demand._replace(node=part.base))
    return known.columns(known.followed(demand))


def _at_positions(known: Known, demand: Demand, before: Names, taken: ast.expr) -> Names:
    if isinstance(taken, ast.Slice):
        return sliced(known, demand, taken, before)
    at = known.value(demand._replace(node=taken))
    if isinstance(at, list) and all(isinstance(n, int) and n < len(before) for n in at):
        return [before[n] for n in at]
    return undecided()


def sliced(known: Known, demand: Demand, index: ast.Slice, columns: Names) -> list[str]:
    """The columns that a slice by position takes. Raises Undecided."""
    ends = [index.lower, index.upper, index.step]
    numbers = [known.value(demand._replace(node=one)) if one else None for one in ends]
    if not all(one is None or isinstance(one, int) for one in numbers) or numbers[2] == 0:
        return undecided()
    return list(columns)[slice(*numbers)]


def between(known: Known, demand: Demand, index: ast.Slice, columns: Names) -> list[str]:
    """The columns that a slice by names takes, both ends included. Raises Undecided."""
    ends = [
        known.value(demand._replace(node=one)) if one else None
        for one in (index.lower, index.upper)
    ]
    if index.step is not None or any(one is not None and one not in columns for one in ends):
        return undecided()
    names = list(columns)
    first = 0 if ends[0] is None else names.index(ends[0])
    last = len(names) if ends[1] is None else names.index(ends[1]) + 1
    return names[first:last]


def position(number: int) -> str:
    """What stands for the name of the column at a position of an array."""
    return f"\0{number}"


def is_position(name: str) -> bool:
    """Whether a name stands for the column at a position."""
    return name.startswith("\0")


def _of_call(known: Known, demand: Demand, call: ast.Call) -> Names:
    if callees(known.world, call, demand.place, demand.context):
        return known.columns(known.followed(demand))
    asked = Asked(known, demand._replace(path=()), call)
    name = last_name(call)
    if name == "train_test_split" and len(demand.path) == 1 and isinstance(demand.path[0], int):
        given = asked.argument(demand.path[0] // 2)
        return asked.columns(given) if given is not None else undecided()
    if demand.path:
        return undecided()
    if name in _KEPT or (name == "reset_index" and asked.is_given("drop", True)):
        return asked.columns(asked.frame)
    if name in ("fit_transform", "transform") and asked.base is not None and call.args:
        made = asked.written(asked.base)
        return asked.columns(call.args[0]) if last_name(made) in ONE_TO_ONE else undecided()
    if name in RENAMED:
        return RENAMED[name](asked, list(asked.columns(asked.frame)))
    special = _SPECIAL.get(name)
    return special(asked) if special is not None else undecided()


def _piped(asked: Asked) -> Names:
    if asked.base is None or not asked.call.args:
        return undecided()
    function, *others = asked.call.args
    return asked.known.columns(asked.called(function, asked.base, *others))


def _framed(asked: Asked) -> Names:
    labels = asked.argument(-1, "columns", "schema")
    if labels is not None:
        return asked.texts(labels) or []
    data = asked.argument(0, "data")
    written = asked.written(data) if data is not None else None
    if isinstance(written, ast.Dict):
        return [asked.text(key) for key in written.keys]
    return asked.columns(data) if data is not None else undecided()


def _put_together(asked: Asked) -> Names:
    given = asked.argument(0, "objs", "items")
    frames = asked.written(given) if given is not None else None
    if not isinstance(frames, (ast.List, ast.Tuple)) or asked.argument(-1, "keys") is not None:
        return undecided()
    found = [name for one in frames.elts for name in asked.columns(one)]
    is_beside = asked.is_about_columns
    return found if is_beside else list(dict.fromkeys(found))


def _stacked(asked: Asked) -> Names:
    given = asked.written(asked.call.args[0]) if asked.call.args else None
    if isinstance(given, (ast.Tuple, ast.List)):
        return [position(number) for number in range(len(given.elts))]
    return undecided()


_KEPT = frozenset(
    (
        *("copy", "dropna", "fillna", "astype", "sort_values", "head", "tail", "sample", "round"),
        *("query", "drop_duplicates", "sort_index", "nlargest", "nsmallest", "clip", "replace"),
        *("where", "mask", "to_numpy", "to_pandas", "collect", "lazy", "sort", "limit", "slice"),
        *("unique", "drop_nulls", "fill_null", "ffill", "bfill", "interpolate", "explode", "clone"),
    )
)


def _selected(asked: Asked) -> Names:
    from whence.analysis.polarscall import given_columns

    found: dict[str, None] = {}
    for made in given_columns(asked):
        if isinstance(made, Undecided):
            raise made
        found.update(dict.fromkeys(made))
    return list(found)


def _widened(asked: Asked) -> Names:
    return list(dict.fromkeys([*asked.columns(asked.frame), *_selected(asked)]))


def _grouped(asked: Asked) -> Names:
    groups = asked.base
    if not isinstance(groups, ast.Call) or last_name(groups) != "group_by":
        return undecided()
    keys = _selected(asked._replace(call=groups, demand=asked.at(groups)))
    return [*keys, *_selected(asked)]


_SPECIAL: dict[str, Callable[[Asked], Names]] = {
    "DataFrame": _framed,
    "concat": _put_together,
    **dict.fromkeys(("merge", "merge_asof", "merge_ordered"), merged_columns),
    "column_stack": _stacked,
    "pipe": _piped,
    "select": _selected,
    "with_columns": _widened,
    "agg": _grouped,
}
