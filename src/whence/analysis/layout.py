"""The columns that a frame has, in their order, as far as its code shows them."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn, TypeAlias

from whence.analysis.asked import Asked
from whence.analysis.callee import callees
from whence.analysis.context import Demand, Target
from whence.analysis.definition import (
    ARGUMENT,
    ASSIGN,
    CALL,
    PARAMETER,
    STORE,
    Block,
    Definition,
    Place,
    Write,
)
from whence.analysis.flow import last_before
from whence.analysis.merging import merged_columns
from whence.analysis.parameter import argument_parameters
from whence.analysis.path import access
from whence.analysis.scope import last_name
from whence.analysis.tablecolumn import Undecided
from whence.analysis.things import Things, comprehension_target

if TYPE_CHECKING:
    from whence.analysis.known import Known
    from whence.analysis.world import World

Names: TypeAlias = "list[str] | tuple[str, ...]"

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
        return seen if seen is not None else _fail()
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
        return _fail()
    writes = _writes(known.world.things(place.scope), definition, place)
    names: Names = known.columns(
        Demand(definition.value, definition.place, context, definition.path)
    )
    for write, is_certain in reversed(writes):
        after = _after(known, demand._replace(place=write.place), write, list(names))
        if not is_certain and not _is_in_turns(
            demand._replace(node=write.value, place=write.place)
        ):
            after = after if list(after) == list(names) else _fail()
        names = after
    return names


def _is_in_turns(written: Demand) -> bool:
    from whence.analysis.keyed import made_name

    return made_name(written) is not None


def _writes(things: Things, definition: Definition, place: Place) -> list[tuple[Write, bool]]:
    """The writes into what a name holds, the last first, and whether each was done for certain.

    One in a branch or a loop need not have been.
    """
    parts = [part for part in things.of_definition(definition) if things.events.has(part.thing)]
    if not parts:
        return []
    thing = parts[0].thing
    is_one_of = bool(parts[0].path) and any(one.kind == STORE for one in things.events.of(thing))
    if len(parts) > 1 or is_one_of:
        return _fail()
    found: list[tuple[Write, bool]] = []
    block, before = place.block, place.order
    for _ in range(1000):
        last = last_before(block.names.get(definition.name), before)
        since = last.order if last is not None else 0
        events = things.events.within(thing, block, since, before)
        found.extend((event.write, True) for event in events)
        if last is not None:
            return found
        earlier = _telling(things, definition, thing, block)
        if len(earlier) != 1 or earlier[0] is block:
            break
        block, before = earlier[0], 1 << 60
    certain = [write for write, _ in found]
    others = [one for one in things.events.of(thing) if one not in certain]
    others = [one for one in others if definition.order <= one.place.order < place.order]
    others.sort(key=lambda one: one.place.order, reverse=True)
    return [*found, *((one, False) for one in others)]


def _telling(things: Things, definition: Definition, thing: object, block: Block) -> list[Block]:
    found: list[Block] = []
    seen: set[int] = set()
    waiting = list(block.preds)
    while waiting:
        one = waiting.pop()
        if id(one) not in seen:
            seen.add(id(one))
            if definition.name in one.names or things.events.is_in(thing, one):  # type: ignore[arg-type]  # it is a thing
                found.append(one)
            else:
                waiting.extend(one.preds)
    return found


def _after(known: Known, demand: Demand, write: Write, names: list[str]) -> Names:
    """The columns when a write has been done."""
    if write.kind == STORE:
        (key, *rest) = write.path
        if key == ".columns":
            return known.texts(demand._replace(node=write.value))
        if isinstance(key, str) and key.startswith("["):
            return names if rest or key[1:] in names else [*names, key[1:]]
        return names if isinstance(key, str) else _after_turns(known, demand, write, names)
    call = write.value
    assert isinstance(call, ast.Call)
    targets = callees(known.world, call, demand.place, demand.context)
    if targets and not all(_is_left_alone(known.world, one, write) for one in targets):
        return _fail()
    if write.kind == ARGUMENT:
        return names
    return _after_method(Asked(known, demand, call), last_name(call), names)


def _after_turns(known: Known, demand: Demand, write: Write, names: list[str]) -> Names:
    """The columns when a loop has written under the names that the code makes in its turns."""
    from whence.analysis.keyed import made_name, turns_of

    index = made_name(demand._replace(node=write.value))
    turns = [] if index is None else turns_of(known, known.world, demand._replace(node=index))
    given = [one.value if isinstance(one.value, list) else [one.value] for one in turns]
    new = [name for several in given for name in several]
    if not new or not all(isinstance(one, str) for one in new):
        return _fail()
    return list(dict.fromkeys([*names, *new]))


def _is_left_alone(world: World, target: Target, write: Write) -> bool:
    """Whether a function of the user's adds no column to a frame that it is given."""
    if target.scope is None or write.kind != ARGUMENT:
        return False
    assert isinstance(write.value, ast.Call)
    given = argument_parameters(target.scope, target, write.value, write.argument)
    events = world.things(target.scope).events
    return bool(given) and all(_only_asks(one) for name in given for one in events.of(name))


def _only_asks(write: Write) -> bool:
    if write.kind != CALL or not isinstance(write.value, ast.Call):
        return False
    is_in_place = any(one.arg == "inplace" for one in write.value.keywords)
    return not is_in_place and last_name(write.value) not in ("pop", "insert", "update")


