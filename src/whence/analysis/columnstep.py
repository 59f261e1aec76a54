"""The steps of a walk that follows columns: where they are not those of all other walks."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import TYPE_CHECKING

from whence.analysis.asked import Asked, Parts
from whence.analysis.callee import callees
from whence.analysis.context import Demand, Edge
from whence.analysis.definition import COMPREHENSIONS, FUNCTIONS, Exit, State
from whence.analysis.encoded import ENCODED
from whence.analysis.expression import STEPS
from whence.analysis.framecall import CALLS, WHOLES, by_position
from whence.analysis.joining import JOINS, at_position, stacked
from whence.analysis.keyed import keyed_edges
from whence.analysis.known import Known
from whence.analysis.layout import between, sliced
from whence.analysis.path import Path, column_of, joined
from whence.analysis.polarscall import POLARS
from whence.analysis.scope import last_name
from whence.analysis.supply import arguments_of
from whence.analysis.tablecolumn import Undecided

if TYPE_CHECKING:
    from whence.analysis.world import Step, World

HANDLED = {**CALLS, **JOINS, **POLARS, **ENCODED}
"""What a column of the result of a call is made of, by the last name of the call."""

_DISPLAYS = (ast.Dict, ast.List, ast.Tuple, ast.Set)
_CONTAINERS = frozenset(
    ("dict", "list", "tuple", "defaultdict", "OrderedDict", "zip", "enumerate", "train_test_split")
)

_ACCESSORS = frozenset({"dt", "str", "cat"})
"""Attributes of a series whose own attributes are series made of it."""

_WHOLES = {**WHOLES, "stack": stacked}


def column_steps(known: Known, attributes: frozenset[str]) -> Mapping[type[ast.AST], Step]:
    """The steps of a world in which columns are followed.

    ``attributes`` are the names under which objects of the user's hold something.
    """

    def call(world: World, demand: Demand) -> list[Edge]:
        return _call(known, world, demand)

    def part(world: World, demand: Demand) -> list[Edge]:
        return _part(known, world, demand)

    def held(world: World, demand: Demand) -> list[Edge]:
        return _held(known, world, demand)

    def attribute(world: World, demand: Demand) -> list[Edge]:
        return keyed_edges(known, world, demand, _attribute(attributes, world, demand))

    parts: dict[type[ast.AST], Step] = {
        ast.Call: call,
        ast.Subscript: part,
        ast.Attribute: attribute,
    }
    return {**STEPS, **parts, **dict.fromkeys((ast.Name, State, Exit), held)}


def _call(known: Known, world: World, demand: Demand) -> list[Edge]:
    call, place, context, path = demand
    assert isinstance(call, ast.Call)
    column = world.through(path)
    handle = HANDLED.get(last_name(call)) if column else _WHOLES.get(last_name(call))
    if handle is None or (not column and path) or _is_users(world, demand):
        return STEPS[ast.Call](world, demand)
    name = column[0] if column else ""
    assert isinstance(name, str)
    asked = Asked(known, Demand(call, place, context), call, name[1:], column[1:])
    try:
        parts = handle(asked)
    except Undecided as undecided:
        world.unknown_of[demand] = str(undecided)
        return []
    if parts is None:
        return STEPS[ast.Call](world, demand)
    return _edges(parts)


def _is_users(world: World, demand: Demand) -> bool:
    call = demand.node
    assert isinstance(call, ast.Call)
    is_decorator = bool(call.args) and isinstance(call.args[0], (*FUNCTIONS[:2], ast.ClassDef))
    return is_decorator or bool(callees(world, call, demand.place, demand.context))


def _edges(parts: Parts) -> list[Edge]:
    return [Edge(part, True) for part in parts]


def _attribute(attributes: frozenset[str], world: World, demand: Demand) -> list[Edge]:
    """``frame.age`` is the column, where no object of the user's has an attribute of that name."""
    node = demand.node
    assert isinstance(node, ast.Attribute)
    around = node.value
    if isinstance(around, ast.Attribute) and around.attr in _ACCESSORS:
        return [Edge(demand._replace(node=around.value, path=()), False)]
    if world.is_column(node.attr) and node.attr not in attributes:
        own = (f"[{node.attr}",)
        path = demand.path if demand.path[:1] == own else joined(own, demand.path)
        return [Edge(demand._replace(node=node.value, path=path), True)]
    return STEPS[ast.Attribute](world, demand)


