"""Writes under names that the code makes: ``frame["log " + name] = ...`` in a loop over names.

Such a write puts one column there in each turn. Of the column that is asked for, only the turns
count in which it is the one, and what they write is read with the loop's names as they are then.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, NamedTuple

from whence.analysis.context import Context, Demand, Edge, Pins
from whence.analysis.definition import ASSIGN, Definition
from whence.analysis.known import Known, remembered
from whence.analysis.path import Key, Path, joined
from whence.analysis.scope import last_name
from whence.analysis.tablecolumn import Undecided

if TYPE_CHECKING:
    from whence.analysis.world import World

_MOST_TURNS = 500

_ASKING = frozenset(
    (
        *("isna", "isnull", "notna", "notnull", "isin", "between", "eq", "ne", "gt", "ge", "lt"),
        *("le", "contains", "startswith", "endswith", "duplicated"),
    )
)
"""Methods that say of each row whether something holds."""


class Turn(NamedTuple):
    """What an expression is in one turn of the loops around it, and the context of that turn."""

    value: Any
    context: Context


def keyed_edges(known: Known, world: World, demand: Demand, edges: list[Edge]) -> list[Edge]:
    """``edges`` of what holds a frame, with those of such writes by their turns."""
    column = world.through(demand.path)
    if not column or not isinstance(column[0], str):
        return edges
    found: list[Edge] = []
    for edge in edges:
        index = made_name(edge.demand)
        kept = [edge] if index is None else _of_turns(known, world, edge, index, column)
        found += kept
        mask = _mask(edge.demand) if kept else None
        if mask is not None:
            found.append(Edge(edge.demand._replace(node=mask, path=()), False))
    return found


def _target(written: Demand) -> ast.Subscript | None:
    """What a statement writes ``written`` into, where that is one part of something."""
    statement = written.place.statement
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AugAssign):
        targets = [statement.target]
    else:
        return None
    (target, *others) = targets
    if others or not isinstance(target, ast.Subscript) or written.node is not statement.value:
        return None
    return target


def _mask(written: Demand) -> ast.expr | None:
    """What decides in ``frame.loc[mask, "name"] = value`` which rows get the value."""
    target = _target(written)
    is_new = isinstance(written.place.statement, ast.Assign)
    if target is None or not is_new or not isinstance(target.slice, ast.Tuple):
        return None
    base, rows = target.value, target.slice.elts[0]
    is_loc = isinstance(base, ast.Attribute) and base.attr == "loc"
    is_asked = isinstance(rows, ast.Call) and last_name(rows) in _ASKING
    is_mask = is_asked or isinstance(rows, (ast.Compare, ast.BinOp, ast.UnaryOp))
    return rows if is_loc and is_mask else None


def made_name(written: Demand) -> ast.expr | None:
    """The expression under which a statement writes ``written``; None where it is constant."""
    target = _target(written)
    if target is None:
        return None
    index, base = target.slice, target.value
    if isinstance(base, ast.Attribute) and base.attr in ("loc", "at"):
        is_pair = isinstance(index, ast.Tuple) and len(index.elts) == 2
        index = index.elts[1] if is_pair else index  # type: ignore[attr-defined]  # it is a pair
    return None if isinstance(index, (ast.Constant, ast.Slice)) else index


def _of_turns(known: Known, world: World, edge: Edge, index: ast.expr, column: Path) -> list[Edge]:
    name = str(column[0])[1:]
    demand = edge.demand
    try:
        turns = turns_of(known, world, demand._replace(node=index, path=()))
    except Undecided:
        return [edge]
    found: list[Edge] = []
    for value, context in turns:
        if value == name:
            found.append(edge._replace(demand=demand._replace(context=context)))
        elif isinstance(value, list) and name in value:
            of = _of_place(known, demand._replace(context=context, path=()), value, name)
            found.append(edge._replace(demand=of._replace(path=joined(of.path, column[1:]))))
    return found


def _of_place(known: Known, written: Demand, names: list[str], name: str) -> Demand:
    """What is written into the column ``name``: by its name, else by its place among ``names``."""
    try:
        columns = known.columns(written)
    except Undecided:
        is_shown = isinstance(written.node, ast.Subscript)  # of a frame: by the same name
        return written._replace(path=(f"[{name}",)) if is_shown else written
    is_placed = name not in columns and len(columns) == len(names)
    return written._replace(path=(f"[{columns[names.index(name)] if is_placed else name}",))


def turns_of(known: Known, world: World, demand: Demand) -> list[Turn]:
    """What an expression is, in each turn of the loops whose names it has. Raises Undecided."""
    return remembered(known.turns, demand, lambda: _turns(known, world, demand))


def _turns(known: Known, world: World, demand: Demand) -> list[Turn]:
    try:
        return [Turn(known.value(demand), demand.context)]
    except Undecided:
        loop = _loop_of(demand)
        if loop is None:
            raise
    contexts = _contexts(known, world, demand, loop)
    return [
        turn for one in contexts for turn in turns_of(known, world, demand._replace(context=one))
    ]


def _loop_of(demand: Demand) -> ast.For | None:
    """The loop that gives a name in an expression its values, and that no context has pinned."""
    place = demand.place
    flow = place.scope.flow
    for node in ast.walk(demand.node):
        if isinstance(node, ast.Name):
            definitions, from_outside = flow.reaching(node.id, place, node)
            if from_outside or len(definitions) != 1:
                continue
            (definition,) = definitions
            loop = definition.place.statement
            is_loops = isinstance(loop, ast.For) and definition.value is loop.iter
            if is_loops and definition not in demand.context.pins:
                return loop  # type: ignore[return-value]  # it is a loop
    return None


def _contexts(known: Known, world: World, demand: Demand, loop: ast.For) -> list[Context]:
    """The contexts of a loop's turns. Raises Undecided."""
    flow = demand.place.scope.flow
    names = {node.id for node in ast.walk(loop.target) if isinstance(node, ast.Name)}
    bound = [
        one for name in names for one in flow.definitions.get(name, ()) if one.value is loop.iter
    ]
    number = _number_of(known, demand._replace(node=loop.iter, place=bound[0].place, path=()))
    if number > _MOST_TURNS:
        raise Undecided("it is made in too many turns of a loop")
    before = demand.context.pins
    outer = tuple((one, other) for one, (other, _) in before.items())

    def pins(turn: int) -> Pins:
        return {**before, **{one: (_in_turn(one, turn), ()) for one in bound}}

    return [
        world.pinned(demand.context, (id(loop), turn, outer), lambda turn=turn: pins(turn))  # type: ignore[misc]  # its default
        for turn in range(number)
    ]


def _number_of(known: Known, iterated: Demand) -> int:
    """In how many turns a loop goes over what it is given. Raises Undecided."""
    written = known.written(iterated)
    shown = written.node.elts if isinstance(written.node, (ast.List, ast.Tuple)) else []
    if shown and not written.path and not any(isinstance(one, ast.Starred) for one in shown):
        return len(shown)
    value = known.value(iterated)
    if not isinstance(value, (list, dict)):
        raise Undecided("what a loop goes over is made at run time")
    return len(value)


def _in_turn(name: Definition, turn: Key) -> Definition:
    return Definition(ASSIGN, name.name, name.value, name.place, (turn, *name.path[1:]))