def _after_method(asked: Asked, name: str, names: list[str]) -> Names:
    if name == "insert" and len(asked.call.args) == 3:
        at = asked.value(asked.call.args[0])
        new = asked.text(asked.call.args[1])
        return [*names[:at], new, *names[at:]] if isinstance(at, int) else _fail()
    if name == "pop":
        popped = asked.text(asked.argument(0, "item"))
        return [one for one in names if one != popped]
    if name in _MADE and asked.is_given("inplace", True):
        return _MADE[name](asked, names)
    return names if name != "update" else _fail()


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
    return _fail()


def sliced(known: Known, demand: Demand, index: ast.Slice, columns: Names) -> list[str]:
    """The columns that a slice by position takes. Raises Undecided."""
    ends = [index.lower, index.upper, index.step]
    numbers = [known.value(demand._replace(node=one)) if one else None for one in ends]
    if not all(one is None or isinstance(one, int) for one in numbers) or numbers[2] == 0:
        return _fail()
    return list(columns)[slice(*numbers)]


def between(known: Known, demand: Demand, index: ast.Slice, columns: Names) -> list[str]:
    """The columns that a slice by names takes, both ends included. Raises Undecided."""
    ends = [
        known.value(demand._replace(node=one)) if one else None
        for one in (index.lower, index.upper)
    ]
    if index.step is not None or any(one is not None and one not in columns for one in ends):
        return _fail()
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
        return asked.columns(given) if given is not None else _fail()
    if demand.path:
        return _fail()
    if name in _KEPT or (name == "reset_index" and asked.is_given("drop", True)):
        return asked.columns(asked.frame)
    if name in ("fit_transform", "transform") and asked.base is not None and call.args:
        made = asked.written(asked.base)
        return asked.columns(call.args[0]) if last_name(made) in ONE_TO_ONE else _fail()
    if name in _MADE:
        return _MADE[name](asked, list(asked.columns(asked.frame)))
    special = _SPECIAL.get(name)
    return special(asked) if special is not None else _fail()


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
    return [renaming.get(name, name) for name in names] if isinstance(renaming, dict) else _fail()


def renamed_by(asked: Asked, function: ast.expr, name: str) -> str:
    """What a lambda, or a method such as ``str.lower``, makes of a name. Raises Undecided."""
    if isinstance(function, ast.Lambda):
        called = asked.called(function, ast.Constant(name))
    else:
        method = ast.Attribute(ast.Constant(name), getattr(function, "attr", ""), ast.Load())
        called = asked.called(method)
    return str(asked.known.value(called))


def _piped(asked: Asked) -> Names:
    if asked.base is None or not asked.call.args:
        return _fail()
    function, *others = asked.call.args
    return asked.known.columns(asked.called(function, asked.base, *others))


def _assigned(asked: Asked, names: list[str]) -> Names:
    new = [one.arg for one in asked.call.keywords]
    if None in new:
        return _fail()
    return [*names, *(name for name in new if name is not None and name not in names)]


def _indexed(asked: Asked, names: list[str]) -> Names:
    gone = asked.texts(asked.argument(0, "keys")) or []
    return [name for name in names if name not in gone]


def _labelled(asked: Asked, names: list[str]) -> Names:
    is_columns = asked.is_about_columns
    return asked.texts(asked.argument(0, "labels")) or [] if is_columns else names


def _framed(asked: Asked) -> Names:
    labels = asked.argument(-1, "columns", "schema")
    if labels is not None:
        return asked.texts(labels) or []
    data = asked.argument(0, "data")
    written = asked.written(data) if data is not None else None
    if isinstance(written, ast.Dict):
        return [asked.text(key) for key in written.keys]
    return asked.columns(data) if data is not None else _fail()


def _put_together(asked: Asked) -> Names:
    given = asked.argument(0, "objs", "items")
    frames = asked.written(given) if given is not None else None
    if not isinstance(frames, (ast.List, ast.Tuple)) or asked.argument(-1, "keys") is not None:
        return _fail()
    found = [name for one in frames.elts for name in asked.columns(one)]
    is_beside = asked.is_about_columns
    return found if is_beside else list(dict.fromkeys(found))


def _stacked(asked: Asked) -> Names:
    given = asked.written(asked.call.args[0]) if asked.call.args else None
    if isinstance(given, (ast.Tuple, ast.List)):
        return [position(number) for number in range(len(given.elts))]
    return _fail()


def _fail() -> NoReturn:
    raise Undecided("the columns of the frame before are not known")


_KEPT = frozenset(
    (
        *("copy", "dropna", "fillna", "astype", "sort_values", "head", "tail", "sample", "round"),
        *("query", "drop_duplicates", "sort_index", "nlargest", "nsmallest", "clip", "replace"),
        *("where", "mask", "to_numpy", "to_pandas", "collect", "lazy", "sort", "limit", "slice"),
        *("unique", "drop_nulls", "fill_null", "ffill", "bfill", "interpolate", "explode", "clone"),
    )
)

_MADE: dict[str, Callable[[Asked, list[str]], Names]] = {
    "drop": _dropped,
    "rename": _renamed,
    "assign": _assigned,
    "set_index": _indexed,
    "set_axis": _labelled,
    "add_prefix": lambda a, names: [a.text(a.argument(0, "prefix")) + name for name in names],
    "add_suffix": lambda a, names: [name + a.text(a.argument(0, "suffix")) for name in names],
}


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
        return _fail()
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