def _part(known: Known, world: World, demand: Demand) -> list[Edge]:
    """By position, or by names that the code shows."""
    node = demand.node
    assert isinstance(node, ast.Subscript)
    try:
        parts = _selected(known, demand, node)
    except Undecided as undecided:
        world.unknown_of[demand] = str(undecided)
        return []
    if parts is not None:
        return _edges(parts)
    return keyed_edges(known, world, demand, STEPS[ast.Subscript](world, demand))


def _selected(known: Known, demand: Demand, node: ast.Subscript) -> Parts | None:
    base, index = node.value, node.slice
    accessor = base.attr if isinstance(base, ast.Attribute) else ""
    column = column_of(demand.path, ())
    if isinstance(index, ast.Constant) and demand.path[:1] == (f"[{index.value!s}",):
        return [demand._replace(node=base)]  # a column by the name that it has itself
    if accessor == "c_" and column:
        elements = index if isinstance(index, ast.Tuple) else ast.Tuple([index], ast.Load())
        call = ast.Call(base, [], [])
        return at_position(Asked(known, demand, call, str(column[0])[1:]), elements)
    if accessor in ("loc", "iloc") and isinstance(base, ast.Attribute):
        if not isinstance(index, ast.Tuple) or len(index.elts) != 2:
            return [demand._replace(node=base.value, path=column)] if column else None
        base, index = base.value, index.elts[1]
    if _is_key_of_group(known, demand, base, column):
        return [demand._replace(node=base, path=column)]
    is_of_loc = accessor == "loc" and isinstance(index, ast.Slice)
    if accessor != "iloc" and _is_by_rows(index) and not is_of_loc:
        is_kept = column and not isinstance(index, ast.Constant)
        return [demand._replace(node=base, path=column)] if is_kept else None
    names = _names(known, demand, base, index, accessor)
    if names is None:
        is_kept = column and (accessor == "iloc" or _is_frame(known, demand._replace(node=base)))
        return [demand._replace(node=base, path=column)] if is_kept else None
    if isinstance(names, str):
        return [demand._replace(node=base, path=joined((f"[{names}",), demand.path))]
    if column:
        return [demand._replace(node=base, path=column)] if column[0] in _keys(names) else []
    return [demand._replace(node=base, path=(key,)) for key in _keys(names)]


def _is_frame(known: Known, demand: Demand) -> bool:
    """Whether something that is selected from is a frame as far as the code shows: no container.

    A column of a selection of a frame is that column of the frame, whatever else was selected.
    """
    held = [known.written(demand._replace(path=()))]
    if isinstance(held[0].node, ast.Name):
        held = [edge.demand for edge in known.world.step(held[0]) if edge.is_same]
    return bool(held) and not any(map(_is_container, held))


def _is_container(demand: Demand) -> bool:
    node = demand.node
    is_made = isinstance(node, ast.Call) and last_name(node) in _CONTAINERS
    return not demand.path and (is_made or isinstance(node, (*_DISPLAYS, *COMPREHENSIONS)))


def _is_by_rows(index: ast.expr) -> bool:
    """Whether an index is no list of names: a text, or which rows are taken."""
    if isinstance(index, ast.BinOp):
        return not isinstance(index.op, ast.Add)
    return isinstance(index, (ast.Constant, ast.Slice, ast.Compare, ast.UnaryOp))


def _is_key_of_group(known: Known, demand: Demand, base: ast.expr, column: Path) -> bool:
    """Whether a group's key is asked of ``groupby("key")["other"]``."""
    if not column or not isinstance(base, ast.Call) or last_name(base) != "groupby":
        return False
    asked = Asked(known, demand._replace(node=base, path=()), base)
    try:
        return str(column[0])[1:] in (asked.texts(asked.argument(0, "by")) or ())
    except Undecided:
        return False


def _names(
    known: Known, demand: Demand, base: ast.expr, index: ast.expr, accessor: str
) -> str | list[str] | None:
    """The name, or the names, that a selection is of; None for one that is not by columns."""
    if accessor == "iloc":
        try:
            return _by_number(known, demand, base, index)
        except Undecided:
            if isinstance(index, ast.Slice) and column_of(demand.path, ()):
                return None  # a column that is there has kept its name
            raise
    try:
        if isinstance(index, ast.Slice):
            return _between(known, demand, base, index)
        found = known.value(demand._replace(node=index, path=()))
    except Undecided:
        return None
    is_names = isinstance(found, list) and all(isinstance(one, str) for one in found)
    return found if found and (is_names or isinstance(found, str)) else None


def _between(known: Known, demand: Demand, base: ast.expr, index: ast.Slice) -> list[str] | None:
    if not (index.lower or index.upper):
        return None
    whole = demand._replace(node=base, path=())
    return between(known, whole, index, known.columns(whole))


def _by_number(
    known: Known, demand: Demand, base: ast.expr, index: ast.expr
) -> str | list[str] | None:
    if isinstance(index, ast.Slice) and not (index.lower or index.upper or index.step):
        return None
    whole = demand._replace(node=base, path=())
    if isinstance(index, ast.Slice):
        return sliced(known, whole, index, known.columns(whole))
    number = known.value(demand._replace(node=index, path=()))
    columns = known.columns(whole)
    if isinstance(number, int) and -len(columns) <= number < len(columns):
        return columns[number]
    if isinstance(number, list) and all(isinstance(n, int) and n < len(columns) for n in number):
        return [columns[n] for n in number]
    return None


def _keys(names: list[str]) -> list[str]:
    return [f"[{name}" for name in names]


def _held(known: Known, world: World, demand: Demand) -> list[Edge]:
    """What a name holds, when the frame in it was given other names for its columns."""
    edges = keyed_edges(known, world, demand, STEPS[type(demand.node)](world, demand))
    column = world.through(demand.path)
    if not column:
        return edges
    for number, edge in enumerate(edges):
        try:
            parts = _renamed(known, edge.demand, column)
        except Undecided as undecided:
            world.unknown_of[demand] = str(undecided)
            parts = []
        if parts is not None:
            call = edge.demand.place.statement
            rest = [
                one for one in edges[number + 1 :]
                if one.demand.place.statement is not call
                and not (_is_certain(demand) and _is_before(one.demand, edge.demand))
            ]  # fmt: skip
            return [*edges[:number], *_edges(parts), *rest]
    return edges


def _is_certain(demand: Demand) -> bool:
    """Whether what a name holds comes by one definition, so that one write follows another."""
    node, place = demand.node, demand.place
    if not isinstance(node, ast.Name):
        return True
    is_bound = node.id in place.scope.flow.bound
    return is_bound and len(place.scope.flow.reaching(node.id, place, node).definitions) == 1


def _is_before(one: Demand, other: Demand) -> bool:
    """Whether what a name held before a statement is meant."""
    if isinstance(one.node, State):
        return True
    return one.place.scope is other.place.scope and one.place.order < other.place.order


def _renamed(known: Known, written: Demand, column: tuple[object, ...]) -> Parts | None:
    """What a column was before the statement that gives the frame other columns."""
    statement = written.place.statement
    if isinstance(statement, ast.Assign) and written.node is statement.value:
        (target, *others) = statement.targets
        if others or not (isinstance(target, ast.Attribute) and target.attr == "columns"):
            return None
        call = ast.copy_location(ast.Call(target, [statement.value], []), statement)
        asked = _asked(known, written, call, column)
        return by_position(asked, statement.value, target.value)
    call_written = statement.value if isinstance(statement, ast.Expr) else None
    if not isinstance(call_written, ast.Call):
        return None
    if not any(written.node is one for one in arguments_of(call_written)):
        return None
    asked = _asked(known, written, call_written, column)
    handle = HANDLED.get(last_name(call_written))
    return handle(asked) if handle is not None and asked.is_given("inplace", True) else None


def _asked(known: Known, written: Demand, call: ast.Call, column: tuple[object, ...]) -> Asked:
    name, *rest = column
    assert isinstance(name, str)
    return Asked(known, written._replace(node=call, path=()), call, name[1:], tuple(rest))  # type: ignore[arg-type]  # they are keys
